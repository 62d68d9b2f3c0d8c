"""The built files of the console, read once."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from datalab.kernel.http.etag import etag_of

FOLDER = Path(__file__).parent / "assets"
INDEX = "/index.html"
_HASHED = "/assets/"
_TWINS = {".br": "br", ".gz": "gzip"}
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: ``encoded`` by content coding, best first; ``hashed`` when its name changes with its content."""

    media_type: str
    content: bytes
    etag: str
    encoded: Mapping[str, bytes]
    hashed: bool


def is_built(folder: Path = FOLDER) -> bool:
    """Whether there is a console to serve."""
    return (folder / INDEX.lstrip("/")).is_file()


def read_assets(folder: Path) -> dict[str, Asset]:
    """Every file under ``folder`` by its path in a link; empty when the console was never built."""
    if not is_built(folder):
        return {}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in _TWINS]
    return {_link(folder, path): _read(folder, path) for path in files}


def _read(folder: Path, path: Path) -> Asset:
    content = path.read_bytes()
    twins = {coding: path.with_name(path.name + suffix) for suffix, coding in _TWINS.items()}
    return Asset(
        media_type=_media_type(path),
        content=content,
        etag=etag_of(content),
        encoded={coding: twin.read_bytes() for coding, twin in twins.items() if twin.is_file()},
        hashed=_link(folder, path).startswith(_HASHED),
    )


def _link(folder: Path, path: Path) -> str:
    return "/" + str(PurePosixPath(path.relative_to(folder)))


def _media_type(path: Path) -> str:
    found = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found
