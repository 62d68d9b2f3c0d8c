"""What watches the platform: Prometheus with its exporters, Alertmanager, Grafana."""

from dataclasses import replace

from datalab.catalog import SERVICES
from datalab.deploy.topology.component import (
    GIB,
    MIB,
    Amount,
    CommandProbe,
    Component,
    Condition,
    File,
    HttpProbe,
    Image,
    Mount,
    Need,
    Network,
    NewFiles,
    OnFailure,
    Port,
    Probe,
    Resources,
    Role,
    Secret,
    Update,
)
from datalab.deploy.topology.images import (
    ALERTMANAGER,
    GRAFANA,
    LOG_SHIPPER,
    NODE_EXPORTER,
    POSTGRES_EXPORTER,
    PROMETHEUS,
    REDIS_EXPORTER,
)
from datalab.deploy.topology.services import metrics_port

FOLDER = "infrastructure/monitoring"
LOG_SHIPPER_NAME = "log-shipper"
_LOG_SHIPPER_PLACE = "/etc/fluent-bit"
_ALONE = Update(new_first=False, on_failure=OnFailure.PAUSE, drain_s=30)
_REDIS = "redis://redis:6379"
_SMALL = Resources(Amount(0.25, 128 * MIB))


def monitoring() -> tuple[Component, ...]:
    """All that watches."""
    return (_prometheus(), _alertmanager(), _grafana(), *_exporters(), _log_shipper())


def _prometheus() -> Component:
    return Component(
        name="prometheus",
        role=Role.MONITORING,
        image=PROMETHEUS,
        command=(
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--web.enable-lifecycle",
        ),
        ports=(Port(9090, published=9090),),
        resources=Resources(Amount(1, GIB)),
        networks=frozenset({Network.MONITORING, Network.PLATFORM}),
        health=_asked(9090, "/-/healthy"),
        ready=HttpProbe("/-/ready", 9090),
        mounts=(Mount("prometheus_data", "/prometheus"),),
        files=(File(f"{FOLDER}/prometheus", "/etc/prometheus"),),
        new_files=NewFiles.RELOAD,
        user="65534:65534",
        update=_ALONE,
        callers=("grafana",),
    )


def _alertmanager() -> Component:
    return Component(
        name="alertmanager",
        role=Role.MONITORING,
        image=ALERTMANAGER,
        command=("--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"),
        ports=(Port(9093, published=9093),),
        resources=_SMALL,
        networks=frozenset({Network.MONITORING}),
        health=_asked(9093, "/-/healthy"),
        ready=HttpProbe("/-/ready", 9093),
        mounts=(Mount("alertmanager_data", "/alertmanager"),),
        files=(File(f"{FOLDER}/alertmanager", "/etc/alertmanager"),),
        new_files=NewFiles.RELOAD,
        user="65534:65534",
        update=_ALONE,
        callers=("prometheus",),
    )


def _grafana() -> Component:
    return Component(
        name="grafana",
        role=Role.MONITORING,
        image=GRAFANA,
        ports=(Port(3000, published=3001),),
        resources=Resources(Amount(0.5, 512 * MIB)),
        networks=frozenset({Network.MONITORING}),
        health=_asked(3000, "/api/health"),
        needs=(Need("prometheus", Condition.STARTED),),
        mounts=(Mount("grafana_data", "/var/lib/grafana"),),
        files=(
            File(f"{FOLDER}/grafana/provisioning", "/etc/grafana/provisioning"),
            File(f"{FOLDER}/grafana/dashboards", "/etc/grafana/dashboards"),
        ),
        new_files=NewFiles.RESTART,
        scratch=("/tmp",),  # noqa: S108 - inside the container, in memory
        environment={
            "GF_SECURITY_ADMIN_USER": "${GRAFANA_USER:-admin}",
            "GF_USERS_ALLOW_SIGN_UP": "false",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
        },
        secrets=(Secret("GF_SECURITY_ADMIN_PASSWORD", "GRAFANA_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE"),),
        update=_ALONE,
    )


def _log_shipper() -> Component:
    """Reads what the engine keeps of every container. Its account is root's for that, without one capability."""
    return Component(
        name=LOG_SHIPPER_NAME,
        each_host=True,
        role=Role.MONITORING,
        image=LOG_SHIPPER,
        command=("/fluent-bit/bin/fluent-bit", "-c", f"{_LOG_SHIPPER_PLACE}/fluent-bit.yaml"),
        resources=_SMALL,
        networks=frozenset({Network.MONITORING}),
        mounts=(Mount("log_shipper_state", "/state"),),
        files=(
            File(f"{FOLDER}/fluent-bit", _LOG_SHIPPER_PLACE),
            File("/var/lib/docker/containers", "/var/lib/docker/containers"),
        ),
        new_files=NewFiles.RESTART,
        user="0:0",
        update=_ALONE,
    )


def _exporters() -> tuple[Component, ...]:
    return (
        replace(
            _exporter("node-exporter", NODE_EXPORTER, 9100, command=("--path.rootfs=/host",)),
            files=(File("/", "/host"),),
            each_host=True,
        ),
        _exporter(
            "postgres-exporter",
            POSTGRES_EXPORTER,
            9187,
            networks=frozenset({Network.DATABASE}),
            environment={
                "DATA_SOURCE_URI": "postgres:5432/${POSTGRES_DB:-datalab}?sslmode=disable",
                "DATA_SOURCE_USER": "${POSTGRES_USER:-datalab}",
            },
            secrets=(Secret("DATA_SOURCE_PASS", "POSTGRES_PASSWORD", "DATA_SOURCE_PASS_FILE"),),
        ),
        _exporter(
            "redis-exporter",
            REDIS_EXPORTER,
            9121,
            environment={"REDIS_ADDR": _REDIS},
            secrets=(Secret("REDIS_PASSWORD", "REDIS_PASSWORD", "REDIS_PASSWORD_FILE", file_key=_REDIS),),
        ),
    )


def _exporter(
    name: str,
    image: Image,
    port: int,
    *,
    command: tuple[str, ...] = (),
    networks: frozenset[Network] = frozenset(),
    environment: dict[str, str] | None = None,
    secrets: tuple[Secret, ...] = (),
) -> Component:
    return Component(
        name=name,
        role=Role.MONITORING,
        image=image,
        command=command,
        ports=(Port(port, "metrics"),),
        resources=_SMALL,
        networks=networks | {Network.MONITORING},
        environment=environment or {},
        secrets=secrets,
        user="65534:65534",
        update=_ALONE,
        callers=("prometheus",),
    )


def _asked(port: int, path: str) -> Probe:
    ask = f"wget -q -O /dev/null http://127.0.0.1:{port}{path}"
    return Probe(CommandProbe(("sh", "-c", ask)), interval_s=30, timeout_s=5, start_s=30)


def scraped() -> tuple[tuple[str, int], ...]:
    """Name and port of everything that Prometheus asks for metrics."""
    own = tuple((service.deployed_name, service.port) for service in SERVICES.values())
    working = tuple((service.worker, metrics_port(service)) for service in SERVICES.values() if service.worker)
    return (*own, *working, ("node-exporter", 9100), ("postgres-exporter", 9187), ("redis-exporter", 9121))
