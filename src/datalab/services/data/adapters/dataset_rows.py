"""Rows of the table of datasets as records, and the events that tell of them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import JsonValue

from datalab.contracts.data import Column, DatasetName
from datalab.kernel.events.event import Event, new_event
from datalab.services.data.adapters.tables import datasets
from datalab.services.data.model.dataset import DatasetRecord

SERVICE = "data"


def named(name: DatasetName) -> sa.ColumnElement[bool]:
    """The condition of having that name, whatever its case."""
    return sa.and_(datasets.c.namespace == name.namespace, datasets.c.table_key == name.table.lower())


def record_of(row: Mapping[str, Any] | sa.RowMapping) -> DatasetRecord:
    """The row as a record."""
    values = {key: row[key] for key in DatasetRecord.model_fields if key not in {"table", "columns"}}
    return DatasetRecord(table=row["table_name"], columns=columns_of(row["columns"]), **values)


def columns_of(stored: Any) -> tuple[Column, ...]:
    """Columns as they are stored."""
    return tuple(Column(**one) for one in stored)


def told(topic: str, record: DatasetRecord, more: dict[str, JsonValue]) -> Event:
    """An event about a dataset."""
    return new_event(SERVICE, topic, record.id, {"dataset_id": record.id, "name": str(record.name), **more})
