"""
What happens on the day itself, and what it makes of a day under way.

Each event changes what is still to be done, or where a bus is and when it can go on. What has been
driven stays as it was. New requests are the business of `scheduler.running`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from routing.matrix import TravelMatrix
from routing.units import Seconds
from scheduler.bus_events import change_roads, delay, end_shifts
from scheduler.clock import Clock
from scheduler.errors import EventError
from scheduler.model import PlaceId, RequestId, Shift, ShiftId
from scheduler.passenger_events import cancel, make_ready, miss
from scheduler.substitutes import take_over
from scheduler.under_way import UnderWay

__all__ = [
    "Cancelled",
    "Delayed",
    "Event",
    "EventError",
    "NoShow",
    "OutOfService",
    "Ready",
    "RoadsChanged",
    "TakenOver",
    "happen",
]


@dataclass(frozen=True)
class Cancelled:
    """
    Somebody does not ride any more; who is in the bus already is brought where they meant to.

    With *way_back_only* ("my daughter fetches me") the way there stays.
    """

    request: RequestId
    way_back_only: bool = False


@dataclass(frozen=True)
class NoShow:
    """
    The bus is there, and nobody comes: what is left of the journey falls away.

    It may be told later: what the plan has driven by then stays as it was.
    """

    request: RequestId


@dataclass(frozen=True)
class Delayed:
    """A bus is *late* by some seconds from here on; its driver may rest as much later."""

    shift: ShiftId
    late: Seconds


@dataclass(frozen=True)
class Ready:
    """
    Somebody is ready for the way back at another time: the doctor is late, or they ring.

    The bus comes from *at* on, by the end of the promised window or within *wait* if that is later.
    """

    request: RequestId
    at: Clock
    wait: Seconds


@dataclass(frozen=True)
class OutOfService:
    """
    A bus breaks down or a driver falls ill: the shift ends where it is.

    A bus between two stops is taken to reach the next one. Whoever is in it waits there for
    another one. A shift that has not begun falls out.

    With *vehicle*, the bus cannot be used any more on that day: later shifts with the same one fall
    out as well. With *driver*, later ones with the same driver do. Otherwise those are driven: the
    bus is repaired or another one comes, the driver is well again or somebody steps in.
    """

    shift: ShiftId
    vehicle: bool = False
    driver: bool = False


@dataclass(frozen=True)
class TakenOver:
    """
    Somebody else drives a shift from now on: *shift* is it with them, and its hours as planned.

    If it had come to an end, or nobody was to drive it, it is driven again, and those who were
    given up ask once more.
    """

    shift: Shift


@dataclass(frozen=True, eq=False)
class RoadsChanged:
    """
    A road is closed, or open again: from now on, drives take what *travel* says.

    *index* gives the row of every place of the day. A bus between two stops arrives as planned.
    `routing.matrix.NO_ROAD` seconds say that there is no way any more.
    """

    travel: TravelMatrix
    index: Mapping[PlaceId, int]


Event: TypeAlias = Cancelled | NoShow | Delayed | Ready | OutOfService


def happen(  # noqa: PLR0911  (one for each event)
    under_way: UnderWay, event: Event | RoadsChanged | TakenOver
) -> UnderWay:
    """
    Let *event* happen.

    Raises
    ------
    EventError
        If it is about a request or a shift of which nothing is left to do, or about roads that
        do not lead to every place of the day. `NoWayBackError` if only a way back is missing that
        it is about; `NotDueError` if nobody could have been missed yet; `TakenError`,
        `WheelchairAboardError` or `SameDriverError` if that driver cannot take a shift over.
    """
    match event:
        case Cancelled(request, way_back_only):
            return cancel(under_way, request, way_back_only=way_back_only)
        case NoShow(request):
            return miss(under_way, request)
        case Delayed(shift, late):
            return delay(under_way, shift, late)
        case Ready(request, at, wait):
            return make_ready(under_way, request, at=at, wait=wait)
        case OutOfService(shift, vehicle, driver):
            return end_shifts(under_way, shift, vehicle=vehicle, driver=driver)
        case TakenOver(shift=taken):
            return take_over(under_way, taken)
        case RoadsChanged(travel, index):
            return change_roads(under_way, travel, index)
