"""What all settings have in common: read from the environment under their documented names, and only those."""

from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict


class Environment(BaseSettings):
    """Settings whose variables are their fields' aliases. Code may give values by the fields' own names.

    Those names are no variables: ``home`` would be ``HOME``.
    """

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the base asks for it
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the code gives, then the environment."""
        if isinstance(env_settings, EnvSettingsSource):
            by_alias = env_settings.config.copy()
            by_alias["populate_by_name"] = False
            env_settings.config = by_alias
        return init_settings, env_settings
