"""The data service's parts."""

from datalab.host.site import Site
from datalab.host.storage import local_folder
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.pool.profile import Profile
from datalab.services.data.app import Dependencies, actions_for, api_for, build, job_kinds, pool_profiles
from datalab.services.data.settings import DataSettings

__all__ = ["actions_for", "api_for", "build", "dependencies", "job_kinds", "profiles"]


def profiles(settings: PlatformSettings) -> tuple[Profile, ...]:
    """The worker processes that the service needs."""
    return pool_profiles(DataSettings(), local_folder(settings.home, "tables"))


def dependencies(site: Site) -> Dependencies:
    """What the service is given on this site."""
    ground, shared = site.ground("data"), site.resources.store()
    if shared is not None:
        ground.parts.readiness.add("object_store", shared.check, required=True)
    return Dependencies(
        settings=DataSettings(),
        parts=ground.parts,
        database=ground.database,
        outbox=ground.outbox,
        pool=site.pool,
        store=None if shared is None else shared.objects,
    )
