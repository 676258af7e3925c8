"""Where people go for their health: practices, pharmacies, hospitals, homes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.geo import Point, great_circle
from routing.geocoding.address import squeeze
from routing.osm.tags import Tags
from routing.units import Metres

# (key, value) -> kind. The kinds are words of `scheduler.model.PlaceKind`.
_KINDS: dict[tuple[str, str], str] = {
    ("amenity", "doctors"): "practice",
    ("amenity", "clinic"): "practice",
    ("amenity", "dentist"): "practice",
    ("amenity", "pharmacy"): "pharmacy",
    ("amenity", "hospital"): "hospital",
    ("amenity", "nursing_home"): "care_home",
    ("healthcare", "doctor"): "practice",
    ("healthcare", "doctors"): "practice",
    ("healthcare", "clinic"): "practice",
    ("healthcare", "centre"): "practice",
    ("healthcare", "center"): "practice",
    ("healthcare", "dentist"): "practice",
    ("healthcare", "midwife"): "practice",
    ("healthcare", "laboratory"): "practice",
    ("healthcare", "vaccination_centre"): "practice",
    ("healthcare", "pharmacy"): "pharmacy",
    ("healthcare", "hospital"): "hospital",
    ("healthcare", "physiotherapist"): "therapy",
    ("healthcare", "occupational_therapist"): "therapy",
    ("healthcare", "speech_therapist"): "therapy",
    ("healthcare", "psychotherapist"): "therapy",
    ("healthcare", "podiatrist"): "therapy",
    ("healthcare", "dialysis"): "therapy",
    ("healthcare", "rehabilitation"): "therapy",
    ("healthcare", "hospice"): "care_home",
    ("healthcare", "nursing_home"): "care_home",
    ("social_facility", "nursing_home"): "care_home",
    ("social_facility", "assisted_living"): "care_home",
    ("social_facility", "group_home"): "care_home",
    ("social_facility", "hospice"): "care_home",
    ("social_facility", "day_care"): "care_home",
    ("social_facility", "ambulatory_care"): "care_home",
}
HEALTH_KEYS = tuple(dict.fromkeys(key for key, _ in _KINDS))

# The same for a question to Overpass, which would grow too long with every value.
HEALTH_TAGS: Mapping[str, bool | list[str]] = {
    "healthcare": True,
    "social_facility": True,
    "amenity": [value for key, value in _KINDS if key == "amenity"],
}

_NAMELESS = {
    "practice": "Praxis",
    "pharmacy": "Apotheke",
    "hospital": "Krankenhaus",
    "therapy": "Therapiepraxis",
    "care_home": "Pflegeeinrichtung",
}

# A practice is often drawn twice, as a point and as its building.
_SAME_PLACE: Metres = 150


@dataclass(frozen=True)
class HealthPlace:
    """
    A practice, pharmacy, hospital, therapist or care home.

    Parameters
    ----------
    osm_id
        "node/123", "way/123" or "relation/123".
    kind
        practice, pharmacy, hospital, therapy or care_home.
    speciality
        ``healthcare:speciality``, as it stands: "general", "paediatrics;allergology".
    opening_hours
        In OpenStreetMap's own syntax, unchecked; empty if unknown.
    wheelchair
        yes, limited, no, or empty.
    """

    osm_id: str
    name: str
    kind: str
    point: Point
    street: str = ""
    housenumber: str = ""
    postcode: str = ""
    village: str = ""
    speciality: str = ""
    phone: str = ""
    opening_hours: str = ""
    wheelchair: str = ""


def health_kind(tags: Tags) -> str | None:
    """Kind of a health place; None for everything else."""
    for key in ("healthcare", "amenity", "social_facility"):
        if kind := _KINDS.get((key, tags.get(key, ""))):
            return kind
    return None


def health_place(tags: Tags, *, osm_id: str, kind: str, point: Point, village: str) -> HealthPlace:
    """Read a health place from its tags."""
    name = tags.get("name") or tags.get("operator") or tags.get("brand")
    return HealthPlace(
        osm_id=osm_id,
        name=name or f"{_NAMELESS[kind]} (ohne Namen)",
        kind=kind,
        point=point,
        street=tags.get("addr:street", ""),
        housenumber=tags.get("addr:housenumber", ""),
        postcode=tags.get("addr:postcode", ""),
        village=village,
        speciality=tags.get("healthcare:speciality", ""),
        phone=tags.get("contact:phone") or tags.get("phone", ""),
        opening_hours=tags.get("opening_hours", ""),
        wheelchair=tags.get("wheelchair", ""),
    )


def without_doubles(places: Iterable[HealthPlace]) -> list[HealthPlace]:
    """Keep one of two with the same name and kind side by side: the one that tells more."""
    kept: list[HealthPlace] = []
    for place in sorted(places, key=lambda place: (-_told(place), place.osm_id)):
        if not any(_same(place, other) for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda place: (place.kind, place.name, place.osm_id))


def _same(a: HealthPlace, b: HealthPlace) -> bool:
    return (
        a.kind == b.kind
        and squeeze(a.name) == squeeze(b.name)
        and great_circle(a.point, b.point) <= _SAME_PLACE
    )


def _told(place: HealthPlace) -> int:
    told = (place.street, place.housenumber, place.phone, place.opening_hours, place.wheelchair)
    return sum(bool(text) for text in told)
