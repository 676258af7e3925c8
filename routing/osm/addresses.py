"""Addresses of an extract: houses, streets without numbers, and villages."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.spatial import cKDTree

from routing.geo import Point, great_circle
from routing.geocoding.address import Address, Precision, label_of, squeeze
from routing.osm.reader import MapData, Thing
from routing.osm.tags import Tags
from routing.units import Metres

# A street's houses and its roadway belong together within this distance. A guess.
_SAME_STREET: Metres = 1_500


class Villages:
    """Names the village of a point, where the tags do not."""

    def __init__(self, villages: Sequence[tuple[str, Point]]) -> None:
        self._names = [name for name, _ in villages]
        points = [_flat(point) for _, point in villages]
        self._tree = cKDTree(np.array(points)) if points else None

    def name(self, tags: Tags, point: Point) -> str:
        """
        Village as people of the place say it: the part of town, else the town.

        A house without any of these tags belongs to the nearest village of the extract.
        """
        keys = ["addr:suburb", "addr:hamlet", "addr:village", "addr:place", "addr:city"]
        if not tags.get("addr:street"):
            keys.insert(0, "addr:place")
        for key in keys:
            if tags.get(key):
                return tags[key]
        return self.nearest(point)

    def nearest(self, point: Point) -> str:
        """Name of the nearest village; empty if the extract has none."""
        if self._tree is None:
            return ""
        return self._names[int(self._tree.query(_flat(point))[1])]


def read_addresses(data: MapData, villages: Villages) -> list[Address]:
    """All houses, then streets without houses, then villages."""
    houses = [_house(thing, villages) for thing in data.things if "addr:housenumber" in thing.tags]
    return [*houses, *_streets(data, villages, houses), *_villages(data)]


def _house(thing: Thing, villages: Villages) -> Address:
    village = villages.name(thing.tags, thing.point)
    # "12;14" is one building with two numbers: it is found by the first.
    housenumber = thing.tags["addr:housenumber"].split(";")[0].split(",")[0].strip()
    street = thing.tags.get("addr:street", "")
    postcode = thing.tags.get("addr:postcode", "")
    return Address(
        label=label_of(street=street, housenumber=housenumber, postcode=postcode, village=village),
        street=street,
        housenumber=housenumber,
        postcode=postcode,
        village=village,
        point=thing.point,
    )


def _streets(data: MapData, villages: Villages, houses: Sequence[Address]) -> Iterator[Address]:
    """Named streets in which no house is known, one in each village, at a point in its middle."""
    housed: dict[str, list[Point]] = defaultdict(list)
    for house in houses:
        housed[squeeze(house.street)].append(house.point)
    named: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for way in data.ways:
        if way.name:
            middle = data.nodes[way.nodes[len(way.nodes) // 2]]
            named[way.name, villages.nearest(middle)].append(middle)
    for (street, village), middles in sorted(named.items()):
        point = middles[len(middles) // 2]
        if all(great_circle(point, house) > _SAME_STREET for house in housed[squeeze(street)]):
            yield Address(
                label=label_of(street=street, housenumber="", postcode="", village=village),
                street=street,
                housenumber="",
                postcode="",
                village=village,
                point=point,
                precision=Precision.STREET,
            )


def _villages(data: MapData) -> Iterator[Address]:
    for name, point in sorted(data.villages):
        yield Address(
            label=name,
            street="",
            housenumber="",
            postcode="",
            village=name,
            point=point,
            precision=Precision.STREET,
        )


def _flat(point: Point) -> tuple[float, float]:
    return (point.lat, point.lon * float(np.cos(np.radians(point.lat))))
