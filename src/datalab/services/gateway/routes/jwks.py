"""The public keys of access tokens."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from datalab.kernel.auth.keys import JWKS_PATH
from datalab.kernel.auth.require import public

API_JWKS_PATH = "/api/v1" + JWKS_PATH


def jwks_routes(document: Mapping[str, Any]) -> APIRouter:
    """The same document at its well-known place and under the API."""
    router = APIRouter(tags=["keys"])

    @router.get(JWKS_PATH, **public())
    async def get_keys(response: Response) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set."""
        response.headers["Cache-Control"] = "public, max-age=300"
        return dict(document)

    @router.get(API_JWKS_PATH, **public())
    async def get_api_keys(response: Response) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set."""
        return await get_keys(response)

    _ = get_api_keys
    return router
