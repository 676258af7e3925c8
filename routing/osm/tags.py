"""
What OpenStreetMap's tags mean for a small bus.

Meanings are those of the OpenStreetMap wiki (Key:access, Key:maxspeed, Key:oneway); which
barriers let a car pass is taken from OSRM's car profile.
"""

import re
from collections.abc import Mapping

from routing.speeds import ROAD_CLASSES, SpeedTable

Tags = Mapping[str, str]

# From the most special to the most general, as Key:access has it.
_ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_CLOSED = frozenset(
    [
        "no",
        "private",
        "agricultural",
        "forestry",
        "agricultural;forestry",
        "military",
        "emergency",
        "permit",
        "psv",
        "bus",
        "residents",
        "employees",
        "restricted",
        "official",
    ]
)
_OPEN = frozenset(
    [
        "yes",
        "permissive",
        "designated",
        "destination",
        "customers",
        "delivery",
    ]
)

# Parking aisles lead nowhere but multiply the nodes; the others are for others.
_CLOSED_SERVICES = frozenset(
    [
        "parking_aisle",
        "drive-through",
        "emergency_access",
        "bus",
        "busbay",
        "construction_access",
    ]
)

# Farm and forest tracks are roads only where a sign opens them to cars.
_ONLY_WHERE_OPEN = frozenset({"track"})

_PASSABLE_BARRIERS = frozenset(
    [
        "arch",
        "border_control",
        "bump_gate",
        "cattle_grid",
        "entrance",
        "gate",
        "hampshire_gate",
        "height_restrictor",
        "kerb",
        "lift_gate",
        "no",
        "sally_port",
        "toll_booth",
    ]
)

_MILE_KM = 1.609344
# German StVO: walking pace is 4 to 7 km/h by the courts; other countries' towns 50.
_WORDS_KMH = {
    "walk": 7.0,
    "living_street": 7.0,
    "urban": 50.0,
    "zone30": 30.0,
    "bicycle_road": 30.0,
}
# Outside towns: 100 in Germany (StVO §3) and Austria, 80 in Switzerland, Liechtenstein, France,
# Denmark and the Netherlands, 90 in Belgium, Czechia, Luxembourg and Poland.
_RURAL_KMH = {
    "DE": 100.0,
    "AT": 100.0,
    "CH": 80.0,
    "LI": 80.0,
    "FR": 80.0,
    "DK": 80.0,
    "NL": 80.0,
    "BE": 90.0,
    "CZ": 90.0,
    "LU": 90.0,
    "PL": 90.0,
}
# No limit: the speed table's own most applies.
_NO_LIMIT = 999.0

# "Anlieger frei": one may drive to a house there, not through. Dijkstra cannot tell the two
# apart; at this speed a short cut hardly pays, and such lanes are narrow anyway. A guess.
_RESIDENTS_ONLY = frozenset(["destination", "delivery", "customers"])
_RESIDENTS_ONLY_KMH = 20.0

# km/h on bad surfaces. Guesses, near those of OSRM's car profile.
_SURFACE_KMH = {
    "sett": 40.0,
    "cobblestone": 30.0,
    "unhewn_cobblestone": 20.0,
    "compacted": 40.0,
    "fine_gravel": 30.0,
    "gravel": 25.0,
    "pebblestone": 20.0,
    "unpaved": 25.0,
    "ground": 15.0,
    "dirt": 15.0,
    "earth": 15.0,
    "grass": 10.0,
    "grass_paver": 20.0,
    "sand": 10.0,
    "mud": 5.0,
}


def road_class(tags: Tags) -> str | None:
    """Class of a road that the bus may drive on; None for everything else."""
    highway = tags.get("highway", "")
    if highway not in ROAD_CLASSES or tags.get("area") == "yes":
        return None
    if tags.get("service") in _CLOSED_SERVICES or tags.get("impassable") == "yes":
        return None
    access = _access(tags)
    if access in _CLOSED or (highway in _ONLY_WHERE_OPEN and access not in _OPEN):
        return None
    return highway


def _access(tags: Tags) -> str | None:
    """What the most special access tag says about cars."""
    return next((tags[key] for key in _ACCESS_KEYS if key in tags), None)


def direction(tags: Tags) -> int:
    """1 for one-way along the way's nodes, -1 against them, 0 for both ways, 2 for neither."""
    oneway = tags.get("oneway:motorcar", tags.get("oneway:motor_vehicle", tags.get("oneway", "")))
    if oneway in {"yes", "true", "1"}:
        return 1
    if oneway in {"-1", "reverse"}:
        return -1
    if oneway in {"reversible", "alternating"}:
        return 2  # by the hour: nothing to rely on
    if oneway in {"no", "false", "0"}:
        return 0
    around = tags.get("junction") in {"roundabout", "circular"}
    return 1 if around or tags.get("highway") in {"motorway", "motorway_link"} else 0


def boardable(tags: Tags) -> bool:
    """Whether a bus may stop on a road: not on a motorway, a motor road or in a tunnel."""
    return (
        tags.get("highway") not in {"motorway", "motorway_link"}
        and tags.get("motorroad") != "yes"
        and tags.get("tunnel", "no") == "no"
    )


def kmh(tags: Tags, speeds: SpeedTable, *, forward: bool) -> float:
    """Free-flow speed along or against a way's nodes."""
    side = "forward" if forward else "backward"
    posted = None
    for key in (f"maxspeed:{side}", "maxspeed", "maxspeed:type", "source:maxspeed", "zone:traffic"):
        posted = posted_kmh(tags.get(key, ""))
        if posted is not None:
            break
    free = speeds.kmh(tags["highway"], posted)
    if _access(tags) in _RESIDENTS_ONLY:
        free = min(free, _RESIDENTS_ONLY_KMH)
    return min(free, _SURFACE_KMH.get(tags.get("surface", ""), free))


def posted_kmh(value: str) -> float | None:
    """
    Read a speed limit in km/h; None if the text tells none.

    >>> posted_kmh("50"), posted_kmh("30 mph"), posted_kmh("DE:rural"), posted_kmh("signals")
    (50.0, 48.28032, 100.0, None)
    """
    value = value.strip()
    if ";" in value or "|" in value:  # by lane: the slowest
        parts = [posted_kmh(part) for part in re.split(r"[;|]", value)]
        return min((part for part in parts if part is not None), default=None)
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?", value):
        limit = float(found[1]) * (_MILE_KM if found[2] == "mph" else 1)
        return limit if limit > 0 else None
    if value == "none":
        return _NO_LIMIT
    return _posted_by_rule(value)


def _posted_by_rule(value: str) -> float | None:
    """Read "DE:urban", "CH:rural", "DE:zone30", "DE:zone:30", "walk"."""
    country, _, rule = value.partition(":")
    if not rule:
        return _WORDS_KMH.get(country)
    if found := re.fullmatch(r"(?:zone:?)?(\d+)", rule):
        return float(found[1]) or None
    if rule == "rural":
        return _RURAL_KMH.get(country)
    if rule == "motorway":
        return _NO_LIMIT
    return _WORDS_KMH.get(rule)


def blocks(tags: Tags) -> bool:
    """Whether a barrier on a road stops a bus."""
    barrier = tags.get("barrier")
    access = _access(tags)
    if barrier is None:
        # A node without a barrier, yet closed to cars: a sign.
        return access in {"no", "private"} and "highway" not in tags
    if access is not None:
        return access in _CLOSED
    if barrier == "bollard" and tags.get("bollard") == "rising":
        return False
    return barrier not in _PASSABLE_BARRIERS


def signal_sides(tags: Tags) -> tuple[bool, bool]:
    """Whether traffic lights at a node stop those who drive along the way, and against it."""
    if tags.get("highway") != "traffic_signals":
        return (False, False)
    side = tags.get("traffic_signals:direction", tags.get("direction", "both"))
    return (side != "backward", side != "forward")
