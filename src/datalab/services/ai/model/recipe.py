"""All that turns a model file's numbers into answers: stored with the version, read when it is loaded."""

from collections.abc import Sequence

from pydantic import JsonValue

from datalab.contracts.ai import Task
from datalab.contracts.model import Contract
from datalab.services.ai.model.inputs import InputSchema, Scale


class Recipe(Contract):
    """``classes`` in the order of the probabilities; ``output`` undoes the standardising of a number."""

    task: Task
    inputs: InputSchema
    classes: tuple[JsonValue, ...]
    output: Scale | None

    def value_of(self, outcome: Sequence[float]) -> JsonValue:
        """The answer: the likeliest class, of equal ones the first; or the number in the target's own unit."""
        if self.output is not None:
            return outcome[0] * self.output.spread + self.output.center
        best = max(range(len(outcome)), key=outcome.__getitem__)
        return self.classes[best]
