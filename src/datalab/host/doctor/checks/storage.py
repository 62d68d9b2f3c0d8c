"""Where tables and files are kept: a folder, or an object store."""

import os
from collections.abc import Sequence

from datalab.contracts.errors import PlatformError
from datalab.host.doctor.finding import Finding, broken, ok
from datalab.host.doctor.setup import Setup
from datalab.host.storage import open_store

_NAME = "storage"


async def check(setup: Setup) -> Sequence[Finding]:
    """Whether it can be reached and written."""
    try:
        store = open_store(setup.home)
    except PlatformError as error:
        return [broken(_NAME, error.detail, "docs/reference/settings.md has the form of DATALAB_STORAGE_URL")]
    if store is None:
        return [_folder(setup)]
    try:
        return [ok(_NAME, await store.check())]
    except PlatformError as error:
        remedy = "check DATALAB_STORAGE_URL, AWS_ENDPOINT_URL and the account's key and rights on the bucket"
        return [broken(_NAME, error.detail, remedy)]


def _folder(setup: Setup) -> Finding:
    folder = setup.home / "tables"
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if os.access(there, os.R_OK | os.W_OK | os.X_OK):
        return ok(_NAME, f"folders in {setup.home}")
    return broken(_NAME, f"{there} can't be written by user {os.geteuid()}", f"chmod -R u+rwX {there}")
