"""The registry in the service's database."""

from typing import Any

from pydantic import JsonValue
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.ai import Alias, Model, ModelNotFound, ModelVersion
from datalab.contracts.errors import InvalidInput
from datalab.contracts.ids import new_id
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.database.clock import database_now
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import insert_if_absent, upsert
from datalab.kernel.events.event import new_event
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.failpoint import reach
from datalab.services.ai.adapters.reading import (
    AnyRow,
    aliases_of,
    locating,
    model_of,
    model_row,
    version_of,
)
from datalab.services.ai.adapters.tables import model_aliases, model_versions, models
from datalab.services.ai.model.naming import check_model_name
from datalab.services.ai.model.version import Located, ModelFile, NewVersion, Servable

VERSION_REGISTERED = "ai.version_registered"
"""A model has a new version: ``{"model", "version", "job_id"}``."""

ALIAS_SET = "ai.alias_set"
"""An alias points at a version: ``{"model", "alias", "version"}``."""

ALIAS_DELETED = "ai.alias_deleted"
"""An alias is gone: ``{"model", "alias"}``."""

MODEL_DELETED = "ai.model_deleted"
"""A model is gone with all its versions: ``{"model"}``."""

GREATEST_NUMBER = 2**31 - 1
"""What the column holds."""


class DatabaseRegistry:
    """See the port."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def list_models(self, page: PageRequest) -> Page[Model]:
        """See the port. The cursor is the last name."""
        statement = select(models).order_by(models.c.name).limit(page.limit + 1)
        if page.cursor is not None:
            statement = statement.where(models.c.name > _name(page.cursor))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
            shown = rows[: page.limit]
            aliases = await aliases_of(connection, [row.id for row in shown])
        more = shown[-1].name if len(rows) > page.limit else None
        return Page(items=tuple(model_of(row, aliases[row.id]) for row in shown), next_cursor=more)

    async def get_model(self, name: str) -> Model:
        """See the port."""
        async with self._database.read() as connection:
            row = await model_row(connection, name)
            return model_of(row, (await aliases_of(connection, [row.id]))[row.id])

    async def delete_model(self, name: str) -> tuple[ModelFile, ...]:
        """See the port."""
        async with self._database.write() as connection:
            row = await model_row(connection, name)
            kept = select(model_versions.c.files).where(model_versions.c.model_id == row.id)
            files = [file for files in (await connection.execute(kept)).scalars() for file in files]
            await connection.execute(delete(models).where(models.c.id == row.id))
            reach("ai.delete.after_rows")
            await self._tell(connection, MODEL_DELETED, name, {"model": name})
            reach("ai.delete.after_event")
        return tuple(ModelFile.model_validate(file) for file in files)

    async def list_versions(self, name: str, page: PageRequest) -> Page[ModelVersion]:
        """See the port. The cursor is the last number."""
        async with self._database.read() as connection:
            model = await model_row(connection, name)
            statement = select(model_versions).where(model_versions.c.model_id == model.id)
            if page.cursor is not None:
                statement = statement.where(model_versions.c.version < _number(page.cursor))
            newest = statement.order_by(model_versions.c.version.desc()).limit(page.limit + 1)
            rows = (await connection.execute(newest)).all()
            aliases = (await aliases_of(connection, [model.id]))[model.id]
        shown = rows[: page.limit]
        more = str(shown[-1].version) if len(rows) > page.limit else None
        return Page(items=tuple(version_of(row, name, aliases) for row in shown), next_cursor=more)

    async def get_version(self, name: str, version: int) -> ModelVersion:
        """See the port."""
        async with self._database.read() as connection:
            return await _version(connection, await model_row(connection, name), version)

    async def version_of_job(self, job_id: str) -> ModelVersion | None:
        """See the port."""
        async with self._database.read() as connection:
            return await _of_job(connection, job_id)

    async def files_of_job(self, job_id: str) -> tuple[ModelFile, ...]:
        """See the port."""
        statement = select(model_versions.c.files).where(model_versions.c.job_id == job_id)
        async with self._database.read() as connection:
            files: Any = (await connection.execute(statement)).scalar_one_or_none()
        return tuple(ModelFile.model_validate(file) for file in files or ())

    async def named_files(self) -> frozenset[str]:
        """See the port."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(model_versions.c.files))).scalars()
            return frozenset(file["key"] for files in rows for file in files)

    async def register(self, new: NewVersion) -> ModelVersion:
        """See the port. The model's row is locked by its new number, so that numbers neither repeat nor skip."""
        try:
            async with self._database.write() as connection:
                return await _of_job(connection, new.job_id) or await self._register(connection, new)
        except IntegrityError:
            known = await self.version_of_job(new.job_id)
            if known is None:
                raise
            return known

    async def _register(self, connection: AsyncConnection, new: NewVersion) -> ModelVersion:
        model = await self._next_number(connection, new)
        reach("ai.register.after_model")
        await connection.execute(insert(model_versions).values(**_version_values(new, model)))
        reach("ai.register.after_version")
        number = model.latest_version
        if new.alias is not None:
            await self._point(connection, model, new.alias, number)
            reach("ai.register.after_alias")
        told: dict[str, JsonValue] = {"model": new.model, "version": number, "job_id": new.job_id}
        await self._tell(connection, VERSION_REGISTERED, f"{new.model}/{number}", told)
        reach("ai.register.after_event")
        return await _version(connection, model, number)

    async def _next_number(self, connection: AsyncConnection, new: NewVersion) -> AnyRow:
        first = {
            "id": new_id(),
            "name": new.model,
            "task": new.recipe.task.value,
            "target": new.target,
            "latest_version": 0,
            "created_at": database_now(),
            "updated_at": database_now(),
        }
        await connection.execute(insert_if_absent(self._database.dialect, models, key=["name"]).values(**first))
        reach("ai.register.after_name")
        numbered = update(models).where(models.c.name == new.model).returning(models)
        changed = {"latest_version": models.c.latest_version + 1, "updated_at": database_now()}
        described = {"task": new.recipe.task.value, "target": new.target}
        return (await connection.execute(numbered.values(**changed, **described))).one()

    async def list_aliases(self, name: str) -> tuple[Alias, ...]:
        """See the port."""
        async with self._database.read() as connection:
            model = await model_row(connection, name)
            aliases = (await aliases_of(connection, [model.id]))[model.id]
        return tuple(Alias(alias=alias, version=version) for alias, version in aliases.items())

    async def set_alias(self, name: str, alias: str, version: int) -> Alias:
        """See the port."""
        async with self._database.write() as connection:
            model = await model_row(connection, name)
            await _version(connection, model, version)
            await self._point(connection, model, alias, version)
            reach("ai.alias.after_row")
        return Alias(alias=alias, version=version)

    async def delete_alias(self, name: str, alias: str) -> None:
        """See the port."""
        async with self._database.write() as connection:
            model = await model_row(connection, name)
            its = (model_aliases.c.model_id == model.id) & (model_aliases.c.alias == alias)
            gone = await connection.execute(delete(model_aliases).where(its))
            if gone.rowcount == 0:
                raise _no_alias(name, alias)
            reach("ai.alias.after_deletion")
            await self._tell(connection, ALIAS_DELETED, f"{name}/{alias}", {"model": name, "alias": alias})

    async def locate(self, name: str, version: int | None, alias: str | None) -> Located:
        """See the port."""
        if version is not None and version > GREATEST_NUMBER:
            raise _no_version(name, version)
        async with self._database.read() as connection:
            row = (await connection.execute(locating(name, version, alias))).one_or_none()
            if row is None:
                await model_row(connection, name)
                raise _no_alias(name, alias) if alias is not None else _no_version(name, version)
        return Located(id=row.id, version=row.version)

    async def servable(self, version_id: str) -> Servable:
        """See the port."""
        wanted = select(model_versions).where(model_versions.c.id == version_id)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise ModelNotFound("the version was deleted a moment ago")
        return Servable(id=row.id, engine=row.engine, recipe=row.recipe, files=row.files)

    async def _point(self, connection: AsyncConnection, model: AnyRow, alias: str, version: int) -> None:
        """Set the alias and tell of it."""
        statement = upsert(
            self._database.dialect, model_aliases, key=["model_id", "alias"], update=["version", "updated_at"]
        )
        values = {"model_id": model.id, "alias": alias, "version": version, "updated_at": database_now()}
        await connection.execute(statement.values(**values))
        reach("ai.alias.before_event")
        told: dict[str, JsonValue] = {"model": model.name, "alias": alias, "version": version}
        await self._tell(connection, ALIAS_SET, f"{model.name}/{alias}", told)

    async def _tell(self, connection: AsyncConnection, topic: str, key: str, told: dict[str, JsonValue]) -> None:
        await self._outbox.add(connection, [new_event(self._database.service, topic, key, told)])


async def _version(connection: AsyncConnection, model: AnyRow, version: int) -> ModelVersion:
    if version > GREATEST_NUMBER:
        raise _no_version(model.name, version)
    its = (model_versions.c.model_id == model.id) & (model_versions.c.version == version)
    row = (await connection.execute(select(model_versions).where(its))).one_or_none()
    if row is None:
        raise _no_version(model.name, version)
    return version_of(row, model.name, (await aliases_of(connection, [model.id]))[model.id])


async def _of_job(connection: AsyncConnection, job_id: str) -> ModelVersion | None:
    joined = select(model_versions, models.c.name).join(models, models.c.id == model_versions.c.model_id)
    row = (await connection.execute(joined.where(model_versions.c.job_id == job_id))).one_or_none()
    if row is None:
        return None
    return version_of(row, row.name, (await aliases_of(connection, [row.model_id]))[row.model_id])


def _version_values(new: NewVersion, model: AnyRow) -> dict[str, object]:
    plain = new.model_dump(mode="json", exclude={"model", "alias"})
    return {
        **plain,
        "id": new_id(),
        "model_id": model.id,
        "version": model.latest_version,
        "task": new.recipe.task.value,
        "created_at": database_now(),
    }


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and int(cursor) <= GREATEST_NUMBER):
        raise _no_cursor(cursor)
    return int(cursor)


def _name(cursor: str) -> str:
    try:
        return check_model_name(cursor)
    except InvalidInput as error:
        raise _no_cursor(cursor) from error


def _no_cursor(cursor: str) -> InvalidInput:
    return InvalidInput(f"query.cursor: {cursor[:80]!r} is no cursor of this list; use next_cursor as it was given")


def _no_version(name: str, version: object) -> ModelNotFound:
    return ModelNotFound(f"model {name!r} has no version {version}; its versions resource lists those there are")


def _no_alias(name: str, alias: str) -> ModelNotFound:
    return ModelNotFound(f"model {name!r} has no alias {alias!r}; its aliases resource lists those there are")
