"""Keys made on the host itself, by whoever may read its secrets; no network and no sign-in."""

from datetime import UTC, datetime

from datalab.contracts.errors import Forbidden
from datalab.contracts.gateway import ApiKeyDraft, NewApiKey
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import reach
from datalab.services.gateway.model.accounts import HOST_NAME, Account, AccountKind
from datalab.services.gateway.model.api_keys import new_key
from datalab.services.gateway.ports import Accounts, ApiKeys


async def mint_host_key(accounts: Accounts, keys: ApiKeys, draft: ApiKeyDraft) -> NewApiKey:
    """A key of the host's own account, which is made when it isn't there and in which nobody can sign in.

    Raises:
        Forbidden: An administrator has disabled that account.
    """
    now = datetime.now(UTC)
    host = await accounts.add_if_absent(
        Account(
            id=new_id(),
            name=HOST_NAME,
            kind=AccountKind.SERVICE,
            role=Role.ADMIN,
            disabled=False,
            password_hash=None,
            version=1,
            created_at=now,
        )
    )
    if host.disabled:
        raise Forbidden("an administrator has disabled the host's account; they can enable it again")
    reach("gateway.mint.after_account")
    key, secret = new_key(host.id, draft, now)
    await keys.add(key, None)
    return key.shown_once(secret)
