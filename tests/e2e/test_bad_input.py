"""Bad input at each endpoint is refused with a problem that names where and why, and changes nothing."""

import io
import json
import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.e2e.shapes import Platform

pytestmark = [pytest.mark.xdist_group("bad-input"), pytest.mark.timeout(300)]

DEEP = b'{"sql": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
LONG = "n" * 5000
DATA, AI, COMPUTE, VIZ, AUTH = "/api/v1/data", "/api/v1/ai", "/api/v1/compute", "/api/v1/viz", "/api/v1/auth"


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(1000))}), sink)
    return sink.getvalue()


@dataclass(frozen=True)
class Bad:
    """A request that must be refused, the statuses that fit, and words that the detail must hold."""

    name: str
    verb: str
    path: str
    statuses: tuple[int, ...]
    says: tuple[str, ...] = ()
    body: bytes | None = None
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, client: httpx.Client) -> httpx.Response:
        headers = dict(self.headers)
        if self.body is not None and "content-type" not in headers:
            headers["content-type"] = "application/json"
        return client.request(self.verb, self.path, content=self.body, json=self.json, headers=headers)


CSV, PARQUET = {"content-type": "text/csv"}, {"content-type": "application/vnd.apache.parquet"}
ROWS = f"{DATA}/datasets/good/rows"

CASES = (
    Bad("empty file", "PUT", f"{DATA}/datasets/bad", (400, 422), ("empty",), b"", headers=CSV),
    Bad("text as parquet", "PUT", f"{DATA}/datasets/bad", (400, 415, 422), ("arquet",), b"a,b\n1,2\n", headers=PARQUET),
    Bad("truncated parquet", "PUT", f"{DATA}/datasets/bad", (400, 422), ("arquet",), parquet()[:-100], headers=PARQUET),
    Bad("parquet as csv", "PUT", f"{DATA}/datasets/bad", (400, 415, 422), (), parquet(), headers=CSV),
    Bad("unknown format", "PUT", f"{DATA}/datasets/bad", (415, 422), (), b"x", headers={"content-type": "video/mp4"}),
    Bad("unknown mode", "PUT", f"{DATA}/datasets/bad?mode=sideways", (422,), ("mode",), b"a\n1\n", headers=CSV),
    Bad("over-long name", "PUT", f"{DATA}/datasets/{LONG}", (414, 422), (), b"a\n1\n", headers=CSV),
    Bad("path trick", "PUT", f"{DATA}/datasets/..%2F..%2Fetc", (404, 422), (), b"a\n1\n", headers=CSV),
    Bad("existing name", "PUT", f"{DATA}/datasets/good", (409,), ("mode=",), b"a\n1\n", headers=CSV),
    Bad("append another shape", "PUT", f"{DATA}/datasets/good?mode=append", (409, 422), (), b"zz\nx\n", headers=CSV),
    Bad("unknown dataset", "GET", f"{DATA}/datasets/nothing_here", (404,), ("nothing_here",)),
    Bad("rows of an unknown dataset", "GET", f"{DATA}/datasets/nothing_here/rows", (404,), ("nothing_here",)),
    Bad("unknown column", "GET", f"{ROWS}?height=gt.1", (422,), ("height",)),
    Bad("unknown operator", "GET", f"{ROWS}?a=approximately.1", (422,), ("approximately",)),
    Bad("limit past the bound", "GET", f"{ROWS}?limit=10001", (422,), ("limit",)),
    Bad("limit that is no number", "GET", f"{ROWS}?limit=many", (422,), ("limit",)),
    Bad("unknown version", "GET", f"{ROWS}?version=99", (404,), ("99",)),
    Bad("syntax error", "POST", f"{DATA}/query", (422,), ("SELEC",), json={"sql": "SELEC 1"}),
    Bad("several statements", "POST", f"{DATA}/query", (422,), (), json={"sql": "SELECT 1; SELECT 2"}),
    Bad("a write", "POST", f"{DATA}/query", (422,), (), json={"sql": "DROP TABLE good"}),
    Bad("unknown table", "POST", f"{DATA}/query", (404, 422), ("nothing_here",), json={"sql": "FROM nothing_here"}),
    Bad("a file", "POST", f"{DATA}/query", (404, 422), (), json={"sql": "SELECT * FROM '/etc/passwd'"}),
    Bad("a file function", "POST", f"{DATA}/query", (422,), (), json={"sql": "SELECT * FROM read_text('/etc/passwd')"}),
    Bad("no sql", "POST", f"{DATA}/query", (422,), ("sql",), json={}),
    Bad("unknown field", "POST", f"{DATA}/query", (422,), ("colour",), json={"sql": "SELECT 1", "colour": "red"}),
    Bad("nested too deeply", "POST", f"{DATA}/query", (400, 422), (), DEEP),
    Bad("not json", "POST", f"{DATA}/query", (400,), ("body",), b"{sql"),
    Bad("not utf-8", "POST", f"{DATA}/query", (400, 422), (), b'{"sql": "\xff\xfe"}'),
    Bad("unknown query", "DELETE", f"{DATA}/query/nothing_here", (404,), ()),
    Bad("train on nothing", "POST", f"{AI}/models/m/train", (422,), ("dataset",), json={"target": "a"}),
    Bad(
        "train on unknown data",
        "POST",
        f"{AI}/models/m/train",
        (404,),
        ("nothing_here",),
        json={"dataset": "nothing_here", "target": "a"},
    ),
    Bad("model name", "POST", f"{AI}/models/{LONG}/train", (414, 422), (), json={"dataset": "good", "target": "a"}),
    Bad(
        "unknown model",
        "POST",
        f"{AI}/models/nothing_here/predict",
        (404,),
        ("nothing_here",),
        json={"rows": [{"a": 1}]},
    ),
    Bad("no rows", "POST", f"{AI}/models/nothing_here/predict", (422, 404), (), json={"rows": []}),
    Bad(
        "alias of an unknown model",
        "PUT",
        f"{AI}/models/nothing_here/aliases/champion",
        (404,),
        (),
        json={"version": 1},
    ),
    Bad("unknown kind", "POST", f"{COMPUTE}/jobs", (422,), ("dance",), json={"kind": "dance", "spec": {}}),
    Bad(
        "spec of another kind",
        "POST",
        f"{COMPUTE}/jobs",
        (422,),
        ("sql",),
        json={"kind": "sql", "spec": {"chart": "x"}},
    ),
    Bad(
        "unknown dependency",
        "POST",
        f"{COMPUTE}/jobs",
        (404, 422),
        ("nothing",),
        json={"kind": "sql", "spec": {"sql": "SELECT 1"}, "depends_on": ["nothing"]},
    ),
    Bad(
        "negative time",
        "POST",
        f"{COMPUTE}/jobs",
        (422,),
        ("timeout_s",),
        json={"kind": "sql", "spec": {"sql": "SELECT 1"}, "timeout_s": -1},
    ),
    Bad("unknown job", "GET", f"{COMPUTE}/jobs/nothing_here", (404,), ("nothing_here",)),
    Bad("cancel an unknown job", "POST", f"{COMPUTE}/jobs/nothing_here/cancel", (404,), ()),
    Bad("bad cursor", "GET", f"{COMPUTE}/jobs?cursor=%00%00", (422,), ("cursor",)),
    Bad("spec that is none", "POST", f"{VIZ}/render?format=png", (422,), (), json={"spec": {"mark": 7}}),
    Bad(
        "spec with a url",
        "POST",
        f"{VIZ}/render?format=png",
        (422,),
        ("url",),
        json={"spec": {"data": {"url": "file:///etc/passwd"}, "mark": "bar"}},
    ),
    Bad(
        "unknown image format", "POST", f"{VIZ}/render?format=bmp", (422,), ("format",), json={"spec": {"mark": "bar"}}
    ),
    Bad(
        "chart over unknown data",
        "POST",
        f"{VIZ}/render?format=png",
        (404,),
        ("nothing_here",),
        json={"spec": {"mark": "point"}, "dataset": "nothing_here"},
    ),
    Bad("unknown chart", "GET", f"{VIZ}/charts/nothing_here.png", (404,), ("nothing_here",)),
    Bad(
        "dashboard of unknown charts",
        "PUT",
        f"{VIZ}/dashboards/d",
        (404, 422),
        ("nothing_here",),
        json={"title": "d", "tiles": [{"chart": "nothing_here"}]},
    ),
    Bad("short password", "POST", f"{AUTH}/users", (422,), ("password",), json={"name": "bob", "password": "short"}),
    Bad(
        "unknown role",
        "POST",
        f"{AUTH}/users",
        (422,),
        ("role",),
        json={"name": "bob", "password": "long enough for all", "role": "god"},
    ),
    Bad(
        "user name with a path",
        "POST",
        f"{AUTH}/users",
        (422,),
        ("name",),
        json={"name": "../bob", "password": "long enough for all"},
    ),
    Bad("unknown grant", "POST", f"{AUTH}/token", (400, 422), ("grant",), json={"grant_type": "wish"}),
    Bad(
        "setup with a wrong code",
        "POST",
        f"{AUTH}/setup",
        (403,),
        (),
        json={"code": "x", "name": "eve", "password": "long enough for all"},
    ),
    Bad("unknown path", "GET", "/api/v1/data/nowhere", (404,), ("nowhere",)),
    Bad("wrong verb", "DELETE", f"{DATA}/query", (405,), ()),
)


@pytest.fixture(scope="module")
def prepared(admin: httpx.Client) -> httpx.Client:
    made = admin.put(f"{DATA}/datasets/good", content=b"a,b\n1,x\n2,y\n", headers=CSV)
    assert made.status_code == 201, made.text
    return admin


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_refused_with_where_and_why(prepared: httpx.Client, case: Bad):
    answer = case.send(prepared)
    assert answer.status_code in case.statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "code", "request_id"} <= problem.keys()
    for word in case.says:
        assert word.lower() in answer.text.lower()


def test_after_all_that_the_data_is_as_it_was(prepared: httpx.Client):
    for case in CASES:
        case.send(prepared)
    assert prepared.get(ROWS).json() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    names = [one["name"] for one in prepared.get(f"{DATA}/datasets").json()["items"]]
    assert names == ["good"]


@pytest.mark.parametrize(
    "request_line", [b"HELLO", b"GET /api/v1/data/datasets?cursor=" + b"x" * 70_000 + b" HTTP/1.1"], ids=["no", "long"]
)
def test_what_is_no_http_is_answered_with_a_problem(platform: Platform, request_line: bytes):
    address = urlsplit(platform.url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=10) as connection:
        connection.sendall(request_line + b"\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "malformed_input"
    assert "65,535" in json.loads(body)["detail"]
