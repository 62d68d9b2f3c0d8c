"""The service's paths over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from tests.services.ai.conftest import Service, Trained
from tests.services.ai.flights import ROW

from datalab.contracts.identity import Role
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder

MODELS = "/api/v1/ai/models"
TRAIN = {"dataset": "flights", "target": "late"}


@pytest.fixture
def database_url(tmp_path: Path) -> DatabaseUrl:
    """SQLite alone: what is shown here is the same on any database; test_registry shows that."""
    return SqliteFolder(tmp_path / "databases")


async def test_training_is_accepted_as_a_job(service: Service) -> None:
    async with service.client() as client:
        answer = await client.post(f"{MODELS}/lateness/train", json=TRAIN)
    job = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/compute/jobs/{job['id']}"
    assert (job["kind"], job["spec"]) == ("train", {"model": "lateness", "dataset": "flights", "target": "late"})


async def test_a_repeated_submission_is_the_same_job(service: Service) -> None:
    headers = {"Idempotency-Key": "once"}
    async with service.client() as client:
        first = await client.post(f"{MODELS}/lateness/train", json=TRAIN, headers=headers)
        second = await client.post(f"{MODELS}/lateness/train", json=TRAIN, headers=headers)
        other = await client.post(f"{MODELS}/other/train", json=TRAIN, headers=headers)
    assert first.json()["id"] == second.json()["id"]
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("model", "body", "status", "named"),
    [
        ("m", TRAIN | {"dataset": "nothing"}, 404, "nothing"),
        ("m", TRAIN | {"target": "luck"}, 422, "body.target: 'luck' is no column of flights; it has flight_id"),
        ("m", TRAIN | {"features": ["luck"]}, 422, "body.features: 'luck'"),
        ("m", TRAIN | {"holdout": "luck"}, 422, "body.holdout: 'luck'"),
        ("m", {"target": "late"}, 422, "give either dataset or sql"),
        ("m", TRAIN | {"sql": "SELECT 1"}, 422, "give either dataset or sql"),
        ("m", TRAIN | {"colour": "red"}, 422, "body.colour"),
        ("m", TRAIN | {"alias": "Über"}, 422, "body.alias"),
        ("0m", TRAIN, 422, "'0m' is no model name"),
        ("m" * 64, TRAIN, 422, "is no model name"),
        ("m%00", TRAIN, 422, "is no model name"),
    ],
)
async def test_a_wrong_training_request_is_refused_at_once(
    service: Service, model: str, body: dict[str, Any], status: int, named: str
) -> None:
    async with service.client() as client:
        answer = await client.post(f"{MODELS}/{model}/train", json=body)
    assert answer.status_code == status
    assert named in answer.json()["detail"]
    assert service.compute.jobs == []


async def test_predictions_and_the_registry_over_http(service: Service, lateness: Trained) -> None:
    await service.register(lateness)
    async with service.client() as client:
        alias = await client.put(f"{MODELS}/lateness/aliases/champion", json={"version": 1})
        said = (await client.post(f"{MODELS}/lateness/predict", json={"rows": [ROW]})).json()
        model = (await client.get(f"{MODELS}/lateness")).json()
        version = (await client.get(f"{MODELS}/lateness/versions/1")).json()
        listed = (await client.get(MODELS)).json()
        gone = await client.delete(f"{MODELS}/lateness/aliases/champion")
        aliases = (await client.get(f"{MODELS}/lateness/aliases")).json()
        deleted = await client.delete(f"{MODELS}/lateness")
    assert alias.json() == {"alias": "champion", "version": 1}
    assert (said["predictions"], said["model_version"], said["cached"]) == ([True], 1, False)
    assert said["batch_wait_ms"] >= 0
    assert model["aliases"] == {"champion": 1}
    assert version["card"]["target"] == "late"
    assert [one["name"] for one in listed["items"]] == ["lateness"]
    assert (gone.status_code, aliases["items"], deleted.status_code) == (204, [], 204)


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"rows": []}, 422, "body.rows"),
        ({"rows": [ROW], "version": 1, "alias": "champion"}, 422, "either version or alias"),
        ({"rows": [ROW], "alias": "\0"}, 422, "is no alias"),
        ({"rows": [ROW], "alias": "nobody"}, 404, "nobody"),
        ({"rows": [ROW], "version": 99}, 404, "99"),
        ({"rows": [ROW | {"wings": 2}]}, 422, "rows[0].wings"),
        ({"rows": [5]}, 422, "body.rows.0"),
    ],
)
async def test_a_wrong_prediction_request_is_refused(
    service: Service, lateness: Trained, body: dict[str, Any], status: int, named: str
) -> None:
    await service.register(lateness)
    async with service.client() as client:
        answer = await client.post(f"{MODELS}/lateness/predict", json=body)
    assert answer.status_code == status
    assert named in answer.json()["detail"]


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.VIEWER, 403), (Role.EDITOR, 202)])
async def test_training_needs_an_editor(service: Service, role: Role | None, status: int) -> None:
    async with service.client(role) as client:
        assert (await client.post(f"{MODELS}/lateness/train", json=TRAIN)).status_code == status


async def test_it_is_ready_when_the_schema_is_at_head(service: Service) -> None:
    async with service.client(None) as client:
        answer = await client.get("/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"]["database"]["ok"]
