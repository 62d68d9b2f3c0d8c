"""The task that a training process runs: from an Arrow file to verified model files and a card."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from datalab.contracts.ai import Task
from datalab.services.ai.adapters.training import evaluate
from datalab.services.ai.adapters.training.candidates import Fitted, Lesson, fit_candidate
from datalab.services.ai.adapters.training.card import Findings, Verdict, write_card
from datalab.services.ai.adapters.training.columns import Choice, Wanted, choose_features, describe
from datalab.services.ai.adapters.training.convert import Check, convert, verify
from datalab.services.ai.adapters.training.encode import Matrix, encode_columns, learn_inputs
from datalab.services.ai.adapters.training.persist import write_estimator
from datalab.services.ai.adapters.training.plots import class_plots, number_plots
from datalab.services.ai.adapters.training.select import Trial, best, try_candidates
from datalab.services.ai.adapters.training.subject import Subject, pose
from datalab.services.ai.adapters.training.table import Rows, Table, TimeColumn, read_table
from datalab.services.ai.model.inputs import InputSchema
from datalab.services.ai.model.recipe import Recipe
from datalab.services.ai.model.training import CARD_FILE, ESTIMATOR_FILE, ONNX_FILE, TrainedModel, TrainingOrder


class Report(Protocol):
    """Who is told how training goes."""

    def progress(self, fraction: float, message: str = "") -> None:
        """How much is done, 0 to 1."""
        ...

    def log(self, line: str) -> None:
        """One line for the job's log."""
        ...


@dataclass(frozen=True)
class Material:
    """The chosen columns as numbers."""

    choice: Choice
    schema: InputSchema
    train: Matrix
    test: Matrix


def fit(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """The pool's entry: a :class:`TrainingOrder` in, a :class:`TrainedModel` out, both as JSON."""
    return train(TrainingOrder.model_validate(arguments), report).model_dump(mode="json")


def train(order: TrainingOrder, report: Report) -> TrainedModel:
    """Train, evaluate, convert, verify and write the model's files.

    Raises:
        UntrainableData: The data can't train a model; the detail says why.
    """
    report.progress(0.02, "reading the data")
    table = read_table(Path(order.data))
    report.log(f"read {table.rows} rows of {len(table.names)} columns")
    subject = pose(table, order.request)
    report.log(
        f"{subject.task.value} of {order.request.target}: {len(subject.train)} rows to train on, "
        f"{len(subject.test)} held out ({subject.parts.how})"
    )
    material = _encode(table, subject, order)
    for name, reason in material.choice.dropped.items():
        report.log(f"column {name} left out: {reason}")
    trials = _select(subject, material, order, report)
    chosen = best(trials)
    report.progress(0.6, f"training {chosen}")
    lesson = _lesson(subject, material, order)
    fitted = fit_candidate(chosen, lesson, np.arange(len(subject.train)))
    report.progress(0.8, "evaluating on held-out rows")
    verdict = _judge(subject, material, fitted)
    report.log(_told(verdict))
    worth = evaluate.importances(fitted, material.schema, material.test, subject.test, order.request.seed)
    report.progress(0.9, "converting")
    check, files = _write(order, material, fitted, report)
    findings = Findings(table.rows, subject, material.choice, trials, verdict, worth, check, ONNX_FILE in files)
    return _describe(order, subject, material, findings, files)


def _encode(table: Table, subject: Subject, order: TrainingOrder) -> Material:
    request = order.request
    wanted = Wanted(request.target, request.holdout, request.features, request.exclude)
    train, test = table.take(subject.parts.train), table.take(subject.parts.test)
    choice = choose_features(train, wanted)
    missing_in_test = {name for name, column in test.columns.items() if column.missing.any()}
    schema = learn_inputs(choice.columns, subject.outcomes(), missing_in_test)
    held = tuple(test.columns[column.name] for column in choice.columns)
    return Material(choice, schema, encode_columns(schema, choice.columns), encode_columns(schema, held))


def _select(subject: Subject, material: Material, order: TrainingOrder, report: Report) -> tuple[Trial, ...]:
    lesson = _lesson(subject, material, order)
    measure = "log loss" if subject.task is Task.CLASSIFICATION else "standardised error"

    def tell(trial: Trial, number: int, count: int) -> None:
        report.log(f"trial {number} of {count}: {trial.candidate}: {measure} {trial.loss:.5f}")
        report.progress(0.1 + 0.5 * number / count, f"tried {number} of {count} candidates")

    report.progress(0.1, f"trying candidates on {material.train.shape[1]} numbers a row")
    return try_candidates(lesson, tell)


def _lesson(subject: Subject, material: Material, order: TrainingOrder) -> Lesson:
    seed, classes = order.request.seed, len(subject.classes)
    return Lesson(subject.task, material.train, subject.train, classes, seed, _order(material, order))


def _order(material: Material, order: TrainingOrder) -> Rows | None:
    """Where rows to judge by were chosen by a column: the rows by time, or as they came."""
    if order.request.holdout is None:
        return None
    times = [one.values for one in material.choice.columns if isinstance(one, TimeColumn) and not one.missing.any()]
    return np.argsort(np.argsort(times[0], kind="stable")) if times else np.arange(len(material.train))


def _describe(
    order: TrainingOrder, subject: Subject, material: Material, findings: Findings, files: tuple[str, ...]
) -> TrainedModel:
    card = write_card(order, findings)
    Path(order.output, CARD_FILE).write_text(json.dumps(card, indent=1), encoding="utf-8")
    return TrainedModel(
        algorithm=best(findings.trials).algorithm,
        engine=findings.engine,
        recipe=Recipe(task=subject.task, inputs=material.schema, classes=subject.classes, output=subject.output),
        features=tuple(
            describe(column, required=one.required)
            for column, one in zip(material.choice.columns, material.schema.inputs, strict=True)
        ),
        metrics=findings.verdict.metrics,
        baseline=findings.verdict.baseline,
        card=card,
        files=(*files, CARD_FILE),
    )


def _judge(subject: Subject, material: Material, fitted: Fitted) -> Verdict:
    predicted = fitted.predict(material.test)
    if subject.output is None:
        metrics = evaluate.class_metrics(predicted, subject.test)
        baseline = evaluate.class_baseline(subject.train, subject.test, len(subject.classes))
        calibration = evaluate.calibration(predicted, subject.test)
        return Verdict(metrics, baseline, calibration, class_plots(predicted, subject.test))
    center, spread = subject.output.center, subject.output.spread
    train, test = (part * spread + center for part in (subject.train, subject.test))
    said = predicted * spread + center
    metrics = evaluate.number_metrics(said, test)
    return Verdict(metrics, evaluate.number_baseline(train, test), [], number_plots(said, test))


def _told(verdict: Verdict) -> str:
    baseline = verdict.baseline
    beside = (
        f"{name} {value:.4f} (baseline {baseline[name]:.4f})"
        for name, value in verdict.metrics.items()
        if name in baseline
    )
    return "held out: " + ", ".join(beside)


def _write(order: TrainingOrder, material: Material, fitted: Fitted, report: Report) -> tuple[Check, tuple[str, ...]]:
    write_estimator(fitted.estimator, Path(order.output, ESTIMATOR_FILE))
    try:
        model = convert(fitted, material.schema.width)
    except Exception as error:  # noqa: BLE001 - any failure to convert means that the original serves
        check = Check(0, float("nan"), f"can't be converted: {error!s}"[:500])
        report.log(check.error or "")
        return check, (ESTIMATOR_FILE,)
    check = verify(model, fitted, material.schema, material.test)
    report.log(f"conversion checked on {check.rows} rows: greatest difference {check.difference:.1e}")
    if not check.exact or len(model) > order.most_onnx_bytes:
        report.log(f"the conversion ({len(model)} bytes) isn't used; scikit-learn serves this version")
        return check, (ESTIMATOR_FILE,)
    Path(order.output, ONNX_FILE).write_bytes(model)
    return check, (ONNX_FILE, ESTIMATOR_FILE)
