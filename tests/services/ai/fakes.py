"""The other services at the edge of ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa
from tests.services.ai.flights import stream_bytes

from datalab.contracts.data import Column, DataFormat, Dataset, DatasetNotFound, QueryRequest
from datalab.contracts.errors import IdempotencyMismatch
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import Job, JobSubmission
from datalab.kernel.testing.jobs import running_job

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Pieces:
    """An answer in pieces of a thousand bytes."""

    content: bytes
    format: DataFormat = DataFormat.ARROW
    query_id: str = "q"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.content), 1000):
            yield self.content[start : start + 1000]


@dataclass
class FakeData:
    """The data service: whole tables, and ``SELECT * FROM`` them."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    asked: list[QueryRequest] = field(default_factory=list)

    async def get_dataset(self, name: str) -> Dataset:
        if name not in self.tables:
            raise DatasetNotFound(name)
        table = self.tables[name]
        return Dataset(
            id=new_id(),
            name=name,
            version=4,
            rows=table.num_rows,
            bytes=1,
            columns=tuple(Column(name=one.name, type=str(one.type)) for one in table.schema),
            description="",
            created_by="ada",
            created_at=NOW,
            updated_at=NOW,
        )

    @asynccontextmanager
    async def query_stream(self, request: QueryRequest) -> AsyncIterator[Pieces]:
        self.asked.append(request)
        table = next(table for name, table in self.tables.items() if name in request.sql)
        yield Pieces(stream_bytes(table.slice(0, request.max_rows)))


@dataclass
class FakeCompute:
    """The compute service: remembers what was submitted."""

    jobs: list[Job] = field(default_factory=list)
    keys: dict[str, Job] = field(default_factory=dict)

    async def submit(self, submission: JobSubmission, idempotency_key: str | None = None) -> Job:
        known = self.keys.get(idempotency_key or "")
        if known is not None and known.spec != submission.spec:
            raise IdempotencyMismatch("used before")
        if known is not None:
            return known
        job = running_job(submission.kind, "ai", submission.spec)
        self.jobs.append(job)
        if idempotency_key is not None:
            self.keys[idempotency_key] = job
        return job
