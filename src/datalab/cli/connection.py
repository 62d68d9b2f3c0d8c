"""The client of the platform that a command talks to."""

from datalab.cli.credentials import load_credentials
from datalab.client.endpoints import DEFAULT_URL, checked
from datalab.client.synchronous import Client


def address(url: str | None) -> str:
    """The platform's address: as given, else where the user signed in, else this machine's."""
    return checked(url or load_credentials().current or DEFAULT_URL)


def connect(url: str | None, token: str | None) -> Client:
    """A client with the credential given, else the one that was saved for that address."""
    chosen = address(url)
    saved = load_credentials().platforms.get(chosen)
    return Client(chosen, token or (saved.token if saved else None))
