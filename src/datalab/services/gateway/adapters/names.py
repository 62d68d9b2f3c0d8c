"""Looking up the addresses behind a name, as this machine does it."""

import socket
from collections.abc import Sequence

from aiohttp.resolver import ThreadedResolver


class SystemResolver:
    """Asks whom the system asks: its hosts file, then DNS."""

    async def addresses(self, name: str) -> Sequence[str]:
        """See :class:`datalab.services.gateway.ports.Resolver`. IPv4 where there is any, so that none counts twice."""
        found = await ThreadedResolver().resolve(name, family=socket.AF_UNSPEC)
        of_four = [one["host"] for one in found if one["family"] == socket.AF_INET]
        return tuple(dict.fromkeys(of_four or [one["host"] for one in found]))
