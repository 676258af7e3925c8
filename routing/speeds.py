"""How fast one drives on which kind of road, and how much slower than that one really is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType

from routing.errors import NetworkError
from routing.units import Metres

# Free-flow speed (km/h) where no limit is posted: the practical speeds of OSRM's car profile
# (Project-OSRM/osrm-backend, profiles/car.lua) divided by that profile's reduction of 0.8, so
# that they stand beside posted limits, rounded, and bounded by the limits of the German StVO §3:
# 50 in town, 100 outside, walking pace in a Spielstraße. Guesses of ours: unclassified (40 for
# OSRM's 31, because most of them lie outside the villages), service (15 for its 19, because of
# the yards that they lead to), road (unknown class) and track.
USUAL_KMH: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 110,
        "motorway_link": 56,
        "trunk": 100,
        "trunk_link": 50,
        "primary": 80,
        "primary_link": 38,
        "secondary": 70,
        "secondary_link": 32,
        "tertiary": 50,
        "tertiary_link": 25,
        "unclassified": 40,
        "residential": 30,
        "living_street": 10,
        "road": 30,
        "service": 15,
        "track": 15,
    }
)

# A posted limit is a limit: a lane without a sign may legally be driven at 100 and cannot be.
# What volunteers drive at most; all guesses of ours.
MOST_KMH: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 110,
        "motorway_link": 80,
        "trunk": 100,
        "trunk_link": 70,
        "primary": 100,
        "primary_link": 60,
        "secondary": 90,
        "secondary_link": 50,
        "tertiary": 80,
        "tertiary_link": 50,
        "unclassified": 60,
        "residential": 50,
        "living_street": 10,
        "road": 50,
        "service": 30,
        "track": 20,
    }
)

ROAD_CLASSES: tuple[str, ...] = tuple(USUAL_KMH)


@dataclass(frozen=True)
class SpeedTable:
    """
    Speeds by road class, in km/h.

    Parameters
    ----------
    usual
        Where no limit is posted.
    most
        Never faster than this, whatever is posted.
    """

    usual: Mapping[str, float] = field(default_factory=lambda: dict(USUAL_KMH))
    most: Mapping[str, float] = field(default_factory=lambda: dict(MOST_KMH))

    def __post_init__(self) -> None:
        for name, table in (("usual", self.usual), ("most", self.most)):
            for road_class in ROAD_CLASSES:
                if road_class not in table:
                    msg = f"Table of {name} speeds has no value for {road_class!r}."
                    raise NetworkError(msg)
            for road_class, kmh in table.items():
                if not (isfinite(kmh) and 1 <= kmh <= 200):
                    msg = f"A {name} speed must lie in 1..200 km/h: {road_class} = {kmh}."
                    raise NetworkError(msg)

    def kmh(self, road_class: str, posted: float | None = None) -> float:
        """Free-flow speed on a road of this class with a *posted* limit, if any."""
        if road_class not in self.usual:
            msg = f"Unknown road class {road_class!r}; known are {', '.join(self.usual)}."
            raise NetworkError(msg)
        wanted = self.usual[road_class] if posted is None else posted
        return max(1.0, min(wanted, self.most[road_class]))


@dataclass(frozen=True)
class Calibration:
    """
    From free flow to what a volunteer's bus really needs.

    Parameters
    ----------
    factor
        Driving time is free-flow time times this, on every class without its own factor.
        1.25 is OSRM's reduction of posted limits to 0.8; together with the junctions a drive
        takes about 1.3 times free flow, in the middle of the 6-45 % measured (docs/roads.md).
    by_class
        Factors of single road classes.
    junction_seconds
        Added where one arrives at a crossing without being on the main road. A guess.
    signal_seconds
        Added at traffic lights, instead. A guess.
    approach_kmh
        Speed between a point and the road it is snapped to; None leaves that piece out.
        Coarse networks count it, because whole villages lie beside their roads.
    """

    factor: float = 1.25
    by_class: Mapping[str, float] = field(default_factory=dict)
    junction_seconds: float = 2.0
    signal_seconds: float = 8.0
    approach_kmh: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("factor", self.factor), *self.by_class.items()):
            if not 0.5 <= value <= 5:
                msg = f"A calibration factor must lie in 0.5..5: {name} = {value}."
                raise NetworkError(msg)
        for name in self.by_class:
            if name not in ROAD_CLASSES:
                msg = f"A calibration factor is for an unknown road class {name!r}."
                raise NetworkError(msg)
        for name, value in (("junction", self.junction_seconds), ("signal", self.signal_seconds)):
            if not 0 <= value <= 120:
                msg = f"The cost of a {name} must lie in 0..120 seconds: {value}."
                raise NetworkError(msg)
        if self.approach_kmh is not None and not 1 <= self.approach_kmh <= 100:
            msg = f"The approach speed must lie in 1..100 km/h: {self.approach_kmh}."
            raise NetworkError(msg)

    def milliseconds(self, metres: float, *, kmh: float, road_class: str) -> float:
        """Driving time over *metres* at a free-flow speed of *kmh*, not rounded."""
        return metres * 3600 / kmh * self.by_class.get(road_class, self.factor)

    def approach(self, metres: Metres) -> int:
        """Milliseconds between a point and its road; 0 where that piece is left out."""
        return 0 if self.approach_kmh is None else round(metres * 3600 / self.approach_kmh)
