"""Walking the main job, step by step."""

import ipaddress
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from datalab.cli.connection import address
from datalab.cli.credentials import load_credentials
from datalab.cli.demo.asking import ask_about_delays
from datalab.cli.demo.charting import DASHBOARD, draw_dashboard
from datalab.cli.demo.checks import WrongAnswer
from datalab.cli.demo.flights import SampleDataMissing
from datalab.cli.demo.flowing import run_workflow
from datalab.cli.demo.learning import MODEL, ROW, predict_held_out, train_model
from datalab.cli.demo.own_platform import Running, answers, mint, own_platform
from datalab.cli.demo.png import NotAPicture
from datalab.cli.demo.report import Figures, Report, complain
from datalab.cli.demo.uploading import upload_flights
from datalab.cli.failure import FAILED, line_of
from datalab.cli.output import say
from datalab.client.synchronous import Client
from datalab.contracts.errors import PlatformError

Step = Callable[[Client, Report], Figures]
STEPS: tuple[tuple[str, str, Step], ...] = (
    ("upload", "Upload: the flights out of New York in 2013", upload_flights),
    ("query", "Query: a question in SQL over a join", ask_about_delays),
    ("train", "Train: over 15 minutes late? From what is known before departure", train_model),
    ("predict", "Predict: the months that the model has not seen, through the API", predict_held_out),
    ("workflow", "Workflow: query → materialise → draw, three jobs in a row", run_workflow),
    ("dashboard", "Chart: pictures, and a dashboard page with them", draw_dashboard),
)
EXPECTED = (PlatformError, WrongAnswer, NotAPicture, SampleDataMissing)


def walk(url: str | None, token: str | None, *, as_json: bool) -> int:
    """All steps against the platform there, or one started for the while; gives the exit code."""
    report, chosen = Report(quiet=as_json), address(url)
    failed: str | None = None
    try:
        with _platform(chosen, token) as running, Client(running.url, running.token) as client:
            chosen = running.url
            _take(client, report)
    except EXPECTED as error:
        failed = line_of(error) if isinstance(error, PlatformError) else str(error)
    if as_json:
        say(report.as_json(chosen, passed=failed is None))
    if failed is not None:
        step = f"step {report.steps[-1].name}: " if report.steps else ""
        complain(step + failed)
        return FAILED
    report.next_steps(_next(chosen))
    return 0


def _take(client: Client, report: Report) -> None:
    for name, title, step in STEPS:
        with report.step(name, title) as one:
            one.figures = step(client, report)


def _platform(url: str, token: str | None) -> AbstractContextManager[Running]:
    if not answers(url):
        return own_platform()
    saved = load_credentials().platforms.get(url)
    return nullcontext(Running(url, token or (saved.token if saved else "") or _local_key(url)))


def _local_key(url: str) -> str:
    """A key from the state beside us, when the platform is this machine's."""
    home = Path(os.environ.get("DATALAB_HOME") or ".datalab")
    return mint(None) if _is_here(url) and home.is_dir() else ""


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _next(url: str) -> list[str]:
    return [
        f"Every operation of the API: {url}/docs",
        f"The dashboard as a page: datalab dashboard render {DASHBOARD} -o page.html",
        f"Ask the model: datalab predict {MODEL} --row '{ROW}'",
        'Ask the data: datalab query "SELECT origin, count(*) FROM flights GROUP BY origin"',
        "The tutorial, step by step with your own files: docs/tutorial/first-steps.md",
    ]
