"""A caller has the same rights by every road: nothing is gained by two services' sharing a process."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.conformance.platform import ALL, ROADS, World
from tests.conformance.told import Ask, refusal, same_refusal

from datalab.contracts.ai import AiApi, AliasTarget, PredictRequest, TrainRequest
from datalab.contracts.compute import ComputeApi, JobFilter
from datalab.contracts.data import (
    DataApi,
    DatasetChange,
    DryRun,
    QueryFilter,
    QueryRequest,
    RowsRequest,
    Undelete,
    Upload,
)
from datalab.contracts.differences import Comparison
from datalab.contracts.errors import Forbidden, Unauthenticated
from datalab.contracts.identity import Role
from datalab.contracts.jobs import JobSubmission
from datalab.contracts.model import PageRequest
from datalab.contracts.viz import ChartDraft, DashboardDraft, ImageFormat, RenderRequest, VizApi

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("conformance")]

# Rights are judged before any database is asked.
ONE_DATABASE = pytest.mark.parametrize("world", ["sqlite"], indirect=True, scope="package")
FIRST = PageRequest()


async def nothing() -> AsyncIterator[bytes]:
    yield b"a\n1\n"


async def entered(opening) -> None:
    async with opening as stream:
        async for _ in stream:
            pass


async def followed(events) -> None:
    async for _ in events:
        pass


READS: dict[str, Ask] = {
    "data.list_datasets": lambda api: api.data.list_datasets(FIRST),
    "data.get_dataset": lambda api: api.data.get_dataset("x"),
    "data.list_deleted": lambda api: api.data.list_deleted(FIRST),
    "data.diff": lambda api: api.data.diff("x", Comparison()),
    "data.profile": lambda api: api.data.profile("x"),
    "data.list_queries": lambda api: api.data.list_queries(QueryFilter(), FIRST),
    "data.list_versions": lambda api: api.data.list_versions("x", FIRST),
    "data.query": lambda api: api.data.query(QueryRequest(sql="SELECT 1")),
    "data.query_stream": lambda api: entered(api.data.query_stream(QueryRequest(sql="SELECT 1"))),
    "data.rows_stream": lambda api: entered(api.data.rows_stream("x", RowsRequest())),
    "data.query_status": lambda api: api.data.query_status("x"),
    "data.cancel_query": lambda api: api.data.cancel_query("x"),
    "ai.list_models": lambda api: api.ai.list_models(FIRST),
    "ai.get_model": lambda api: api.ai.get_model("x"),
    "ai.list_model_versions": lambda api: api.ai.list_model_versions("x", FIRST),
    "ai.get_model_version": lambda api: api.ai.get_model_version("x", 1),
    "ai.list_aliases": lambda api: api.ai.list_aliases("x"),
    "ai.predict": lambda api: api.ai.predict("x", PredictRequest(rows=({"a": 1},))),
    "compute.list_jobs": lambda api: api.compute.list_jobs(JobFilter(), FIRST),
    "compute.get_job": lambda api: api.compute.get_job("x"),
    "compute.events": lambda api: followed(api.compute.events("x")),
    "compute.logs": lambda api: api.compute.logs("x"),
    "viz.render": lambda api: api.viz.render(RenderRequest(spec={"mark": "bar"}), ImageFormat.PNG),
    "viz.list_charts": lambda api: api.viz.list_charts(FIRST),
    "viz.get_chart": lambda api: api.viz.get_chart("x"),
    "viz.render_chart": lambda api: api.viz.render_chart("x", ImageFormat.PNG),
    "viz.list_dashboards": lambda api: api.viz.list_dashboards(FIRST),
    "viz.get_dashboard": lambda api: api.viz.get_dashboard("x"),
    "viz.render_dashboard": lambda api: api.viz.render_dashboard("x"),
}
WRITES: dict[str, Ask] = {
    "data.upload": lambda api: api.data.upload("x", Upload(), nothing()),
    "data.preview_upload": lambda api: api.data.preview_upload("x", DryRun(), nothing()),
    "data.describe_dataset": lambda api: api.data.describe_dataset("x", DatasetChange(description="y")),
    "data.undelete": lambda api: api.data.undelete("x", Undelete()),
    "data.delete_dataset": lambda api: api.data.delete_dataset("x"),
    "data.restore": lambda api: api.data.restore("x", 0),
    "ai.delete_model": lambda api: api.ai.delete_model("x"),
    "ai.set_alias": lambda api: api.ai.set_alias("x", "y", AliasTarget(version=1)),
    "ai.delete_alias": lambda api: api.ai.delete_alias("x", "y"),
    "ai.train": lambda api: api.ai.train("x", TrainRequest(dataset="x", target="y")),
    "compute.submit": lambda api: api.compute.submit(JobSubmission(kind="sql", spec={"sql": "SELECT 1"})),
    "compute.cancel": lambda api: api.compute.cancel("x"),
    "compute.retry": lambda api: api.compute.retry("x"),
    "viz.put_chart": lambda api: api.viz.put_chart("x", ChartDraft(spec={"mark": "bar"})),
    "viz.delete_chart": lambda api: api.viz.delete_chart("x"),
    "viz.put_dashboard": lambda api: api.viz.put_dashboard("x", DashboardDraft()),
    "viz.delete_dashboard": lambda api: api.viz.delete_dashboard("x"),
}
PROTOCOLS = {"data": DataApi, "ai": AiApi, "compute": ComputeApi, "viz": VizApi}


async def test_every_call_of_every_protocol_is_judged_here():
    calls = {
        f"{service}.{name}"
        for service, protocol in PROTOCOLS.items()
        for name in vars(protocol)
        if not name.startswith("_")
    }
    assert calls == {*READS, *WRITES}


@ONE_DATABASE
@pytest.mark.parametrize("call", WRITES)
async def test_a_viewer_changes_nothing(world: World, call: str):
    told = await same_refusal(await world.roads(Role.VIEWER), WRITES[call])
    assert (told.kind, told.detail) == (Forbidden, "this needs the role editor; the-viewer is viewer")


@ONE_DATABASE
@pytest.mark.parametrize("call", {**READS, **WRITES})
async def test_a_credential_for_other_services_reaches_nothing(world: World, call: str):
    service, verb = call.split(".", maxsplit=1)[0], "read" if call in READS else "write"
    others = frozenset(f"{other}:write" for other in PROTOCOLS if other != service)
    told = await same_refusal(await world.roads(Role.ADMIN, others), {**READS, **WRITES}[call])
    assert told.kind is Forbidden
    assert told.detail == f"this needs the scope {service}:{verb}, which the credential was not given"


@ONE_DATABASE
@pytest.mark.parametrize("road", ROADS)
async def test_training_needs_the_right_to_submit_jobs_too(world: World, road: str):
    owner = await world.caller(Role.EDITOR, frozenset({"data:write", "ai:write"}))
    await world.by_road("in process", await world.caller(Role.EDITOR, ALL)).data.upload(
        f"rights_{road.replace(' ', '_')}", Upload(), _table()
    )
    request = TrainRequest(dataset=f"rights_{road.replace(' ', '_')}", target="a")
    told = await refusal(world.by_road(road, owner).ai.train("x", request))
    assert (told.kind, "compute:write" in told.detail) == (Forbidden, True)


@ONE_DATABASE
async def test_an_expired_token_is_no_longer_good(world: World):
    caller = await world.caller(Role.ADMIN)
    past = datetime.now(UTC) - timedelta(seconds=1)
    identity = caller.identity.model_copy(update={"expires_at": past})
    late = replace(caller, identity=identity)
    for call, ask in {**READS, **WRITES}.items():
        told = await refusal(ask(world.by_road("in process", late)))
        assert (told.kind, call) == (Unauthenticated, call)


async def _table() -> AsyncIterator[bytes]:
    await asyncio.sleep(0)
    yield b"a,b\n1,2\n"
