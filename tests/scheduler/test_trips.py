"""From requests to a day: who can be planned, and a reason that is true for everybody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.units import MINUTE
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.errors import RosterError
from scheduler.model import (
    Load,
    Mobility,
    Needs,
    Request,
    Shift,
    TimeWindow,
    TripKind,
    Vehicle,
    WayBack,
)
from scheduler.plan import Detail, Reason, Unserved
from scheduler.policy import Policy
from scheduler.solo import CAUSES, NO_ROAD, Case, examine, relax
from tests.builders_days import (
    ROAD,
    make_break,
    make_day,
    make_places,
    make_policy,
    make_request,
    make_shift,
    road,
    window,
)

WHEELCHAIR = Needs(Mobility.WHEELCHAIR)
AFTERNOON = make_shift("afternoon", "13:00-17:00")


def refused(day: Day) -> Unserved:
    """The only refusal of a day that has nothing else."""
    assert day.journeys == ()
    assert day.trips == ()
    (unserved,) = day.refused
    return unserved


def test_an_ordinary_request_becomes_a_journey_of_two_trips() -> None:
    """Out and home, with the weight of its priority."""
    day = make_day(make_request(priority=1))

    (journey,) = day.journeys
    assert journey.options == (("r1/outbound-1", "r1/return-1"),)
    assert journey.weight == Policy().priority.weight(1)
    assert [trip.kind for trip in day.trips] == [TripKind.OUTBOUND, TripKind.RETURN]
    assert set(day.places) == {"anton", "mvz", "depot"}
    assert day.refused == ()


def test_a_bad_request_does_not_spoil_the_day() -> None:
    """The one before and the one after are planned."""
    day = make_day(make_request("a"), make_request("b", origin="far"), make_request("c"))

    assert [journey.request for journey in day.journeys] == ["a", "c"]
    assert [unserved.request for unserved in day.refused] == ["b"]


def test_only_the_nearest_pharmacies_are_kept() -> None:
    """The policy says how many choices there are."""
    minutes = ROAD | {"other_pharmacy": 13}
    request = make_request(pharmacies=("other_pharmacy", "pharmacy"))

    one = make_day(request, minutes=minutes, policy=make_policy(pharmacy={"choices": 1}))
    two = make_day(request, minutes=minutes)

    assert [len(day.journeys[0].options) for day in (one, two)] == [1, 2]
    assert "pharmacy" in one.places
    assert "other_pharmacy" not in one.places


def test_a_pharmacy_that_no_shift_can_reach_is_not_one_of_the_choices() -> None:
    """The nearest one opens just before the last bus; the next one is taken instead."""
    minutes = ROAD | {"other_pharmacy": 13}
    places = make_places(minutes, pharmacy=["11:45-18:00"])
    request = make_request(pharmacies=("pharmacy", "other_pharmacy"), appointment="10:00")
    one = make_policy(pharmacy={"choices": 1})

    long = make_day(request, minutes=minutes, places=places, policy=one)
    shift = make_shift(hours="08:00-12:00")
    day = make_day(request, minutes=minutes, places=places, policy=one, shifts=[shift])

    assert "other_pharmacy" not in long.places

    assert "other_pharmacy" in day.places


def test_no_bus_runs_on_a_holiday() -> None:
    """The region knows why."""
    assert refused(make_day(make_request(), closed="Feiertag: Neujahr")) == Unserved(
        "r1", Reason.NO_BUS_TODAY, Detail(text="Feiertag: Neujahr")
    )


def test_no_bus_runs_without_a_shift() -> None:
    """Nobody drives on this day."""
    assert refused(make_day(make_request(), shifts=[])).reason is Reason.NO_BUS_TODAY


def test_a_closed_place_is_named_with_its_hours() -> None:
    """The MVZ is closed at 13:30."""
    day = make_day(
        make_request(appointment="13:30", way_back=WayBack.NONE),
        places=make_places(mvz=["08:00-12:30", "14:00-18:00"]),
        shifts=[AFTERNOON],
    )

    assert refused(day) == Unserved(
        "r1",
        Reason.PLACE_CLOSED,
        Detail(
            trip=TripKind.OUTBOUND,
            place="mvz",
            wanted=TimeWindow(clock("13:30"), clock("13:30")),
            hours=(window("08:00-12:30"), window("14:00-18:00")),
        ),
    )


def test_a_closed_pharmacy_is_named_with_its_hours() -> None:
    """The MVZ is open, but no pharmacy when the passenger comes out."""
    day = make_day(
        make_request(pharmacies=("pharmacy",)),
        places=make_places(mvz=["08:00-12:30"], pharmacy=["14:00-18:00"]),
    )

    unserved = refused(day)
    assert unserved.reason is Reason.PLACE_CLOSED
    assert unserved.detail.place == "pharmacy"
    assert unserved.detail.hours == (window("14:00-18:00"),)


def test_a_ride_above_the_limit_is_told_with_both_figures() -> None:
    """Ninety minutes are needed, and sixty are allowed."""
    shifts = [make_shift(hours="05:00-16:00")]

    unserved = refused(make_day(make_request(origin="far", appointment="10:00"), shifts=shifts))

    assert unserved == Unserved(
        "r1",
        Reason.RIDE_TOO_LONG,
        Detail(trip=TripKind.OUTBOUND, needed=90 * MINUTE, limit=60 * MINUTE),
    )


def test_a_group_too_large_for_the_bus_is_counted() -> None:
    """Nine people, eight seats."""
    unserved = refused(make_day(make_request(needs=Needs(companions=8))))

    assert unserved == Unserved("r1", Reason.TOO_MANY_FOR_BUS, Detail(needed=9, limit=8))


def test_seats_beside_a_wheelchair_are_counted() -> None:
    """With the wheelchair in, five seats are left for six companions."""
    unserved = refused(make_day(make_request(needs=Needs(Mobility.WHEELCHAIR, companions=6))))

    assert unserved == Unserved("r1", Reason.TOO_MANY_FOR_BUS, Detail(needed=6, limit=5))


def test_a_bus_without_a_wheelchair_place_is_named_as_such() -> None:
    """The driver could help, the bus cannot."""
    shift = make_shift(vehicle=Vehicle("old bus", (Load(seats=8),)))

    unserved = refused(make_day(make_request(needs=WHEELCHAIR), shifts=[shift]))

    assert unserved == Unserved("r1", Reason.TOO_MANY_FOR_BUS, Detail(needed=1, limit=0))


def test_a_driver_who_does_not_take_wheelchairs_is_the_reason() -> None:
    """The bus has a place, the driver cannot."""
    shift = make_shift(takes_wheelchairs=False)

    unserved = refused(make_day(make_request(needs=WHEELCHAIR), shifts=[shift]))

    assert unserved == Unserved("r1", Reason.NO_WHEELCHAIR_DRIVER)


def test_a_driver_is_not_the_reason_where_there_is_no_shift_either() -> None:
    """At four in the afternoon nobody drives, whoever could take a wheelchair."""
    shift = make_shift(takes_wheelchairs=False)
    request = make_request(needs=WHEELCHAIR, appointment="16:00")

    unserved = refused(make_day(request, shifts=[shift]))

    assert unserved.reason is Reason.NO_WHEELCHAIR_DRIVER
    assert unserved.detail.also == (Reason.NO_SHIFT_THEN,)


def test_a_missing_way_back_is_told_with_when_it_would_be_needed() -> None:
    """Out at eleven, but the shift ends before the way home."""
    unserved = refused(make_day(make_request(appointment="11:45")))

    assert unserved.reason is Reason.NO_WAY_BACK
    assert unserved.detail.trip is TripKind.RETURN
    assert unserved.detail.wanted is not None
    assert unserved.detail.wanted.earliest == clock("12:45")
    assert unserved.detail.hours == (window("08:00-12:30"),)


def test_a_return_before_the_end_of_the_appointment_is_no_way_back() -> None:
    """Home at 9:30 from an appointment at ten."""
    request = make_request(appointment="10:00", way_back=WayBack.AT_TIME, return_at="09:30")

    unserved = refused(make_day(request))

    assert unserved.reason is Reason.NO_WAY_BACK
    assert unserved.detail.wanted == TimeWindow(clock("09:30"), clock("09:30"))


def test_a_time_without_a_shift_is_told_with_the_shifts() -> None:
    """At half past seven no bus is out yet."""
    unserved = refused(make_day(make_request(appointment="07:40", way_back=WayBack.NONE)))

    assert unserved.reason is Reason.NO_SHIFT_THEN
    assert unserved.detail.trip is TripKind.OUTBOUND
    assert unserved.detail.hours == (window("08:00-12:30"),)


def test_an_appointment_at_night_is_refused_like_any_other() -> None:
    """Ten past midnight would need a bus of the day before: no fault, a refusal."""
    unserved = refused(make_day(make_request(appointment="00:10", way_back=WayBack.NONE)))

    assert unserved.reason is Reason.NO_SHIFT_THEN


def test_the_break_can_be_the_reason_why_no_shift_fits() -> None:
    """The driver has to rest just when the only passenger should be in the bus."""
    rest = make_break("08:05-08:10", 40)
    shift = make_shift(hours="08:00-09:15", rest=rest)
    request = make_request(appointment="08:45", way_back=WayBack.NONE)

    assert refused(make_day(request, shifts=[shift])).reason is Reason.NO_SHIFT_THEN
    assert make_day(request, shifts=[make_shift(hours="08:00-09:15")]).refused == ()


def test_outbound_and_return_may_be_on_different_shifts() -> None:
    """Out in the morning, home in the afternoon."""
    request = make_request(way_back=WayBack.AT_TIME, return_at="14:00")

    assert refused(make_day(request)).reason is Reason.NO_WAY_BACK
    assert len(make_day(request, shifts=[make_shift(), AFTERNOON]).journeys) == 1


def test_a_wheelchair_needs_a_driver_for_both_ways() -> None:
    """The afternoon driver does not take wheelchairs: she would be stranded."""
    request = make_request(way_back=WayBack.AT_TIME, return_at="14:00", needs=WHEELCHAIR)
    afternoon = make_shift("afternoon", "13:00-17:00", takes_wheelchairs=False)

    unserved = refused(make_day(request, shifts=[make_shift(), afternoon]))

    assert unserved.reason is Reason.NO_WHEELCHAIR_DRIVER


def test_a_place_without_a_road_is_named() -> None:
    """A day or more on the road stands for: there is none."""
    travel, index = road(ROAD)
    travel.seconds[index["anton"], :] = NO_ROAD
    travel.seconds[index["anton"], index["anton"]] = 0
    case = Case(
        make_request(),
        make_places(),
        (make_shift(),),
        Policy(),
        lambda here, there: int(travel.seconds[index[here], index[there]]),
    )

    assert examine(case) == Unserved("r1", Reason.UNREACHABLE, Detail(place="anton"))


def test_a_vehicle_cannot_be_in_two_shifts_at_once() -> None:
    """A fault of the roster, not of a request; one after the other is right."""
    with pytest.raises(RosterError, match="Vehicle bus is in shift morning"):
        make_day(shifts=[make_shift(), make_shift("late", "12:00-16:00")])

    make_day(shifts=[make_shift(), make_shift("late", "12:30-16:00")])


def test_a_driver_cannot_be_in_two_shifts_at_once() -> None:
    """Not even with two buses."""
    other = make_shift("late", vehicle=Vehicle("second bus", (Load(8),)), driver="driver-morning")

    with pytest.raises(RosterError, match="Driver driver-morning is in shift"):
        make_day(shifts=[make_shift(), other])


def test_two_requests_never_share_an_id() -> None:
    """Else one of them would be lost."""
    with pytest.raises(ValueError, match="Two requests have the id r1"):
        make_day(make_request(), make_request())


def clocks(earliest: str, latest: str) -> st.SearchStrategy[int]:
    """Times in steps of five minutes."""
    steps = st.integers(clock(earliest) // 300, clock(latest) // 300)
    return steps.map(lambda step: step * 300)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Anything that somebody could ask for, possible or not."""
    way_back = draw(st.sampled_from(WayBack))
    arrive = draw(st.none() | st.tuples(clocks("06:00", "18:00"), st.integers(0, 30)))
    some = st.lists(st.sampled_from(["pharmacy", "mvz"]), max_size=2, unique=True)
    return Request(
        id="r1",
        origin=draw(st.sampled_from(["anton", "berta", "far", "island"])),
        destination=draw(st.sampled_from(["mvz", "cesar"])),
        appointment=None if arrive else draw(clocks("00:00", "23:55")),
        arrive=TimeWindow(arrive[0], arrive[0] + arrive[1] * 600) if arrive else None,
        stay=draw(st.none() | st.integers(0, 20).map(lambda step: step * 600)),
        way_back=way_back,
        return_at=draw(clocks("06:00", "20:00")) if way_back is WayBack.AT_TIME else None,
        pharmacies=() if way_back is WayBack.NONE else tuple(draw(some)),
        needs=Needs(draw(st.sampled_from(Mobility)), draw(st.sampled_from([0, 1, 6, 9]))),
    )


HOURS = st.sampled_from([None, [], ["08:00-12:00"], ["08:00-12:00", "14:00-18:00"]])


@settings(max_examples=150, deadline=None)
@given(
    requests(),
    HOURS,
    HOURS,
    st.booleans(),
    st.sampled_from(["later_trip", "bus_waits"]),
    st.sampled_from([None, make_break("09:00-10:00", 20)]),
)
def test_every_refusal_is_true(
    request: Request,
    mvz: list[str] | None,
    pharmacy: list[str] | None,
    strong: bool,
    mode: str,
    rest: object,
) -> None:
    """Without the causes it names the request fits; without fewer of them it does not."""
    minutes = ROAD | {"island": NO_ROAD // MINUTE}
    travel, index = road(minutes)
    hours = {"mvz": mvz, "pharmacy": pharmacy}
    known = {place: times for place, times in hours.items() if times is not None}
    shifts: tuple[Shift, ...] = (
        make_shift(takes_wheelchairs=strong, rest=rest),
        make_shift("afternoon", "13:00-17:00"),
    )
    case = Case(
        request,
        make_places(minutes, **known),
        shifts,
        make_policy(pharmacy={"mode": mode}),
        lambda here, there: int(travel.seconds[index[here], index[there]]),
    )

    unserved = examine(case)

    if unserved is None:
        assert case.possible
        return
    causes = (unserved.reason, *unserved.detail.also)
    assert relax(case, causes).possible
    for cause in causes:
        assert not relax(case, [other for other in causes if other is not cause]).possible
    assert set(causes) <= set(CAUSES)
