"""`make dev`'s stack, for real: a changed line is served by what runs, and nothing that was there is lost."""

import json
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.deploy.engine import docker
from tests.deploy.images import ROOT, ensure_ours, name_of
from tests.deploy.standins.made import ensure_images

from datalab.deploy.apply.files import write, write_all
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Profile, plan
from datalab.deploy.rendering import Target, render
from datalab.deploy.topology.images import PGBOUNCER, POSTGRES, REDIS
from datalab.host.deployment import complete_environment
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.ports import free_port

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1200), pytest.mark.xdist_group("engine")]

VERSION = "dev"
CHANGED = "src/datalab/contracts/data.py"
BEFORE, AFTER = "there is no dataset", "nowhere is a dataset"
FILES = ("--file", "docker-compose.yml", "--file", "docker-compose.dev.yml")


class Development:
    """The stack in a folder of its own, whose source can be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = free_port()

    def start(self) -> None:
        """Bring up as much as an upload needs, as `make dev` does."""
        shutil.copytree(ROOT / "src", self.folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
        chosen = {
            "name": f"dlt-{secrets.token_hex(4)}",
            "version": VERSION,
            "subnet": "10.63.0.0/16",
            "ports": {"postgres": 0, "redis": 0, "data-service": 0, "api-gateway": self._port},
        }
        decided = plan(Profile.DEVELOPMENT, Choices.model_validate(chosen))
        write_all(render(Target.COMPOSE, decided), self.folder)
        complete_environment(self.folder / ".env", decided)
        docker("tag", name_of(PGBOUNCER.target or ""), f"{PGBOUNCER.name}:{PGBOUNCER.version}")
        self.compose("up", "--detach", "--no-build", "--wait", "api-gateway", "data-service")

    def compose(self, *arguments: str) -> str:
        """`docker compose …` on it."""
        return docker("compose", "--project-directory", str(self.folder), *self._files(), *arguments)

    def client(self) -> httpx.Client:
        """An administrator's."""
        told = self.compose("exec", "--no-TTY", "api-gateway", "datalab", "token", "create", "--role=admin", "--json")
        token = json.loads(told)["token"]
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self._port}/api/v1/data",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )

    def _files(self) -> list[str]:
        return [part if part.startswith("--") else str(self.folder / part) for part in FILES]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Development]:
    ensure_ours()
    ensure_images((POSTGRES.name, REDIS.name))
    development = Development(tmp_path_factory.mktemp("development"))
    try:
        development.start()
        yield development
    finally:
        development.compose("down", "--volumes", "--timeout", "1")


async def test_a_changed_line_is_served_and_nothing_is_lost(stack: Development):
    with stack.client() as client:
        client.put("/datasets/kept", content=b"a,b\n1,2\n", headers={"Content-Type": "text/csv"}).raise_for_status()
        assert BEFORE in client.get("/datasets/nothing").json()["detail"]
        path = stack.folder / CHANGED
        write(path, path.read_text().replace(BEFORE, AFTER))
        begun = time.monotonic()

        async def served() -> bool:
            return AFTER in client.get("/datasets/nothing").text

        await eventually(served, within_s=60)
        print(f"served after {time.monotonic() - begun:.1f} s")
        assert client.get("/datasets/kept/rows").json() == [{"a": 1, "b": 2}]
