from pathlib import Path

import pytest

from datalab.contracts.errors import InvalidInput
from datalab.kernel.database.url import PostgresServer, SqliteFolder, parse_database_url


def test_sqlite_names_a_folder_with_a_file_for_each_service():
    url = parse_database_url("sqlite:////var/lib/datalab")
    assert url == SqliteFolder(Path("/var/lib/datalab"))
    assert url.file("data") == Path("/var/lib/datalab/data.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgres_is_driven_by_psycopg_however_it_is_written(scheme: str):
    url = parse_database_url(f"{scheme}://ann:p%40ss@db:5433/datalab")
    assert isinstance(url, PostgresServer)
    assert url.url.drivername == "postgresql+psycopg"
    assert (url.url.password, url.url.port) == ("p@ss", 5433)


def test_a_password_is_not_printed():
    assert "secret" not in repr(parse_database_url("postgresql://ann:secret@db/datalab"))


@pytest.mark.parametrize("text", ["", "nothing", "mysql://ann:secret@db/x", "postgresql://ann:secret@db", "sqlite://"])
def test_what_cannot_be_used_is_refused_with_what_would_be_right(text: str):
    with pytest.raises(InvalidInput) as caught:
        parse_database_url(text)
    assert "postgresql://user:password@host:5432/database" in caught.value.detail
    assert "ann:secret" not in caught.value.detail
