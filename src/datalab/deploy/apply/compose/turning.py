"""Telling the edge which instances of a service requests go to, while others come and go."""

from collections.abc import Iterable

from datalab.deploy.apply.command import CommandFailed
from datalab.deploy.apply.compose.docker_compose import Container, DockerCompose
from datalab.deploy.apply.lifecycle import NotWell
from datalab.deploy.renderers.nginx import servers
from datalab.deploy.topology.component import Component, Network
from datalab.deploy.topology.edge import RUN

_PROXY = "nginx"
_CONFIGURATION = "/etc/nginx/datalab/nginx.conf"
_CHECK = f"nginx -t -q -c {_CONFIGURATION}"
_RELOAD = f"{_CHECK} && nginx -s reload -c {_CONFIGURATION}"


class Edge:
    """nginx before the services, as far as it runs."""

    def __init__(self, stack: DockerCompose) -> None:
        self._stack = stack

    def send_to(self, component: Component, instances: Iterable[Container]) -> None:
        """Send requests for a service to these instances only. Raises CommandFailed."""
        addresses = _addresses(component, instances)
        if addresses:
            self._write(component, servers(addresses))

    def look_up_beside(self, component: Component, instances: Iterable[Container]) -> None:
        """Send requests to these instances while the service's name is being looked up.

        nginx answers 502 to all that come before a name it didn't know has an address; what it looked up it keeps when
        it reads its configuration anew. Raises CommandFailed.
        """
        self._write(component, servers(_addresses(component, instances)) + _by_name(component))

    def find_by_name(self, component: Component) -> None:
        """Find the instances by the service's name again, as it is when nobody updates it. Raises CommandFailed."""
        self._write(component, _by_name(component))

    def check(self) -> None:
        """See that it takes the configuration that is there now. Raises NotWell."""
        for proxy in self._stack.containers(_PROXY):
            if proxy.state == "running":
                try:
                    self._stack.ask_in(proxy, *_CHECK.split())
                except CommandFailed as error:
                    raise NotWell(f"nginx refuses its new configuration: {error.detail}") from error

    def _write(self, component: Component, text: str) -> None:
        for proxy in self._stack.containers(_PROXY):
            if proxy.state == "running":
                path = f"{RUN}/upstreams/{component.name}.conf"
                self._stack.run_in(proxy, "sh", "-c", f"cat > {path} && {_RELOAD}", text=text)


def _addresses(component: Component, instances: Iterable[Container]) -> list[str]:
    addresses = (each.addresses[Network.EDGE] for each in instances)
    return [f"{address}:{component.ports[0].number}" for address in addresses if address]


def _by_name(component: Component) -> str:
    return servers([f"{component.name}:{component.ports[0].number}"], "resolve")
