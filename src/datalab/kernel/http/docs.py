"""The page on which operations are read and tried. All of it is served from here: it works without the internet."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import Response

from datalab.kernel.http.etag import etag_of, not_modified

DOCS_PATH = "/docs"
_OURS = Path(__file__).parent / "docs_page"
_SWAGGER_UI = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".html": "text/html"}
DOCS_PATHS = frozenset({DOCS_PATH, *(f"{DOCS_PATH}/{name}" for name in ("start.js", *_SWAGGER_UI))})
_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # Swagger UI sets styles at its elements and draws its arrows from data: links; scripts come from here only.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


def add_docs(app: FastAPI) -> None:
    """Serve the page and its files; it shows ``/openapi.json``."""

    async def page(request: Request) -> Response:
        return _answer(request, "index.html")

    async def file(request: Request) -> Response:
        return _answer(request, request.url.path.rpartition("/")[2])

    app.add_route(DOCS_PATH, page, include_in_schema=False)
    for path in DOCS_PATHS - {DOCS_PATH}:
        app.add_route(path, file, include_in_schema=False)


def _answer(request: Request, name: str) -> Response:
    content, etag = _content(name)
    media_type = _TYPES[Path(name).suffix]
    return not_modified(request, etag) or Response(content, headers={**_HEADERS, "ETag": etag}, media_type=media_type)


@cache
def _content(name: str) -> tuple[bytes, str]:
    content = (_swagger_ui() / name if name in _SWAGGER_UI else _OURS / name).read_bytes()
    return content, etag_of(content)


def _swagger_ui() -> Path:
    """Where the distribution that carries Swagger UI's files put them; its code, which isn't needed, isn't run."""
    found = find_spec("fastapi_swagger")
    if found is None or found.origin is None:
        raise FileNotFoundError("fastapi-swagger is not installed")
    return Path(found.origin).parent / "resources"
