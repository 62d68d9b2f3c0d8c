import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from datalab.contracts.errors import Unavailable
from datalab.kernel.database.clock import database_now
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.revisions import KERNEL_SCRIPTS
from datalab.kernel.database.url import DatabaseUrl, PostgresServer, parse_database_url
from datalab.kernel.events.bus import EventBus
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.events.outbox import Outbox, outbox
from datalab.kernel.events.redis import RedisBus
from datalab.kernel.events.relay import Relay, pause
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.process import ServerProcess

from .conftest import Heard, event


async def waiting(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(outbox))).scalar_one()


async def until_left(database: Database, count: int) -> None:
    async def left() -> bool:
        return await waiting(database) == count

    await eventually(left)


async def until_empty(database: Database) -> None:
    await until_left(database, 0)


async def test_a_change_and_its_event_commit_together(database: Database):
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE things (name VARCHAR(10))"))
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO things VALUES ('a')"))
        await Outbox(database).add(connection, [event()])
    assert await waiting(database) == 1
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM things"))).scalar_one() == 1


async def test_a_change_and_its_event_roll_back_together(database: Database):
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE things (name VARCHAR(10))"))

    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO things VALUES ('a')"))
            await Outbox(database).add(connection, [event()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await waiting(database) == 0
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM things"))).scalar_one() == 0


async def test_an_event_reaches_its_handler_and_leaves_the_outbox(database: Database, bus: EventBus):
    box, heard = Outbox(database), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    sent = event(key="a", version=1)
    async with Relay(database, box, bus):
        async with database.write() as connection:
            await box.add(connection, [sent])
        await heard.until_keys("a")
        await until_empty(database)
    assert heard.events == [sent]


async def test_events_of_before_the_start_are_carried(database: Database, bus: EventBus):
    box, heard = Outbox(database), Heard()
    async with database.write() as connection:
        await box.add(connection, [event(key=str(number)) for number in range(250)])
    await bus.subscribe(["data.published"], "ai", heard)
    async with Relay(database, box, bus):
        await heard.until_keys(*map(str, range(250)))
        await until_empty(database)


async def test_events_added_by_another_process_are_noticed(database: Database, database_url: DatabaseUrl):
    bus, heard = MemoryBus(), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    async with Database(database_url, "data") as other, Relay(database, Outbox(database), bus):
        async with other.write() as connection:
            await Outbox(other).add(connection, [event(key="a")])
        await heard.until_keys("a")


async def test_an_event_comes_again_after_a_handler_failed(database: Database, bus: EventBus):
    box, heard = Outbox(database), Heard(failures=2)
    await bus.subscribe(["data.published"], "ai", heard)
    async with Relay(database, box, bus):
        async with database.write() as connection:
            await box.add(connection, [event(key="a")])
        await heard.until_keys("a")
        await until_empty(database)
    assert heard.calls == 3


async def test_a_refused_event_holds_up_no_other(database: Database):
    class Poisoned(Heard):
        async def __call__(self, event) -> None:
            if event.key == "poison":
                raise RuntimeError("never")
            await super().__call__(event)

    box, heard, bus = Outbox(database), Poisoned(), MemoryBus()
    await bus.subscribe(["data.published"], "ai", heard)
    async with Relay(database, box, bus):
        async with database.write() as connection:
            await box.add(connection, [event(key="poison"), event(key="a")])
        await heard.until_keys("a")
        async with database.write() as connection:
            await box.add(connection, [event(key="b")])
        await heard.until_keys("b")
        await until_left(database, 1)


async def test_several_relays_deliver_each_event_once(database: Database, database_url: DatabaseUrl):
    bus, heard = MemoryBus(), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    keys = [str(number) for number in range(300)]
    async with Database(database_url, "data") as second, Database(database_url, "data") as third:
        async with database.write() as connection:
            await Outbox(database).add(connection, [event(key=key) for key in keys])
        relays = [Relay(each, Outbox(each), bus) for each in (database, second, third)]
        while any(await asyncio.gather(*(relay.carry() for relay in relays))):
            pass
    assert sorted(e.key for e in heard.events) == sorted(keys)
    assert await waiting(database) == 0


async def test_a_claimed_event_is_hidden_until_its_lease_ends(database: Database):
    box = Outbox(database)
    async with database.write() as connection:
        await box.add(connection, [event(key="a")])
    assert [(e.key, tries) for e, tries in await box.claim(10, timedelta(seconds=60))] == [("a", 0)]
    assert await box.claim(10, timedelta(seconds=60)) == []
    async with database.write() as connection:
        await connection.execute(outbox.update().values(not_before=None))
    assert [(e.key, tries) for e, tries in await box.claim(10, timedelta(seconds=60))] == [("a", 1)]


async def test_events_are_claimed_in_the_order_they_were_added(database: Database):
    box = Outbox(database)
    async with database.write() as connection:
        await box.add(connection, [event(key=str(number)) for number in range(50)])
    claimed = await box.claim(30, timedelta(seconds=60))
    assert [e.key for e, _ in claimed] == [str(number) for number in range(30)]


async def test_with_redis_away_the_outbox_keeps_the_events(database: Database, own_redis: tuple[ServerProcess, str]):
    server, url = own_redis
    bus, box, heard = RedisBus(url), Outbox(database), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    async with Relay(database, box, bus):
        server.kill()
        async with database.write() as connection:
            await box.add(connection, [event(key="a"), event(key="b")])
        await eventually(lambda: tried(database))
        assert await waiting(database) == 2
        server.start()
        await heard.until_keys("a", "b")
        await until_empty(database)
    await bus.close()


async def tried(database: Database) -> bool:
    async with database.read() as connection:
        return bool((await connection.execute(select(func.max(outbox.c.attempts)))).scalar())


async def test_the_relay_outlives_a_restart_of_postgres(own_postgres: tuple[ServerProcess, str]):
    server, url = own_postgres
    bus, heard = MemoryBus(), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    async with Database(parse_database_url(url), "data") as database:
        await migrate(database, [KERNEL_SCRIPTS])
        box = Outbox(database)
        async with Relay(database, box, bus):
            server.kill()
            with pytest.raises(Unavailable):
                await database.ping()
            server.start()
            async with database.write() as connection:
                await box.add(connection, [event(key="a")])
            await heard.until_keys("a")


async def test_the_relay_waits_for_its_table(database_url: DatabaseUrl):
    bus, heard = MemoryBus(), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    async with Database(database_url, "data") as database:
        box = Outbox(database)
        async with Relay(database, box, bus):
            await asyncio.sleep(0.1)
            await migrate(database, [KERNEL_SCRIPTS])
            async with database.write() as connection:
                await box.add(connection, [event(key="a")])
            await heard.until_keys("a")


def test_waits_grow_and_are_bounded():
    waits = [pause(attempts).total_seconds() for attempts in range(40)]
    assert waits == sorted(waits)
    assert waits[0] > 0
    assert waits[-1] == waits[-2] == 30


RELAY_ONCE = """
import asyncio, sys
from datalab.kernel.database.clock import database_now
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import parse_database_url
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.events.relay import Relay

async def main():
    async with Database(parse_database_url(sys.argv[1]), "data") as database:
        bus = MemoryBus()
        async def handle(event):
            print(event.key, flush=True)
        await bus.subscribe(["data.published"], "ai", handle)
        await Relay(database, Outbox(database), bus).carry()

asyncio.run(main())
"""


@pytest.mark.parametrize("place", ["after_claim", "after_publish"])
async def test_a_relay_killed_between_its_writes_loses_nothing(database: Database, place: str):
    url = database.url
    text_url = (
        url.url.render_as_string(hide_password=False) if isinstance(url, PostgresServer) else f"sqlite:///{url.folder}"
    )
    async with database.write() as connection:
        await Outbox(database).add(connection, [event(key="a")])

    def run(failpoint: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", RELAY_ONCE, text_url],
            env={**os.environ, "DATALAB_FAILPOINT": failpoint},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    died = await asyncio.to_thread(run, f"events.relay.{place}")
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert await waiting(database) == 1
    async with database.write() as connection:
        await connection.execute(outbox.update().values(not_before=None))
    ended = await asyncio.to_thread(run, "")
    assert ended.stdout.split() == ["a"], ended.stderr
    assert await waiting(database) == 0


async def test_events_that_nobody_could_be_told_of_are_given_up_after_their_time(database: Database):
    box = Outbox(database)
    async with database.write() as connection:
        await box.add(connection, [event(key="old"), event(key="new")])
        aged = outbox.update().where(outbox.c.key == "old").values(occurred_at=database_now(timedelta(days=-3)))
        await connection.execute(aged)
    assert await box.forget(timedelta(days=2)) == 1
    assert [one.key for one, _ in await box.claim(10, timedelta(seconds=1))] == ["new"]
