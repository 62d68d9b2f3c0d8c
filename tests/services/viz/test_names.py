"""Names and texts of charts and dashboards."""

from typing import Any

import pytest
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE

from datalab.contracts.errors import InvalidInput
from datalab.contracts.viz import ChartDraft, DashboardDraft
from datalab.services.viz.model.name import check_name

ON_ONE_LOOP = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("name", ["", "a.b", "../x", "a b", "ä", "x" * 64, "_a", "a\0", "a\n"])
def test_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="is no name for a chart"):
        check_name(name, "chart")


@pytest.mark.parametrize("name", ["a", "late-by_month", "2013", "x" * 63])
def test_honest_name_passes(name: str) -> None:
    assert check_name(name, "chart") == name


@pytest.mark.parametrize(
    "over", [{"title": "a\0b"}, {"sql": "a\0b"}, {"dataset": "a\0b"}], ids=["title", "sql", "dataset"]
)
async def test_nul_in_a_chart_is_refused(service: Service, over: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="holds a NUL"):
        await service.api().put_chart("delays", ChartDraft(spec=LINE, **over))


@ON_ONE_LOOP
async def test_nul_in_a_dashboard_is_refused(service: Service) -> None:
    with pytest.raises(InvalidInput, match="title: holds a NUL"):
        await service.api().put_dashboard("delays", DashboardDraft(title="a\0b"))
