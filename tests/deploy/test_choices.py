"""datalab.toml: what it says is taken, what it can't say is refused with the key."""

from pathlib import Path

import pytest

from datalab.deploy.choices import Choices, InvalidChoices, read_choices
from datalab.deploy.plan import Profile, plan


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
