"""Bringing a swarm's services to a release and seeing how that ends: Swarm rolls and rolls back, here it is judged."""

from datalab.deploy.apply.command import CommandFailed, Runner
from datalab.deploy.apply.lifecycle import NotWell
from datalab.deploy.apply.swarm.docker_swarm import DockerSwarm, Service, Task
from datalab.deploy.plan import Plan
from datalab.deploy.topology.component import Component

_UNDER_WAY = frozenset({"updating", "rollback_started"})
_STOPPED = frozenset({"paused", "rollback_paused", "rollback_completed"})
ASKED_EVERY_S = 2
PATIENCE_S = 120
"""Beyond what an instance may take by its own numbers: images are fetched, disks are busy."""
ATTEMPTS = 3
"""How often a task may fail, or a node refuse to start an instance, before it is given up."""
LINES = 15


class SwarmRolling:
    """Waits for the services of one stack."""

    def __init__(self, runner: Runner, swarm: DockerSwarm, plan: Plan) -> None:
        self._runner = runner
        self._swarm = swarm
        self._plan = plan

    def settle(self, name: str) -> None:
        """Wait until the service runs as it says.

        Raises:
            NotWell: Swarm rolled its update back or paused it, a new instance failed, or it takes too long.
        """
        limit = self._limit(name)
        if not self._runner.wait(lambda: self._is_settled(name), limit, ASKED_EVERY_S):
            raise NotWell(f"{name} did not run as it should within {limit} s{self._why(name)}")

    def finish(self, name: str) -> None:
        """Wait until a task has ended well.

        Raises:
            CommandFailed: It failed, and is not tried again; or it takes too long.
        """
        if self._runner.wait(lambda: self._has_ended(name), self._limit(name), ASKED_EVERY_S):
            return
        raise CommandFailed(f"{name} did not end in time{self._why(name)}")

    def _is_settled(self, name: str) -> bool:
        service = self._swarm.service(name)
        if service.update in _UNDER_WAY:
            return False
        if service.update in _STOPPED:
            raise NotWell(f"{name}: {service.told}{self._why(name)}")
        tasks = self._swarm.tasks(service)
        if sum(task.rejected and service.changed_at <= task.created_at for task in tasks) >= ATTEMPTS:
            raise NotWell(f"{name} can't be started{self._why(name)}")
        if service.update and any(_is_new(task, service) and (task.failed or task.completed) for task in tasks):
            raise NotWell(f"{name}: a new instance failed after it was ready{self._why(name)}")
        serving = [task for task in tasks if task.lives]
        wanted = len(serving) or 1 if service.replicas is None else service.replicas
        return len(serving) == wanted and all(task.is_well and task.current for task in serving)

    def _has_ended(self, name: str) -> bool:
        service = self._swarm.service(name)
        states = [task for task in self._swarm.tasks(service) if task.iteration == service.iteration]
        if sum(task.failed for task in states) >= ATTEMPTS:
            log = self._swarm.logs(name, LINES)
            self._swarm.change("service", "rm", self._swarm.full(name))
            raise CommandFailed(f"{name} failed {ATTEMPTS} times; the last lines of its log:\n{log}")
        return any(task.completed for task in states)

    def _why(self, name: str) -> str:
        tasks = self._swarm.tasks(self._swarm.service(name))
        error = next((task.error for task in tasks if task.error), "")
        return f" ({error})" * bool(error) + f"; its log: docker service logs {self._swarm.full(name)}"

    def _limit(self, name: str) -> int:
        """How long all of its instances may take, one after the other, in seconds."""
        if not self._plan.has(name):
            return PATIENCE_S
        component = self._plan.component(name)
        return PATIENCE_S + max(component.replicas.start, 1) * _one(component)


def _is_new(task: Task, service: Service) -> bool:
    """Whether the service's last update made it."""
    return task.current and service.updated_at <= task.created_at


def _one(component: Component) -> int:
    update, probe = component.update, component.health
    ready = probe.start_s + probe.retries * (probe.interval_s + probe.timeout_s) if probe else 60
    return ready + update.delay_s + update.drain_s
