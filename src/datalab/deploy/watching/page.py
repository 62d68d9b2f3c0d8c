"""The reference page of objectives and alerts: what people read when one of them comes."""

from collections.abc import Iterator

from datalab.deploy.watching.alerts import PAGES, WARNINGS, Alert
from datalab.deploy.watching.objectives import OBJECTIVES
from datalab.deploy.watching.recordings import groups

PAGE = "alerts.md"
_HEAD = (
    "How Prometheus comes to know, and whom Alertmanager tells: [watch the platform](../howto/watch-the-platform.md).\n"
)
_NOTE = "<!-- Made from the code by `make reference`; changes here are lost. -->\n"


def runbook(base: str, alert: Alert) -> str:
    """Where the page speaks of the alert; ``base`` is the address of the folder in which it lies."""
    return f"{base.rstrip('/')}/{PAGE}#{alert.name.lower()}"


def alerts_page() -> str:
    """Objectives, and every alert with its query, its meaning and what to do."""
    return "\n".join(
        [
            f"{_NOTE}\n# Objectives and alerts\n",
            _HEAD,
            "## Objectives\n",
            "| service | P95 | of what | available | throughput |\n|---|---|---|---|---|",
            *_objectives(),
            "\nA request fails when its status is 500 or more. Availability is judged at the gateway, over 30 days.\n",
            "## Pages\n",
            "Somebody is woken: PagerDuty, and Slack too where it is configured.\n",
            *(_section(alert) for alert in PAGES),
            "## Warnings\n",
            "Somebody reads them in working hours: Slack.\n",
            *(_section(alert) for alert in WARNINGS),
            "## Recorded series\n",
            "What Prometheus works out in advance, for alerts and dashboards.\n",
            *_recorded(),
        ]
    )


def _objectives() -> Iterator[str]:
    for name, objective in OBJECTIVES.items():
        share = f"{objective.availability * 100:g} %"
        yield f"| {name} | {objective.p95_s:g} s | {objective.timed} | {share} | {objective.throughput} |"


def _recorded() -> Iterator[str]:
    for group in groups():
        for recording in group.recordings:
            labels = ", ".join(f'{name}="{value}"' for name, value in recording.labels.items())
            name = f"{recording.name}{{{labels}}}" if labels else recording.name
            yield f"`{name}`, each {group.interval}:\n\n```promql\n{recording.query}\n```\n"


def _section(alert: Alert) -> str:
    return (
        f"### {alert.name}\n\n{alert.meaning}\n\nWhat to do: {alert.response}\n\n"
        f"Told when this holds for {alert.lasting}:\n\n```promql\n{alert.query}\n```\n"
    )
