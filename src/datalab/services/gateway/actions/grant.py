"""Requests for tokens (RFC 6749, RFC 8693) and who answers them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from datalab.contracts.errors import InvalidInput
from datalab.contracts.gateway import SessionKind
from datalab.contracts.identity import Role
from datalab.kernel.auth.claims import AUDIENCE
from datalab.services.gateway.actions.issue import Issued, Issuer
from datalab.services.gateway.actions.sessions import Asking, Opened, SignIns

PASSWORD = "password"  # noqa: S105 # a grant type
API_KEY = "urn:datalab:params:oauth:grant-type:api-key"
REFRESH_TOKEN = "refresh_token"  # noqa: S105 # a grant type
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 # a grant type
USER_ID = "urn:datalab:params:oauth:token-type:user-id"
GRANTS = (PASSWORD, REFRESH_TOKEN, API_KEY, TOKEN_EXCHANGE)

V = TypeVar("V")
Text = Annotated[str, Field(max_length=2048, pattern=r"^[^\x00]*$")]


class TokenRequest(BaseModel):
    """A request for an access token; parameters that a grant doesn't know are ignored, as RFC 6749 asks."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="ignore")

    grant_type: Text
    username: Text | None = None
    password: Annotated[SecretStr, Field(max_length=1024)] | None = None
    refresh_token: Annotated[SecretStr, Field(max_length=256)] | None = None
    api_key: Annotated[SecretStr, Field(max_length=256)] | None = None
    client_id: Text | None = None
    client_secret: Annotated[SecretStr, Field(max_length=1024)] | None = None
    subject_token: Text | None = None
    subject_token_type: Text | None = None
    audience: Text | None = None
    scope: Text | None = None
    role: Role = Role.ADMIN


@dataclass(frozen=True, slots=True)
class Granted:
    """An access token, and what gives the next one if anything does."""

    issued: Issued
    refresh_token: str | None


async def grant(issuer: Issuer, sign_ins: SignIns, request: TokenRequest, asking: Asking) -> Granted:
    """The token that is asked for; for a password or a refresh token with the next refresh token.

    Raises:
        InvalidInput: A parameter is missing, or the grant isn't known.
        InvalidCredentials: What should prove the caller is wrong.
        SubjectRefused: The account to act for is gone or disabled.
    """
    if request.grant_type == PASSWORD:
        username = _given(request.username, "username")
        password = _given(request.password, "password")
        return _lasting(await sign_ins.open(username, password, SessionKind.PROGRAM, asking.origin))
    if request.grant_type == REFRESH_TOKEN:
        return _lasting(await sign_ins.refresh(_given(request.refresh_token, "refresh_token"), asking))
    if request.grant_type == API_KEY:
        return Granted(await issuer.for_key(_given(request.api_key, "api_key").get_secret_value()), None)
    if request.grant_type == TOKEN_EXCHANGE:
        return Granted(await _exchange(issuer, request), None)
    raise InvalidInput(f"grant_type: {request.grant_type[:100]!r} is not known here; it is one of {', '.join(GRANTS)}")


def _lasting(opened: Opened) -> Granted:
    return Granted(opened.issued, opened.secret)


async def _exchange(issuer: Issuer, request: TokenRequest) -> Issued:
    secret = _given(request.client_secret, "client_secret")
    service = issuer.authenticate_service(_given(request.client_id, "client_id"), secret)
    if request.subject_token_type != USER_ID:
        raise InvalidInput(f"subject_token_type: must be {USER_ID}")
    if request.audience not in (None, AUDIENCE):
        raise InvalidInput(f"audience: must be {AUDIENCE}")
    owner = _given(request.subject_token, "subject_token")
    scopes = frozenset(_given(request.scope, "scope").split())
    return await issuer.on_behalf(service, owner, scopes, at_most=request.role)


def _given(value: V | None, name: str) -> V:
    if value is None or value == "":
        raise InvalidInput(f"{name}: missing, and this grant needs it")
    return value
