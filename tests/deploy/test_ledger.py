"""The book of what was applied: the last whole release, the one before, and how far a broken-off one came."""

from pathlib import Path

import pytest

from datalab.deploy.apply.ledger import Ledger, ReadLedger, Release

FIRST, SECOND = Release("1", {"a.yml": "one"}), Release("2", {"a.yml": "two"})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "book")


def _apply(ledger: Ledger, release: Release) -> None:
    ledger.begin(release)
    ledger.did("only step")
    ledger.finish()


def test_an_empty_book_knows_nothing(ledger: Ledger):
    assert (ledger.current(), ledger.previous(), ledger.applied_at()) == (None, None, None)


def test_what_is_applied_is_current_and_what_was_is_previous(ledger: Ledger):
    _apply(ledger, FIRST)
    _apply(ledger, SECOND)
    assert (ledger.current(), ledger.previous()) == (SECOND, FIRST)


def test_a_broken_off_release_goes_on_where_it_stopped(tmp_path: Path):
    Ledger(tmp_path).begin(FIRST)
    Ledger(tmp_path).did("images")
    assert Ledger(tmp_path).begin(FIRST) == {"images"}


def test_another_release_begins_anew(ledger: Ledger):
    ledger.begin(FIRST)
    ledger.did("images")
    assert ledger.begin(SECOND) == frozenset()


def test_what_was_given_up_leaves_the_current_one(ledger: Ledger):
    _apply(ledger, FIRST)
    ledger.begin(SECOND)
    ledger.give_up()
    assert ledger.current() == FIRST
    assert ledger.begin(SECOND) == frozenset()


def test_the_same_release_applied_again_has_the_same_one_before_it(ledger: Ledger):
    _apply(ledger, FIRST)
    _apply(ledger, SECOND)
    _apply(ledger, SECOND)
    assert ledger.previous() == FIRST


def test_a_rehearsal_reads_the_book_and_writes_nothing(tmp_path: Path):
    _apply(Ledger(tmp_path), FIRST)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    rehearsed = ReadLedger(tmp_path)
    _apply(rehearsed, SECOND)
    assert rehearsed.current() == FIRST
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before
