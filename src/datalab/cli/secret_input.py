"""Secrets are asked for on the terminal or read from stdin; never taken as arguments, which others can see."""

import sys
from getpass import getpass

from pydantic import SecretStr

from datalab.contracts.errors import InvalidInput


def ask_secret(prompt: str) -> SecretStr:
    """A secret typed without echo, or the next line of stdin when that is no terminal.

    Raises:
        InvalidInput: There was none.
    """
    secret = getpass(f"{prompt}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise InvalidInput(f"{prompt.lower()}: none was given")
    return SecretStr(secret)
