"""What dispatchers decide about known places, kept: the files of a region stay."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.places import PlaceChange
from data.region import Region
from data.region_tables import KeptPlaceChange


def read_all(session: Session, region: str) -> list[PlaceChange]:
    """Read every decision that is kept, those about one place in order."""
    wanted = select(KeptPlaceChange).filter_by(region=region)
    rows = session.scalars(wanted.order_by(KeptPlaceChange.place, KeptPlaceChange.version))
    return [_change(row) for row in rows]


def still(session: Session, region: Region) -> bool:
    """Whether the decisions are still those that *region* was given with."""
    return list(region.place_changes) == read_all(session, region.name)


def keep(session: Session, region: str, change: PlaceChange) -> PlaceChange | None:
    """
    Keep a decision; its version is the one that it follows, and it never holds before that.

    ``None`` if somebody else has decided meanwhile.
    """
    of_place = select(KeptPlaceChange).filter_by(region=region, place=change.place)
    newest = session.scalar(of_place.order_by(KeptPlaceChange.version.desc()).limit(1))
    if (newest.version if newest is not None else 0) != change.version:
        return None
    since = change.since if newest is None else max(change.since, newest.since)
    row = KeptPlaceChange(
        region=region,
        place=change.place,
        since=since,
        opening_hours=change.opening_hours,
        phone=change.phone,
        version=change.version + 1,
    )
    session.add(row)
    session.flush()
    return _change(row)


def _change(row: KeptPlaceChange) -> PlaceChange:
    return PlaceChange(row.place, row.opening_hours, row.phone, row.since, row.version)
