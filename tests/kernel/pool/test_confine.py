"""What a child can't reach."""

import asyncio
import errno
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from datalab.kernel.pool.confine import offered_confinement
from datalab.kernel.pool.errors import WorkerFailed
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.refused import AARCH64, X86_64

FOREVER = 60.0
OFFERED = offered_confinement()
REFUSED = f"PermissionError {errno.EPERM}"
needs_files = pytest.mark.skipif(not OFFERED.files, reason="this kernel has no Landlock")
needs_filter = pytest.mark.skipif(not OFFERED.processes, reason="this kernel filters no system calls")


async def test_the_report_of_a_child_is_what_the_host_offers(pool: Pool):
    assert pool.confinement("test") is None
    await pool.call("test", "pool_tasks:echo", {}, timeout_s=FOREVER)
    assert pool.confinement("test") == OFFERED


@needs_files
async def test_a_file_outside_the_granted_folders_is_refused(open_pool: Callable[..., Pool], tmp_path: Path):
    granted, other = tmp_path / "granted", tmp_path / "other"
    granted.mkdir()
    (granted / "file").write_text("seen")
    other.write_text("unseen")
    pool = open_pool(reads=(granted,))
    assert await pool.call("test", "pool_tasks:read_file", {"path": granted / "file"}, timeout_s=FOREVER) == "seen"
    for path in (other, granted / ".." / "other", Path("/etc/passwd"), Path("/proc/1/environ")):
        assert await pool.call("test", "pool_tasks:try_to_read", {"path": path}, timeout_s=FOREVER) == (
            f"PermissionError {errno.EACCES}"
        )


@needs_files
async def test_a_link_out_of_a_granted_folder_is_refused(open_pool: Callable[..., Pool], tmp_path: Path):
    granted = tmp_path / "granted"
    granted.mkdir()
    (tmp_path / "other").write_text("unseen")
    (granted / "link").symlink_to(tmp_path / "other")
    with pytest.raises(WorkerFailed, match="PermissionError"):
        await open_pool(reads=(granted,)).call(
            "test", "pool_tasks:read_file", {"path": granted / "link"}, timeout_s=FOREVER
        )


@needs_files
async def test_a_readable_folder_is_not_writable(open_pool: Callable[..., Pool], tmp_path: Path):
    reads, writes = tmp_path / "reads", tmp_path / "writes"
    pool = open_pool(reads=(reads,), writes=(writes,))
    await pool.call("test", "pool_tasks:write_file", {"path": writes / "file"}, timeout_s=FOREVER)
    assert (writes / "file").read_text() == "written"
    with pytest.raises(WorkerFailed, match="PermissionError"):
        await pool.call("test", "pool_tasks:write_file", {"path": reads / "file"}, timeout_s=FOREVER)


async def test_scratch_is_writable_and_goes_with_the_child(open_pool: Callable[..., Pool], tmp_path: Path):
    pool = open_pool(max_tasks=1)
    scratch = Path(await pool.call("test", "pool_tasks:write_scratch", {}, timeout_s=FOREVER))
    assert scratch.parent.parent == tmp_path / "scratch"
    await pool.close()
    assert scratch.name.startswith("test-")
    assert not await asyncio.to_thread(scratch.exists)


@needs_filter
async def test_no_socket_opens_but_a_connected_pair(pool: Pool):
    assert await pool.call("test", "pool_tasks:open_sockets", {}, timeout_s=FOREVER) == {
        "inet": REFUSED,
        "inet6": REFUSED,
        "unix": REFUSED,
        "datagram_pair": REFUSED,
        "stream_pair": "done",
    }


@needs_filter
async def test_no_program_starts_and_no_process_is_signalled(pool: Pool):
    outcomes = await pool.call("test", "pool_tasks:start_processes", {}, timeout_s=FOREVER)
    assert outcomes == dict.fromkeys(("exec", "fork", "run", "kill_parent"), REFUSED)


@needs_filter
async def test_modes_of_files_stay_as_they_are(pool: Pool):
    outcomes = await pool.call("test", "pool_tasks:change_modes", {}, timeout_s=FOREVER)
    assert outcomes == dict.fromkeys(("chmod", "chown"), REFUSED)


async def test_threads_start_and_work(pool: Pool):
    assert await pool.call("test", "pool_tasks:run_threads", {}, timeout_s=FOREVER) == [0, 2, 4, 6, 8, 10, 12, 14]


async def test_pools_of_threads_need_a_grant_of_semaphores(open_pool: Callable[..., Pool]):
    granted = open_pool(semaphores=True)
    assert await granted.call("test", "pool_tasks:run_thread_pool", {}, timeout_s=FOREVER) == [0, 1, 4]


@needs_files
async def test_shared_memory_of_others_cannot_be_listed(open_pool: Callable[..., Pool]):
    arguments = {"path": "/dev/shm"}
    for pool in (open_pool(), open_pool(semaphores=True)):
        assert await pool.call("test", "pool_tasks:try_to_list", arguments, timeout_s=FOREVER) == (
            f"PermissionError {errno.EACCES}"
        )


async def test_modules_are_imported_before_and_after_the_walls(open_pool: Callable[..., Pool]):
    pool = open_pool(preload=("colorsys",), preload_confined=("pool_preload",))
    assert await pool.call("test", "pool_tasks:imported", {}, timeout_s=FOREVER) == {
        "colorsys": True,
        "pool_preload": True,
        "wave": False,
    }


async def test_root_keeps_no_capability(pool: Pool):
    status = await pool.call("test", "pool_tasks:read_file", {"path": "/proc/self/status"}, timeout_s=FOREVER)
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16) == 0
    assert fields["NoNewPrivs"] == "1"


@pytest.mark.parametrize(
    ("header", "pattern", "numbers"),
    [
        ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", r"#define __NR_(\w+) (\d+)", X86_64),
        ("/usr/include/asm-generic/unistd.h", r"#define __NR(?:3264)?_(\w+) (\d+)", AARCH64),
    ],
)
def test_numbers_of_refused_calls_are_the_kernels(header: str, pattern: str, numbers: dict[str, int]):
    if not Path(header).exists():
        pytest.skip(f"{header} isn't installed here")
    known = {name: int(number) for name, number in re.findall(pattern, Path(header).read_text())}
    assert {name: known[name] for name in numbers if name in known} == {
        name: number for name, number in numbers.items() if name in known
    }
    assert {"socket", "clone", "execve", "bpf", "kill", "prctl"} <= known.keys()
