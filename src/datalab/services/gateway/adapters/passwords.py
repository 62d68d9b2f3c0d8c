"""Argon2id."""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHash
from pydantic import SecretStr

from datalab.contracts.errors import Unavailable

AT_ONCE = 2
"""Each takes :data:`MEMORY_KIB` while it lasts."""
MEMORY_KIB = 46 * 1024
_WAITING = 64


class Argon2Passwords:
    """See :class:`datalab.services.gateway.ports.PasswordHasher`; with the first parameters that OWASP recommends."""

    def __init__(self, memory_kib: int = MEMORY_KIB) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: SecretStr) -> str:
        """A salted hash. Raises Unavailable when too many wait."""
        async with self._turn():
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._hasher.hash, password.get_secret_value())

    async def verify(self, stored: str | None, password: SecretStr) -> bool:
        """Whether the password is right; without a stored hash it takes as long and says no. Raises Unavailable."""
        async with self._turn():
            loop = asyncio.get_running_loop()
            given = password.get_secret_value()
            right = await loop.run_in_executor(self._threads, self._verify, stored, given)
        return right and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    def _verify(self, stored: str | None, given: str) -> bool:
        # Made at the first sign-in of all, so that the first stranger's doesn't take longer than the others'.
        nobodys = self._nobodys
        try:
            return self._hasher.verify(stored or nobodys, given)
        except (Argon2Error, InvalidHash):
            return False

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        if self._waiting >= _WAITING:
            raise Unavailable("too many are signing in at once; try again in a moment", retry_after_s=2)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
