"""Tasks of a worker of the profile ``ingest``: one commit to a Delta table. The log entry is what publishes a version."""

import json
import time
from pathlib import Path
from typing import Any

from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from datalab.contracts.errors import Conflict
from datalab.kernel.pool.channel import Channel
from datalab.services.data.model.ingest import Commit, CommitRequest, RestoreRequest

CONFIGURATION = {
    "delta.setTransactionRetentionDuration": "interval 3650 days",
    "delta.logRetentionDuration": "interval 3650 days",
    "delta.enableExpiredLogCleanup": "false",
}
"""Publications are looked up, and versions indexed, for as long as a table lives."""
_TRANSACTION_VERSION = 1


def commit(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Carry out a :class:`CommitRequest`; gives ``{"version"}``, which is None when it was published before.

    Raises:
        Conflict: Another version came in between; look again and repeat.
    """
    request = CommitRequest.model_validate(arguments)
    _ = channel
    if request.commit is Commit.CREATE:
        return {"version": _create(request)}
    schema = Schema.from_json(request.table_schema)
    table = _newest(request.folder, schema) if request.expected is None else _at(request.folder, request.expected)
    if table.transaction_version(request.publication) is not None:
        return {"version": None}
    try:
        table.create_write_transaction(
            _actions(request),
            mode=request.commit.value,
            schema=schema,
            commit_properties=_properties(request.publication, request.note),
        )
    except CommitFailedError as error:
        raise Conflict("the dataset changed meanwhile") from error
    return {"version": table.version() + 1}


def restore(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Carry out a :class:`RestoreRequest`; gives ``{"version"}`` as :func:`commit` does.

    Raises:
        Conflict: Another version came in between.
    """
    request = RestoreRequest.model_validate(arguments)
    _ = channel
    table = _at(request.folder, request.expected)
    if table.transaction_version(request.publication) is not None:
        return {"version": None}
    try:
        table.restore(
            request.version,
            commit_properties=_properties(request.publication, request.note),
            protocol_downgrade_allowed=False,
        )
    except CommitFailedError as error:
        raise Conflict("the dataset changed meanwhile") from error
    return {"version": request.expected + 1}


def _create(request: CommitRequest) -> int | None:
    try:
        create_table_with_add_actions(
            request.folder,
            Schema.from_json(request.table_schema),
            _actions(request),
            mode="error",
            name=request.name,
            configuration=CONFIGURATION,
            commit_properties=_properties(request.publication, request.note),
        )
    except (DeltaError, CommitFailedError):
        if _published(request):
            return None
        raise
    return 0


def _published(request: CommitRequest) -> bool:
    try:
        return DeltaTable(request.folder).transaction_version(request.publication) is not None
    except TableNotFoundError:
        return False


def _newest(folder: str, schema: Schema) -> DeltaTable:
    """The table at its newest version, which must have these columns."""
    table = DeltaTable(folder)
    if table.schema() != schema:
        raise Conflict("the dataset's columns changed meanwhile")
    return table


def _at(folder: str, expected: int) -> DeltaTable:
    """The table at its newest version, which must be the expected one for the commit to follow it."""
    table = DeltaTable(folder)
    if table.version() != expected:
        raise Conflict("the dataset changed meanwhile")
    return table


def _actions(request: CommitRequest) -> list[Any]:
    now_ms = int(time.time() * 1000)
    return [
        AddAction(
            path=file.path,
            size=file.bytes,
            partition_values={},
            modification_time=now_ms,
            data_change=True,
            stats=json.dumps({"numRecords": file.rows}),
        )
        for file in request.files
        if (Path(request.folder) / file.path).is_file()
    ]


def _properties(publication: str, note: dict[str, str]) -> CommitProperties:
    return CommitProperties(
        custom_metadata={"datalab": json.dumps(note)},
        max_commit_retries=0,
        app_transactions=[Transaction(publication, _TRANSACTION_VERSION)],
    )
