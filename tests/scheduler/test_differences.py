"""What a newer plan changes about an older one: all of it, and nothing that reads the same."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.units import MINUTE
from scheduler.changes import Change, Fate, StopPair
from scheduler.clock import clock
from scheduler.differences import compare, pair_stops
from scheduler.model import VisitKind
from scheduler.plan import Plan, PlannedVisit, Reason, Unserved
from scheduler.stop_order import Match, longest_chain
from tests.builders_plan_pairs import SHIFTS, Block, blocks, draw_up, plans, told, visit

Calls = list[tuple[str, PlannedVisit]]


def ride(name: str, home: str, begin: str, end: str, *, trip: str = "outbound-1") -> Calls:
    """From home to the MVZ."""
    return [
        (home, visit(name, VisitKind.PICKUP, clock(begin), trip=trip)),
        ("mvz", visit(name, VisitKind.DROPOFF, clock(end), trip=trip)),
    ]


ANTON = ride("r1", "anton", "08:10", "08:40")
BERTA = ride("r2", "berta", "09:10", "09:40")


def only_stop(older: Plan, newer: Plan) -> StopPair:
    """The one halt that changes."""
    (shift,) = compare(older, newer).shifts
    (stop,) = shift.stops
    return stop


def test_a_passenger_fetched_later_is_told_from_when_to_when() -> None:
    """08:10 becomes 08:25; the dropoff stays, and so do all others."""
    older = draw_up({"early": [*ANTON, *BERTA]})
    newer = draw_up({"early": [*ride("r1", "anton", "08:25", "08:40"), *BERTA]})

    (passenger,) = compare(older, newer).passengers
    (pickup,) = passenger.visits
    assert (passenger.request, passenger.fate) == ("r1", Fate.CHANGED)
    assert (pickup.kind, pickup.changes) == (VisitKind.PICKUP, (Change.OTHER_TIME,))
    assert pickup.moved == 15 * MINUTE
    stop = only_stop(older, newer)
    assert stop.older is not None
    assert stop.newer is not None
    assert (stop.older.arrival, stop.newer.arrival) == (clock("08:10"), clock("08:25"))
    assert not stop.reordered
    assert compare(older, newer).shifts[0].frame_changed, "the bus leaves the depot later, too"


def test_less_than_a_printed_minute_is_no_change() -> None:
    """08:10:00 and 08:10:59 are the same on paper; one second more is another minute."""
    older = draw_up({"early": ANTON})

    def later(seconds: int) -> Plan:
        moved = [(p, replace(v, begin=v.begin + seconds, end=v.end + seconds)) for p, v in ANTON]
        return draw_up({"early": moved})

    assert not compare(older, later(59))
    assert len(compare(older, later(60)).passengers) == 1


def test_another_bus_is_a_change_even_at_the_same_minute() -> None:
    """The passenger looks out for the wrong bus otherwise; both drivers are told."""
    difference = compare(
        draw_up({"early": [*ANTON, *BERTA], "second": []}),
        draw_up({"early": ANTON, "second": BERTA}),
    )

    (passenger,) = difference.passengers
    assert [pair.changes for pair in passenger.visits] == [
        (Change.OTHER_SHIFT, Change.OTHER_VEHICLE)
    ] * 2
    assert passenger.fate is Fate.CHANGED
    assert [shift.shift for shift in difference.shifts] == ["early", "second"]
    # Who is newly in the second bus gets on and off there, at two halts that it did not have.
    assert [stop.older for stop in difference.shifts[1].stops] == [None, None]


def test_another_vehicle_for_the_same_shift_concerns_everybody_aboard() -> None:
    """The bus is in the garage, the taxi drives instead."""
    older = draw_up({"early": ANTON})
    newer = draw_up({"early": ANTON}, buses={"early": "taxi"})

    difference = compare(older, newer)
    assert [p.request for p in difference.passengers] == ["r1"]
    assert {c for p in difference.passengers for v in p.visits for c in v.changes} == {
        Change.OTHER_VEHICLE
    }
    assert difference.shifts[0].frame_changed


def test_who_falls_out_is_listed_with_the_reason_and_who_comes_in_without() -> None:
    """Served before, not any more, and the other way round."""
    older = draw_up({"early": ANTON}, unserved=[Unserved("r2", Reason.NO_ROOM_FOUND)])
    newer = draw_up({"early": BERTA}, unserved=[Unserved("r1", Reason.PLACE_CLOSED)])

    gone, come = compare(older, newer).passengers
    assert (gone.request, gone.fate, gone.before, gone.after) == (
        "r1",
        Fate.NO_LONGER_SERVED,
        None,
        Reason.PLACE_CLOSED,
    )
    assert (come.request, come.fate, come.before, come.after) == (
        "r2",
        Fate.NEWLY_SERVED,
        Reason.NO_ROOM_FOUND,
        None,
    )
    assert {pair.changes for pair in gone.visits} == {(Change.DROPPED,)}
    assert {pair.changes for pair in come.visits} == {(Change.ADDED,)}


def test_a_passenger_who_joins_at_a_halt_changes_the_halt_and_not_the_others_there() -> None:
    """Anton's times stay; the bus drives on two minutes later because of Cesar."""
    cesar = visit("r3", VisitKind.PICKUP, clock("08:12"))
    older = draw_up({"early": ANTON})
    newer = draw_up({"early": [ANTON[0], ("anton", cesar), ANTON[1]]})

    assert [p.request for p in compare(older, newer).passengers] == ["r3"]
    stop = only_stop(older, newer)
    joining = [pair.request for pair in stop.visits if stop.has(pair) and not stop.had(pair)]
    assert joining == ["r3"]
    assert stop.newer is not None
    assert (stop.newer.arrival, stop.newer.departure) == (clock("08:10"), clock("08:14"))


def test_a_longer_halt_changes_the_halt_and_nobody_who_boards_there() -> None:
    """The driver leaves three minutes later; Anton is fetched when he was told."""
    older = draw_up({"early": ANTON})
    place, pickup = ANTON[0]
    newer = draw_up({"early": [(place, replace(pickup, end=pickup.end + 180)), ANTON[1]]})

    assert compare(older, newer).passengers == ()
    stop = only_stop(older, newer)
    assert stop.older is not None
    assert stop.newer is not None
    assert stop.newer.departure - stop.older.departure == 3 * MINUTE


def test_of_two_visits_that_look_alike_the_first_is_compared_with_the_first() -> None:
    """Somebody gets on at the same place twice; only the earlier time has another bus now."""
    first = visit("r1", VisitKind.PICKUP, clock("08:00"))
    second = visit("r1", VisitKind.PICKUP, clock("09:00"), trip="other")
    older = draw_up({"early": [("anton", second)], "second": [("anton", first)]})
    newer = draw_up({"early": [("anton", first), ("anton", second)], "second": []})

    (passenger,) = compare(older, newer).passengers
    (pair,) = passenger.visits
    assert pair.older is not None
    assert (pair.older.begin, pair.moved) == (clock("08:00"), 0)


def test_another_way_of_serving_a_request_is_no_change_by_itself() -> None:
    """The trips have other ids then; place, time and bus are what counts."""
    older = draw_up({"early": ANTON})
    newer = draw_up({"early": ride("r1", "anton", "08:10", "08:40", trip="outbound-2")})

    assert not compare(older, newer)


def test_one_halt_that_changes_its_place_in_the_order_is_one_change_of_order() -> None:
    """Berta before Anton instead of after: one of the two pickups leaves the order, not all."""
    anton, berta = ANTON[0], BERTA[0]
    older = draw_up({"early": [anton, berta, ANTON[1], BERTA[1]]})
    newer = draw_up({"early": [berta, anton, ANTON[1], BERTA[1]]})

    stops = pair_stops(older, newer, "early")
    assert len(stops) == 4
    assert sum(stop.reordered for stop in stops) == 1


def test_plans_of_two_days_are_not_compared() -> None:
    """A request of one day has nothing to do with the same number of another."""
    plan = draw_up({"early": ANTON})

    with pytest.raises(ValueError, match="different days"):
        compare(plan, replace(plan, date=date(2027, 3, 3)))


@settings(max_examples=200, deadline=None)
@given(plans())
def test_nothing_is_different_about_a_plan_and_itself(plan: Plan) -> None:
    """No false alarm."""
    assert not compare(plan, plan)


@settings(max_examples=400, deadline=None)
@given(plans(), plans())
def test_exchanging_the_plans_inverts_the_difference(older: Plan, newer: Plan) -> None:
    """What was added is dropped, what is later is earlier, what is out of order stays so."""
    assert compare(older, newer).inverted() == compare(newer, older)


@settings(max_examples=400, deadline=None)
@given(plans(), plans())
def test_the_passengers_listed_are_those_whose_rows_differ(older: Plan, newer: Plan) -> None:
    """Compared by brute force with everything that each of them was told."""
    before, after = told(older), told(newer)
    differ = {name for name in {**before, **after} if before.get(name) != after.get(name)}

    assert {each.request for each in compare(older, newer).passengers} == differ


@settings(max_examples=400, deadline=None)
@given(plans(), plans())
def test_applying_the_difference_to_the_older_sheet_gives_the_newer(
    older: Plan, newer: Plan
) -> None:
    """Strike the old halts, write the new ones: exactly the newer sheet; nothing needless."""
    changes = {each.shift: each.stops for each in compare(older, newer).shifts}
    for shift in SHIFTS:
        before, after = blocks(older, shift), blocks(newer, shift)
        struck = [block_of(before, stop.older) for stop in changes.get(shift, ()) if stop.older]
        written = [block_of(after, stop.newer) for stop in changes.get(shift, ()) if stop.newer]

        assert Counter(before) - Counter(struck) + Counter(written) == Counter(after)
        for stop in changes.get(shift, ()):
            if stop.older and stop.newer and not stop.reordered:
                same = block_of(before, stop.older) == block_of(after, stop.newer)
                # The same words can still be another bus.
                assert not same or any(pair.changes for pair in stop.visits)


@settings(max_examples=400, deadline=None)
@given(plans(), plans())
def test_halts_that_are_not_called_reordered_keep_their_order(older: Plan, newer: Plan) -> None:
    """Whoever reads down the older sheet meets them in the order in which they are driven."""
    for shift in SHIFTS:
        stops = [
            (stop.older.number, stop.newer.number)
            for stop in pair_stops(older, newer, shift)
            if stop.older and stop.newer and not stop.reordered
        ]
        assert [new for _, new in sorted(stops)] == sorted(new for _, new in stops)


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(1, 8)))
def test_the_longest_chain_is_as_long_as_any(order: list[int]) -> None:
    """By brute force over all subsets of seven halts."""
    pairs = [Match(old, new, (f"r{old}",)) for old, new in enumerate(order, start=1)]
    longest = max(
        size
        for size in range(1, 8)
        for some in combinations(pairs, size)
        if [p.newer for p in some] == sorted(p.newer or 0 for p in some)
    )

    assert len(longest_chain(pairs)) == longest


def block_of(sheet: list[Block], halt: object) -> Block:
    """The halt of that number."""
    number: int = halt.number  # type: ignore[attr-defined]
    return sheet[number - 1]
