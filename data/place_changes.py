"""What dispatchers decide about known places, kept: the files of a region stay."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.places import PlaceChange
from data.region import Region
from data.region_tables import KeptPlaceChange


def read_all(session: Session, region: str) -> list[PlaceChange]:
    """Read every decision that is kept, by the names of the places."""
    wanted = select(KeptPlaceChange).filter_by(region=region).order_by(KeptPlaceChange.place)
    return [_change(row) for row in session.scalars(wanted)]


def still(session: Session, region: Region) -> bool:
    """Whether the decisions are still those that *region* was given with."""
    return list(region.place_changes.values()) == read_all(session, region.name)


def keep(session: Session, region: str, change: PlaceChange) -> PlaceChange | None:
    """
    Keep a decision; its version is the one that it follows.

    ``None`` if somebody else has decided meanwhile.
    """
    where = {"region": region, "place": change.place}
    row = session.scalar(select(KeptPlaceChange).filter_by(**where))
    if (row.version if row is not None else 0) != change.version:
        return None
    if row is None:
        row = KeptPlaceChange(**where)
        session.add(row)
    row.opening_hours, row.phone = change.opening_hours, change.phone
    row.version = change.version + 1
    session.flush()
    return _change(row)


def _change(row: KeptPlaceChange) -> PlaceChange:
    return PlaceChange(row.place, row.opening_hours, row.phone, row.version)
