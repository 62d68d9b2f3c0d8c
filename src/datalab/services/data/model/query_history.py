"""Queries as they are remembered, and pages of them."""

import base64
import binascii
from datetime import UTC, datetime, timedelta

from datalab.contracts.data import QueryStatus
from datalab.contracts.errors import InvalidInput
from datalab.contracts.model import Contract

LOST_AFTER_S = 15.0
"""A running query whose process told nothing for so long has ended with it."""
LOST = "the process that ran it has ended"
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_ID = 64


class KnownQuery(Contract):
    """A query of a subject; ``listed`` when it is one that somebody wrote."""

    subject: str
    listed: bool
    status: QueryStatus


class QueryPlace(Contract):
    """Where a page after this query begins."""

    started_at: datetime
    query_id: str

    @classmethod
    def of(cls, status: QueryStatus) -> "QueryPlace":
        """After this query."""
        return cls(started_at=status.started_at, query_id=status.query_id)

    def encoded(self) -> str:
        """As it travels."""
        micros = (self.started_at - _START) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(f"{micros}.{self.query_id}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, cursor: str) -> "QueryPlace":
        """The place in a cursor.

        Raises:
            InvalidInput: Not one that a list of queries gave.
        """
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
            micros, _, query_id = text.partition(".")
            return cls(started_at=_START + timedelta(microseconds=int(micros)), query_id=query_id[:_MAX_ID])
        except (binascii.Error, ValueError, OverflowError) as error:
            raise InvalidInput("cursor: not one that this list gave; begin without a cursor") from error
