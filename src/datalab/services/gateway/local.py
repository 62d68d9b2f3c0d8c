"""What the host does on the local state, beside a running platform and without the network."""

from datalab.contracts.gateway import ApiKeyDraft, NewApiKey
from datalab.contracts.identity import Role
from datalab.kernel.database.database import Database
from datalab.kernel.events.outbox import Outbox
from datalab.services.gateway.actions.local import mint_host_key
from datalab.services.gateway.adapters.accounts import SqlAccounts
from datalab.services.gateway.adapters.api_keys import SqlApiKeys
from datalab.services.gateway.adapters.news import IdentityNews

_DAYS_90 = 90 * 86400


async def mint_admin_key(
    database: Database, *, name: str = "host", role: Role = Role.ADMIN, expires_in_s: int | None = _DAYS_90
) -> NewApiKey:
    """An API key of the host's own account, good at the gateway at once. ``database`` is the gateway's, migrated.

    Raises:
        Unavailable: The database can't be used now.
        Forbidden: An administrator has disabled the host's account.
    """
    news = IdentityNews(Outbox(database))
    draft = ApiKeyDraft(name=name, role=role, expires_in_s=expires_in_s)
    return await mint_host_key(SqlAccounts(database, news), SqlApiKeys(database, news), draft)
