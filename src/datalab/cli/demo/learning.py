"""Steps: a model that foretells late arrivals is trained as a job, named champion, and asked about months it never saw."""

from collections.abc import Iterator, Sequence
from typing import Any

from datalab.cli.demo.checks import HELD_OUT, HELD_OUT_LATE, LEAST_AUC, expect, expect_close, expect_that
from datalab.cli.demo.report import Figures, Report
from datalab.cli.demo.scoring import accuracy, auc, base_rate
from datalab.client.synchronous import Client
from datalab.contracts.ai import AliasTarget, ModelVersion
from datalab.contracts.jobs import Job, JobEvent, JobEventKind

MODEL, ALIAS = "late_arrivals", "champion"
KNOWN_BEFORE_DEPARTURE = (
    "weekday, minute_of_day, carrier, origin, dest, distance, temp, humid, wind_speed, precip, pressure, visib"
)
EXAMPLES = """\
SELECT f.arr_delay > 15 AS late,
       dayofweek(make_date(f.year, f.month, f.day)) AS weekday,
       f.hour * 60 + f.minute AS minute_of_day,
       f.carrier, f.origin, f.dest, f.distance,
       w.temp, w.humid, w.wind_speed, w.precip, w.pressure, w.visib,
       f.month IN (4, 8, 11) AS holdout
FROM flights f
LEFT JOIN weather w ON w.origin = f.origin AND w.time_hour = f.time_hour
WHERE f.arr_delay IS NOT NULL
ORDER BY f.time_hour, f.origin, f.carrier, f.flight, f.tailnum"""
ROW = (
    '{"weekday": 5, "minute_of_day": 1080, "carrier": "B6", "origin": "JFK", "dest": "BOS", "distance": 187, '
    '"temp": 75, "humid": 80, "wind_speed": 12, "precip": 0.1, "pressure": 1008, "visib": 4}'
)
"""A Friday evening in the rain."""

_BATCH = 5_000
_TRAINING_S = 900
_SAME_AUC = 0.005


def train_model(client: Client, report: Report) -> Figures:
    """Train on nine months, evaluate on the other three, name the version champion."""
    job, events = _train(client, report)
    expect_that("the job told of its progress", any(one.kind is JobEventKind.PROGRESS for one in events))
    lines = client.compute.logs(job.id).items
    expect_that("the job has logs", len(lines) > 0)
    version = client.ai.get_model_version(MODEL, _version_of(job))
    used = {feature.name for feature in version.features}
    expect("features", used, set(KNOWN_BEFORE_DEPARTURE.split(", ")))
    client.ai.set_alias(MODEL, ALIAS, AliasTarget(version=version.version))
    aliases = {one.alias: one.version for one in client.ai.list_aliases(MODEL).items}
    expect("champion", aliases.get(ALIAS), version.version)
    for line in lines[:2] + lines[-1:]:
        report.say(f"log: {line.message}")
    _tell(report, version)
    return {
        "job": job.id,
        "version": version.version,
        "algorithm": version.algorithm,
        "metrics": version.metrics,
        "baseline": version.baseline,
        "events": len(events),
        "log_lines": len(lines),
    }


def predict_held_out(client: Client, report: Report) -> Figures:
    """Ask champion about every flight of the months held out, and work out here how good the answers are."""
    rows = client.query(f"SELECT * EXCLUDE (holdout) FROM ({EXAMPLES}) WHERE holdout", timeout_s=120).to_dicts()
    actual = [bool(row.pop("late")) for row in rows]
    expect("flights held out", (len(actual), sum(actual)), (HELD_OUT, HELD_OUT_LATE))
    version = client.ai.get_model(MODEL).aliases[ALIAS]
    predicted, chances = _predict(client, report, rows, version)
    figures = {
        "rows": len(rows),
        "accuracy": round(accuracy(predicted, actual), 4),
        "base_rate": round(base_rate(actual), 4),
        "auc": round(auc(chances, actual), 4),
    }
    expect_that(
        f"accuracy {figures['accuracy']} beats the base rate {figures['base_rate']}",
        figures["accuracy"] > figures["base_rate"],
    )
    expect_that(f"AUC {figures['auc']} is at least {LEAST_AUC}", figures["auc"] >= LEAST_AUC)
    stated = client.ai.get_model_version(MODEL, version).metrics["auc"]
    expect_close("AUC as recomputed from the predictions", figures["auc"], stated, _SAME_AUC)
    report.table(
        ("flights", "accuracy", "base rate", "AUC"),
        [(len(rows), *(f"{figures[name]:.4f}" for name in ("accuracy", "base_rate", "auc")))],
    )
    return figures


def _train(client: Client, report: Report) -> tuple[Job, list[JobEvent]]:
    submitted = client.train(MODEL, target="late", sql=EXAMPLES, holdout="holdout")
    events: list[JobEvent] = []
    with report.working(f"training {MODEL}") as tell:

        def heard(event: JobEvent) -> None:
            events.append(event)
            if event.kind is JobEventKind.PROGRESS:
                tell(f"{event.progress or 0:.0%} {event.message or ''}")

        job = client.wait(submitted, timeout_s=_TRAINING_S, on_event=heard)
    return job, events


def _version_of(job: Job) -> int:
    version = (job.result or {}).get("version")
    expect_that(f"the job's result names the version, and is {job.result!r}", isinstance(version, int))
    return int(str(version))


def _tell(report: Report, version: ModelVersion) -> None:
    report.say(f"{version.model} version {version.version}, {version.algorithm}, served by {version.engine}:")
    names = [name for name in ("accuracy", "auc", "log_loss") if name in version.metrics]
    report.table(
        ("on held-out months", *names),
        [
            ("this model", *(f"{version.metrics[name]:.4f}" for name in names)),
            ("always the same", *(f"{version.baseline.get(name, float('nan')):.4f}" for name in names)),
        ],
    )


def _predict(
    client: Client, report: Report, rows: Sequence[dict[str, Any]], version: int
) -> tuple[list[bool], list[float]]:
    predicted, chances = list[bool](), list[float]()
    with report.working(f"predicting {len(rows):,} flights") as tell:
        for batch in _batches(rows):
            answer = client.predict(MODEL, batch, alias=ALIAS)
            expect("version that answered", answer.model_version, version)
            expect_that("probabilities come with a classification", answer.probabilities is not None)
            late = [str(one).lower() for one in answer.classes or ()].index("true")
            predicted += [str(one).lower() == "true" for one in answer.predictions]
            chances += [row[late] for row in answer.probabilities or ()]
            tell(f"{len(predicted):,}")
    return predicted, chances


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
