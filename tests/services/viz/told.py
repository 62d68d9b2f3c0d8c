"""What the service told of itself."""

from sqlalchemy import select
from tests.services.viz.conftest import Service

from datalab.kernel.events.outbox import outbox


async def told_events(service: Service) -> list[tuple[str, str]]:
    """Topic and key of each event that waits, in order."""
    query = select(outbox.c.topic, outbox.c.key).order_by(outbox.c.position)
    async with service.dependencies.database.read() as connection:
        return [(row.topic, row.key) for row in await connection.execute(query)]
