"""Roles in regions, as one writes them: "planner@kalletal"."""

from collections.abc import Iterable
from typing import Final

from api.doors.errors import AccountError
from api.doors.roles import Role
from data.accounts import EVERYWHERE, Grants

ALL_REGIONS: Final = "*"


def first_grants(region: str) -> Grants:
    """What the first account may do, of which nobody says more: everything that there is to do."""
    return {
        EVERYWHERE: frozenset({Role.ADMINISTRATOR}),
        region: frozenset({Role.DISPATCHER, Role.PLANNER}),
    }


def read_grants(texts: Iterable[str], *, region: str) -> Grants:
    """
    Read roles such as "dispatcher", "planner@kalletal" or "administrator@*".

    Raises
    ------
    AccountError
        If there is no such role.
    """
    grants: dict[str, set[str]] = {}
    for text in texts:
        role, _, where = text.partition("@")
        if role not in set(Role):
            known = ", ".join(Role)
            msg = f"Eine Rolle „{role}“ gibt es nicht. Es gibt: {known}."
            raise AccountError(msg)
        where = {"": region, ALL_REGIONS: EVERYWHERE}.get(where, where)
        grants.setdefault(where, set()).add(role)
    return {where: frozenset(roles) for where, roles in grants.items()}


def write_grants(grants: Grants) -> list[str]:
    """Write roles as `read_grants` reads them."""
    return [
        f"{role}@{region or ALL_REGIONS}"
        for region, roles in grants.items()
        for role in sorted(roles)
    ]
