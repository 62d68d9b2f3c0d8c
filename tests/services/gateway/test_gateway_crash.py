"""Killed between two writes, and started again."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from datalab.contracts.gateway import Setup, SetupClosed
from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.kernel.events.outbox import Outbox
from datalab.services.gateway.actions.set_up import SETUP_CODE, FirstRun
from datalab.services.gateway.adapters.accounts import SqlAccounts, SqlSetups
from datalab.services.gateway.adapters.news import IdentityNews
from datalab.services.gateway.adapters.passwords import Argon2Passwords
from datalab.services.gateway.local import mint_admin_key

ACT = """
import asyncio, sys
from pathlib import Path
from pydantic import SecretStr
from datalab.contracts.gateway import Setup
from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import parse_database_url
from datalab.services.gateway.actions.set_up import FirstRun
from datalab.services.gateway.adapters.accounts import SqlSetups
from datalab.services.gateway.adapters.passwords import Argon2Passwords
from datalab.services.gateway.local import mint_admin_key

what, url, home = sys.argv[1:]
database = Database(parse_database_url(url), "gateway")
secrets = LocalSecrets(Path(home))

async def set_up():
    code = secrets.read_or_create("setup_code")
    setup = Setup(code=code, name="ada", password=SecretStr("correct horse battery"))
    await FirstRun(SqlSetups(database), secrets, Argon2Passwords()).set_up(setup)

asyncio.run(set_up() if what == "set_up" else mint_admin_key(database))
"""


def killed_at(failpoint: str, what: str, url: DatabaseUrl, home: Path) -> None:
    place = (
        f"sqlite:///{url.folder}" if isinstance(url, SqliteFolder) else url.url.render_as_string(hide_password=False)
    )
    environment = os.environ | {"DATALAB_FAILPOINT": failpoint}
    ended = subprocess.run(
        [sys.executable, "-c", ACT, what, place, str(home)], env=environment, capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


async def test_killed_after_the_first_administrator_is_made_the_code_is_dead(database_url: DatabaseUrl, tmp_home: Path):
    async with Database(database_url, "gateway") as database:
        await migrate(database)
        secrets = LocalSecrets(tmp_home)
        first_run = FirstRun(SqlSetups(database), secrets, Argon2Passwords())
        assert await first_run.prepare()
        code = secrets.read_or_create(SETUP_CODE)
        await asyncio.to_thread(killed_at, "gateway.setup.after_account", "set_up", database_url, tmp_home)
        assert not await first_run.prepare()
        assert secrets.read(SETUP_CODE) is None
        with pytest.raises(SetupClosed):
            await first_run.set_up(Setup(code=code, name="eve", password=SecretStr("another long password")))
        assert await SqlAccounts(database, IdentityNews(Outbox(database))).find_named("ada") is not None


async def test_killed_before_a_key_is_made_on_the_host_it_is_made_the_next_time(
    database_url: DatabaseUrl, tmp_home: Path
):
    async with Database(database_url, "gateway") as database:
        await migrate(database)
        await asyncio.to_thread(killed_at, "gateway.mint.after_account", "mint", database_url, tmp_home)
        assert (await mint_admin_key(database)).role == "admin"
