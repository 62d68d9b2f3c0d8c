"""HAProxy before the gateway, instead of nginx: the same routes, limits and headers, and it asks who is ready."""

from collections.abc import Mapping, Sequence

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import HOST, LOOPBACK, Host, instances, ports, service_of
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.component import Component, Role
from datalab.deploy.topology.edge import HTTP_PORT, HTTPS_PORT, TLS
from datalab.deploy.topology.sizes import NUMBERS

FOLDER = "infrastructure/haproxy"
KEEP_ALIVE_S = 2
"""How long a connection to a service is kept unused; each time it is over half of them go, and services keep them 5 s."""


def render_haproxy(plan: Plan) -> dict[str, str]:
    """The configuration for containers; instances are found by the engine's name server."""
    if not plan.has("nginx"):
        return {}
    named = {each.name: (_by_name(each),) for each in plan.with_role(Role.SERVICE)}
    text = _configuration(plan, named, resolver="127.0.0.11", http=HTTP_PORT, https=HTTPS_PORT, certificates=TLS.path)
    return {f"{FOLDER}/haproxy.cfg": text}


def render_direct_haproxy(plan: Plan, host: Host = HOST) -> dict[str, str]:
    """The configuration for a host without containers."""
    if not plan.has("nginx"):
        return {}
    listed = {each.name: _listed(plan, each) for each in plan.with_role(Role.SERVICE)}
    certificates = plan.choices.edge.certificate_folder or host.certificates
    text = _configuration(plan, listed, resolver=None, http=80, https=443, certificates=certificates)
    return {f"{FOLDER}/direct.cfg": text}


def _configuration(
    plan: Plan,
    servers: Mapping[str, Sequence[str]],
    *,
    resolver: str | None,
    http: int,
    https: int,
    certificates: str,
) -> str:
    edge = plan.choices.edge
    return filled(
        "haproxy.cfg.j2",
        edge=edge,
        resolver=resolver,
        http_port=http,
        https_port=https,
        certificates=certificates,
        keep_alive_s=KEEP_ALIVE_S,
        sign_in_window_ms=_window_ms(edge.sign_in_rate_limit, edge.sign_in_rate_limit_burst),
        api_window_ms=_window_ms(edge.rate_limit, edge.rate_limit_burst),
        upstreams=[
            {"name": name, "keep_alive": NUMBERS[name].keep_alive, "servers": servers[each.name]}
            for each in plan.with_role(Role.SERVICE)
            for name in (service_of(each).name,)
        ],
    )


def _window_ms(rate: int, burst: int) -> int:
    """The time in which ``burst`` requests are as many as the rate allows."""
    return 1000 * burst // rate


def _by_name(component: Component) -> str:
    place = f"{component.name}:{component.ports[0].number}"
    return f"server-template {component.name}- 1-{component.replicas.maximum} {place} resolvers docker init-addr none"


def _listed(plan: Plan, component: Component) -> tuple[str, ...]:
    """Its instances; and the first once more, unasked, for when none is ready: systemd holds that one's socket."""
    places = [f"{LOOPBACK}:{port}" for port in ports(component, instances(plan, component))]
    asked = [f"server {component.name}-{number} {place}" for number, place in enumerate(places)]
    return (*asked, f"server {component.name}-held {places[0]} no-check backup")
