"""A page of a dataset's rows."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from datalab.contracts.data import Column, DatasetRead, RowsRequest, VersionNotFound
from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.services.data.actions.access import readable
from datalab.services.data.actions.ask import ROW_ENCODINGS, Answer, Question, ask
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.views import Seen, view_of
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.model.row_query import row_statement
from datalab.services.data.model.statement import Statement

PAGE_S = 60.0


@asynccontextmanager
async def page_of_rows(parts: Parts, caller: Caller, name: str, request: RowsRequest) -> AsyncGenerator[Answer]:
    """Stream the page; its tail is ``truncated`` when more rows follow.

    Raises:
        DatasetNotFound, VersionNotFound: Nothing of that name, version or moment.
        InvalidInput: A filter, an order or a selection can't be; it names the column and what would be right.
    """
    record = await readable(parts, caller, name)
    version, columns = await _state(parts, record, request)
    made = row_statement((record.namespace, record.table), columns, request)
    view = await view_of(parts, record, version, record.table)
    seen = Seen(view, DatasetRead(name=str(record.name), version=version, narrowed_by=()))
    statement = Statement(
        sql=made.sql,
        params=list(made.params),
        views=(view,),
        max_rows=request.limit,
        hold_bytes=parts.limits.page_hold_bytes,
        encoding=ROW_ENCODINGS[request.format],
        limits=parts.limits.statement,
    )
    question = Question(statement, request.format, PAGE_S, new_id(), listed=False, seen=(seen,))
    async with ask(parts, caller, question) as answer:
        answer.version = version
        yield answer


async def _state(parts: Parts, record: DatasetRecord, request: RowsRequest) -> tuple[int, tuple[Column, ...]]:
    if request.version is not None and request.at is not None:
        raise InvalidInput("version, at: name one of them")
    if request.version is not None:
        found = await parts.catalogue.version(record.id, request.version)
        wanted: object = request.version
    elif request.at is not None:
        found = await parts.catalogue.version_at(record.id, request.at)
        wanted = f"as of {request.at.isoformat()}"
    else:
        return record.version, record.columns
    if found is None:
        raise VersionNotFound(str(record.name), wanted)
    return found.version, found.columns
