"""Where the instances of a service are now."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from yarl import URL

from datalab.kernel.telemetry.logs import get_logger
from datalab.services.gateway.adapters.instances import Instances
from datalab.services.gateway.adapters.names import SystemResolver
from datalab.services.gateway.ports import Resolver

AGAIN_S = 3.0
"""How long the addresses behind a name are believed."""
SOONEST_S = 0.5
"""How soon they may be looked up again when one of them was missed."""
PATIENCE_S = 5.0
_NEVER = float("-inf")
_log = get_logger(__name__)


class Whereabouts:
    """A name in a service's URL stands for an instance at each address behind it, looked up again and again.

    Literal addresses, localhost, and names that a certificate must prove stay as they are. While a name can't be looked
    up its last known addresses count, and before the first time the name itself.
    """

    def __init__(
        self, urls: Sequence[str], resolver: Resolver | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.given = tuple(url.rstrip("/") for url in urls)
        self.instances = Instances(self.given)
        self._resolver = resolver or SystemResolver()
        self._clock = clock
        self._names = {url: name for url in self.given if (name := _name_in(url)) is not None}
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._given_as: dict[str, str] = {}
        self._looked_at = _NEVER
        self._looking: asyncio.Task[None] | None = None

    async def here(self) -> Instances:
        """The instances as they are known; only for the very first look somebody waits."""
        if self._names and self._clock() - self._looked_at > AGAIN_S:
            looking = self._begin()
            if self._looked_at == _NEVER:
                await asyncio.wait({looking}, timeout=PATIENCE_S)
        return self.instances

    async def look(self) -> Instances:
        """The instances as they are now."""
        if self._names and self._clock() - self._looked_at > SOONEST_S:
            await asyncio.wait({self._begin()}, timeout=PATIENCE_S)
        return self.instances

    async def elsewhere(self, missed: Sequence[str]) -> list[str]:
        """Instances that a new look finds beside those that were missed."""
        if not self._names:
            return []
        await asyncio.sleep(max(0.0, self._looked_at + SOONEST_S - self._clock()))
        await asyncio.wait({self._begin()}, timeout=PATIENCE_S)
        return [url for url in self.instances.in_turn() if url not in missed]

    def failed(self, url: str) -> None:
        """It could not be reached; perhaps it has moved."""
        self.instances.failed(url)
        if self._names and self._clock() - self._looked_at > SOONEST_S:
            self._begin()

    def given_as(self, url: str) -> str:
        """The service's URL by which an instance is known."""
        return self._given_as.get(url, url)

    def headers(self, url: str) -> Mapping[str, str]:
        """What an instance is told beside its address: the name that was meant."""
        given = self._given_as.get(url)
        return {} if given is None else {"Host": urlsplit(given).netloc}

    async def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _begin(self) -> asyncio.Task[None]:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="whereabouts")
        return self._looking

    async def _look(self) -> None:
        for name in dict.fromkeys(self._names.values()):
            try:
                async with asyncio.timeout(PATIENCE_S):
                    found = await self._resolver.addresses(name)
            except OSError as error:
                _log.warning("a name can't be looked up", name=name, reason=str(error) or type(error).__name__)
                continue
            if found:
                self._addresses[name] = tuple(found)
        self._looked_at = self._clock()
        self._place()

    def _place(self) -> None:
        places = {place: url for url in self.given for place in self._places(url)}
        self._given_as = {place: url for place, url in places.items() if place != url}
        if set(places) != set(self.instances.urls):
            _log.info("instances are elsewhere", now=list(places), before=list(self.instances.urls))
            self.instances.replace(list(places))

    def _places(self, url: str) -> list[str]:
        name = self._names.get(url)
        addresses = self._addresses.get(name, ()) if name is not None else ()
        return [str(URL(url).with_host(address)).rstrip("/") for address in addresses] or [url]


def _name_in(url: str) -> str | None:
    parsed = URL(url)
    host = parsed.host
    if parsed.scheme != "http" or host is None or host == "localhost" or host.endswith(".localhost"):
        return None
    try:
        ip_address(host)
    except ValueError:
        return host
    return None
