"""A route and the names of its people and places, for tests of what the driver reads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from routing.geo import Point
from routing.matrix import TravelMatrix
from routing.units import HOUR, MINUTE
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.make_manifest import make_manifest
from scheduler.manifest import Contact, Header, Manifest, PlaceLabel
from scheduler.model import (
    WHOLE_DAY,
    Journey,
    Load,
    Place,
    PlaceKind,
    Request,
    RequestId,
    Shift,
    TimeWindow,
    Trip,
    TripKind,
    Vehicle,
    Visit,
    VisitKind,
    WayBack,
)
from scheduler.plan import Cost, Plan, PlannedVisit, Route, Stop, Unserved
from scheduler.promises import Promise

TUESDAY = date(2027, 3, 2)
HEADER = Header(
    region="Bürgerbus Kalletal",
    shift="Vormittag",
    driver="Beispiel, Karl",
    vehicle="Bus 1",
    version="3",
    printed=datetime(2027, 3, 1, 17, 5),  # noqa: DTZ001 (local time, as on paper)
    dispatch_phone="05264 0000-0",
)
LABELS = {
    "depot": PlaceLabel("Depot"),
    "home": PlaceLabel("Beispielstraße 3", "32689 Kalletal-Talle"),
    "doctor": PlaceLabel("MVZ Kalletal", "Roter Lith 3a", "05264 0000-10"),
    "pharmacy": PlaceLabel("Beispiel-Apotheke"),
}
CONTACTS = {
    "r1": Contact("Beispiel, Erika", "05264 0000-1", "Bitte klingeln."),
    "r2": Contact("Beispiel, Heinz"),
    "r3": Contact("Beispiel, Berta"),
}


def request(name: RequestId, **changed: object) -> Request:
    """From home to the doctor at nine, and back."""
    fields: dict[str, object] = {
        "id": name,
        "origin": "home",
        "destination": "doctor",
        "appointment": clock("09:00"),
        "way_back": WayBack.AFTER_STAY,
    }
    return Request(**(fields | changed))  # type: ignore[arg-type]


def trip(
    owner: RequestId, kind: TripKind, path: Sequence[str], *, load: Load | None = None
) -> Trip:
    """A trip of *owner* along *path*, at any time."""
    kinds = [VisitKind.PICKUP, *[VisitKind.VIA] * (len(path) - 2), VisitKind.DROPOFF]
    return Trip(
        id=f"{owner}-{kind.value}",
        request=owner,
        kind=kind,
        visits=tuple(
            Visit(kind, place, WHOLE_DAY, 2 * MINUTE)
            for kind, place in zip(kinds, path, strict=True)
        ),
        longest_rides=(HOUR,) * (len(path) - 1),
        load=load or Load(1),
    )


def visit(of: Trip, at: int, begin: str, *, minutes: int = 2) -> PlannedVisit:
    """The visit number *at* of a trip, in time."""
    start = clock(begin)
    return PlannedVisit(of.id, of.request, of.visits[at].kind, start, start + minutes * MINUTE)


def stop(place: str, *visits: PlannedVisit, aboard: Sequence[Trip] = ()) -> Stop:
    """A halt of just the length of its visits, a kilometre after the one before."""
    return Stop(
        place,
        arrival=visits[0].begin,
        departure=visits[-1].end,
        metres=1000,
        visits=visits,
        aboard=tuple(each.id for each in aboard),
    )


def depot(moment: str, *, metres: int = 0) -> Stop:
    """The bus at its depot."""
    return Stop("depot", clock(moment), clock(moment), metres)


def shift(name: str = "early", *configurations: Load) -> Shift:
    """From eight to twelve, in a bus of eight seats."""
    return Shift(
        id=name,
        vehicle=Vehicle("bus", configurations or (Load(8), Load(5, 1))),
        driver="d1",
        hours=TimeWindow(clock("08:00"), clock("12:00")),
        start_place="depot",
        end_place="depot",
    )


def day(*trips: Trip, shifts: Sequence[Shift] = ()) -> Day:
    """A day on which every place is one minute from every other."""
    places = {name: Place(name, PlaceKind.OTHER, Point(52.1, 9.0)) for name in LABELS}
    minutes = np.full((len(places), len(places)), MINUTE, dtype=np.int64)
    np.fill_diagonal(minutes, 0)
    requests = dict.fromkeys(each.request for each in trips)
    return Day(
        date=TUESDAY,
        journeys=tuple(
            Journey(owner, (tuple(t.id for t in trips if t.request == owner),), 1)
            for owner in requests
        ),
        trips=trips,
        shifts=tuple(shifts) or (shift(),),
        places=places,
        travel=TravelMatrix(minutes, minutes),
        index={name: at for at, name in enumerate(places)},
    )


def plan(*routes: Route, unserved: Sequence[Unserved] = ()) -> Plan:
    """A plan of these routes."""
    return Plan(TUESDAY, routes, tuple(unserved), Cost(0, 1), Cost(0, 1))


def route(*stops: Stop, name: str = "early", rest: TimeWindow | None = None) -> Route:
    """What the shift *name* drives."""
    return Route(name, "bus", "d1", stops, rest)


def promise(of: Trip, earliest: str, latest: str) -> Promise:
    """To be picked up between these."""
    pickup, *others = of.visits
    window = TimeWindow(clock(earliest), clock(latest))
    visits = (replace(pickup, window=window), *others)
    return Promise(of.request, (replace(of, visits=visits),), 1)


def made(
    planned: Plan,
    of: Day,
    *,
    requests: Mapping[RequestId, Request] | None = None,
    name: str = "early",
    cancelled: Sequence[RequestId] = (),
    promises: Sequence[Promise] = (),
) -> Manifest:
    """The manifest, where only the plan matters."""
    return make_manifest(
        planned,
        of,
        name,
        header=HEADER,
        requests=requests or {owner: request(owner) for owner in CONTACTS},
        contacts=CONTACTS,
        labels=LABELS,
        cancelled=cancelled,
        promises=promises,
    )


OUT = trip("r1", TripKind.OUTBOUND, ["home", "doctor"])
BACK = trip("r1", TripKind.RETURN, ["doctor", "home"])


def there_and_back() -> Plan:
    """Erika to the doctor by the early bus, and home by the late one."""
    return plan(
        route(
            depot("08:00"),
            stop("home", visit(OUT, 0, "08:20"), aboard=[OUT]),
            stop("doctor", visit(OUT, 1, "08:50")),
            depot("09:00", metres=500),
        ),
        route(
            depot("09:30"),
            stop("doctor", visit(BACK, 0, "10:10"), aboard=[BACK]),
            stop("home", visit(BACK, 1, "10:40")),
            depot("11:00"),
            name="late",
        ),
    )


TWO_SHIFTS = (shift("early"), shift("late"))
