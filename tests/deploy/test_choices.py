"""datalab.toml: what it says is taken, what it can't say is refused with the key."""

from pathlib import Path

import pytest
import yaml

from datalab.deploy.choices import Choices, InvalidChoices, read_choices
from datalab.deploy.environment import missing, secret_names
from datalab.deploy.plan import Profile, plan
from datalab.deploy.renderers.fluent_bit import FLUENT_BIT
from datalab.deploy.rendering import Target, committed, render
from datalab.deploy.topology.platform import topology
from datalab.deploy.topology.sizes import Size


def test_without_a_file_everything_is_as_usual(tmp_path: Path):
    assert read_choices(tmp_path / "datalab.toml") == Choices()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("domain = ", "is no TOML"),
        ('domain = "no spaces here"', "domain"),
        ('domian = "example.org"', "domian"),
        ('size = "enormous"', "size"),
        ('version = "a b"', "version"),
        ("[edge]\nrate_limit = 0", "edge.rate_limit"),
        ("[edge]\nrate_limit = 'many'", "edge.rate_limit"),
        ('subnet = "172.20.0.0/24"', "subnet"),
        ("[replicas]\napi-gateway = -1", "replicas.api-gateway"),
        ('[object_store]\nown = true\nurl = "s3://lab"', "object_store: .* choose one"),
        ('[object_store]\nendpoint = "https://s3.example.org"', "object_store: .* endpoint needs url"),
        ('[object_store]\nurl = "https://lab"', "object_store.url"),
        ('[logs]\nloki = "loki"', "logs.loki"),
    ],
)
def test_what_can_not_be_is_refused_with_its_key(tmp_path: Path, text: str, told: str):
    path = tmp_path / "datalab.toml"
    path.write_text(text)
    with pytest.raises(InvalidChoices, match=told):
        read_choices(path)


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        (Choices(replicas={"gateway": 2}), "replicas.gateway: no such component"),
        (Choices(replicas={"postgres": 2}), "replicas.postgres: it runs once"),
        (Choices(ports={"nginx": 81}), "ports.nginx"),
    ],
)
def test_a_choice_about_nothing_is_refused(choices: Choices, told: str):
    with pytest.raises(InvalidChoices, match=told):
        plan(Profile.PRODUCTION, choices)


def test_a_database_elsewhere_takes_ours_out():
    chosen = plan(Profile.PRODUCTION, Choices.model_validate({"database": {"host": "db.example.org", "port": 5433}}))
    assert not chosen.has("postgres")
    assert chosen.component("pgbouncer").environment["POSTGRES_HOST"] == "db.example.org"
    assert chosen.component("migrate").environment["POSTGRES_PORT"] == "5433"
    assert all(need.component != "postgres" for each in chosen.components for need in each.needs)


def test_a_certificate_of_ones_own_replaces_the_one_that_is_made():
    chosen = plan(Profile.PRODUCTION, Choices.model_validate({"edge": {"certificate_folder": "/etc/ssl/ours"}}))
    assert not chosen.has("certificates")
    assert ("/etc/ssl/ours", "/tls") in {(file.source, file.path) for file in chosen.component("nginx").files}


def test_a_store_of_our_own_is_used_by_those_who_keep_things_alone():
    chosen = plan(Profile.PRODUCTION, Choices.model_validate({"object_store": {"own": True}}))
    using = {each.name for each in chosen.components if "DATALAB_STORAGE_URL" in each.environment}
    assert using == {"data-service", "data-worker", "ai-service", "ai-worker"}
    for name in using:
        component = chosen.component(name)
        assert component.environment["AWS_ENDPOINT_URL"] == "http://object-store:8333"
        assert "AWS_SECRET_ACCESS_KEY" in {secret.variable for secret in component.secrets}
        assert "object-store" in {need.component for need in component.needs}
        assert name in chosen.component("object-store").callers


def test_keys_of_somebody_elses_store_are_asked_for_and_never_made_up():
    chosen = plan(Profile.PRODUCTION, Choices.model_validate({"object_store": {"url": "s3://lab/tables"}}))
    assert not chosen.has("object-store")
    assert "AWS_SECRET_ACCESS_KEY" in secret_names(chosen)
    assert "AWS_SECRET_ACCESS_KEY" not in missing({}, chosen)


def test_a_store_that_knows_the_machine_needs_no_keys():
    choices = Choices.model_validate({"object_store": {"url": "s3://lab", "keys": False}})
    assert "AWS_SECRET_ACCESS_KEY" not in secret_names(plan(Profile.PRODUCTION, choices))


@pytest.mark.parametrize("target", [Target.SYSTEMD, Target.SUPERVISOR])
def test_a_store_of_our_own_needs_containers(target: Target):
    choices = Choices.model_validate({"object_store": {"own": True}})
    with pytest.raises(InvalidChoices, match=r"object_store\.own"):
        render(target, plan(Profile.PRODUCTION, choices))
    assert "docker-compose.prod.yml" in committed(choices)


def test_logs_are_shipped_where_they_are_told_to_go():
    assert not plan(Profile.PRODUCTION).has("log-shipper")
    chosen = plan(Profile.PRODUCTION, Choices.model_validate({"logs": {"loki": "https://loki.example.org"}}))
    (output,) = yaml.safe_load(render(Target.COMPOSE, chosen)[FLUENT_BIT])["pipeline"]["outputs"]
    assert (output["host"], output["port"], output["tls"]) == ("loki.example.org", 443, "on")


def test_celery_is_known_and_runs_nowhere_until_jobs_can_travel_by_it():
    known = {component.name for component in topology(Size.SMALL)}
    assert {"celery-compute-worker", "flower"} <= known
    assert not plan(Profile.PRODUCTION).has("flower")
    with pytest.raises(InvalidChoices, match="flower"):
        plan(Profile.PRODUCTION, Choices(replicas={"flower": 1}))
