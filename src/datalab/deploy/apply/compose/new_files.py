"""Having what runs read its files anew where they changed; what is made anew in an update has read them already."""

from collections.abc import Collection, Iterable, Mapping

from datalab.deploy.apply.compose.docker_compose import DockerCompose
from datalab.deploy.topology.component import Component, NewFiles


def changed_files(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """The paths of files that came, went or differ."""
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))


def read_anew(stack: DockerCompose, components: Iterable[Component], changed: Collection[str]) -> None:
    """Tell every instance whose files are among those that changed. Raises CommandFailed."""
    for component in components:
        if not any(component.reads(path) for path in changed):
            continue
        running = [each for each in stack.containers(component.name) if each.state == "running"]
        if component.new_files is NewFiles.RELOAD:
            stack.signal(running, "HUP")
        elif component.new_files is NewFiles.RESTART:
            stack.restart(running)
