"""What a platform is filled with so that operations find something, and requests that each operation accepts."""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx

DATA, AI, COMPUTE, VIZ, AUTH = "/api/v1/data", "/api/v1/ai", "/api/v1/compute", "/api/v1/viz", "/api/v1/auth"
PASSWORD = "a password long enough"  # of accounts of this test's own
CSV = "id,size,kind,big\n" + "".join(f"{n},{n * 37 % 101},{'abc'[n % 3]},{n * 37 % 101 > 50}\n" for n in range(60))
SPEC = {"mark": "bar", "encoding": {"x": {"field": "kind", "type": "nominal"}}}
ENDS = {"succeeded", "failed", "cancelled", "dead"}
PATIENCE_S = 120

BODIES: dict[str, Any] = {
    "change_dataset": {"description": "known"},
    "create_api_key": {"name": "known"},
    "create_token": {"grant_type": "password", "username": "known", "password": PASSWORD},
    "create_user": {"name": "made", "password": PASSWORD},
    "open_session": {"name": "known", "password": PASSWORD},
    "predict": {"rows": [{"id": 1, "size": 90, "kind": "a"}]},
    "put_chart": {"spec": SPEC, "dataset": "known"},
    "put_dashboard": {"tiles": [{"chart": "known"}]},
    "render_chart_spec": {"spec": SPEC, "sql": "SELECT * FROM known"},
    "restore_dataset": {"version": 0},
    "run_query": {"sql": "SELECT 1 AS one"},
    "set_alias": {"version": 1},
    "submit_job": {"kind": "sql", "spec": {"sql": "SELECT 1 AS one"}},
    "train": {"dataset": "known", "target": "big"},
    "upload_dataset": CSV,
    "change_user": {"role": "viewer"},
}
"""By the operation's id. Operations that need none, or that nobody can do twice, are left out."""

MEDIA = {"upload_dataset": "text/csv"}
QUERIES = {"upload_dataset": {"mode": "replace"}, "get_diff": {"from": 0, "to": 1}}


@dataclass
class Known:
    """Values of path parameters that exist: in general, and for an operation that wants one of its own."""

    values: dict[str, str]
    of_operation: dict[str, dict[str, str]] = field(default_factory=dict)

    def parameters(self, operation_id: str, names: list[str]) -> dict[str, str]:
        """A value for each of the operation's path parameters that has one."""
        special = self.of_operation.get(operation_id, {})
        return {
            name: special.get(name) or self.values[name] for name in names if name in special or name in self.values
        }


def fill(client: httpx.Client) -> Known:
    """Put something of each kind onto the platform."""
    for name in ("known", "spare"):
        _done(client.put(f"{DATA}/datasets/{name}", content=CSV, headers={"Content-Type": "text/csv"}))
        _done(client.put(f"{VIZ}/charts/{name}", json=BODIES["put_chart"]))
        _done(client.put(f"{VIZ}/dashboards/{name}", json=BODIES["put_dashboard"]))
    _done(client.patch(f"{DATA}/datasets/known", json={"description": "of the test"}))
    _done(client.put(f"{DATA}/datasets/known?mode=append", content=CSV, headers={"Content-Type": "text/csv"}))
    trained = [_train(client, name) for name in ("known", "spare")]
    users = {name: _user(client, name) for name in ("known", "spare", "changed")}
    failed = _job(client, {"kind": "sql", "spec": {"sql": "SELECT * FROM nothing_here"}, "retries": 0})
    waiting = _job(client, {"kind": "sql", "spec": {"sql": "SELECT 1"}, "run_at": "2999-01-01T00:00:00Z"})
    session = _session(client, "known", users["known"])
    key = _done(client.post(f"{AUTH}/api-keys", json={"name": "spare"}))["id"]
    query = _done(client.post(f"{DATA}/query", json={"sql": "SELECT 1 AS one", "query_id": "known"}))["query_id"]
    for job in (*trained, failed):
        _ended(client, job)
    _done(client.put(f"{AI}/models/known/aliases/champion", json={"version": 1}))
    values = {"name": "known", "version": "1", "alias": "champion", "job_id": trained[0], "user_id": users["known"]}
    values |= {"key_id": str(key), "query_id": str(query), "service": "data", "suffix": "csv", "format": "png"}
    values["session_id"] = session
    special = {name: {"name": "spare"} for name in SPARED}
    special |= {"delete_user": {"user_id": users["spare"]}, "change_user": {"user_id": users["changed"]}}
    special |= {"cancel_job": {"job_id": waiting}, "retry_job": {"job_id": failed}}
    return Known(values, special)


SPARED = ("delete_dataset", "delete_model", "delete_chart", "delete_dashboard", "upload_dataset", "restore_dataset")


def _train(client: httpx.Client, name: str) -> str:
    return str(_done(client.post(f"{AI}/models/{name}/train", json=BODIES["train"]))["id"])


def _user(client: httpx.Client, name: str) -> str:
    return str(_done(client.post(f"{AUTH}/users", json={"name": name, "password": PASSWORD}))["id"])


def _session(client: httpx.Client, name: str, user: str) -> str:
    """The id of a session that a browser of the user's holds."""
    draft = {"name": name, "password": PASSWORD}
    assert httpx.post(f"{str(client.base_url).rstrip(chr(47))}{AUTH}/session", json=draft).is_success
    return str(_done(client.get(f"{AUTH}/sessions", params={"user": user}))["items"][0]["id"])


def _job(client: httpx.Client, submission: dict[str, Any]) -> str:
    return str(_done(client.post(f"{COMPUTE}/jobs", json=submission))["id"])


def _ended(client: httpx.Client, job_id: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while _done(client.get(f"{COMPUTE}/jobs/{job_id}"))["state"] not in ENDS:
        assert time.monotonic() < until, f"job {job_id} has not ended"
        time.sleep(0.1)


def _done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}
