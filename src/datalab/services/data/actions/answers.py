"""Answers remembered: the same statement over the same versions answers the same."""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datalab.services.data.model.statement import AnswerHead, AnswerTail, Statement
from datalab.services.data.model.table_view import TableView

AnswerKey = tuple[str, str, str, int, tuple[str, ...]]
_SHARE = 8
_OVERHEAD = 1_024


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A whole answer."""

    head: AnswerHead
    chunks: tuple[bytes, ...]
    tail: AnswerTail

    @property
    def size(self) -> int:
        """Its bytes, roughly."""
        return _OVERHEAD + sum(len(chunk) for chunk in self.chunks)


def key_of(statement: Statement) -> AnswerKey:
    """What an answer depends on; the files name the versions. Not who asks: the views are those he may see."""
    views = tuple(sorted(_told(view) for view in statement.views))
    params = json.dumps(statement.params, sort_keys=True)
    return statement.sql.strip(), params, statement.encoding.value, statement.max_rows, views


def _told(view: TableView) -> str:
    return json.dumps([view.namespace, view.table.lower(), view.files, view.conditions, view.variables])


class AnswerCache:
    """The answers asked for last, together at most ``max_bytes``; one larger than an eighth of it isn't kept.

    ``looked`` is told at each look whether an answer was found.
    """

    def __init__(self, max_bytes: int, looked: Callable[[bool], None]) -> None:
        self._max_bytes = max_bytes
        self._looked = looked
        self._size = 0
        self._known: OrderedDict[AnswerKey, KnownAnswer] = OrderedDict()

    @property
    def longest(self) -> int:
        """Bytes of the longest answer that is kept."""
        return self._max_bytes // _SHARE

    def get(self, key: AnswerKey) -> KnownAnswer | None:
        """The answer, if it is remembered."""
        found = self._known.get(key)
        self._looked(found is not None)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def put(self, key: AnswerKey, head: AnswerHead, chunks: Sequence[bytes], tail: AnswerTail) -> None:
        """Remember an answer, forgetting those that nobody asked for longest."""
        answer = KnownAnswer(head, tuple(chunks), tail)
        if not head.repeatable or answer.size > self.longest:
            return
        before = self._known.pop(key, None)
        self._size += answer.size - (before.size if before else 0)
        self._known[key] = answer
        while self._size > self._max_bytes:
            _, oldest = self._known.popitem(last=False)
            self._size -= oldest.size
