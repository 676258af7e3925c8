"""Where a house is whose number is not in the list."""

import re
from collections.abc import Sequence
from dataclasses import replace

from routing.geo import Point, great_circle
from routing.geocoding.address import Address, Precision, label_of, number_key
from routing.units import Metres

# Between houses farther apart than this, a straight line tells nothing. A guess.
_LONGEST_GAP: Metres = 400


def locate_house(houses: Sequence[Address], housenumber: str) -> list[Address]:
    """
    Find a house number in a street.

    The house itself, else a point between its neighbours on the same side of the street, else
    the house with the nearest number, else the street. The label says which.

    Parameters
    ----------
    houses
        Addresses of one street in one village, at least one.

    Returns
    -------
    One address; several if houses far from each other have the same number.
    """
    wanted = number_key(housenumber)
    found = [house for house in houses if number_key(house.housenumber) == wanted]
    return found or [_estimate(houses, wanted)]


def _estimate(houses: Sequence[Address], wanted: str) -> Address:
    numbered = sorted(
        ((_number(house.housenumber), house) for house in houses if _number(house.housenumber)),
        key=lambda pair: (pair[0], pair[1].housenumber),
    )
    number = _number(wanted)
    if not numbered or not number:
        street = next((house for house in houses if not house.housenumber), houses[0])
        return _labelled(
            street, wanted, point=street.point, precision=Precision.STREET, how="nur Straße bekannt"
        )
    below = [pair for pair in numbered if pair[0] < number and (pair[0] - number) % 2 == 0]
    above = [pair for pair in numbered if pair[0] > number and (pair[0] - number) % 2 == 0]
    if below and above and all(known != number for known, _ in numbered):
        (low, first), (high, last) = below[-1], above[0]
        if great_circle(first.point, last.point) <= _LONGEST_GAP:
            share = (number - low) / (high - low)
            point = Point(
                round(first.point.lat * (1 - share) + last.point.lat * share, 7),
                round(first.point.lon * (1 - share) + last.point.lon * share, 7),
            )
            how = f"geschätzt zwischen Nr. {first.housenumber} und {last.housenumber}"
            return _labelled(first, wanted, point=point, precision=Precision.INTERPOLATED, how=how)
    nearest = min(numbered, key=lambda pair: (abs(pair[0] - number), (pair[0] - number) % 2))[1]
    return _labelled(
        nearest,
        wanted,
        point=nearest.point,
        precision=Precision.NEAREST,
        how=f"Lage von Nr. {nearest.housenumber}",
    )


def _number(housenumber: str) -> int:
    """The leading number; 0 if there is none."""
    found = re.match(r"\d+", housenumber)
    return int(found[0]) if found else 0


def _labelled(
    near: Address, housenumber: str, *, point: Point, precision: Precision, how: str
) -> Address:
    label = label_of(
        street=near.street, housenumber=housenumber, postcode=near.postcode, village=near.village
    )
    return replace(
        near,
        label=f"{label} ({how})",
        housenumber=housenumber,
        point=point,
        place_id=None,
        precision=precision,
    )
