"""Who is calling: known passengers by the first letters of their names, and their usual ride."""

from collections import Counter
from dataclasses import dataclass

from api.operations import people
from api.operations.office import Office
from data import requests
from data.profiles import StoredProfile
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

    profile: StoredProfile
    usual: RequestRow | None


def find_callers(office: Office, region: Region, typed: str) -> list[Caller]:
    """Find passengers as `people.search` does; nobody for fewer than three letters."""
    if len(typed.strip()) < LEAST_TYPED:
        return []
    found = people.search(office, region, typed, most=_MOST)
    with office.store.reading() as session:
        return [
            Caller(who, _usual([requests.read(session, region, each).row for each in names]))
            for who in found
            for names in [requests.of_passenger(session, region.name, who.number)[-_LAST:]]
        ]


def _usual(rows: list[RequestRow]) -> RequestRow | None:
    if not rows:
        return None
    ways = Counter((row.origin, row.destination) for row in rows)
    way, _ = ways.most_common(1)[0]
    return next(row for row in reversed(rows) if (row.origin, row.destination) == way)
