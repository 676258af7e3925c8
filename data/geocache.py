"""What an online geocoder answered, kept so that nobody is asked twice."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select

from data.store import Store
from data.tables import Geocode
from routing.geo import Point
from routing.geocoding import MISSING, Missing

# Maps change: after this time a question is asked again.
KEPT_FOR = dt.timedelta(days=180)


class StoredGeocodes:
    """A `routing.geocoding.GeocodeCache` in the database."""

    def __init__(self, store: Store, *, now: Callable[[], dt.datetime]) -> None:
        self.store = store
        self.now = now

    def get(self, query: str) -> Point | Missing | None:
        """Look an answer up: a point, ``None`` for "there is no such address", or `MISSING`."""
        with self.store.reading() as session:
            kept = session.scalar(select(Geocode).filter_by(query=query))
        if kept is None or kept.fetched + KEPT_FOR < self.now():
            return MISSING
        return None if kept.lat is None or kept.lon is None else Point(kept.lat, kept.lon)

    def put(self, query: str, point: Point | None) -> None:
        """Keep an answer; ``None`` means that there is no such address."""
        with self.store.writing() as session:
            session.merge(
                Geocode(
                    query=query,
                    lat=point.lat if point else None,
                    lon=point.lon if point else None,
                    fetched=self.now(),
                )
            )
