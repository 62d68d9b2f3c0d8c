"""nginx before the gateway: TLS, limits, headers, and the instances that requests go to."""

from collections.abc import Iterable

from datalab.catalog import SERVICES
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.edge import HTTP_PORT, HTTPS_PORT, NGINX_CONF, RUN, TLS, UPSTREAMS
from datalab.deploy.topology.sizes import NUMBERS

KEEP_ALIVE_S = 8
"""How long a connection to a service is kept unused: well within the time for which a stopping one goes on answering."""
_SCRATCH = tuple(
    {"directive": f"{kind}_temp_path", "path": f"{RUN}/{kind}"}
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)


def render_nginx(plan: Plan) -> dict[str, str]:
    """The configuration for containers, and a file for each service with its instances, found by name."""
    if not plan.has("nginx"):
        return {}
    conf = filled(
        "nginx.conf.j2",
        pid=f"{RUN}/nginx.pid",
        error_log="/dev/stderr",
        access_log="/dev/stdout",
        scratch=_SCRATCH,
        resolver="127.0.0.11",
        edge=plan.choices.edge,
        domain=plan.choices.domain,
        upstreams=upstreams(),
        upstreams_folder=f"{RUN}/upstreams",
        keep_alive_s=KEEP_ALIVE_S,
        http_port=HTTP_PORT,
        https_port=HTTPS_PORT,
        http2_directive=True,
        certificates=TLS.path,
    )
    named = {
        f"{UPSTREAMS}/{service.deployed_name}.conf": servers([f"{service.deployed_name}:{service.port}"], "resolve")
        for service in SERVICES.values()
    }
    return {NGINX_CONF: conf, **named}


def upstreams() -> list[dict[str, object]]:
    """What the edge sends requests to."""
    return [
        {"name": service.name, "component": service.deployed_name, "keep_alive": NUMBERS[service.name].keep_alive}
        for service in SERVICES.values()
    ]


def servers(addresses: Iterable[str], *options: str) -> str:
    """The instances of one service, as nginx includes them."""
    return "".join(f"server {' '.join((address, *options))} max_fails=0;\n" for address in addresses)
