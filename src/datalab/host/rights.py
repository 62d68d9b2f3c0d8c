"""What a call within one process needs of its caller: what the service's routes declare for the same call over HTTP.

A service's actions rely on the routes before them. A sibling in the same process passes no route, so this stands there
in its place: a caller gains nothing by the services' sharing a process.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from datalab.catalog import SERVICES
from datalab.contracts.errors import Unauthenticated
from datalab.contracts.identity import Caller, Role
from datalab.kernel.auth.require import check_rights

READS: Mapping[str, tuple[str, ...]] = {
    "data": (
        "list_datasets",
        "get_dataset",
        "list_deleted",
        "list_versions",
        "diff",
        "profile",
        "query",
        "query_stream",
        "rows_stream",
        "list_queries",
        "query_status",
        "cancel_query",
    ),
    "ai": (
        "list_models",
        "get_model",
        "list_model_versions",
        "get_model_version",
        "list_aliases",
        "predict",
    ),
    "compute": ("list_jobs", "get_job", "events", "logs"),
    "viz": (
        "render",
        "list_charts",
        "get_chart",
        "render_chart",
        "list_dashboards",
        "get_dashboard",
        "render_dashboard",
    ),
}
"""The calls that a viewer may make, by service; every other one changes something and is an editor's."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Judges the calls of one service."""

    service: str

    def __post_init__(self) -> None:
        if self.service not in SERVICES or self.service not in READS:
            raise KeyError(self.service)

    def check(self, caller: Caller, method: str) -> None:
        """Whether the caller may call the Protocol's method.

        Raises:
            Unauthenticated: The caller's token has expired meanwhile.
            Forbidden: The role or the scopes don't reach.
        """
        if caller.identity.expires_at <= datetime.now(UTC):
            raise Unauthenticated("the access token has expired; sign in again")
        reads = method in READS[self.service]
        role, verb = (Role.VIEWER, "read") if reads else (Role.EDITOR, "write")
        check_rights(caller.identity, role, f"{self.service}:{verb}")
