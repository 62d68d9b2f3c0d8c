"""The whole platform on this host under supervisor, as its own account, installed by the script and behind nginx."""

import asyncio
import json
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import urllib.request
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest
from tests.deploy.bare.installation import USER, Installation
from tests.deploy.bare.load import load

from datalab.deploy.apply.bare.lifecycle import BareLifecycle
from datalab.deploy.apply.ledger import Release
from datalab.deploy.apply.lifecycle import Images, RolledBack
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Profile, plan
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.fixtures import missing
from datalab.kernel.testing.postgres import fresh_database
from datalab.kernel.testing.process import private_folder
from datalab.kernel.testing.redis import fresh_redis

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1200)]
PATIENCE_S = 400
ONCE = {"ai-service": 1, "compute-service": 1, "viz-service": 1}
"""Two instances of the gateway and of data are enough to see one take over from another."""


@pytest.fixture(scope="module")
def account() -> Generator[None]:
    """The platform's account, taken away again where the script had to make it."""
    if os.geteuid() != 0:
        missing("accounts are made by root")
    was_there = USER in {each.pw_name for each in pwd.getpwall()}
    yield
    if not was_there:
        subprocess.run(["userdel", USER], check=False, capture_output=True)


@pytest.fixture(scope="module")
def installed(account: None, wheel: Path, postgres_server: str, redis_server: str) -> Generator[Installation]:
    """The first release, running."""
    folder = private_folder("bare")
    folder.chmod(0o755)
    decided = plan(Profile.PRODUCTION, Choices(replicas=ONCE))
    with fresh_database(postgres_server) as database, fresh_redis(redis_server) as redis:
        installation = Installation(folder, decided, wheel, database=database, redis=redis)
        try:
            installation.begin()
            with installation.verbs() as verbs:
                verbs.up(installation.files, Images.THERE)
            installation.serve_to_the_world()
            yield installation
        finally:
            installation.close()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def key(installed: Installation) -> str:
    """An administrator's."""
    return str(json.loads(installed.admin("token", "create", "--role", "admin", "--json"))["token"])


def test_every_process_runs_as_its_own_account_without_anothers_secret(installed: Installation) -> None:
    for name in installed.names():
        process = psutil.Process(installed.pid(name))
        assert process.username() == USER
        assert ("JWT_SECRET" in process.environ()) == name.startswith("api-gateway")
        assert not any("SECRET" in word or "PASSWORD" in word for word in process.cmdline())


def test_it_works_from_end_to_end_behind_nginx(installed: Installation, key: str) -> None:
    uploaded = _asked(installed, key, "PUT", "/api/v1/data/datasets/numbers", b"a,b\n1,2\n3,4\n")
    query = json.dumps({"sql": "SELECT sum(a * b) AS s FROM numbers", "format": "json"}).encode()

    assert uploaded["rows"] == 2
    assert _asked(installed, key, "POST", "/api/v1/data/query", query)["rows"] == [[14]]


async def test_a_job_with_users_code_is_run_by_its_worker(installed: Installation, key: str) -> None:
    job = json.dumps({"kind": "python", "spec": {"code": "print(6 * 7)"}}).encode()
    begun = _asked(installed, key, "POST", "/api/v1/compute/jobs", job)

    async def ended() -> bool:
        told = _asked(installed, key, "GET", f"/api/v1/compute/jobs/{begun['id']}")
        return told["state"] not in {"queued", "running"}

    await eventually(ended, within_s=PATIENCE_S)
    assert _asked(installed, key, "GET", f"/api/v1/compute/jobs/{begun['id']}")["state"] == "succeeded"


async def test_a_rolling_restart_of_the_gateway_loses_no_request(installed: Installation, key: str) -> None:
    async with load(installed.url, key) as told:
        for name in ("api-gateway-0", "api-gateway-1"):
            await asyncio.to_thread(installed.supervisorctl, "restart", f"datalab:{name}")
            await _until_ready(installed, name)

    assert told.lost == []
    assert told.answered > 20


async def test_each_process_that_is_killed_comes_back(installed: Installation) -> None:
    killed = {name: installed.pid(name) for name in installed.names()}
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)

    async def all_anew() -> bool:
        return all(installed.pid(name) not in {0, pid} for name, pid in killed.items())

    await eventually(all_anew, within_s=PATIENCE_S)
    for name in killed:
        if "worker" not in name:
            await _until_ready(installed, name)


def test_every_program_tells_its_release_and_that_it_is_well(installed: Installation) -> None:
    with installed.verbs() as verbs:
        told = verbs.status()
        assert verbs.diff(installed.files) == []

    assert {each.name for each in told} == set(installed.names())
    assert {(each.release, each.state, each.health) for each in told} == {(_first(installed).id, "running", "healthy")}


def test_one_of_two_instances_is_stopped_and_started(installed: Installation) -> None:
    with installed.verbs() as verbs:
        verbs.scale("data-service", 1)
        assert _states(verbs)["data-service-1"] == "stopped"
        verbs.scale("data-service", 2)
        assert _states(verbs)["data-service-1"] == "running"


def test_a_release_that_does_not_get_ready_is_taken_back(installed: Installation) -> None:
    files = {**installed.files, "infrastructure/broken": "indeed"}
    release = Release(installed.plan.version, files).id
    installed.installed_too(release, "#!/bin/sh\ncase $1 in serve) exit 1 ;; esac\n")

    with installed.verbs() as verbs, pytest.raises(RolledBack):
        verbs.up(files, Images.THERE)

    _all_run(installed, _first(installed).id)


def test_a_deployment_that_is_repeated_changes_nothing(installed: Installation) -> None:
    before = {name: installed.pid(name) for name in installed.names()}

    with installed.verbs() as verbs:
        verbs.up(installed.files, Images.THERE)

    assert {name: installed.pid(name) for name in installed.names()} == before


def test_another_version_follows_a_dump_and_can_be_gone_back_from(installed: Installation) -> None:
    second = Release("99.0.0", installed.files)
    installed.installed_too(second.id)

    with installed.verbs(second.version) as verbs:
        verbs.up(second.files, Images.BUILD)
        _all_run(installed, second.id)
        (dump,) = Path(installed.host.root, "backups").iterdir()
        assert dump.read_bytes().startswith(b"PGDMP")
        assert dump.stat().st_mode & 0o077 == 0

        assert verbs.rollback() == _first(installed)

    _all_run(installed, _first(installed).id)


def test_logs_are_told_and_all_is_stopped(installed: Installation) -> None:
    with installed.verbs() as verbs:
        assert "startup complete" in verbs.logs("api-gateway", 200)
        verbs.down()
        assert {each.state for each in verbs.status()} == {"missing"}
    assert Path(installed.host.variables).is_file()


def _first(installed: Installation) -> Release:
    return Release(installed.plan.version, installed.files)


def _all_run(installed: Installation, release: str) -> None:
    assert Path(installed.host.root, "current").readlink() == Path("releases", release)
    for name in installed.names():
        assert any(f"/releases/{release}/" in word for word in psutil.Process(installed.pid(name)).cmdline())


def _states(verbs: BareLifecycle) -> dict[str, str]:
    return {each.name: each.state for each in verbs.status()}


def _asked(installed: Installation, key: str, method: str, path: str, body: bytes | None = None) -> dict[str, object]:
    trusting = ssl.create_default_context(cafile=f"{installed.host.certificates}/fullchain.pem")
    kind = "text/csv" if method == "PUT" else "application/json"
    request = urllib.request.Request(
        f"{installed.url}{path}", body, {"Authorization": f"Bearer {key}", "Content-Type": kind}, method=method
    )
    with urllib.request.urlopen(request, timeout=60, context=trusting) as answer:
        return json.loads(answer.read())


async def _until_ready(installed: Installation, name: str) -> None:
    async def ready() -> bool:
        return await asyncio.to_thread(_is_ready, installed.port_of(name))

    await eventually(ready, within_s=PATIENCE_S)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False
