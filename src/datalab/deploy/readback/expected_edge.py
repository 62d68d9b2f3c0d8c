"""What either edge must do: whom it limits, what it answers itself, how long it waits. Sizes in bytes, times in s."""

import json
from typing import Any

from datalab.deploy.topology.component import MIB

SIGN_IN = ("/api/v1/auth/token", "/api/v1/auth/setup")
BULK = "^/api/v1/(data/datasets/[^/]+|data/query|ai/models/[^/]+/versions)$"
"""Uploads and queries: streamed both ways, as long as they take."""
STREAMS = "^/api/v1/.*/(events|logs|changes)$"
"""Open as long as their reader is."""
USUAL_BODY = 64 * MIB
CONNECT_S, ANSWER_S, LONG_S = 10, 30, 3600
HEADER_S, IDLE_S = 30, 65
CONNECTIONS = 8192
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
POLICY = "default-src 'none'; frame-ancestors 'none'"
PROBLEM = "application/problem+json"


def problem(title: str, status: int, code: str, detail: str) -> str:
    """The body of an answer of the edge's own."""
    told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    return json.dumps(told, separators=(",", ":"))


TOO_MANY = problem(
    "Too many requests",
    429,
    "rate_limited",
    "more requests a second than one address may make; try again in a second",
)
AWAY = problem("Unavailable", 503, "unavailable", "the gateway can not be reached now; try again in a moment")
