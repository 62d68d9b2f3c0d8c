"""Who may do what to which dataset."""

from datalab.contracts.data import DatasetName, DatasetNotFound
from datalab.contracts.errors import Forbidden
from datalab.contracts.identity import MAIN_NAMESPACE, Caller, Role
from datalab.services.data.actions.parts import Parts
from datalab.services.data.model.dataset import DatasetRecord

READ, WRITE = "data:read", "data:write"


def may_see(caller: Caller, namespace: str) -> bool:
    """Whether the caller may read what is in the namespace."""
    role = caller.identity.role_in(namespace)
    return role is not None and role.covers(Role.VIEWER)


def governs(caller: Caller) -> bool:
    """Whether the caller may see what others do."""
    return caller.identity.role is Role.ADMIN


def visible_namespace(caller: Caller) -> str | None:
    """The one namespace that the caller sees, ``None`` when it is all."""
    return None if caller.identity.role is Role.ADMIN else MAIN_NAMESPACE


def require_read(caller: Caller) -> None:
    """Raise Forbidden unless the caller's credential reads data."""
    _require_scope(caller, READ)


def require_write(caller: Caller, name: DatasetName) -> None:
    """Raise Forbidden unless the caller may change what is in the namespace."""
    _require_scope(caller, WRITE)
    role = caller.identity.role_in(name.namespace)
    if role is None or not role.covers(Role.EDITOR):
        raise Forbidden(f"changing datasets in {name.namespace!r} needs the role editor there")


async def readable(parts: Parts, caller: Caller, name: str) -> DatasetRecord:
    """The dataset. Raises DatasetNotFound when it isn't there or not for this caller."""
    require_read(caller)
    parsed = DatasetName.parse(name)
    record = await parts.catalogue.find(parsed) if may_see(caller, parsed.namespace) else None
    if record is None:
        raise DatasetNotFound(str(parsed))
    return record


def _require_scope(caller: Caller, scope: str) -> None:
    if not caller.identity.has_scope(scope):
        raise Forbidden(f"this needs the scope {scope}, which the credential was not given")
