"""Start the platform, walk the main job on it, go on serving."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass

from datalab.cli.demo.own_platform import mint
from datalab.cli.demo.report import complain
from datalab.cli.failure import FAILED
from datalab.cli.output import say
from datalab.host.announcement import console_link
from datalab.host.serve import up
from datalab.kernel.config.settings import PlatformSettings


@dataclass
class Outcome:
    """The exit code so far, and the work that runs beside the server."""

    code: int = 0
    task: "asyncio.Task[None] | None" = None


def run(port: int) -> int:
    """Serve until a signal; gives the exit code: that of the walk when it failed.

    Raises:
        OSError: The port is taken.
    """
    # The walk is what is to be seen; a line a request would bury it.
    os.environ.setdefault("LOG_LEVEL", "warning")
    outcome = Outcome()

    async def begin(url: str) -> None:
        outcome.task = asyncio.create_task(_walk(url, outcome))

    up(port=port, on_ready=begin)
    return outcome.code


async def _walk(url: str, outcome: Outcome) -> None:
    token = await asyncio.to_thread(mint, None)
    # A process of its own: the demo's work must not slow down the server that it measures.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "datalab.cli.main", "demo", env={**os.environ, "DATALAB_URL": url, "DATALAB_TOKEN": token}
    )
    outcome.code = await process.wait()
    if outcome.code == 0:
        say(_farewell(url))
    elif outcome.code == FAILED:
        complain("the walk failed, so this stops; `datalab up` serves all the same")
        os.kill(os.getpid(), signal.SIGTERM)


def _farewell(url: str) -> str:
    return f"""{_console(url)}
   How to sign in, in another terminal:
     datalab setup --user NAME --url {url}     once, with the one-time code that stands above
     datalab login --user NAME --url {url}
   or, on this machine without an account:
     export DATALAB_URL={url} DATALAB_TOKEN=$(datalab token create --role admin)

   Serving at {url}; Ctrl-C stops it, and `make quickstart` finds everything where it was."""


def _console(url: str) -> str:
    link = console_link(PlatformSettings(), url)
    if link is None:
        return ""
    return f"""
   Look at all of it in the console:
     {link}
"""
