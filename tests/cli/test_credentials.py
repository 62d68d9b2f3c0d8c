"""What is kept of a sign-in."""

import stat
from pathlib import Path

import pytest

from datalab.cli.credentials import Credential, Credentials, credentials_path, load_credentials, save_credentials


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


KEY = Credential(token="dl_secret", key_id="k1")


def test_only_the_owner_can_read_the_file():
    path = save_credentials(Credentials().with_login("http://a", KEY))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_replaced_by_one_that_they_can_not():
    path = save_credentials(Credentials())
    path.chmod(0o644)
    save_credentials(Credentials())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_last_sign_in_is_the_current_one():
    save_credentials(Credentials().with_login("http://a", KEY).with_login("http://b", KEY))
    assert load_credentials().current == "http://b"
    assert set(load_credentials().platforms) == {"http://a", "http://b"}


def test_signing_out_forgets_one_platform():
    kept = Credentials().with_login("http://a", KEY).with_login("http://b", KEY).without("http://b")
    assert (kept.current, set(kept.platforms)) == (None, {"http://a"})


@pytest.mark.parametrize("content", ["", "not json", '{"colour": "red"}', "[1]"])
def test_a_damaged_file_holds_nothing(content: str):
    credentials_path().parent.mkdir(parents=True, exist_ok=True)
    credentials_path().write_text(content)
    assert load_credentials() == Credentials()
