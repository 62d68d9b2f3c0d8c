"""The set-up that is looked at: the environment, and the settings as far as they can be read."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from datalab.catalog import SERVICES
from datalab.kernel.config.environment import Environment
from datalab.kernel.config.invalid import InvalidSettings
from datalab.kernel.config.secret_files import FILE
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.config.storage import StorageSettings
from datalab.kernel.config.worker import WorkerSettings


@dataclass(frozen=True, slots=True)
class Setup:
    """``settings`` have defaults in place of what can't be read; ``port`` is the one that `datalab up` would take."""

    settings: PlatformSettings
    variables: Mapping[str, str]
    port: int

    @property
    def home(self) -> Path:
        """The folder of what is kept here."""
        return self.settings.home.resolve()

    @property
    def apart(self) -> bool:
        """Whether the services are set up to run as processes of their own."""
        return any(name.endswith("_SERVICE_URL") for name in self.variables)


def read_setup(variables: Mapping[str, str], port: int) -> Setup:
    """The set-up of this process's environment."""
    return Setup(_readable(), variables, port)


def settings_classes() -> list[type[Environment]]:
    """Every class of settings: the platform's, the store's, a worker's and each service's."""
    modules = [importlib.import_module(f"{service.package}.settings") for service in SERVICES.values()]
    of_services = [
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Environment) and kind.__module__ == module.__name__
    ]
    return [PlatformSettings, StorageSettings, WorkerSettings, *of_services]


def _readable() -> PlatformSettings:
    try:
        return PlatformSettings()
    except InvalidSettings as error:
        bad = {one.where.removesuffix(FILE) for one in error.errors}
    fields = PlatformSettings.model_fields
    defaults = {name: field.default for name, field in fields.items() if bad & {name, str(field.validation_alias)}}
    return PlatformSettings(**defaults)
