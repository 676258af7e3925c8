"""What can be said to have happened on a day, and letting it happen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from api.errors import EventRefusedError
from data.closed_roads import ClosedRoad, travel_without
from data.plan_document import Document
from data.region import Region
from routing.closing import CLOSE, roads_near
from routing.errors import NetworkError
from routing.geo import Point
from routing.units import Metres
from scheduler.errors import NotDueError, NoWayBackError
from scheduler.events import (
    Cancelled,
    Delayed,
    Event,
    EventError,
    NoShow,
    OutOfService,
    Ready,
    RoadsChanged,
    happen,
)
from scheduler.under_way import UnderWay


@dataclass(frozen=True)
class RoadClosed:
    """All roads near a point are closed from now on."""

    point: Point
    metres: Metres = CLOSE


# What can be said to have happened.
Happening: TypeAlias = Event | RoadClosed

KINDS: Mapping[type[Happening], str] = {
    Cancelled: "cancelled",
    NoShow: "no_show",
    Delayed: "delayed",
    Ready: "ready",
    OutOfService: "out_of_service",
    RoadClosed: "road_closed",
}

# What is no report, but kept as one: the version of a day that begins, in which nothing happened
# but promises and cancellations until then; and the one that takes the last report back.
CAUGHT_UP = "caught_up"
TAKEN_BACK = "taken_back"


def is_report(happened: Document) -> bool:
    """Whether somebody said that this has happened; *happened* is as it is kept with a version."""
    return happened["kind"] in KINDS.values()


def is_taking_back(happened: Document) -> bool:
    """Whether this took a report back; its *version* is the one that the report had led to."""
    return bool(happened["kind"] == TAKEN_BACK)


def happening_document(event: Happening) -> Document:
    """Write down what happened, as what `json` can write."""
    return {"kind": KINDS[type(event)], **asdict(event)}


def let_happen(
    under_way: UnderWay, region: Region, event: Happening, closed: tuple[ClosedRoad, ...]
) -> tuple[UnderWay, tuple[ClosedRoad, ...]]:
    """
    Let *event* happen; returns the day after it, and all roads that are closed by then.

    Raises
    ------
    EventRefusedError
        In German, if it cannot have happened then, or to them.
    """
    try:
        if isinstance(event, RoadClosed):
            return _close(under_way, region, event, closed)
        return happen(under_way, event), closed
    except EventError as error:
        day = f"{under_way.whole.date:%d.%m.%Y}"
        raise _refused(event, day, error) from error


def _close(
    under_way: UnderWay, region: Region, event: RoadClosed, closed: Sequence[ClosedRoad]
) -> tuple[UnderWay, tuple[ClosedRoad, ...]]:
    """Close roads, beside those that are *closed* already."""
    if not len(roads_near(region.network, event.point, event.metres)):
        msg = f"Im Umkreis von {event.metres} m gibt es dort keine Straße."
        raise EventRefusedError(msg)
    whole = under_way.whole
    # Whoever sets off at this very second is still on the old roads.
    every = (*closed, ClosedRoad(event.point, under_way.now + 1, event.metres))
    points = {name: place.point for name, place in whole.places.items()}
    try:
        travel = travel_without(region.network, every, points)
    except NetworkError as error:
        msg = f"Im Umkreis von {event.metres} m liegen alle Straßen der Karte."
        raise EventRefusedError(msg) from error
    index = {name: number for number, name in enumerate(points)}
    return happen(under_way, RoadsChanged(travel, index)), every


def _refused(event: Happening, day: str, error: EventError) -> EventRefusedError:
    """Say in German what an event is about that the rest of the day does not know."""
    match event:
        case NoShow(request=name) if isinstance(error, NotDueError):
            text = "{} war noch nicht dran: Der Bus ist noch nicht dort."
            return EventRefusedError(text, name)
        case Cancelled(request=name) if isinstance(error, NoWayBackError):
            return EventRefusedError(f"{{}} hat am {day} keine Rückfahrt vor sich.", name)
        case RoadClosed():
            return EventRefusedError(f"Diese Straße kann am {day} nicht gesperrt werden.")
        case Delayed(shift=name) | OutOfService(shift=name):
            return EventRefusedError(f"Am {day} gibt es keinen Dienst „{name}“.")
        case Ready(request=name):
            return EventRefusedError(f"{{}} hat am {day} keine Rückfahrt mehr vor sich.", name)
        case Cancelled(request=name) | NoShow(request=name):
            return EventRefusedError(f"Für {{}} ist am {day} nichts mehr zu fahren.", name)
