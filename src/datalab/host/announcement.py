"""What the terminal says once the platform answers."""

from pathlib import Path

from datalab.console.assets import FOLDER, is_built
from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.config.settings import PlatformSettings


async def announcement(settings: PlatformSettings, url: str, console: Path = FOLDER) -> list[str]:
    """The shape that runs, the command for the other one, and how to sign in. ``console``: where it is built."""
    storage = "PostgreSQL" if settings.database_text() else f"embedded storage in {settings.home}"
    shape = (
        f"DataLab answers at {url}: five services in one process on {storage}; "
        "`datalab serve SERVICE` starts them apart (docs/howto/run-services-apart.md)"
    )
    lines = [shape]
    link = console_link(settings, url, console)
    code = LocalSecrets(settings.home).read("setup_code")
    lines.append(f"Console: {link}" if link else "Console: it was not built; `make console` builds it")
    if code is not None:
        lines.append(
            f"First administrator: in the console, or `datalab setup --url {url}` asks for a name, a password and this "
            f"one-time code: {code.get_secret_value()}"
        )
    lines.append("A key for this machine: datalab token create --role admin --json")
    return lines


def console_link(settings: PlatformSettings, url: str, console: Path = FOLDER) -> str | None:
    """Where the console is, if it was built; until there is an administrator, with the code that makes the first."""
    if not is_built(console):
        return None
    code = LocalSecrets(settings.home).read("setup_code")
    return f"{url}/setup?code={code.get_secret_value()}" if code is not None else f"{url}/"
