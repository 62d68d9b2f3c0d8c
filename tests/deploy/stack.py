"""The platform in containers of our images, beside PostgreSQL, PgBouncer and Redis: as small as it works."""

import contextlib
import http.client
import json
import secrets
import time
from collections.abc import Mapping

from pydantic import SecretStr
from tests.deploy.containers import Containers, eventually, finished, healthy
from tests.deploy.engine import DockerFailed
from tests.deploy.images import name_of

from datalab.catalog import SERVICES, Service
from datalab.deploy.topology.images import POSTGRES, REDIS
from datalab.deploy.topology.sizes import Size, on_host
from datalab.services.gateway.model.service_secret import service_secret

VOLUMES = {
    "data": {"data_uploads": "/app/uploads"},
    "ai": {"ai_models": "/app/models"},
    "compute": {"compute_temp": "/tmp/compute"},
    "viz": {"viz_cache": "/app/cache"},
}
IN_MEMORY = {"gateway": ("/tmp", "/app/state")}
STORES = ("--cap-drop=ALL", "--security-opt=no-new-privileges", "--read-only", "--user=999:999")


class Stack:
    """Starts parts of the platform; what they need is given by their environment alone."""

    def __init__(self, place: Containers) -> None:
        self.place = place
        self._password, self._jwt_secret = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        self.gateways: list[str] = []
        self.services: dict[str, str] = {}
        self.workers: dict[str, str] = {}

    def start_stores(self) -> None:
        """PostgreSQL, Redis and PgBouncer, healthy."""
        account = {"POSTGRES_USER": "datalab", "POSTGRES_DB": "datalab", "POSTGRES_PASSWORD": self._password}
        postgres = self.place.run(
            "postgres",
            POSTGRES.name,
            environment=account,
            volumes={"postgres_data": "/var/lib/postgresql/data"},
            in_memory=("/tmp", "/run/postgresql"),
            options=STORES,
        )
        asking = ("pg_isready", "-q", "-h", "127.0.0.1", "-U", "datalab")
        eventually(lambda: self._answers(postgres, *asking), postgres)
        redis = self.place.run("redis", REDIS.name, "redis-server", "--appendonly", "yes", options=STORES)
        eventually(lambda: self._answers(redis, "redis-cli", "ping"), redis)
        pooler = {"POSTGRES_HOST": "postgres", "POSTGRES_USER": "datalab", "POSTGRES_PASSWORD": self._password}
        healthy(
            self.place.run(
                "pgbouncer",
                name_of("pgbouncer"),
                environment=pooler,
                in_memory=("/run/pgbouncer",),
                memory="128m",
            )
        )

    def migrate(self) -> str:
        """Bring the schemas to head, straight at the server; gives what the command said."""
        environment = self._database("postgres", 5432)
        image = name_of(SERVICES["gateway"].deployed_name)
        return finished(
            self.place.run("migrate", image, "datalab", "migrate", environment=environment, in_memory=("/tmp",))
        )

    def serve(self, name: str, instance: str = "", **more: str) -> str:
        """Start a service by its image's own command; gives the container."""
        service = SERVICES[name]
        return self._start(service, f"{service.deployed_name}{instance}", (), self._environment(name) | more)

    def work(self, name: str, **more: str) -> str:
        """Start the worker of a queue from the service's image; gives the container."""
        service = SERVICES[name]
        environment = self._environment("compute") | more
        command = ("datalab", "worker", "--queues", name)
        return self._start(service, service.worker or name, command, environment)

    def minted_key(self) -> str:
        """An administrator's key, made in a gateway's container."""
        made = self.place.execute(self.gateways[0], "datalab", "token", "create", "--role", "admin", "--json")
        return str(json.loads(made)["token"])

    def get(self, container: str, name: str, path: str) -> tuple[int, bytes]:
        """What a service answers on its own port; 0 while it doesn't listen."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self._port(container, name), timeout=30)
        except DockerFailed:
            return 0, b""
        with contextlib.closing(connection):
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                return 0, b""

    def ready_after(self, container: str, name: str) -> float:
        """Wait until it is ready; seconds since this was called."""
        begun = time.perf_counter()
        eventually(lambda: self.get(container, name, "/ready")[0] == http.HTTPStatus.OK, container)
        return time.perf_counter() - begun

    def url(self, container: str, name: str = "gateway") -> str:
        """Where the host reaches the service."""
        return f"http://127.0.0.1:{self._port(container, name)}"

    def _port(self, container: str, name: str) -> int:
        return self.place.published(container, SERVICES[name].port)

    def _start(self, service: Service, name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> str:
        return self.place.run(
            name,
            name_of(service.deployed_name),
            *command,
            environment=environment,
            volumes=VOLUMES.get(service.name, {}),
            in_memory=IN_MEMORY.get(service.name, ("/tmp",)),
            port=None if command else service.port,
            memory=str(on_host(service.name, Size.SMALL).limit.memory),
        )

    def _environment(self, name: str) -> dict[str, str]:
        credential = service_secret(SecretStr(self._jwt_secret), name).get_secret_value()
        own_secret = {"JWT_SECRET": self._jwt_secret} if name == "gateway" else {"DATALAB_SERVICE_SECRET": credential}
        urls = {
            f"{each.name.upper()}_SERVICE_URL": f"http://{each.deployed_name}:{each.port}" for each in SERVICES.values()
        }
        return {**self._database("pgbouncer", 6432), "REDIS_URL": "redis://redis:6379/0", **urls, **own_secret}

    def _database(self, host: str, port: int) -> dict[str, str]:
        account = {"POSTGRES_USER": "datalab", "POSTGRES_DB": "datalab", "POSTGRES_PASSWORD": self._password}
        return {"POSTGRES_HOST": host, "POSTGRES_PORT": str(port), **account}

    def _answers(self, container: str, *command: str) -> bool:
        try:
            self.place.execute(container, *command)
        except DockerFailed:
            return False
        return True
