"""What a swarm is told, and in which order: by a swarm in memory."""

from pathlib import Path

import pytest
from tests.deploy.fake_swarm import FakeSwarm, arguments

from datalab.contracts.errors import InvalidInput
from datalab.deploy.apply.command import CommandFailed
from datalab.deploy.apply.ledger import Ledger
from datalab.deploy.apply.lifecycle import Images, RolledBack
from datalab.deploy.apply.swarm.lifecycle import SwarmLifecycle
from datalab.deploy.choices import Choices
from datalab.deploy.environment import completed, parsed, to_text
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.rendering import Target, render
from datalab.deploy.swarm_drift import drifted

SERVICES = ("api-gateway", "data-service", "ai-service", "compute-service", "viz-service")
WORKERS = ("data-worker", "ai-worker", "compute-worker", "viz-worker")


class Place:
    """A folder with variables, from which a swarm is told what to run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.swarm = FakeSwarm(folder)
        self.said: list[str] = []
        (folder / ".env").write_text(to_text(completed({}, _plan("1"), lambda _, service: f"credential of {service}")))

    def lifecycle(self, version: str) -> SwarmLifecycle:
        ledger, decided = Ledger(self.folder / "book"), _plan(version)
        return SwarmLifecycle(self.swarm, self.folder, ledger, decided, self.said.append, drift=drifted)

    def up(self, version: str, images: Images = Images.THERE) -> None:
        self.lifecycle(version).up(render(Target.SWARM, _plan(version)), images)

    def diff(self, version: str) -> list[str]:
        return self.lifecycle(version).diff(render(Target.SWARM, _plan(version)))

    def variables(self) -> dict[str, str]:
        return parsed((self.folder / ".env").read_text())

    def version_of(self, name: str) -> str:
        return self.swarm.images()[f"datalab_{name}"].rpartition(":")[2]


def _plan(version: str) -> Plan:
    return plan(Profile.PRODUCTION, Choices.model_validate({"version": version, "monitoring": {"enabled": False}}))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_at_first_the_stores_come_then_the_tasks_then_all_others_at_once(place: Place):
    place.up("1")
    assert place.swarm.deployed == [
        ("postgres", "pgbouncer", "redis"),
        ("migrate",),
        ("certificates",),
        (*SERVICES, *WORKERS, "nginx"),
    ]
    assert place.swarm.labelled == ["one"]


def test_an_update_dumps_and_migrates_before_it_rolls_one_service_after_the_other(place: Place):
    place.up("1")
    place.swarm.commands.clear()
    place.swarm.deployed.clear()
    place.up("2")
    stores, *others = place.swarm.deployed
    assert stores == ("postgres", "pgbouncer", "redis")
    assert others == [("migrate",), ("certificates",), *((name,) for name in (*SERVICES, *WORKERS, "nginx"))]
    told = arguments(place.swarm.commands)
    dump = next(index for index, line in enumerate(told) if "pg_dump" in line)
    assert 0 < dump < len(told) - len(others)
    assert place.version_of("viz-worker") == "2"


def test_a_migration_is_told_which_version_serves_meanwhile(place: Place):
    place.up("1")
    place.up("2")
    migrations = [command.text or "" for command in place.swarm.commands if "migrate" in (command.text or "")]
    assert "--running" not in migrations[0]
    assert "--running" in migrations[1]


def test_secrets_are_told_by_the_standard_input_alone(place: Place):
    place.up("1")
    secrets = {value for name, value in place.variables().items() if "SECRET" in name or "PASSWORD" in name}
    assert secrets == set(place.swarm.secrets.values())
    for command in place.swarm.commands:
        assert not any(secret in str(command) for secret in secrets)
        assert not any(secret in command.environment.values() for secret in secrets)


def test_a_changed_secret_is_another_object_and_the_old_one_stays_for_the_way_back(place: Place):
    place.up("1")
    first = set(place.swarm.secrets)
    path = place.folder / ".env"
    path.write_text(to_text({**place.variables(), "REDIS_PASSWORD": "another"}))
    assert any("redis_password" in line for line in place.diff("1"))
    place.up("1")
    assert len(place.swarm.secrets) == len(first) + 1
    place.up("2")
    assert len(place.swarm.secrets) == len(first)
    assert place.swarm.secrets.keys() != first


def test_what_the_release_before_needs_stays_however_often_the_present_one_is_applied(place: Place):
    place.up("1")
    first = set(place.swarm.secrets)
    path = place.folder / ".env"
    path.write_text(to_text({**place.variables(), "REDIS_PASSWORD": "another"}))
    place.up("2")
    place.up("2")
    assert first < set(place.swarm.secrets)
    place.lifecycle("2").rollback()
    named = (place.folder / "docker-stack.secrets.yml").read_text()
    assert all(secret in named for secret in first)


def test_a_service_that_is_rolled_back_takes_the_whole_stack_back(place: Place, monkeypatch: pytest.MonkeyPatch):
    place.up("1")
    roll = place.swarm.change
    gateway_first: list[str] = []

    def change(command):
        text = command.text or ""
        if "\n  data-service:" in text and command.environment.get("DATALAB_VERSION") == "2":
            gateway_first.append(place.version_of("api-gateway"))
            command = type(command)(
                command.arguments, command.folder, {**command.environment, "DATALAB_VERSION": "bad"}, text=text
            )
        return roll(command)

    monkeypatch.setattr(place.swarm, "change", change)
    with pytest.raises(RolledBack, match=r"data-service: rollback completed.*1 runs again"):
        place.up("2")
    assert gateway_first == ["2"]
    assert {place.version_of(name) for name in (*SERVICES, *WORKERS)} == {"1"}
    assert "${DATALAB_VERSION:-1}" in (place.folder / "docker-stack.yml").read_text()


def test_a_migration_that_fails_is_not_tried_for_ever_and_nothing_is_rolled(place: Place):
    place.up("1")
    with pytest.raises(CommandFailed, match="no such column"):
        place.up("bad")
    assert "datalab_migrate" not in place.swarm.services
    assert place.version_of("api-gateway") == "1"


def test_the_release_before_is_brought_back_with_its_files(place: Place):
    place.up("1")
    place.up("2")
    assert place.lifecycle("2").rollback().version == "1"
    assert {place.version_of(name) for name in (*SERVICES, *WORKERS)} == {"1"}
    assert "${DATALAB_VERSION:-1}" in (place.folder / "docker-stack.yml").read_text()


def test_what_neither_release_has_is_taken_away(place: Place):
    place.up("1")
    place.swarm.configs.add("datalab_nginx_nginx_conf_00000000")
    place.swarm.services["datalab_miner"] = place.swarm.services["datalab_nginx"]
    place.up("2")
    assert "datalab_nginx_nginx_conf_00000000" not in place.swarm.configs
    assert "datalab_miner" not in place.swarm.services
    assert any("nginx_nginx_conf" in name for name in place.swarm.configs)


def test_what_does_not_run_and_what_runs_otherwise_is_told(place: Place):
    place.up("1")
    assert not any(line.startswith(("+", "-")) or "would be" in line for line in place.diff("1"))
    del place.swarm.services["datalab_redis"]
    place.swarm.services["datalab_data-service"]["spec"]["image"] = "datalab/data-service:0"
    told = place.diff("1")
    assert "! redis would be started" in told
    assert any(line.startswith("! data-service: image is 'datalab/data-service:0'") for line in told)


def test_an_engine_in_no_swarm_is_told_what_to_do(place: Place):
    place.swarm.state = {"LocalNodeState": "inactive", "ControlAvailable": False}
    with pytest.raises(InvalidInput, match="docker swarm init"):
        place.up("1")


def test_a_worker_of_a_swarm_is_told_where_to_go(place: Place):
    place.swarm.state = {"LocalNodeState": "active", "ControlAvailable": False}
    with pytest.raises(InvalidInput, match="on a manager"):
        place.up("1")


def test_several_nodes_need_one_chosen_for_the_volumes(place: Place):
    place.swarm.nodes = ["one", "two"]
    with pytest.raises(InvalidInput, match=r"node update --label-add datalab.volumes=true NODE"):
        place.up("1")


def test_several_nodes_need_a_registry_for_what_is_built(place: Place):
    place.swarm.nodes, place.swarm.labelled = ["one", "two"], ["one"]
    with pytest.raises(InvalidInput, match="registry"):
        place.up("1", Images.BUILD)


def test_a_component_is_scaled_and_waited_for(place: Place):
    place.up("1")
    place.lifecycle("1").scale("data-service", 4)
    assert arguments(place.swarm.commands)[-1] == "docker service scale --detach=true datalab_data-service=4"


def test_what_is_stopped_is_the_stack_and_no_volume(place: Place):
    place.up("1")
    place.lifecycle("1").down()
    assert arguments(place.swarm.commands)[-1] == "docker stack rm datalab"


def test_a_component_that_runs_once_is_not_scaled(place: Place):
    place.up("1")
    with pytest.raises(InvalidInput, match="postgres can't run 2 times"):
        place.lifecycle("1").scale("postgres", 2)
