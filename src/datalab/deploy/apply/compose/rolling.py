"""Replacing a service's instances one after the other, each step gated; taking new ones away when they aren't well."""

from collections.abc import Callable
from contextlib import suppress

from datalab.deploy.apply.command import CommandFailed, Runner
from datalab.deploy.apply.compose.docker_compose import Container, DockerCompose
from datalab.deploy.apply.compose.turning import Edge
from datalab.deploy.apply.lifecycle import NotWell
from datalab.deploy.gate import GATE
from datalab.deploy.topology.component import Component, Role

TURNING_S = 3
"""How long those who send requests may take to learn of another instance."""


class Rolling:
    """Brings a stack's services to one release."""

    def __init__(self, runner: Runner, stack: DockerCompose, edge: Edge, say: Callable[[str], None]) -> None:
        self._runner = runner
        self._stack = stack
        self._edge = edge
        self._say = say

    def bring(self, component: Component) -> None:
        """Replace what isn't of the release, and run as many as it says.

        Raises:
            NotWell: A new instance isn't; it stays beside the old ones that weren't replaced yet.
            CommandFailed: The engine refused a command.
        """
        if not component.update.new_first:
            self._recreate(component)
            return
        outdated = self.outdated(component)
        if outdated:
            self._say(f"{component.name}: {len(outdated)} to be replaced")
        at_once = component.update.parallelism
        for first in range(0, len(outdated), at_once):
            self._replace(component, outdated[first : first + at_once])
        self._scale(component, component.replicas.start)
        self._edge_by_name(component)

    def outdated(self, component: Component) -> list[Container]:
        """The instances that aren't of the release."""
        return [each for each in self._of(component) if not self._is_current(component, each)]

    def restore(self, component: Component) -> None:
        """Go back to the release: what is of it stays, what isn't goes. Raises NotWell, CommandFailed."""
        if not component.update.new_first:
            self._recreate(component)
            return
        kept = [each for each in self._of(component) if self._is_current(component, each) and each.is_well]
        others = [each for each in self._of(component) if each.id not in {one.id for one in kept}]
        if others and kept:
            self._send(component, kept)
            self._stack.stop(others)
        self.bring(component)

    def check(self, component: Component) -> None:
        """See that the instances of the release are still well. Raises NotWell."""
        for each in self._of(component):
            if self._is_current(component, each):
                self._check_alive(each)

    def _replace(self, component: Component, batch: list[Container]) -> None:
        before = self._of(component)
        self._scale(component, len(before) + len(batch))
        known = {each.id for each in before}
        new = [each for each in self._of(component) if each.id not in known]
        self._wait_until_well(component, new)
        self._send(component, [*before, *new])
        self._observe(component, new)
        gone = {each.id for each in batch}
        self._send(component, [*(each for each in before if each.id not in gone), *new])
        self._stack.stop(batch)

    def _wait_until_well(self, component: Component, new: list[Container]) -> None:
        limit = component.health.start_s + component.health.interval_s if component.health else 60
        for each in new:
            if not self._runner.wait(lambda each=each: self._is_well_or_ended(each), limit):
                raise NotWell(f"{each.name} was not ready within {limit} s; its log: docker logs {each.name}")
            self._check_alive(each)

    def _is_well_or_ended(self, container: Container) -> bool:
        now = self._again(container)
        return now.is_well or now.restarts > 0 or now.state in {"exited", "dead"}

    def _observe(self, component: Component, new: list[Container]) -> None:
        """Look for errors while the new instances of a service answer. Raises NotWell."""
        if component.role is not Role.SERVICE:
            return
        before = {each.id: self._answers(component, each) for each in new}
        self._runner.pause(GATE.observed_s)
        for each in new:
            self._check_alive(each)
            failed, all_answers = (
                now - then for now, then in zip(self._answers(component, each), before[each.id], strict=True)
            )
            if failed > GATE.few and failed * 100 > all_answers * GATE.errors_per_cent:
                raise NotWell(f"{each.name} failed {failed} of {all_answers} requests")

    def _answers(self, component: Component, container: Container) -> tuple[int, int]:
        """Failed and all answers so far."""
        asking = ("python", "-m", "datalab.host.probe", str(component.ports[0].number), "answers")
        told: list[str] = []

        def asked() -> bool:
            with suppress(CommandFailed):
                told[:] = self._stack.ask_in(container, *asking).split()
            return bool(told)

        if not self._runner.wait(asked, GATE.counted_within_s):
            raise NotWell(f"{container.name} does not tell within {GATE.counted_within_s} s how many requests failed")
        return int(told[0]), int(told[1])

    def _check_alive(self, container: Container) -> None:
        now = self._again(container)
        if now.out_of_memory:
            raise NotWell(f"{now.name} was ended for the memory it took")
        if now.restarts or not now.is_well:
            raise NotWell(f"{now.name} is {now.state}, {now.health}, started again {now.restarts} times")

    def _again(self, container: Container) -> Container:
        found = [each for each in self._stack.containers(container.service) if each.id == container.id]
        if not found:
            raise NotWell(f"{container.name} is gone")
        return found[0]

    def _is_current(self, component: Component, container: Container) -> bool:
        made_so = container.configuration in self._stack.configurations(component.name)
        return made_so and container.image_id == self._stack.image_id(component.name)

    def _of(self, component: Component) -> list[Container]:
        return list(self._stack.containers(component.name))

    def _recreate(self, component: Component) -> None:
        """Make it anew where it stands, unless it is as it should be: meanwhile nobody answers."""
        there = self._of(component)
        if there and not self.outdated(component):
            return
        self._stack.change("up", "--detach", "--no-deps", "--no-build", "--wait", component.name)

    def _scale(self, component: Component, number: int) -> None:
        if len(self._of(component)) != number:
            self._stack.scale(component.name, number)

    def _send(self, component: Component, instances: list[Container]) -> None:
        if component.role is Role.SERVICE:
            self._edge.send_to(component, [self._again(each) for each in instances])
            self._runner.pause(TURNING_S)

    def _edge_by_name(self, component: Component) -> None:
        if component.role is Role.SERVICE:
            self._edge.look_up_beside(component, self._of(component))
            self._runner.pause(TURNING_S)
            self._edge.find_by_name(component)
