"""Entries reach the sink once, whoever flushes."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from datalab.contracts.errors import Unavailable
from datalab.contracts.gateway import AuditEntry
from datalab.contracts.ids import new_id
from datalab.kernel.telemetry.audit import AuditTrail


class SlowSink:
    """Gives others a turn before it keeps; away while it is told so."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.away = False

    async def keep(self, entries: Sequence[AuditEntry]) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("away")
        self.kept.extend(entry.id for entry in entries)


def entry() -> AuditEntry:
    who = {"subject": "user-ada", "name": "ada", "actor": None, "address": None}
    what = {"service": "data", "action": "GET x", "resource": "/x", "outcome": "done", "status": 200}
    return AuditEntry.model_validate({"id": new_id(), "at": datetime.now(UTC), "request_id": "r", **who, **what})


async def test_two_flushes_at_once_keep_each_entry_once():
    sink = SlowSink()
    trail = AuditTrail(sink)
    entries = [entry() for _ in range(3)]
    for one in entries:
        trail.record(one)
    await asyncio.gather(trail.flush(), trail.flush())
    assert sink.kept == [one.id for one in entries]


async def test_what_can_not_be_kept_now_is_kept_later():
    sink = SlowSink()
    trail = AuditTrail(sink)
    trail.record(entry())
    sink.away = True
    with pytest.raises(Unavailable):
        await trail.flush()
    sink.away = False
    await trail.flush()
    assert len(sink.kept) == 1
