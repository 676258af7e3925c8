"""What somebody may be in an installation, and who calls at the moment."""

import datetime as dt
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from data.accounts import EVERYWHERE

NOWHERE: Final[frozenset["Role"]] = frozenset()


class Role(StrEnum):
    """What an account may do; one account may have several roles, in each region others."""

    DISPATCHER = "dispatcher"
    DRIVER = "driver"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Link:
    """The one shift of one day that a driver's link opens."""

    region: str
    day: dt.date
    shift: str


@dataclass(frozen=True)
class Caller:
    """
    Whoever calls.

    Parameters
    ----------
    actor
        The pseudonym that the audit writes down (`data.acting.Deed`).
    grants
        Roles by region; those of `EVERYWHERE` are roles in all of them.
    account, session
        Numbers of the account, and of what they are signed in with.
    chosen
        The region that they have chosen to work on; "" for none.
    link
        For whoever came by a driver's link: nothing else is open to them.
    must_change
        Nothing is open to them until their password is another one.
    """

    actor: str
    grants: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    account: int | None = None
    session: int | None = None
    chosen: str = ""
    link: Link | None = None
    must_change: bool = False

    def roles_in(self, region: str) -> frozenset[Role]:
        """What the caller may be in a region; empty: for them there is no such region."""
        return self.grants.get(region, NOWHERE) | self.grants.get(EVERYWHERE, NOWHERE)

    def only_drives(self, region: str) -> bool:
        """Whether they drive there and do nothing else: what is not published is not for them."""
        return self.roles_in(region) == {Role.DRIVER}

    @property
    def everywhere(self) -> frozenset[Role]:
        """What the caller may be in all regions, also those to come."""
        return self.grants.get(EVERYWHERE, NOWHERE)

    @property
    def regions(self) -> list[str]:
        """Regions that are named; there may be more for whoever has a role everywhere."""
        return sorted(set(self.grants) - {EVERYWHERE})


ANYBODY: Final = Caller("anybody", {EVERYWHERE: frozenset(Role)})
STRANGER: Final = Caller("stranger")

_CURRENT: ContextVar[Caller] = ContextVar("caller", default=STRANGER)


def current_caller() -> Caller:
    """Who calls in this request; a stranger outside of one."""
    return _CURRENT.get()


def note_caller(caller: Caller) -> None:
    """From now on in this request it is known who calls."""
    _CURRENT.set(caller)
