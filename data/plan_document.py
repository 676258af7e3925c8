"""
A plan as one JSON document, and back.

The document holds pseudonymous ids only, so that it can be shown, kept and checked again.
Times are "08:30:00" of the service day; objective and bound are `Cost.scalar`. The bound on driving
is one on driving and changes together.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from data.errors import PlanDocumentError, Rejected
from routing.geo import Point
from scheduler.clock import Clock, clock, hh_mm_ss
from scheduler.model import PlaceId, TimeWindow, TripKind, VisitKind
from scheduler.plan import (
    Cost,
    Detail,
    Plan,
    PlannedVisit,
    Reason,
    Route,
    Stop,
    Unserved,
)

FORMAT = 1
LARGEST_FILE = 10_000_000  # bytes; the plan of a village's day has 50 kB
_MOST = 2**53  # beyond it, other readers of JSON no longer tell two numbers apart

Document = dict[str, Any]
Value = TypeVar("Value")


def plan_document(
    plan: Plan,
    *,
    region: str,
    points: Mapping[PlaceId, Point],
    rejected: Iterable[Rejected] = (),
) -> Document:
    """
    Write a plan as what `json` can write.

    Parameters
    ----------
    points
        Where the places of the plan are.
    rejected
        What was wrong with the rows that are not in the plan. Their values stay out: they
        may name people.
    """
    return {
        "format": FORMAT,
        "date": plan.date.isoformat(),
        "region": region,
        "status": "optimal" if plan.proven else "feasible",
        "objective": plan.cost.scalar,
        "bound": plan.bound.scalar,
        "gap": plan.gap,
        "unserved_weight": plan.cost.unserved_weight,
        "unserved_weight_bound": plan.bound.unserved_weight,
        "driving_seconds": plan.cost.driving,
        "changes_seconds": plan.cost.changes,
        "driving_seconds_bound": plan.bound.seconds,
        "seed": plan.seed,
        "routes": [_route(route, points) for route in plan.routes],
        "unserved": [
            {
                "request": unserved.request,
                "reason": unserved.reason.value,
                "detail": _detail(unserved.detail),
            }
            for unserved in plan.unserved
        ],
        "rejected": [
            {"row": fault.row, "field": fault.field, "message": fault.message} for fault in rejected
        ],
    }


def read_plan_file(file: Path) -> tuple[Document, Plan]:
    """
    Read a plan from a file, and all that the file says besides.

    Raises
    ------
    PlanDocumentError
        If it is anything else.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        msg = f"Die Datei „{file}“ kann nicht gelesen werden."
        raise PlanDocumentError(msg) from error
    if len(content) > LARGEST_FILE:
        msg = f"„{file}“ ist zu groß für einen Plan: erlaubt sind {LARGEST_FILE // 1_000_000} MB."
        raise PlanDocumentError(msg)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        msg = f"„{file}“ ist kein JSON."
        raise PlanDocumentError(msg) from error
    return document, read_plan_document(document)


def read_plan_document(document: object) -> Plan:
    """
    Read what `plan_document` wrote. What it says about itself is not believed, only read.

    Raises
    ------
    PlanDocumentError
        If it is anything else; the message names the place, such as "routes[0].stops[2]".
    """
    top = _Node(document, "")
    if (form := top.get("format", int)) != FORMAT:
        msg = f"Der Plan hat das Format {form}; dieses Programm liest Format {FORMAT}."
        raise PlanDocumentError(msg)
    return Plan(
        date=top.read("date", date.fromisoformat),
        routes=tuple(_read_route(node) for node in top.list("routes")),
        unserved=tuple(
            Unserved(
                node.get("request", str),
                node.read("reason", Reason),
                _read_detail(node.child("detail")),
            )
            for node in top.list("unserved")
        ),
        cost=Cost(
            top.count("unserved_weight"),
            top.count("driving_seconds"),
            # Documents of before changes counted do not have it.
            top.count("changes_seconds") if top.has("changes_seconds") else 0,
        ),
        bound=Cost(top.count("unserved_weight_bound"), top.count("driving_seconds_bound")),
        seed=top.get("seed", int),
    )


def _route(route: Route, points: Mapping[PlaceId, Point]) -> Document:
    return {
        "shift": route.shift,
        "vehicle": route.vehicle,
        "driver": route.driver,
        "metres": route.metres,
        "rest": _window(route.rest),
        "stops": [
            {
                "place": stop.place,
                "lat": points[stop.place].lat,
                "lon": points[stop.place].lon,
                "arrival": hh_mm_ss(stop.arrival),
                "departure": hh_mm_ss(stop.departure),
                "metres": stop.metres,
                "visits": [
                    {
                        "trip": visit.trip,
                        "request": visit.request,
                        "kind": visit.kind.value,
                        "begin": hh_mm_ss(visit.begin),
                        "end": hh_mm_ss(visit.end),
                    }
                    for visit in stop.visits
                ],
                "aboard": list(stop.aboard),
                # Plans of before the day have none, nor had any when nobody wrote it down.
                **({"held_up": stop.held_up} if stop.held_up else {}),
            }
            for stop in route.stops
        ],
    }


def _read_route(node: "_Node") -> Route:
    rest = node.child("rest")
    return Route(
        shift=node.get("shift", str),
        vehicle=node.get("vehicle", str),
        driver=node.get("driver", str),
        stops=tuple(_read_stop(stop) for stop in node.list("stops")),
        rest=_read_window(rest) if rest.value is not None else None,
    )


def _read_stop(node: "_Node") -> Stop:
    return Stop(
        place=node.get("place", str),
        arrival=node.read("arrival", clock),
        departure=node.read("departure", clock),
        metres=node.get("metres", int),
        visits=tuple(
            PlannedVisit(
                trip=visit.get("trip", str),
                request=visit.get("request", str),
                kind=visit.read("kind", VisitKind),
                begin=visit.read("begin", clock),
                end=visit.read("end", clock),
            )
            for visit in node.list("visits")
        ),
        aboard=tuple(trip.of(str) for trip in node.list("aboard")),
        held_up=node.maybe("held_up", lambda each: each.of(int)) or 0,
    )


def _detail(detail: Detail) -> Document:
    """Only what is given: most reasons need one or two figures."""
    document = {
        name: value for name, value in asdict(detail).items() if value not in (None, "", ())
    }
    if detail.wanted is not None:
        document["wanted"] = _window(detail.wanted)
    if detail.hours:
        document["hours"] = [_window(hours) for hours in detail.hours]
    if detail.also:
        document["also"] = [reason.value for reason in detail.also]
    return document


def _read_detail(node: "_Node") -> Detail:
    return Detail(
        trip=node.maybe("trip", lambda child: child.parse(TripKind)),
        place=node.maybe("place", lambda child: child.of(str)),
        wanted=node.maybe("wanted", _read_window),
        hours=tuple(node.maybe("hours", lambda each: map(_read_window, each.items())) or ()),
        needed=node.maybe("needed", lambda child: child.of(int)),
        limit=node.maybe("limit", lambda child: child.of(int)),
        text=node.maybe("text", lambda child: child.of(str)) or "",
        also=tuple(
            node.maybe("also", lambda each: [item.parse(Reason) for item in each.items()]) or ()
        ),
    )


def _window(window: TimeWindow | None) -> Document | None:
    if window is None:
        return None
    return {"begin": hh_mm_ss(window.earliest), "end": hh_mm_ss(window.latest)}


def _read_window(node: "_Node") -> TimeWindow:
    begin: Clock = node.read("begin", clock)
    end: Clock = node.read("end", clock)
    try:
        return TimeWindow(begin, end)
    except ValueError:
        raise node.wrong("endet, bevor es beginnt") from None


class _Node:
    """One place in a document, which knows where it is."""

    def __init__(self, value: object, path: str) -> None:
        self.value = value
        self.path = path

    def wrong(self, what: str) -> PlanDocumentError:
        return PlanDocumentError(f"Kein Tagesplan: {self.path or 'das Ganze'} {what}.")

    def of(self, kind: type[Value]) -> Value:
        # JSON's true is an int to Python, and no count here.
        if not isinstance(self.value, kind) or isinstance(self.value, bool):
            raise self.wrong(f"ist {_WORDS.get(type(self.value), 'etwas anderes')}")
        return self.value

    def parse(self, parse: Callable[[str], Value]) -> Value:
        text = self.of(str)
        try:
            return parse(text)
        except ValueError:
            raise self.wrong(f"ist „{text[:40]}“") from None

    def child(self, key: str) -> "_Node":
        table = self.of(dict)
        child = _Node(table.get(key), f"{self.path}.{key}".removeprefix("."))
        if key not in table:
            raise child.wrong("fehlt")
        return child

    def get(self, key: str, kind: type[Value]) -> Value:
        return self.child(key).of(kind)

    def count(self, key: str) -> int:
        child = self.child(key)
        if abs(number := child.of(int)) > _MOST:
            raise child.wrong("ist zu groß")
        return number

    def has(self, key: str) -> bool:
        return key in self.of(dict)

    def read(self, key: str, parse: Callable[[str], Value]) -> Value:
        return self.child(key).parse(parse)

    def maybe(self, key: str, read: Callable[["_Node"], Value]) -> Value | None:
        return None if self.of(dict).get(key) is None else read(self.child(key))

    def items(self) -> Iterable["_Node"]:
        return [
            _Node(value, f"{self.path}[{number}]") for number, value in enumerate(self.of(list))
        ]

    def list(self, key: str) -> Iterable["_Node"]:
        return self.child(key).items()


_WORDS = {dict: "ein Objekt", list: "eine Liste", str: "ein Text", type(None): "leer"}
