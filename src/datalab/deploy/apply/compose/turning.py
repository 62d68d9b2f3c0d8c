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
        port = component.ports[0].number
        addresses = [each.addresses[Network.EDGE] for each in instances]
        self._write(component, [f"{address}:{port}" for address in addresses if address])

    def find_by_name(self, component: Component) -> None:
        """Find the instances by the service's name again, as it is when nobody updates it. Raises CommandFailed."""
        self._write(component, [f"{component.name}:{component.ports[0].number}"], "resolve")

    def check(self) -> None:
        """See that it takes the configuration that is there now. Raises NotWell."""
        for proxy in self._stack.containers(_PROXY):
            if proxy.state == "running":
                try:
                    self._stack.ask_in(proxy, *_CHECK.split())
                except CommandFailed as error:
                    raise NotWell(f"nginx refuses its new configuration: {error.detail}") from error

    def _write(self, component: Component, addresses: list[str], *options: str) -> None:
        for proxy in self._stack.containers(_PROXY):
            if proxy.state == "running" and addresses:
                path = f"{RUN}/upstreams/{component.name}.conf"
                command = f"cat > {path} && {_RELOAD}"
                self._stack.run_in(proxy, "sh", "-c", command, text=servers(addresses, *options))
