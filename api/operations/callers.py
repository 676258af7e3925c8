"""Who is calling: known passengers by the first letters of their names, and their usual ride."""

from collections import Counter
from dataclasses import dataclass

from rapidfuzz import utils

from api.operations.office import Office
from data import requests
from data.people import Passenger, search
from data.region import Region
from data.request_rows import RequestRow

LEAST_TYPED = 3
_MOST, _LAST = 6, 10  # passengers that are shown; of their requests, those that are looked at


@dataclass(frozen=True)
class Caller:
    """
    Somebody who may be calling.

    *usual* is the newest of the requests that ride as they mostly do; ``None`` without any.
    """

    passenger: Passenger
    usual: RequestRow | None


def find_callers(office: Office, region: Region, typed: str) -> list[Caller]:
    """Find those of whose names every word of *typed* begins one; nobody for fewer letters."""
    words = utils.default_process(typed).split()
    if len("".join(words)) < LEAST_TYPED:
        return []

    def meant(who: Passenger) -> bool:
        names = utils.default_process(who.name).split()
        return all(any(name.startswith(word) for name in names) for word in words)

    with office.store.reading() as session:
        found = search(session, region.name, meant)
        found.sort(key=lambda who: who.name.casefold())
        return [
            Caller(who, _usual([requests.read(session, region, each).row for each in names]))
            for who in found[:_MOST]
            for names in [requests.of_passenger(session, region.name, who.number)[-_LAST:]]
        ]


def _usual(rows: list[RequestRow]) -> RequestRow | None:
    if not rows:
        return None
    ways = Counter((row.origin, row.destination) for row in rows)
    way, _ = ways.most_common(1)[0]
    return next(row for row in reversed(rows) if (row.origin, row.destination) == way)
