"""What the terminal says once the platform answers."""

from pathlib import Path

from datalab.host.announcement import announcement
from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.config.settings import PlatformSettings

URL = "http://127.0.0.1:8000"


def settings(home: Path, **more: str) -> PlatformSettings:
    return PlatformSettings.model_validate({"DATALAB_HOME": home, **more})


async def test_it_names_the_shape_and_the_command_for_the_other(tmp_path: Path):
    lines = await announcement(settings(tmp_path), URL)
    assert URL in lines[0]
    assert f"embedded storage in {tmp_path}" in lines[0]
    assert "datalab serve SERVICE" in lines[0]


async def test_it_names_the_databases_that_are_servers(tmp_path: Path):
    lines = await announcement(settings(tmp_path, DATABASE_URL="postgresql://u:hidden@db/datalab"), URL)
    assert "PostgreSQL" in lines[0]
    assert "hidden" not in "".join(lines)


async def test_it_tells_the_code_for_the_first_administrator_while_there_is_one(tmp_path: Path):
    assert "First administrator" not in "".join(await announcement(settings(tmp_path), URL))
    code = LocalSecrets(tmp_path).read_or_create("setup_code").get_secret_value()
    told = [line for line in await announcement(settings(tmp_path), URL) if line.startswith("First administrator")]
    assert code in told[0]
    assert f"datalab setup --url {URL}" in told[0]


async def test_it_links_to_the_console_with_the_code_while_there_is_one(tmp_path: Path):
    (tmp_path / "index.html").touch()
    assert f"Console: {URL}/" in await announcement(settings(tmp_path), URL, tmp_path)
    code = LocalSecrets(tmp_path).read_or_create("setup_code").get_secret_value()
    assert f"Console: {URL}/setup?code={code}" in await announcement(settings(tmp_path), URL, tmp_path)


async def test_it_says_that_the_console_was_not_built(tmp_path: Path):
    told = "".join(await announcement(settings(tmp_path), URL, tmp_path))
    assert "`make console` builds it" in told
    assert "/setup" not in told


async def test_it_says_how_to_get_a_key(tmp_path: Path):
    assert any("datalab token create" in line for line in await announcement(settings(tmp_path), URL))
