"""The built files, as a browser is served them."""

import gzip
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from datalab.console.app import Console

SCRIPT = b"console.log('lab')\n" * 40
PAGE = b'<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><title>DataLab</title>'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A console as it is built."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "appearance.js").write_bytes(b"1")
    (tmp_path / "assets" / "index-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT, mtime=0))
    (tmp_path / "assets" / "index-1a2b.js.br").write_bytes(b"brotli")
    (tmp_path / "assets" / "inter.woff2").write_bytes(b"font")
    return tmp_path


@pytest.fixture
async def browser(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Who asks it."""
    transport = httpx.ASGITransport(Console(folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://lab") as client:
        client.headers.pop("accept-encoding")
        yield client


async def test_a_hashed_file_is_kept_for_ever(browser: httpx.AsyncClient):
    answer = await browser.get("/assets/index-1a2b.js")
    assert answer.content == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert (await browser.get("/appearance.js")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)],
)
async def test_it_is_sent_in_the_best_coding_that_is_accepted(
    browser: httpx.AsyncClient, accepted: str, coding: str | None
):
    headers = {"Accept-Encoding": accepted}
    async with browser.stream("GET", "/assets/index-1a2b.js", headers=headers) as answer:
        assert answer.headers.get("content-encoding") == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert int(answer.headers["content-length"]) == len(sent)
    assert sent == {"br": b"brotli", "gzip": gzip.compress(SCRIPT, mtime=0), None: SCRIPT}[coding]


async def test_any_other_path_is_the_one_page(browser: httpx.AsyncClient):
    for path in ("/", "/datasets/flights?tab=history", "/index.html"):
        answer = await browser.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-cache"
        assert "<title>DataLab</title>" in answer.text


async def test_a_file_of_another_version_is_not_the_page(browser: httpx.AsyncClient):
    answer = await browser.get("/assets/index-gone.js")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


async def test_what_was_not_changed_is_not_sent_again(browser: httpx.AsyncClient):
    for path in ("/", "/assets/inter.woff2"):
        first = await browser.get(path)
        again = await browser.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert "content-security-policy" not in again.headers


async def test_head_tells_what_get_would_send(browser: httpx.AsyncClient):
    for path in ("/", "/assets/index-1a2b.js"):
        got, told = await browser.get(path), await browser.head(path)
        assert told.content == b""
        for name in ("content-length", "content-type", "etag", "cache-control"):
            assert told.headers[name] == got.headers[name]


async def test_nothing_but_reading_is_possible(browser: httpx.AsyncClient):
    answer = await browser.post("/datasets")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.json()["code"] == "method_not_allowed"


async def test_scripts_come_from_this_origin_only_and_no_page_may_frame_it(browser: httpx.AsyncClient):
    answer = await browser.get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_each_page_has_a_nonce_of_its_own_for_styles(browser: httpx.AsyncClient):
    pages = [await browser.get("/") for _ in range(2)]
    nonces = [re.findall(r'nonce="([^"]+)"', page.text)[0] for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        assert f"style-src 'self' 'nonce-{nonce}'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/../index.html", "/assets/../index.html", "/assets/%2e%2e/%2e%2e/etc/passwd"])
async def test_no_path_leads_out_of_the_folder(browser: httpx.AsyncClient, path: str):
    answer = await browser.get(path)
    assert answer.status_code == 404 or "<title>DataLab</title>" in answer.text


async def test_a_console_that_was_never_built_says_so_and_is_served_once_it_is(tmp_path: Path):
    transport = httpx.ASGITransport(Console(tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://lab") as browser:
        answer = await browser.get("/")
        assert answer.status_code == 503
        assert "make console" in answer.text
        (tmp_path / "index.html").write_bytes(PAGE)
        assert (await browser.get("/")).status_code == 200
