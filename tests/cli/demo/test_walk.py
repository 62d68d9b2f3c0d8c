"""A walk that meets a wrong answer says which, and fails."""

import json
from pathlib import Path

import pytest
from tests.cli.command_line import datalab
from tests.client.platform import FakePlatform, running

from datalab.cli.demo.checks import WrongAnswer, expect, expect_close, expect_that


@pytest.fixture
def fake():
    with running() as platform:
        yield platform


def test_a_wrong_answer_fails_the_walk_and_is_named(fake: FakePlatform, tmp_path: Path):
    done = datalab("demo", "--json", "--url", fake.url, "--token", "any", home=tmp_path)
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert not told["passed"]
    assert [step["name"] for step in told["steps"]] == ["upload"]
    assert told["steps"][0]["error"] == "rows of flights as uploaded: 3, and 336776 is right"
    assert done.stderr == "datalab: step upload: rows of flights as uploaded: 3, and 336776 is right\n"


def test_a_walk_for_people_says_the_same(fake: FakePlatform, tmp_path: Path):
    done = datalab("demo", "--url", fake.url, "--token", "any", home=tmp_path)
    assert done.returncode == 1
    assert "1. Upload" in done.stdout
    assert "\x1b" not in done.stdout
    assert "Where to go next" not in done.stdout


def test_what_is_not_as_expected_is_wrong():
    expect("it", 1, 1)
    expect_close("it", 21.92, 21.925)
    expect_that("it", holds=True)
    for wrong in (
        lambda: expect("it", 1, 2),
        lambda: expect_close("it", 1, 1.1),
        lambda: expect_that("it", holds=False),
    ):
        with pytest.raises(WrongAnswer, match="it"):
            wrong()


def test_no_number_is_close_to_anything():
    with pytest.raises(WrongAnswer):
        expect_close("it", float("nan"), 1.0)
