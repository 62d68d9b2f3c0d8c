"""The OpenAPI document of the whole platform at the gateway."""

import ast
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec, patch

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from tests.services.gateway.conftest import JWT_SECRET, parts_of, small_service

from datalab.catalog import AI, DATA, SERVICES
from datalab.client.synchronous import AiFace, Client, ComputeFace, DataFace, GatewayFace, VizFace
from datalab.contracts.errors import Unavailable
from datalab.contracts.identity import Role
from datalab.kernel.auth.require import requires
from datalab.kernel.http.app import create_app
from datalab.services.gateway.actions.api_document import ApiDocument
from datalab.services.gateway.adapters.api_sources import RemoteApi
from datalab.services.gateway.adapters.forwarder import Forwarder
from datalab.services.gateway.model.api_document import Part, merged, operations
from datalab.services.gateway.model.client_calls import CLIENT_CALLS
from datalab.services.gateway.model.code_samples import with_samples
from datalab.services.gateway.model.example_request import BODIES
from datalab.services.gateway.model.signing import SigningKeys

FOLDER = Path(__file__).parents[3] / "openapi"
LANGUAGES = ["curl", "Python", "JavaScript"]


def committed() -> list[Part]:
    return [
        Part(name, service.prefix, json.loads((FOLDER / f"{name}.json").read_text()))
        for name, service in SERVICES.items()
    ]


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """What the gateway would make of the committed documents."""
    return with_samples(merged(committed(), "DataLab", "1"))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, str) and value.startswith("#/"):
        yield value


def target(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def document_of(model: type[BaseModel], path: str, name: str = "get_thing") -> dict[str, Any]:
    app = FastAPI()

    async def get_thing() -> Any: ...

    app.add_api_route(path, get_thing, response_model=model, operation_id=name, methods=["GET"])
    return app.openapi()


async def test_the_gateway_describes_its_own_and_its_services_operations(world):
    whole = (await world.http.get("/openapi.json")).json()
    assert {"/api/v1/auth/me", "/api/v1/data/whoami", "/health"} <= whole["paths"].keys()
    assert whole["x-datalab-services"] == {"data": {"state": "current"}}
    assert whole["paths"]["/api/v1/data/whoami"]["get"]["x-datalab-service"] == "data"
    assert whole["paths"]["/health"]["get"]["x-datalab-service"] == "gateway"
    assert whole["paths"]["/api/v1/data/whoami"]["get"]["security"] == [{"bearer": []}]
    assert "bearer" in whole["components"]["securitySchemes"]
    own = (await world.http.get("/openapi/gateway.json")).json()
    assert "/api/v1/data/whoami" not in own["paths"]


async def test_a_reader_who_has_the_document_is_not_sent_it_again(world):
    first = await world.http.get("/openapi.json")
    again = await world.http.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_service_in_another_process_is_described_too(make_world, served):
    async with served(small_service(parts_of(SigningKeys(JWT_SECRET)))) as url:
        world = await make_world({"data": Forwarder("data", ["http://127.0.0.1:1", url])})
        whole = (await world.http.get("/openapi.json")).json()
    assert whole["x-datalab-services"] == {"data": {"state": "current"}}
    assert "/api/v1/data/things" in whole["paths"]


async def test_a_service_that_was_never_seen_is_told_of_and_left_out(make_world):
    world = await make_world({"data": Forwarder("data", ["http://127.0.0.1:1"])})
    whole = (await world.http.get("/openapi.json")).json()
    assert whole["x-datalab-services"]["data"]["state"] == "never seen"
    assert "/api/v1/auth/me" in whole["paths"]


async def test_of_a_service_that_is_away_the_document_last_seen_counts(served):
    document = {"openapi": "3.1.0", "info": {"title": "own", "version": "1"}, "paths": {}}
    async with served(small_service(parts_of(SigningKeys(JWT_SECRET)))) as url:
        api = ApiDocument(lambda: document, [RemoteApi("data", [url])], "1", fresh_s=0)
        before = await api.whole()
    after = await api.whole()
    assert after["paths"] == before["paths"]
    assert after["paths"].keys() == {"/api/v1/data/whoami", "/api/v1/data/things"}
    told = after["x-datalab-services"]["data"]
    assert told["state"] == "last seen"
    assert told["seen_at"]


async def test_what_is_no_document_counts_as_away(served):
    app = FastAPI(openapi_url=None)

    @app.get("/openapi.json")
    async def other() -> list[str]:
        return ["something else"]

    async with served(app) as url:
        with pytest.raises(Unavailable, match="no OpenAPI document"):
            await RemoteApi("data", [url]).document()


def test_a_name_that_two_services_use_for_two_things_becomes_two_names():
    class Inner(BaseModel):
        a: int

    class Same(BaseModel):
        b: int

    class Thing(BaseModel):
        inner: Inner
        same: Same

    first = document_of(Thing, "/api/v1/data/thing")

    class Inner(BaseModel):
        a: str

    class Thing(BaseModel):
        inner: Inner
        same: Same

    second = document_of(Thing, "/api/v1/ai/thing")
    whole = merged([Part("data", DATA.prefix, first), Part("ai", AI.prefix, second)], "t", "1")
    schemas = whole["components"]["schemas"]
    assert schemas.keys() == {"Thing", "Inner", "Same", "AiThing", "AiInner"}
    assert schemas["AiThing"]["properties"]["inner"] == {"$ref": "#/components/schemas/AiInner"}
    assert schemas["AiThing"]["properties"]["same"] == {"$ref": "#/components/schemas/Same"}
    answer = whole["paths"]["/api/v1/ai/thing"]["get"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"] == {"$ref": "#/components/schemas/AiThing"}
    ids = [operation["operationId"] for _, _, operation in operations(whole)]
    assert ids == ["get_thing", "ai_get_thing"]


def test_a_service_adds_only_what_is_its_own_at_the_gateway():
    class Thing(BaseModel):
        a: int

    parts = [Part("data", DATA.prefix, document_of(Thing, path)) for path in ("/api/v1/dataset", "/health")]
    assert merged(parts, "t", "1")["paths"] == {}


def test_every_reference_of_the_whole_points_at_something_and_every_id_is_one_operations(whole: dict[str, Any]):
    for reference in references(whole):
        assert target(whole, reference) is not None
    ids = [operation["operationId"] for _, _, operation in operations(whole)]
    assert len(ids) == len(set(ids))
    theirs = [path for part in committed() for path in part.paths()]
    assert sorted(theirs) == sorted(whole["paths"])


def test_every_operation_has_a_program_in_each_language(whole: dict[str, Any]):
    for path, verb, operation in operations(whole):
        samples = operation["x-codeSamples"]
        assert [one["label"] for one in samples] == LANGUAGES, (verb, path)
        assert not [one for one in samples if "/{" in one["source"]], (verb, path)


def sources(whole: dict[str, Any], label: str) -> dict[str, str]:
    return {
        operation["operationId"]: one["source"]
        for _, _, operation in operations(whole)
        for one in operation["x-codeSamples"]
        if one["label"] == label
    }


def test_the_programs_are_well_formed(whole: dict[str, Any], tmp_path: Path):
    for source in sources(whole, "Python").values():
        ast.parse(source)
    shell = "\n".join(f"f{number}() {{\n{source}}}" for number, source in enumerate(sources(whole, "curl").values()))
    subprocess.run(["bash", "-n"], input=shell, text=True, check=True)
    node = shutil.which("node")
    if node is not None:
        blocks = "\n".join(f"{{\n{source}}}" for source in sources(whole, "JavaScript").values())
        (tmp_path / "all.mjs").write_text(blocks)
        subprocess.run([node, "--check", tmp_path / "all.mjs"], check=True)


def test_what_the_client_has_a_verb_for_is_called_as_the_verb_is(whole: dict[str, Any]):
    client = create_autospec(Client, instance=True)
    client.__enter__.return_value = client
    faces = {"data": DataFace, "ai": AiFace, "compute": ComputeFace, "viz": VizFace, "gateway": GatewayFace}
    for name, face in faces.items():
        setattr(client, name, create_autospec(face, instance=True))
    programs = sources(whole, "Python")
    with patch("datalab.Client", return_value=client), patch("builtins.print"):
        for operation in CLIENT_CALLS:
            exec(programs[operation], {})
    assert BODIES.keys() <= programs.keys()


async def test_the_page_of_the_operations_needs_nothing_from_elsewhere(world):
    page = await world.http.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    assert "//" not in policy
    assert "://" not in page.text
    files = [part.partition('"')[0] for part in page.text.split('="/')[1:]]
    assert len(files) == 5
    for file in files:
        answer = await world.http.get(f"/{file}")
        assert (answer.status_code, len(answer.content) > 100) == (200, True), file
        again = await world.http.get(f"/{file}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304, file


async def test_a_services_own_port_has_the_page_too(served):
    parts = replace(parts_of(SigningKeys(JWT_SECRET)), version="9")
    app = create_app(DATA, parts)

    @app.get("/api/v1/data/one", **requires(Role.VIEWER, "data:read"))
    async def one() -> int:
        return 1

    async with served(app) as url, httpx.AsyncClient(base_url=url) as client:
        assert "/docs/swagger-ui-bundle.js" in (await client.get("/docs")).text
        assert "/api/v1/data/one" in (await client.get("/openapi.json")).json()["paths"]
