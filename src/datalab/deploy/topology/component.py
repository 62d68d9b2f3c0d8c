"""One thing that runs, and all that an operator may want to know of it before it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

GIB = 2**30
MIB = 2**20
LOOPBACK = "127.0.0.1"


class Role(StrEnum):
    """What a component is to the platform: its order of start, and who updates it, follow from it."""

    STORE = "store"
    TASK = "task"
    SERVICE = "service"
    WORKER = "worker"
    EDGE = "edge"
    MONITORING = "monitoring"


class Condition(StrEnum):
    """What must be true of a component that another one waits for."""

    STARTED = "started"
    HEALTHY = "healthy"
    COMPLETED = "completed"


class OnFailure(StrEnum):
    """What becomes of an update whose new instance isn't well."""

    ROLL_BACK = "rollback"
    PAUSE = "pause"


class NewFiles(StrEnum):
    """How an instance that runs comes to know of changed files."""

    NEVER = "never"
    """It reads them once in its life."""
    RELOAD = "reload"
    """It reads them anew at SIGHUP."""
    RESTART = "restart"


class Network(StrEnum):
    """Who may talk to whom: only members of the same network."""

    EDGE = "edge"
    PLATFORM = "platform"
    DATABASE = "database"
    MONITORING = "monitoring"


@dataclass(frozen=True, slots=True)
class Amount:
    """CPUs and memory (bytes)."""

    cpus: float
    memory: int


@dataclass(frozen=True, slots=True)
class Resources:
    """The most that an instance may use, and what is kept free for it (``None``: nothing)."""

    limit: Amount
    request: Amount | None = None


@dataclass(frozen=True, slots=True)
class Replicas:
    """How many instances run at the start, and between which numbers they may be scaled."""

    start: int = 1
    minimum: int = 1
    maximum: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.start <= self.maximum:
            raise ValueError(f"replicas start at {self.start}, not between {self.minimum} and {self.maximum}")


@dataclass(frozen=True, slots=True)
class Scaling:
    """Per cent of the requested CPU and memory above which an instance is added."""

    cpu: int = 70
    memory: int = 80


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """A GET on one of the component's ports that answers 200 when all is well."""

    path: str
    port: int


@dataclass(frozen=True, slots=True)
class CommandProbe:
    """A command inside the component that ends with 0 when all is well. It holds no secret."""

    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """How an instance is asked whether it is well, and how often; times in seconds."""

    check: HttpProbe | CommandProbe
    interval_s: int = 30
    timeout_s: int = 10
    retries: int = 3
    start_s: int = 60


@dataclass(frozen=True, slots=True)
class Port:
    """A port that the component listens on; ``published`` is the host's, on ``address`` (``None``: on all it has)."""

    number: int
    name: str = "http"
    published: int | None = None
    address: str | None = LOOPBACK

    @property
    def public(self) -> bool:
        """Whether it is open beyond the host."""
        return self.address != LOOPBACK


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder that outlives the instance (``volume``), shared by all that mount the same one."""

    volume: str
    path: str


@dataclass(frozen=True, slots=True)
class File:
    """A rendered file that the component reads; ``source`` is its path in the clone."""

    source: str
    path: str


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that nobody but the component may read: ``variable`` inside it, ``source`` among the operator's.

    ``file_variable`` names the variable by which it takes the path of a file with the value instead.
    """

    variable: str
    source: str
    file_variable: str
    made: bool = True
    """Whether a value may be made up; one of somebody else's has to be given."""
    file_key: str | None = None
    """The key under which that file holds it, for those who read a JSON object there."""


@dataclass(frozen=True, slots=True)
class Need:
    """A component that must be there first."""

    component: str
    condition: Condition = Condition.HEALTHY


@dataclass(frozen=True, slots=True)
class Update:
    """How instances are replaced; times in seconds."""

    parallelism: int = 1
    delay_s: int = 10
    on_failure: OnFailure = OnFailure.ROLL_BACK
    new_first: bool = True
    """Whether the new instance is there before the old one goes."""
    drain_s: int = 15
    """How long an instance may take to finish once it is told to stop; then it is killed."""


@dataclass(frozen=True, slots=True)
class Image:
    """What an instance is made from: an image of our own (``target`` of our Dockerfile), or somebody else's.

    ``version``: the tag of one of ours that changes with its own recipe only, so that a new release leaves it running.
    """

    name: str
    target: str | None = None
    version: str | None = None


def secret(variable: str, source: str | None = None) -> Secret:
    """A secret by the usual names: the operator calls it as the component does, and its file is ``<variable>_FILE``."""
    return Secret(variable, source or variable, f"{variable}_FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One thing that runs. ``command`` replaces the image's own when given; sizes in bytes, times in seconds.

    ``environment`` may hold references ``${NAME}`` to the operator's variables; neither it nor ``secrets`` ever holds a
    secret itself.
    """

    name: str
    role: Role
    image: Image
    resources: Resources
    networks: frozenset[Network]
    command: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    replicas: Replicas = Replicas()
    each_host: bool = False
    """Whether every host runs one, since it tells of the host."""
    health: Probe | None = None
    ready: HttpProbe | None = None
    needs: tuple[Need, ...] = ()
    mounts: tuple[Mount, ...] = ()
    files: tuple[File, ...] = ()
    new_files: NewFiles = NewFiles.NEVER
    scratch: tuple[str, ...] = ()
    """Folders in memory: all that an instance may write beside its mounts."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: tuple[Secret, ...] = ()
    user: str | None = None
    update: Update = Update()
    scaling: Scaling | None = None
    callers: tuple[str, ...] = ()
    """The components that may connect to this one."""
    switched_on: bool = True
    """Whether it may run; what is known but can't be of use yet stays out of every plan."""

    def reads(self, path: str) -> bool:
        """Whether a rendered file, by its path in the clone, is one of those that it reads."""
        return any(path == file.source or path.startswith(f"{file.source}/") for file in self.files)
