"""
What an online geocoder answered, kept so that nobody is asked twice.

A question is somebody's address: both it and the answer are sealed (`data.keys`).
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.keys import vault
from data.people import open_spot, seal_spot
from data.store import Store
from data.tables import Geocode
from routing.geo import Point
from routing.geocoding import MISSING, Missing

# Maps change: after this time a question is asked again.
KEPT_FOR = dt.timedelta(days=180)
QUERY, ANSWER = "geocodes", "geocodes.spot"  # what a sealed text is about


class StoredGeocodes:
    """A `routing.geocoding.GeocodeCache` in the database."""

    def __init__(self, store: Store, *, now: Callable[[], dt.datetime]) -> None:
        self.store = store
        self.now = now

    def get(self, query: str) -> Point | Missing | None:
        """Look an answer up: a point, ``None`` for "there is no such address", or `MISSING`."""
        with self.store.reading() as session:
            keys = vault(session)
            kept = session.get(Geocode, keys.seal(QUERY, query))
            if kept is None or kept.fetched + KEPT_FOR < self.now():
                return MISSING
            return None if kept.spot is None else open_spot(keys, ANSWER, kept.spot)

    def put(self, query: str, point: Point | None) -> None:
        """Keep an answer; ``None`` means that there is no such address."""
        with self.store.writing() as session:
            keys = vault(session)
            session.merge(
                Geocode(
                    sealed=keys.seal(QUERY, query),
                    spot=point and seal_spot(keys, ANSWER, point),
                    fetched=self.now(),
                )
            )


def forget_fetched_before(session: Session, moment: dt.datetime) -> int:
    """Delete old answers; returns how many."""
    old = delete(Geocode).where(Geocode.fetched < moment).returning(Geocode.sealed)
    return len(session.execute(old).all())


def forget_answers(session: Session, point: Point) -> int:
    """Delete the answers that name this point, however the question was spelt."""
    keys = vault(session)
    naming = [
        kept
        for kept in session.scalars(select(Geocode))
        if kept.spot is not None and open_spot(keys, ANSWER, kept.spot) == point
    ]
    for kept in naming:
        session.delete(kept)
    return len(naming)
