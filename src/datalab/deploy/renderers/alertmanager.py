"""Alertmanager: who is told of which alarm, what is told together, and what goes without saying."""

from datalab.deploy.choices import Monitoring
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.containers import JsonObject
from datalab.deploy.topology.monitoring import FOLDER
from datalab.deploy.watching.alerts import Severity, Signal
from datalab.deploy.yaml_text import to_yaml

CONFIGURATION = f"{FOLDER}/alertmanager/alertmanager.yml"
_NOBODY = "nobody"
_TITLE = "{{ .CommonLabels.alertname }} {{ .CommonLabels.service }}"
_TEXT = "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.runbook_url }}\n{{ end }}"
_EXPLAINED = f"{Signal.ERRORS}|{Signal.LATENCY}|{Signal.SATURATION}|{Signal.OBJECTIVE}"


def render_alertmanager(plan: Plan) -> dict[str, str]:
    """Its configuration. It holds no secret: it names the operator's files."""
    if not plan.has("alertmanager"):
        return {}
    return {CONFIGURATION: to_yaml(_configuration(plan.choices.monitoring))}


def _configuration(chosen: Monitoring) -> JsonObject:
    return {
        "route": {
            "receiver": _NOBODY,
            "group_by": ["alertname", "service"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
            "routes": [
                {"matchers": ['severity="page"'], "receiver": Severity.PAGE.value, "repeat_interval": "1h"},
                {"matchers": ['severity="warn"'], "receiver": Severity.WARN.value},
            ],
        },
        "inhibit_rules": [
            # A service that is down is slow and wrong too: that goes without saying.
            {
                "source_matchers": ['alertname="ServiceDown"'],
                "target_matchers": [f'signal=~"{_EXPLAINED}"'],
                "equal": ["service"],
            },
            {
                "source_matchers": ['severity="page"'],
                "target_matchers": ['severity="warn"'],
                "equal": ["service", "signal"],
            },
        ],
        "receivers": [
            {"name": _NOBODY},
            {"name": Severity.PAGE.value, **_pager(chosen), **_slack(chosen)},
            {"name": Severity.WARN.value, **_slack(chosen)},
        ],
    }


def _pager(chosen: Monitoring) -> JsonObject:
    if chosen.pagerduty_key_file is None:
        return {}
    return {"pagerduty_configs": [{"routing_key_file": chosen.pagerduty_key_file, "description": _TITLE}]}


def _slack(chosen: Monitoring) -> JsonObject:
    if chosen.slack_url_file is None:
        return {}
    told = {"channel": chosen.slack_channel, "send_resolved": True, "title": _TITLE, "text": _TEXT}
    return {"slack_configs": [{"api_url_file": chosen.slack_url_file, **told}]}
