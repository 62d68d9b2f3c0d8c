"""Jobs."""

from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Token, Url, Wait

app = typer.Typer(no_args_is_help=True, help="Jobs: work that outlives a request.")
LIST_FIELDS = ("id", "kind", "state", "progress", "attempt", "owner", "created_at", "finished_at")
JobId = Annotated[str, typer.Argument(help="The job's id.")]


@app.command()
def submit(
    kind: Annotated[str, typer.Argument(help="Such as sql, python, train, render.")],
    spec: Annotated[str, typer.Argument(help='Its spec as a JSON object, such as {"sql": "…", "into": "…"}.')],
    *,
    depends_on: Annotated[list[str] | None, typer.Option("--depends-on", help="Run after this job.")] = None,
    priority: Annotated[int, typer.Option("--priority", min=-100, max=100, help="Greater runs earlier.")] = 0,
    retries: Annotated[int, typer.Option("--retries", min=0, max=100, help="Attempts after the first.")] = 2,
    timeout_s: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds an attempt may take.")] = 3600,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="To find it by.")] = None,
    key: Annotated[str | None, typer.Option("--idempotency-key", help="The same key gives the same job.")] = None,
    wait: Wait = False,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Queue a job."""
    from datalab.cli.connection import connect
    from datalab.cli.parameters import json_object
    from datalab.cli.progress import finish
    from datalab.client.requests import made
    from datalab.contracts.jobs import JobSubmission

    submission = made(
        JobSubmission,
        kind=kind,
        spec=json_object(spec, "SPEC"),
        depends_on=tuple(depends_on or ()),
        priority=priority,
        retries=retries,
        timeout_s=timeout_s,
        tags=tuple(tag or ()),
    )
    with connect(url, token) as client:
        finish(client, client.compute.submit(submission, key), wait=wait, as_json=json)


@app.command("list")
def list_(
    *,
    state: Annotated[str | None, typer.Option("--state", help="Only those that stand so.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only those of this kind.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="Only those with this tag.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Jobs, newest first."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.client.requests import made
    from datalab.contracts.compute import JobFilter
    from datalab.contracts.model import PageRequest

    which = made(JobFilter, state=state, kind=kind, tag=tag)
    with connect(url, token) as client:
        page = client.compute.list_jobs(which, PageRequest(limit=limit, cursor=cursor))
    show_page(page, LIST_FIELDS, as_json=json)


@app.command()
def get(job_id: JobId, json: Json = False, url: Url = None, token: Token = None) -> None:
    """One job."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show

    with connect(url, token) as client:
        job = client.compute.get_job(job_id)
    show(job, (*LIST_FIELDS, "progress_message", "spec", "result", "error", "depends_on"), as_json=json)


@app.command()
def cancel(job_id: JobId, json: Json = False, url: Url = None, token: Token = None) -> None:
    """Stop a job."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show

    with connect(url, token) as client:
        job = client.compute.cancel(job_id)
    show(job, LIST_FIELDS, as_json=json)


@app.command()
def retry(job_id: JobId, wait: Wait = False, json: Json = False, url: Url = None, token: Token = None) -> None:
    """Queue an ended job once more."""
    from datalab.cli.connection import connect
    from datalab.cli.progress import finish

    with connect(url, token) as client:
        finish(client, client.compute.retry(job_id), wait=wait, as_json=json)


@app.command()
def logs(
    job_id: JobId,
    *,
    after: Annotated[int, typer.Option("--after", min=0, help="Only after this sequence.")] = 0,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """A job's log lines so far."""
    from datalab.cli.connection import connect
    from datalab.cli.output import say
    from datalab.cli.progress import line_of

    with connect(url, token) as client:
        page = client.compute.logs(job_id, after)
    if json:
        say(page.model_dump_json())
        return
    for event in page.items:
        say(line_of(event))


@app.command()
def watch(job_id: JobId, json: Json = False, url: Url = None, token: Token = None) -> None:
    """Follow a job until it ends; with --json an event a line. Fails when the job does."""
    from datalab.cli.connection import connect
    from datalab.cli.output import say
    from datalab.cli.progress import line_of
    from datalab.client.waiting import JobFailed
    from datalab.contracts.jobs import JobState

    with connect(url, token) as client:
        for event in client.follow(job_id):
            say(event.model_dump_json() if json else line_of(event))
        job = client.compute.get_job(job_id)
    if job.state is not JobState.SUCCEEDED:
        raise JobFailed(job)
