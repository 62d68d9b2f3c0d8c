"""Variables that can't be read, and those that nobody reads."""

import difflib
from collections.abc import Sequence

from datalab.host.doctor.finding import Finding, broken, ok, warning
from datalab.host.doctor.setup import Setup, settings_classes
from datalab.kernel.config.environment import Environment
from datalab.kernel.config.invalid import InvalidSettings
from datalab.kernel.config.secret_files import FILE, secret_variables

_OURS = "DATALAB_"
_ELSEWHERE = frozenset({"DATALAB_URL", "DATALAB_TOKEN", "DATALAB_FAILPOINT", "DATALAB_FAILPOINT_TRACE"})
_FOR_TESTS = "DATALAB_TEST_"


async def check(setup: Setup) -> Sequence[Finding]:
    """Each variable that is out of bounds or misspelt."""
    classes = settings_classes()
    found = list({one.check: one for kind in classes for one in _unreadable(kind)}.values())
    known = {str(field.validation_alias) for kind in classes for field in kind.model_fields.values()} | _ELSEWHERE
    known |= {variable + FILE for kind in classes for variable in secret_variables(kind)}
    found += [
        _unknown(name, known)
        for name in sorted(setup.variables)
        if name.startswith(_OURS) and not name.startswith(_FOR_TESTS) and name not in known
    ]
    return found or [ok("variables", f"{sum(name in known for name in setup.variables)} set, all of them read")]


def _unreadable(kind: type[Environment]) -> list[Finding]:
    try:
        kind()
    except InvalidSettings as error:
        return [
            broken(one.where, one.what, "docs/reference/settings.md has its meaning and bounds") for one in error.errors
        ]
    return []


def _unknown(name: str, known: set[str]) -> Finding:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    remedy = f"did you mean {near[0]}?" if near else "unset it; docs/reference/settings.md lists those that are read"
    return warning(name, "no setting has this name, so it does nothing", remedy)
