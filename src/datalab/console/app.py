"""The console as an ASGI application: built files, and the one page for every other path."""

from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from datalab.console.assets import FOLDER, INDEX, Asset, read_assets
from datalab.console.policy import HEADERS, PLACEHOLDER, content_policy, new_nonce
from datalab.contracts.errors import MethodNotAllowed
from datalab.kernel.http.context import request_id_of
from datalab.kernel.http.etag import not_modified
from datalab.kernel.http.problems import problem_response

_METHODS = ("GET", "HEAD")
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_FILES = "/assets/"
_UNBUILT = b"""<!doctype html>
<html lang="en">
<title>DataLab</title>
<h1>The console was not built</h1>
<p>The platform runs, its console doesn't: run <code>make console</code> in the checkout, which needs the npm registry,
then load this page again.</p>
<p>The same platform answers at <a href="/docs">/api/v1</a>, on the command line and in Python.</p>
"""


class Console:
    """Serves what ``make console`` built; says so when that is missing."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._assets = read_assets(folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope)
        response = self._answer(request)
        response.headers.update(HEADERS)
        if request.method == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.method not in _METHODS:
            return _refused(request)
        if not self._assets:
            self._assets = read_assets(self._folder)
        path = request.url.path
        asset = self._assets.get(path)
        if asset is not None and path != INDEX:
            return not_modified(request, asset.etag) or _file(request, asset)
        if path.startswith(_FILES):
            return Response("not in this version of the console\n", HTTPStatus.NOT_FOUND, {"Cache-Control": "no-store"})
        index = self._assets.get(INDEX)
        if index is None:
            return _unbuilt()
        return not_modified(request, index.etag) or _page(index)


def _file(request: Request, asset: Asset) -> Response:
    accepted = _accepted(request)
    coding = next((one for one in asset.encoded if one in accepted), None)
    headers = {"ETag": asset.etag, "Cache-Control": _FOREVER if asset.hashed else _ASK}
    if asset.encoded:
        headers["Vary"] = "Accept-Encoding"
    if coding is None:
        return Response(asset.content, headers=headers, media_type=asset.media_type)
    return Response(asset.encoded[coding], headers={**headers, "Content-Encoding": coding}, media_type=asset.media_type)


def _page(index: Asset) -> Response:
    # A 304 carries no policy, so that the page a browser kept goes on under the nonce it was sent with.
    nonce = new_nonce()
    headers = {"ETag": index.etag, "Cache-Control": _ASK, "Content-Security-Policy": content_policy(nonce)}
    return Response(index.content.replace(PLACEHOLDER, nonce.encode()), headers=headers, media_type=index.media_type)


def _unbuilt() -> Response:
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": content_policy(new_nonce())}
    return Response(_UNBUILT, HTTPStatus.SERVICE_UNAVAILABLE, headers, media_type="text/html")


def _refused(request: Request) -> Response:
    error = MethodNotAllowed(f"{request.method} is not possible here: only the console's pages are; the API is /api/v1")
    response = problem_response(error, request_id_of(request.headers))
    response.headers["Allow"] = ", ".join(_METHODS)
    return response


def _accepted(request: Request) -> set[str]:
    codings = (part.replace(" ", "") for part in request.headers.get("accept-encoding", "").lower().split(","))
    return {coding.split(";")[0] for coding in codings if not coding.endswith((";q=0", ";q=0.0"))}
