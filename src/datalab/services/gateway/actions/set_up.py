"""The first administrator."""

from datetime import UTC, datetime

from datalab.contracts.gateway import Setup, SetupClosed, User
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import reach
from datalab.services.gateway.model.accounts import HOST_NAME, Account, AccountKind, name_key
from datalab.services.gateway.model.api_keys import digest_of
from datalab.services.gateway.ports import PasswordHasher, SetupCode, Setups

SETUP_CODE = "setup_code"
"""The name of the code among the local secrets."""


class FirstRun:
    """Opens the door to the first administrator, and closes it behind them."""

    def __init__(self, setups: Setups, code: SetupCode, passwords: PasswordHasher) -> None:
        self._setups = setups
        self._code = code
        self._passwords = passwords

    async def prepare(self) -> bool:
        """Make a setup code if nobody has an account; whether there is one now."""
        code = self._code.read_or_create(SETUP_CODE)
        is_open = await self._setups.open(digest_of(code.get_secret_value()))
        reach("gateway.setup.after_code")
        if not is_open:
            self._code.remove(SETUP_CODE)
        return is_open

    async def set_up(self, setup: Setup) -> User:
        """Make the first administrator. Raises SetupClosed."""
        if name_key(setup.name) == HOST_NAME:
            raise SetupClosed(f"name: {HOST_NAME} is the platform's own")
        first = Account(
            id=new_id(),
            name=setup.name,
            kind=AccountKind.PERSON,
            role=Role.ADMIN,
            disabled=False,
            password_hash=await self._passwords.hash(setup.password),
            version=1,
            created_at=datetime.now(UTC),
        )
        await self._setups.close(digest_of(setup.code.get_secret_value()), first)
        reach("gateway.setup.after_account")
        self._code.remove(SETUP_CODE)
        return first.shown()
