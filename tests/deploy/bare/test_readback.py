"""What is planted in a bare host's files, or in an edge's, is found by their own readers and the topology."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.deploy.bare.programs import program

from datalab.deploy.apply.reading.containers import NotReadable
from datalab.deploy.checking import Checkable, check, check_all
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Profile, plan
from datalab.deploy.rendering import committed

UNIT = "infrastructure/systemd/datalab-{}"
PROGRAMS = "infrastructure/supervisor/datalab.conf"
STARTER = "infrastructure/scripts/run-datalab.sh"
NGINX, DIRECT_NGINX = "infrastructure/nginx/nginx.conf", "infrastructure/nginx/direct.conf"
HAPROXY, DIRECT_HAPROXY = "infrastructure/haproxy/haproxy.cfg", "infrastructure/haproxy/direct.cfg"
FOLDERS = {"systemd", "supervisor", "scripts", "nginx", "haproxy"}
READERS = {
    Checkable.SYSTEMD: "systemd-analyze",
    Checkable.NGINX: "nginx",
    Checkable.DIRECT_NGINX: "nginx",
    Checkable.HAPROXY: "haproxy",
    Checkable.DIRECT_HAPROXY: "haproxy",
}

Planted = tuple[str, str, str]
"""A file, what stands in it, and what stands there instead."""

IN_UNITS: dict[str, Planted] = {
    "a memory limit is gone": (UNIT.format("ai-service.service"), "MemoryMax=2G\n", ""),
    "a memory limit is higher": (UNIT.format("data-worker.service"), "MemoryMax=2G", "MemoryMax=64G"),
    "a CPU limit is gone": (UNIT.format("data-service.service"), "CPUQuota=200%\n", ""),
    "a process limit is higher": (UNIT.format("viz-worker.service"), "TasksMax=1024", "TasksMax=infinity"),
    "a file limit is lower": (UNIT.format("api-gateway.service"), "LimitNOFILE=65536", "LimitNOFILE=1024"),
    "a port is open to the world": (UNIT.format("data-service.socket"), "127.0.0.1:8001", "0.0.0.0:8001"),
    "a port is another": (UNIT.format("data-service.socket"), "127.0.0.1:8001", "127.0.0.1:8002"),
    "a socket stays when all stops": (UNIT.format("ai-service.socket"), "PartOf=datalab.target\n", ""),
    "a secret stands in clear": (
        UNIT.format("api-gateway.service"),
        'Environment="PORT=8000"',
        'Environment="PORT=8000"\nEnvironment="JWT_SECRET=correct-horse-battery-staple"',
    ),
    "a secret is given to a stranger": (UNIT.format("viz-worker.service"), " JWT_SECRET JWT_SECRET_PREVIOUS", ""),
    "a variable is gone": (UNIT.format("data-service.service"), 'Environment="DATALAB_DRAIN_S=40"\n', ""),
    "a variable points elsewhere": (
        UNIT.format("ai-worker.service"),
        "DATA_SERVICE_URL=http://127.0.0.1:8001",
        "DATA_SERVICE_URL=http://192.0.2.1:8001",
    ),
    "it isn't started again": (UNIT.format("data-service.service"), "Restart=on-failure", "Restart=no"),
    "it gives up after a few starts": (UNIT.format("data-service.service"), "StartLimitIntervalSec=0\n", ""),
    "the stop grace is too short": (UNIT.format("api-gateway.service"), "TimeoutStopSec=58", "TimeoutStopSec=5"),
    "what it started is left alone": (UNIT.format("api-gateway.service"), "KillMode=mixed", "KillMode=process"),
    "nobody asks whether it lives": (UNIT.format("compute-service.service"), "WatchdogSec=120\n", ""),
    "it runs as root": (UNIT.format("data-worker.service"), "User=datalab", "User=root"),
    "it may write everywhere": (UNIT.format("viz-service.service"), "ProtectSystem=strict\n", ""),
    "it may write what isn't its own": (
        UNIT.format("viz-service.service"),
        "ReadWritePaths=/var/lib/datalab/viz_cache",
        "ReadWritePaths=/var/lib/datalab",
    ),
    "it sees the operator's file": (UNIT.format("viz-service.service"), "InaccessiblePaths=-/opt/datalab/.env\n", ""),
    "privileges may grow": (UNIT.format("compute-worker.service"), "NoNewPrivileges=yes\n", ""),
    "a capability is kept": (
        UNIT.format("compute-worker.service"),
        "CapabilityBoundingSet=",
        "CapabilityBoundingSet=CAP_SYS_ADMIN",
    ),
    "it may speak to the kernel by any socket": (
        UNIT.format("data-service.service"),
        "AF_INET AF_INET6 AF_UNIX",
        "AF_INET AF_INET6 AF_UNIX AF_NETLINK AF_PACKET",
    ),
    "it may make any system call": (UNIT.format("data-service.service"), "SystemCallFilter=~@privileged\n", ""),
    "it writes what it then runs": (UNIT.format("ai-service.service"), "MemoryDenyWriteExecute=yes\n", ""),
    "its command is another": (UNIT.format("data-worker.service"), "--queues data", "--queues data,ai"),
    "a command is run before it": (
        UNIT.format("data-worker.service"),
        "Restart=",
        "ExecStartPre=+/bin/chmod 0666 /opt/datalab/.env\nRestart=",
    ),
    "a reload does something else": (UNIT.format("ai-service.service"), "/bin/kill -HUP", "/bin/kill -TERM"),
    "it doesn't wait for the migration": (
        UNIT.format("ai-service.service"),
        " redis-server.service datalab-migrate.service",
        " redis-server.service",
    ),
    "its log is no longer cut": (UNIT.replace("datalab-{}", "logrotate.conf"), "size 20M", "size 20000M"),
    "nobody looks whether a log has grown": (UNIT.format("logrotate.timer"), "OnUnitActiveSec=5min\n", ""),
    "it isn't started with the others": (UNIT.replace("-{}", ".target"), " datalab-viz-worker.service", ""),
    "nothing is started at boot": (UNIT.replace("-{}", ".target"), "multi-user.target", "rescue.target"),
    "a key that there is none of": (UNIT.format("viz-worker.service"), "MemoryMax=", "MemoryMaximum="),
    "a key of more rights": (UNIT.format("viz-worker.service"), "User=", "SupplementaryGroups=docker\nUser="),
}

IN_PROGRAMS: dict[str, Planted] = {
    "an instance is missing": (PROGRAMS, "numprocs=2", "numprocs=1"),
    "a program is missing in the group": (PROGRAMS, ",viz-worker\n", "\n"),
    "it runs as root": (PROGRAMS, "user=datalab", "user=root"),
    "it isn't started again": (PROGRAMS, "autorestart=true", "autorestart=false"),
    "it isn't started": (PROGRAMS, "autostart=true", "autostart=false"),
    "it gives up soon": (PROGRAMS, "startretries=20", "startretries=1"),
    "the stop grace is too short": (PROGRAMS, "stopwaitsecs=58", "stopwaitsecs=5"),
    "it is told to stop by another signal": (PROGRAMS, "stopsignal=TERM", "stopsignal=KILL"),
    "what it started is left alone": (PROGRAMS, "killasgroup=true", "killasgroup=false"),
    "its files are anybody's": (PROGRAMS, "umask=077", "umask=000"),
    "its folder is another's": (PROGRAMS, "directory=/var/lib/datalab/ai_models", "directory=/var/lib/datalab/gateway"),
    "its logs grow without end": (PROGRAMS, "stdout_logfile_maxbytes=20MB", "stdout_logfile_maxbytes=0"),
    "its command is another": (PROGRAMS, "run-datalab.sh viz-worker", "run-datalab.sh admin"),
    "a secret stands in clear": (
        PROGRAMS,
        "umask=077",
        'umask=077\nenvironment=JWT_SECRET="correct-horse-battery-staple"',
    ),
    "a key that there is none of": (PROGRAMS, "numprocs=2", "numproc=2"),
    "a value that is none": (PROGRAMS, "numprocs=2", "numprocs=two"),
    "a port is open to the world": (STARTER, "set -- serve data --host 127.0.0.1", "set -- serve data --host 0.0.0.0"),
    "a port is another": (STARTER, "$((8001 + 10 * instance))", "$((8001 + 1 * instance))"),
    "metrics are open to the world": (STARTER, '"127.0.0.1:$((9004', '"0.0.0.0:$((9004'),
    "a secret is given to a stranger": (STARTER, " JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET D", " D"),
    "a secret is another's": (STARTER, '="$DATA_SERVICE_SECRET"', '="$VIZ_SERVICE_SECRET"'),
    "a variable is gone": (STARTER, "    unless_said WORKER_PROCESSES 4\n", ""),
    "a variable points elsewhere": (STARTER, "REDIS_URL redis://127.0.0.1", "REDIS_URL redis://192.0.2.1"),
    "it reads another file": (STARTER, "done </opt/datalab/.env", "done </tmp/.env"),
    "it does something beside": (STARTER, "instance=${2:-0}\n", "instance=${2:-0}\nchmod 0666 /opt/datalab/.env\n"),
    "what a file says is run": (STARTER, 'export "${line%%=*}=$value"', 'eval "export $line"'),
    "it becomes something else": (STARTER, 'exec "$release/venv/bin/datalab"', 'exec "/tmp/datalab"'),
    "it is no script": (STARTER, "esac\nexec", "exec"),
}

IN_NGINX: dict[str, Planted] = {
    "another version of TLS": (DIRECT_NGINX, "TLSv1.2 TLSv1.3", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"),
    "the certificate is another": (DIRECT_NGINX, "/opt/datalab/tls/fullchain.pem", "/tmp/fullchain.pem"),
    "what is in clear isn't sent on": (DIRECT_NGINX, "return 308 https://$host$request_uri", 'return 200 "welcome"'),
    "a limit is gone": (DIRECT_NGINX, "limit_req zone=sign_in burst=20 nodelay;", ""),
    "a limit is higher": (DIRECT_NGINX, "rate=10r/s", "rate=10000r/s"),
    "a burst is higher": (DIRECT_NGINX, "zone=api burst=300", "zone=api burst=30000"),
    "a limit is by what a client says": (DIRECT_NGINX, "$binary_remote_addr zone=api", "$http_x_real_ip zone=api"),
    "a header is gone": (DIRECT_NGINX, "add_header X-Frame-Options $framing always;", ""),
    "a header is weaker": (DIRECT_NGINX, "max-age=63072000; includeSubDomains", "max-age=60"),
    "a policy allows all": (DIRECT_NGINX, "default-src 'none'", "default-src *"),
    "a client says who it is": (DIRECT_NGINX, "X-Forwarded-For $remote_addr", "X-Forwarded-For $http_x_forwarded_for"),
    "bodies have no limit": (DIRECT_NGINX, "client_max_body_size 64m", "client_max_body_size 0"),
    "it waits too long": (DIRECT_NGINX, "proxy_read_timeout 30s", "proxy_read_timeout 30m"),
    "long answers are cut": (DIRECT_NGINX, "proxy_read_timeout 3600s;", ""),
    "a request is sent twice": (DIRECT_NGINX, "error timeout;", "error timeout non_idempotent;"),
    "an instance is missing": (DIRECT_NGINX, "server 127.0.0.1:8010 max_fails=0 backup;", ""),
    "an instance is another's": (DIRECT_NGINX, "server 127.0.0.1:8001 ", "server 127.0.0.1:8002 "),
    "connections aren't kept": (DIRECT_NGINX, "keepalive 32;", "keepalive 1;"),
    "connections are kept too long": (DIRECT_NGINX, "keepalive_timeout 4s;", "keepalive_timeout 75s;"),
    "a service is asked by another's path": (DIRECT_NGINX, "http://viz/health", "http://ai/health"),
    "metrics are for the world": (DIRECT_NGINX, "return 404;", "proxy_pass http://gateway;"),
    "files of the host are served": (DIRECT_NGINX, "location /api/ {", "location /x/ { root /; }\nlocation /api/ {"),
    "it tells its version": (DIRECT_NGINX, "server_tokens off", "server_tokens on"),
    "it runs as root": (DIRECT_NGINX, "user www-data", "user root"),
    "it listens elsewhere too": (DIRECT_NGINX, "server_name localhost;", "server_name localhost;\nlisten 8444;"),
    "a directive that there is none of": (DIRECT_NGINX, "limit_req_status", "limit_request_status"),
}

IN_CONTAINERS_NGINX: dict[str, Planted] = {
    "a port is another": (NGINX, "listen 8443", "listen 8444"),
    "a connection in use is closed at a reload": (NGINX, "keepalive_min_timeout 10s;", ""),
    "names are found once": (
        "infrastructure/nginx/upstreams/data-service.conf",
        "data-service:8001 resolve",
        "data-service:8001",
    ),
    "a server is one too many": (
        "infrastructure/nginx/upstreams/data-service.conf",
        "server ",
        "server 192.0.2.1:80;\nserver ",
    ),
    "a file is read that isn't ours": (
        NGINX,
        "include /tmp/upstreams/viz",
        "include /tmp/elsewhere/viz",
    ),
}

IN_HAPROXY: dict[str, Planted] = {
    "another version of TLS": (DIRECT_HAPROXY, "ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.0"),
    "the certificate is another": (DIRECT_HAPROXY, "crt /opt/datalab/tls/", "crt /tmp/"),
    "no HTTP/2": (DIRECT_HAPROXY, "alpn h2,http/1.1", "alpn http/1.1"),
    "what is in clear isn't sent on": (DIRECT_HAPROXY, "    http-request redirect scheme https code 308\n", ""),
    "a limit is gone": (DIRECT_HAPROXY, "    http-request track-sc0 src table sign_in_rates if is_sign_in\n", ""),
    "a limit is higher": (DIRECT_HAPROXY, "gpc0_rate(2000)", "gpc0_rate(20)"),
    "a burst is higher": (DIRECT_HAPROXY, "sc1_gpc0_rate ge 300", "sc1_gpc0_rate ge 30000"),
    "a path escapes its limit": (DIRECT_HAPROXY, " /api/v1/auth/setup\n", "\n"),
    "what exceeds is told after it is forgotten": (
        DIRECT_HAPROXY,
        "    http-request sc-inc-gpc0(0) if is_sign_in\n    http-request sc-inc-gpc0(1) if is_api !is_sign_in\n",
        "    http-request sc-inc-gpc0(1) if is_api !is_sign_in\n    http-request sc-inc-gpc0(0) if is_sign_in\n",
    ),
    "a header is gone": (
        DIRECT_HAPROXY,
        "    http-after-response set-header X-Frame-Options DENY unless { res.hdr(x-frame-options) -m found }\n",
        "",
    ),
    "a header is weaker": (DIRECT_HAPROXY, "max-age=63072000", "max-age=60"),
    "a client says who it is": (DIRECT_HAPROXY, "X-Forwarded-For %[src]", "X-Forwarded-For %[req.hdr(x-real-ip)]"),
    "bodies have no limit": (DIRECT_HAPROXY, "gt 67108864", "gt 67108864000"),
    "it waits too long": (DIRECT_HAPROXY, "timeout server 30s", "timeout server 30m"),
    "a request is sent twice": (DIRECT_HAPROXY, "retry-on conn-failure", "retry-on all-retryable-errors conn-failure"),
    "nobody asks who is ready": (DIRECT_HAPROXY, "uri /ready", "uri /health"),
    "one that isn't ready is sent to": (DIRECT_HAPROXY, "expect status 200", "expect status 503"),
    "it is asked too rarely": (DIRECT_HAPROXY, "check inter 1s", "check inter 1h"),
    "an instance is missing": (DIRECT_HAPROXY, "    server data-service-1 127.0.0.1:8011 pool-max-conn 16\n", ""),
    "an instance is another's": (DIRECT_HAPROXY, "data-service-0 127.0.0.1:8001", "data-service-0 127.0.0.1:8002"),
    "connections aren't kept": (DIRECT_HAPROXY, "pool-max-conn 32", "pool-max-conn 0"),
    "a service is asked by another's path": (DIRECT_HAPROXY, "use_backend viz if", "use_backend ai if"),
    "metrics are for the world": (DIRECT_HAPROXY, "    http-request return status 404 if { path /metrics }\n", ""),
    "it runs as root": (DIRECT_HAPROXY, "    user haproxy\n", ""),
    "anybody may command it": (DIRECT_HAPROXY, "mode 600 level admin", "mode 666 level admin"),
    "it listens elsewhere too": (DIRECT_HAPROXY, "    bind :80\n", "    bind :80\n    bind :8081\n"),
    "a section is one too many": (DIRECT_HAPROXY, "frontend redirect", "listen open\n    bind :9\nfrontend redirect"),
    "a keyword that there is none of": (DIRECT_HAPROXY, "hard-stop-after", "hard-stop"),
}

IN_CONTAINERS_HAPROXY: dict[str, Planted] = {
    "a port is another": (HAPROXY, "bind :8443", "bind :8444"),
    "instances are too few": (HAPROXY, "api-gateway- 1-20", "api-gateway- 1-2"),
    "a name is another's": (HAPROXY, "viz-service:8004 resolvers", "ai-service:8002 resolvers"),
}

IN = {
    Checkable.SYSTEMD: IN_UNITS,
    Checkable.SUPERVISOR: IN_PROGRAMS,
    Checkable.DIRECT_NGINX: IN_NGINX,
    Checkable.NGINX: IN_CONTAINERS_NGINX,
    Checkable.DIRECT_HAPROXY: IN_HAPROXY,
    Checkable.HAPROXY: IN_CONTAINERS_HAPROXY,
}
EVERY = [
    pytest.param(target, each, id=f"{target}: {name}") for target, known in IN.items() for name, each in known.items()
]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """What is read here of a clone."""
    return {path: text for path, text in committed().items() if FOLDERS & {*path.split("/")[1:2]}}


@pytest.fixture
def clone(files: dict[str, str], tmp_path: Path) -> Path:
    _lay_out(files, tmp_path)
    return tmp_path


@pytest.mark.parametrize("target", IN)
def test_the_files_are_what_the_topology_says(clone: Path, target: Checkable) -> None:
    _must_have_reader(target)

    assert check(target, plan(Profile.PRODUCTION), clone).differences == ()


@pytest.mark.parametrize("target", IN)
def test_the_files_follow_what_the_operator_chose(tmp_path: Path, target: Checkable) -> None:
    _must_have_reader(target)
    choices = Choices.model_validate(
        {
            "domain": "data.example.org",
            "size": "large",
            "replicas": {"api-gateway": 3, "viz-service": 1, "data-worker": 2},
            "environment": {"DATALAB_ODD": 'a\'b"c$d}e `f` %g \\h'},
            "edge": {"rate_limit": 7, "rate_limit_burst": 21, "sign_in_rate_limit": 3, "upload_gib": 2, "https_port": 8444},
            "database": {"host": "db.example.org", "port": 5433},
        }
    )  # fmt: skip
    _lay_out(committed(choices), tmp_path)

    assert check(target, plan(Profile.PRODUCTION, choices), tmp_path).differences == ()


@pytest.mark.deploy
@pytest.mark.parametrize(("target", "planted"), EVERY)
def test_what_is_planted_is_found(clone: Path, target: Checkable, planted: Planted) -> None:
    _must_have_reader(target)
    path, right, wrong = planted
    text = (clone / path).read_text()
    assert right in text
    (clone / path).write_text(text.replace(right, wrong, 1))

    assert _is_found(target, clone)


def test_a_unit_that_is_one_too_many_is_found(clone: Path) -> None:
    _must_have_reader(Checkable.SYSTEMD)
    unit = (clone / UNIT.format("viz-worker.service")).read_text()
    (clone / UNIT.format("miner.service")).write_text(unit)

    assert _is_found(Checkable.SYSTEMD, clone)


def test_what_has_no_reader_here_is_skipped_with_its_reason(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program("nginx")
    monkeypatch.setenv("PATH", str(clone))

    checked, skipped = check_all(plan(Profile.PRODUCTION), clone)

    assert Checkable.DIRECT_NGINX in {each.target for each in checked}
    assert "docker is not on this machine's PATH" in skipped[Checkable.COMPOSE]
    assert "bash is not on this machine's PATH" in skipped[Checkable.SUPERVISOR]


def test_what_a_reader_refuses_is_told_and_the_rest_is_read(clone: Path) -> None:
    program("nginx")
    (clone / DIRECT_NGINX).write_text("http {")

    checked, _ = check_all(plan(Profile.PRODUCTION), clone)

    found = {each.target: each.differences for each in checked}
    assert "nginx -t" in str(found[Checkable.DIRECT_NGINX][0])
    assert found[Checkable.NGINX] == ()


def test_a_profile_without_an_edge_has_none_to_check(clone: Path) -> None:
    _, skipped = check_all(plan(Profile.DEVELOPMENT), clone)

    assert skipped[Checkable.NGINX] == "the profile development has no edge"


def _lay_out(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def _must_have_reader(target: Checkable) -> None:
    if target in READERS:
        program(READERS[target])


def _is_found(target: Checkable, clone: Path) -> bool:
    """Whether the reader refuses the file, or a difference is told."""
    try:
        return bool(check(target, plan(Profile.PRODUCTION), clone).differences)
    except NotReadable:
        return True
