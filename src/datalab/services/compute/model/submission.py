"""A submission as it enters the job table."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from pydantic import JsonValue

from datalab.contracts.identity import Role
from datalab.contracts.jobs import JobSubmission

MAX_SPEC_BYTES = 4 * 2**20
MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class Submitter:
    """Whose the job is: kept beside it, so that it can run on their behalf later.

    ``role`` and ``scopes`` are those of the credential that submitted it: the job is never given more, whatever its
    owner may do besides.
    """

    subject: str
    name: str
    role: Role
    scopes: frozenset[str]
    request_id: str
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class NewJob:
    """A checked submission with its id and queue. ``sees_all``: its submitter may depend on anybody's job."""

    id: str
    queue: str
    submission: JobSubmission
    submitter: Submitter
    idempotency_key: str | None
    sees_all: bool


def fingerprint(submission: JobSubmission) -> str:
    """The same for the same submission, whatever the order of its fields."""
    return hashlib.sha256(orjson.dumps(submission.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)).hexdigest()


def size_of(spec: Mapping[str, JsonValue]) -> int:
    """Bytes as JSON. Raises TypeError for what JSON or a database can't hold (lone surrogates, integers past 64 bits)."""
    return len(orjson.dumps(spec))
