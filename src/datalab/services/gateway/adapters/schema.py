"""Whether the gateway's own tables are there."""

from datalab.contracts.errors import Unavailable
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import SchemaState, schema_state


async def check_schema(database: Database) -> str:
    """The schema's state.

    Raises:
        Unavailable: It isn't at head, or the database can't be asked.
    """
    state = await schema_state(database)
    if state not in (SchemaState.AT_HEAD, SchemaState.AHEAD):
        raise Unavailable(f"the schema is {state.value}; run datalab migrate")
    return state.value
