"""Running the platform: all of it, one service, a worker, migrations."""

from pathlib import Path
from typing import Annotated

import typer

from datalab.catalog import SERVICES
from datalab.cli.options import Json
from datalab.kernel.garbage import uncollected

Home = Annotated[Path | None, typer.Option("--home", envvar="DATALAB_HOME", help="The embedded state's folder.")]
QUEUES = ",".join(name for name, service in SERVICES.items() if service.worker)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(up)
    app.command()(serve)
    app.command()(worker)
    app.command()(worker_health)
    app.command()(migrate)


def up(
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 picks a free one and prints it.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    home: Home = None,
) -> None:
    """Run all five services in one process, with nothing else to install."""
    with uncollected():
        from datalab.host.serve import up as run

    run(home, port, host)


def serve(
    service: Annotated[str, typer.Argument(help="One of " + ", ".join(SERVICES) + ".")],
    *,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Its own port by default.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=256, help="Processes on that port.")] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    descriptor: Annotated[
        int | None, typer.Option("--fd", min=3, help="Listen on this open socket; systemd's is found by itself.")
    ] = None,
) -> None:
    """Run one service."""
    if service not in SERVICES:
        raise typer.BadParameter(f"{service!r} is none of {', '.join(SERVICES)}", param_hint="SERVICE")
    with uncollected():
        from datalab.host.serve import serve as run

    run(service, port, workers, host, descriptor)


def worker(
    queues: Annotated[str, typer.Option("--queues", help="Queues to work on, comma-separated.")] = QUEUES,
) -> None:
    """Run a worker for jobs."""
    chosen = tuple(part.strip() for part in queues.split(",") if part.strip())
    unknown = [queue for queue in chosen if queue not in QUEUES.split(",")]
    if unknown or not chosen:
        raise typer.BadParameter(f"{', '.join(unknown) or 'nothing'!r} is none of {QUEUES}", param_hint="--queues")
    with uncollected():
        from datalab.host.worker import run_worker

    run_worker(chosen)


def worker_health() -> None:
    """Say whether the worker that touches DATALAB_WORKER_HEARTBEAT is alive. Exit code 1 when it isn't."""
    from datalab.cli.output import say
    from datalab.host.heartbeat import check_heartbeat
    from datalab.kernel.config.worker import WorkerSettings

    say(check_heartbeat(WorkerSettings()))


def migrate(
    *,
    running: Annotated[
        str | None,
        typer.Option("--running", help="The version that serves meanwhile: refuse a schema that it doesn't work with."),
    ] = None,
    json: Json = False,
) -> None:
    """Bring the databases to the newest schema."""
    import asyncio

    from datalab.cli.output import say, show_json
    from datalab.host.migrating import migrate_all
    from datalab.kernel.config.settings import PlatformSettings

    lines = asyncio.run(migrate_all(PlatformSettings(), running=running))
    if json:
        show_json({"services": dict(line.split(": ", 1) for line in lines)})
        return
    for line in lines:
        say(line)
