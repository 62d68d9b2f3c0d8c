"""The data service's edge, as far as charts see it, and people who may or may not use it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from datalab.contracts.data import Column, DataApi, Dataset, DatasetNotFound, QueryRequest, QueryResult
from datalab.contracts.errors import Forbidden
from datalab.contracts.identity import Caller

MONTHS = ("month", "INTEGER"), ("origin", "VARCHAR"), ("late", "DOUBLE")
LATE = [(month, origin, 20.0 + month + 2 * place) for month in range(1, 13) for place, origin in enumerate("EJL")]


class FakeData:
    """Answers the queries it was taught, to those who aren't barred."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[Sequence[tuple[str, str]], Sequence[Sequence[Any]]]] = {}
        self.barred: set[str] = set()
        self.asked: list[QueryRequest] = []
        self.teach("SELECT late", MONTHS, LATE)

    def teach(self, sql: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        self.answers[sql] = (columns, rows)

    def __call__(self, caller: Caller) -> DataApi:
        return cast("DataApi", BoundData(self, caller))


class BoundData:
    def __init__(self, data: FakeData, caller: Caller) -> None:
        self._data = data
        self._name = caller.identity.name

    async def query(self, request: QueryRequest) -> QueryResult:
        self._data.asked.append(request)
        if self._name in self._data.barred:
            raise Forbidden(f"{self._name} may not read this")
        if request.sql not in self._data.answers:
            raise DatasetNotFound(request.sql)
        columns, rows = self._data.answers[request.sql]
        shown = rows[: request.max_rows]
        return QueryResult(
            query_id=request.query_id or "q",
            datasets=(),
            columns=tuple(Column(name=name, type=type_) for name, type_ in columns),
            rows=tuple(tuple(row) for row in shown),
            row_count=len(shown),
            truncated=len(shown) < len(rows),
            cached=False,
            elapsed_ms=0.1,
        )

    async def get_dataset(self, name: str) -> Dataset:
        now = datetime.now(UTC)
        return Dataset(
            id="1",
            name=name,
            version=4,
            rows=36,
            bytes=1,
            columns=(),
            description="",
            created_by="ada",
            created_at=now,
            updated_at=now,
        )
