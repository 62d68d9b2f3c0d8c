"""A chart as a page of its own."""

import json
import re

import pytest
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE, bars

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


async def page(service: Service, spec: object, **more: object) -> str:
    answer = await service.http.post(
        "/api/v1/viz/render?format=html", json={"spec": spec, **more}, headers=service.headers()
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return answer.text


def without_scripts(text: str) -> str:
    return re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


async def test_page_loads_nothing(service: Service) -> None:
    text = await page(service, LINE, sql="SELECT late")

    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", without_scripts(text))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert "default-src 'none'" in policy.group(1)
    assert "unsafe-eval" not in policy.group(1)
    assert len(text) < 1_500_000


async def test_page_holds_the_chart_before_its_script_runs(service: Service) -> None:
    text = await page(service, LINE, sql="SELECT late")

    assert text.index("Month of departure") < text.index("<script")


async def test_words_of_users_are_escaped(service: Service) -> None:
    spec = bars(title=EVIL, data={"values": [{"airline": EVIL, "late": 1}]})

    text = await page(service, spec)

    assert "<script>alert" not in text
    assert "<img" not in without_scripts(text)
    carried = re.search(r'<script type="application/json" id="spec">(.*?)</script>', text, re.DOTALL)
    assert carried is not None
    assert json.loads(carried.group(1))["title"] == EVIL
