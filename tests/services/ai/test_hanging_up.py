"""A prediction that nobody waits for is not made."""

import asyncio

from datalab import catalog
from datalab.contracts.ai import Prediction, PredictRequest
from datalab.kernel.http.app import create_app
from datalab.kernel.http.routes import serve_actions
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.hanging_up import hang_up
from datalab.kernel.testing.identity import caller
from datalab.services.ai.routes import router


class Endless:
    """A service that never has done predicting."""

    stopped = False

    async def predict(self, name: str, request: PredictRequest) -> Prediction:
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped = True
        raise AssertionError


async def test_predicting_stops_when_its_caller_hangs_up():
    endless = Endless()
    app = create_app(catalog.AI, app_parts())
    serve_actions(app, lambda _: endless, router)
    async with asyncio.timeout(30):
        await hang_up(app, "POST", "/api/v1/ai/models/late/predict", caller(), b'{"rows": [{"a": 1}]}')
    assert endless.stopped
