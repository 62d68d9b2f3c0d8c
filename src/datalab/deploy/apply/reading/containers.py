"""Asking each target's own reader what it makes of a file."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from datalab.contracts.errors import InvalidInput, Unavailable

READ_WITHIN_S = 60


class NotReadable(InvalidInput):
    """A target's own reader refuses a file."""


def read_compose(folder: Path, file: str, values: Mapping[str, str]) -> Mapping[str, Any]:
    """A Compose file as ``docker compose`` reads it; ``values`` are the operator's variables.

    Raises:
        NotReadable: It refuses the file.
        Unavailable: There is no ``docker compose`` here.
    """
    arguments = ("docker", "compose", "--file", file, "config", "--format", "json")
    return json.loads(_told(arguments, folder, values))


def read_stack(folder: Path, file: str, values: Mapping[str, str]) -> Mapping[str, Any]:
    """A stack file as ``docker stack`` reads it.

    Raises:
        NotReadable: It refuses the file.
        Unavailable: There is no ``docker`` here.
    """
    return yaml.safe_load(_told(("docker", "stack", "config", "--compose-file", file), folder, values))


def _told(arguments: tuple[str, ...], folder: Path, values: Mapping[str, str]) -> str:
    # Compose reads a .env beside the file unless it is told another one.
    environment = {**_search_path(), **values, "COMPOSE_DISABLE_ENV_FILE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours, its arguments are no shell's
            arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=READ_WITHIN_S, check=False
        )
    except FileNotFoundError:
        raise Unavailable(f"{arguments[0]} is not on this machine's PATH: install it to read {folder}") from None
    if done.returncode:
        raise NotReadable(f"{' '.join(arguments)} in {folder}: {done.stderr.strip()}")
    return done.stdout


def _search_path() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG") if name in os.environ}
