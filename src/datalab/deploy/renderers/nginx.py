"""nginx before the gateway: TLS, limits, headers, and the instances that requests go to."""

from collections.abc import Iterable, Mapping, Sequence

from datalab.catalog import SERVICES
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import HOST, LOOPBACK, Host, instances, ports
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.component import Component, Role
from datalab.deploy.topology.edge import HTTP_PORT, HTTPS_PORT, NGINX_FOLDER, RUN, TLS
from datalab.deploy.topology.sizes import NUMBERS

DIRECT_CONF = "infrastructure/nginx/direct.conf"
USUAL_HTTPS_PORT = 443
KEEP_ALIVE_S = 4
"""How long a connection to a service is kept unused: shorter than the service keeps it, so that none is closed under a
request."""
KEPT_FOR_CLIENTS_S = 10
"""How long a client's connection outlives its last request when nginx reads its configuration anew; without it the next
request may meet a connection that is being closed, and not every request can be sent twice. nginx 1.27.4 and later."""
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
        user=None,
        pid=f"{RUN}/nginx.pid",
        error_log="/dev/stderr",
        access_log="/dev/stdout",
        scratch=_SCRATCH,
        resolver="127.0.0.11",
        edge=plan.choices.edge,
        domain=plan.choices.domain,
        upstreams=upstreams({}),
        upstreams_folder=f"{RUN}/upstreams",
        keep_alive_s=KEEP_ALIVE_S,
        kept_for_clients_s=KEPT_FOR_CLIENTS_S,
        http_port=HTTP_PORT,
        redirect_port="" if plan.choices.edge.https_port == USUAL_HTTPS_PORT else f":{plan.choices.edge.https_port}",
        https_port=HTTPS_PORT,
        http2_directive=True,
        certificates=TLS.path,
    )
    named = {
        f"{NGINX_FOLDER}/upstreams/{service.deployed_name}.conf": servers(
            [f"{service.deployed_name}:{service.port}"], "resolve"
        )
        for service in SERVICES.values()
    }
    return {f"{NGINX_FOLDER}/nginx.conf": conf, **named}


def render_direct_nginx(plan: Plan, host: Host = HOST) -> dict[str, str]:
    """The configuration for a host without containers, for nginx 1.22 and later.

    An upstream's second server is the instance that supervisor runs beside the first. systemd runs one and keeps its
    socket, so that the second is never asked.
    """
    if not plan.has("nginx"):
        return {}
    addresses = {each.name: _in_turn(plan, each) for each in plan.with_role(Role.SERVICE)}
    conf = filled(
        "nginx.conf.j2",
        user="www-data",
        pid="/run/nginx.pid",
        error_log="/var/log/nginx/error.log",
        access_log="/var/log/nginx/access.log",
        scratch=(),
        resolver=None,
        edge=plan.choices.edge,
        domain=plan.choices.domain,
        upstreams=upstreams(addresses),
        upstreams_folder=None,
        keep_alive_s=KEEP_ALIVE_S,
        kept_for_clients_s=None,
        http_port=80,
        redirect_port="",
        https_port=443,
        http2_directive=False,
        certificates=plan.choices.edge.certificate_folder or host.certificates,
    )
    return {DIRECT_CONF: conf}


def upstreams(addresses: Mapping[str, Sequence[str]]) -> list[dict[str, object]]:
    """What the edge sends requests to; the servers of a component that isn't among ``addresses`` stand in a file."""
    return [
        {
            "name": service.name,
            "component": service.deployed_name,
            "keep_alive": NUMBERS[service.name].keep_alive,
            "servers": addresses.get(service.deployed_name, ()),
        }
        for service in SERVICES.values()
    ]


def _in_turn(plan: Plan, component: Component) -> tuple[str, ...]:
    first, *others = (f"{LOOPBACK}:{port} max_fails=0" for port in ports(component, instances(plan, component)))
    return (first, *(f"{other} backup" for other in others))


def servers(addresses: Iterable[str], *options: str) -> str:
    """The instances of one service, as nginx includes them."""
    return "".join(f"server {' '.join((address, *options))} max_fails=0;\n" for address in addresses)
