"""What supervisor says of our programs, and what the script that starts them gives to each, as facts."""

from configparser import RawConfigParser
from typing import Any

from datalab.deploy.apply.reading.supervisor import Programs
from datalab.deploy.readback.facts import ABOUT_ALL, variables
from datalab.deploy.readback.starter import Started, Starter, read_starter

JsonObject = dict[str, Any]
_KNOWN = {
    "command",
    "process_name",
    "numprocs",
    "user",
    "directory",
    "umask",
    "autostart",
    "autorestart",
    "startsecs",
    "startretries",
    "stopsignal",
    "stopwaitsecs",
    "killasgroup",
    "redirect_stderr",
    "stdout_logfile",
    "stdout_logfile_maxbytes",
    "stdout_logfile_backups",
}


def supervisor_facts(groups: Programs, configuration: str, script: str) -> dict[str, JsonObject]:
    """Facts of the programs in supervisor's groups, of their file's keys, and of the starter's script."""
    starter = read_starter(script)
    processes = {name: each for group in groups.values() for name, each in group.items()}
    unknown = _unknown(configuration)
    facts: dict[str, JsonObject] = {ABOUT_ALL: _whole(groups, starter)}
    for name in sorted({process.rpartition("-")[0] for process in processes}):
        own = {each: told for each, told in processes.items() if each.rpartition("-")[0] == name}
        facts[name] = _program(own) | {"keys beside": unknown.get(f"program:{name}", [])}
    for name, program in starter.programs.items():
        facts[name] = facts.get(name, {}) | _started(program)
    return facts


def _whole(groups: Programs, starter: Starter) -> JsonObject:
    return {
        "groups": sorted(groups),
        "operator's variables": starter.operators,
        "files that may be open": starter.files,
        "becomes": starter.runs,
        "anything else": starter.other,
    }


def _program(processes: dict[str, Any]) -> JsonObject:
    return {
        "instances": sorted(processes),
        "command": _each(processes, "command"),
        "account": _each(processes, "uid"),
        "folder": _each(processes, "directory"),
        "mode of files": [f"{each['umask']:o}" if each["umask"] is not None else "" for each in processes.values()],
        "started": _each(processes, "autostart"),
        "restarted": _each(processes, "autorestart"),
        "runs after s": _each(processes, "startsecs"),
        "tried again": _each(processes, "startretries"),
        "told to stop by": _each(processes, "stopsignal"),
        "stop grace s": _each(processes, "stopwaitsecs"),
        "its children are": {"told": _each(processes, "stopasgroup"), "killed": _each(processes, "killasgroup")},
        "log": _each(processes, "stdout_logfile"),
        "log bytes": _each(processes, "stdout_logfile_maxbytes"),
        "older logs": _each(processes, "stdout_logfile_backups"),
        "errors in the log": _each(processes, "redirect_stderr"),
        "supervisor's own variables": _each(processes, "environment"),
    }


def _each(processes: dict[str, Any], attribute: str) -> list[Any]:
    """Every instance's, in order."""
    return [processes[name][attribute] for name in sorted(processes)]


def _started(program: Started) -> JsonObject:
    return {
        **variables(program.variables),
        "secrets by other names": program.given,
        "taken from it": program.taken,
        "arguments": program.arguments,
        "listens": program.listens,
        "anything else": program.other,
    }


def _unknown(configuration: str) -> dict[str, list[str]]:
    parser = RawConfigParser(strict=False)
    parser.read_string(configuration)
    sections = (name for name in parser.sections() if name.startswith("program:"))
    return {name: sorted(set(parser[name]) - _KNOWN) for name in sections}
