"""What the terminal says once the platform answers."""

from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.config.settings import PlatformSettings


async def announcement(settings: PlatformSettings, url: str) -> list[str]:
    """The shape that runs, the command for the other one, and how to sign in."""
    storage = "PostgreSQL" if settings.database_text() else f"embedded storage in {settings.home}"
    shape = (
        f"DataLab answers at {url}: five services in one process on {storage}; "
        "`datalab serve SERVICE` starts them apart (docs/howto/run-services-apart.md)"
    )
    lines = [shape]
    code = LocalSecrets(settings.home).read("setup_code")
    if code is not None:
        lines.append(
            f"First administrator: `datalab setup --url {url}` asks for a name, a password and this one-time code: "
            f"{code.get_secret_value()}"
        )
    lines.append("A key for this machine: datalab token create --role admin --json")
    return lines
