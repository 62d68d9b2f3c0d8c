"""What systemd says of our units, as facts."""

import re
import shlex
from collections.abc import Iterable
from typing import Any

from datalab.deploy.apply.reading.systemd import ReadUnit, ReadUnits
from datalab.deploy.readback.facts import ABOUT_ALL, variables

JsonObject = dict[str, Any]
_OURS = re.compile(r"datalab-(.+)\.(service|socket|timer)$")
_KEY = re.compile(r"^([A-Za-z]+)=(.*)$")
_SPAN = re.compile(r"(?:(\d+)min)?\s?(?:(\d+)s)?$")
_WALLS = (
    "PrivateTmp",
    "PrivateDevices",
    "ProtectSystem",
    "ProtectHome",
    "ProtectProc",
    "ProtectClock",
    "ProtectHostname",
    "ProtectKernelLogs",
    "ProtectKernelModules",
    "ProtectKernelTunables",
    "ProtectControlGroups",
    "KeyringMode",
    "LockPersonality",
    "RestrictRealtime",
    "RestrictSUIDSGID",
    "MemoryDenyWriteExecute",
)
_COMPARED = {
    *(f"{kind} {key}" for kind in ("service", "socket", "timer") for key in ("Description", "PartOf", "WantedBy")),
    *(f"service {key}" for key in ("After", "Wants", "Requires", "StartLimitIntervalSec")),
    *(f"service {key}" for key in ("Type", "NotifyAccess", "WatchdogSec", "User", "Group", "WorkingDirectory")),
    *(f"service {key}" for key in ("Environment", "EnvironmentFile", "UnsetEnvironment", "ExecStart", "ExecReload")),
    *(f"service {key}" for key in ("Restart", "RestartSec", "TimeoutStartSec", "TimeoutStopSec", "KillMode", "Nice")),
    *(f"service {key}" for key in ("StandardOutput", "StandardError", "LimitNOFILE", "TasksMax", "MemoryMax")),
    *(f"service {key}" for key in ("CPUQuota", "StateDirectory", "StateDirectoryMode", "ReadWritePaths", "UMask")),
    *(f"service {key}" for key in ("InaccessiblePaths", "NoNewPrivileges", "RestrictAddressFamilies")),
    *(f"service {key}" for key in ("RestrictNamespaces", "CapabilityBoundingSet", "AmbientCapabilities")),
    *(f"service {key}" for key in ("SystemCallArchitectures", "SystemCallErrorNumber", "SystemCallFilter")),
    *(f"service {key}" for key in (*_WALLS, "PrivateNetwork")),
    *(f"socket {key}" for key in ("ListenStream", "Backlog", "NoDelay")),
    *(f"timer {key}" for key in ("OnActiveSec", "OnUnitActiveSec")),
}
"""What is compared, or seen by systemd's own look at walls; another key is told."""


def systemd_facts(read: ReadUnits, rotation: str) -> dict[str, JsonObject]:
    """Facts of the units, and of what gives their logs another name."""
    facts: dict[str, JsonObject] = {ABOUT_ALL: _whole(read)}
    logs = _logs(rotation)
    for name, unit in read.units.items():
        if match := _OURS.match(name):
            told = {"service": _service, "socket": _socket, "timer": _timer}[match[2]](unit)
            more = {"anything else": facts.get(match[1], {}).get("anything else", []) + _unknown(match[2], unit)}
            facts[match[1]] = facts.get(match[1], {}) | told | more
    return {name: {**told, **({"log": logs[name]} if name in logs else {})} for name, told in facts.items()}


def _whole(read: ReadUnits) -> JsonObject:
    target = read.units.get("datalab.target")
    return {
        "units": sorted(read.units),
        "started together": _named(target, "Wants") if target else [],
        "started at boot by": dict(read.started_by),
    }


def _service(unit: ReadUnit) -> JsonObject:
    if _one(unit, "Type") == "oneshot":
        return _task(unit) if _one(unit, "User") else _rotation(unit)
    return {
        **_task(unit),
        "restart": {"when": _one(unit, "Restart"), "after s": _seconds(_one(unit, "RestartSec")), **_limit(unit)},
        "sign of life s": _seconds(_one(unit, "WatchdogSec")),
        "stop grace s": _seconds(_one(unit, "TimeoutStopSec")),
        "ended by": [_one(unit, "KillSignal"), _one(unit, "FinalKillSignal"), _one(unit, "KillMode")],
        "process limit": _one(unit, "TasksMax"),
    }


def _task(unit: ReadUnit) -> JsonObject:
    return {
        "account": f"{_one(unit, 'User')}:{_one(unit, 'Group')}",
        "commands": _commands(unit),
        "starts": {
            "when it tells": [_one(unit, "Type"), _one(unit, "NotifyAccess")],
            "within s": _seconds(_one(unit, "TimeoutStartSec")),
            "after": _named(unit, "After"),
            "wants": _named(unit, "Wants"),
            "requires": _named(unit, "Requires"),
            "with": _named(unit, "PartOf"),
        },
        **variables(dict(each.split("=", 1) for each in unit.values.get("Environment", ()))),
        "operator's variables": list(unit.values.get("EnvironmentFile", ())),
        "others' secrets": sorted(unit.values.get("UnsetEnvironment", ())),
        "output": [_one(unit, "StandardOutputFileToAppend"), _one(unit, "StandardError")],
        "memory limit": int(_one(unit, "MemoryMax")),
        "CPU limit s": _seconds(_one(unit, "CPUQuotaPerSecSec")),
        "file limit": _one(unit, "LimitNOFILE"),
        "folder": _one(unit, "WorkingDirectory"),
        "made for it": [_one(unit, "StateDirectory"), _one(unit, "StateDirectoryMode")],
        "may write": _one(unit, "ReadWritePaths").split(),
        "never sees": _one(unit, "InaccessiblePaths").split(),
        "mode of files": _one(unit, "UMask"),
        **{f"wall {name}": _one(unit, name) for name in _WALLS},
        "system calls": _written(unit, "SystemCallFilter"),
        "refused calls": [_one(unit, "SystemCallErrorNumber"), _one(unit, "SystemCallArchitectures")],
        "unprotected": list(unit.unprotected),
    }


def _rotation(unit: ReadUnit) -> JsonObject:
    return {
        "commands": _commands(unit),
        "niceness": _one(unit, "Nice"),
        "may write": _one(unit, "ReadWritePaths").split(),
        **{f"wall {name}": _one(unit, name) for name in ("PrivateTmp", "PrivateNetwork", "ProtectHome")},
        "wall ProtectSystem": _one(unit, "ProtectSystem"),
        "gains privileges": "NoNewPrivileges=" in unit.unprotected,
    }


def _socket(unit: ReadUnit) -> JsonObject:
    return {
        "listens": list(unit.values.get("ListenStream", ())),
        "waiting connections": _one(unit, "Backlog"),
        "packets at once": _one(unit, "NoDelay"),
        "socket stops with": _named(unit, "PartOf"),
        "socket's service": [name.split()[0] for name in unit.values.get("Triggers", ())],
    }


def _timer(unit: ReadUnit) -> JsonObject:
    return {
        "runs": [name.split()[0] for name in unit.values.get("Triggers", ())],
        "first after s": _seconds(_one(unit, "OnActiveSec")),
        "every s": _seconds(_one(unit, "OnUnitActiveSec")),
        "timer stops with": _named(unit, "PartOf"),
    }


def _logs(rotation: str) -> dict[str, JsonObject]:
    """The stanzas of a logrotate file, by the log's name."""
    stanzas = re.findall(r"^(\S+)/([\w-]+)\.log \{\n(.*?)^\}", rotation, re.MULTILINE | re.DOTALL)
    return {name: _stanza(folder, lines) for folder, name, lines in stanzas}


def _stanza(folder: str, lines: str) -> JsonObject:
    words = [line.split() for line in lines.splitlines() if not line.lstrip().startswith("#")]
    told = {word: " ".join(rest) for word, *rest in words}
    size = told.pop("size", "0M")
    return {
        "folder": folder,
        "bytes": int(size.removesuffix("M")) * 2**20,
        "older": int(told.pop("rotate", "0")),
        "how": sorted(f"{word} {rest}".strip() for word, rest in told.items()),
    }


def _one(unit: ReadUnit, name: str) -> str:
    return (unit.values.get(name) or ("",))[-1]


def _named(unit: ReadUnit, relation: str) -> list[str]:
    """The units that its own file names in this relation."""
    told = unit.values.get(relation, ())
    named = (name.split(" ", 1) for name in told if "origin-file" in name)
    return sorted(name for name, _ in named if name.startswith(("datalab", "postgresql", "redis", "network-online")))


def _commands(unit: ReadUnit) -> dict[str, list[list[str]]]:
    """The words of each command as they reach the program, by the moment at which it is run."""
    told = {name: told for name, told in sorted(unit.values.items()) if name.startswith("Exec")}
    return {name: [[_unescaped(word) for word in shlex.split(each)] for each in told[name]] for name in told}


def _unescaped(word: str) -> str:
    return word.replace("\\$", "$").replace("$$", "$")


def _limit(unit: ReadUnit) -> JsonObject:
    return {"no more than within s": _written(unit, "StartLimitIntervalSec")}


def _written(unit: ReadUnit, key: str) -> list[str]:
    """What the manager doesn't tell, as it stands in the file."""
    return [value for name, value in _keys(unit) if name == key]


def _unknown(kind: str, unit: ReadUnit) -> list[str]:
    return [name for name, _ in _keys(unit) if f"{kind} {name}" not in _COMPARED]


def _keys(unit: ReadUnit) -> Iterable[tuple[str, str]]:
    for line in unit.text.splitlines():
        if match := _KEY.match(line.strip()):
            yield match[1], match[2]


def _seconds(span: str) -> int | str:
    """Whole seconds; the text itself where it says something else, such as ``infinity``."""
    match = _SPAN.match(span)
    if not span or match is None:
        return span
    minutes, seconds = (int(part or 0) for part in match.groups())
    return minutes * 60 + seconds
