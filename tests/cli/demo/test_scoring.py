"""The figures that judge the model."""

import random

import pytest
from sklearn.metrics import roc_auc_score

from datalab.cli.demo.scoring import accuracy, auc, base_rate


@pytest.mark.parametrize("levels", [3, 1000])
def test_auc_is_scikit_learns_with_ties_too(levels: int):
    chance = random.Random(levels)
    actual = [chance.random() < 0.3 for _ in range(2000)]
    chances = [round(0.5 * truth + chance.random(), 3) // (1 / levels) for truth in actual]
    assert auc(chances, actual) == pytest.approx(float(roc_auc_score(actual, chances)))


def test_auc_of_one_kind_only_is_refused():
    with pytest.raises(ValueError, match="both"):
        auc([0.1, 0.2], [True, True])


def test_the_base_rate_is_that_of_the_commoner_answer():
    assert base_rate([True, False, False, False]) == 0.75
    assert base_rate([True, True, True, False]) == 0.75


def test_accuracy_is_the_share_that_is_right():
    assert accuracy([True, False, True, True], [True, True, True, False]) == 0.5
