"""nginx and HAProxy on a bare host do the same, as far as a client or a service can tell."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.deploy.bare.installation import listens, with_free_ports
from tests.deploy.bare.programs import program
from tests.deploy.bare.upstream import OWN_POLICY, Upstream

from datalab.catalog import SERVICES
from datalab.deploy.apply.certificate import ensure_certificate
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.renderers.bare_host import Host, ports, service_of
from datalab.deploy.renderers.haproxy import render_direct_haproxy
from datalab.deploy.renderers.nginx import render_direct_nginx
from datalab.deploy.topology.component import Role
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import ServerProcess, private_folder

CHOICES = Choices.model_validate({"edge": {"sign_in_rate_limit": 1, "sign_in_rate_limit_burst": 5}})
TIGHT = Choices.model_validate({"edge": {"rate_limit": 1, "rate_limit_burst": 5}})
SIGN_IN = "/api/v1/auth/token"
PATIENCE_S = 30.0


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, object]:
        """What the service says that reached it."""
        return json.loads(self.body)


@dataclass
class Edge:
    """One of them, before two instances of every service."""

    port: int
    plain_port: int
    instances: dict[str, list[Upstream]]
    trusted: Path

    def ask(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE_S, context=self.tls())
        return _asked(connection, path, method, headers or {})

    def ask_in_plain(self, path: str) -> Answer:
        return _asked(http.client.HTTPConnection("localhost", self.plain_port, timeout=PATIENCE_S), path, "GET", {})

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.trusted))


@pytest.fixture
def choices() -> Choices:
    return CHOICES


@pytest.fixture(params=["nginx", "haproxy"])
def edge(request: pytest.FixtureRequest, choices: Choices) -> Generator[Edge]:
    folder = private_folder("edge")
    decided = with_free_ports(plan(Profile.PRODUCTION, choices))
    host = Host(root=str(folder))
    ensure_certificate(Path(host.certificates), "localhost")
    Path(host.certificates, "fullchain.pem.key").symlink_to("privkey.pem")
    port, plain_port = free_port(), free_port()
    render = {"nginx": _nginx, "haproxy": _haproxy}[str(request.param)]
    server = ServerProcess(render(decided, host, folder, plain_port, port), folder, ready=lambda: listens(port))
    instances = {
        service_of(each).name: [Upstream(service_of(each).name, place) for place in ports(each, 2)]
        for each in decided.with_role(Role.SERVICE)
    }
    try:
        server.start()
        yield Edge(port, plain_port, instances, Path(host.certificates, "fullchain.pem"))
    finally:
        server.stop()
        for upstreams in instances.values():
            for upstream in upstreams:
                upstream.close()


def test_what_comes_in_plain_is_sent_to_tls(edge: Edge) -> None:
    answer = edge.ask_in_plain("/api/v1/data/datasets?limit=1")

    assert answer.status == 308
    assert answer.headers["location"].startswith("https://")
    assert answer.headers["location"].endswith("/api/v1/data/datasets?limit=1")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_http_2_is_offered_over_both_versions_of_tls(edge: Edge, version: ssl.TLSVersion) -> None:
    context = edge.tls()
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("localhost", edge.port), PATIENCE_S) as line,
        context.wrap_socket(line, server_hostname="localhost") as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"


def test_a_service_learns_who_asks_and_not_who_the_caller_says_it_is(edge: Edge) -> None:
    answer = edge.ask("/api/v1/auth/me", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"})

    told = answer.told["headers"]
    assert isinstance(told, dict)
    assert answer.told["service"] == "gateway"
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    assert told["host"].startswith("localhost")


def test_what_a_service_leaves_open_is_forbidden_to_browsers(edge: Edge) -> None:
    headers = edge.ask("/api/v1/auth/me").headers

    assert headers["strict-transport-security"].startswith("max-age=63072000")
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_what_a_service_says_of_itself_stays(edge: Edge) -> None:
    headers = edge.ask(OWN_POLICY).headers

    assert headers["content-security-policy"] == "default-src 'self'"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_the_health_of_each_service_is_asked_of_itself(edge: Edge) -> None:
    for name in SERVICES:
        told = edge.ask(f"/health/{name}").told
        assert (told["service"], told["path"]) == (name, "/health")


def test_metrics_are_not_for_the_world(edge: Edge) -> None:
    assert edge.ask("/metrics").status == 404


def test_sign_in_is_limited_and_the_rest_goes_on(edge: Edge) -> None:
    answers = [edge.ask(SIGN_IN, "POST") for _ in range(20)]

    refused = [answer for answer in answers if answer.status == 429]
    assert [answer.status for answer in answers[:5]] == [200] * 5
    assert refused
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].told["code"] == "rate_limited"
    assert edge.ask("/api/v1/auth/me").status == 200


@pytest.mark.parametrize("choices", [TIGHT])
def test_the_api_is_limited_and_pages_are_not(edge: Edge) -> None:
    answers = [edge.ask("/api/v1/auth/me").status for _ in range(20)]

    assert answers[:5] == [200] * 5
    assert 429 in answers
    assert {edge.ask("/").status for _ in range(20)} == {200}


def test_a_websocket_may_be_opened(edge: Edge) -> None:
    opening = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = edge.ask("/api/v1/compute/jobs/x/events", headers=opening | key)

    told = answer.told["headers"]
    assert isinstance(told, dict)
    assert told["upgrade"] == "websocket"
    assert told["connection"].lower() == "upgrade"


def test_a_body_that_is_too_large_is_refused_but_an_upload_is_not(edge: Edge) -> None:
    length = {"Content-Length": str(100 * 2**20), "Expect": "100-continue"}

    assert edge.ask("/api/v1/compute/jobs", "POST", length).status == 413
    assert edge.ask("/api/v1/data/datasets/numbers", "PUT", length).status in {100, 200}


def test_an_instance_that_is_gone_is_not_missed(edge: Edge) -> None:
    first, second = edge.instances["gateway"]
    first.close()
    try:
        assert {edge.ask("/api/v1/auth/me").status for _ in range(20)} == {200}
    finally:
        edge.instances["gateway"] = [second]


def test_without_any_instance_callers_get_a_problem_and_may_come_again(edge: Edge) -> None:
    for upstream in edge.instances.pop("gateway"):
        upstream.close()

    _eventually(lambda: edge.ask("/api/v1/auth/me").status == 503)
    answer = edge.ask("/api/v1/auth/me")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"
    assert answer.told["code"] == "unavailable"


@pytest.mark.parametrize("edge", ["haproxy"], indirect=True)
def test_an_instance_that_says_that_it_is_stopping_is_turned_away_from(edge: Edge) -> None:
    first, second = edge.instances["gateway"]
    first.name, second.name = "stopping", "another"
    first.is_ready = False

    _eventually(lambda: {edge.ask("/api/v1/auth/me").told["service"] for _ in range(10)} == {"another"})


@pytest.mark.parametrize("edge", ["haproxy"], indirect=True)
def test_when_none_is_ready_the_first_is_asked_all_the_same(edge: Edge) -> None:
    first, second = edge.instances["gateway"]
    first.name = "held"
    first.is_ready = second.is_ready = False

    _eventually(lambda: {edge.ask("/api/v1/auth/me").told["service"] for _ in range(10)} == {"held"})


def _nginx(decided: Plan, host: Host, folder: Path, plain_port: int, port: int) -> list[str]:
    (text,) = render_direct_nginx(decided, host).values()
    for usual, own in (("80", plain_port), ("443", port)):
        text = text.replace(f"listen {usual} ", f"listen 127.0.0.1:{own} ")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    text = text.replace("user www-data;", "").replace("http {", f"http {{ {scratch}", 1)
    for place in ("/var/log/nginx", "/run"):
        text = text.replace(f" {place}/", f" {folder}/")
    return [program("nginx"), "-c", _written(folder / "nginx.conf", text), "-e", f"{folder}/e", "-g", "daemon off;"]


def _haproxy(decided: Plan, host: Host, folder: Path, plain_port: int, port: int) -> list[str]:
    (text,) = render_direct_haproxy(decided, host).values()
    for usual, own in (("80", plain_port), ("443", port)):
        text = text.replace(f"bind :{usual}", f"bind 127.0.0.1:{own}")
    roots_own = ("user ", "group ", "chroot ", "stats socket ", "log /dev/log")
    kept = (line for line in text.splitlines() if not line.strip().startswith(roots_own))
    return [program("haproxy"), "-db", "-f", _written(folder / "haproxy.cfg", "\n".join(kept) + "\n")]


def _written(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


def _asked(connection: http.client.HTTPConnection, path: str, method: str, headers: Mapping[str, str]) -> Answer:
    try:
        connection.request(method, path, headers=dict(headers))
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read())
    finally:
        connection.close()


def _eventually(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
