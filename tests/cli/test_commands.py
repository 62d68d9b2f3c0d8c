"""The commands against a real platform."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.shapes import Platform, embedded

from datalab.cli.demo.png import look
from datalab.cli.main import main

pytestmark = [pytest.mark.xdist_group("commands"), pytest.mark.timeout(300)]

PASSWORD = "correct horse battery"
SPEC = {
    "mark": "bar",
    "encoding": {"x": {"field": "b", "type": "nominal"}, "y": {"field": "a", "type": "quantitative"}},
}


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with embedded(tmp_path_factory.mktemp("commands") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def key(platform: Platform) -> str:
    return platform.admin_key()


@pytest.fixture
def anybody(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command without a credential."""
    monkeypatch.setenv("DATALAB_URL", platform.url)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("DATALAB_TOKEN", raising=False)

    def run(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        captured = capfd.readouterr()
        return Done(int(ended.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def run(anybody: Run, key: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command as an administrator."""
    monkeypatch.setenv("DATALAB_TOKEN", key)
    return anybody


@pytest.fixture
def table(run: Run, tmp_path: Path) -> str:
    """A dataset of three rows."""
    path = tmp_path / "letters.csv"
    path.write_text("a,b\n1,x\n2,y\n3,z\n")
    done = run("upload", "letters", str(path), "--mode", "replace", "--json")
    assert done.code == 0, done.err
    return str(done.json["name"])


def test_without_a_credential_it_says_how_to_get_one(anybody: Run):
    done = anybody("whoami")
    assert done.code == 1
    assert "datalab login" in done.err


def test_an_account_signs_in_and_out(run: Run, anybody: Run, monkeypatch: pytest.MonkeyPatch):
    made = run("user", "create", "grace", "--role", "editor", "--json", stdin=PASSWORD + "\n")
    assert made.json["role"] == "editor"
    monkeypatch.delenv("DATALAB_TOKEN")
    assert anybody("login", "--user", "grace", stdin="wrong\n").code == 1
    assert anybody("login", "--user", "grace", stdin=PASSWORD + "\n").code == 0
    assert anybody("whoami", "--json").json["role"] == "editor"
    assert anybody("user", "list").code == 1
    assert anybody("logout").code == 0
    assert anybody("whoami").code == 1


def test_a_password_is_never_an_argument(run: Run):
    assert run("user", "create", "bob", "--password", PASSWORD).code == 2
    assert run("login", "--user", "bob", "--password", PASSWORD).code == 2


def test_an_account_is_changed_and_taken_away(run: Run):
    made = run("user", "create", "tmp", "--json", stdin=PASSWORD + "\n").json
    assert run("user", "change", made["id"], "--role", "admin", "--disable", "--json").json["disabled"]
    assert run("user", "delete", made["id"]).code == 0
    assert made["id"] not in run("user", "list").out


def test_a_key_is_listed_and_revoked(run: Run, platform: Platform, anybody: Run):
    other = platform.admin_key()
    found = [one for one in run("token", "list", "--json").json["items"] if other.startswith(one["prefix"])]
    assert len(found) == 1
    assert run("token", "revoke", found[0]["id"]).code == 0
    assert run("whoami", "--token", other).code == 1


def test_a_query_is_lines_for_a_pipe_and_json_on_demand(run: Run, table: str):
    assert run("query", f"SELECT a, b FROM {table} ORDER BY a").out == "a\tb\n1\tx\n2\ty\n3\tz\n"
    assert run("query", f"SELECT sum(a) AS s FROM {table}", "--json").json["rows"] == [[6]]
    assert run("query", "-", "--param", "n=2", stdin=f"SELECT b FROM {table} WHERE a = $n").out == "b\ny\n"
    assert "\x1b" not in run("query", f"SELECT * FROM {table}").out


def test_a_cut_answer_says_so(run: Run, table: str):
    done = run("query", f"SELECT a FROM {table} ORDER BY a", "--max-rows", "2")
    assert done.out == "a\n1\n2\n"
    assert "--max-rows" in done.err


def test_an_answer_becomes_a_file(run: Run, table: str, tmp_path: Path):
    path = tmp_path / "answer.parquet"
    assert run("query", f"SELECT a FROM {table}", "--format", "parquet", "-o", str(path)).code == 0
    assert path.read_bytes().startswith(b"PAR1")
    assert [one.name for one in tmp_path.glob(".*part")] == []


def test_a_failed_query_is_one_line(run: Run):
    done = run("query", "SELEC 1")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith("datalab: ")
    assert "sql_refused" in done.err


def test_versions_of_a_dataset_are_listed_and_restored(run: Run, table: str, tmp_path: Path):
    more = tmp_path / "more.csv"
    more.write_text("a,b\n4,w\n")
    before = run("dataset", "get", table, "--json").json["version"]
    assert run("upload", table, str(more), "--mode", "append", "--json").json["rows"] == 4
    assert run("dataset", "versions", table, "--json").json["items"][0]["version"] == before + 1
    assert run("dataset", "restore", table, str(before), "--json").json["rows"] == 3
    assert run("dataset", "rows", table, "--where", "a=gte.2", "--order", "a.desc").out == "a,b\n3,z\n2,y\n"
    assert run("dataset", "rows", table, "--json").json
    assert table in run("dataset", "list").out


def test_what_is_in_a_dataset_and_what_changed_is_told(run: Run, table: str, tmp_path: Path):
    more = tmp_path / "more.csv"
    more.write_text("A,extra\n4,x\n")
    columns = '[{"source": "A", "name": "a"}]'
    added = run("upload", table, str(more), "--mode", "append", "--columns", columns, "--json")
    assert (added.code, added.json["rows"]) == (0, 4), added.err
    assert run("upload", table, str(more), "--columns", "{").code == 2
    profile = run("dataset", "profile", table, "--json").json
    assert [(column["name"], column["nulls"]) for column in profile["columns"]] == [("a", 0), ("b", 1)]
    assert "BIGINT" in run("dataset", "profile", table).out
    assert run("dataset", "diff", table, "--json").json["added_rows"] == [[4, None]]
    assert "removed" in run("dataset", "diff", table, "--from", "1", "--to", "0", "--key", "a").out
    described = run("dataset", "describe", table, "letters and numbers", "--json")
    assert described.json["description"] == "letters and numbers"


def test_queries_are_listed(run: Run):
    assert run("query", "SELECT 1 AS remembered").code == 0
    (found,) = run("queries", "--search", "AS remembered", "--state", "succeeded", "--json").json["items"]
    assert found["row_count"] == 1
    assert "remembered" in run("queries", "--everybody").out
    assert run("queries", "--state", "bored").code == 2


def test_an_upload_over_a_dataset_says_what_to_do(run: Run, table: str, tmp_path: Path):
    done = run("upload", table, str(tmp_path / "letters.csv"))
    assert done.code == 1
    assert "mode=replace" in done.err


def test_a_dataset_is_taken_away(run: Run, tmp_path: Path):
    path = tmp_path / "gone.ndjson"
    path.write_text('{"a": 1}\n')
    run("upload", "gone", str(path))
    assert run("dataset", "delete", "gone").code == 0
    assert "dataset_not_found" in run("dataset", "get", "gone").err
    assert "gone" in run("dataset", "deleted").out
    assert run("dataset", "undelete", "gone", "--as", "back", "--json").json["name"] == "back"
    assert run("dataset", "undelete", "gone").code == 1


def test_a_job_is_submitted_followed_and_read(run: Run, table: str):
    first = run("job", "submit", "sql", json.dumps({"sql": f"SELECT * FROM {table}", "into": "copied"}), "--json").json
    second = run(
        "job", "submit", "sql", '{"sql": "SELECT count(*) AS n FROM copied"}', "--depends-on", first["id"], "--wait"
    )
    assert second.code == 0, second.err
    assert "succeeded" in second.out
    watched = run("job", "watch", first["id"], "--json").out.splitlines()
    assert json.loads(watched[-1])["state"] == "succeeded"
    assert run("job", "logs", first["id"], "--json").json["items"]
    assert first["id"] in run("job", "list", "--kind", "sql").out
    assert run("job", "get", first["id"], "--json").json["result"]["dataset"] == "copied"
    assert "job_ended" in run("job", "cancel", first["id"]).err


def test_a_job_that_fails_fails_the_command(run: Run):
    done = run("job", "submit", "sql", '{"sql": "SELECT nothing_here"}', "--wait")
    assert done.code == 1
    assert "nothing_here" in done.err


def test_a_job_that_waits_is_cancelled_and_tried_again(run: Run):
    late = json.dumps({"sql": "SELECT count(*) FROM range(5000000000) a, range(1000) b"})
    job = run("job", "submit", "sql", late, "--json").json
    assert run("job", "cancel", job["id"]).code == 0
    assert run("job", "watch", job["id"]).code == 1
    again = run("job", "retry", job["id"], "--json").json
    assert again["id"] == job["id"]
    assert run("job", "cancel", job["id"]).code == 0


def test_a_model_is_trained_asked_and_named(run: Run, tmp_path: Path):
    path = tmp_path / "points.csv"
    path.write_text("a,b,late\n" + "".join(f"{n % 17},{n % 5},{n % 17 > 8}\n" for n in range(400)))
    run("upload", "points", str(path), "--mode", "replace")
    trained = run("train", "points_late", "--dataset", "points", "--target", "late", "--json")
    assert trained.code == 0, trained.err
    version = trained.json["result"]["version"]
    assert run("model", "alias", "points_late", "champion", str(version), "--json").json["version"] == version
    assert run("model", "get", "points_late", "--json").json["aliases"] == {"champion": version}
    assert run("model", "get", "points_late", "--version", str(version), "--json").json["metrics"]["accuracy"] > 0.9
    assert "points_late" in run("model", "list").out
    asked = run("predict", "points_late", "--json", stdin='{"a": 16, "b": 1}\n{"a": 1, "b": 1}\n')
    assert asked.json["predictions"] == [True, False]
    assert run("predict", "points_late", "--row", '{"a": 16, "b": 1}').out.startswith("prediction\tp(")
    assert run("model", "delete", "points_late").code == 0
    assert "model_not_found" in run("model", "versions", "points_late").err


def test_a_chart_is_drawn_saved_and_placed_on_a_page(run: Run, table: str, tmp_path: Path):
    spec, png, page = tmp_path / "spec.json", tmp_path / "a.png", tmp_path / "page.html"
    spec.write_text(json.dumps(SPEC))
    assert run("chart", "render", str(spec), "--dataset", table, "-o", str(png)).code == 0
    assert look(png.read_bytes()).drawn > 0.02
    assert run("chart", "put", "letters", str(spec), "--dataset", table, "--title", "Letters").code == 0
    assert run("chart", "render", "letters", "--format", "svg").out.startswith("<svg")
    assert run("dashboard", "put", "board", "--chart", "letters", "--title", "Board").code == 0
    assert run("dashboard", "get", "board", "--json").json["tiles"][0]["width"] == 12
    assert run("dashboard", "render", "board", "-o", str(page)).code == 0
    assert "Letters" in page.read_text()
    assert "letters" in run("chart", "list").out
    assert "board" in run("dashboard", "list").out
    assert run("dashboard", "delete", "board").code == 0
    assert run("chart", "delete", "letters").code == 0
    assert "chart_not_found" in run("chart", "render", "letters").err


def test_migrating_what_is_at_head_says_so(platform: Platform):
    done = platform.run("migrate", "--json")
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["services"]) == {"gateway", "data", "ai", "compute", "viz"}
