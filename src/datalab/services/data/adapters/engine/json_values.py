"""Rows to JSON: integers beyond 64 bits and decimals as strings, NaN and infinities null, times RFC 3339, bytes base64."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from decimal import Decimal
from typing import Any, cast

import orjson

OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_SMALLEST, _GREATEST = -(2**63), 2**64 - 1


def dumps(value: Any) -> bytes:
    """JSON of rows as the engine gives them."""
    try:
        return orjson.dumps(value, _plain, OPTIONS)
    except TypeError:  # an integer or a key that JSON can't hold: rare, so only then is every value looked at
        return orjson.dumps(_narrow(value), _plain, OPTIONS)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | bytearray):
        return b64encode(value).decode()
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, time):
        return value.isoformat()
    return str(value)


def duration(value: timedelta) -> str:
    """ISO 8601."""
    sign = "-" if value < timedelta(0) else ""
    whole = abs(value)
    fraction = f".{whole.microseconds:06d}" if whole.microseconds else ""
    return f"{sign}P{whole.days}DT{whole.seconds}{fraction}S"


def _narrow(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if _SMALLEST <= value <= _GREATEST else str(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {key if isinstance(key, str) else str(key): _narrow(one) for key, one in items}
    if isinstance(value, list | tuple):
        return [_narrow(one) for one in cast("Sequence[Any]", value)]
    return value
