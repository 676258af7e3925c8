"""The manifest: a route and the names of its people and places, joined for one driver."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.geo import Point
from routing.matrix import TravelMatrix
from routing.units import HOUR, MINUTE
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.manifest import (
    Aboard,
    Contact,
    Header,
    Manifest,
    ManifestError,
    PlaceLabel,
    arrange_seats,
    make_manifest,
)
from scheduler.model import (
    WHOLE_DAY,
    Journey,
    Load,
    Mobility,
    Needs,
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
from scheduler.plan import Cost, Plan, PlannedVisit, Reason, Route, Stop, Unserved

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


def made(
    planned: Plan,
    of: Day,
    *,
    requests: Mapping[RequestId, Request] | None = None,
    name: str = "early",
    cancelled: Sequence[RequestId] = (),
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


def test_stops_with_visits_are_numbered_and_depots_are_not() -> None:
    """The driver counts halts at which somebody gets on or off."""
    sheet = made(there_and_back(), day(OUT, BACK, shifts=TWO_SHIFTS))

    assert [each.number for each in sheet.stops] == [None, 1, 2, None]
    assert [each.place.name for each in sheet.stops] == [
        "Depot",
        "Beispielstraße 3",
        "MVZ Kalletal",
        "Depot",
    ]


def test_whoever_gets_on_comes_with_name_phone_note_goal_and_appointment() -> None:
    """All that the driver needs at the door stands with the boarding."""
    sheet = made(there_and_back(), day(OUT, BACK, shifts=TWO_SHIFTS))

    boarding = sheet.stops[1].visits[0]
    assert boarding.kind is VisitKind.PICKUP
    assert (boarding.name, boarding.phone, boarding.note) == (
        "Beispiel, Erika",
        "05264 0000-1",
        "Bitte klingeln.",
    )
    assert boarding.goes_to == "MVZ Kalletal"
    assert boarding.appointment == clock("09:00")
    assert boarding.back_at is None


def test_whoever_gets_off_can_be_told_when_any_bus_fetches_them_again() -> None:
    """The way home is in another shift, and is told nevertheless."""
    sheet = made(there_and_back(), day(OUT, BACK, shifts=TWO_SHIFTS))

    alighting = sheet.stops[2].visits[0]
    assert alighting.kind is VisitKind.DROPOFF
    assert alighting.back_at == clock("10:10")
    assert alighting.goes_to == ""


def test_nobody_is_fetched_again_after_the_way_home() -> None:
    """The last alighting promises no further bus, and the way home has no appointment."""
    sheet = made(there_and_back(), day(OUT, BACK, shifts=TWO_SHIFTS), name="late")

    assert sheet.stops[2].visits[0].back_at is None
    assert sheet.stops[1].visits[0].appointment is None


def test_a_passenger_with_two_companions_counts_as_three_heads_aboard() -> None:
    """Names are listed once, heads are counted."""
    family = trip("r2", TripKind.OUTBOUND, ["home", "doctor"], load=Load(3))
    planned = plan(
        route(
            depot("08:00"),
            stop(
                "home",
                visit(OUT, 0, "08:20"),
                visit(family, 0, "08:22"),
                aboard=[OUT, family],
            ),
            stop("doctor", visit(OUT, 1, "08:50"), visit(family, 1, "08:52")),
            depot("09:00", metres=500),
        )
    )
    sheet = made(planned, day(OUT, family))

    assert sheet.stops[1].aboard == (Aboard("Beispiel, Erika", 1), Aboard("Beispiel, Heinz", 3))
    assert sheet.stops[1].people_aboard == 1 + 3
    assert sheet.stops[2].people_aboard == 0
    assert (sheet.passengers, sheet.boardings) == (2, 1 + 3)
    assert sheet.metres == 1000 + 1000 + 500


def test_a_will_call_return_stands_on_top_with_its_latest_bus() -> None:
    """Who rings is fetched at the planned time at the latest, and the driver knows it early."""
    planned = plan(
        route(
            depot("09:30"),
            stop("doctor", visit(BACK, 0, "11:35"), aboard=[BACK]),
            stop("home", visit(BACK, 1, "11:50")),
            depot("12:00"),
        )
    )
    rings = {"r1": request("r1", way_back=WayBack.WILL_CALL)}
    sheet = made(planned, day(BACK), requests=rings)

    (call,) = sheet.on_call
    assert (call.name, call.latest, call.stop) == ("Beispiel, Erika", clock("11:35"), 1)
    assert call.place.phone == "05264 0000-10"
    assert [each.on_call for halt in sheet.stops for each in halt.visits] == [True, False]


def test_before_a_will_call_return_the_alighting_is_marked_and_not_listed() -> None:
    """There the driver says how the way home works; the list on top has the boardings only."""
    rings = {"r1": request("r1", way_back=WayBack.WILL_CALL)}
    sheet = made(there_and_back(), day(OUT, BACK, shifts=TWO_SHIFTS), requests=rings)

    assert sheet.on_call == ()
    assert [each.on_call for halt in sheet.stops for each in halt.visits] == [False, True]


def test_at_a_via_the_passenger_stays_aboard_in_the_count() -> None:
    """The bus waits at the pharmacy; the seat stays taken."""
    over = trip("r1", TripKind.RETURN, ["doctor", "pharmacy", "home"])
    planned = plan(
        route(
            stop("doctor", visit(over, 0, "10:00"), aboard=[over]),
            stop("pharmacy", visit(over, 1, "10:10", minutes=10), aboard=[over]),
            stop("home", visit(over, 2, "10:30")),
        )
    )
    sheet = made(planned, day(over))

    waiting = sheet.stops[1]
    assert waiting.visits[0].kind is VisitKind.VIA
    assert waiting.people_aboard == 1
    assert (sheet.passengers, sheet.boardings) == (1, 1)


def test_a_break_after_the_last_alighting_belongs_to_that_halt() -> None:
    """The bus stands where it emptied, and the driver rests there."""
    first = stop("doctor", visit(OUT, 1, "08:50"))
    planned = plan(
        route(
            depot("08:00"),
            stop("home", visit(OUT, 0, "08:20"), aboard=[OUT]),
            replace(first, departure=clock("09:30")),
            depot("09:40"),
            rest=TimeWindow(clock("09:00"), clock("09:30")),
        )
    )
    sheet = made(planned, day(OUT))

    rest = sheet.stops[2].rest
    assert rest is not None
    assert not rest.first
    assert [halt.rest is not None for halt in sheet.stops] == [False, False, True, False]


def test_a_break_before_boarding_comes_first_at_its_halt() -> None:
    """The driver rests on arrival and lets people in afterwards."""
    second = stop("home", visit(OUT, 0, "09:30"), aboard=[OUT])
    planned = plan(
        route(
            depot("08:00"),
            replace(second, arrival=clock("08:20")),
            stop("doctor", visit(OUT, 1, "09:50")),
            depot("10:00"),
            rest=TimeWindow(clock("09:00"), clock("09:30")),
        )
    )
    rest = made(planned, day(OUT)).stops[1].rest

    assert rest is not None
    assert rest.first


def test_a_break_at_the_depot_before_leaving_is_shown_there() -> None:
    """A break may begin before the bus has gone anywhere."""
    planned = plan(
        route(
            replace(depot("08:00"), arrival=clock("08:30"), departure=clock("08:30")),
            stop("home", visit(OUT, 0, "08:40"), aboard=[OUT]),
            stop("doctor", visit(OUT, 1, "08:50")),
            depot("09:00"),
            rest=TimeWindow(clock("08:00"), clock("08:30")),
        )
    )
    assert made(planned, day(OUT)).stops[0].rest is not None


def test_a_shift_without_rides_gives_an_empty_sheet() -> None:
    """No stop, nobody, no way: but still a sheet with a head."""
    sheet = made(plan(route()), day())

    assert sheet.stops == ()
    assert (sheet.passengers, sheet.boardings, sheet.metres) == (0, 0, 0)
    assert sheet.header.driver == "Beispiel, Karl"
    assert sheet.hours == TimeWindow(clock("08:00"), clock("12:00"))


def test_who_cancelled_is_named_so_that_nobody_drives_there() -> None:
    """An older sheet may still lie in the bus."""
    sheet = made(plan(route()), day(), cancelled=["r3"])

    assert [contact.name for contact in sheet.cancelled] == ["Beispiel, Berta"]


def test_who_is_unserved_does_not_stand_on_the_sheet() -> None:
    """That is the dispatcher's business, and nobody else's."""
    planned = replace(there_and_back(), unserved=(Unserved("r3", Reason.NO_ROOM_FOUND),))
    sheet = made(planned, day(OUT, BACK, shifts=TWO_SHIFTS))

    assert "Berta" not in repr(sheet)


def test_needs_come_from_the_request() -> None:
    """A walker takes a seat like anybody else, so the load alone cannot tell."""
    needy = {"r1": request("r1", needs=Needs(Mobility.WALKER, companions=1))}
    sheet = made(there_and_back(), day(OUT, BACK, shifts=TWO_SHIFTS), requests=needy)

    assert sheet.stops[1].visits[0].needs == Needs(Mobility.WALKER, companions=1)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"contacts": {}}, "no contact for 'r1'"),
        ({"requests": {}}, "no request for 'r1'"),
        ({"labels": {"depot": LABELS["depot"]}}, "no label for 'home'"),
        ({"shift_id": "night"}, "no shift 'night', only early, late"),
        ({"cancelled": ["r9"]}, "no contact for 'r9'"),
    ],
)
def test_what_nobody_has_described_is_an_error_that_names_it(
    what: dict[str, object], words: str
) -> None:
    """A sheet with a blank name would send a driver to nobody."""
    given_: dict[str, object] = {
        "shift_id": "early",
        "header": HEADER,
        "requests": {"r1": request("r1")},
        "contacts": CONTACTS,
        "labels": LABELS,
    }
    with pytest.raises(ManifestError, match=words):
        make_manifest(
            there_and_back(),
            day(OUT, BACK, shifts=TWO_SHIFTS),
            **(given_ | what),  # type: ignore[arg-type]
        )


def test_the_wheelchair_place_is_set_up_where_it_is_first_needed() -> None:
    """Six seats are needed before, so the bus cannot leave with the place set up."""
    seatings = arrange_seats([Load(6), Load(1), Load(1, 1), Load(0)], [Load(8), Load(5, 1)])

    assert seatings == (Load(8), Load(8), Load(5, 1), Load(5, 1))


def test_an_arrangement_that_does_all_day_is_set_up_in_the_depot() -> None:
    """Nobody rebuilds seats in the rain when it can be done before."""
    seatings = arrange_seats([Load(0), Load(2), Load(1, 1), Load(5)], [Load(8), Load(5, 1)])

    assert seatings == (Load(5, 1),) * 4


def test_only_changes_of_the_seats_stand_on_the_sheet() -> None:
    """The first stop says how to begin, the rest stays silent until something changes."""
    wheelchair = trip("r2", TripKind.OUTBOUND, ["home", "doctor"], load=Load(0, 1))
    crowd = trip("r3", TripKind.OUTBOUND, ["home", "doctor"], load=Load(7))
    planned = plan(
        route(
            depot("08:00"),
            stop("home", visit(crowd, 0, "08:10"), aboard=[crowd]),
            stop("doctor", visit(crowd, 1, "08:20")),
            stop("home", visit(wheelchair, 0, "08:30"), aboard=[wheelchair]),
            stop("doctor", visit(wheelchair, 1, "08:40")),
            depot("09:00"),
        )
    )
    sheet = made(planned, day(wheelchair, crowd))

    assert [halt.seating for halt in sheet.stops] == [
        Load(8),
        None,
        None,
        Load(5, 1),
        None,
        None,
    ]


def test_a_load_that_no_arrangement_holds_is_an_error() -> None:
    """Such a plan would have failed the check; a sheet must not hide it."""
    with pytest.raises(ManifestError, match="No seat configuration has room"):
        arrange_seats([Load(9)], [Load(8), Load(5, 1)])


PLACES = [Load(8), Load(5, 1), Load(2, 2)]


@given(
    st.lists(
        st.builds(Load, st.integers(0, 2), st.integers(0, 2))
        | st.builds(Load, st.integers(0, 5), st.integers(0, 1))
        | st.builds(Load, st.integers(0, 8)),
        max_size=7,
    )
)
def test_seats_fit_on_every_leg_with_the_fewest_changes(loads: list[Load]) -> None:
    """Compared with the fewest changes found leg by leg (dynamic programming)."""
    seatings = arrange_seats(loads, PLACES)

    assert len(seatings) == len(loads)
    assert all(load.fits(seating) for load, seating in zip(loads, seatings, strict=True))
    fewest = dict.fromkeys(PLACES, 0)
    for load in loads:
        fewest = {
            here: min(changes + (there != here) for there, changes in fewest.items())
            for here in PLACES
            if load.fits(here)
        }
    changes = sum(a != b for a, b in pairwise(seatings))
    assert changes == min(fewest.values())
