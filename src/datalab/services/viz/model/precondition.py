"""Entity tags of what is saved, and writes that hold only for the state their caller knew."""

from datalab.contracts.errors import PreconditionFailed
from datalab.contracts.viz import Chart, Dashboard
from datalab.services.viz.model.keys import digest, etag


def tag_of(saved: Chart | Dashboard) -> str:
    """The entity tag of this state."""
    return etag(digest(saved.model_dump_json()))


def check_match(if_match: str | None, present: Chart | Dashboard | None) -> None:
    """Let a write pass whose ``If-Match`` holds for what is there.

    Raises:
        PreconditionFailed: Something else is there, or nothing.
    """
    if if_match is None:
        return
    wanted = {tag.strip() for tag in if_match.split(",")}
    now = tag_of(present) if present is not None else None
    if now is None or not wanted & {"*", now}:
        raise PreconditionFailed(f"If-Match: it is now {now or 'gone'}; read it again and repeat the change")
