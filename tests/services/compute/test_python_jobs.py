"""Users' code, in the confined process that runs it."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from datalab.contracts.jobs import Job, JobState
from datalab.kernel.database.url import SqliteFolder
from datalab.kernel.pool.confine import offered_confinement
from datalab.kernel.pool.pool import Pool
from datalab.kernel.testing.fixtures import missing
from datalab.services.compute.app import build, host_refusals, job_kinds, pool_profiles
from datalab.services.compute.jobs import python_refusal
from datalab.services.compute.model.kinds import KNOWN_KINDS
from datalab.services.compute.settings import ComputeSettings

from .conftest import ADA, Compute, bearer

SETTINGS = ComputeSettings(poll_s=0.1, python_memory_bytes=2**29)


@pytest.fixture
def database_url(tmp_path: Path) -> SqliteFolder:
    """What the code does is the same on both."""
    return SqliteFolder(tmp_path / "databases")


@pytest.fixture
async def python(compute: Compute, tmp_path: Path) -> AsyncGenerator[Compute]:
    if host_refusals():
        missing(host_refusals()["python"])
    compute.dependencies = replace(compute.dependencies, kinds=KNOWN_KINDS)
    async with Pool(pool_profiles(SETTINGS), scratch=tmp_path / "pool") as pool:
        await compute.start_executor(queues=["compute"], kinds=job_kinds(pool))
        yield compute
        await compute.stack.aclose()


async def ran(compute: Compute, code: str, **options: Any) -> tuple[Job, list[str]]:
    spec = {"code": code} | options
    job = await compute.submit("python", spec=spec)
    ended = await compute.end(job.id)
    page = await compute.api(ADA).logs(job.id)
    return ended, [line.message or "" for line in page.items]


async def test_what_the_code_leaves_is_the_result_and_what_it_prints_the_log(python: Compute) -> None:
    job, log = await ran(python, "print('adding')\nresult = {'sum': sum(range(10))}")
    assert (job.state, job.result, log) == (JobState.SUCCEEDED, {"sum": 45}, ["adding"])


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("result = [1, 2]", {"value": [1, 2]}),
        ("def result():\n    return {'a': 1}", {"a": 1}),
        ("pass", {}),
        ("import sys\nresult = {'b': 2}\nsys.exit()", {"b": 2}),
    ],
)
async def test_a_result_is_an_object(python: Compute, code: str, result: dict[str, Any]) -> None:
    job, _ = await ran(python, code)
    assert job.result == result


async def test_an_error_names_its_line_and_leaves_its_traceback_in_the_log(python: Compute) -> None:
    job, log = await ran(python, "x = 1\nraise ValueError('no such flight')")
    assert job.error is not None
    assert (job.state, job.error.code, job.attempt) == (JobState.FAILED, "python_failed", 1)
    assert job.error.detail == "ValueError in line 2 of the code: no such flight"
    assert "raise ValueError('no such flight')" in "\n".join(log)


async def test_code_that_is_no_python_says_where(python: Compute) -> None:
    job, _ = await ran(python, "a = 1\nb = = 2")
    assert job.error is not None
    assert job.error.detail.startswith("SyntaxError in line 2 of the code: ")


async def test_a_result_that_is_not_json_fails(python: Compute) -> None:
    job, _ = await ran(python, "result = {'file': open}")
    assert job.error is not None
    assert "JSON" in job.error.detail


async def test_code_that_does_not_end_is_stopped(python: Compute) -> None:
    job, _ = await ran(python, "while True: pass", timeout_s=0.5)
    assert job.error is not None
    assert (job.state, job.error.code) == (JobState.FAILED, "deadline_exceeded")


async def test_code_that_ends_its_process_fails_once(python: Compute) -> None:
    job, _ = await ran(python, "import os\nos._exit(3)")
    assert job.error is not None
    assert (job.state, job.error.code, job.attempt) == (JobState.FAILED, "python_failed", 1)


async def test_code_that_wants_too_much_memory_fails(python: Compute) -> None:
    job, _ = await ran(python, "x = bytearray(2**32)")
    assert job.error is not None
    assert (job.state, job.error.code) == (JobState.FAILED, "memory_limit_exceeded")


@pytest.mark.parametrize(
    "code",
    [
        "import socket\nsocket.create_connection(('127.0.0.1', 22), 1)",
        "import subprocess\nsubprocess.run(['/bin/true'])",
        "import os\nos.fork()",
        "open('/etc/passwd').read()",
        "import os\nos.kill(os.getppid(), 9)",
        "open('/proc/1/environ').read()",
    ],
)
async def test_code_does_not_get_out(python: Compute, code: str) -> None:
    job, _ = await ran(python, code)
    assert (job.state, job.error and job.error.code) == (JobState.FAILED, "python_failed")


async def test_code_sees_no_secret_of_the_platform(python: Compute) -> None:
    job, _ = await ran(python, "import os\nresult = dict(os.environ)")
    assert job.result is not None
    assert not [name for name in job.result if "SECRET" in name or "DATABASE" in name or "TOKEN" in name]


async def test_a_second_jobs_process_knows_nothing_of_the_first(python: Compute) -> None:
    leave = "import builtins, os\nbuiltins.left = 1\nopen('left', 'w').close()"
    await ran(python, leave)
    job, _ = await ran(python, "import builtins, os\nresult = [hasattr(builtins, 'left'), os.path.exists('left')]")
    assert job.result == {"value": [False, False]}


async def test_a_host_that_cant_confine_refuses_and_is_degraded(compute: Compute) -> None:
    walls = replace(offered_confinement(), files=False, missing=("files: this kernel has no Landlock",))
    reason = python_refusal(walls)
    assert reason is not None
    dependencies = replace(compute.dependencies, kinds=KNOWN_KINDS, refusals={"python": reason})
    transport = httpx.ASGITransport(app=build(dependencies))
    async with httpx.AsyncClient(transport=transport, base_url="http://compute") as client:
        body = {"kind": "python", "spec": {"code": "pass"}}
        answer = await client.post("/api/v1/compute/jobs", json=body, headers=bearer(ADA))
        ready = (await client.get("/ready")).json()
    assert (answer.status_code, answer.json()["code"]) == (422, "job_kind_refused")
    assert "Landlock" in answer.json()["detail"]
    assert (ready["ready"], ready["status"]) == (True, "degraded")
