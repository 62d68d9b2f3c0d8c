"""supervisor's own parser reads the programs; the script that starts them hands out variables and keeps secrets apart."""

import subprocess
from pathlib import Path

import pytest
from supervisor.options import ServerOptions
from tests.deploy.bare.programs import judged

from datalab.deploy.choices import Choices
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.renderers.bare_host import STARTER, Host
from datalab.deploy.renderers.scripts import render_scripts
from datalab.deploy.renderers.supervisor import CONFIGURATION, render_supervisor

HEAD = "[supervisord]\nnodaemon=true\nlogfile={logs}/supervisord.log\npidfile={logs}/supervisord.pid\n"
SECRETS = """# a comment, and an empty line

JWT_SECRET=of-the-gateway
export DATA_SERVICE_SECRET="of the data service"
AI_SERVICE_SECRET='$(touch {stolen})'
COMPUTE_SERVICE_SECRET=of-compute
VIZ_SERVICE_SECRET=of-viz
POSTGRES_PASSWORD=a=b$c
REDIS_PASSWORD=
GRAFANA_PASSWORD=of-grafana
POSTGRES_DB=another
"""


@pytest.fixture
def files(decided: Plan, host: Host) -> dict[str, str]:
    return render_supervisor(decided, host) | render_scripts(decided, host)


@pytest.fixture
def release(files: dict[str, str], host: Host) -> Path:
    """A release whose program tells its arguments and its environment."""
    folder = Path(host.root, "current")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    told = folder / "venv/bin/datalab"
    told.parent.mkdir(parents=True)
    told.write_text('#!/bin/sh\nprintf "%s " "$@"\necho\nenv\n')
    told.chmod(0o755)
    for name in ("data_uploads", "gateway", "ai_models", "compute_temp", "viz_cache"):
        Path(host.state, name).mkdir()
    Path(host.variables).write_text(SECRETS.replace("{stolen}", f"{host.root}/stolen"))
    return folder


def test_the_parser_takes_the_programs_in_one_group(files: dict[str, str], host: Host, release: Path) -> None:
    options = _parsed(files[CONFIGURATION], host)

    (group,) = options.process_group_configs
    assert group.name == "datalab"
    programs = {each.name: each for each in group.process_configs}
    assert {"api-gateway-0", "api-gateway-1", "data-service-0", "viz-service-1", "compute-worker-0"} <= programs.keys()
    gateway, models = programs["api-gateway-0"], programs["ai-worker-0"]
    assert (gateway.stdout_logfile_maxbytes, gateway.stdout_logfile_backups) == (10 * 2**20, 5)
    assert (models.stdout_logfile_maxbytes, models.stdout_logfile_backups) == (20 * 2**20, 3)


def test_a_program_may_drain_before_it_is_killed(
    decided: Plan, files: dict[str, str], host: Host, release: Path
) -> None:
    (group,) = _parsed(files[CONFIGURATION], host).process_group_configs

    for program in group.process_configs:
        component = decided.component(program.name.rpartition("-")[0])
        assert program.stopwaitsecs == component.update.drain_s
        assert program.killasgroup


@pytest.mark.parametrize(("right", "wrong"), [("numprocs=2", "numprocs=two"), ("stopsignal=TERM", "stopsignal=GENTLE")])
def test_the_parser_finds_what_is_wrong(
    files: dict[str, str], host: Host, release: Path, right: str, wrong: str
) -> None:
    with pytest.raises(SystemExit):
        _parsed(files[CONFIGURATION].replace(right, wrong), host)


def test_there_is_no_secret_in_the_programs(decided: Plan, files: dict[str, str]) -> None:
    for component in decided.components:
        for secret in component.secrets:
            assert secret.source not in files[CONFIGURATION]


def test_a_service_gets_its_own_secrets_as_they_stand_and_no_other(release: Path, host: Host) -> None:
    arguments, variables = _started(release, "data-service", "1")

    assert arguments == "serve data --host 127.0.0.1 --port 8011"
    assert variables["DATALAB_SERVICE_SECRET"] == "of the data service"
    assert variables["POSTGRES_PASSWORD"] == "a=b$c"
    assert not {"JWT_SECRET", "DATA_SERVICE_SECRET", "VIZ_SERVICE_SECRET", "GRAFANA_PASSWORD"} & variables.keys()
    assert not Path(host.root, "stolen").exists()


def test_the_gateway_alone_gets_the_signing_secret(release: Path) -> None:
    arguments, variables = _started(release, "api-gateway", "0")

    assert arguments == "serve gateway --host 127.0.0.1 --port 8000"
    assert variables["JWT_SECRET"] == "of-the-gateway"
    assert "DATALAB_SERVICE_SECRET" not in variables


def test_a_worker_shows_its_metrics_at_a_place_of_its_own(release: Path) -> None:
    arguments, variables = _started(release, "ai-worker", "1")

    assert arguments == "worker --queues ai"
    assert variables["DATALAB_METRICS_ADDRESS"] == "127.0.0.1:9012"
    assert variables["DATALAB_SERVICE_SECRET"] == "of-compute"


def test_what_the_operators_file_says_comes_before_the_topologys(release: Path) -> None:
    _, variables = _started(release, "migrate")

    assert variables["POSTGRES_DB"] == "another"
    assert variables["POSTGRES_HOST"] == "127.0.0.1"


def test_a_variable_that_was_chosen_arrives_as_it_stands(host: Host, release: Path) -> None:
    odd = "a'b\"c$d}e `f` %g \\h"
    chosen = plan(Profile.PRODUCTION, Choices(environment={"DATALAB_ODD": odd}))
    (release / STARTER).write_text(render_scripts(chosen, host)[STARTER])

    _, variables = _started(release, "viz-service")

    assert variables["DATALAB_ODD"] == odd


def test_the_operator_runs_any_command_as_the_gateway(release: Path) -> None:
    arguments, variables = _started(release, "admin", "token", "create")

    assert arguments == "token create"
    assert variables["JWT_SECRET"] == "of-the-gateway"
    assert variables["VIZ_SERVICE_URL"] == "http://127.0.0.1:8004"


def test_an_unknown_program_is_refused(release: Path) -> None:
    done = subprocess.run(["bash", release / STARTER, "nothing"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "nothing is no program" in done.stderr


def test_the_starter_is_sound(release: Path) -> None:
    content, said = judged("shellcheck", release / STARTER)

    assert content, said


def _parsed(programs: str, host: Host) -> ServerOptions:
    whole = Path(host.root, "supervisord.conf")
    whole.write_text(HEAD.format(logs=host.logs) + programs)
    options = ServerOptions()
    options.realize(["-c", str(whole)])
    return options


def _started(release: Path, *arguments: str) -> tuple[str, dict[str, str]]:
    told = subprocess.run(
        ["bash", release / STARTER, *arguments],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    command, *lines = told.stdout.splitlines()
    return command.strip(), dict(line.split("=", 1) for line in lines if "=" in line)
