"""What is in a dataset's columns, found out once a version."""

from datalab.contracts.data import VersionNotFound
from datalab.contracts.identity import Caller
from datalab.contracts.profiles import DatasetProfile
from datalab.services.data.actions.access import readable
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.views import view_of
from datalab.services.data.model.profiling import Profiled, ProfileRequest

PROFILE_S = 120.0


async def profile(parts: Parts, caller: Caller, name: str, version: int | None) -> DatasetProfile:
    """What is in the columns of a version, the newest unless one is named.

    Raises:
        DatasetNotFound, VersionNotFound: Nothing of that name or version.
        DeadlineExceeded, MemoryLimitExceeded: Finding it out was stopped.
    """
    record = await readable(parts, caller, name)
    wanted = record.version if version is None else version
    found = await parts.catalogue.version(record.id, wanted)
    if found is None:
        raise VersionNotFound(str(record.name), wanted)

    async def make() -> Profiled:
        view = await view_of(parts, record, wanted, record.table)
        limits = parts.limits.statement
        request = ProfileRequest(view=view, columns=found.columns, rows=found.rows, limits=limits)
        return await parts.engine.profile(request, PROFILE_S)

    profiled = await parts.profiles.of((record.id, wanted), make)
    return DatasetProfile(name=str(record.name), version=wanted, rows=found.rows, columns=profiled.columns)
