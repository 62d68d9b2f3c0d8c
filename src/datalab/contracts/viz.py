"""The visualization service: charts and dashboards."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from datalab.contracts.data import Where
from datalab.contracts.errors import InvalidInput, NotFound
from datalab.contracts.model import Contract, Page, PageRequest

Spec = dict[str, JsonValue]


class ChartNotFound(NotFound):
    """No such chart."""

    code, title = "chart_not_found", "Chart not found"


class DashboardNotFound(NotFound):
    """No such dashboard."""

    code, title = "dashboard_not_found", "Dashboard not found"


class SpecRefused(InvalidInput):
    """The Vega-Lite spec asks for what a chart may not do, or can't be drawn."""

    code, title = "spec_refused", "Chart spec refused"


class ImageFormat(StrEnum):
    """What a chart can be rendered to."""

    PNG = "png"
    SVG = "svg"
    HTML = "html"
    JSON = "json"


class Drawable(Contract):
    """A Vega-Lite spec over the rows of a query or a dataset; without either, over the values inside the spec."""

    spec: Spec
    sql: Annotated[str, Field(max_length=1_000_000)] | None = None
    dataset: Annotated[str, Field(max_length=128)] | None = None
    scale: Annotated[float, Field(ge=0.5, le=4)] = 1
    theme: Annotated[str, Field(pattern="^(light|dark)$")] = "light"

    @model_validator(mode="after")
    def at_most_one_source(self) -> Self:
        """Not both of ``dataset`` and ``sql``."""
        if self.dataset is not None and self.sql is not None:
            raise ValueError("give either dataset or sql, not both")
        return self


class RenderRequest(Drawable):
    """A chart to draw. ``where``: of each dataset that has the column only the rows that fit are read."""

    where: Where = ()


class Rendering(Contract):
    """A rendered chart. ``etag`` names its content: the same spec over the same data has the same one."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    content: bytes
    media_type: str
    etag: str
    cached: bool


class ChartDraft(Drawable):
    """A chart to save."""

    title: Annotated[str, Field(max_length=200)] = ""
    publication: str | None = None


class Chart(Contract):
    """A saved chart."""

    name: str
    title: str
    spec: Spec
    sql: str | None
    dataset: str | None
    scale: float
    theme: str
    created_by: str
    created_at: datetime
    updated_at: datetime


class Tile(Contract):
    """A chart's place on the grid of twelve columns, or a text's, in Markdown; ``height`` in rows of 80 px."""

    chart: Annotated[str, Field(min_length=1, max_length=63)] | None = None
    text: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    column: Annotated[int, Field(ge=0, le=11)] = 0
    row: Annotated[int, Field(ge=0, le=1000)] = 0
    width: Annotated[int, Field(ge=1, le=12)] = 6
    height: Annotated[int, Field(ge=1, le=20)] = 4

    @model_validator(mode="after")
    def either(self) -> Self:
        """One of ``chart`` and ``text``."""
        if (self.chart is None) == (self.text is None):
            raise ValueError("give a tile either a chart or a text")
        return self


class DashboardDraft(Contract):
    """A dashboard to save."""

    title: Annotated[str, Field(max_length=200)] = ""
    tiles: Annotated[tuple[Tile, ...], Field(max_length=100)] = ()


class Dashboard(Contract):
    """A saved dashboard."""

    name: str
    title: str
    tiles: tuple[Tile, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime


class VizApi(Protocol):
    """The visualization service for one caller."""

    async def render(self, request: RenderRequest, format: ImageFormat) -> Rendering:
        """Draw a chart without saving it."""
        ...

    async def list_charts(self, page: PageRequest) -> Page[Chart]:
        """Charts by name."""
        ...

    async def get_chart(self, name: str) -> Chart:
        """One chart. Raises ChartNotFound."""
        ...

    async def put_chart(self, name: str, draft: ChartDraft, *, if_match: str | None = None) -> Chart:
        """Save a chart under a name, in place of the one there; ``if_match`` holds the entity tags it may replace."""
        ...

    async def delete_chart(self, name: str) -> None:
        """Take a chart away."""
        ...

    async def render_chart(self, name: str, format: ImageFormat, where: Where = ()) -> Rendering:
        """Draw a saved chart over its data as of now, of each dataset that has the column only the rows that fit."""
        ...

    async def list_dashboards(self, page: PageRequest) -> Page[Dashboard]:
        """Dashboards by name."""
        ...

    async def get_dashboard(self, name: str) -> Dashboard:
        """One dashboard. Raises DashboardNotFound."""
        ...

    async def put_dashboard(self, name: str, draft: DashboardDraft, *, if_match: str | None = None) -> Dashboard:
        """Save a dashboard; every chart on it must be there. ``if_match``: the entity tags it may replace."""
        ...

    async def delete_dashboard(self, name: str) -> None:
        """Take a dashboard away; its charts stay."""
        ...

    async def render_dashboard(self, name: str, where: Where = ()) -> Rendering:
        """The dashboard as one HTML page, of each dataset that has the column only the rows that fit."""
        ...
