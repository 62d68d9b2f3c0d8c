"""Jobs of the kind sql."""

from pathlib import Path
from typing import Any

import pytest
from tests.services.data.conftest import Service

from datalab.contracts.data import SqlRefused
from datalab.contracts.errors import Forbidden, InvalidInput
from datalab.contracts.identity import Caller, Role
from datalab.kernel.testing.identity import caller
from datalab.kernel.testing.jobs import RecordedAttempt, running_job
from datalab.services.data.app import job_kinds

pytestmark = pytest.mark.asyncio(loop_scope="module")


def attempt(spec: dict[str, Any], scratch: Path, who: Caller | None = None) -> RecordedAttempt:
    return RecordedAttempt(running_job("sql", "data", spec), who or caller(), scratch)


async def run(service: Service, context: RecordedAttempt) -> dict[str, Any]:
    (kind,) = job_kinds(service.dependencies, service.actions)
    assert (kind.name, kind.queue) == ("sql", "data")
    return dict(await kind.handler(context))


async def test_a_query_becomes_a_dataset_once(service: Service, tmp_path: Path):
    await service.put("people", "id,name\n1,ada\n2,bob\n")
    spec = {"sql": "SELECT id * 2 AS double, name, now() AS at FROM people", "into": "doubled"}
    context = attempt(spec, tmp_path)
    first = await run(service, context)
    again = await run(service, context)
    assert (first["dataset"], first["version"], first["rows"]) == ("doubled", 0, 2)
    assert again == first
    assert await service.rows("SELECT double, name FROM doubled ORDER BY name") == [[2, "ada"], [4, "bob"]]
    assert context.fractions[-1] == 1.0
    assert any("doubled" in line for line in context.lines)


async def test_modes_of_materialising(service: Service, tmp_path: Path):
    for mode, rows in (("replace", 1), ("append", 2), ("replace", 1)):
        result = await run(service, attempt({"sql": "SELECT 1 AS a", "into": "one", "mode": mode}, tmp_path))
        assert result["rows"] == rows
    with pytest.raises(InvalidInput, match="mode"):
        await run(service, attempt({"sql": "SELECT 1 AS a", "into": "one", "mode": "upsert"}, tmp_path))


async def test_without_a_target_the_first_rows_are_the_result(service: Service, tmp_path: Path):
    result = await run(service, attempt({"sql": "SELECT range AS n, 'x' AS n FROM range(100000)"}, tmp_path))
    assert (result["row_count"], len(result["rows"]), result["rows"][99]) == (100_000, 100, [99, "x"])
    assert [column["name"] for column in result["columns"]] == ["n", "n"]


async def test_a_job_may_do_no_more_than_its_owner(service: Service, tmp_path: Path):
    viewer = caller(Role.VIEWER)
    with pytest.raises(Forbidden, match="editor"):
        await run(service, attempt({"sql": "SELECT 1 AS a", "into": "one"}, tmp_path, viewer))
    assert (await run(service, attempt({"sql": "SELECT 1 AS a"}, tmp_path, viewer)))["row_count"] == 1


async def test_a_refused_statement_fails_the_job(service: Service, tmp_path: Path):
    for spec in ({"sql": "DROP TABLE x"}, {"sql": "SELECT 1 AS a; SELECT 2", "into": "x"}):
        with pytest.raises(SqlRefused):
            await run(service, attempt(spec, tmp_path))
    assert (await service.http.get("/api/v1/data/datasets/x")).status_code == 404
