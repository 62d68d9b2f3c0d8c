"""One call of the API, before it is sent."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from datalab.contracts.model import Contract, PageRequest

SAFE = frozenset({"GET", "HEAD"})
FIRST_PAGE = PageRequest()
DEFAULT_TIMEOUT_S = 60.0
Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """What to ask of which service.

    ``repeatable``: asking twice does what asking once does, so it may be sent again when no answer came; by default as
    the verb says. ``timeout_s`` bounds each wait for the next bytes of the answer, not the whole answer.
    """

    service: str
    method: str
    path: str
    params: Params = ()
    json: bytes | None = None
    body: AsyncIterator[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    timeout_s: float = DEFAULT_TIMEOUT_S
    repeatable: bool | None = None

    @property
    def may_repeat(self) -> bool:
        """Whether it may be sent again though the first one may have been done."""
        if self.body is not None:
            return False
        return self.method in SAFE if self.repeatable is None else self.repeatable

    @property
    def target(self) -> str:
        """The path with its parameters, escaped."""
        return f"{self.path}?{urlencode(self.params)}" if self.params else self.path


def segment(text: str | int) -> str:
    """``text`` as one segment of a path, whatever is in it."""
    escaped = quote(str(text), safe="")
    return {".": "%2E", "..": "%2E%2E"}.get(escaped, escaped)


def body_of(contract: Contract) -> bytes:
    """A contract as JSON; fields left at their defaults are left out, so that older servers understand newer clients."""
    return contract.model_dump_json(exclude_defaults=True).encode()


def body_with_secrets(contract: Contract) -> bytes:
    """A contract as JSON with its secrets readable, for the few calls that must carry them."""
    return json.dumps(contract.model_dump(exclude_defaults=True), default=_revealed).encode()


def _revealed(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def params_of(**given: Any) -> Params:
    """Those that aren't ``None``, as text."""
    return tuple((name, str(value)) for name, value in given.items() if value is not None)


def page_params(page: PageRequest) -> Params:
    """Which page."""
    return params_of(limit=page.limit, cursor=page.cursor)


def once(idempotency_key: str | None) -> dict[str, str]:
    """The header that makes a creation safe to send again."""
    return {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
