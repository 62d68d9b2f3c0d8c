"""How good predictions are, worked out here from the predictions themselves."""

from collections.abc import Sequence
from itertools import groupby


def accuracy(predicted: Sequence[bool], actual: Sequence[bool]) -> float:
    """The share that is right."""
    return sum(one == other for one, other in zip(predicted, actual, strict=True)) / len(actual)


def base_rate(actual: Sequence[bool]) -> float:
    """The accuracy of always saying what is commoner."""
    share = sum(actual) / len(actual)
    return max(share, 1 - share)


def auc(chances: Sequence[float], actual: Sequence[bool]) -> float:
    """The chance that one that is true was given more than one that isn't; equal ones count half (Mann and Whitney)."""
    trues = sum(actual)
    falses = len(actual) - trues
    if not trues or not falses:
        raise ValueError("both kinds are needed")
    ordered = sorted(zip(chances, actual, strict=True))
    below, won = 0, 0.0
    for _chance, group in groupby(ordered, key=lambda pair: pair[0]):
        members = [truth for _, truth in group]
        true_ones = sum(members)
        won += true_ones * (below + (len(members) - true_ones) / 2)
        below += len(members) - true_ones
    return won / (trues * falses)
