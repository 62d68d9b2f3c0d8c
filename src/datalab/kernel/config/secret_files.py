"""Secrets from files: a secret variable ``V`` may be given as ``V_FILE``, the path of a file that holds its value."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from datalab.contracts.errors import FieldError
from datalab.kernel.config.invalid import InvalidSettings

FILE = "_FILE"
_LONGEST = 64 * 1024


class SecretFiles(PydanticBaseSettingsSource):
    """The values of a settings class's secrets that are given as files. What the code gives isn't looked for."""

    def __call__(self) -> dict[str, Any]:
        """The values by their variables. Raises InvalidSettings for all that can't be read, or are given twice."""
        found, wrong = dict[str, Any](), list[FieldError]()
        for name, field in self.settings_cls.model_fields.items():
            variable = str(field.validation_alias)
            if not is_secret(field) or {name, variable} & self.current_state.keys():
                continue
            try:
                value, _, _ = self.get_field_value(field, name)
            except ValueError as error:
                wrong.append(FieldError(where=variable + FILE, what=str(error)))
                continue
            if value is not None:
                found[variable] = value
        if wrong:
            raise InvalidSettings(wrong)
        return found

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - the base asks for it
        """The value or ``None``, its variable, and that it is no JSON. Raises ValueError."""
        variable = str(field.validation_alias)
        path = os.environ.get(variable + FILE)
        if not path:
            return None, variable, False
        if os.environ.get(variable):
            raise ValueError(f"{variable} is set too: give the value or its file, not both")
        return read_secret(path), variable, False


def secret_variables(settings: type[BaseSettings]) -> Iterator[str]:
    """The variables that may be given as files."""
    return (str(field.validation_alias) for field in settings.model_fields.values() if is_secret(field))


def is_secret(field: FieldInfo) -> bool:
    """Whether the setting is kept from being told."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


def read_secret(path: str) -> str:
    """What the file holds, without a newline at its end.

    Raises:
        ValueError: It can't be read, is empty, or is no text of at most 64 KiB; the message holds nothing of it.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LONGEST + 1)
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror}") from None
    if len(content) > _LONGEST:
        raise ValueError(f"{path} holds more than {_LONGEST // 1024} KiB: name the file of the secret alone")
    try:
        text = content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError(f"{path} holds no UTF-8 text") from None
    if not text:
        raise ValueError(f"{path} is empty: it is to hold the value")
    return text
