"""Handlers of long work: the kind ``sql``."""

from collections.abc import AsyncIterator, Callable

import orjson
from pydantic import JsonValue

from datalab.contracts.data import DataFormat, Upload, UploadMode
from datalab.contracts.errors import InvalidInput, TooLarge
from datalab.contracts.identity import Caller
from datalab.contracts.jobs import JobContext, JobKind, JobResult, SqlJob
from datalab.services.data.actions.api import DataActions
from datalab.services.data.actions.ask import Answer

QUEUE = "data"
SHOWN_ROWS = 100
MAX_ROWS = 100_000_000
_MODES = (UploadMode.CREATE, UploadMode.APPEND, UploadMode.REPLACE)


def data_job_kinds(actions: Callable[[Caller], DataActions]) -> tuple[JobKind, ...]:
    """The kinds with their handlers, which act for the caller that the attempt brings along."""

    async def run_sql(context: JobContext) -> JobResult:
        spec = SqlJob.model_validate(context.job.spec)
        data = actions(context.caller)
        if spec.into is None:
            return await _answer(context, data, spec)
        return await _materialise(context, data, spec, spec.into)

    return (JobKind(name="sql", queue=QUEUE, spec=SqlJob, handler=run_sql),)


async def _materialise(context: JobContext, data: DataActions, spec: SqlJob, into: str) -> JobResult:
    """The answer becomes a version, published once under the job's id however often the job is tried."""
    upload = Upload(mode=_mode(spec.mode), format=DataFormat.PARQUET, publication=context.job.id)
    await context.log(f"running the query into {into}")
    await context.progress(0.05, "running the query")
    async with data.run_long(spec.sql, DataFormat.PARQUET, max_rows=MAX_ROWS, timeout_s=spec.timeout_s) as answer:
        record = await data.publish(into, upload, _whole(context, answer))
    await context.log(f"published version {record.version} of {record.name} with {record.rows:,} rows")
    await context.progress(1.0, "published")
    return {"dataset": str(record.name), "version": record.version, "rows": record.rows, "row_count": record.rows}


async def _whole(context: JobContext, answer: Answer) -> AsyncIterator[bytes]:
    async for chunk in answer:
        yield chunk
    if answer.tail is not None and answer.tail.truncated:
        raise TooLarge(f"the query has more than {MAX_ROWS:,} rows")
    await context.progress(0.6, "publishing")


async def _answer(context: JobContext, data: DataActions, spec: SqlJob) -> JobResult:
    """How many rows there are, and the first of them."""
    await context.log("running the query")
    head = b""
    async with data.run_long(spec.sql, DataFormat.NDJSON, max_rows=MAX_ROWS, timeout_s=spec.timeout_s) as answer:
        async for chunk in answer:
            if head.count(b"\n") < SHOWN_ROWS:
                head += chunk
        columns: list[JsonValue] = [column.model_dump() for column in answer.columns]
        tail = answer.tail
    rows: list[JsonValue] = [list(orjson.loads(line).values()) for line in head.split(b"\n")[:SHOWN_ROWS] if line]
    count = tail.row_count if tail is not None else len(rows)
    await context.log(f"the query has {count:,} rows")
    return {"columns": columns, "rows": rows, "row_count": count}


def _mode(text: str) -> UploadMode:
    if text not in _MODES:
        raise InvalidInput(f"mode: {text[:40]!r} is none of {', '.join(_MODES)}")
    return UploadMode(text)
