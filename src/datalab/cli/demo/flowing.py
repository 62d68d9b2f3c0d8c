"""Step: three jobs, each waiting for the one before: query, materialise, draw."""

from itertools import pairwise
from typing import Any

from datalab.cli.demo.checks import HOURS, HOURS_OF_DAY, KNOWN_ARRIVALS, expect, expect_close, expect_that
from datalab.cli.demo.report import Figures, Report
from datalab.client.synchronous import Client
from datalab.contracts.jobs import Job
from datalab.contracts.viz import ChartDraft

CHART = "delay_by_hour"
ARRIVALS, BY_HOUR = "arrivals_2013", "delay_by_hour_2013"
QUERY = "SELECT origin, hour, arr_delay FROM flights WHERE arr_delay IS NOT NULL"
MATERIALISE = f"""\
SELECT hour, count(*) AS flights, round(avg(arr_delay), 2) AS mean_delay
FROM {ARRIVALS} GROUP BY hour ORDER BY hour"""
SPEC: dict[str, Any] = {
    "description": "Mean delay on arrival by the hour of scheduled departure",
    "width": 560,
    "height": 260,
    "mark": {"type": "bar", "tooltip": True},
    "encoding": {
        "x": {"field": "hour", "type": "ordinal", "title": "hour of departure"},
        "y": {"field": "mean_delay", "type": "quantitative", "title": "minutes late on arrival"},
    },
}
_PATIENCE_S = 300


def run_workflow(client: Client, report: Report) -> Figures:
    """Late in the day is late: the delay by hour, made by a chain of jobs."""
    client.viz.put_chart(CHART, ChartDraft(title="Delay by hour of departure", spec=SPEC, dataset=BY_HOUR))
    first = client.submit("sql", {"sql": QUERY, "into": ARRIVALS})
    second = client.submit("sql", {"sql": MATERIALISE, "into": BY_HOUR}, depends_on=[first])
    third = client.submit("render", {"chart": CHART, "format": "png"}, depends_on=[second])
    with report.working("running query → materialise → draw") as tell:
        jobs: list[Job] = []
        for name, job in (("query", first), ("materialise", second), ("draw", third)):
            tell(name)
            jobs.append(client.wait(job, timeout_s=_PATIENCE_S))
    _check_order(jobs)
    rows = _check_result(client)
    for number, job in enumerate(jobs, 1):
        report.say(f"job {number}, {job.kind}: {_told(job)}")
    return {"jobs": [job.id for job in jobs], "hours": rows}


def _check_order(jobs: list[Job]) -> None:
    for before, after in pairwise(jobs):
        expect(f"what {after.kind} {after.id} waits for", after.depends_on, (before.id,))
        waited = before.finished_at and after.started_at and before.finished_at <= after.started_at
        expect_that(f"job {after.id} began after {before.id} had ended", bool(waited))


def _check_result(client: Client) -> int:
    expect(f"rows of {ARRIVALS}", client.data.get_dataset(ARRIVALS).rows, KNOWN_ARRIVALS)
    rows = client.query(f"SELECT * FROM {BY_HOUR}").to_dicts()
    expect("hours of the day", len(rows), HOURS_OF_DAY)
    by_hour = {row["hour"]: row for row in rows}
    for hour, (flights, delay) in HOURS.items():
        expect(f"flights at {hour}", by_hour[hour]["flights"], flights)
        expect_close(f"mean delay at {hour}", float(by_hour[hour]["mean_delay"]), delay)
    return len(rows)


def _told(job: Job) -> str:
    result = job.result or {}
    if "dataset" in result:
        return f"{result['dataset']} version {result.get('version')}, {result.get('rows'):,} rows"
    return f"{result.get('chart')}.{result.get('format')}, {result.get('bytes'):,} bytes"
