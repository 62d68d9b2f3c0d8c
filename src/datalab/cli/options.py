"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

Url = Annotated[
    str | None,
    typer.Option("--url", envvar="DATALAB_URL", help="The platform; else where you signed in, else this machine's."),
]
Token = Annotated[
    str | None,
    typer.Option("--token", envvar="DATALAB_TOKEN", help="An API key or access token; else that of `datalab login`."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="Go on where a list ended (its next_cursor).")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the job's end, or print the job at once.")]
