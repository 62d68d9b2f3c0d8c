"""The images that instances are made from: exact tags, since ``latest`` can't be made twice."""

from datalab.deploy.topology.component import Image

PYTHON_BASE = "python:3.13-slim-trixie"
"""What our own images are built on unless the build's ``BASE`` says otherwise."""
DEBIAN_BASE = "debian:trixie-slim"

POSTGRES = Image("postgres:17.6")
REDIS = Image("redis:8.0.3")
NGINX = Image("nginx:1.30.6")
HAPROXY = Image("haproxy:3.0.11")
PROMETHEUS = Image("prom/prometheus:v2.53.5")
ALERTMANAGER = Image("prom/alertmanager:v0.28.1")
GRAFANA = Image("grafana/grafana:12.1.0")
NODE_EXPORTER = Image("prom/node-exporter:v1.9.1")
POSTGRES_EXPORTER = Image("prometheuscommunity/postgres-exporter:v0.17.1")
REDIS_EXPORTER = Image("oliver006/redis_exporter:v1.74.0")
LOG_SHIPPER = Image("fluent/fluent-bit:4.0.5")
OBJECT_STORE = Image("chrislusf/seaweedfs:4.48")

REPOSITORY = "datalab"


def own(target: str) -> Image:
    """An image of our own: a target of our Dockerfile."""
    return Image(f"{REPOSITORY}/{target}", target)


PGBOUNCER = Image(f"{REPOSITORY}/pgbouncer", "pgbouncer", "1")
