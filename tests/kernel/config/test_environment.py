"""Settings come from their documented variables and from no other."""

from pathlib import Path

import pytest

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
