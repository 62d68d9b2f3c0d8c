"""Roles and scopes."""

import pytest

from datalab.contracts.identity import Role
from datalab.kernel.testing.identity import identity


@pytest.mark.parametrize(
    ("held", "needed", "covers"),
    [
        (Role.VIEWER, Role.VIEWER, True),
        (Role.VIEWER, Role.EDITOR, False),
        (Role.EDITOR, Role.VIEWER, True),
        (Role.EDITOR, Role.ADMIN, False),
        (Role.ADMIN, Role.EDITOR, True),
    ],
)
def test_a_role_covers_those_below_it(held: Role, needed: Role, covers: bool):
    assert held.covers(needed) is covers


def test_only_an_admin_has_a_role_outside_main():
    assert identity(Role.ADMIN).role_in("team") is Role.ADMIN
    assert identity(Role.EDITOR).role_in("team") is None
    assert identity(Role.EDITOR).role_in("main") is Role.EDITOR


def test_reading_does_not_hold_writing():
    reader = identity().model_copy(update={"scopes": frozenset({"data:read"})})
    assert not reader.has_scope("data:write")
