"""Look up the known places of a region, and the days on which somebody can ride there."""

from collections.abc import Callable
from datetime import date, timedelta

from rapidfuzz import fuzz, process, utils

from data.places import KnownPlace
from data.region import Region
from scheduler.model import PlaceId, PlaceKind

LIKE = 60.0  # of 100; below it, a name is not what was typed. A guess.
_LEAST_TYPED = 3
ALMOST = 85.0  # of 100: the same but for typing errors
_MOST_NEXT = 3
_FARTHEST = timedelta(days=60)  # longer than any holiday of a practice. A guess.


def find_places(
    region: Region, text: str, *, kind: PlaceKind | None = None, limit: int
) -> list[KnownPlace]:
    """List the places whose names are like *text*, the likeliest first; all without a text."""
    places = [place for place in region.places.values() if kind in {None, place.kind}]
    if not text.strip():
        return sorted(places, key=lambda place: place.name)[:limit]
    names = [f"{place.name} {place.address.label}" for place in places]
    found = process.extract(
        text,
        names,
        scorer=fuzz.partial_token_set_ratio if len(text.split()) > 1 else fuzz.partial_ratio,
        processor=utils.default_process,
        score_cutoff=LIKE,
        limit=limit,
    )
    return [places[number] for _, _, number in found]


def likely_place(region: Region, text: str) -> KnownPlace | None:
    """
    Find the one place that *text* can only mean: "mvz" the MVZ, not the pharmacy beside it.

    It is ``None`` where two places would do, and for an address.
    """
    typed = utils.default_process(text)
    if len(typed) < _LEAST_TYPED:
        return None
    names = {utils.default_process(place.name): place for place in region.places.values()}
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: name == typed,
        lambda name: f"{name} ".startswith(f"{typed} "),
        lambda name: f" {name}".endswith(f" {typed}"),
        lambda name: _begins_words(typed, f"{name} {names[name].address.label}"),
        lambda name: fuzz.ratio(typed, name) > ALMOST,
    )
    for fits in ways:
        found = [place for name, place in names.items() if fits(name)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def may_mean(text: str, place: KnownPlace) -> bool:
    """Whether *text* may mean *place* among others: "apotheke" each of the pharmacies."""
    return _begins_words(utils.default_process(text), f"{place.name} {place.address.label}")


def rides_to(region: Region, place: PlaceId | None, day: date) -> bool:
    """Whether buses run on *day*, and the place opens on it, as far as that is known."""
    if region.closed(day):
        return False
    known = region.places.get(place or "")
    return known is None or known.on(day, country=region.country, land=region.land).open_hours != ()


def next_days(region: Region, place: PlaceId | None, day: date) -> list[date]:
    """List the next days after *day* on which somebody is at the wheel and the place opens."""
    found: list[date] = []
    other = day
    while len(found) < _MOST_NEXT and other - day < _FARTHEST:
        other += timedelta(days=1)
        if rides_to(region, place, other) and region.shifts(other):
            found.append(other)
    return found


def _begins_words(typed: str, name: str) -> bool:
    words = utils.default_process(name).split()
    return all(any(word.startswith(part) for word in words) for part in typed.split())
