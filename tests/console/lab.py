"""The platform that all browser tests share: set up in the browser, with a few small things on it."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, StorageState
from tests.e2e.shapes import Platform

from datalab.kernel.config.secrets import LocalSecrets

NAME, PASSWORD = "ada", "correct horse battery"
IN_A_BROWSER = [
    pytest.mark.xdist_group("console"),
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(180),
]
"""The marks of a module of browser tests: ``pytestmark = IN_A_BROWSER``."""

AIRPORTS = "code,name,altitude\nEWR,Newark Liberty,18\nJFK,John F Kennedy,13\nLGA,La Guardia,22\n"
PLANES = "tailnum,year,seats\nN14228,1999,149\nN24211,1998,149\nN619AA,1990,178\n"
RENTALS, BUSY_DAYS = "rentals", "busy_days"
TRAINED_WITHIN_MS = 90_000


@dataclass
class Lab:
    """The running platform, the administrator's session, and how the set-up went."""

    platform: Platform
    session: StorageState = field(default_factory=lambda: StorageState(cookies=[], origins=[]))
    landed_on: str = ""

    @property
    def url(self) -> str:
        """The console."""
        return self.platform.url

    @cached_property
    def key(self) -> str:
        """An administrator's API key."""
        return self.platform.admin_key()

    def api(self) -> httpx.Client:
        """An administrator's connection, to make what a test needs."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)


async def set_up(lab: Lab, browser: Browser, home: Path) -> None:
    """Become the first administrator, as a person does: by the link that the terminal shows."""
    code = LocalSecrets(home).read("setup_code")
    assert code is not None
    async with await browser.new_context(base_url=lab.url) as context:
        page = await context.new_page()
        await page.goto(f"/setup?code={code.get_secret_value()}")
        await page.get_by_label("Your name").fill(NAME)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Set up and sign in").click()
        await page.get_by_role("navigation", name="Places").wait_for()
        lab.landed_on = page.url
        lab.session = await context.storage_state()


def fill(lab: Lab) -> None:
    """Two small datasets and a finished job."""
    with lab.api() as api:
        for name, rows in (("airports", AIRPORTS), ("planes", PLANES)):
            made = api.put(f"/api/v1/data/datasets/{name}", content=rows, headers={"Content-Type": "text/csv"})
            assert made.is_success, made.text
        body = {"kind": "sql", "spec": {"sql": "SELECT count(*) AS planes FROM planes"}}
        job = api.post("/api/v1/compute/jobs", content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert job.is_success, job.text


def rentals() -> str:
    """Two hundred days: busy when it is warm and dry."""
    days = ((temperature, rain) for temperature in range(-5, 35) for rain in (0, 1, 3, 8, 20))
    lines = (f"{t},{r},{'sun' if r == 0 else 'rain'},{str(t - r > 9).lower()}" for t, r in days)
    return "\n".join(("temperature,rain_mm,sky,busy", *lines))


def train(lab: Lab, name: str, dataset: str, target: str) -> str:
    """A trained model's name."""
    with lab.api() as api:
        job = api.post(f"/api/v1/ai/models/{name}/train", json={"dataset": dataset, "target": target}).json()["id"]
        api.get(f"/api/v1/compute/jobs/{job}/events", timeout=TRAINED_WITHIN_MS / 1000)
        done = api.get(f"/api/v1/compute/jobs/{job}").json()
        assert done["state"] == "succeeded", done
    return name
