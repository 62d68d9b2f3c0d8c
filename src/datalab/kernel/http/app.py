"""The frame of every service's app."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from pydantic.json_schema import models_json_schema
from starlette.middleware import Middleware

from datalab.catalog import Service
from datalab.contracts.errors import Problem
from datalab.kernel.auth.verifier import TokenVerifier
from datalab.kernel.http.authentication import Authentication
from datalab.kernel.http.body_limit import BodyLimit
from datalab.kernel.http.context import RequestContext
from datalab.kernel.http.docs import DOCS_PATHS, add_docs
from datalab.kernel.http.probes import Probed, serve_probes
from datalab.kernel.http.problems import install_problem_handlers
from datalab.kernel.http.readiness import Readiness
from datalab.kernel.http.routes import SCHEMAS
from datalab.kernel.http.tracing import Tracing
from datalab.kernel.http.websocket_context import WebSocketContext
from datalab.kernel.telemetry.audit import AuditTrail
from datalab.kernel.telemetry.metrics import Metrics

OPEN_PATHS = frozenset({"/health", "/ready", "/metrics", "/openapi.json"}) | DOCS_PATHS
_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own would tell query strings, addresses and what exceptions say."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class AppParts:
    """What the frame itself needs."""

    verifier: TokenVerifier
    readiness: Readiness
    metrics: Metrics
    audit: AuditTrail
    version: str


class _ServiceApp(FastAPI):
    """Describes the problem that every operation may answer once, where the operations point."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        document = super().openapi()
        _, described = models_json_schema([(Problem, "serialization")], ref_template=f"{SCHEMAS}{{model}}")
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(described["$defs"])
        # A problem may say more than all problems say (RFC 9457, section 3.2), as those of the token endpoint do.
        schemas[Problem.__name__]["additionalProperties"] = True
        return document


def create_app(
    service: Service,
    parts: AppParts,
    *,
    lifespan: Lifespan | None = None,
    public_paths: frozenset[str] = frozenset(),
    streamed_paths: re.Pattern[str] | None = None,
    document_path: str = "/openapi.json",
) -> FastAPI:
    """An app with problems, request ids, authentication, metrics, audit, health and readiness in place.

    ``public_paths`` (or ``POST /path``) need no credential; on ``streamed_paths`` the route itself bounds the body.
    ``document_path`` is where the app describes its own operations.
    """
    app = _ServiceApp(
        title=f"DataLab {service.name}",
        version=parts.version,
        lifespan=lifespan,
        openapi_url=document_path,
        docs_url=None,
        redoc_url=None,
        telemetry=_NO_TELEMETRY,
        middleware=[
            Middleware(Tracing, service=service.deployed_name),
            Middleware(RequestContext, service=service.name, metrics=parts.metrics, audit=parts.audit),
            Middleware(WebSocketContext, service=service.name, audit=parts.audit),
            Middleware(Authentication, verifier=parts.verifier, public_paths=OPEN_PATHS | public_paths),
            Middleware(BodyLimit, streamed=streamed_paths),
        ],
    )
    install_problem_handlers(app)
    serve_probes(app, Probed(service.name, parts.version, parts.readiness, parts.metrics))
    add_docs(app)
    return app
