"""Specs that would never end."""

import io

import pytest
from PIL import Image
from tests.services.viz.conftest import Service
from tests.services.viz.specs import bars

from datalab.contracts.errors import DeadlineExceeded
from datalab.contracts.viz import ImageFormat, RenderRequest
from datalab.services.viz.settings import VizSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENDLESS = "test(/^(a+)+$/, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')"


@pytest.fixture(scope="module")
def settings() -> VizSettings:
    return VizSettings(render_processes=1, render_timeout_s=3)


async def test_endless_expression_is_killed_and_the_next_chart_is_drawn(service: Service) -> None:
    with pytest.raises(DeadlineExceeded, match="longer than 3 s"):
        await service.api().render(RenderRequest(spec=bars(transform=[{"filter": ENDLESS}])), ImageFormat.PNG)

    drawn = await service.api().render(RenderRequest(spec=bars()), ImageFormat.PNG)

    assert service.dependencies.pool.snapshot()["render"].killed == 1
    assert Image.open(io.BytesIO(drawn.content)).width > 100
