"""The job that trains: replays, leftovers, refusals."""

from pathlib import Path

import pytest
from tests.services.ai.conftest import Service, Trained

from datalab.contracts.ai import TrainRequest, UntrainableData
from datalab.contracts.errors import Forbidden
from datalab.contracts.identity import Role
from datalab.kernel.testing.identity import caller
from datalab.kernel.testing.jobs import running_job

SPEC = {"model": "lateness", "dataset": "flights", "target": "late"}


async def test_a_job_killed_after_registration_gives_its_version_again(service: Service, lateness: Trained) -> None:
    job = running_job("train", "ai", SPEC)
    service.compute.jobs.append(job)
    registered = await service.register(lateness, job_id=job.id)
    await service.files.keep(job.id, lateness.folder, lateness.model.files)
    result = await service.run_last_job()
    assert (result["model"], result["version"]) == ("lateness", registered.version)
    assert service.data.asked == []
    kept = {file.key for file in await service.registry.files_of_job(job.id)}
    assert set(await service.dependencies.store.list("models/")) == kept


async def test_data_that_cannot_train_fails_the_job_with_the_reason(service: Service) -> None:
    sql = "SELECT late, year FROM flights WHERE false"
    await service.api().train("lateness", TrainRequest(sql=sql, target="late", max_rows=20, features=("year",)))
    leftover = service.home / "staging" / "ai" / service.compute.jobs[-1].id / "earlier" / "data.arrow"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half")
    with pytest.raises(UntrainableData, match=r"no usable feature|two classes"):
        await service.run_last_job()
    assert service.data.asked[0].max_rows == 20
    assert service.data.asked[0].sql == sql
    assert not leftover.exists()
    assert _everything_below(service.home / "staging" / "ai") == []
    assert await service.dependencies.store.list("") == ()


async def test_an_owner_who_may_no_longer_train_does_not(service: Service) -> None:
    service.compute.jobs.append(running_job("train", "ai", SPEC))
    with pytest.raises(Forbidden):
        await service.kind.handler(service.attempt(caller(Role.VIEWER)))


def _everything_below(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))
