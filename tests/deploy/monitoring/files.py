"""The monitoring files of a deployment."""

from pathlib import Path

from datalab.deploy.choices import Choices, Monitoring
from datalab.deploy.plan import Profile, plan
from datalab.deploy.renderers.alertmanager import render_alertmanager
from datalab.deploy.renderers.grafana import render_grafana
from datalab.deploy.renderers.prometheus import render_prometheus

TELLING = Choices(
    monitoring=Monitoring(pagerduty_key_file="/etc/datalab/pagerduty", slack_url_file="/etc/datalab/slack")
)


def rendered(choices: Choices | None = None) -> dict[str, str]:
    """All monitoring files of a production deployment."""
    decided = plan(Profile.PRODUCTION, choices)
    return render_prometheus(decided) | render_alertmanager(decided) | render_grafana(decided)


def written(files: dict[str, str], folder: Path) -> Path:
    """The folder of monitoring files, written below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "infrastructure" / "monitoring"
