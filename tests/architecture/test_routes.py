"""No request waits for a thread: FastAPI runs routes and their dependencies there when they are plain functions."""

import importlib
import pkgutil
from collections.abc import Iterator
from inspect import iscoroutinefunction

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

import datalab.services
from datalab.kernel.http import probes


def routers() -> Iterator[APIRouter]:
    """All that services serve."""
    yield probes.router
    for module in pkgutil.walk_packages(datalab.services.__path__, "datalab.services."):
        if "routes" in module.name.split("."):
            found = vars(importlib.import_module(module.name)).values()
            yield from (one for one in found if isinstance(one, APIRouter))


def called(dependant: Dependant) -> Iterator[object]:
    """What a route calls, itself and its dependencies."""
    yield dependant.call
    for one in dependant.dependencies:
        yield from called(one)


def test_routes_and_what_they_depend_on_run_in_the_event_loop():
    routes = [route for router in routers() for route in router.routes if isinstance(route, APIRoute)]
    plain = {call for route in routes for call in called(route.dependant) if not iscoroutinefunction(call)}
    assert len(routes) > 50
    assert not plain
