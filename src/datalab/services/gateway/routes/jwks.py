"""The public keys of access tokens."""

from typing import Any

from fastapi import Response

from datalab.kernel.auth.keys import JWKS_PATH
from datalab.kernel.auth.require import public
from datalab.kernel.http.routes import service_router
from datalab.services.gateway.routes.bound import ToAll

API_JWKS_PATH = "/api/v1" + JWKS_PATH

router = service_router(tag="keys")
"""The same document at its well-known place and under the API."""


@router.get(JWKS_PATH, **public())
async def get_keys(response: Response, to_all: ToAll) -> dict[str, Any]:
    """The public keys as a JSON Web Key Set."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return dict(to_all.keys)


@router.get(API_JWKS_PATH, **public())
async def get_api_keys(response: Response, to_all: ToAll) -> dict[str, Any]:
    """The public keys as a JSON Web Key Set."""
    return await get_keys(response, to_all)
