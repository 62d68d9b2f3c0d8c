"""Whether rendered files are what the topology says, by each target's own reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from datalab.contracts.errors import Unavailable
from datalab.deploy.apply.reading.containers import NotReadable, read_compose, read_stack
from datalab.deploy.apply.reading.haproxy import refuse_what_haproxy_refuses
from datalab.deploy.apply.reading.nginx import refuse_what_nginx_refuses
from datalab.deploy.apply.reading.supervisor import read_programs, refuse_what_bash_refuses
from datalab.deploy.apply.reading.systemd import read_units
from datalab.deploy.environment import secret_names
from datalab.deploy.plan import Plan
from datalab.deploy.readback.containers import compose_facts, swarm_facts
from datalab.deploy.readback.expected import expected_compose, expected_swarm
from datalab.deploy.readback.expected_haproxy import expected_direct_haproxy, expected_haproxy
from datalab.deploy.readback.expected_nginx import expected_direct_nginx, expected_nginx
from datalab.deploy.readback.expected_programs import expected_supervisor
from datalab.deploy.readback.expected_units import expected_systemd
from datalab.deploy.readback.facts import ABOUT_ALL, Difference, Facts, differences
from datalab.deploy.readback.haproxy import haproxy_facts
from datalab.deploy.readback.nginx import nginx_facts
from datalab.deploy.readback.programs import supervisor_facts
from datalab.deploy.readback.units import systemd_facts
from datalab.deploy.renderers.bare_host import STARTER
from datalab.deploy.renderers.compose import FILES
from datalab.deploy.renderers.haproxy import FOLDER as HAPROXY_FOLDER
from datalab.deploy.renderers.nginx import DIRECT_CONF
from datalab.deploy.renderers.supervisor import CONFIGURATION
from datalab.deploy.renderers.swarm import STACK
from datalab.deploy.renderers.systemd import FOLDER as UNITS
from datalab.deploy.renderers.systemd import TARGET
from datalab.deploy.rendering import Target, render
from datalab.deploy.topology.edge import NGINX_FOLDER, RUN


class Checkable(StrEnum):
    """What can be read back: a target's files, or an edge's, which are others in containers and on a bare host."""

    COMPOSE = "compose"
    SWARM = "swarm"
    SYSTEMD = "systemd"
    SUPERVISOR = "supervisor"
    NGINX = "nginx"
    DIRECT_NGINX = "direct-nginx"
    HAPROXY = "haproxy"
    DIRECT_HAPROXY = "direct-haproxy"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a target's reader found: how many facts were compared, and which differ."""

    target: Checkable
    facts: Mapping[str, int]
    """Facts compared, by component."""
    differences: tuple[Difference, ...]

    def told(self, component: str) -> str:
        """How a component fares: facts that agree of facts compared."""
        compared = self.facts.get(component)
        if compared is None:
            return "–"
        wrong = sum(difference.component == component for difference in self.differences)
        return f"{max(compared - wrong, 0)}/{compared}"


def check(target: Checkable, plan: Plan, folder: Path) -> Checked:
    """Read a target's files in a clone and compare them with the topology.

    Raises:
        NotReadable: The target's reader refuses them.
        Unavailable: The reader isn't on this machine, or the plan has no such files.
    """
    expected, found = _READERS[target](plan, folder)
    return Checked(target, {name: len(facts) for name, facts in expected.items()}, differences(expected, found))


def check_all(plan: Plan, folder: Path) -> tuple[tuple[Checked, ...], Mapping[Checkable, str]]:
    """Compare all that can be read here; gives that, and why the rest can't be.

    A file that its reader refuses is a difference like another, and the rest is read nevertheless.

    Raises:
        Unavailable: Nothing can be read here.
    """
    checked: list[Checked] = []
    skipped: dict[Checkable, str] = {}
    for target in Checkable:
        try:
            checked.append(check(target, plan, folder))
        except Unavailable as error:
            skipped[target] = error.detail
        except NotReadable as error:
            checked.append(Checked(target, {}, (Difference(ABOUT_ALL, "file", "readable", error.detail),)))
    if not checked:
        raise Unavailable("; ".join(f"{target}: {why}" for target, why in skipped.items()))
    return tuple(checked), skipped


def _compose(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    values = _marked(plan)
    found = compose_facts(read_compose(folder, FILES[plan.profile], values), folder.resolve())
    return expected_compose(plan, values), found


def _swarm(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    files = render(Target.SWARM, plan)
    return expected_swarm(plan, {}, files), swarm_facts(read_stack(folder, STACK, {}))


def _systemd(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    _has_bare_hosts(plan)
    rotation = _text(folder, f"{UNITS}/logrotate.conf")
    return expected_systemd(plan), systemd_facts(read_units(folder / UNITS, TARGET), rotation)


def _supervisor(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    _has_bare_hosts(plan)
    programs, script = _text(folder, CONFIGURATION), _text(folder, STARTER)
    refuse_what_bash_refuses(script)
    return expected_supervisor(plan), supervisor_facts(read_programs(programs), programs, script)


def _nginx(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    _has_an_edge(plan)
    servers = {path.name: path.read_text() for path in sorted((folder / NGINX_FOLDER / "upstreams").glob("*.conf"))}
    included = {f"{RUN}/upstreams/{name}": text for name, text in servers.items()}
    texts = {"": _text(folder, f"{NGINX_FOLDER}/nginx.conf"), **included}
    refuse_what_nginx_refuses(texts)
    return expected_nginx(plan), nginx_facts(texts)


def _direct_nginx(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    _has_bare_hosts(plan)
    _has_an_edge(plan)
    texts = {"": _text(folder, DIRECT_CONF)}
    refuse_what_nginx_refuses(texts)
    return expected_direct_nginx(plan), nginx_facts(texts)


def _haproxy(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    _has_an_edge(plan)
    text = _text(folder, f"{HAPROXY_FOLDER}/haproxy.cfg")
    refuse_what_haproxy_refuses(text)
    return expected_haproxy(plan), haproxy_facts(text)


def _direct_haproxy(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    _has_bare_hosts(plan)
    _has_an_edge(plan)
    text = _text(folder, f"{HAPROXY_FOLDER}/direct.cfg")
    refuse_what_haproxy_refuses(text)
    return expected_direct_haproxy(plan), haproxy_facts(text)


def _has_an_edge(plan: Plan) -> None:
    if not plan.has("nginx"):
        raise Unavailable(f"the profile {plan.profile} has no edge")


def _has_bare_hosts(plan: Plan) -> None:
    if plan.choices.needs_containers:
        raise Unavailable("object_store.own needs containers, so there are no files for hosts without them")


def _text(folder: Path, path: str) -> str:
    try:
        return (folder / path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadable(f"{folder / path}: {error}") from error


def _marked(plan: Plan) -> dict[str, str]:
    """A value for each secret that stands nowhere else: where it comes out there was a reference."""
    return {name: f"the-value-of-{name}" for name in secret_names(plan)}


_READERS: dict[Checkable, Callable[[Plan, Path], tuple[Facts, Facts]]] = {
    Checkable.COMPOSE: _compose,
    Checkable.SWARM: _swarm,
    Checkable.SYSTEMD: _systemd,
    Checkable.SUPERVISOR: _supervisor,
    Checkable.NGINX: _nginx,
    Checkable.DIRECT_NGINX: _direct_nginx,
    Checkable.HAPROXY: _haproxy,
    Checkable.DIRECT_HAPROXY: _direct_haproxy,
}
