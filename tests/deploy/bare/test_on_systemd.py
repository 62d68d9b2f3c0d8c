"""The whole platform under a systemd that runs, installed by the script, with all that its units forbid."""

import asyncio
import json
import re
import shlex
import shutil
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.bare.booted import Booted
from tests.deploy.bare.installation import variables, with_free_ports, with_ports
from tests.deploy.bare.load import load
from tests.deploy.engine import DockerFailed, EngineMissing, ensure_engine

from datalab.deploy.apply.ledger import Release
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.renderers.scripts import DEPLOY
from datalab.deploy.renderers.systemd import unit
from datalab.deploy.rendering import Target, render
from datalab.deploy.topology.component import Role
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.fixtures import missing
from datalab.kernel.testing.postgres import fresh_database
from datalab.kernel.testing.process import private_folder
from datalab.kernel.testing.redis import fresh_redis

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1200)]
PATIENCE_S = 400
INSTALL = f"OBSERVED_S=1 bash /clone/{DEPLOY} --with systemd --wheel /wheel/*.whl --release"
COPY = "mkdir -p /srv && cp -r /clone /srv/clone && mkdir /srv/clone/dist && cp /wheel/*.whl /srv/clone/dist"
# A process with one worker has nobody to answer while it is replaced.
TWO_WORKERS = """
install -d /etc/systemd/system/datalab-api-gateway.service.d && cd /etc/systemd/system/datalab-api-gateway.service.d
printf '[Service]\\nEnvironmentFile=/etc/systemd/system/datalab-api-gateway.service.d/variables\\n' >two-workers.conf
echo WORKER_PROCESSES=2 >variables
"""
BREAK = """
cd /opt/datalab/releases && cp -al {first} broken && rm broken/venv/bin/datalab
printf '#!/bin/sh\\ncase $1 in serve) exit 1 ;; esac\\n' >broken/venv/bin/datalab && chmod +x broken/venv/bin/datalab
"""
SECOND = """
cd /opt/datalab/releases && cp -al {first} {second} && rm {second}/venv/bin/datalab {second}/infrastructure -r
sed 's#/{first}/#/{second}/#' <{first}/venv/bin/datalab >{second}/venv/bin/datalab && chmod +x {second}/venv/bin/datalab
cp -r {first}/infrastructure {second}/infrastructure
"""
CHANGED = {"DATALAB_CHANGED": "indeed"}
MOST_EXPOSED = 1.5
"""By systemd's own reckoning, from 0 (nothing to attack) to 10."""


@pytest.fixture(scope="module")
def decided() -> Plan:
    return with_free_ports(plan(Profile.PRODUCTION))


@pytest.fixture(scope="module")
def first(decided: Plan) -> str:
    """The release that is installed at first, by the name that `up` gives it."""
    return Release(decided.version, render(Target.SYSTEMD, decided)).id


@pytest.fixture(scope="module")
def host(decided: Plan, first: str, wheel: Path, postgres_server: str, redis_server: str) -> Generator[Booted]:
    """The platform, running."""
    try:
        ensure_engine()
    except EngineMissing as error:
        missing(str(error))
    folder = private_folder("systemd")
    inside = Path(__file__).with_name("inside.py").read_text()
    booted = Booted(folder, wheel, {**render(Target.SYSTEMD, decided), "inside.py": inside})
    with fresh_database(postgres_server) as database, fresh_redis(redis_server) as redis:
        try:
            booted.boot(variables(database, redis, workers=1))
            booted.sh(TWO_WORKERS)
            booted.sh(COPY)
            booted.sh(f"{INSTALL} {first}", 900)
            yield booted
        finally:
            booted.close()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def url(decided: Plan) -> str:
    """Where the gateway answers."""
    return f"http://127.0.0.1:{decided.component('api-gateway').ports[0].number}"


@pytest.fixture(scope="module")
def key(host: Booted) -> str:
    """An administrator's."""
    starter = "/opt/datalab/current/infrastructure/scripts/run-datalab.sh"
    told = host.sh(f"runuser -u datalab -- bash {starter} admin token create --role admin --json")
    return str(json.loads(told)["token"])


def test_every_unit_runs_within_its_limits(host: Booted, decided: Plan) -> None:
    for component in decided.with_role(Role.SERVICE, Role.WORKER):
        told = _shown(host, unit(component), "ActiveState", "User", "MemoryMax", "NoNewPrivileges", "TimeoutStopUSec")
        assert (told["ActiveState"], told["User"], told["NoNewPrivileges"]) == ("active", "datalab", "yes")
        assert int(told["MemoryMax"]) >= component.resources.limit.memory


def test_a_unit_is_hardly_exposed(host: Booted, decided: Plan) -> None:
    for component in decided.with_role(Role.SERVICE, Role.WORKER):
        told = host.sh(f"systemd-analyze security --no-pager {unit(component)} | tail -n 1")
        exposure = re.search(r": ([0-9.]+) ", told)
        assert exposure, told
        # What draws charts compiles as it runs.
        assert float(exposure[1]) <= MOST_EXPOSED + (0.1 if "viz" in component.name else 0), told


def test_no_process_has_anothers_secret(host: Booted, decided: Plan) -> None:
    for component in decided.with_role(Role.SERVICE, Role.WORKER):
        names = host.sh(f"tr '\\0' '\\n' </proc/{_pid(host, unit(component))}/environ | cut -d= -f1").split()
        assert ("JWT_SECRET" in names) == (component.name == "api-gateway")
        assert ("DATALAB_SERVICE_SECRET" in names) == (component.name != "api-gateway")
        assert "GRAFANA_PASSWORD" not in names


async def test_the_confined_pool_works_behind_the_units_walls(url: str, key: str) -> None:
    uploaded = _asked(url, key, "PUT", "/api/v1/data/datasets/numbers", b"a,b\n1,2\n3,4\n")
    assert json.loads(uploaded)["rows"] == 2
    query = {"sql": "SELECT sum(a * b) AS s FROM numbers", "format": "json"}
    assert json.loads(_asked(url, key, "POST", "/api/v1/data/query", json.dumps(query).encode()))["rows"] == [[14]]
    chart = {"spec": {"mark": "bar", "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}}, "sql": "FROM numbers"}
    image = _asked(url, key, "POST", "/api/v1/viz/render?format=png", json.dumps(chart).encode())
    assert image.startswith(b"\x89PNG")
    job = {"kind": "python", "spec": {"code": "open('/opt/datalab/.env').read()"}}
    begun = json.loads(_asked(url, key, "POST", "/api/v1/compute/jobs", json.dumps(job).encode()))

    async def ended() -> bool:
        return json.loads(_asked(url, key, "GET", f"/api/v1/compute/jobs/{begun['id']}"))["state"] in {"failed", "dead"}

    await eventually(ended, within_s=PATIENCE_S)


async def test_a_restart_of_the_gateway_behind_its_socket_loses_no_request(host: Booted, url: str, key: str) -> None:
    before = _pid(host, "datalab-api-gateway.service")
    async with load(url, key) as told:
        await asyncio.to_thread(host.sh, "systemctl restart datalab-api-gateway.service", PATIENCE_S)

    assert _pid(host, "datalab-api-gateway.service") != before
    assert told.lost == []
    assert told.answered > 20


async def test_a_reload_replaces_workers_and_loses_no_request(host: Booted, url: str, key: str) -> None:
    main = _pid(host, "datalab-api-gateway.service")
    before = set(_workers(host, main))
    async with load(url, key) as told:
        await asyncio.to_thread(host.sh, "systemctl reload datalab-api-gateway.service")

        async def all_anew() -> bool:
            now = await asyncio.to_thread(_workers, host, main)
            return len(now) >= len(before) and not before & set(now)

        await eventually(all_anew, within_s=PATIENCE_S)

    assert _pid(host, "datalab-api-gateway.service") == main
    assert told.lost == []


async def test_each_process_that_is_killed_comes_back(host: Booted, decided: Plan) -> None:
    units = [unit(component) for component in decided.with_role(Role.SERVICE, Role.WORKER)]
    killed = {name: _pid(host, name) for name in units}
    host.sh(f"kill -KILL {' '.join(map(str, killed.values()))}")

    async def all_anew() -> bool:
        now = [await asyncio.to_thread(_shown, host, name, "ActiveState", "MainPID") for name in units]
        return all(
            each["ActiveState"] == "active" and int(each["MainPID"]) not in {0, killed[name]}
            for name, each in zip(units, now, strict=True)
        )

    await eventually(all_anew, within_s=PATIENCE_S)


def test_a_release_that_does_not_get_ready_is_taken_back(host: Booted, first: str) -> None:
    host.sh(BREAK.format(first=first))

    with pytest.raises(DockerFailed, match=f"releases/{first} runs again"):
        host.sh(f"{INSTALL} broken", PATIENCE_S)

    assert host.sh("readlink /opt/datalab/current") == f"releases/{first}"
    assert f"/releases/{first}/" in host.sh(f"cat /proc/{_pid(host, 'datalab-data-service.service')}/cmdline")


def test_logs_are_given_another_name_when_they_have_grown(host: Booted) -> None:
    host.sh("head -c 11000000 /dev/zero | tr '\\0' x >>/var/log/datalab/api-gateway.log")
    host.sh("systemctl start datalab-logrotate.service")

    assert "api-gateway.log.1" in host.sh("ls /var/log/datalab")


def test_up_finds_what_the_script_installed_and_changes_nothing(host: Booted, decided: Plan, first: str) -> None:
    before = _pids(host, decided)

    _verb(host, decided, "up")

    assert _pids(host, decided) == before
    assert _verb(host, decided, "diff") == []
    told = _verb(host, decided, "status")
    assert {(each["release"], each["state"], each["health"]) for each in told} == {(first, "active", "healthy")}
    assert len(told) == len(before)


def test_a_service_is_scaled_until_the_next_release_which_can_be_gone_back_from(
    host: Booted, decided: Plan, first: str
) -> None:
    changed = with_ports(plan(Profile.PRODUCTION, Choices(environment=CHANGED)), _ports(decided))
    second = Release(changed.version, render(Target.SYSTEMD, changed)).id
    host.sh(SECOND.format(first=first, second=second))

    _verb(host, decided, "scale", "data-service", "3")
    assert len(_workers(host, _pid(host, "datalab-data-service.service"))) == 3

    assert "! datalab-data-service.service would be restarted: it runs " + first in _verb(host, changed, "diff")
    _verb(host, changed, "up")
    assert {each["release"] for each in _verb(host, changed, "status")} == {second}
    assert len(_workers(host, _pid(host, "datalab-data-service.service"))) < 3

    assert _verb(host, changed, "rollback") == first
    assert {each["release"] for each in _verb(host, decided, "status")} == {first}


def test_all_is_stopped_and_the_logs_stay(host: Booted, decided: Plan) -> None:
    _verb(host, decided, "down")

    assert {each["state"] for each in _verb(host, decided, "status")} == {"inactive"}
    assert host.sh("systemctl is-enabled datalab.target || true") == "disabled"
    assert _verb(host, decided, "logs", "data-service")


def _verb(host: Booted, decided: Plan, *words: str) -> Any:
    told = json.dumps({"ports": _ports(decided), "environment": dict(decided.choices.environment)})
    python = "/opt/datalab/current/venv/bin/python"
    command = shlex.join((python, "/clone/inside.py", told, *words))
    return json.loads(host.sh(f"cd /srv/clone && OBSERVED_S=1 {command}", 900))


def _ports(decided: Plan) -> dict[str, int]:
    return {each.name: each.ports[0].number for each in decided.with_role(Role.SERVICE, Role.WORKER)}


def _pids(host: Booted, decided: Plan) -> dict[str, int]:
    return {each.name: _pid(host, unit(each)) for each in decided.with_role(Role.SERVICE, Role.WORKER)}


def _asked(url: str, key: str, method: str, path: str, body: bytes | None = None) -> bytes:
    kind = "text/csv" if method == "PUT" else "application/json"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
    request = urllib.request.Request(f"{url}{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def _shown(host: Booted, name: str, *properties: str) -> dict[str, str]:
    told = host.sh(f"systemctl show --property {','.join(properties)} {name}")
    return dict(line.split("=", 1) for line in told.splitlines())


def _pid(host: Booted, name: str) -> int:
    return int(_shown(host, name, "MainPID")["MainPID"])


def _workers(host: Booted, main: int) -> list[int]:
    told = host.sh(f"pgrep --parent {main} --full spawn_main || true")
    return [int(pid) for pid in told.split()]
