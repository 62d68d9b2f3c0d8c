"""What the service needs from outside."""

from collections.abc import Callable
from typing import Protocol

from datalab.contracts.model import Page, PageRequest
from datalab.contracts.viz import Chart, ChartDraft, Dashboard, DashboardDraft
from datalab.services.viz.model.keys import Drawing

ChartCheck = Callable[[Chart | None], None]
DashboardCheck = Callable[[Dashboard | None], None]


class Renderer(Protocol):
    """Draws specs that passed the guard, out of this process and within a deadline."""

    @property
    def version(self) -> str:
        """The library and its release: another one may draw other bytes."""
        ...

    async def draw(self, drawing: Drawing) -> bytes:
        """The image.

        Raises:
            SpecRefused: No chart comes of the spec.
            DeadlineExceeded: It took too long. MemoryLimitExceeded: it needed too much. PoolBusy: others were first.
        """
        ...

    async def script(self, vega_lite: str) -> bytes:
        """The JavaScript that shows charts of this Vega-Lite release."""
        ...

    def expect(self) -> None:
        """A chart will be asked for shortly, so begin to get ready."""
        ...


class ImageCache(Protocol):
    """Keeps drawn images by the name of their content, and forgets old ones. Losing any only costs time."""

    async def get(self, key: str) -> bytes | None:
        """The bytes, if they are kept."""
        ...

    async def put(self, key: str, content: bytes) -> None:
        """Keep the bytes."""
        ...


class Charts(Protocol):
    """The saved charts."""

    async def page(self, page: PageRequest) -> Page[Chart]:
        """Charts by name."""
        ...

    async def find(self, name: str) -> Chart | None:
        """The chart of that name."""
        ...

    async def save(self, name: str, draft: ChartDraft, author: str, check: ChartCheck) -> Chart:
        """Put the draft in place of what is there, unless ``check``, given that, raises; tells of it.

        A draft of the same publication as what is there changes nothing.
        """
        ...

    async def delete(self, name: str) -> bool:
        """Take it away; whether it was there. Tells of it."""
        ...


class Dashboards(Protocol):
    """The saved dashboards."""

    async def page(self, page: PageRequest) -> Page[Dashboard]:
        """Dashboards by name."""
        ...

    async def find(self, name: str) -> Dashboard | None:
        """The dashboard of that name."""
        ...

    async def save(self, name: str, draft: DashboardDraft, author: str, check: DashboardCheck) -> Dashboard:
        """Put the draft in place of what is there, unless ``check``, given that, raises; tells of it.

        Raises:
            InvalidInput: A tile's chart isn't there.
        """
        ...

    async def delete(self, name: str) -> bool:
        """Take it away; whether it was there. Tells of it."""
        ...
