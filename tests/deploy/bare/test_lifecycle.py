"""The verbs on a host without containers: which commands, in which order, and what is told of their answers."""

import getpass
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.deploy.bare.recorder import Recorder

from datalab.contracts.errors import InvalidInput, Unavailable
from datalab.deploy.apply.bare.keeper import Keeper
from datalab.deploy.apply.bare.lifecycle import BareLifecycle
from datalab.deploy.apply.bare.supervisor_keeper import SupervisorKeeper
from datalab.deploy.apply.bare.systemd_keeper import SystemdKeeper
from datalab.deploy.apply.command import CommandFailed, Rehearsal, Runner
from datalab.deploy.apply.ledger import Ledger, ReadLedger, Release
from datalab.deploy.apply.lifecycle import Images, NotWell, RolledBack
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import Host
from datalab.deploy.renderers.scripts import DEPLOY
from datalab.deploy.rendering import Target, render

PROBE = "-m datalab.host.probe"
Verbs = Callable[[str], BareLifecycle]


@pytest.fixture
def runner() -> Recorder:
    return Recorder()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """Folders that the test may write, and the account that runs it."""
    for name in ("opt", "state", "logs", "programs", "units"):
        (tmp_path / name).mkdir()
    opt, state, logs, programs, units = (str(tmp_path / name) for name in ("opt", "state", "logs", "programs", "units"))
    return Host(opt, state, logs, getpass.getuser(), programs, units)


@pytest.fixture
def verbs(runner: Recorder, tmp_path: Path, decided: Plan, host: Host) -> Verbs:
    """The verbs of a target, with a runner that notes."""
    return lambda target: _verbs(target, runner, Ledger(tmp_path / "ledger"), decided, host)


@pytest.fixture
def files(decided: Plan) -> Mapping[str, str]:
    return render(Target.SYSTEMD, decided)


def test_up_writes_the_files_and_runs_the_script(
    verbs: Verbs, runner: Recorder, tmp_path: Path, decided: Plan, files: Mapping[str, str]
) -> None:
    verbs("systemd").up(files, Images.BUILD)

    release = Release(decided.version, files)
    assert (tmp_path / "clone" / DEPLOY).is_file()
    assert runner.changes == [f"bash {DEPLOY} --with systemd --release {release.id} {tmp_path}/clone"]
    assert Ledger(tmp_path / "ledger").current() == release


def test_a_wheel_that_is_there_is_installed(
    verbs: Verbs, runner: Recorder, tmp_path: Path, decided: Plan, files: Mapping[str, str]
) -> None:
    wheel = tmp_path / f"clone/dist/datalab_stack-{decided.version}-py3-none-any.whl"
    wheel.parent.mkdir(parents=True)
    wheel.touch()

    verbs("systemd").up(files, Images.THERE)

    assert f"--wheel {wheel}" in runner.changes[0]


def test_a_wheel_that_is_not_there_is_missed(verbs: Verbs, files: Mapping[str, str]) -> None:
    with pytest.raises(InvalidInput, match="no wheel of version"):
        verbs("systemd").up(files, Images.THERE)


def test_the_database_is_dumped_before_another_version_and_its_password_is_no_argument(
    verbs: Verbs, runner: Recorder, host: Host, files: Mapping[str, str]
) -> None:
    Path(host.root, "current").symlink_to("releases/0.0.9")
    Path(host.variables).write_text("POSTGRES_PASSWORD=correct-horse\nPOSTGRES_PORT=6432\nJWT_SECRET=battery\n")

    verbs("systemd").up(files, Images.BUILD)

    dump, script = runner.commands
    assert str(dump) == f"runuser -u {host.user} -- pg_dump --format=custom --no-password"
    assert dump.environment == {
        "PGHOST": "127.0.0.1",
        "PGPORT": "6432",
        "PGUSER": "datalab",
        "PGPASSWORD": "correct-horse",
        "PGDATABASE": "datalab",
    }
    assert str(dump.into).startswith(f"{host.root}/backups/before-leaving-0.0.9-")
    assert "correct-horse" not in str(script)


def test_the_database_is_not_dumped_when_only_files_change(
    verbs: Verbs, runner: Recorder, host: Host, decided: Plan, files: Mapping[str, str]
) -> None:
    verbs("systemd").up(files, Images.BUILD)
    Path(host.root, "current").symlink_to(f"releases/{Release(decided.version, files).id}")

    verbs("systemd").up({**files, "infrastructure/systemd/logrotate.conf": ""}, Images.BUILD)

    assert not [each for each in runner.changes if "pg_dump" in each]


def test_what_the_script_took_back_is_told_and_the_files_come_back(
    verbs: Verbs, runner: Recorder, tmp_path: Path, decided: Plan, files: Mapping[str, str]
) -> None:
    verbs("systemd").up(files, Images.BUILD)
    changed = {**files, "infrastructure/systemd/logrotate.conf": "another"}
    runner.ends_with["bash"] = 3

    with pytest.raises(RolledBack):
        verbs("systemd").up(changed, Images.BUILD)

    assert (tmp_path / "clone/infrastructure/systemd/logrotate.conf").read_text() != "another"
    assert len(runner.changes) == 2
    assert Ledger(tmp_path / "ledger").current() == Release(decided.version, files)


def test_a_script_that_broke_off_is_run_again(
    verbs: Verbs, runner: Recorder, tmp_path: Path, files: Mapping[str, str]
) -> None:
    runner.ends_with["bash"] = 1
    with pytest.raises(CommandFailed):
        verbs("systemd").up(files, Images.BUILD)
    runner.ends_with.clear()

    verbs("systemd").up(files, Images.BUILD)

    assert len(runner.changes) == 2
    assert Ledger(tmp_path / "ledger").current() is not None


def test_rollback_switches_to_the_release_before_without_installing(
    verbs: Verbs, runner: Recorder, tmp_path: Path, decided: Plan, files: Mapping[str, str]
) -> None:
    changed = {**files, "infrastructure/systemd/logrotate.conf": "another"}
    verbs("systemd").up(files, Images.BUILD)
    verbs("systemd").up(changed, Images.BUILD)

    assert verbs("systemd").rollback() == Release(decided.version, files)

    first = Release(decided.version, files).id
    assert runner.changes[-1] == f"bash {DEPLOY} --with systemd --release {first} --installed {tmp_path}/clone"
    assert (tmp_path / "clone/infrastructure/systemd/logrotate.conf").read_text() != "another"


def test_there_is_nothing_to_go_back_to_at_first(verbs: Verbs) -> None:
    with pytest.raises(InvalidInput, match="nothing was applied before"):
        verbs("supervisor").rollback()


@pytest.mark.parametrize("target", ["systemd", "supervisor"])
def test_a_rehearsal_tells_the_scripts_commands_and_changes_nothing(
    tmp_path: Path, decided: Plan, host: Host, target: str
) -> None:
    said: list[str] = []
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "uv.lock").touch()
    Path(host.root, "current").symlink_to("releases/0.0.9")
    rehearsed = _verbs(target, Rehearsal(said.append), ReadLedger(tmp_path / "ledger"), decided, host)

    rehearsed.up(render(Target(target), decided), Images.BUILD)

    told = "\n".join(said)
    assert "pg_dump --format=custom" in told
    assert f"+ {'systemctl restart datalab-' if target == 'systemd' else 'supervisorctl restart datalab:'}" in told
    assert sorted(path.name for path in clone.iterdir()) == ["uv.lock"]
    assert sorted(path.name for path in Path(host.root).iterdir()) == ["current"]


def test_a_unit_tells_its_release_its_health_and_its_restarts(verbs: Verbs, runner: Recorder) -> None:
    _units(runner, {"datalab-data-service.service": ("active", 71, 2)})
    runner.answers["cat /proc/71/cmdline"] = "/opt/datalab/releases/0.1.0-abc/venv/bin/python\0serve\0"

    told = {each.component: each for each in verbs("systemd").status()}

    data, models = told["data-service"], told["ai-service"]
    assert (data.release, data.state, data.health, data.restarts) == ("0.1.0-abc", "active", "unhealthy", 2)
    assert (models.release, models.state, models.health) == ("", "missing", "")
    assert len(told) == 9


def test_a_program_tells_its_release_and_its_health_and_nobody_counted(verbs: Verbs, runner: Recorder) -> None:
    runner.answers["supervisorctl status"] = (
        "datalab:data-service-0   RUNNING   pid 71, uptime 0:01:02\ndatalab:data-service-1   FATAL     Exited too quickly\n"
    )
    runner.answers["cat /proc/71/cmdline"] = "/opt/datalab/releases/0.1.0/venv/bin/python\0"
    runner.answers[_probe(8001)] = ""

    told = {each.name: each for each in verbs("supervisor").status()}

    first, second = told["data-service-0"], told["data-service-1"]
    assert (first.release, first.state, first.health, first.restarts) == ("0.1.0", "running", "healthy", None)
    assert (second.release, second.state) == ("", "fatal")
    assert told["viz-worker-0"].state == "missing"


def test_a_supervisor_that_does_not_answer_is_no_missing_program(verbs: Verbs, runner: Recorder) -> None:
    runner.answers["supervisorctl status"] = "unix:///run/supervisor.sock no such file\n"

    with pytest.raises(Unavailable, match="no such file"):
        verbs("supervisor").status()


def test_a_service_under_systemd_is_scaled_by_its_processes(verbs: Verbs, runner: Recorder, host: Host) -> None:
    runner.answers[_probe(8001)] = ""

    verbs("systemd").scale("data-service", 4)

    unit = "datalab-data-service.service"
    folder = Path(host.units, f"{unit}.d")
    assert (folder / "scaled.env").read_text() == "WORKER_PROCESSES=4\n"
    assert f"EnvironmentFile={folder}/scaled.env" in (folder / "scaled.conf").read_text()
    assert runner.changes == ["systemctl daemon-reload", f"systemctl restart {unit}"]


@pytest.mark.parametrize(
    ("name", "number", "why"),
    [("data-service", 1, "of 2 to 15 processes"), ("data-worker", 2, "runs once"), ("redis", 2, "no process of this")],
)
def test_what_systemd_can_not_scale_it_says(verbs: Verbs, runner: Recorder, name: str, number: int, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        verbs("systemd").scale(name, number)

    assert runner.changes == []


def test_programs_are_started_and_stopped_as_far_as_there_are_some(verbs: Verbs, runner: Recorder) -> None:
    runner.answers["supervisorctl status"] = "datalab:data-service-1   STOPPED   Not started\n"
    runner.answers[_probe(8001)] = runner.answers[_probe(8011)] = ""

    verbs("supervisor").scale("data-service", 2)
    verbs("supervisor").scale("ai-service", 0)
    with pytest.raises(InvalidInput, match=r"replicas.data-service = 3 in datalab.toml"):
        verbs("supervisor").scale("data-service", 3)

    assert runner.changes == [
        "supervisorctl start datalab:data-service-0",
        "supervisorctl start datalab:data-service-1",
        "supervisorctl stop datalab:ai-service-1",
        "supervisorctl stop datalab:ai-service-0",
    ]


def test_one_that_does_not_get_ready_is_told(verbs: Verbs, runner: Recorder) -> None:
    runner.answers["supervisorctl status"] = "datalab:data-service-0   STOPPED   Not started\n"

    with pytest.raises(NotWell, match="data-service on port 8001"):
        verbs("supervisor").scale("data-service", 1)


def test_diff_tells_files_units_and_processes(verbs: Verbs, runner: Recorder, host: Host, decided: Plan) -> None:
    files = render(Target.SYSTEMD, decided)
    verbs("systemd").up(files, Images.BUILD)
    for path, text in files.items():
        if path.startswith("infrastructure/systemd/"):
            Path(host.units, Path(path).name).write_text(text)
    Path(host.units, "datalab-viz-worker.service").write_text("by hand")
    _units(runner, {"datalab-data-service.service": ("active", 71, 0), "datalab-ai-service.service": ("active", 72, 0)})
    runner.answers["cat /proc/71/cmdline"] = f"/releases/{Release(decided.version, files).id}/"
    runner.answers["cat /proc/72/cmdline"] = "/releases/older/"

    lines = verbs("systemd").diff(files)

    assert f"! {host.units}/datalab-viz-worker.service would be installed anew" in lines
    assert "! datalab-ai-service.service would be restarted: it runs older" in lines
    assert "! datalab-viz-service.service would be started" in lines
    assert not [line for line in lines if "data-service.service" in line or line.startswith(("+", "-"))]


def test_logs_are_those_of_every_instance(verbs: Verbs, runner: Recorder, host: Host) -> None:
    for name in ("data-service-0.log", "data-service-1.log"):
        Path(host.logs, name).touch()
    runner.answers["tail --lines=7"] = "the last lines"

    assert verbs("supervisor").logs("data-service", 7) == "the last lines"
    with pytest.raises(InvalidInput, match="nothing was written yet"):
        verbs("supervisor").logs("ai-service", 7)


def test_down_stops_all_and_starts_nothing_at_boot(verbs: Verbs, runner: Recorder, host: Host) -> None:
    verbs("systemd").down()
    verbs("supervisor").down()

    disabled, stopped, *others = runner.changes
    assert disabled == "systemctl disable --quiet datalab.target"
    assert stopped.startswith("systemctl stop datalab.target datalab-api-gateway.socket ")
    assert stopped.endswith(" datalab-viz-worker.service")
    assert others == [f"rm -f {host.programs}/datalab.conf", "supervisorctl update datalab"]


def _verbs(target: str, runner: Runner, ledger: Ledger, decided: Plan, host: Host) -> BareLifecycle:
    kinds: Mapping[str, Callable[[Runner, Plan, Host], Keeper]]
    kinds = {"systemd": SystemdKeeper, "supervisor": SupervisorKeeper}
    keeper = kinds[target](runner, decided, host)
    clone = Path(host.root).parent / "clone"
    return BareLifecycle(runner, clone, ledger, decided, lambda _: None, keeper=keeper, host=host)


def _units(runner: Recorder, known: Mapping[str, tuple[str, int, int]]) -> None:
    names = [
        *(f"datalab-{each}.service" for each in ("api-gateway", "data-service", "ai-service", "compute-service")),
        *(f"datalab-{each}.service" for each in ("viz-service", "data-worker", "ai-worker", "compute-worker")),
        "datalab-viz-worker.service",
    ]
    blocks: list[str] = []
    for name in names:
        state, pid, restarts = known.get(name, ("inactive", 0, 0))
        load = "loaded" if name in known else "not-found"
        blocks.append(f"Id={name}\nLoadState={load}\nActiveState={state}\nMainPID={pid}\nNRestarts={restarts}\n")
    runner.answers["systemctl show"] = "\n".join(blocks)


def _probe(port: int) -> str:
    return f"{sys.executable} {PROBE} {port} /ready"
