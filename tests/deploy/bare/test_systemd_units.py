"""systemd's own checker reads every unit, and each unit says what keeps it small."""

import shutil
from configparser import RawConfigParser
from pathlib import Path

import pytest
from tests.deploy.bare.programs import judged, program

from datalab.catalog import SERVICES
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.systemd import render_systemd

UNITS = "etc/systemd/system"
SYSTEMS_OWN = Path("/lib/systemd/system")
SECRETS = ("JWT_SECRET", "DATA_SERVICE_SECRET", "AI_SERVICE_SECRET", "COMPUTE_SERVICE_SECRET", "VIZ_SERVICE_SECRET")


@pytest.fixture
def units(decided: Plan) -> dict[str, str]:
    return {Path(path).name: text for path, text in render_systemd(decided).items()}


@pytest.fixture
def root(tmp_path: Path, units: dict[str, str]) -> Path:
    """A host as far as the checker looks at one: its units, and the programs that ours start."""
    program("systemd-analyze")
    shutil.copytree(SYSTEMS_OWN, tmp_path / "usr/lib/systemd/system", symlinks=True)
    for path in ("opt/datalab/current/venv/bin/datalab", "bin/sh", "bin/kill", "usr/sbin/logrotate"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch(0o755)
    (tmp_path / UNITS).mkdir(parents=True)
    for name, text in units.items():
        (tmp_path / UNITS / name).write_text(text)
    return tmp_path


def test_the_checker_finds_nothing_in_any_unit(root: Path) -> None:
    _, said = judged("systemd-analyze", "verify", "--man=no", f"--root={root}", *_ours(root))

    assert said == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("KillMode=mixed", "KillMode=gentle"), ("NoNewPrivileges=yes", "NoNewPrivilege=yes"), ("RestartSec=10", "")],
)
def test_the_checker_finds_what_is_wrong(root: Path, right: str, wrong: str) -> None:
    unit = root / UNITS / "datalab-data-service.service"
    broken = unit.read_text().replace(right, wrong or "ExecStart=relative/program")
    unit.write_text(broken)

    _, said = judged("systemd-analyze", "verify", "--man=no", f"--root={root}", *_ours(root))

    assert "datalab-data-service.service" in said


def test_every_service_and_worker_has_a_unit_by_its_deployed_name(units: dict[str, str]) -> None:
    names = {name for each in SERVICES.values() for name in (each.deployed_name, each.worker) if name}

    assert {f"datalab-{name}.service" for name in names} <= units.keys()


def test_every_service_has_a_socket_that_stays_while_it_is_restarted(units: dict[str, str]) -> None:
    for service in SERVICES.values():
        socket = f"datalab-{service.deployed_name}.socket"
        assert _read(units[socket])["Socket"]["ListenStream"] == f"127.0.0.1:{service.port}"
        assert _read(units[socket.replace(".socket", ".service")])["Unit"]["Requires"] == socket


def test_a_unit_may_write_one_folder_and_gain_nothing(units: dict[str, str]) -> None:
    for name in _processes(units):
        service = _read(units[name])["Service"]
        assert service["User"] == "datalab"
        assert service["ProtectSystem"] == "strict"
        assert service["ReadWritePaths"].startswith("/var/lib/datalab/")
        assert " " not in service["ReadWritePaths"]
        assert service["NoNewPrivileges"] == service["PrivateTmp"] == service["ProtectHome"] == "yes"
        assert service["CapabilityBoundingSet"] == ""
        assert service["LimitNOFILE"] == "65536"


def test_a_unit_is_restarted_after_ten_seconds_and_stopped_when_requests_are_over(
    decided: Plan, units: dict[str, str]
) -> None:
    for name in _processes(units):
        service = _read(units[name])["Service"]
        component = decided.component(name.removeprefix("datalab-").removesuffix(".service"))
        assert (service["Restart"], service["RestartSec"]) == ("on-failure", "10")
        assert int(service["TimeoutStopSec"]) == component.update.drain_s
        assert service["KillMode"] == "mixed"


def test_a_unit_keeps_no_secret_but_its_own(units: dict[str, str]) -> None:
    taken = {name: _read(units[name])["Service"]["UnsetEnvironment"].split() for name in _processes(units)}

    assert not {"JWT_SECRET", "JWT_SECRET_PREVIOUS"} & set(taken["datalab-api-gateway.service"])
    assert set(taken["datalab-data-service.service"]).issuperset(set(SECRETS) - {"DATA_SERVICE_SECRET"})
    assert set(taken["datalab-viz-worker.service"]).issuperset(set(SECRETS) - {"COMPUTE_SERVICE_SECRET"})


def _ours(root: Path) -> list[Path]:
    return [path for path in sorted((root / UNITS).iterdir()) if path.suffix != ".conf"]


def _processes(units: dict[str, str]) -> list[str]:
    names = (name for name in units if name.endswith(("-gateway.service", "-service.service", "-worker.service")))
    return sorted(names)


def _read(text: str) -> RawConfigParser:
    """A unit; of a key that stands twice the last counts, which is enough for those that are asked for here."""
    parser = RawConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    parser.read_string(text)
    return parser
