"""The OpenAPI document of the whole platform."""

import asyncio

import orjson
from fastapi import Request, Response

from datalab.kernel.auth.require import public
from datalab.kernel.http.etag import etag_of, not_modified
from datalab.kernel.http.routes import service_router
from datalab.services.gateway.routes.bound import ToAll

DOCUMENT_PATH = "/openapi.json"
OWN_DOCUMENT_PATH = "/openapi/gateway.json"

router = service_router()
"""The merged document; the gateway's own is at :data:`OWN_DOCUMENT_PATH`."""


@router.get(DOCUMENT_PATH, include_in_schema=False, **public())
async def get_document(request: Request, to_all: ToAll) -> Response:
    """What all services offer."""
    whole = await to_all.document.whole()
    content = await asyncio.to_thread(orjson.dumps, whole)
    etag = etag_of(content)
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    return not_modified(request, etag) or Response(content, headers=headers, media_type="application/json")
