"""Grafana: where it finds Prometheus, and the dashboards."""

import json
from collections.abc import Iterator
from itertools import count

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.containers import JsonObject
from datalab.deploy.topology.monitoring import FOLDER
from datalab.deploy.watching.dashboards import Dashboard, dashboards
from datalab.deploy.watching.panels import SHARE, Panel, Row
from datalab.deploy.yaml_text import to_yaml

PLACE = f"{FOLDER}/grafana"
PROVISIONING, DASHBOARDS = f"{PLACE}/provisioning", f"{PLACE}/dashboards"
SOURCE: JsonObject = {"type": "prometheus", "uid": "datalab-prometheus"}
SCHEMA = 41
"""The release of Grafana's dashboard format: that of Grafana 12."""
_COLUMNS = 24
_HEIGHT, _LOW = 8, 5


def render_grafana(plan: Plan) -> dict[str, str]:
    """Its provisioning and a file for each dashboard."""
    if not plan.has("grafana"):
        return {}
    return {
        f"{PROVISIONING}/datasources/prometheus.yml": to_yaml(_sources()),
        f"{PROVISIONING}/dashboards/datalab.yml": to_yaml(_providers()),
        **{f"{DASHBOARDS}/{each.uid}.json": _json(_dashboard(each)) for each in dashboards()},
    }


def _sources() -> JsonObject:
    return {
        "apiVersion": 1,
        "datasources": [
            {
                "name": "Prometheus",
                **SOURCE,
                "access": "proxy",
                "url": "http://prometheus:9090",
                "isDefault": True,
                "editable": False,
                "jsonData": {"timeInterval": "15s", "httpMethod": "POST"},
            }
        ],
    }


def _providers() -> JsonObject:
    return {
        "apiVersion": 1,
        "providers": [
            {
                "name": "datalab",
                "folder": "DataLab",
                "type": "file",
                "disableDeletion": True,
                "allowUiUpdates": False,
                "options": {"path": "/etc/grafana/dashboards"},
            }
        ],
    }


def _dashboard(dashboard: Dashboard) -> JsonObject:
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "tags": ["datalab"],
        "schemaVersion": SCHEMA,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "links": [_to_others()],
        "panels": list(_panels(dashboard.rows)),
    }


def _to_others() -> JsonObject:
    return {
        "title": "DataLab",
        "type": "dashboards",
        "icon": "external link",
        "tooltip": "",
        "tags": ["datalab"],
        "asDropdown": True,
        "targetBlank": False,
        "includeVars": False,
        "keepTime": True,
    }


def _panels(rows: tuple[Row, ...]) -> Iterator[JsonObject]:
    numbers, top = count(1), 0
    for row in rows:
        place = {"x": 0, "y": top, "w": _COLUMNS, "h": 1}
        yield {
            "id": next(numbers),
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "gridPos": place,
            "panels": [],
        }
        height = _LOW if all(panel.now for panel in row.panels) else _HEIGHT
        width = _COLUMNS // min(len(row.panels), 3)
        for index, panel in enumerate(row.panels):
            x, y = index % 3 * width, top + 1 + index // 3 * height
            yield _panel(next(numbers), panel, {"x": x, "y": y, "w": width, "h": height})
        top += 1 + height * -(-len(row.panels) // 3)


def _panel(number: int, panel: Panel, place: JsonObject) -> JsonObject:
    return {
        "id": number,
        "type": "stat" if panel.now else "timeseries",
        "title": panel.title,
        "description": panel.told,
        "gridPos": place,
        "datasource": SOURCE,
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": SOURCE,
                "expr": line.query,
                "legendFormat": line.called,
                "instant": panel.now,
                "range": not panel.now,
            }
            for index, line in enumerate(panel.lines)
        ],
        "fieldConfig": {"defaults": _field(panel), "overrides": []},
        "options": _number() if panel.now else _lines(),
    }


def _field(panel: Panel) -> JsonObject:
    decimals = {"decimals": 3} if panel.unit == SHARE and panel.now else {}
    return {
        "unit": panel.unit,
        "min": 0,
        **decimals,
        "custom": {} if panel.now else {"fillOpacity": 10, "lineWidth": 1},
    }


def _number() -> JsonObject:
    return {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "colorMode": "none",
        "graphMode": "none",
        "textMode": "value_and_name",
        "justifyMode": "auto",
        "orientation": "auto",
        "wideLayout": True,
        "showPercentChange": False,
        "percentChangeColorMode": "standard",
    }


def _lines() -> JsonObject:
    return {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


def _json(document: JsonObject) -> str:
    return json.dumps(document, indent=2) + "\n"
