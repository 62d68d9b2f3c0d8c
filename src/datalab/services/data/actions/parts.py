"""What all actions share; made once a process."""

from dataclasses import dataclass, field

from datalab.kernel.turns import Turns
from datalab.services.data.actions.answers import AnswerCache
from datalab.services.data.actions.indexing import Indexing
from datalab.services.data.actions.profile_cache import Profiles
from datalab.services.data.actions.queries import Queries
from datalab.services.data.actions.shared_queries import SharedQueries
from datalab.services.data.actions.version_files import VersionFiles
from datalab.services.data.model.limits import Limits
from datalab.services.data.ports import Catalogue, Deleted, Engine, Ingest, Spool, Tables


@dataclass(frozen=True, slots=True)
class Parts:
    """The service's parts behind its ports, and what it remembers."""

    catalogue: Catalogue
    deleted: Deleted
    tables: Tables
    spool: Spool
    ingest: Ingest
    engine: Engine
    files: VersionFiles
    queries: Queries
    shared_queries: SharedQueries
    answers: AnswerCache
    profiles: Profiles
    indexing: Indexing
    limits: Limits
    turns: Turns = field(default_factory=Turns)
    """Of those who change the same dataset, by its name: who waits holds no connection to a database."""
