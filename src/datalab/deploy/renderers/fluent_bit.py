"""The log shipper: what the engine keeps of every container, line by line, to a Loki."""

from urllib.parse import urlsplit

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.containers import JsonObject
from datalab.deploy.topology.monitoring import FOLDER, LOG_SHIPPER_NAME
from datalab.deploy.yaml_text import to_yaml

FLUENT_BIT = f"{FOLDER}/fluent-bit/fluent-bit.yaml"
_PORTS = {"http": 80, "https": 443}
_PARSER = "engine"


def render_fluent_bit(plan: Plan) -> dict[str, str]:
    """Its configuration, where logs are shipped."""
    if not plan.has(LOG_SHIPPER_NAME):
        return {}
    return {FLUENT_BIT: to_yaml({"service": {"flush": 5}, "parsers": [_parser()], "pipeline": _pipeline(plan)})}


def _parser() -> JsonObject:
    return {"name": _PARSER, "format": "json", "time_key": "time", "time_format": "%Y-%m-%dT%H:%M:%S.%L%z"}


def _pipeline(plan: Plan) -> JsonObject:
    loki = urlsplit(plan.choices.logs.loki or "")
    read: JsonObject = {
        "name": "tail",
        "path": "/var/lib/docker/containers/*/*-json.log",
        "parser": _PARSER,
        "tag": "container.*",
        "db": "/state/read.db",
        "mem_buf_limit": "16MB",
        "skip_long_lines": "on",
    }
    sent: JsonObject = {
        "name": "loki",
        "match": "container.*",
        "host": loki.hostname,
        "port": loki.port or _PORTS[loki.scheme],
        "tls": "on" if loki.scheme == "https" else "off",
        "labels": f"deployment={plan.choices.name}",
        "line_format": "json",
        "retry_limit": "no_limits",
    }
    return {"inputs": [read], "outputs": [sent]}
