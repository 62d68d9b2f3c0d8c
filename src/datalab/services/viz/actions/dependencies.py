"""What the use cases are given."""

from dataclasses import dataclass

from datalab.contracts.data import DataApi
from datalab.contracts.identity import ApiFor
from datalab.services.viz.actions.images import Images
from datalab.services.viz.ports import Charts, Dashboards


@dataclass(frozen=True, slots=True)
class VizParts:
    """The service's parts, shared by all calls. ``query_timeout_s`` bounds the query behind one chart."""

    charts: Charts
    dashboards: Dashboards
    images: Images
    data: ApiFor[DataApi]
    query_timeout_s: float
