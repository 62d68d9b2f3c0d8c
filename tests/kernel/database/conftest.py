from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from datalab.kernel.database.database import Database
from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder, parse_database_url
from datalab.kernel.testing.fixtures import missing
from datalab.kernel.testing.pgbouncer import start_pgbouncer
from datalab.kernel.testing.process import ServerMissing

things = Table(
    "things",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("name", sortable(50), unique=True),
    Column("count", Integer),
    Column("facts", Json),
    Column("at", UtcDateTime),
    Column("note", String(50)),
)

FIRST = """
import sqlalchemy as sa
from alembic import op
from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable
revision = "data_0001"
down_revision = None
branch_labels = ("data",)
depends_on = None

def upgrade() -> None:
    op.create_table(
        "things",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sortable(50), unique=True),
        sa.Column("count", sa.Integer()),
        sa.Column("facts", Json),
        sa.Column("at", UtcDateTime()),
        sa.Column("note", sa.String(50)),
    )
    op.create_table(
        "parts",
        sa.Column("id", Id, primary_key=True),
        sa.Column("thing", Id, sa.ForeignKey("things.id", ondelete="CASCADE"), nullable=False),
    )
"""

SECOND = """
import sqlalchemy as sa
from alembic import op
revision = "data_0002"
down_revision = "data_0001"

def upgrade() -> None:
    with op.batch_alter_table("things") as table:
        table.alter_column("note", existing_type=sa.String(50), type_=sa.String(100))
"""

BROKEN = """
import sqlalchemy as sa
from alembic import op
revision = "data_0003"
down_revision = "data_0002"

def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO nowhere VALUES (1)")
"""


@pytest.fixture(scope="module")
def pgbouncer(postgres_server: str) -> Iterator[str]:
    """The URL of a PgBouncer in transaction mode before the run's PostgreSQL."""
    try:
        process, url = start_pgbouncer(postgres_server)
    except ServerMissing as error:
        missing(str(error))
        raise
    yield url
    process.stop()


@pytest.fixture(params=["sqlite", "postgres", "pgbouncer"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseUrl:
    """A fresh place for tables; here also behind a PgBouncer, whose connections change hands at each transaction."""
    if request.param == "sqlite":
        return SqliteFolder(tmp_path / "databases")
    url = urlsplit(str(request.getfixturevalue("postgres_url")))
    if request.param == "pgbouncer":
        url = url._replace(netloc=urlsplit(str(request.getfixturevalue("pgbouncer"))).netloc)
    return parse_database_url(url.geturl())


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A service's migrations folder with its first revision."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "data_0001.py").write_text(FIRST)
    return folder


@pytest.fixture
async def empty(database_url: DatabaseUrl) -> AsyncIterator[Database]:
    async with Database(database_url, "data") as database:
        yield database


@pytest.fixture
async def database(empty: Database, scripts: Path) -> Database:
    from datalab.kernel.database.migrate import migrate
    from datalab.kernel.database.revisions import KERNEL_SCRIPTS

    await migrate(empty, [KERNEL_SCRIPTS, scripts])
    return empty
