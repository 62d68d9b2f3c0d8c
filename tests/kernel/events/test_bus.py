"""One suite for both buses."""

import asyncio

import pytest
from pydantic import ValidationError

from datalab.contracts.errors import Unavailable
from datalab.kernel.events.bus import EventBus, NotDelivered
from datalab.kernel.events.redis import RedisBus
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.process import ServerProcess
from datalab.kernel.testing.redis import start_durable_redis

from .conftest import Heard, event


async def publish_until_taken(bus: EventBus, *events) -> None:
    """What the relay does."""
    left = list(events)
    while left:
        try:
            await bus.publish(left)
        except NotDelivered as error:
            left = list(error.events)
            await asyncio.sleep(0.05)
        else:
            left = []


async def test_an_event_arrives_as_it_was_sent(bus: EventBus):
    heard = Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    sent = event(key="flights", version=3, tags=["a", None], nested={"é": 1.5})
    await bus.publish([sent])
    await heard.until_keys("flights")
    assert heard.events == [sent]


async def test_each_group_gets_each_event(bus: EventBus):
    ai, viz = Heard(), Heard()
    await bus.subscribe(["data.published"], "ai", ai)
    await bus.subscribe(["data.published"], "viz", viz)
    await bus.publish([event(key="a"), event(key="b")])
    await ai.until_keys("a", "b")
    await viz.until_keys("a", "b")


async def test_within_a_group_one_member_gets_an_event(bus: EventBus):
    first, second = Heard(), Heard()
    await bus.subscribe(["data.published"], "ai", first)
    await bus.subscribe(["data.published"], "ai", second)
    keys = [str(number) for number in range(20)]
    await bus.publish([event(key=key) for key in keys])

    async def all_arrived() -> bool:
        return first.keys | second.keys == set(keys)

    await eventually(all_arrived)
    assert len(first.events) + len(second.events) == 20


async def test_every_broadcast_subscriber_gets_each_event(bus: EventBus):
    first, second = Heard(), Heard()
    await bus.broadcast(["data.published"], first)
    await bus.broadcast(["data.published"], second)
    await bus.publish([event(key="a")])
    await first.until_keys("a")
    await second.until_keys("a")


async def test_a_broadcast_subscriber_does_not_get_what_was_before_it(bus: EventBus):
    await bus.publish([event(key="before")])
    heard = Heard()
    await bus.broadcast(["data.published"], heard)
    await bus.publish([event(key="after")])
    await heard.until_keys("after")
    assert heard.keys == {"after"}


async def test_other_topics_do_not_arrive(bus: EventBus):
    heard = Heard()
    await bus.subscribe(["data.published", "data.removed"], "ai", heard)
    await bus.publish([event("data.other", "x"), event("data.removed", "y"), event("data.published", "z")])
    await heard.until_keys("y", "z")
    assert heard.keys == {"y", "z"}


async def test_an_event_comes_again_after_the_handler_failed(bus: EventBus):
    heard = Heard(failures=2)
    await bus.subscribe(["data.published"], "ai", heard)
    await publish_until_taken(bus, event(key="a"))
    await heard.until_keys("a")
    assert heard.calls == 3


async def test_a_failing_handler_holds_up_neither_other_events_nor_other_groups(bus: EventBus):
    class Poisoned(Heard):
        async def __call__(self, event) -> None:
            if event.key == "poison":
                raise RuntimeError("never")
            await super().__call__(event)

    poisoned, well = Poisoned(), Heard()
    await bus.subscribe(["data.published"], "ai", poisoned)
    await bus.subscribe(["data.published"], "viz", well)
    publishing = asyncio.create_task(publish_until_taken(bus, event(key="poison"), event(key="good")))
    await poisoned.until_keys("good")
    await well.until_keys("poison", "good")
    assert len(well.events) == 2
    publishing.cancel()


async def test_after_close_nothing_is_delivered(bus: EventBus):
    closed, heard = Heard(), Heard()
    subscription = await bus.subscribe(["data.published"], "ai", closed)
    await bus.subscribe(["data.published"], "viz", heard)
    await subscription.close()
    await bus.publish([event(key="a")])
    await heard.until_keys("a")
    assert closed.events == []


async def test_publishing_nothing_is_fine(bus: EventBus):
    await bus.publish([])
    await bus.ping()


def test_an_event_cannot_be_changed():
    with pytest.raises(ValidationError):
        event().key = "other"  # type: ignore[misc]


async def test_what_a_dead_member_left_goes_to_another(redis_url: str):
    stuck = asyncio.Event()

    async def never_ends(_event) -> None:
        stuck.set()
        await asyncio.Event().wait()

    dying, living = RedisBus(redis_url, abandoned_s=0.3), RedisBus(redis_url, abandoned_s=0.3)
    await dying.subscribe(["data.published"], "ai", never_ends)
    await living.publish([event(key="a")])
    await asyncio.wait_for(stuck.wait(), 10)
    await dying.close()
    heard = Heard()
    await living.subscribe(["data.published"], "ai", heard)
    await heard.until_keys("a")
    await living.close()


async def test_what_a_group_missed_while_away_arrives_when_it_is_back(redis_url: str):
    first, second = RedisBus(redis_url), RedisBus(redis_url)
    await first.subscribe(["data.published"], "ai", Heard())
    await first.close()
    await second.publish([event(key="missed")])
    heard = Heard()
    await second.subscribe(["data.published"], "ai", heard)
    await heard.until_keys("missed")
    await second.close()


async def test_without_redis_publishing_is_refused_and_works_again_when_it_is_back():
    server, url = start_durable_redis()
    bus, heard = RedisBus(url), Heard()
    try:
        await bus.subscribe(["data.published"], "ai", heard)
        await bus.publish([event(key="before")])
        await heard.until_keys("before")
        server.kill()
        with pytest.raises(NotDelivered) as refused:
            await bus.publish([event(key="x"), event(key="y")])
        assert [e.key for e in refused.value.events] == ["x", "y"]
        with pytest.raises(Unavailable):
            await bus.ping()
        server.start()
        await publish_until_taken(bus, event(key="after"))
        await heard.until_keys("after")
    finally:
        await bus.close()
        server.stop()


async def test_subscribers_outlive_a_redis_that_lost_its_data(own_redis: tuple[ServerProcess, str]):
    server, url = own_redis
    bus, member, everyone = RedisBus(url), Heard(), Heard()
    await bus.subscribe(["data.published"], "ai", member)
    await bus.broadcast(["data.published"], everyone)
    server.restart()
    await publish_until_taken(bus, event(key="after"))
    await member.until_keys("after")
    await everyone.until_keys("after")
    await bus.close()


async def test_a_subscription_made_without_redis_begins_when_it_is_there(own_redis: tuple[ServerProcess, str]):
    server, url = own_redis
    server.kill()
    bus, heard = RedisBus(url), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    server.start()
    await publish_until_taken(bus, event(key="a"))
    await heard.until_keys("a")
    await bus.close()


async def test_what_is_no_event_is_passed_over(redis_url: str):
    bus, heard = RedisBus(redis_url), Heard()
    await bus.subscribe(["data.published"], "ai", heard)
    await bus._client.xadd("datalab:events:data.published", {"event": "{}"})
    await bus.publish([event(key="a")])
    await heard.until_keys("a")
    await bus.close()
