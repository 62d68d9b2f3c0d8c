"""What the topology says that HAProxy must be, in containers and on a bare host."""

from collections.abc import Iterable
from typing import Any

from datalab.catalog import SERVICES, Service
from datalab.deploy.plan import Plan
from datalab.deploy.readback.expected_bare import LOOPBACK, ROOT, beside_each_other, ports
from datalab.deploy.readback.expected_edge import (
    ANSWER_S,
    AWAY,
    BULK,
    CONNECT_S,
    CONNECTIONS,
    HEADER_S,
    IDLE_S,
    LONG_S,
    POLICY,
    PROBLEM,
    SIGN_IN,
    STREAMS,
    STRICT_TRANSPORT,
    TOO_MANY,
    USUAL_BODY,
    problem,
)
from datalab.deploy.readback.facts import ABOUT_ALL
from datalab.deploy.topology.component import GIB
from datalab.deploy.topology.sizes import NUMBERS

_KEPT_S = 2
"""Half of the unused connections go each time it is over; a service keeps them for five."""
_LARGEST_HEADERS = 65536
_AGAIN = "try again in a moment"
_OWN = (
    (413, "Too large", "too_large", "the body is larger than this path takes"),
    (502, "Unavailable", "unavailable", f"the gateway ended the connection; {_AGAIN}"),
    (504, "Took too long", "unavailable", f"the gateway did not answer in time; {_AGAIN}"),
)
_LOG = (
    '{"time":"%tr","client":"%ci","method":"%[var(txn.method)]","path":"%[var(txn.path),json(utf8s)]","status":%ST,'
    '"bytes":%B,"milliseconds":%Ta,"upstream":"%b/%s","termination":"%ts","request_id":"%[capture.res.hdr(0)]"}'
)


def expected_haproxy(plan: Plan) -> dict[str, dict[str, Any]]:
    """Facts for HAProxy in a container: as many instances as there may be, found by the engine's name server."""
    whole = {
        **_alike(plan, 8080, 8443, "/tls", ["resolvers docker"]),
        "global: log": ["stdout format raw local0 info"],
        "resolvers docker: nameserver": ["engine 127.0.0.11:53"],
        "resolvers docker: accepted_payload_size": ["8192"],
        "resolvers docker: resolve_retries": ["3"],
        "resolvers docker: timeout": ["resolve 1s", "retry 1s"],
        "resolvers docker: hold": ["valid 2s", "nx 2s", "obsolete 2s"],
    }
    services = {
        each.deployed_name: {
            **_backend(each.name),
            "server-template": [_found_by_name(plan, each)],
        }
        for each in SERVICES.values()
    }
    return {ABOUT_ALL: whole, **services}


def expected_direct_haproxy(plan: Plan) -> dict[str, dict[str, Any]]:
    """Facts for HAProxy on a bare host: the instances by their ports, and the first once more, which nobody asks."""
    whole = {
        **_alike(plan, 80, 443, plan.choices.edge.certificate_folder or f"{ROOT}/tls", []),
        "global: log": ["/dev/log local0 info"],
        "global: user": ["haproxy"],
        "global: group": ["haproxy"],
        "global: chroot": ["/var/lib/haproxy"],
        "global: stats": ["socket /run/haproxy/admin.sock mode 600 level admin"],
    }
    services = {
        each.deployed_name: {**_backend(each.name), "server": list(_listed(plan, each.name, each.deployed_name))}
        for each in SERVICES.values()
    }
    return {ABOUT_ALL: whole, **services}


def _found_by_name(plan: Plan, service: Service) -> str:
    name = service.deployed_name
    numbers = f"{name}- 1-{plan.component(name).replicas.maximum}"
    return f"{numbers} {name}:{service.port} resolvers docker init-addr none {_pool(service.name)}"


def _listed(plan: Plan, service: str, name: str) -> Iterable[str]:
    component = plan.component(name)
    places = [f"{LOOPBACK}:{port}" for port in ports(component, beside_each_other(plan, component))]
    yield from (f"{name}-{number} {place} {_pool(service)}" for number, place in enumerate(places))
    yield f"{name}-held {places[0]} no-check backup {_pool(service)}"


def _pool(service: str) -> str:
    return f"pool-max-conn {NUMBERS[service].keep_alive}"


def _backend(service: str) -> dict[str, Any]:
    rules = [f"set-path /health if {{ path /health/{service} }}"]
    if service == "gateway":
        rules.append(f"set-timeout server {LONG_S // 3600}h if {{ var(txn.is_long) -m bool }}")
    return {
        "balance": ["leastconn"],
        "option": ["httpchk"],
        "http-check": ["send meth GET uri /ready ver HTTP/1.1 hdr Host localhost", "expect status 200"],
        **_in_turn("http-request", rules),
    }


def _alike(plan: Plan, http: int, https: int, certificates: str, found_by: list[str]) -> dict[str, Any]:
    tables = ["backend sign_in_rates", "backend api_rates"]
    return {
        "sections": ["global", "defaults", *found_by, *tables, "frontend redirect", "frontend edge"],
        **_process(),
        **_patience(),
        **_rates(plan),
        "frontend redirect: bind": [f":{http}"],
        **_in_turn(
            "frontend redirect: http-request",
            [
                r'return status 200 content-type text/plain string "healthy\n" if { path /edge-health }',
                "redirect scheme https code 308",
            ],
        ),
        "frontend edge: bind": [f":{https} ssl crt {certificates}/fullchain.pem alpn h2,http/1.1"],
        "frontend edge: log-format": [f"'{_LOG}'"],
        "frontend edge: declare": ["capture response len 64"],
        "frontend edge: http-response": ["capture res.hdr(x-request-id) id 0"],
        "frontend edge: acl": [
            "is_api path_beg /api/",
            f"is_sign_in path {' '.join(SIGN_IN)}",
            f"is_bulk path_reg {BULK}",
            f"is_stream path_reg {STREAMS}",
        ],
        **_in_turn("frontend edge: http-request", _judged(plan)),
        **_in_turn("frontend edge: http-after-response", _headers()),
        "frontend edge: use_backend": [f"{name} if {{ path /health/{name} }}" for name in SERVICES],
        "frontend edge: default_backend": ["gateway"],
    }


def _process() -> dict[str, Any]:
    return {
        "global: maxconn": [str(CONNECTIONS)],
        "global: hard-stop-after": ["60s"],
        "global: ssl-default-bind-options": ["ssl-min-ver TLSv1.2 no-tls-tickets"],
        "global: tune.ssl.default-dh-param": ["2048"],
        "global: tune.bufsize": [str(_LARGEST_HEADERS)],
        "defaults: mode": ["http"],
        "defaults: log": ["global"],
        "defaults: option": ["dontlognull", "redispatch 1"],
    }


def _patience() -> dict[str, Any]:
    own = {status: problem(title, status, code, detail) for status, title, code, detail in _OWN} | {503: AWAY}
    answers = {status: f"status {status} content-type {PROBLEM} string '{body}'" for status, body in own.items()}
    later = (f"{answers[status]} hdr Retry-After 1" for status in (503, 502, 504))
    return {
        "defaults: timeout": [
            f"connect {CONNECT_S}s",
            f"client {IDLE_S}s",
            f"server {ANSWER_S}s",
            f"tunnel {LONG_S // 3600}h",
            f"http-request {HEADER_S}s",
            f"http-keep-alive {IDLE_S}s",
            "queue 10s",
            "check 5s",
        ],
        "defaults: retries": ["3"],
        "defaults: retry-on": ["conn-failure empty-response"],
        "defaults: http-error": [answers[413], *later],
        "defaults: default-server": [f"check inter 1s fastinter 500ms fall 2 rise 1 pool-purge-delay {_KEPT_S}s"],
    }


def _rates(plan: Plan) -> dict[str, Any]:
    """The time in which as many come by the rate as may come at once."""
    edge = plan.choices.edge
    windows = {
        "sign_in": edge.sign_in_rate_limit_burst * 1000 // edge.sign_in_rate_limit,
        "api": edge.rate_limit_burst * 1000 // edge.rate_limit,
    }
    return {
        f"backend {name}_rates: stick-table": [f"type ipv6 size 100k expire 1m store gpc0_rate({window})"]
        for name, window in windows.items()
    }


def _judged(plan: Plan) -> list[str]:
    edge = plan.choices.edge
    others, too_many = "is_api !is_sign_in", "var(txn.too_many) -m bool"
    return [
        "set-var(txn.path) path",
        "set-var(txn.method) method",
        "return status 404 if { path /metrics }",
        "track-sc0 src table sign_in_rates if is_sign_in",
        f"track-sc1 src table api_rates if {others}",
        f"set-var(txn.too_many) bool(true) if is_sign_in {{ sc0_gpc0_rate ge {edge.sign_in_rate_limit_burst} }}",
        f"set-var(txn.too_many) bool(true) if {others} {{ sc1_gpc0_rate ge {edge.rate_limit_burst} }}",
        f"return status 429 content-type {PROBLEM} hdr Retry-After 1 string '{TOO_MANY}' if {{ {too_many} }}",
        "sc-inc-gpc0(0) if is_sign_in",
        f"sc-inc-gpc0(1) if {others}",
        f"deny deny_status 413 if is_bulk {{ req.hdr_val(content-length) gt {edge.upload_gib * GIB} }}",
        f"deny deny_status 413 if !is_bulk {{ req.hdr_val(content-length) gt {USUAL_BODY} }}",
        "set-header X-Forwarded-For %[src]",
        "set-header X-Forwarded-Proto https",
        "set-header X-Forwarded-Host %[req.hdr(host)]",
        "set-var(txn.is_long) bool(true) if is_bulk or is_stream",
        "disable-l7-retry unless { method GET HEAD OPTIONS PUT DELETE }",
    ]


def _headers() -> list[str]:
    unless_said = {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": f'"{POLICY}"',
    }
    return [
        f'set-header Strict-Transport-Security "{STRICT_TRANSPORT}"',
        *(
            f"set-header {name} {value} unless {{ res.hdr({name.lower()}) -m found }}"
            for name, value in unless_said.items()
        ),
    ]


def _in_turn(about: str, rules: Iterable[str]) -> dict[str, str]:
    return {f"{about} {number}": rule for number, rule in enumerate(rules, 1)}
