"""The everyday verbs, asynchronous and synchronous."""

import inspect
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr
from tests.client.platform import FakePlatform

from datalab import AsyncClient, Client
from datalab.client.ai import AiClient
from datalab.client.compute import ComputeClient
from datalab.client.data import DataClient
from datalab.client.gateway import GatewayClient
from datalab.client.synchronous import AiFace, ComputeFace, DataFace, GatewayFace, VizFace
from datalab.client.viz import VizClient
from datalab.contracts.ai import AiApi
from datalab.contracts.compute import ComputeApi
from datalab.contracts.data import DataApi, DatasetNotFound, QueryRequest
from datalab.contracts.errors import InvalidInput
from datalab.contracts.gateway import GatewayApi, UserDraft
from datalab.contracts.viz import VizApi

FRAMES = [pd.DataFrame({"n": [1, 2]}), pl.DataFrame({"n": [1, 2]}), pa.table({"n": [1, 2]})]
APIS = [
    (DataApi, DataClient, DataFace),
    (AiApi, AiClient, AiFace),
    (ComputeApi, ComputeClient, ComputeFace),
    (VizApi, VizClient, VizFace),
    (GatewayApi, GatewayClient, GatewayFace),
]


def public_methods(kind: type) -> dict[str, Any]:
    return {name: method for name, method in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


@pytest.mark.parametrize(("protocol", "client", "face"), APIS)
def test_the_client_has_each_method_of_the_protocol_with_its_parameters(protocol: type, client: type, face: type):
    for name, method in public_methods(protocol).items():
        wanted = list(inspect.signature(method).parameters)
        assert list(inspect.signature(getattr(client, name)).parameters) == wanted, name


@pytest.mark.parametrize(("protocol", "client", "face"), APIS)
def test_the_synchronous_face_has_each_method_of_the_client(protocol: type, client: type, face: type):
    assert set(public_methods(client)) <= set(dir(face))


def test_the_synchronous_client_has_each_verb():
    verbs = set(public_methods(AsyncClient)) - {"for_caller"}
    assert verbs <= set(dir(Client))


async def test_a_query_gives_a_table_with_its_types(client: AsyncClient, platform: FakePlatform):
    table = await client.query("SELECT 1", {"a": 1}, max_rows=4)
    assert table.to_dicts()[2] == {"n": 2, "s": "ü"}
    assert table.columns == ["n", "s"]
    assert list(table.to_pandas()["n"]) == [0, 1, 2, 3]
    assert not table.truncated
    asked = json.loads(platform.seen.bodies[0])
    assert (asked["format"], asked["params"]) == ("arrow", {"a": 1})


async def test_an_answer_with_more_rows_than_asked_for_says_so(client: AsyncClient):
    table = await client.query("SELECT 1", max_rows=3)
    assert (len(table), table.truncated) == (3, True)


async def test_a_file_is_uploaded_as_its_name_says(client: AsyncClient, platform: FakePlatform, tmp_path: Path):
    path = tmp_path / "flights.csv"
    path.write_bytes(b"n\n" + b"1\n" * 400_000)
    await client.upload("flights", path, mode="replace")
    assert platform.seen.bodies == [path.read_bytes()]
    assert platform.seen.headers[0]["content-type"] == "text/csv"
    assert "mode=replace" in platform.seen.requests[0][1]


@pytest.mark.parametrize("ending", [".csv.gz", ".csv.zst", ".CSV.ZSTD"])
async def test_a_compressed_file_is_uploaded_as_its_name_says(
    client: AsyncClient, platform: FakePlatform, tmp_path: Path, ending: str
):
    path = tmp_path / f"flights{ending}"
    path.write_bytes(b"packed")
    await client.upload("flights", path)
    assert (platform.seen.bodies[0], platform.seen.headers[0]["content-type"]) == (b"packed", "text/csv")


async def test_columns_to_keep_are_sent_along(client: AsyncClient, platform: FakePlatform):
    await client.upload("flights", b"A\n1\n", columns=[{"source": "A", "name": "a"}])
    sent = parse_qs(urlsplit(platform.seen.requests[0][1]).query)
    assert json.loads(sent["columns"][0]) == [{"source": "A", "name": "a"}]
    with pytest.raises(InvalidInput, match="source"):
        await client.upload("flights", b"A\n1\n", columns=[{"name": "a"}])


@pytest.mark.parametrize("frame", FRAMES, ids=["pandas", "polars", "arrow"])
async def test_a_frame_is_uploaded_as_parquet(client: AsyncClient, platform: FakePlatform, frame: Any):
    await client.upload("flights", frame)
    assert pq.read_table(io.BytesIO(platform.seen.bodies[0])).column("n").to_pylist() == [1, 2]


async def test_a_file_of_unknown_format_is_refused_before_anything_is_sent(client: AsyncClient, tmp_path: Path):
    (tmp_path / "flights.xyz").touch()
    with pytest.raises(InvalidInput, match="can't tell its format"):
        await client.upload("flights", tmp_path / "flights.xyz")


async def test_a_misspelt_mode_is_refused_with_those_there_are(client: AsyncClient):
    with pytest.raises(InvalidInput, match="'create', 'append', 'replace' or 'upsert'"):
        await client.upload("flights", b"a", mode="sideways")


async def test_signing_in_sends_a_form_and_uses_the_token(client: AsyncClient, platform: FakePlatform):
    await client.sign_in("ada", SecretStr("p&ss=word"))
    assert platform.seen.bodies == [b"grant_type=password&username=ada&password=p%26ss%3Dword"]
    await client.data.get_dataset("flights")
    assert platform.seen.headers[1]["authorization"] == "Bearer fresh"


async def test_a_new_accounts_password_is_sent_readable(client: AsyncClient, platform: FakePlatform):
    await client.gateway.create_user(UserDraft(name="bob", password=SecretStr("long enough to pass")))
    assert json.loads(platform.seen.bodies[0])["password"] == "long enough to pass"


def test_the_synchronous_client_does_the_same(platform: FakePlatform):
    with Client(platform.url, "secret") as client:
        assert client.data.get_dataset("flights").name == "flights"
        assert len(client.query("SELECT 1")) == 4
        assert client.upload("flights", pd.DataFrame({"n": [1]})).version == 0
        assert [event.sequence for event in client.follow("cut")] == [1, 2, 3, 4]
        with pytest.raises(DatasetNotFound):
            client.data.get_dataset("nothing")


def test_the_synchronous_client_streams(platform: FakePlatform):
    with Client(platform.url) as client, client.data.query_stream(QueryRequest(sql="endless")) as stream:
        assert next(iter(stream))
    assert platform.seen.left_early.wait(10)


def test_a_closed_client_may_be_closed_again(platform: FakePlatform):
    client = Client(platform.url)
    client.data.get_dataset("flights")
    client.close()
    client.close()
