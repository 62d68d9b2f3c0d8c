"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells once for each."""

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from datalab.kernel.database.dialect import Dialect

Insert = postgresql.Insert | sqlite.Insert


def upsert(dialect: Dialect, table: Table, *, key: Sequence[str], update: Sequence[str]) -> Insert:
    """Insert rows; where one with the same ``key`` (a unique constraint) is there, set its ``update`` columns anew."""
    statement = _insert(dialect, table)
    changed = {name: statement.excluded[name] for name in update}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def insert_if_absent(dialect: Dialect, table: Table, *, key: Sequence[str]) -> Insert:
    """Insert rows; leave those alone whose ``key`` (a unique constraint) is there already."""
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(key))


def _insert(dialect: Dialect, table: Table) -> Insert:
    if dialect is Dialect.SQLITE:
        return sqlite.insert(table)
    return postgresql.insert(table)
