"""What can be said to have happened on a day, and letting it happen."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from api.errors import EventRefusedError
from data.closed_roads import ClosedRoad, travel_without
from data.plan_document import Document
from data.region import Region
from data.roster import Decision, ShiftChange
from routing.closing import CLOSE, roads_near
from routing.errors import NetworkError
from routing.geo import Point
from routing.units import Metres
from scheduler.clock import hh_mm
from scheduler.errors import (
    NotDueError,
    NotThereError,
    NoWayBackError,
    OverError,
    SameDriverError,
    TakenError,
    WheelchairAboardError,
)
from scheduler.events import (
    Cancelled,
    Delayed,
    Event,
    EventError,
    NoShow,
    OutOfService,
    Ready,
    RoadsChanged,
    TakenOver,
    happen,
)
from scheduler.model import DriverId, Shift, ShiftId
from scheduler.under_way import UnderWay


@dataclass(frozen=True)
class RoadClosed:
    """All roads near a point are closed from now on."""

    point: Point
    metres: Metres = CLOSE


@dataclass(frozen=True)
class Substitute:
    """Another driver takes a shift over, also one that had come to an end."""

    shift: ShiftId
    driver: DriverId


# What can be said to have happened.
Happening: TypeAlias = Event | RoadClosed | Substitute

KINDS: Mapping[type[Happening], str] = {
    Cancelled: "cancelled",
    NoShow: "no_show",
    Delayed: "delayed",
    Ready: "ready",
    OutOfService: "out_of_service",
    Substitute: "substitute",
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
        if isinstance(event, Substitute):
            shift = driven_by(region, under_way.whole.date, event)
            return happen(under_way, TakenOver(shift)), closed
        return happen(under_way, event), closed
    except EventError as error:
        day = f"{under_way.whole.date:%d.%m.%Y}"
        raise _refused(event, region, day, error) from error


def driven_by(region: Region, day: dt.date, event: Substitute) -> Shift:
    """
    Give the shift as the roster has it, with the substitute as its driver.

    Raises
    ------
    EventRefusedError
        In German, if there is no such shift or driver, or they may not drive.
    """
    pattern = next((each for each in region.roster.patterns if each.id == event.shift), None)
    driver = region.roster.drivers.get(event.driver)
    if pattern is None:
        raise EventRefusedError(_no_shift(f"{day:%d.%m.%Y}", event.shift))
    if driver is None:
        msg = f"Im Dienstplan gibt es niemanden mit dem Kürzel „{event.driver}“."
        raise EventRefusedError(msg)
    if not driver.may_drive(day):
        until = f"{driver.licence_until:%d.%m.%Y}"
        raise EventRefusedError(f"Der P-Schein von {driver.name} gilt nur bis {until}.")
    change = ShiftChange(day, pattern.id, Decision.DRIVEN, driver.id)
    changes = {**region.roster.changes, (day, pattern.id): change}
    shifts = region.roster.changed(changes.values()).shifts(day)
    shift = next((each for each in shifts if each.id == pattern.id), None)
    if shift is None:
        raise EventRefusedError(region.fleet[pattern.vehicle].absence(day))
    return shift


def _not_taken_over(event: Substitute, region: Region, day: str, error: EventError) -> str:
    driver = region.driver_label(event.driver)
    label = region.shift_label(event.shift)
    match error:
        case TakenError(shift=other, by_driver=True):
            return f"{driver} fährt dann schon {region.shift_label(other)}."
        case TakenError(shift=other):
            return f"Der Bus von {label} fährt dann schon {region.shift_label(other)}."
        case WheelchairAboardError():
            return (
                f"Im Bus von {label} sitzt gerade jemand im Rollstuhl, und {driver} nimmt keinen "
                "Rollstuhl mit. Übernehmen kann, wer das tut, oder nach dem Aussteigen."
            )
        case SameDriverError():
            return f"{driver} fährt {label} am {day} schon."
        case OverError():
            return f"{label} ist am {day} schon zu Ende."
    return f"{label} kann am {day} nicht übernommen werden."


def _no_shift(day: str, shift: ShiftId) -> str:
    return f"Am {day} gibt es keinen Dienst „{shift}“."


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


def _refused(  # noqa: PLR0911  (one for each event)
    event: Happening, region: Region, day: str, error: EventError
) -> EventRefusedError:
    """Say in German what an event is about that the rest of the day does not know."""
    match event:
        case Substitute():
            return EventRefusedError(_not_taken_over(event, region, day, error))
        case NoShow(request=name) if isinstance(error, NotDueError):
            text = "{} war noch nicht dran: Der Bus ist noch nicht dort."
            return EventRefusedError(text, name)
        case Cancelled(request=name) if isinstance(error, NoWayBackError):
            return EventRefusedError(f"{{}} hat am {day} keine Rückfahrt vor sich.", name)
        case RoadClosed():
            return EventRefusedError(f"Diese Straße kann am {day} nicht gesperrt werden.")
        case Delayed(shift=name) | OutOfService(shift=name):
            return EventRefusedError(_no_shift(day, name))
        case Ready(request=name, at=at) if isinstance(error, NotThereError):
            there = f"{{}} war nach dem Plan erst um {hh_mm(error.there)} dort"
            return EventRefusedError(f"{there}, und kann nicht um {hh_mm(at)} fertig sein.", name)
        case Ready(request=name):
            return EventRefusedError(f"{{}} hat am {day} keine Rückfahrt mehr vor sich.", name)
        case Cancelled(request=name) | NoShow(request=name):
            return EventRefusedError(f"Für {{}} ist am {day} nichts mehr zu fahren.", name)
