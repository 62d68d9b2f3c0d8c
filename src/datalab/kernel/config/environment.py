"""What all settings have in common: read from the environment under their documented names, and only those."""

from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from datalab.kernel.config.invalid import InvalidSettings, without_values
from datalab.kernel.config.secret_files import SecretFiles


class Environment(BaseSettings):
    """Settings whose variables are their fields' aliases. Code may give values by the fields' own names.

    Those names are no variables: ``home`` would be ``HOME``. A secret may be given as a file, see :class:`SecretFiles`.
    """

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    def __init__(self, **values: Any) -> None:
        """Read the environment.

        Raises:
            InvalidSettings: A variable can't be used; what it holds is not told.
        """
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise InvalidSettings(without_values(error)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours are named one by one
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the code gives, then secrets in files, then the environment."""
        if isinstance(env_settings, EnvSettingsSource):
            by_alias = env_settings.config.copy()
            by_alias["populate_by_name"] = False
            env_settings.config = by_alias
        return init_settings, SecretFiles(settings_cls), env_settings
