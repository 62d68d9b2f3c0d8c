"""The AI service's parts."""

from datalab.contracts.ai import AiApi
from datalab.contracts.compute import ComputeApi
from datalab.contracts.data import DataApi
from datalab.contracts.identity import ApiFor
from datalab.host.site import Site
from datalab.host.storage import local_folder
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.pool.profile import Profile
from datalab.kernel.storage.folder import FolderStore
from datalab.services.ai.app import Dependencies, ai_api, build, job_kinds, pool_profiles
from datalab.services.ai.settings import AiSettings

__all__ = ["AiApi", "ai_api", "build", "dependencies", "job_kinds", "profiles"]


def profiles(settings: PlatformSettings) -> tuple[Profile, ...]:
    """The worker processes that the service needs."""
    return pool_profiles(AiSettings(), settings.home.resolve(), local_folder(settings.home, "models"))


def dependencies(site: Site, data: ApiFor[DataApi], compute: ApiFor[ComputeApi]) -> Dependencies:
    """What the service is given on this site."""
    settings, ground, shared = AiSettings(), site.ground("ai"), site.resources.store()
    if shared is not None:
        ground.parts.readiness.add("object_store", shared.check, required=False)
    return Dependencies(
        settings=settings,
        parts=ground.parts,
        database=ground.database,
        outbox=ground.outbox,
        store=shared.objects if shared is not None else FolderStore(settings.models_folder(site.home)),
        pool=site.pool,
        data=data,
        compute=compute,
        home=site.home,
    )
