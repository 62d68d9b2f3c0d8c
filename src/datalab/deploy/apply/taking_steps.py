"""Taking the steps to a release: each noted once it is taken, so that any may be the last; taken back when not well."""

from collections.abc import Callable, Iterable

from datalab.contracts.errors import InvalidInput
from datalab.deploy.apply.ledger import Ledger, Release
from datalab.deploy.apply.lifecycle import NotWell, RolledBack

Step = tuple[str, Callable[[], None]]
"""Its name, and what it does; taken twice it does the same."""
BringBack = Callable[[Release], None]


def take_steps(
    steps: Iterable[Step], ledger: Ledger, release: Release, bring_back: BringBack, say: Callable[[str], None]
) -> None:
    """Take the steps to a release that an earlier, broken-off attempt hasn't taken.

    Raises:
        RolledBack: A step found it not well, and what ran before was brought back.
        NotWell: Likewise, and nothing ran before.
    """
    before, done = ledger.current(), ledger.begin(release)
    try:
        for name, step in steps:
            if name in done:
                continue
            say(f"{name} …")
            step()
            ledger.did(name)
    except NotWell as error:
        say(error.detail)
        ledger.give_up()
        if before is None:
            raise
        say(f"going back to {before.version} …")
        bring_back(before)
        raise RolledBack(f"{error.detail}; {before.version} runs again") from error
    ledger.finish()


def go_back(ledger: Ledger, bring_back: BringBack, say: Callable[[str], None]) -> Release:
    """Bring back the release before the current one; gives it.

    Raises:
        InvalidInput: Nothing was applied before.
    """
    previous = ledger.previous()
    if previous is None:
        raise InvalidInput("nothing was applied before the present release, so there is nothing to go back to")
    ledger.begin(previous)
    say(f"going back to {previous.version} …")
    bring_back(previous)
    ledger.finish()
    return previous
