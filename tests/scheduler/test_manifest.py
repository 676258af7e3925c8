"""The manifest: a route and the names of its people and places, joined for one driver."""

from dataclasses import replace

import pytest

from scheduler.clock import clock
from scheduler.make_manifest import make_manifest
from scheduler.manifest import (
    Aboard,
    Manifest,
    ManifestError,
    ManifestStop,
    ManifestVisit,
    PlaceLabel,
)
from scheduler.model import Load, Mobility, Needs, TimeWindow, TripKind, VisitKind, WayBack
from scheduler.plan import Reason, Route, Unserved
from scheduler.promises import Promise
from tests.builders_manifest import (
    BACK,
    CONTACTS,
    HEADER,
    LABELS,
    OUT,
    TWO_SHIFTS,
    day,
    depot,
    made,
    plan,
    promise,
    request,
    route,
    stop,
    there_and_back,
    trip,
    visit,
)


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


def home_on_call(*promises: Promise) -> Manifest:
    """Somebody rings at the doctor's and is fetched at 11:35 at the latest."""
    planned = plan(
        route(
            depot("09:30"),
            stop("doctor", visit(BACK, 0, "11:35"), aboard=[BACK]),
            stop("home", visit(BACK, 1, "11:50")),
            depot("12:00"),
        )
    )
    rings = {"r1": request("r1", way_back=WayBack.WILL_CALL)}
    return made(planned, day(BACK), requests=rings, promises=promises)


def test_a_will_call_return_stands_on_top_with_its_latest_bus() -> None:
    """Who rings is fetched at the planned time at the latest, and the driver knows it early."""
    sheet = home_on_call()

    (call,) = sheet.on_call
    assert (call.name, call.latest, call.stop) == ("Beispiel, Erika", clock("11:35"), 1)
    assert call.place.phone == "05264 0000-10"
    assert [each.on_call for halt in sheet.stops for each in halt.visits] == [True, False]


def test_whoever_was_promised_something_gets_on_with_what_was_told() -> None:
    """In steps of five minutes, as on the telephone; nobody is told when the bus arrives."""
    sheet = made(
        there_and_back(),
        day(OUT, BACK, shifts=TWO_SHIFTS),
        promises=[promise(OUT, "08:07", "08:37")],
    )

    boarding, alighting = sheet.stops[1].visits[0], sheet.stops[2].visits[0]
    assert boarding.promised == TimeWindow(clock("08:05"), clock("08:40"))
    assert alighting.promised is None


def test_what_was_promised_to_others_stands_nowhere() -> None:
    """A promise belongs to one trip: that of the way home is on the sheet of the way home."""
    promises = [promise(BACK, "10:00", "10:30")]
    early, late = (
        made(there_and_back(), day(OUT, BACK, shifts=TWO_SHIFTS), name=name, promises=promises)
        for name in ("early", "late")
    )

    assert {v.promised for s in early.stops for v in s.visits} == {None}
    assert late.stops[1].visits[0].promised == TimeWindow(clock("10:00"), clock("10:30"))


def test_a_promised_will_call_return_has_its_window_in_the_box() -> None:
    (call,) = home_on_call(promise(BACK, "11:20", "11:50")).on_call

    assert call.promised == TimeWindow(clock("11:20"), clock("11:50"))
    assert call.latest == clock("11:35")


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


def at_one_door(*visits: ManifestVisit) -> list[tuple[VisitKind, str]]:
    """What a driver does there, in turn."""
    place = PlaceLabel("MVZ Kalletal")
    halt = ManifestStop(1, clock("08:30"), clock("08:40"), place, 0, visits, ())
    return [(visit.kind, visit.name) for visit in halt.in_turn]


def moves(kind: VisitKind, name: str, trip: TripKind = TripKind.OUTBOUND) -> ManifestVisit:
    """Somebody gets on or off."""
    return ManifestVisit(kind, trip, clock("08:30"), clock("08:32"), name, "", "", Needs())


def test_first_people_get_off_then_on() -> None:
    """Also where the plan counts it the other way round; otherwise its order stays."""
    out, into = VisitKind.DROPOFF, VisitKind.PICKUP

    assert at_one_door(
        moves(into, "Anton"), moves(out, "Berta"), moves(into, "Cesar"), moves(out, "Dora")
    ) == [(out, "Berta"), (out, "Dora"), (into, "Anton"), (into, "Cesar")]


def test_nobody_gets_off_before_having_got_on() -> None:
    """Who boards here and alights here, of one and the same trip, boards first."""
    out, into = VisitKind.DROPOFF, VisitKind.PICKUP

    assert at_one_door(moves(into, "Anton"), moves(out, "Anton")) == [
        (into, "Anton"),
        (out, "Anton"),
    ]
    assert at_one_door(moves(into, "Anton", TripKind.RETURN), moves(out, "Anton")) == [
        (out, "Anton"),
        (into, "Anton"),
    ]


def test_what_comes_after_a_wait_stays_after_it() -> None:
    """Whoever may not get off before nine does so when those who got on at half past eight sit."""
    out, into = VisitKind.DROPOFF, VisitKind.PICKUP
    late = replace(moves(out, "Berta"), begin=clock("09:00"), end=clock("09:02"))

    assert at_one_door(moves(into, "Anton"), late) == [(into, "Anton"), (out, "Berta")]


def waiting_at_the_doctor() -> Route:
    """Heinz gets off at 08:50, the bus waits at the door, Erika gets on at 09:20."""
    heinz = trip("r2", TripKind.OUTBOUND, ["home", "doctor"])
    return route(
        depot("08:00"),
        stop("home", visit(heinz, 0, "08:20"), aboard=[heinz]),
        stop("doctor", visit(heinz, 1, "08:50")),
        replace(
            stop("doctor", visit(BACK, 0, "09:20"), aboard=[BACK]), arrival=clock("08:52"), metres=0
        ),
        stop("home", visit(BACK, 1, "09:40")),
        depot("09:50"),
    )


def test_waiting_at_one_door_is_one_halt() -> None:
    """Two halts would read as if the bus drove away at 08:52; it stays until 09:22."""
    heinz = trip("r2", TripKind.OUTBOUND, ["home", "doctor"])
    sheet = made(plan(waiting_at_the_doctor()), day(heinz, BACK))

    assert [each.number for each in sheet.stops] == [None, 1, 2, 3, None]
    door = sheet.stops[2]
    assert (door.arrival, door.departure) == (clock("08:50"), clock("09:22"))
    assert [each.name for each in door.in_turn] == ["Beispiel, Heinz", "Beispiel, Erika"]
    assert door.aboard == (Aboard("Beispiel, Erika", 1),)
    # 1000 m from home to the doctor and none at the door.
    assert door.metres == 1000


def test_a_break_at_the_door_comes_between_those_who_get_off_and_on() -> None:
    heinz = trip("r2", TripKind.OUTBOUND, ["home", "doctor"])
    resting = replace(waiting_at_the_doctor(), rest=TimeWindow(clock("08:52"), clock("09:07")))
    door = made(plan(resting), day(heinz, BACK)).stops[2]

    assert door.rest is not None
    assert door.before_rest == 1
    assert [each.rest for each in made(plan(resting), day(heinz, BACK)).stops].count(None) == 4


def test_a_bus_that_comes_back_to_a_door_has_two_halts_there() -> None:
    """It has driven in between, if only round the block."""
    there = waiting_at_the_doctor()
    first, second = there.stops[2:4]
    around = replace(there, stops=(first, replace(second, arrival=clock("08:55"), metres=700)))

    assert [number for number, _ in around.numbered()] == [1, 2]


def test_a_note_stands_where_somebody_gets_on_and_where_they_come_home() -> None:
    """To ring the bell is of use at the door of the home, in the evening too; at no doctor's."""
    noted = {
        (kind, trip)
        for kind in (VisitKind.PICKUP, VisitKind.VIA, VisitKind.DROPOFF)
        for trip in (TripKind.OUTBOUND, TripKind.RETURN)
        if replace(moves(kind, "Anton", trip), note="Bitte klingeln").note_here
    }

    assert (VisitKind.DROPOFF, TripKind.RETURN) in noted
    assert (VisitKind.PICKUP, TripKind.RETURN) in noted
    assert (VisitKind.DROPOFF, TripKind.OUTBOUND) not in noted
