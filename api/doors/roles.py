"""What somebody may be in an installation, and who calls at the moment."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do; one account may have several roles."""

    DISPATCHER = "dispatcher"
    DRIVER = "driver"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Caller:
    """
    Whoever calls.

    *actor* is the pseudonym that the audit writes down (`data.acting.Deed`). *regions* are the
    names of the regions that are open to the caller; None: all of them.
    """

    actor: str
    roles: frozenset[Role]
    regions: frozenset[str] | None


ANYBODY = Caller("anybody", frozenset(Role), None)
