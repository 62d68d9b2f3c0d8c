"""Names of drawn images by what they are drawn from: the same spec over the same rows is the same image."""

import hashlib
from dataclasses import dataclass

import orjson

from datalab.contracts.viz import ImageFormat, Spec


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that an image depends on but the renderer's own release: the whole spec, rows and theme in it."""

    spec: Spec
    format: ImageFormat
    scale: float
    vega_lite: str


def digest(*parts: bytes | str) -> str:
    """A name for the parts together; different parts never share one."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return whole.hexdigest()[:40]


def drawing_key(spec: Spec, rows_digest: str, drawing: tuple[str, ...]) -> str:
    """The name of what is drawn from a spec without its rows, the rows' digest and the other circumstances."""
    return digest(orjson.dumps(spec), rows_digest, *drawing)


def etag(key: str) -> str:
    """The entity tag of what has this name."""
    return f'"{key}"'
