"""Settings come from their documented variables and from no other."""

from pathlib import Path

import pytest

from datalab.kernel.config.invalid import InvalidSettings
from datalab.kernel.config.settings import PlatformSettings


def test_the_users_home_is_not_the_platforms(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATALAB_HOME", raising=False)
    monkeypatch.setenv("HOME", "/somewhere/else")
    assert PlatformSettings().home == Path(".datalab")


def test_the_documented_variable_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATALAB_HOME", "/srv/datalab")
    assert PlatformSettings().home == Path("/srv/datalab")


def test_code_may_give_a_value_by_name():
    assert PlatformSettings(home=Path("/elsewhere")).home == Path("/elsewhere")


def test_a_password_is_quoted_into_the_databases_url(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name, value in {"POSTGRES_HOST": "db", "POSTGRES_PASSWORD": "p@ss:w/rd"}.items():
        monkeypatch.setenv(name, value)
    text = PlatformSettings().database_text()
    assert text is not None
    assert text.get_secret_value() == "postgresql://datalab:p%40ss%3Aw%2Frd@db:5432/datalab"


def test_what_cannot_be_read_is_named_without_what_it_holds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POSTGRES_PORT", "hunter2")
    monkeypatch.setenv("LOG_LEVEL", "hunter2")
    with pytest.raises(InvalidSettings) as caught:
        PlatformSettings()
    assert {one.where for one in caught.value.errors} == {"POSTGRES_PORT", "LOG_LEVEL"}
    assert "hunter2" not in repr(caught.value) + caught.value.detail + str(caught.value.errors)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://redis:6379/0", "redis://:p%40ss%3Aw%2Frd@redis:6379/0"),
        ("rediss://[::1]:6380", "rediss://:p%40ss%3Aw%2Frd@[::1]:6380"),
        ("redis://lab@redis/2?protocol=3", "redis://lab:p%40ss%3Aw%2Frd@redis/2?protocol=3"),
        ("redis://:own@redis/2", "redis://:own@redis/2"),
    ],
)
def test_a_password_is_quoted_into_a_redis_url_that_holds_none(
    url: str, expected: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("REDIS_URL", url)
    monkeypatch.setenv("REDIS_PASSWORD", "p@ss:w/rd")
    text = PlatformSettings().redis_text()
    assert text is not None
    assert text.get_secret_value() == expected


def test_a_redis_password_alone_names_no_redis(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("REDIS_PASSWORD", "secret")
    assert PlatformSettings().redis_text() is None
