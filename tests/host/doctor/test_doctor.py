"""What is said of set-ups that are really broken."""

import json
import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from sqlalchemy import text
from tests.cli.command_line import datalab

from datalab.host.doctor import examination
from datalab.host.doctor.checks import (
    confinement,
    home,
    ports,
    postgres,
    redis,
    running,
    sqlite,
    storage,
    traces,
    variables,
)
from datalab.host.doctor.checks import disk as disks
from datalab.host.doctor.checks import secrets as given
from datalab.host.doctor.checks.schemas import of_schemas
from datalab.host.doctor.examination import Check, examine
from datalab.host.doctor.finding import Finding, State
from datalab.host.doctor.setup import Setup, read_setup
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.otlp import collector
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import ServerProcess
from datalab.kernel.testing.processes import inherited

pytestmark = pytest.mark.timeout(300)
PASSWORD = "hunter2-hunter2"
GOOD_SECRET = secrets.token_urlsafe(48)


class Patient:
    """A set-up made of an empty home and the variables that a test adds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._monkeypatch = monkeypatch
        self.home = folder
        for name in set(os.environ) - set(inherited()) | {n for n in os.environ if n.startswith(("OTEL_", "AWS_"))}:
            monkeypatch.delenv(name)
        monkeypatch.setenv("DATALAB_HOME", str(folder))
        self.port = free_port()

    def setup(self, variables: Mapping[str, str]) -> Setup:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        return read_setup(os.environ, self.port)

    async def findings(self, check: Check, **variables: str) -> Sequence[Finding]:
        found = await check(self.setup(variables))
        assert all(one.remedy for one in found if one.state in (State.WARNING, State.BROKEN)), found
        return found

    async def finding(self, check: Check, name: str, **variables: str) -> Finding:
        return next(one for one in await self.findings(check, **variables) if one.check == name)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Patient:
    return Patient(monkeypatch, tmp_path / "home")


async def test_a_fresh_machine_is_healthy_and_left_as_it_was(patient: Patient):
    found = await examine(patient.setup({}))
    assert [one for one in found.findings if one.state is State.BROKEN] == []
    assert found.healthy
    assert not patient.home.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", PASSWORD),
        ("POSTGRES_PORT", PASSWORD),
        ("DATALAB_RATE_LIMIT", "-1"),
        ("DATALAB_STORAGE_CACHE_MIB", "0"),
    ],
)
async def test_a_setting_that_cannot_be_read_is_named_and_the_rest_goes_on(patient: Patient, name: str, value: str):
    found = await examine(patient.setup({name: value}))
    bad = next(one for one in found.findings if one.check == name)
    assert (found.healthy, bad.state) == (False, State.BROKEN)
    assert {"DATALAB_HOME", "console", "storage"} <= {one.check for one in found.findings}
    assert PASSWORD not in found.model_dump_json()


async def test_a_misspelt_variable_gets_a_suggestion(patient: Patient):
    found = await patient.finding(variables.check, "DATALAB_DATA_TABELS", DATALAB_DATA_TABELS="/x")
    assert (found.state, found.remedy) == (State.WARNING, "did you mean DATALAB_DATA_TABLES?")


async def test_variables_that_are_read_are_fine(patient: Patient):
    (found,) = await patient.findings(
        variables.check, DATALAB_DATA_TABLES="/x", DATALAB_URL="http://x", LOG_LEVEL="info"
    )
    assert found.state is State.OK


@pytest.mark.parametrize(
    ("secret", "state"),
    [
        (None, State.OK),
        pytest.param(GOOD_SECRET, State.OK, id="good"),
        ("short", State.BROKEN),
        ("a" * 64, State.BROKEN),
        ("changeme-changeme-changeme-changeme-0123456789", State.BROKEN),
    ],
)
async def test_a_signing_secret_is_long_and_not_guessed(patient: Patient, secret: str | None, state: State):
    found = await patient.finding(given.check, "JWT_SECRET", **({} if secret is None else {"JWT_SECRET": secret}))
    assert found.state is state
    assert secret is None or secret not in found.model_dump_json()


async def test_a_secret_from_a_file_is_judged_like_any_other(patient: Patient, tmp_path: Path):
    path = tmp_path / "jwt"
    path.write_text("short-and-secret\n")
    setup = patient.setup(
        {"JWT_SECRET_FILE": str(path), "POSTGRES_HOST": "127.0.0.1", "POSTGRES_DB": "short-and-secret"}
    )
    found = await examine(setup)
    judged = next(one for one in found.findings if one.check == "JWT_SECRET")
    assert (judged.state, "16 bytes" in judged.detail) == (State.BROKEN, True)
    assert "short-and-secret" not in found.model_dump_json()
    assert next(one for one in found.findings if one.check == "variables").state is State.OK


async def test_a_secrets_file_that_cannot_be_read_is_named_and_the_rest_goes_on(patient: Patient, tmp_path: Path):
    missing = str(tmp_path / "nowhere")
    found = await examine(patient.setup({"DATALAB_SERVICE_SECRET_FILE": missing}))
    bad = next(one for one in found.findings if one.check == "DATALAB_SERVICE_SECRET_FILE")
    assert (found.healthy, bad.state, missing in bad.detail) == (False, State.BROKEN, True)
    assert {"DATALAB_HOME", "console", "storage"} <= {one.check for one in found.findings}


async def test_a_previous_secret_that_is_the_present_one_changes_nothing(patient: Patient):
    variables = {"JWT_SECRET": GOOD_SECRET, "JWT_SECRET_PREVIOUS": GOOD_SECRET}
    found = await patient.finding(given.check, "JWT_SECRET_PREVIOUS", **variables)
    assert (found.state, found.remedy) == (State.WARNING, "unset JWT_SECRET_PREVIOUS")


async def test_a_previous_secret_that_is_too_short_is_to_be_unset(patient: Patient):
    found = await patient.finding(given.check, "JWT_SECRET_PREVIOUS", JWT_SECRET=GOOD_SECRET, JWT_SECRET_PREVIOUS="x")
    assert found.state is State.BROKEN


async def test_a_secret_that_others_may_read_is_broken_and_named(patient: Patient):
    folder = patient.home / "secrets"
    folder.mkdir(parents=True)
    secret = folder / "jwt_secret"
    secret.write_text(GOOD_SECRET)
    secret.chmod(0o644)
    found = await patient.finding(home.check, "secret files")
    assert (found.state, found.remedy) == (State.BROKEN, f"chmod 600 {folder}/*")
    assert "jwt_secret (0644)" in found.detail
    secret.chmod(0o600)
    assert (await patient.finding(home.check, "secret files")).state is State.OK


async def test_a_home_that_is_a_file_is_broken(patient: Patient):
    patient.home.write_text("")
    assert (await patient.finding(home.check, "DATALAB_HOME")).state is State.BROKEN


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_home_that_cannot_be_written_is_broken(patient: Patient):
    patient.home.mkdir(mode=0o500)
    assert (await patient.finding(home.check, "DATALAB_HOME")).state is State.BROKEN
    assert (await patient.finding(storage.check, "storage")).state is State.BROKEN


def test_a_disk_without_room_is_broken(tmp_path: Path):
    assert disks.room("disk", tmp_path / "not" / "there", "free some", least=2**70).state is State.BROKEN


async def test_a_taken_port_names_its_holder(patient: Patient):
    with socket.create_server(("127.0.0.1", patient.port)):
        taken = await patient.finding(ports.check, f"port {patient.port}")
    assert taken.state is State.WARNING
    assert f"process {os.getpid()} " in taken.detail
    assert (await patient.finding(ports.check, f"port {patient.port}")).state is State.OK


async def test_another_server_on_the_port_is_no_platform(patient: Patient):
    with collector() as other:
        patient.port = int(other.url.rsplit(":", 1)[1])
        found = await patient.finding(running.check, "platform")
    assert (found.state, "no DataLab" in found.detail) == (State.WARNING, True)


async def test_services_that_run_apart_must_answer(patient: Patient):
    urls = {
        f"{name}_SERVICE_URL": f"http://127.0.0.1:{free_port()}" for name in ("GATEWAY", "DATA", "AI", "COMPUTE", "VIZ")
    }
    found = await patient.findings(running.check, **urls)
    assert [one.state for one in found] == [State.BROKEN] * 5


async def test_a_postgres_that_was_stopped_is_broken(patient: Patient, own_postgres: tuple[ServerProcess, str]):
    server, url = own_postgres
    server.kill()
    (found,) = await patient.findings(postgres.check, DATABASE_URL=url.replace("postgres@", f"postgres:{PASSWORD}@"))
    assert found.state is State.BROKEN
    assert PASSWORD not in found.detail


async def test_a_wrong_password_is_told_and_not_shown(patient: Patient, own_postgres: tuple[ServerProcess, str]):
    server, url = own_postgres
    (server.folder / "data" / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")
    wrong = url.replace("postgres@", f"postgres:{PASSWORD}@")

    async def refused() -> bool:
        (found, *_) = await patient.findings(postgres.check, DATABASE_URL=wrong)
        return found.state is State.BROKEN and "password" in str(found.remedy) and PASSWORD not in found.detail

    await eventually(refused, within_s=60)


async def test_a_database_that_is_not_there_is_broken(patient: Patient, postgres_url: str):
    (found,) = await patient.findings(postgres.check, DATABASE_URL=f"{postgres_url}_not")
    assert (found.state, str(found.remedy).startswith("create the database")) == (State.BROKEN, True)


async def test_a_postgres_that_was_never_migrated_is_told_for_each_service(patient: Patient, postgres_url: str):
    found = await patient.findings(postgres.check, DATABASE_URL=postgres_url)
    states = {one.check: one.state for one in found}
    assert (states["PostgreSQL"], states["connection pooler"], states["clock"]) == (State.OK,) * 3
    assert states["schema of compute"] is State.BROKEN


async def test_an_old_schema_is_told_until_it_is_migrated(database_url: DatabaseUrl):
    bad = State.WARNING if isinstance(database_url, SqliteFolder) else State.BROKEN

    async def seen() -> State:
        (found,) = await of_schemas(database_url, ("compute",), "datalab migrate")
        return found.state

    assert await seen() is bad
    async with Database(database_url, "compute") as database:
        await migrate(database)
        assert await seen() is State.OK
        async with database.write() as connection:
            older = text("UPDATE alembic_version SET version_num = 'compute_0001' WHERE version_num LIKE 'compute%'")
            await connection.execute(older)
    assert await seen() is bad


async def test_a_damaged_sqlite_file_is_broken(patient: Patient):
    folder = patient.home / "metadata"
    async with Database(SqliteFolder(folder), "compute") as database:
        await migrate(database)
    assert (await patient.finding(sqlite.check, "SQLite file of compute")).state is State.OK
    file = folder / "compute.db"
    content = bytearray(file.read_bytes())
    content[4096 : len(content)] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)
    assert (await patient.finding(sqlite.check, "SQLite file of compute")).state is State.BROKEN
    file.write_text("no database at all, though as long as the head of one would be: " * 20)
    assert (await patient.finding(sqlite.check, "SQLite file of compute")).state is State.BROKEN


async def test_a_redis_is_looked_at_until_it_is_stopped(patient: Patient, own_redis: tuple[ServerProcess, str]):
    server, url = own_redis
    assert (await patient.finding(redis.check, "Redis", REDIS_URL=url)).state is State.OK
    with Redis.from_url(url) as client:
        client.config_set("maxmemory", "100mb")
        client.config_set("maxmemory-policy", "allkeys-lru")
        assert (await patient.finding(redis.check, "Redis eviction")).state is State.WARNING
        client.config_set("requirepass", PASSWORD)
    refused = await patient.finding(redis.check, "Redis")
    assert (refused.state, "REDIS_URL" in str(refused.remedy)) == (State.BROKEN, True)
    server.kill()
    assert (await patient.finding(redis.check, "Redis")).state is State.BROKEN


async def test_a_storage_address_that_cannot_be_read_is_broken(patient: Patient):
    found = await patient.finding(storage.check, "storage", DATALAB_STORAGE_URL="nonsense")
    assert found.state is State.BROKEN


async def test_an_object_store_that_is_away_is_broken(patient: Patient):
    variables = {
        "DATALAB_STORAGE_URL": "s3://bucket/prefix",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": PASSWORD,
    }
    found = await patient.finding(storage.check, "storage", **variables)
    assert found.state is State.BROKEN


async def test_confinement_is_tried(patient: Patient):
    found = await patient.finding(confinement.check, "confined processes")
    assert found.state in (State.OK, State.WARNING), found


async def test_traces_that_cannot_be_sent_are_told(patient: Patient):
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    assert (await patient.finding(traces.check, "traces", **variables)).state is State.WARNING


async def test_a_check_that_fails_itself_is_a_finding_without_secrets(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    async def fails(_setup: Setup) -> Sequence[Finding]:
        raise RuntimeError(f"can't open postgresql://me:{PASSWORD}@host/db with {GOOD_SECRET}")

    monkeypatch.setattr(examination, "CHECKS", {"failing": fails, "traces": traces.check})
    variables = {"DATABASE_URL": f"postgresql://me:{PASSWORD}@host/db", "JWT_SECRET": GOOD_SECRET}
    found = await examine(patient.setup(variables))
    assert [one.check for one in found.findings] == ["failing", "traces"]
    assert "[redacted]" in found.findings[0].detail
    assert PASSWORD not in found.model_dump_json()
    assert GOOD_SECRET not in found.model_dump_json()


def test_the_command_ends_with_1_when_something_is_broken(tmp_path: Path):
    port = str(free_port())
    well = datalab("doctor", "--port", port, home=tmp_path)
    assert well.returncode == 0, well.stdout + well.stderr
    ill = datalab("doctor", "--json", "--port", port, home=tmp_path, JWT_SECRET="short", LOG_LEVEL="loud")
    found = json.loads(ill.stdout)
    assert (ill.returncode, found["healthy"]) == (1, False)
    assert {one["check"] for one in found["findings"] if one["state"] == "broken"} == {"JWT_SECRET", "LOG_LEVEL"}
