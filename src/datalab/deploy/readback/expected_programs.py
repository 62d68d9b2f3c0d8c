"""What the topology says that supervisor's programs must be."""

import signal
from typing import Any

from datalab.deploy.plan import Plan
from datalab.deploy.readback.expected_bare import (
    ACCOUNT,
    BESIDE,
    LOGS,
    LOOPBACK,
    MOST_FILES,
    ROOT,
    arguments,
    beside_each_other,
    called_otherwise,
    lasting,
    log_limits,
    others_secrets,
    state,
    variables_of,
)
from datalab.deploy.readback.facts import ABOUT_ALL, variables
from datalab.deploy.topology.component import Component, Role

_STARTER = f"{ROOT}/current/infrastructure/scripts/run-datalab.sh"
_PER_INSTANCE = {"PORT", "DATALAB_METRICS_ADDRESS"}
"""What is another one in each instance, and so is no variable of the program."""


def expected_supervisor(plan: Plan) -> dict[str, dict[str, Any]]:
    """Facts for supervisor."""
    running = {each.name: _program(plan, each) | _started(plan, each) for each in lasting(plan)}
    any_command: dict[str, Any] = {"arguments": None, "listens": []}
    operators = _started(plan, plan.component("api-gateway"), alone=True) | any_command
    migrate = _started(plan, plan.component("migrate"))
    return {ABOUT_ALL: _whole(), **running, "migrate": migrate, "admin": operators}


def _whole() -> dict[str, Any]:
    return {
        "groups": ["datalab"],
        "operator's variables": [f"{ROOT}/.env"],
        "files that may be open": [f'ulimit -n {MOST_FILES} 2>/dev/null || ulimit -n "$(ulimit -H -n)"'],
        "becomes": ['exec "$release/venv/bin/datalab" "$@"'],
        "anything else": [],
    }


def _program(plan: Plan, component: Component) -> dict[str, Any]:
    number = beside_each_other(plan, component)
    names = [f"{component.name}-{each}" for each in range(number)]
    limits = log_limits(component)
    every: dict[str, Any] = {
        "account": ACCOUNT,
        "folder": state(component),
        "mode of files": "77",
        "started": True,
        "restarted": "RestartUnconditionally",
        "runs after s": 5,
        "tried again": 20,
        "told to stop by": int(signal.SIGTERM),
        "stop grace s": component.update.drain_s,
        "log bytes": limits["bytes"],
        "older logs": limits["older"],
        "errors in the log": True,
        "supervisor's own variables": {},
    }
    return {
        **{aspect: [value] * number for aspect, value in every.items()},
        "instances": names,
        "command": [f"/bin/bash {_STARTER} {component.name} {each}" for each in range(number)],
        "log": [f"{LOGS}/{name}.log" for name in names],
        "its children are": {"told": [False] * number, "killed": [True] * number},
        "keys beside": [],
    }


def _started(plan: Plan, component: Component, *, alone: bool = False) -> dict[str, Any]:
    counts = {each.name: 1 if alone else beside_each_other(plan, each) for each in plan.with_role(Role.SERVICE)}
    values = variables_of(plan, component, counts)
    given = called_otherwise(component)
    return {
        **variables({name: value for name, value in values.items() if name not in _PER_INSTANCE}),
        "secrets by other names": given,
        "taken from it": sorted([*others_secrets(plan, component), *given.values()]),
        "arguments": [*arguments(component), *(['"${@:2}"'] if component.role is Role.TASK else [])],
        "listens": _listens(component),
        "anything else": [],
    }


def _listens(component: Component) -> list[str]:
    if component.role is Role.TASK:
        return []
    what = "serves" if component.role is Role.SERVICE else "metrics"
    return [what, LOOPBACK, str(component.ports[0].number), str(BESIDE)]
