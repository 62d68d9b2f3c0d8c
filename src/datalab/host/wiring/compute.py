"""The compute service's parts."""

from datalab.host.site import Site
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.pool.profile import Profile
from datalab.services.compute.adapters.job_metrics import JobMetrics
from datalab.services.compute.adapters.table_changes import TableChanges
from datalab.services.compute.app import Dependencies, build, build_executor, compute_api, job_kinds, pool_profiles
from datalab.services.compute.settings import ComputeSettings

__all__ = ["build", "build_executor", "compute_api", "dependencies", "job_kinds", "profiles"]


def profiles(_settings: PlatformSettings) -> tuple[Profile, ...]:
    """The worker processes that the service needs."""
    return pool_profiles(ComputeSettings())


def dependencies(site: Site) -> Dependencies:
    """What the service and its executors are given on this site."""
    ground = site.ground("compute")
    return Dependencies(
        settings=ComputeSettings(),
        parts=ground.parts,
        database=ground.database,
        outbox=ground.outbox,
        changes=TableChanges(ground.database, site.resources.bus),
        metrics=JobMetrics(site.resources.metrics),
    )
