"""Run in the booted host by its release's Python: the verbs for the plan that the test made, by its ports and choices."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from datalab.deploy.apply.command import Shell
from datalab.deploy.apply.ledger import Ledger
from datalab.deploy.apply.lifecycle import Images
from datalab.deploy.choices import Choices
from datalab.deploy.lifecycles import lifecycle
from datalab.deploy.plan import Profile, plan
from datalab.deploy.rendering import Target, render
from datalab.deploy.topology.component import Port


def main(told: Mapping[str, object], verb: str, *arguments: str) -> object:
    """Run one verb; gives what it told."""
    decided = plan(Profile.PRODUCTION, Choices(environment=told["environment"]))
    ports: Mapping[str, int] = told["ports"]
    moved = (
        replace(each, ports=(Port(ports[each.name]),)) if each.name in ports else each for each in decided.components
    )
    decided = replace(decided, components=tuple(moved))
    say = lambda line: print(line, file=sys.stderr)  # noqa: E731 - what is told goes to the other
    verbs = lifecycle(Target.SYSTEMD, decided, folder=Path("/srv/clone"), runner=Shell(say), book=Ledger, say=say)
    files = render(Target.SYSTEMD, decided)
    does = {
        "up": lambda: verbs.up(files, Images.THERE),
        "diff": lambda: verbs.diff(files),
        "status": lambda: [asdict(each) for each in verbs.status()],
        "scale": lambda: verbs.scale(arguments[0], int(arguments[1])),
        "logs": lambda: verbs.logs(arguments[0], 50),
        "rollback": lambda: verbs.rollback().id,
        "down": verbs.down,
    }
    return does[verb]()


print(json.dumps(main(json.loads(sys.argv[1]), *sys.argv[2:])))
