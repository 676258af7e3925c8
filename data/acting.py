"""
On whose behalf the program works at the moment, and at what: what the audit writes down.

Whoever lets somebody in (`api`) says so once; everything that is read or changed meanwhile, in
the same request or command, is done on their behalf.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Deed:
    """
    Who does something, and what.

    *actor* is a pseudonym: "account:3", "token:7", "link:2027-03-02/morning", "command" for
    somebody at the machine itself, "service" for what happens by itself. *action* is the template
    of a route ("PUT /api/v1/requests/{request}") or the name of a command ("fahrten cancel"):
    never what was sent.
    """

    actor: str
    action: str


NOBODY = Deed("nobody", "")

_DEED: ContextVar[Deed] = ContextVar("deed", default=NOBODY)


def current_deed() -> Deed:
    """What is being done, and by whom."""
    return _DEED.get()


def act(deed: Deed) -> None:
    """From now on in this request, or in this thread, work on behalf of somebody."""
    _DEED.set(deed)


@contextmanager
def acting(deed: Deed) -> Iterator[None]:
    """Work on behalf of somebody within a block."""
    token = _DEED.set(deed)
    try:
        yield
    finally:
        _DEED.reset(token)
