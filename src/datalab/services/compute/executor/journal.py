"""What a running attempt says, kept until the next turn writes it."""

from collections import deque
from collections.abc import Callable

from datalab.services.compute.model.attempt import Notes
from datalab.services.compute.model.text import plain

MAX_LINE = 8 * 1024
"""Characters of one log line; the rest is cut off."""

MAX_LINES = 10_000
"""Log lines of one attempt; further ones are counted, not kept."""

MAX_MESSAGE = 500
HIDDEN = "[redacted]"


class Journal:
    """Log lines and progress of one attempt, bounded, with its secrets blacked out. ``heard`` is called at news."""

    def __init__(self, heard: Callable[[], None]) -> None:
        self._heard = heard
        self._lines: deque[str] = deque()
        self._progress: tuple[float, str] | None = None
        self._written = 0
        self._dropped = 0
        self._secrets: set[str] = set()

    def hide(self, secret: str) -> None:
        """Black this out in whatever is said from now on."""
        if secret:
            self._secrets.add(secret)

    def log(self, text: str) -> None:
        """Add the lines of ``text``."""
        for line in text.splitlines() or [""]:
            if self._written >= MAX_LINES:
                self._dropped += 1
                continue
            self._written += 1
            self._lines.append(plain(self.cleaned(line), MAX_LINE))
        self._heard()

    def progress(self, fraction: float, message: str) -> None:
        """Set how far the work is; of several before the next turn the last one counts. NaN counts as no progress."""
        bounded = min(max(fraction, 0.0), 1.0) if fraction == fraction else 0.0  # noqa: PLR0124 # NaN alone differs from itself
        self._progress = (bounded, plain(self.cleaned(message), MAX_MESSAGE))
        self._heard()

    def cleaned(self, text: str) -> str:
        """``text`` without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def take(self) -> Notes:
        """What was said since the last time."""
        notes = Notes(tuple(self._lines), self._progress)
        self._lines.clear()
        self._progress = None
        return notes

    def take_last(self) -> Notes:
        """The same at the end, with how many lines were left out."""
        if self._dropped:
            self._lines.append(f"… {self._dropped} more lines were left out, {MAX_LINES} are kept of an attempt")
        return self.take()
