"""A dataset that was deleted and can still be brought back."""

import base64
import binascii
from datetime import UTC, datetime, timedelta

from datalab.contracts.data import DeletedDataset
from datalab.contracts.errors import InvalidInput
from datalab.contracts.model import Contract
from datalab.services.data.model.dataset import DatasetRecord

_START = datetime(1970, 1, 1, tzinfo=UTC)


class DeletedPlace(Contract):
    """Where a page after this one begins."""

    deleted_at: datetime
    id: str

    def encoded(self) -> str:
        """As it travels."""
        micros = (self.deleted_at - _START) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(f"{micros}.{self.id}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, cursor: str) -> "DeletedPlace":
        """The place in a cursor.

        Raises:
            InvalidInput: Not one that a list of deleted datasets gave.
        """
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
            micros, _, dataset_id = text.partition(".")
            return cls(deleted_at=_START + timedelta(microseconds=int(micros)), id=dataset_id)
        except (binascii.Error, ValueError, OverflowError) as error:
            raise InvalidInput("cursor: not one that this list gave; begin without a cursor") from error


class DeletedRecord(Contract):
    """A dataset as it was, who deleted it and when."""

    record: DatasetRecord
    deleted_at: datetime
    deleted_by: str | None

    @property
    def place(self) -> DeletedPlace:
        """Where it is in the list."""
        return DeletedPlace(deleted_at=self.deleted_at, id=self.record.id)

    def public(self, kept_s: float) -> DeletedDataset:
        """What callers see of it."""
        return DeletedDataset(
            deleted_at=self.deleted_at,
            deleted_by=self.deleted_by,
            kept_until=self.deleted_at + timedelta(seconds=kept_s),
            **self.record.public().model_dump(),
        )
