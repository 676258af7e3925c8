"""What is decided on top of a region's files, all of it together: shifts, places, buses."""

import datetime as dt
from typing import TypeAlias

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from data import place_changes, shift_changes, vehicle_changes
from data.region import Region
from data.region_tables import KeptPlaceChange, KeptShiftChange, KeptVehicleChange

_TABLES = (KeptPlaceChange, KeptShiftChange, KeptVehicleChange)

Stamp: TypeAlias = tuple[tuple[object, ...], ...]


def stamp(session: Session, region: str) -> Stamp:
    """
    Tell in one query whether anything was decided since: the same stamp, the same decisions.

    Versions only count up and numbers of rows are never given twice, so that no later state has
    the count, sum and largest number of an earlier one.
    """
    each = [
        select(
            literal(table.__tablename__),
            func.count(),
            func.coalesce(func.sum(table.version), 0),
            func.coalesce(func.max(table.id), 0),
        ).where(table.region == region)
        for table in _TABLES
    ]
    return tuple(sorted(tuple(row) for row in session.execute(union_all(*each))))


def apply(session: Session, filed: Region) -> Region:
    """Give a region as it is now: *filed*, as its files have it, where nothing was decided."""
    places = place_changes.read_all(session, filed.name)
    shifts = shift_changes.read_all(session, filed.name)
    vehicles = vehicle_changes.read_all(session, filed.name)
    region = filed.with_place_changes(places) if places else filed
    region = region.with_vehicle_changes(vehicles) if vehicles else region
    return region.with_shift_changes(shifts) if shifts else region


def still(session: Session, region: Region, day: dt.date) -> bool:
    """Whether what counts on one date is still that with which *region* was given."""
    return (
        shift_changes.still(session, region, day)
        and place_changes.still(session, region)
        and vehicle_changes.still(session, region)
    )
