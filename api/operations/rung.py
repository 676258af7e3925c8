"""
Whom somebody has rung about a version of a day's plan.

Whoever was rung knows what that version does with them. When a newer one does something else, they
are to be rung again.
"""

import logging
from datetime import date

from api.operations.office import Office
from data import plans, requests, rung
from data.errors import NotKeptError
from data.region import Region
from data.rung import Rung
from scheduler.model import RequestId

log = logging.getLogger("fahrten")


def note(office: Office, region: Region, day: date, request: RequestId, version: int) -> None:
    """
    Keep that somebody was rung about a version of the plan of a day.

    Raises
    ------
    NotKeptError
        If there is no such version, or no such request on that day.
    """
    with office.store.writing() as session:
        requests.check_day(session, region.name, request, day)
        if not 1 <= version <= plans.newest_version(session, region.name, day):
            msg = f"Der Tagesplan für den {day:%d.%m.%Y} hat keine Version {version}."
            raise NotKeptError(msg)
        now = office.now()
        rung.keep(session, region.name, day, request, version=version, now=now)
    log.info("%s: %s was rung about version %d", day, request, version)


def take_back(office: Office, region: Region, day: date, request: RequestId, version: int) -> None:
    """
    Nobody was rung about that version or a newer one after all.

    Raises
    ------
    NotKeptError
        If there is no such request on that day.
    """
    with office.store.writing() as session:
        requests.check_day(session, region.name, request, day)
        rung.take_back(session, request, version=version)
    log.info("%s: %s was not rung about version %d", day, request, version)


def read(office: Office, region: Region, day: date) -> dict[RequestId, Rung]:
    """Of each who was rung on account of a day: about which version they were rung last."""
    with office.store.reading() as session:
        return rung.read_day(session, region.name, day)
