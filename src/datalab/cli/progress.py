"""A job's progress and logs while it is waited for, on stderr."""

import sys

from datalab.cli.output import note, show
from datalab.client.synchronous import Client
from datalab.contracts.jobs import Job, JobEvent, JobEventKind

JOB_FIELDS = ("id", "kind", "state", "progress", "result", "error")


def tell(event: JobEvent) -> None:
    """One event as a line."""
    note(line_of(event))


def line_of(event: JobEvent) -> str:
    """What happened, in one line."""
    at = event.at.astimezone().strftime("%H:%M:%S")
    if event.kind is JobEventKind.PROGRESS:
        return f"{at} {(event.progress or 0):>4.0%} {event.message or ''}".rstrip()
    if event.kind is JobEventKind.STATE:
        return f"{at} {event.state or ''} {event.message or ''}".rstrip()
    return f"{at} {event.message or ''}"


def finish(client: Client, job: Job, *, wait: bool, as_json: bool) -> Job:
    """Wait for the job when that is wanted, telling of its progress on a terminal, and print it."""
    if wait:
        job = client.wait(job, on_event=tell if sys.stderr.isatty() else None)
    show(job, JOB_FIELDS, as_json=as_json)
    return job
