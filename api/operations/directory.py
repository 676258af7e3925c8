"""Look up the practices, pharmacies and other known places of a region."""

from rapidfuzz import fuzz, process, utils

from data.places import KnownPlace
from data.region import Region
from scheduler.model import PlaceKind

LIKE = 60.0  # of 100; below it, a name is not what was typed. A guess.


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
