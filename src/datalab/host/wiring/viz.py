"""The visualization service's parts."""

from datalab.contracts.data import DataApi
from datalab.contracts.identity import ApiFor
from datalab.host.site import Site
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.pool.profile import Profile
from datalab.services.viz.app import Dependencies, build, job_kinds, pool_profiles, viz_api
from datalab.services.viz.settings import VizSettings

__all__ = ["build", "dependencies", "job_kinds", "profiles", "viz_api"]


def profiles(_settings: PlatformSettings) -> tuple[Profile, ...]:
    """The worker processes that the service needs."""
    return pool_profiles(VizSettings())


def dependencies(site: Site, data: ApiFor[DataApi]) -> Dependencies:
    """What the service is given on this site."""
    ground = site.ground("viz")
    return Dependencies(
        settings=VizSettings(),
        parts=ground.parts,
        database=ground.database,
        outbox=ground.outbox,
        pool=site.pool,
        data=data,
        home=site.home,
    )
