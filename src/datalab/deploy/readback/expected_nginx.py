"""What the topology says that nginx must be, in containers and on a bare host."""

from collections.abc import Mapping
from typing import Any

from datalab.catalog import SERVICES
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
)
from datalab.deploy.readback.facts import ABOUT_ALL
from datalab.deploy.topology.component import MIB
from datalab.deploy.topology.sizes import NUMBERS

USUAL_PORT = 443
"""The port that an address needn't name."""
_KEPT_S = 4
"""A connection to a service is let go before the service, which keeps it for five, lets it go."""
_LOG = (
    '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method","path":"$uri",',
    '"status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"upstream":"$upstream_addr",',
    '"upstream_status":"$upstream_status","request_id":"$upstream_http_x_request_id"}',
)
_COMPRESSED = (
    "application/json",
    "application/problem+json",
    "application/javascript",
    "text/css",
    "text/csv",
    "image/svg+xml",
)
_IN_MEMORY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def expected_nginx(plan: Plan) -> dict[str, dict[str, Any]]:
    """Facts for nginx in a container, which finds instances by the engine's name server."""
    chosen = plan.choices.edge
    outside = "" if chosen.https_port == USUAL_PORT else f":{chosen.https_port}"
    whole = {
        **_alike(plan, 8080, 8443, "/tls", outside),
        "main pid": ["/tmp/nginx.pid"],  # noqa: S108 - inside the container, in memory
        "main error_log": ["/dev/stderr warn"],
        "http access_log": ["/dev/stdout json"],
        **{f"http {kind}_temp_path": [f"/tmp/{kind}"] for kind in _IN_MEMORY},  # noqa: S108 - likewise
        "http keepalive_min_timeout": ["10s"],
        "http resolver": ["127.0.0.11 valid=2s ipv6=off"],
        "http resolver_timeout": ["5s"],
        "on 8443 listen": ["8443 ssl default_server"],
        "on 8443 http2": ["on"],
    }
    services = {
        each.deployed_name: {
            **_upstream(each.name, 8443),
            "zone": [f"{each.name} 128k"],
            "server": [f"{each.deployed_name}:{each.port} resolve max_fails=0"],
        }
        for each in SERVICES.values()
    }
    return {ABOUT_ALL: whole, **services}


def expected_direct_nginx(plan: Plan) -> dict[str, dict[str, Any]]:
    """Facts for nginx on a bare host: it asks a service's second instance while the first is away."""
    whole = {
        **_alike(plan, 80, 443, plan.choices.edge.certificate_folder or f"{ROOT}/tls", ""),
        "main user": ["www-data"],
        "main pid": ["/run/nginx.pid"],
        "main error_log": ["/var/log/nginx/error.log warn"],
        "http access_log": ["/var/log/nginx/access.log json"],
        "on 443 listen": ["443 ssl http2 default_server"],
    }
    services = {
        each.deployed_name: {**_upstream(each.name, 443), "server": _in_turn(plan, each.deployed_name)}
        for each in SERVICES.values()
    }
    return {ABOUT_ALL: whole, **services}


def _in_turn(plan: Plan, name: str) -> list[str]:
    component = plan.component(name)
    first, *others = (f"{LOOPBACK}:{port} max_fails=0" for port in ports(component, beside_each_other(plan, component)))
    return [first, *(f"{other} backup" for other in others)]


def _upstream(name: str, port: int) -> dict[str, Any]:
    return {
        "keepalive": [str(NUMBERS[name].keep_alive)],
        "keepalive_timeout": [f"{_KEPT_S}s"],
        f"= /health/{name} on {port} proxy_pass": [f"http://{name}/health"],
    }


def _alike(plan: Plan, http: int, https: int, certificates: str, outside: str) -> dict[str, Any]:
    return {
        **_limits(plan),
        **_process(),
        **_headers(https),
        **_encryption(https, certificates),
        **_forwarding(https),
        **_refusals(https),
        **_routes(plan, https),
        f"on {https} server_name": [plan.choices.domain],
        f"on {http} listen": [f"{http} default_server"],
        f"/ on {http} return": [f"308 https://$host{outside}$request_uri"],
        **_on(http, "= /edge-health", access_log="off", **{"return": r"200 healthy\n"}),
    }


def _process() -> dict[str, Any]:
    return {
        "main worker_processes": ["auto"],
        "main worker_rlimit_nofile": [str(2 * CONNECTIONS)],
        "events worker_connections": [str(CONNECTIONS)],
        "http include": ["/etc/nginx/mime.types"],
        "http default_type": ["application/octet-stream"],
        "http server_tokens": ["off"],
        "http sendfile": ["on"],
        "http tcp_nopush": ["on"],
        "http keepalive_timeout": [f"{IDLE_S}s"],
        "http large_client_header_buffers": ["8 64k"],
        "http client_header_timeout": [f"{HEADER_S}s"],
        "http client_body_timeout": ["60s"],
        "http reset_timedout_connection": ["on"],
        "http log_format": [" ".join(("json escape=json", *_LOG))],
        "http gzip": ["on"],
        "http gzip_proxied": ["any"],
        "http gzip_min_length": ["1024"],
        "http gzip_types": [" ".join(_COMPRESSED)],
    }


def _limits(plan: Plan) -> dict[str, Any]:
    edge = plan.choices.edge
    rates = {"sign_in": edge.sign_in_rate_limit, "api": edge.rate_limit}
    zones = [f"$binary_remote_addr zone={name}:10m rate={rate}r/s" for name, rate in rates.items()]
    return {"http limit_req_zone": zones, "http limit_req_status": ["429"]}


def _headers(port: int) -> dict[str, Any]:
    """Strict transport always; the rest unless the service says it itself."""

    def unless_said(value: str) -> Mapping[str, str]:
        return {"default": "", "": value}

    return {
        "map $http_upgrade $connection_upgrade": {"default": "upgrade", "": ""},
        "map $upstream_http_content_security_policy $policy": unless_said(POLICY),
        "map $upstream_http_x_frame_options $framing": unless_said("DENY"),
        "map $upstream_http_x_content_type_options $sniffing": unless_said("nosniff"),
        f"on {port} add_header Strict-Transport-Security": [f"{STRICT_TRANSPORT} always"],
        f"on {port} add_header X-Frame-Options": ["$framing always"],
        f"on {port} add_header X-Content-Type-Options": ["$sniffing always"],
        f"on {port} add_header Content-Security-Policy": ["$policy always"],
    }


def _encryption(port: int, certificates: str) -> dict[str, Any]:
    return {
        f"on {port} ssl_certificate": [f"{certificates}/fullchain.pem"],
        f"on {port} ssl_certificate_key": [f"{certificates}/privkey.pem"],
        f"on {port} ssl_protocols": ["TLSv1.2 TLSv1.3"],
        f"on {port} ssl_prefer_server_ciphers": ["off"],
        f"on {port} ssl_session_cache": ["shared:tls:10m"],
        f"on {port} ssl_session_timeout": ["1d"],
        f"on {port} ssl_session_tickets": ["off"],
    }


def _forwarding(port: int) -> dict[str, Any]:
    told = {
        "Host": "$host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-Host": "$host",
        "Upgrade": "$http_upgrade",
        "Connection": "$connection_upgrade",
    }
    return {
        f"on {port} proxy_http_version": ["1.1"],
        **{f"on {port} proxy_set_header {name}": [value] for name, value in told.items()},
        f"on {port} proxy_connect_timeout": [f"{CONNECT_S}s"],
        f"on {port} proxy_send_timeout": [f"{ANSWER_S}s"],
        f"on {port} proxy_read_timeout": [f"{ANSWER_S}s"],
        f"on {port} proxy_next_upstream": ["error timeout"],
        f"on {port} proxy_next_upstream_tries": ["3"],
        f"on {port} client_max_body_size": [f"{USUAL_BODY // MIB}m"],
    }


def _refusals(port: int) -> dict[str, Any]:
    headers = {"Retry-After": "1 always", "Strict-Transport-Security": f"{STRICT_TRANSPORT} always"}
    own = {"internal": "", "default_type": PROBLEM, **{f"add_header {name}": told for name, told in headers.items()}}
    return {
        f"on {port} error_page": ["429 = @too_many", "502 503 504 = @away"],
        **_on(port, "@too_many", **own, **{"return": f"429 {TOO_MANY}"}),
        **_on(port, "@away", **own, **{"return": f"503 {AWAY}"}),
    }


def _routes(plan: Plan, port: int) -> dict[str, Any]:
    edge = plan.choices.edge
    slowly = f"zone=sign_in burst={edge.sign_in_rate_limit_burst} nodelay"
    often = f"zone=api burst={edge.rate_limit_burst} nodelay"
    to = {"proxy_pass": "http://gateway"}
    long = {"proxy_buffering": "off", "proxy_send_timeout": f"{LONG_S}s", "proxy_read_timeout": f"{LONG_S}s"}
    whole = {"client_max_body_size": f"{edge.upload_gib}g", "proxy_request_buffering": "off"}
    told: dict[str, Any] = {}
    for path in SIGN_IN:
        told |= _on(port, f"= {path}", limit_req=slowly, **to)
    return {
        **told,
        **_on(port, f"~ {BULK}", limit_req=often, **whole, **long, **to),
        **_on(port, f"~ {STREAMS}", limit_req=often, **long, **to),
        **_on(port, "/api/", limit_req=often, **to),
        **_on(port, "= /metrics", **{"return": "404"}),
        **_on(port, "/", **to),
        f"patterns on {port}, the first that fits": [f"~ {BULK}", f"~ {STREAMS}"],
    }


def _on(port: int, place: str, **told: str) -> dict[str, Any]:
    return {f"{place} on {port} {name}": [value] for name, value in told.items()}
