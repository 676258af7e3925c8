"""
When a known place is open and how it is reached: decided by dispatchers, on top of the files.

What is decided holds from today on, or from tomorrow on if the first bus of today has left: that
day goes on with the hours that it was planned with. Plans that no longer fit are named by
`fitting`; none is changed by itself.
"""

import logging
from datetime import timedelta

from api.errors import PlaceEditedError
from api.operations.begun import is_running
from api.operations.office import Office
from api.operations.typed import text_faults
from data import place_changes
from data.cells import read_phone
from data.errors import NotKeptError, RefusedRowError, Rejected
from data.opening import opening_hours_fault
from data.places import KnownPlace, PlaceChange
from data.region import Region
from scheduler.model import PlaceId

log = logging.getLogger("fahrten")

LONGEST_HOURS = 1_000  # characters
LONGEST_PHONE = 100


def read(region: Region, place: PlaceId) -> KnownPlace:
    """
    Find a place as it is now.

    Raises
    ------
    NotKeptError
        If the region has none of that name.
    """
    if place not in region.places:
        msg = f"Einen Ort „{place}“ gibt es in der Region nicht."
        raise NotKeptError(msg)
    return region.places[place]


def change(
    office: Office, region: Region, place: PlaceId, *, opening_hours: str, phone: str, version: int
) -> PlaceChange:
    """
    Decide when a place is open, and how it is reached; *version* is what was looked at.

    Raises
    ------
    NotKeptError
        As `read`.
    RefusedRowError
        With everything that is wrong, in German; the fields are called as the parameters.
    PlaceEditedError
        If somebody else has changed the place since.
    """
    read(region, place)
    faults = [*_hours_faults(opening_hours), *_phone_faults(phone)]
    if faults:
        raise RefusedRowError(tuple(faults))
    since = office.today(region)
    if is_running(office, region, since):
        since += timedelta(days=1)
    with office.store.writing() as session:
        wanted = PlaceChange(place, opening_hours, phone, since, version)
        kept = place_changes.keep(session, region.name, wanted)
    if kept is None:
        raise PlaceEditedError(office.region(region.name).place_change(place))
    log.info("changed the place %s: version %d", place, kept.version)
    return kept


def _hours_faults(text: str) -> list[Rejected]:
    if faults := text_faults("opening_hours", text, longest=LONGEST_HOURS):
        return faults
    fault = opening_hours_fault(text) if text else None
    if fault is None:
        return []
    message = f"{fault}; richtig wäre etwa „Mo-Fr 08:00-12:00; PH off“."
    return [Rejected(0, "opening_hours", text, message)]


def _phone_faults(text: str) -> list[Rejected]:
    if faults := text_faults("phone", text, longest=LONGEST_PHONE):
        return faults
    try:
        if text:
            read_phone(text)
    except ValueError as error:
        return [Rejected(0, "phone", text, str(error))]
    return []
