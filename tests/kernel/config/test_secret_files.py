"""Any secret may be given as the path of a file; what is wrong with it is said without its content."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from datalab.kernel.config.invalid import InvalidSettings
from datalab.kernel.config.secret_files import secret_variables
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.config.storage import StorageSettings

SECRET = "hunter2-hunter2"
VARIABLES = [(kind, name) for kind in (PlatformSettings, StorageSettings) for name in secret_variables(kind)]


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for _, name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    return path


def test_these_are_the_secrets():
    assert [name for _, name in VARIABLES] == [
        "JWT_SECRET",
        "JWT_SECRET_PREVIOUS",
        "DATALAB_SERVICE_SECRET",
        "DATABASE_URL",
        "POSTGRES_PASSWORD",
        "REDIS_URL",
        "REDIS_PASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ]


@pytest.mark.parametrize(("kind", "variable"), VARIABLES)
def test_every_secret_is_read_from_its_file(kind, variable: str, secret: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{variable}_FILE", str(secret))
    settings = kind()
    name = next(name for name, field in kind.model_fields.items() if field.validation_alias == variable)
    assert getattr(settings, name).get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("content", "value"), [("a\n", "a"), ("a\r\n", "a"), ("a", "a"), (" a \n\n", " a \n"), ("\u00e9\n", "\u00e9")]
)
def test_only_the_last_newline_is_not_the_values(
    content: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "secret"
    path.write_text(content, encoding="utf-8", newline="")
    monkeypatch.setenv("JWT_SECRET_FILE", str(path))
    assert PlatformSettings().jwt_secret == SecretStr(value)


def test_a_file_of_what_is_no_secret_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "level"
    path.write_text("debug")
    monkeypatch.setenv("LOG_LEVEL_FILE", str(path))
    assert PlatformSettings().log_level == "info"


def test_a_value_and_a_file_contradict_each_other(secret: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JWT_SECRET_FILE", str(secret))
    monkeypatch.setenv("JWT_SECRET", "another")
    with pytest.raises(InvalidSettings, match="JWT_SECRET_FILE: JWT_SECRET is set too") as caught:
        PlatformSettings()
    assert SECRET not in caught.value.detail
    assert "another" not in caught.value.detail


def test_blank_variables_stand_for_none(secret: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JWT_SECRET_FILE", str(secret))
    monkeypatch.setenv("JWT_SECRET", "")
    monkeypatch.setenv("POSTGRES_PASSWORD_FILE", "")
    settings = PlatformSettings()
    assert (settings.jwt_secret, settings.postgres_password) == (SecretStr(SECRET), None)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "No such file"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfehunter2", "no UTF-8"),
        (b"hunter2" * 10_000, "64 KiB"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_variable(
    content: bytes | None, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("DATALAB_SERVICE_SECRET_FILE", str(path))
    with pytest.raises(InvalidSettings, match=what) as caught:
        PlatformSettings()
    assert [one.where for one in caught.value.errors] == ["DATALAB_SERVICE_SECRET_FILE"]
    assert str(path) in caught.value.detail
    assert "hunter2" not in caught.value.detail


def test_all_files_that_cannot_be_used_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("JWT_SECRET_FILE", "REDIS_PASSWORD_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    with pytest.raises(InvalidSettings) as caught:
        PlatformSettings()
    assert [one.where for one in caught.value.errors] == ["JWT_SECRET_FILE", "REDIS_PASSWORD_FILE"]


def test_what_the_code_gives_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JWT_SECRET_FILE", str(tmp_path / "nowhere"))
    assert PlatformSettings(jwt_secret=SecretStr("given")).jwt_secret == SecretStr("given")
