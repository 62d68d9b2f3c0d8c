"""An answer's way out: a short one is held back until all is known of it, a long one flows."""

from typing import Final

from datalab.kernel.pool.channel import Channel
from datalab.services.data.model.statement import AnswerHead, AnswerTail


class HeldAnswer:
    """Sends the head when the answer outgrows ``hold_bytes`` or ends, so that an error found by then can still be told."""

    def __init__(self, channel: Channel, head: AnswerHead, hold_bytes: int) -> None:
        self._channel: Final = channel
        self._head: Final = head
        self._room = hold_bytes
        self._held: list[bytes] | None = []

    def send(self, data: bytes | bytearray | memoryview) -> None:
        """The next bytes."""
        if self._held is None:
            self._channel.send(data)
            return
        piece = bytes(data)
        self._held.append(piece)
        self._room -= len(piece)
        if self._room < 0:
            self._release(None)

    def end(self, tail: AnswerTail) -> AnswerTail:
        """All bytes are in."""
        if self._held is not None:
            self._release(tail)
        return tail

    def _release(self, tail: AnswerTail | None) -> None:
        self._channel.header(self._head.model_copy(update={"tail": tail}).model_dump())
        held, self._held = self._held or [], None
        self._channel.send(b"".join(held))
