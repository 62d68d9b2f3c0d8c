"""Which files make a version: never changes, so it is asked once."""

from collections import OrderedDict

from datalab.services.data.ports import Catalogue, Tables

_KEPT = 2_000


class VersionFiles:
    """Paths of the files of versions, the latest asked for remembered."""

    def __init__(self, catalogue: Catalogue, tables: Tables) -> None:
        self._catalogue = catalogue
        self._tables = tables
        self._known: OrderedDict[tuple[str, int], tuple[str, ...]] = OrderedDict()

    async def of(self, dataset_id: str, version: int) -> tuple[str, ...]:
        """The absolute paths of the version's files."""
        key = (dataset_id, version)
        if key not in self._known:
            folder = self._tables.folder(dataset_id)
            names = await self._catalogue.files(dataset_id, version)
            self._known[key] = tuple(str(folder / name) for name in names)
        self._known.move_to_end(key)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return self._known[key]
