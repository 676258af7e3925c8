"""From a request to trips: windows, ride limits, pharmacies, the way back."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.units import MINUTE
from scheduler.clock import clock, hh_mm
from scheduler.model import (
    Load,
    Mobility,
    Needs,
    PlaceKind,
    Request,
    Trip,
    TripKind,
    Visit,
    VisitKind,
    WayBack,
)
from scheduler.options import ANY_TIME, Option, make_options, narrow
from scheduler.policy import Policy
from tests.builders_days import (
    ROAD,
    make_places,
    make_policy,
    make_request,
    road,
    window,
    with_hours,
)

# With these, most arithmetic of windows is done in the head.
ONE_MINUTE = {"board": 1, "alight": 1}
PLAIN = make_policy(dwell={"walks": ONE_MINUTE}, service={"earliest": "06:00", "latest": "20:00"})
TWO_PHARMACIES = ROAD | {"other_pharmacy": 18}


def drive(here: str, there: str) -> int:
    """Drive along the road, with a second pharmacy behind Berta."""
    travel, index = road(TWO_PHARMACIES)
    return int(travel.seconds[index[here], index[there]])


def options(request: Request, *, policy: Policy = PLAIN, **hours: list[str]) -> list[Option]:
    """All ways, with opening hours for some places."""
    places = make_places(TWO_PHARMACIES, **hours)
    return make_options(request, places=places, policy=policy, drive=drive)


def windows(trip: Trip) -> list[str]:
    """The windows of a trip's visits."""
    return [str(visit.window) for visit in trip.visits]


def test_one_is_brought_half_an_hour_to_five_minutes_before_an_appointment() -> None:
    """The pickup window follows from the longest ride: 1.5 * 5 min + 15 min = 22:30."""
    (way,) = options(make_request(appointment="09:00", way_back=WayBack.NONE))

    (outbound,) = way.trips
    assert outbound.kind is TripKind.OUTBOUND
    assert outbound.longest_rides == (22 * MINUTE + 30,)
    there = outbound.visits[1].window
    assert (there.earliest, there.latest) == (clock("08:30"), clock("08:55"))
    fetched = outbound.visits[0].window
    assert fetched.earliest == clock("08:30") - (22 * MINUTE + 30) - 1 * MINUTE
    assert fetched.latest == clock("08:55") - 5 * MINUTE - 1 * MINUTE


def test_a_wheelchair_is_out_of_the_bus_before_the_appointment() -> None:
    """Alighting takes longer than the five minutes before the appointment."""
    policy = make_policy(dwell={"wheelchair": {"alight": 12}})
    needs = Needs(Mobility.WHEELCHAIR)

    (way,) = options(make_request(way_back=WayBack.NONE, needs=needs), policy=policy)

    assert way.trips[0].visits[1].window.latest == clock("09:00") - 12 * MINUTE
    assert way.trips[0].load == Load(wheelchairs=1)


def test_the_way_back_is_ready_after_the_stay() -> None:
    """Nine o'clock and an hour at the MVZ, and then half an hour of waiting at most."""
    (way,) = options(make_request(appointment="09:00"))

    outbound, back = way.trips
    assert back.kind is TripKind.RETURN
    assert [visit.place for visit in back.visits] == ["mvz", "anton"]
    assert windows(back)[0] == "10:00-10:30"
    latest = clock("10:30") + 1 * MINUTE + back.longest_rides[0]
    assert windows(back)[1] == f"10:06-{hh_mm(latest)}"
    assert outbound.visits[1].window.latest + outbound.visits[1].dwell <= clock("09:00")


def test_the_stay_of_the_request_counts_before_that_of_the_policy() -> None:
    """Whoever says twenty minutes is fetched after twenty minutes."""
    (way,) = options(make_request(appointment="09:00", stay=20 * MINUTE))

    assert windows(way.trips[1])[0] == "09:20-09:50"


def test_a_return_at_a_time_is_not_fetched_before() -> None:
    """The passenger knows when it will be over."""
    (way,) = options(make_request(way_back=WayBack.AT_TIME, return_at="11:40"))

    assert windows(way.trips[1])[0] == "11:40-12:10"


def test_no_way_back_begins_before_the_appointment_is_over() -> None:
    """Home at 9:30 cannot be after an appointment at 9:00 with an hour's stay."""
    early = make_request(way_back=WayBack.AT_TIME, return_at="09:30", stay=60 * MINUTE)

    assert options(early) == []
    assert options(make_request(way_back=WayBack.AT_TIME, return_at="08:58")) == []


def test_a_will_call_keeps_a_seat_on_a_later_bus() -> None:
    """Ready at ten as far as one knows: the guaranteed bus comes from 10:30 to 11:30."""
    (way,) = options(make_request(way_back=WayBack.WILL_CALL))

    assert windows(way.trips[1])[0] == "10:30-11:30"


def test_an_open_arrival_is_one_window_without_a_way_back() -> None:
    """Nothing hangs on when one arrives."""
    request = make_request(appointment=None, arrive=window("08:00-11:00"), way_back=WayBack.NONE)

    (way,) = options(request)

    assert windows(way.trips[0])[1] == "08:00-11:00"


def test_an_open_arrival_is_cut_where_the_way_back_hangs_on_it() -> None:
    """Who arrives by nine goes home from ten on, who arrives by ten from eleven on."""
    request = make_request(appointment=None, arrive=window("08:00-10:30"))

    ways = options(request)

    there = [windows(way.trips[0])[1] for way in ways]
    # One minute to alight and sixty to stay, from the end of each piece.
    back = [windows(way.trips[1])[0] for way in ways]
    assert there == ["08:00-09:00", "09:00-10:00", "10:00-10:30"]
    assert back == ["10:01-10:31", "11:01-11:31", "11:31-12:01"]


def test_an_open_arrival_leaves_time_before_a_return_at_a_time() -> None:
    """Back at eleven after twenty minutes there: arrive by 10:39."""
    request = make_request(
        appointment=None,
        arrive=window("08:00-12:00"),
        way_back=WayBack.AT_TIME,
        return_at="11:00",
        stay=20 * MINUTE,
    )

    (way,) = options(request)

    assert windows(way.trips[0])[1] == "08:00-10:39"
    assert windows(way.trips[1])[0] == "11:00-11:30"


def test_an_open_arrival_keeps_to_the_opening_hours() -> None:
    """Closed at noon: nobody arrives in the last quarter of an hour, or in between."""
    request = make_request(appointment=None, arrive=window("07:00-15:00"), way_back=WayBack.NONE)

    ways = options(request, mvz=["08:00-12:00", "14:00-18:00"])

    assert [windows(way.trips[0])[1] for way in ways] == ["08:00-11:45", "14:00-15:00"]


def test_the_first_appointment_may_wait_at_the_door() -> None:
    """The MVZ opens at eight; a quarter of an hour before, one may be set down."""
    (way,) = options(make_request(appointment="08:00", way_back=WayBack.NONE), mvz=["08:00-12:00"])

    assert windows(way.trips[0])[1] == "07:45-07:55"


@pytest.mark.parametrize("appointment", ["07:59", "12:00", "13:00", "18:00"])
def test_no_appointment_outside_the_opening_hours(appointment: str) -> None:
    """At noon sharp the door closes."""
    request = make_request(appointment=appointment)

    assert options(request, mvz=["08:00-12:00", "14:00-18:00"]) == []


def test_the_bus_waits_at_the_pharmacy() -> None:
    """One trip with a stop in it: alight, ten minutes inside, board, all while it is open."""
    request = make_request(pharmacies=("pharmacy",), appointment="11:00", stay=30 * MINUTE)

    (way,) = options(request, pharmacy=["08:00-12:10"])

    back = way.trips[1]
    assert way.pharmacy == "pharmacy"
    assert [visit.kind for visit in back.visits] == ["pickup", "via", "dropoff"]
    assert back.visits[1].dwell == (1 + 10 + 1) * MINUTE
    # Ready at 11:30, two minutes' drive after a minute to board; closed at 12:10.
    assert windows(back)[1] == "11:33-11:58"
    assert windows(back)[0] == "11:30-11:55"
    assert back.longest_rides == (3 * MINUTE + 15 * MINUTE, int(1.5 * 7 * MINUTE) + 15 * MINUTE)


def test_midday_closing_splits_the_way_home() -> None:
    """Before noon or after two: two ways, and in the long wait between them none."""
    request = make_request(pharmacies=("pharmacy",), appointment="10:00", stay=60 * MINUTE)

    before, after = options(request, pharmacy=["08:00-11:30", "11:45-18:00"])

    assert windows(before.trips[1])[1] == "11:03-11:18"
    assert windows(after.trips[1])[1] == "11:45-11:49"
    assert before.trips[0] == after.trips[0]


def test_any_pharmacy_will_do_and_the_smallest_detour_comes_first() -> None:
    """Anton lives on the other side of the MVZ: the near pharmacy is the smaller detour."""
    request = make_request(pharmacies=("other_pharmacy", "pharmacy", "other_pharmacy"))

    ways = options(request)

    assert [way.pharmacy for way in ways] == ["pharmacy", "other_pharmacy"]
    assert ways[0].trips[0] == ways[1].trips[0]
    assert len({trip.id for way in ways for trip in way.trips}) == 1 + 2


def test_a_closed_pharmacy_is_no_way_home() -> None:
    """The other one is open."""
    request = make_request(pharmacies=("pharmacy", "other_pharmacy"))

    (way,) = options(request, pharmacy=[])

    assert way.pharmacy == "other_pharmacy"


def test_a_later_trip_fetches_from_the_pharmacy_when_the_errand_is_surely_done() -> None:
    """Set down between 10:03 and 10:49, in two pieces; ten minutes inside after alighting."""
    policy = make_policy(dwell={"walks": ONE_MINUTE}, pharmacy={"mode": "later_trip", "slice": 30})

    ways = options(make_request(pharmacies=("pharmacy",)), policy=policy)

    assert [[trip.kind for trip in way.trips] for way in ways] == [
        [TripKind.OUTBOUND, TripKind.VIA, TripKind.RETURN]
    ] * 2
    assert [windows(way.trips[1])[1] for way in ways] == ["10:03-10:33", "10:33-10:49"]
    assert [windows(way.trips[2])[0] for way in ways] == ["10:44-11:14", "11:00-11:30"]
    for way in ways:
        there, home = way.trips[1].visits[-1], way.trips[2].visits[0]
        assert home.window.earliest == there.window.latest + there.dwell + 10 * MINUTE


def test_with_a_later_trip_the_errand_ends_before_the_pharmacy_closes() -> None:
    """Closing at 10:30: alight by 10:19."""
    policy = make_policy(dwell={"walks": ONE_MINUTE}, pharmacy={"mode": "later_trip"})

    (way,) = options(
        make_request(pharmacies=("pharmacy",)), policy=policy, pharmacy=["08:00-10:30"]
    )

    assert windows(way.trips[1])[1] == "10:03-10:19"


def test_nobody_is_driven_outside_the_hours_of_service() -> None:
    """Service ends at 10:10: one is home by then, or not driven at all."""
    policy = make_policy(dwell={"walks": ONE_MINUTE}, service={"latest": "10:10"})

    (way,) = options(make_request(), policy=policy)

    assert windows(way.trips[1]) == ["10:00-10:04", "10:06-10:10"]
    assert options(make_request(appointment="09:30"), policy=policy) == []


def test_a_drive_above_the_absolute_limit_makes_no_trip() -> None:
    """Ninety minutes to the MVZ are too many."""
    assert options(make_request(origin="far")) == []


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200)), min_size=2, max_size=3),
    st.lists(st.integers(0, 120), min_size=2, max_size=2),
    st.data(),
)
def test_narrowing_keeps_exactly_what_can_still_happen(
    spans: list[tuple[int, int]], slack: list[int], data: st.DataObject
) -> None:
    """Every moment left can be completed to a whole trip; every whole trip is left."""
    places = ["mvz", "pharmacy", "mvz"][: len(spans)]
    visits = [
        Visit(VisitKind.VIA, place, replace(ANY_TIME, earliest=begin, latest=begin + width), 30)
        for place, (begin, width) in zip(places, spans, strict=True)
    ]
    ways = [drive(a, b) for a, b in pairwise(places)]
    rides = [way + extra for way, extra in zip(ways, slack, strict=False)]

    def follow(moments: set[int], at: int) -> set[int]:
        """All begins at the next visit, by trying."""
        later = visits[at + 1].window
        return {
            moment + 30 + way
            for moment in moments
            for way in range(ways[at], rides[at] + 1)
            if moment + 30 + way in later
        }

    narrowed = narrow(visits, rides, drive)
    first = set(range(visits[0].window.earliest, visits[0].window.latest + 1))
    reached = [first]
    for at in range(len(visits) - 1):
        reached.append(follow(reached[-1], at))
    if narrowed is None:
        assert reached[-1] == set()
        return
    last = narrowed[-1].window
    assert reached[-1] == set(range(last.earliest, last.latest + 1))
    begin = data.draw(st.integers(visits[0].window.earliest, visits[0].window.latest))
    moments = {begin}
    for at in range(len(visits) - 1):
        moments = follow(moments, at)
    assert (begin in narrowed[0].window) == bool(moments)


def test_the_kind_of_place_decides_the_stay() -> None:
    """Therapy takes 45 minutes where nothing else is said."""
    places = make_places()
    places["mvz"] = replace(places["mvz"], kind=PlaceKind.THERAPY)

    (way,) = make_options(make_request(), places=places, policy=PLAIN, drive=drive)

    assert windows(way.trips[1])[0] == "09:45-10:15"


def test_other_opening_hours_of_a_day_give_other_options() -> None:
    """On Wednesday afternoon the pharmacy is closed."""
    places = with_hours(make_places(TWO_PHARMACIES), "pharmacy", "08:00-13:00")
    request = make_request(appointment="15:00", pharmacies=("pharmacy",))

    assert make_options(request, places=places, policy=PLAIN, drive=drive) == []
