"""Rows of the registry as contracts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.ai import Model, ModelNotFound, ModelVersion
from datalab.services.ai.adapters.tables import model_aliases, model_versions, models
from datalab.services.ai.model.naming import CHAMPION
from datalab.services.ai.model.recipe import Recipe

AnyRow = Row[Any]


async def model_row(connection: AsyncConnection, name: str) -> AnyRow:
    """The model's row. Raises ModelNotFound."""
    row = (await connection.execute(select(models).where(models.c.name == name))).one_or_none()
    if row is None:
        raise ModelNotFound(f"there is no model {name!r}; GET /api/v1/ai/models lists those there are")
    return row


async def aliases_of(connection: AsyncConnection, model_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Each model's aliases with their versions, by name."""
    found: dict[str, dict[str, int]] = {one: {} for one in model_ids}
    if model_ids:
        statement = select(model_aliases).where(model_aliases.c.model_id.in_(model_ids)).order_by(model_aliases.c.alias)
        for row in await connection.execute(statement):
            found[row.model_id][row.alias] = row.version
    return found


def model_of(row: AnyRow, aliases: dict[str, int]) -> Model:
    """The model."""
    return Model(
        name=row.name,
        latest_version=row.latest_version,
        aliases=aliases,
        task=row.task,
        target=row.target,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def version_of(row: AnyRow, name: str, aliases: dict[str, int]) -> ModelVersion:
    """The version; its plots are kept in its card."""
    card = {name: value for name, value in row.card.items() if name != "plots"}
    return ModelVersion(
        model=name,
        version=row.version,
        task=row.task,
        target=row.target,
        algorithm=row.algorithm,
        engine=row.engine,
        features=row.features,
        classes=Recipe.model_validate(row.recipe).classes,
        metrics=row.metrics,
        baseline=row.baseline,
        card=card,
        plots=row.card.get("plots"),
        aliases=tuple(alias for alias, version in aliases.items() if version == row.version),
        job_id=row.job_id,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def locating(name: str, version: int | None, alias: str | None) -> Select[Any, Any]:
    """Finds id and number of the version meant."""
    joined = models.join(model_versions, model_versions.c.model_id == models.c.id)
    wanted = select(model_versions.c.id, model_versions.c.version).where(models.c.name == name)
    if version is not None:
        return wanted.select_from(joined).where(model_versions.c.version == version)
    pointed = (model_aliases.c.model_id == models.c.id) & (model_aliases.c.alias == (alias or CHAMPION))
    if alias is not None:
        joined = joined.join(model_aliases, pointed)
        return wanted.select_from(joined).where(model_versions.c.version == model_aliases.c.version)
    joined = joined.outerjoin(model_aliases, pointed)
    champion_or_latest = func.coalesce(model_aliases.c.version, models.c.latest_version)
    return wanted.select_from(joined).where(model_versions.c.version == champion_or_latest)
