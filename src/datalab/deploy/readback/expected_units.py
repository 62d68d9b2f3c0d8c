"""What the topology says that systemd's units must be."""

from typing import Any

from datalab.deploy.plan import Plan
from datalab.deploy.readback.expected_bare import (
    ACCOUNT,
    LOGS,
    LOOPBACK,
    MOST_FILES,
    ROOT,
    STATE,
    arguments,
    called_otherwise,
    draws_charts,
    lasting,
    log_limits,
    others_secrets,
    state,
    variables_of,
)
from datalab.deploy.readback.facts import ABOUT_ALL, variables
from datalab.deploy.topology.component import GIB, Component, Role

_TOGETHER = "datalab.target"
_PROGRAM = f"{ROOT}/current/venv/bin/datalab"
_ON = (
    "LockPersonality",
    "PrivateDevices",
    "PrivateTmp",
    "ProtectClock",
    "ProtectControlGroups",
    "ProtectHome",
    "ProtectHostname",
    "ProtectKernelLogs",
    "ProtectKernelModules",
    "ProtectKernelTunables",
    "RestrictRealtime",
    "RestrictSUIDSGID",
)
_WALLS = dict.fromkeys(_ON, "yes") | {"KeyringMode": "private", "ProtectProc": "invisible", "ProtectSystem": "strict"}
_OPEN = {
    "DeviceAllow=": "pseudo devices",
    "IPAddressDeny=": "whom it may call is not by address",
    "PrivateMounts=": "ProtectSystem makes them private",
    "PrivateNetwork=": "it serves",
    "PrivateUsers=": "not every kernel has them",
    "ProcSubset=": "the pool counts its workers' memory",
    "RemoveIPC=": "it has none",
    "RestrictAddressFamilies=~AF_(INET|INET6)": "it serves",
    "RestrictAddressFamilies=~AF_UNIX": "it tells systemd that it lives",
    "RootDirectory=/RootImage=": "it reads the host's libraries",
    "SystemCallFilter=~@privileged": "the pool gives up capabilities",
    "SystemCallFilter=~@resources": "the pool limits its workers",
}
"""What systemd finds open, and why it is."""


def expected_systemd(plan: Plan) -> dict[str, dict[str, Any]]:
    """Facts for systemd."""
    own = {each.name: _process(plan, each) for each in lasting(plan)}
    migrate = plan.component("migrate")
    return {ABOUT_ALL: _whole(plan), **own, migrate.name: _migration(plan, migrate), "logrotate": _rotation()}


def _whole(plan: Plan) -> dict[str, Any]:
    running = [f"datalab-{each.name}.service" for each in (*lasting(plan), plan.component("migrate"))]
    sockets = [f"datalab-{each.name}.socket" for each in plan.with_role(Role.SERVICE)]
    together = sorted([*running, *sockets, "datalab-logrotate.timer"])
    return {
        "units": sorted([*together, "datalab-logrotate.service", _TOGETHER]),
        "started together": together,
        "started at boot by": {_TOGETHER: "multi-user.target"},
    }


def _process(plan: Plan, component: Component) -> dict[str, Any]:
    serves = component.role is Role.SERVICE
    socket = [f"datalab-{component.name}.socket"] if serves else []
    stores = ["postgresql.service", "redis.service"]
    return {
        **_alike(plan, component),
        **(_socket(component) if serves else {}),
        "commands": {
            **({"ExecReload": [["/bin/kill", "-HUP", "$MAINPID"]]} if serves else {}),
            "ExecStart": [_command(component)],
        },
        "starts": {
            "when it tells": ["notify", "main"],
            "within s": 300,
            "after": sorted(
                [*socket, "datalab-migrate.service", "network-online.target", *stores, "redis-server.service"]
            ),
            "wants": ["network-online.target", *stores],
            "requires": socket,
            "with": [_TOGETHER],
        },
        "restart": {"when": "on-failure", "after s": 10, "no more than within s": ["0"]},
        "sign of life s": 120,
        "stop grace s": component.update.drain_s,
        "ended by": ["SIGTERM", "SIGKILL", "mixed"],
        "process limit": "1024",
    }


def _migration(plan: Plan, component: Component) -> dict[str, Any]:
    return {
        **_alike(plan, component),
        "commands": {"ExecStart": [_command(component)]},
        "starts": {
            "when it tells": ["oneshot", "none"],
            "within s": 900,
            "after": ["network-online.target", "postgresql.service"],
            "wants": ["network-online.target", "postgresql.service"],
            "requires": [],
            "with": [],
        },
    }


def _alike(plan: Plan, component: Component) -> dict[str, Any]:
    one_of_each = {each.name: 1 for each in plan.components}
    folder = f"{STATE}/{component.name}" if component.role is Role.TASK else state(component)
    compiles = draws_charts(component)
    limit = component.resources.limit
    return {
        "account": f"{ACCOUNT}:{ACCOUNT}",
        **variables(variables_of(plan, component, one_of_each)),
        "operator's variables": [f"{ROOT}/.env"],
        "others' secrets": others_secrets(plan, component),
        "output": [f"{LOGS}/{component.name}.log", "inherit"],
        "log": {
            **log_limits(component),
            "folder": LOGS,
            "how": ["copytruncate", "missingok", "notifempty", f"su root {ACCOUNT}"],
        },
        # A unit is several processes, where a container is one.
        "memory limit": max(limit.memory, 2 * GIB),
        "CPU limit s": round(limit.cpus),
        "file limit": str(MOST_FILES),
        "folder": folder,
        "made for it": [folder.removeprefix("/var/lib/"), "0750"],
        "may write": [folder],
        "never sees": [f"-{ROOT}/.env", f"-{ROOT}/backups"],
        "mode of files": "0077",
        **{f"wall {name}": value for name, value in _WALLS.items()},
        "wall MemoryDenyWriteExecute": "no" if compiles else "yes",
        "system calls": [
            "@system-service",
            "~@privileged",
            "capset seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self",
        ],
        "refused calls": ["EPERM", "native"],
        "unprotected": sorted([*_OPEN, *(["MemoryDenyWriteExecute="] if compiles else [])]),
        "anything else": [],
    }


def _socket(component: Component) -> dict[str, Any]:
    return {
        "listens": [f"{LOOPBACK}:{component.ports[0].number}"],
        "waiting connections": "2048",
        "packets at once": "yes",
        "socket stops with": [_TOGETHER],
        "socket's service": [f"datalab-{component.name}.service"],
    }


def _command(component: Component) -> list[str]:
    serves = component.role is Role.SERVICE
    where = ["--host", LOOPBACK, "--port", str(component.ports[0].number)] if serves else []
    words = [_PROGRAM, *arguments(component), *where]
    given = "".join(
        f'export {own}="${operators}"; unset {operators}; ' for own, operators in called_otherwise(component).items()
    )
    return ["/bin/sh", "-c", f"{given}exec {' '.join(words)}"] if given else words


def _rotation() -> dict[str, Any]:
    conf = f"{ROOT}/current/infrastructure/systemd/logrotate.conf"
    return {
        "commands": {"ExecStart": [["/usr/sbin/logrotate", "--state", f"{LOGS}/.rotated", conf]]},
        "niceness": "19",
        "may write": [LOGS],
        **{f"wall {name}": "yes" for name in ("PrivateTmp", "PrivateNetwork", "ProtectHome")},
        "wall ProtectSystem": "strict",
        "gains privileges": False,
        "runs": ["datalab-logrotate.service"],
        "first after s": 300,
        "every s": 300,
        "timer stops with": [_TOGETHER],
        "anything else": [],
    }
