"""
Invented village days with everything that a real one has, for benchmarks.

The requests are those of `data.synthetic` (returns, pharmacies on the way home, wheelchairs,
walkers, companions, priorities, returns on call), on real roads, at places with opening hours,
under the region's own policy; they become a day on the very path that `fahrten plan` takes. The
same region, number and seed give the same day.

Each bus drives the shifts of the region's roster, a morning and an afternoon with a break in
each; more buses than the region has are copies of its first, with other drivers. Or each has one
driver from the first of these hours to the last, with a long break about noon.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from benchmarks.maps import MapError, map_file
from data.errors import DataError
from data.intake import Intake, take_rows
from data.region import Region
from data.region_file import REGION_FILE, SHIPPED, load_region
from data.region_import import import_region
from data.synthetic import invent_day
from routing.errors import ExtractError
from routing.matrix import Roads
from routing.units import HOUR, MINUTE
from scheduler.asked import Asked
from scheduler.day import Day
from scheduler.model import Break, PlaceId, Shift, TimeWindow
from scheduler.policy import Policy

# A week without public holidays; the seed says which of its days it is. On Wednesday and Friday
# most practices of Kalletal are closed in the afternoon.
MONDAY = date(2027, 3, 1)
# About so many requests a bus: what one Bürgerbus with two half days is asked for (FIELD.md,
# section 1: 23 passengers a working day), and so with 25 more than it can carry.
REQUESTS_A_BUS = 20
# One driver in so many takes no wheelchairs.
NO_WHEELCHAIRS = 5
# Who drives all day long rests about noon: 30 minutes are the least for that long by German law
# (section 4 of the Arbeitszeitgesetz; 45 from nine hours on).
NOON_BREAK = Break(TimeWindow(11 * HOUR, 14 * HOUR), 45 * MINUTE)

REGIONS = ("kalletal", "liechtenstein")


def regions_asked(word: str) -> tuple[str, ...]:
    """
    Names of the regions that a command was asked for: one, or both; they are loaded.

    Ends the command, with code 2, if a map is missing.
    """
    regions = REGIONS if word == "both" else (word,)
    try:
        for region in regions:
            region_of(region)
    except MapError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error
    return regions


@cache
def region_of(name: str) -> Region:
    """
    Load kalletal as shipped, or liechtenstein from its map.

    What was imported is kept in the folder fahrten-benchmarks of the system's temporary files;
    delete it to import anew.

    Raises
    ------
    MapError
        If the map is not there or cannot be read, or what was kept of it is broken.
    """
    if name == "kalletal":
        return load_region(SHIPPED / name)
    kept = Path(tempfile.gettempdir()) / "fahrten-benchmarks" / name
    if not (kept / REGION_FILE).is_file():
        extract = map_file(f"{name}.osm.pbf")
        try:
            import_region(name, extract, today=MONDAY, country="LI", home=kept.parent)
        except (OSError, ExtractError, DataError) as error:
            msg = f"{extract} cannot be imported into {kept}: {error}"
            raise MapError(msg) from error
    try:
        return load_region(kept)
    except DataError as error:
        msg = f"{kept} is broken, delete it to import it anew: {' '.join(str(error).split())}"
        raise MapError(msg) from error


def buses_for(requests: int) -> int:
    """How many buses a municipality has for so many requests a day: 25 one, 40 two, 60 three."""
    return max(1, requests // REQUESTS_A_BUS)


def village_day(
    region: Region,
    *,
    requests: int,
    seed: int,
    buses: int | None = None,
    window: int | None = None,
    ride: int | None = None,
    all_day: bool = False,
) -> Day:
    """
    Invent a day and make its trips.

    Parameters
    ----------
    buses, all_day
        By default as many buses as a municipality has for so many requests, each with a shift in
        the morning and one in the afternoon; or with one from the morning to the evening.
    window, ride
        Minutes, in place of the policy's: the width of the windows of arrival and of boarding
        for the way back, and the longest ride, however short the direct drive is.
    """
    region = replace(region, policy=widened(region.policy, window=window, ride=ride))
    asked = asked_day(region, requests=requests, seed=seed, buses=buses, all_day=all_day)
    return asked.day


def asked_day(
    region: Region,
    *,
    requests: int,
    seed: int,
    buses: int | None = None,
    also: Sequence[PlaceId] = (),
    all_day: bool = False,
) -> Asked:
    """
    Invent all that a day is made of, with roads to the places in *also* as well.

    *buses* and *all_day* as in `village_day`.
    """
    day = MONDAY + timedelta(days=seed % 5)
    rows = invent_day(region, day, requests=requests, seed=seed)
    understood, rejected = take_rows(Intake(region), rows, day=day)
    if rejected:
        msg = f"{len(rejected)} invented requests were rejected: {rejected[0]}"
        raise ValueError(msg)
    buses = buses_for(requests) if buses is None else buses
    shifts = fleet(region, day, buses=buses, all_day=all_day)
    return understood.asked(region, shifts=shifts, roads=Roads(region.network), also=also)


def widened(policy: Policy, *, window: int | None, ride: int | None) -> Policy:
    """Replace the width of windows and the longest ride, in minutes, where they are given."""
    if window is not None:
        latest = policy.arrival.latest_before
        arrival = replace(policy.arrival, earliest_before=latest + window * MINUTE)
        back = replace(policy.way_back, longest_wait=window * MINUTE)
        policy = replace(policy, arrival=arrival, way_back=back)
    if ride is not None:
        longest = replace(policy.ride, longest=ride * MINUTE, constant=ride * MINUTE)
        policy = replace(policy, ride=longest)
    return policy


def fleet(region: Region, day: date, *, buses: int, all_day: bool = False) -> Sequence[Shift]:
    """The region's shifts of *day* for its first bus, and copies for further ones."""
    first = [shift for shift in region.shifts(day) if shift.vehicle.id == next(iter(region.fleet))]
    if all_day:
        begin = min(shift.hours.earliest for shift in first)
        end = max(shift.hours.latest for shift in first)
        first = [replace(first[0], hours=TimeWindow(begin, end), rest=NOON_BREAK)]
    shifts = list(first)
    for bus in range(2, buses + 1):
        for shift in first:
            number = len(shifts)
            shifts.append(
                replace(
                    shift,
                    id=f"{shift.id}-{bus}",
                    vehicle=replace(shift.vehicle, id=f"bus-{bus}"),
                    driver=f"copy-{number}",
                    takes_wheelchairs=number % NO_WHEELCHAIRS != NO_WHEELCHAIRS - 1,
                )
            )
    return shifts
