"""Prometheus: what it asks, what it works out of the answers, and when it raises an alarm."""

from collections.abc import Callable
from functools import partial

from datalab.catalog import SERVICES
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import LOOPBACK, instances, ports, processes
from datalab.deploy.renderers.containers import JsonObject
from datalab.deploy.topology.monitoring import FOLDER, scraped
from datalab.deploy.watching.alerts import PAGES, WARNINGS, Alert
from datalab.deploy.watching.page import runbook
from datalab.deploy.watching.recordings import Group, Recording, groups
from datalab.deploy.yaml_text import to_yaml

PLACE = f"{FOLDER}/prometheus"
CONTAINERS = f"{PLACE}/prometheus.yml"
DIRECT, SUPERVISOR = f"{PLACE}/prometheus-direct.yml", f"{PLACE}/prometheus-supervisor.yml"
RECORDINGS, ALARMS = f"{PLACE}/rules/recordings.yml", f"{PLACE}/rules/alerts.yml"
_SERVICES = {service.deployed_name: service.name for service in SERVICES.values()}
_Found = Callable[[str, int], JsonObject]


def render_prometheus(plan: Plan) -> dict[str, str]:
    """Its configuration for containers, and for a bare host under systemd or supervisor; the rules that all read."""
    if not plan.has("prometheus"):
        return {}
    return {
        CONTAINERS: to_yaml(_configuration(plan, _by_name)),
        DIRECT: to_yaml(_configuration(plan, _on_this_host)),
        SUPERVISOR: to_yaml(_configuration(plan, partial(_each_on_this_host, plan))),
        RECORDINGS: to_yaml({"groups": [_recorded(group) for group in groups()]}),
        ALARMS: to_yaml({"groups": [_alarms(plan, "page", PAGES), _alarms(plan, "warn", WARNINGS)]}),
    }


def _configuration(plan: Plan, found: _Found) -> JsonObject:
    return {
        "global": {"scrape_interval": "15s", "scrape_timeout": "10s", "evaluation_interval": "15s"},
        "rule_files": ["rules/*.yml"],
        "alerting": {"alertmanagers": [found("alertmanager", 9093)]},
        "scrape_configs": [_scrape(plan, name, found(name, port)) for name, port in scraped() if plan.has(name)],
    }


def _scrape(plan: Plan, name: str, found: JsonObject) -> JsonObject:
    service = _SERVICES.get(name, name.removesuffix("-exporter"))
    return {
        "job_name": name,
        # Our own metrics say themselves of which service they are: one process may hold several.
        "honor_labels": plan.component(name).image.target is not None,
        **found,
        "relabel_configs": [{"target_label": "service", "replacement": service}],
    }


def _by_name(name: str, port: int) -> JsonObject:
    """Every instance, as the engine's DNS knows them now."""
    return {"dns_sd_configs": [{"names": [name], "type": "A", "port": port, "refresh_interval": "15s"}]}


def _on_this_host(_name: str, port: int) -> JsonObject:
    """The one port behind which systemd keeps all processes of a service."""
    return _at(port)


def _each_on_this_host(plan: Plan, name: str, port: int) -> JsonObject:
    """Every instance, each with its port."""
    component = plan.component(name)
    return _at(*ports(component, instances(plan, component))) if component in processes(plan) else _at(port)


def _at(*numbers: int) -> JsonObject:
    return {"static_configs": [{"targets": [f"{LOOPBACK}:{number}" for number in numbers]}]}


def _recorded(group: Group) -> JsonObject:
    return {"name": group.name, "interval": group.interval, "rules": [_rule(each) for each in group.recordings]}


def _rule(recording: Recording) -> JsonObject:
    labels = {"labels": dict(recording.labels)} if recording.labels else {}
    return {"record": recording.name, "expr": recording.query, **labels}


def _alarms(plan: Plan, name: str, alerts: tuple[Alert, ...]) -> JsonObject:
    there = [alert for alert in alerts if alert.needs is None or plan.has(alert.needs)]
    return {"name": f"datalab-{name}", "rules": [_alarm(plan, alert) for alert in there]}


def _alarm(plan: Plan, alert: Alert) -> JsonObject:
    return {
        "alert": alert.name,
        "expr": alert.query,
        "for": alert.lasting,
        "labels": {"severity": alert.severity.value, "signal": alert.signal.value, **alert.labels},
        "annotations": {
            "summary": alert.summary,
            "description": alert.meaning,
            "runbook_url": runbook(plan.choices.monitoring.runbooks, alert),
        },
    }
