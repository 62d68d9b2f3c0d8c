"""Acting for a job's owner: the caller that an attempt is given, good for as long as the attempt goes on."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from datalab.contracts.errors import Category, PlatformError, Unavailable
from datalab.contracts.identity import Caller
from datalab.kernel.telemetry.logs import get_logger
from datalab.kernel.traces.context import current_traceparent
from datalab.services.compute.executor.journal import Journal
from datalab.services.compute.model.attempt import Claim
from datalab.services.compute.ports import AttemptStore, Delegation

DELEGATION_S: Final = 15.0
RENEW_AGAIN_S: Final = 1.0
"""The shortest pause between two attempts to renew a token."""

_ABOUT_THE_OWNER: Final = {Category.FORBIDDEN, Category.NOT_FOUND, Category.GONE, Category.INVALID}
"""What a refused token says about the job; anything else (also a credential of ours that is refused) is ours to mend."""

_log = get_logger(__name__)


class GatewayAway(Exception):
    """The owner's caller can't be had now; the message is the reason."""


class Mandate:
    """Leave to act for the owner of a claimed job. What it gives is hidden from the journal."""

    def __init__(self, claim: Claim, delegation: Delegation, store: AttemptStore, journal: Journal) -> None:
        self._claim = claim
        self._delegation = delegation
        self._store = store
        self._journal = journal
        self._good_until = datetime.min.replace(tzinfo=UTC)

    async def caller(self) -> Caller:
        """The owner with a fresh token.

        Raises:
            GatewayAway: Nobody can tell now.
            PlatformError: The owner may not act.
        """
        submitter = self._claim.submitter
        try:
            async with asyncio.timeout(DELEGATION_S):
                caller = await self._delegation.caller_for(
                    submitter.subject, submitter.role, submitter.scopes, self._claim.ticket.job_id
                )
        except PlatformError as error:
            if error.category in _ABOUT_THE_OWNER:
                raise
            raise GatewayAway(f"no token for the job's owner can be had now: {error.detail}") from error
        except TimeoutError as error:
            raise GatewayAway(f"no token for the job's owner came within {DELEGATION_S:g} s") from error
        self._journal.hide(caller.token.get_secret_value())
        self._good_until = caller.identity.expires_at
        return replace(caller, request_id=submitter.request_id, traceparent=current_traceparent())

    async def keep(self, caller: Caller) -> None:
        """Renew the caller at half of its token's time, and at half of what is left after each refusal, until cancelled.

        An attempt that no longer holds its job gets no more tokens.

        Raises:
            PlatformError: The owner may act no more.
        """
        ticket = self._claim.ticket
        while True:
            await asyncio.sleep(max(self._left_s() / 2, RENEW_AGAIN_S))
            try:
                if await self._store.holds(ticket):
                    caller.renew(await self.caller())
                else:
                    _log.warning("an attempt without its lease gets no new token", job=ticket.job_id)
            except (GatewayAway, Unavailable) as away:
                _log.warning("a running job's token can't be renewed now", job=ticket.job_id, reason=str(away))
            except PlatformError:
                raise
            except Exception:  # noqa: BLE001 # without renewals the attempt would be in vain
                _log.exception("renewing a running job's token failed and is tried again", job=ticket.job_id)

    def has_run_out(self) -> bool:
        """Whether the latest token is no longer good."""
        return self._left_s() <= 0

    def _left_s(self) -> float:
        return (self._good_until - datetime.now(UTC)).total_seconds()
