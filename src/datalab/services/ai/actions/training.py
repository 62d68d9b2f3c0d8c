"""Training a model: what the job of kind ``train`` does.

An attempt may run more than once, and be cut off anywhere: it writes into folders of its own, and the registration,
which happens once a job, is what counts.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import JsonValue

from datalab.contracts.ai import ModelVersion, TrainJob, TrainRequest, UntrainableData
from datalab.contracts.data import DataApi, DataFormat, DatasetName, QueryRequest
from datalab.contracts.errors import Forbidden
from datalab.contracts.identity import Caller, Role
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import JobContext, JobResult
from datalab.kernel.failpoint import reach
from datalab.services.ai.actions.dependencies import ActionDependencies
from datalab.services.ai.model.naming import check_model_name
from datalab.services.ai.model.training import TrainedModel, TrainingOrder
from datalab.services.ai.model.version import ModelFile, NewVersion

SHARE_OF_READING = 0.1
LONGEST_QUERY_S = 3600.0


async def train_model(its: ActionDependencies, context: JobContext, spec: TrainJob) -> JobResult:
    """Read, train, keep the files, register.

    Raises:
        UntrainableData: The data can't train a model.
        Forbidden: The job's owner may no longer train.
    """
    _refuse_powerless(context.caller)
    check_model_name(spec.model)
    known = await its.registry.version_of_job(context.job.id)
    if known is None:
        async with _folder(its.staging / context.job.id) as folder:
            known = await _train(its, context, spec, folder)
    reach("ai.train.after_registration")
    await its.files.keep_only(context.job.id, await its.registry.files_of_job(context.job.id))
    reach("ai.train.after_cleaning")
    await context.progress(1.0, f"registered as version {known.version}")
    return _result(known)


def _refuse_powerless(caller: Caller) -> None:
    identity = caller.identity
    if not (identity.role.covers(Role.EDITOR) and identity.has_scope("ai:write")):
        raise Forbidden(f"training needs the role editor and the scope ai:write, which {identity.name} has not")


async def _train(its: ActionDependencies, context: JobContext, spec: TrainJob, folder: Path) -> ModelVersion:
    data = its.data(context.caller)
    await context.progress(0.0, "reading the data")
    source = await _fetch(its, data, spec, folder / "data.arrow")
    order = TrainingOrder(
        data=str(folder / "data.arrow"),
        output=str(folder),
        request=TrainRequest.model_validate(spec.model_dump(exclude={"model"})),
        source=source,
        most_onnx_bytes=its.most_onnx_bytes,
    )

    async def progress(fraction: float, message: str) -> None:
        await context.progress(SHARE_OF_READING + (0.98 - SHARE_OF_READING) * fraction, message)

    trained = await its.trainer.train(order, context.job.timeout_s, progress, context.log)
    files = await its.files.keep(context.job.id, folder, trained.files)
    reach("ai.train.after_files")
    version = await its.registry.register(_new_version(context, spec, trained, files))
    await context.log(f"registered as version {version.version} of {spec.model}, served by {version.engine}")
    return version


async def _fetch(its: ActionDependencies, data: DataApi, spec: TrainJob, path: Path) -> dict[str, JsonValue]:
    """Write the data into ``path`` and say where it came from."""
    if spec.dataset is None:
        await _stream(its, data, spec.sql or "", spec.max_rows, path)
        return {"sql": spec.sql}
    before = await data.get_dataset(spec.dataset)
    await _stream(its, data, f"SELECT * FROM {_quoted(before.name)}", spec.max_rows, path)
    after = await data.get_dataset(spec.dataset)
    source: dict[str, JsonValue] = {"dataset": before.name, "version": before.version, "rows": before.rows}
    if after.version != before.version:
        source["changed_while_reading_to_version"] = after.version
    if before.rows > spec.max_rows:
        source["cut_to_rows"] = spec.max_rows
    return source


def _quoted(dataset: str) -> str:
    return ".".join(f'"{part}"' for part in str(DatasetName.parse(dataset)).split("."))


async def _stream(its: ActionDependencies, data: DataApi, sql: str, max_rows: int, path: Path) -> None:
    request = QueryRequest(sql=sql, format=DataFormat.ARROW, max_rows=max_rows, timeout_s=LONGEST_QUERY_S)
    size = 0
    with await asyncio.to_thread(path.open, "wb") as file:
        async with data.query_stream(request) as stream:
            async for chunk in stream:
                size += len(chunk)
                if size > its.most_training_bytes:
                    raise UntrainableData(
                        f"the data is larger than {its.most_training_bytes} bytes; name fewer columns or a smaller max_rows"
                    )
                await asyncio.to_thread(file.write, chunk)


def _new_version(
    context: JobContext, spec: TrainJob, trained: TrainedModel, files: tuple[ModelFile, ...]
) -> NewVersion:
    return NewVersion(
        model=spec.model,
        target=spec.target,
        algorithm=trained.algorithm,
        engine=trained.engine,
        recipe=trained.recipe,
        features=trained.features,
        metrics=trained.metrics,
        baseline=trained.baseline,
        card=trained.card,
        files=files,
        job_id=context.job.id,
        created_by=context.caller.identity.name,
        alias=spec.alias,
    )


def _result(version: ModelVersion) -> JobResult:
    return {
        "model": version.model,
        "version": version.version,
        "task": version.task.value,
        "algorithm": version.algorithm,
        "engine": version.engine,
        "metrics": dict(version.metrics),
        "baseline": dict(version.baseline),
        "aliases": list(version.aliases),
    }


@asynccontextmanager
async def _folder(parent: Path) -> AsyncGenerator[Path]:
    """An empty folder of this attempt's own below the job's; the job's is deleted with what earlier attempts left."""
    await asyncio.to_thread(shutil.rmtree, parent, ignore_errors=True)
    folder = parent / new_id()
    await asyncio.to_thread(folder.mkdir, parents=True)
    try:
        yield folder
    finally:
        await asyncio.to_thread(_remove, folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.parent.rmdir()
