"""The operator's own choices: ``datalab.toml``. Every key has a default, so that an empty file is a whole one."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from datalab.contracts.errors import InvalidInput
from datalab.deploy.topology.sizes import Size

NAME = "datalab.toml"
_DOMAIN = r"^(localhost|[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+)$"
_HOST_FILE = r"^/[^:\s]+$"


class InvalidChoices(InvalidInput):
    """The file of choices can't be read, or a choice in it is none."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Edge(_Table):
    """The reverse proxy; rates in requests a second for one client."""

    rate_limit: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Requests a second on `/api/`."""
    rate_limit_burst: Annotated[int, Field(ge=1, le=100_000)] = 300
    """How many may come at once after a pause."""
    sign_in_rate_limit: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Attempts to sign in a second."""
    sign_in_rate_limit_burst: Annotated[int, Field(ge=1, le=10_000)] = 20
    """Attempts to sign in at once after a pause."""
    upload_gib: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Largest request body, in GiB."""
    address: Annotated[str | None, Field(pattern=r"^[0-9.]+$")] = None
    """The host's address that it listens on; every one of them unless given."""
    http_port: Annotated[int, Field(ge=1, le=65_535)] = 80
    """The host's port for HTTP, which only sends on to HTTPS."""
    https_port: Annotated[int, Field(ge=1, le=65_535)] = 443
    """The host's port for HTTPS."""
    certificate_folder: Annotated[str | None, Field(pattern=r"^[^:\s]+$")] = None
    """Folder on the host with `fullchain.pem` and `privkey.pem`; a self-signed pair is made unless given."""


class Database(_Table):
    """PostgreSQL: a component of ours unless a host is named."""

    host: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9.-]+$")] = None
    """A PostgreSQL 15 or later that runs elsewhere; its account's password stays in `POSTGRES_PASSWORD`."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 5432
    """Its port."""
    pool_size: Annotated[int, Field(ge=5, le=1_000)] = 40
    """Connections that PgBouncer keeps to it."""


class Monitoring(_Table):
    """Prometheus, Alertmanager, Grafana."""

    enabled: bool = True
    """Whether they run."""
    retention_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    """How long Prometheus keeps what it measured."""
    pagerduty_key_file: Annotated[str | None, Field(pattern=_HOST_FILE)] = None
    """File on the host with PagerDuty's routing key, for pages; Slack alone has them unless given."""
    slack_url_file: Annotated[str | None, Field(pattern=_HOST_FILE)] = None
    """File on the host with the address of a Slack webhook; Slack is told nothing unless given."""
    slack_channel: Annotated[str, Field(pattern=r"^[#@]?[a-z0-9._-]+$")] = "#datalab"
    """Where in Slack."""
    runbooks: Annotated[str, Field(pattern=r"^\S+$")] = "docs/reference"
    """Address of the folder with `alerts.md`, to which every alert links."""


class ObjectStore(_Table):
    """An S3-compatible store that tables and model files are kept in; volumes keep them when there is none."""

    own: bool = False
    """Run one beside the platform (SeaweedFS), for containers; its secret is made by `datalab deploy env`."""
    url: Annotated[str | None, Field(pattern=r"^s3://[a-z0-9.-]+(/[A-Za-z0-9._/-]+)?$")] = None
    """Bucket, and prefix, of a store that runs elsewhere."""
    endpoint: Annotated[str | None, Field(pattern=r"^https?://[A-Za-z0-9.:-]+$")] = None
    """That store's address; AWS's own for the region unless given."""
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "us-east-1"
    """The bucket's region."""
    keys: bool = True
    """Whether `.env` gives `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; otherwise the machine's own role is used."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.own and self.url:
            raise ValueError("own and url are two stores: choose one")
        if self.endpoint and not self.url:
            raise ValueError("endpoint needs url, the bucket in it")
        return self


class Logs(_Table):
    """What containers write, beyond the files that the engine keeps on each host."""

    loki: Annotated[str | None, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:\d+)?$")] = None
    """Address of a Loki that it is sent to, by a shipper on the host; it stays on the host unless given."""


class Choices(_Table):
    """What an operator chooses about a deployment."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] = "datalab"
    """The deployment's name; two on one host need two, and two subnets."""
    domain: Annotated[str, Field(pattern=_DOMAIN)] = "localhost"
    """The name by which browsers reach the platform."""
    size: Size = Size.SMALL
    """`small` fits a host of two cores; `large` has the numbers of a production cluster."""
    registry: Annotated[str, Field(pattern=r"^([a-z0-9.:/_-]+/)?$")] = ""
    """Where our images are pulled from and pushed to, with a final slash; built on the host when empty."""
    version: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")] = None
    """The images' tag; the installed version unless given. Never `latest`."""
    subnet: Annotated[str, Field(pattern=r"^\d+\.\d+\.0\.0/16$")] = "172.20.0.0/16"
    """The private network of the containers; each of ours takes a /24 of it."""
    replicas: dict[str, Annotated[int, Field(ge=0, le=100)]] = Field(default_factory=dict[str, int])
    """Instances by component, such as `api-gateway = 3`."""
    ports: dict[str, Annotated[int, Field(ge=0, le=65_535)]] = Field(default_factory=dict[str, int])
    """The host's port on loopback by component, such as `postgres = 5433`; with 0 it is reached by its network only."""
    environment: dict[str, str] = Field(default_factory=dict[str, str])
    """Further variables of the services and workers. No secrets: these files are committed."""
    edge: Edge = Edge()
    database: Database = Database()
    object_store: ObjectStore = ObjectStore()
    monitoring: Monitoring = Monitoring()
    logs: Logs = Logs()

    @property
    def needs_containers(self) -> bool:
        """Whether something was chosen that a host without containers can't run."""
        return self.object_store.own


def read_choices(path: Path) -> Choices:
    """The choices in a file; the defaults when there is none.

    Raises:
        InvalidChoices: It is no TOML, or says something that can't be; names the key.
    """
    if not path.exists():
        return Choices()
    try:
        return Choices.model_validate(tomllib.loads(path.read_text()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidChoices(f"{path} is no TOML: {error}") from error
    except ValidationError as error:
        raise InvalidChoices(f"{path}: {_told(error)}") from error


def _told(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors())
