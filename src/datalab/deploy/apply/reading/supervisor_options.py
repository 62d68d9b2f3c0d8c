"""Run by the Python that has supervisor: tells as JSON what its own parser makes of the file that is its argument.

Imports nothing of ours, for that Python needn't have it.
"""

import importlib
import json
import sys
from typing import Any

ATTRIBUTES = (
    "autorestart",
    "autostart",
    "command",
    "directory",
    "environment",
    "exitcodes",
    "killasgroup",
    "priority",
    "redirect_stderr",
    "startretries",
    "startsecs",
    "stderr_logfile",
    "stdout_logfile",
    "stdout_logfile_backups",
    "stdout_logfile_maxbytes",
    "stdout_syslog",
    "stopasgroup",
    "stopsignal",
    "stopwaitsecs",
    "uid",
    "umask",
)


def main(path: str) -> None:
    """Print program → attributes, by group."""
    kinds: Any = importlib.import_module("supervisor.datatypes")
    # Folders and accounts are taken as they are called, for the host that has them is another one.
    kinds.existing_directory = kinds.existing_dirpath = kinds.name_to_uid = str
    server = importlib.import_module("supervisor.options").ServerOptions()
    server.realize(["-c", path])
    groups = {
        group.name: {
            each.name: {name: _plain(getattr(each, name)) for name in ATTRIBUTES} for each in group.process_configs
        }
        for group in server.process_group_configs
    }
    print(json.dumps(groups))  # noqa: T201 - whoever runs it reads this


def _plain(value: object) -> object:
    """A class, such as ``RestartUnconditionally``, by its name."""
    return value.__name__ if isinstance(value, type) else value


if __name__ == "__main__":
    main(sys.argv[1])
