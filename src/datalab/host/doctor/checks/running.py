"""What runs already: the services where the settings say they are, of which version, and how they feel."""

from collections.abc import Sequence

import aiohttp
from pydantic import ValidationError

from datalab.catalog import SERVICES
from datalab.host.doctor.finding import Finding, broken, ok, skipped, warning
from datalab.host.doctor.setup import Setup
from datalab.host.resources import platform_version
from datalab.kernel.http.readiness import ReadinessReport

_PATIENCE_S = 5.0
_LONGEST = 256 * 1024
_VERSION = "X-DataLab-Version"


async def check(setup: Setup) -> Sequence[Finding]:
    """Each instance's ``/ready``; in one process only the gateway's."""
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        if not setup.apart:
            return [await _ask(session, "platform", f"http://127.0.0.1:{setup.port}", must_run=False)]
        return [
            await _ask(session, f"{name} service", url, must_run=True)
            for name in SERVICES
            for url in setup.settings.service_urls(name)
        ]


async def _ask(session: aiohttp.ClientSession, name: str, url: str, *, must_run: bool) -> Finding:
    try:
        async with session.get(f"{url}/ready") as answer:
            report = ReadinessReport.model_validate_json(await answer.content.read(_LONGEST), extra="ignore")
            version = answer.headers.get(_VERSION)
    except ValidationError:
        return warning(name, f"what answers at {url} is no DataLab", "stop it, or name another address or port")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        if not must_run:
            return skipped(name, f"none runs at {url}")
        detail = f"{url} can't be reached: {str(error) or type(error).__name__}"
        return broken(name, detail, "start it, or name where it is by its *_SERVICE_URL")
    return _judge(name, url, report, version)


def _judge(name: str, url: str, report: ReadinessReport, version: str | None) -> Finding:
    troubles = "; ".join(f"{check}: {one.detail}" for check, one in report.checks.items() if not one.ok)[:500]
    if not report.ready:
        return broken(name, f"{url} isn't ready: {troubles}", "see the findings above, then its log")
    if version != platform_version():
        detail = f"{url} runs version {version or 'unknown'}, this is {platform_version()}"
        return warning(name, detail, "restart it after an upgrade; one version everywhere")
    if troubles:
        return warning(name, f"{url} runs, but {troubles}", "see its log")
    return ok(name, f"ready at {url}, version {version}")
