"""Known passengers in the list under the name, each with the rides that are usual for them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from api.operations import again, people
from api.operations.again import UsualFor
from api.operations.office import Office
from api.sheets.wording import short_date
from api.web.board.call_form import caller_values
from data.region import Region
from data.request_rows import MOBILITY
from scheduler.model import WayBack

LEAST_TYPED = 3
_MOST_PEOPLE, _MOST_WAYS = 6, 2


@dataclass(frozen=True)
class KnownView:
    """One way in which somebody rides; *values* are what the form is filled with, as JSON."""

    id: str
    name: str
    about: str
    usual: str
    values: str


def known_views(office: Office, region: Region, typed: str) -> list[KnownView]:
    """Find passengers as `people.search` does; nobody for fewer than three letters."""
    if len(typed.strip()) < LEAST_TYPED:
        return []
    found = people.search(office, region, typed, most=_MOST_PEOPLE)
    return [view for who in found for view in _views(again.usual(office, region, who.id))]


def _views(usual: UsualFor) -> Iterator[KnownView]:
    who = usual.profile
    born = f"{who.born:%d.%m.%Y}" if who.born else ""
    facts = (("geb.", born), ("Tel.", who.phone))
    about = " · ".join(f"{word} {value}" for word, value in facts if value)
    own = {"name": who.name, "telefon": who.phone, "geburtsdatum": born}
    if not usual.choices:
        aids = next(word for word, mobility in MOBILITY.items() if mobility is usual.mobility)
        needs = {"hilfen": aids, "begleitung": str(usual.companions or "")}
        values = {**own, **needs, "abholort": usual.origin}
        yield KnownView(who.id, who.name, about, "", json.dumps(values, ensure_ascii=False))
    for number, choice in enumerate(usual.choices[:_MOST_WAYS]):
        row = choice.row
        values = {**caller_values(row), **own}
        back = ", ohne Rückfahrt" if row.way_back is WayBack.NONE else ""
        told = f"wie am {short_date(choice.last)}: {row.origin} → {row.destination}{back}"
        name = f"{who.id}-{number}"
        yield KnownView(name, who.name, about, told, json.dumps(values, ensure_ascii=False))
