"""Accounts in the database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.gateway import LastAdmin, SetupClosed, UserExists, UserNotFound
from datalab.contracts.identity import Role
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import insert_if_absent
from datalab.services.gateway.adapters.idempotency import made_before
from datalab.services.gateway.adapters.news import IdentityNews
from datalab.services.gateway.adapters.tables import sessions, setup_codes, users
from datalab.services.gateway.model.accounts import Account, AccountKind, name_key
from datalab.services.gateway.model.once import Once
from datalab.services.gateway.ports import AccountChange


class SqlAccounts:
    """See :class:`datalab.services.gateway.ports.Accounts`."""

    def __init__(self, database: Database, news: IdentityNews) -> None:
        self._database = database
        self._news = news

    async def find(self, account_id: str) -> Account | None:
        """The account of this id."""
        return await self._one(users.c.id == account_id)

    async def find_named(self, name: str) -> Account | None:
        """The account of this name, whatever its case."""
        return await self._one(users.c.name_key == name_key(name))

    async def list(self, after: str | None, limit: int) -> Sequence[Account]:
        """Accounts in the order of their name keys."""
        statement = select(users).order_by(users.c.name_key).limit(limit)
        if after is not None:
            statement = statement.where(users.c.name_key > after)
        async with self._database.read() as connection:
            return [account_of(row) for row in await connection.execute(statement)]

    async def add(self, account: Account, once: Once | None) -> Account:
        """Keep a new account, or give the one made by the same request. Raises UserExists, IdempotencyMismatch."""
        try:
            async with self._database.write() as connection:
                earlier = await made_before(connection, self._database.dialect, once, account.id)
                if earlier is not None:
                    return await _locked(connection, earlier)
                await connection.execute(insert(users).values(_values(account)))
                return account
        except IntegrityError as error:
            raise UserExists(f"name: there is a user called {account.name} already") from error

    async def add_if_absent(self, account: Account) -> Account:
        """Keep the account unless one of its name is there; the one that is kept."""
        statement = insert_if_absent(self._database.dialect, users, key=["name_key"]).values(_values(account))
        async with self._database.write() as connection:
            await connection.execute(statement)
            kept = await connection.execute(select(users).where(users.c.name_key == name_key(account.name)))
            return account_of(kept.one())

    async def change(self, account_id: str, change: AccountChange) -> Account:
        """Change an account; a new password or being disabled ends its sessions. Raises UserNotFound, LastAdmin."""
        async with self._database.write() as connection:
            before = await _locked(connection, account_id)
            if _demotes(before, change):
                await _keep_an_admin(connection, before)
            statement = update(users).where(users.c.id == account_id).values(_changed(change)).returning(users)
            after = account_of((await connection.execute(statement)).one())
            if change.disabled or change.password_hash is not None:
                await connection.execute(delete(sessions).where(sessions.c.owner == account_id))
            await self._news.tell(connection, account_id)
        return after

    async def remove(self, account_id: str) -> None:
        """Take an account away with its keys. Raises UserNotFound, LastAdmin."""
        async with self._database.write() as connection:
            before = await _locked(connection, account_id)
            await _keep_an_admin(connection, before)
            await connection.execute(delete(users).where(users.c.id == account_id))
            await self._news.tell(connection, account_id)

    async def _one(self, condition: ColumnElement[bool]) -> Account | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(users).where(condition))).first()
        return account_of(row) if row is not None else None


class SqlSetups:
    """See :class:`datalab.services.gateway.ports.Setups`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, digest: str) -> bool:
        """Accept this code from now on; false when a person has an account already."""
        values = {"digest": digest, "created_at": datetime.now(UTC)}
        async with self._database.write() as connection:
            if await _has_people(connection):
                await connection.execute(delete(setup_codes))
                return False
            await connection.execute(
                insert_if_absent(self._database.dialect, setup_codes, key=["digest"]).values(values)
            )
        return True

    async def close(self, digest: str, first: Account) -> None:
        """Trade the code for the first account. Raises SetupClosed."""
        try:
            async with self._database.write() as connection:
                # Of two who come at once the second waits for these rows and then finds none.
                taken = (await connection.execute(delete(setup_codes).returning(setup_codes.c.digest))).scalars().all()
                if await _has_people(connection):
                    raise SetupClosed("there is an administrator already; sign in, or have a key made on the host")
                if digest not in taken:
                    raise SetupClosed("code: it is not the one that the first start printed")
                await connection.execute(insert(users).values(_values(first)))
        except IntegrityError as error:
            raise SetupClosed(f"name: an account called {first.name} is there already") from error


def account_of(row: Row[Any]) -> Account:
    """The account that a row of ``users`` states."""
    return Account(
        id=row.id,
        name=row.name,
        kind=AccountKind(row.kind),
        role=Role(row.role),
        disabled=row.disabled,
        password_hash=row.password_hash,
        version=row.version,
        created_at=row.created_at,
    )


async def _has_people(connection: AsyncConnection) -> bool:
    people = select(users.c.id).where(users.c.kind == AccountKind.PERSON.value).limit(1)
    return (await connection.execute(people)).first() is not None


async def _locked(connection: AsyncConnection, account_id: str) -> Account:
    """The account, after every administrator's row is locked in one order, so that two can't leave at once."""
    admins = select(users.c.id).where(users.c.role == Role.ADMIN.value).order_by(users.c.id).with_for_update()
    await connection.execute(admins)
    row = (await connection.execute(select(users).where(users.c.id == account_id).with_for_update())).first()
    if row is None:
        raise UserNotFound(f"there is no user {account_id}")
    return account_of(row)


async def _keep_an_admin(connection: AsyncConnection, leaving: Account) -> None:
    if not leaving.governs:
        return
    others = select(func.count()).where(
        users.c.kind == AccountKind.PERSON.value,
        users.c.role == Role.ADMIN.value,
        users.c.disabled.is_(False),
        users.c.id != leaving.id,
    )
    if (await connection.execute(others)).scalar_one() == 0:
        raise LastAdmin(f"{leaving.name} is the last administrator; make another one first")


def _demotes(account: Account, change: AccountChange) -> bool:
    return account.governs and (change.disabled is True or change.role not in (None, Role.ADMIN))


def _changed(change: AccountChange) -> dict[str, Any]:
    values: dict[str, Any] = {"version": users.c.version + 1}
    if change.role is not None:
        values["role"] = change.role.value
    if change.password_hash is not None:
        values["password_hash"] = change.password_hash
    if change.disabled is not None:
        values["disabled"] = change.disabled
    return values


def _values(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "name_key": name_key(account.name),
        "kind": account.kind.value,
        "role": account.role.value,
        "disabled": account.disabled,
        "password_hash": account.password_hash,
        "version": account.version,
        "created_at": account.created_at,
    }
