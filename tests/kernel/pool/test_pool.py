"""What calls get back, and what becomes of their children."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest
import uvloop

from datalab.contracts.errors import DeadlineExceeded, MemoryLimitExceeded, NotFound, StorageFull
from datalab.kernel.pool.errors import PoolBusy, PoolClosed, WorkerDied, WorkerFailed
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile

FOREVER = 60.0
TASKS = Path(__file__).parent
Until = Callable[[Callable[[], bool]], Awaitable[None]]


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid)


async def test_nothing_is_started_before_the_first_call(pool: Pool):
    assert pool.snapshot()["test"].started == 0


async def test_result_is_what_the_function_returned(pool: Pool):
    assert await pool.call("test", "pool_tasks:echo", {"a": [1, None, "ü"]}, timeout_s=FOREVER) == {"a": [1, None, "ü"]}


async def test_a_path_argument_arrives_as_text(pool: Pool):
    assert await pool.call("test", "pool_tasks:echo", {"p": Path("/x")}, timeout_s=FOREVER) == {"p": "/x"}


async def test_calls_in_turn_share_one_child(pool: Pool):
    pids = {await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER) for _ in range(5)}
    assert len(pids) == 1
    assert pool.snapshot()["test"].started == 1


async def test_progress_and_every_kind_of_output_is_told(pool: Pool):
    progress: list[tuple[float, str]] = []
    lines: list[str] = []

    async def hear(line: str) -> None:
        lines.append(line)

    result = await pool.call(
        "test",
        "pool_tasks:report",
        {},
        timeout_s=FOREVER,
        on_progress=lambda fraction, message: progress.append((fraction, message)),
        on_log=hear,
    )
    assert result == "reported"
    assert progress == [(0.5, "half"), (1.0, "whole")]
    assert sorted(lines) == ["native", "printed", "said"]


async def test_a_failing_listener_ends_the_call(pool: Pool):
    def refuse(fraction: float, message: str) -> None:
        raise LookupError(message)

    with pytest.raises(LookupError, match="half"):
        await pool.call("test", "pool_tasks:report", {}, timeout_s=FOREVER, on_progress=refuse)
    assert await pool.call("test", "pool_tasks:echo", 1, timeout_s=FOREVER) == 1


async def test_a_platform_error_is_raised_again_as_its_class(pool: Pool):
    with pytest.raises(NotFound, match="no dataset is named 'x'") as caught:
        await pool.call("test", "pool_tasks:not_found", {}, timeout_s=FOREVER)
    assert caught.value.errors[0].where == "path.name"
    assert pool.snapshot()["test"].killed == 0


async def test_an_unforeseen_exception_hides_its_words(pool: Pool):
    with pytest.raises(WorkerFailed) as caught:
        await pool.call("test", "pool_tasks:divide_by_zero", {"zero": 0}, timeout_s=FOREVER)
    assert "ZeroDivisionError" in caught.value.detail
    assert "division by zero" not in caught.value.detail


async def test_a_result_without_json_form_fails(pool: Pool):
    with pytest.raises(WorkerFailed, match="TypeError"):
        await pool.call("test", "pool_tasks:find_object", {}, timeout_s=FOREVER)


async def test_an_unknown_entry_fails(pool: Pool):
    with pytest.raises(WorkerFailed, match="AttributeError"):
        await pool.call("test", "pool_tasks:nowhere", {}, timeout_s=FOREVER)


async def test_a_module_that_cannot_be_preloaded_fails_the_start(open_pool: Callable[..., Pool]):
    with pytest.raises(WorkerDied, match="could not be started"):
        await open_pool(preload=("no_such_module",)).call("test", "pool_tasks:echo", {}, timeout_s=FOREVER)


@pytest.mark.parametrize(
    ("entry", "arguments", "words"), [("exit_with", {"status": 3}, "status 3"), ("crash", {}, "SIGSEGV")]
)
async def test_the_death_of_a_child_says_how_it_died(pool: Pool, entry: str, arguments: dict[str, int], words: str):
    with pytest.raises(WorkerDied, match=words):
        await pool.call("test", f"pool_tasks:{entry}", arguments, timeout_s=FOREVER)
    assert await pool.call("test", "pool_tasks:echo", "again", timeout_s=FOREVER) == "again"


async def test_the_deadline_kills_an_endless_loop(pool: Pool, until: Until):
    pid = await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER)
    with pytest.raises(DeadlineExceeded):
        await pool.call("test", "pool_tasks:spin", {}, timeout_s=0.2)
    await until(lambda: gone(pid))
    assert pool.snapshot()["test"].killed == 1


async def test_cancelling_a_call_kills_its_child(pool: Pool, until: Until):
    pid = await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER)
    call = asyncio.create_task(pool.call("test", "pool_tasks:spin", {}, timeout_s=FOREVER))
    await until(lambda: pool.snapshot()["test"].running == 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await until(lambda: gone(pid))


async def test_a_killed_child_is_replaced_before_anybody_asks(pool: Pool):
    with pytest.raises(DeadlineExceeded):
        await pool.call("test", "pool_tasks:spin", {}, timeout_s=0.1)
    assert pool.snapshot()["test"].warm == 1


async def test_a_child_that_died_while_idle_is_replaced(pool: Pool):
    pid = await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER)
    os.kill(pid, signal.SIGKILL)
    assert await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER) != pid


@pytest.mark.parametrize("entry", ["allocate_at_once", "allocate_gradually"])
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds memory")
async def test_a_memory_bomb_meets_its_limit(open_pool: Callable[..., Pool], entry: str):
    pool = open_pool(memory_bytes=256 * 2**20)
    with pytest.raises(MemoryLimitExceeded, match="256 MiB"):
        await pool.call("test", f"pool_tasks:{entry}", {}, timeout_s=FOREVER)


async def test_a_disk_that_a_task_found_full_is_told_as_such(pool: Pool):
    with pytest.raises(StorageFull, match="full"):
        await pool.call("test", "pool_tasks:find_no_room", {}, timeout_s=FOREVER)


async def test_a_killed_child_takes_no_other_call_with_it(pool: Pool):
    await pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER)
    other = asyncio.create_task(pool.call("test", "pool_tasks:sleep", {"seconds": 0.5}, timeout_s=FOREVER))
    with pytest.raises(DeadlineExceeded):
        await pool.call("test", "pool_tasks:spin", {}, timeout_s=0.1)
    assert await other > 0


async def test_more_calls_than_children_queue(open_pool: Callable[..., Pool]):
    pool = open_pool(concurrency=2)
    calls = [pool.call("test", "pool_tasks:sleep", {"seconds": 0.1}, timeout_s=FOREVER) for _ in range(6)]
    pids = await asyncio.gather(*calls)
    assert len(set(pids)) == pool.snapshot()["test"].started == 2


async def test_who_would_not_wait_is_told_that_all_are_busy(open_pool: Callable[..., Pool], until: Until):
    pool = open_pool(concurrency=1)
    busy = asyncio.create_task(pool.call("test", "pool_tasks:sleep", {"seconds": 5}, timeout_s=FOREVER))
    await until(lambda: pool.snapshot()["test"].running == 1)
    with pytest.raises(PoolBusy):
        await pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER, queue_s=0.05)
    busy.cancel()


async def test_a_child_is_replaced_after_its_share_of_calls(open_pool: Callable[..., Pool]):
    pool = open_pool(max_tasks=2)
    pids = [await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert pool.snapshot()["test"].killed == 0


async def test_an_idle_child_is_given_back(open_pool: Callable[..., Pool], until: Until):
    pool = open_pool(idle_s=0.05)
    pid = await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER)
    await until(lambda: gone(pid))
    assert pool.snapshot()["test"].warm == 0


async def test_warming_up_starts_a_child_that_the_first_call_uses(pool: Pool):
    pool.warm_up("test")
    assert pool.snapshot()["test"].warm == 1
    await pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER)
    assert pool.snapshot()["test"].started == 1


async def test_a_call_cancelled_during_the_start_leaves_its_child_to_the_next(pool: Pool, until: Until):
    call = asyncio.create_task(pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER))
    await until(lambda: pool.snapshot()["test"].started == 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER)
    assert pool.snapshot()["test"].started == 1


async def test_closing_ends_calls_children_and_folders(pool: Pool, tmp_path: Path, until: Until):
    pid = await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER)
    call = asyncio.create_task(pool.call("test", "pool_tasks:spin", {}, timeout_s=FOREVER))
    await until(lambda: pool.snapshot()["test"].running == 1)
    await pool.close()
    with pytest.raises(PoolClosed):
        await call
    assert gone(pid)
    assert list((tmp_path / "scratch").iterdir()) == []
    with pytest.raises(PoolClosed):
        await pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER)


async def test_closing_while_a_child_warms_leaves_nothing(pool: Pool, tmp_path: Path):
    call = asyncio.create_task(pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await pool.close()
    with pytest.raises(PoolClosed):
        await call
    assert pool.snapshot()["test"].running == pool.snapshot()["test"].warm == 0


async def test_children_have_no_input_and_leave_interrupts_to_the_parent(pool: Pool):
    assert await pool.call("test", "pool_tasks:standard_input", {}, timeout_s=FOREVER) == ""
    assert await pool.call("test", "pool_tasks:interrupt_handling", {}, timeout_s=FOREVER) is True


async def test_secrets_of_the_service_stay_out_of_the_child(tmp_path: Path):
    secrets = {"JWT_SECRET": "s", "DATABASE_URL": "d", "DATALAB_SERVICE_SECRET": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    variables = {**os.environ, "TZ": "Europe/Berlin", **secrets}
    async with Pool([Profile("test")], scratch=tmp_path, import_path=[TASKS], variables=variables) as pool:
        seen = await pool.call("test", "pool_tasks:environment", {}, timeout_s=FOREVER)
    assert seen["TZ"] == "Europe/Berlin"
    assert seen["OMP_NUM_THREADS"] == "1"
    assert not secrets.keys() & seen.keys()


def test_a_pool_works_on_uvloop(tmp_path: Path):
    async def work() -> int:
        async with Pool([Profile("test")], scratch=tmp_path, import_path=[TASKS]) as pool:
            with pytest.raises(DeadlineExceeded):
                await pool.call("test", "pool_tasks:spin", {}, timeout_s=0.1)
            return await pool.call("test", "pool_tasks:echo", 7, timeout_s=FOREVER)

    assert uvloop.run(work()) == 7


PARENT = """
import asyncio, sys
from pathlib import Path
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile

async def main():
    scratch, tasks = Path(sys.argv[1]), Path(sys.argv[2])
    pool = Pool([Profile("test", concurrency=2)], scratch=scratch, import_path=[tasks])
    pids = await asyncio.gather(*[pool.call("test", "pool_tasks:sleep", {"seconds": 0.2}, timeout_s=60) for _ in "ab"])
    spinning = asyncio.create_task(pool.call("test", "pool_tasks:spin", {}, timeout_s=60))
    await asyncio.sleep(0.2)
    print(*pids, flush=True)
    await spinning

asyncio.run(main())
"""


async def test_children_and_folders_do_not_outlive_a_killed_parent(pool: Pool, tmp_path: Path, until: Until):
    arguments = [sys.executable, "-c", PARENT, str(tmp_path / "scratch"), str(TASKS)]
    parent = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220
    assert parent.stdout is not None
    line = await asyncio.to_thread(parent.stdout.readline)
    pids = [int(pid) for pid in line.split()]
    assert len(set(pids)) == 2
    parent.kill()
    await asyncio.to_thread(parent.communicate)
    await until(lambda: all(gone(pid) for pid in pids))
    abandoned = set((tmp_path / "scratch").iterdir())
    assert abandoned
    await pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER)
    assert not abandoned & set((tmp_path / "scratch").iterdir())
