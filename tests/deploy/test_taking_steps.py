"""Steps to a release are taken once each, whatever breaks off, and taken back when the release isn't well."""

from pathlib import Path

import pytest

from datalab.contracts.errors import InvalidInput
from datalab.deploy.apply.command import CommandFailed
from datalab.deploy.apply.ledger import Ledger, Release
from datalab.deploy.apply.lifecycle import NotWell, RolledBack
from datalab.deploy.apply.taking_steps import Step, go_back, take_steps

FIRST, SECOND = Release("1", {"a": "one"}), Release("2", {"a": "two"})


class Road:
    """Notes which steps were taken and what was brought back."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder)
        self.taken: list[str] = []
        self.brought_back: list[Release] = []

    def take(self, release: Release, *steps: Step) -> None:
        take_steps(steps, self.ledger, release, self.brought_back.append, lambda _: None)

    def step(self, name: str) -> Step:
        return name, lambda: self.taken.append(name)


@pytest.fixture
def road(tmp_path: Path) -> Road:
    return Road(tmp_path)


def _raising(name: str, error: Exception) -> Step:
    def fail() -> None:
        raise error

    return name, fail


def test_a_run_that_was_broken_off_goes_on_where_it_was(road: Road):
    with pytest.raises(CommandFailed):
        road.take(FIRST, road.step("files"), _raising("images", CommandFailed("no disk")), road.step("start"))
    road.take(FIRST, road.step("files"), road.step("images"), road.step("start"))
    assert road.taken == ["files", "images", "start"]
    assert road.ledger.current() == FIRST


def test_another_release_after_a_broken_off_one_begins_anew(road: Road):
    with pytest.raises(CommandFailed):
        road.take(FIRST, road.step("files"), _raising("images", CommandFailed("no disk")))
    road.take(SECOND, road.step("files"))
    assert road.taken == ["files", "files"]
    assert road.ledger.current() == SECOND


def test_what_ran_before_is_brought_back_from_a_release_that_is_not_well(road: Road):
    road.take(FIRST, road.step("files"))
    with pytest.raises(RolledBack, match="never ready; 1 runs again"):
        road.take(SECOND, road.step("files"), _raising("roll", NotWell("never ready")))
    assert road.brought_back == [FIRST]
    assert road.ledger.current() == FIRST


def test_a_first_release_that_is_not_well_is_said_so(road: Road):
    with pytest.raises(NotWell):
        road.take(FIRST, _raising("start", NotWell("never ready")))
    assert road.brought_back == []
    assert road.ledger.current() is None


def test_going_back_makes_the_release_before_the_current_one(road: Road):
    road.take(FIRST, road.step("files"))
    road.take(SECOND, road.step("files"))
    assert go_back(road.ledger, road.brought_back.append, lambda _: None) == FIRST
    assert road.brought_back == [FIRST]
    assert road.ledger.current() == FIRST
    assert road.ledger.previous() == SECOND


def test_there_is_nothing_to_go_back_to_at_first(road: Road):
    road.take(FIRST, road.step("files"))
    with pytest.raises(InvalidInput, match="nothing to go back to"):
        go_back(road.ledger, road.brought_back.append, lambda _: None)
