"""What a driver reads who holds an older sheet: compared with both sheets as they are printed."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.sheets.view import StopView, sheet_view
from routing.units import MINUTE, Seconds
from scheduler.change_sheet import After, ChangedEnd, ChangedRest, ChangedStop, ChangeSheet
from scheduler.clock import clock, hh_mm
from scheduler.manifest import Manifest, ManifestStop
from scheduler.model import Load, Mobility, Needs, TimeWindow
from scheduler.moved_run import MovedRun
from scheduler.plan import Stop
from scheduler.promises import Promise
from tests.builders_changes import (
    ERIKA,
    HEINZ,
    HELD,
    REST,
    Version,
    back,
    changes,
    in_time,
    many_changes,
    one_change,
    shift_falls_out,
    there,
    told,
    version,
)
from tests.builders_plan_pairs import NAMES, draw_up, plans

# What follows from the rest, and stands on no Änderungsblatt as a change of its own.
DERIVED = {"number", "drive", "aboard", "people", "rest", "rest_after"}


def stops(sheet: ChangeSheet) -> list[ChangedStop]:
    """The changed halts."""
    return [item for item in sheet.items if isinstance(item, ChangedStop)]


def test_a_sheet_that_reads_the_same_needs_no_other() -> None:
    """Another version, the same rows."""
    assert changes(HELD, replace(HELD, number="4")) is None


def test_half_a_minute_later_needs_no_other_sheet() -> None:
    """08:10:00 and 08:10:30 are the same on paper."""
    moved = [
        (place, replace(each, begin=each.begin + 30, end=each.end + 30))
        for place, each in in_time(*ERIKA, *HEINZ)
    ]
    assert changes(HELD, Version(draw_up({"early": moved}, rests=REST))) is None


def test_one_passenger_later_is_one_halt_and_the_departure() -> None:
    """Halt 1 and the depot; the other halts are counted, not listed."""
    sheet = one_change()

    (halt,) = stops(sheet)
    assert halt.older is not None
    assert halt.newer is not None
    assert (halt.older.arrival, halt.newer.arrival) == (clock("08:10"), clock("08:20"))
    assert (halt.visits, [each.name for each in halt.kept]) == ((), ["Beispiel, Erika"])
    assert [item.first for item in sheet.items if isinstance(item, ChangedEnd)] == [True]
    assert sheet.unchanged == tuple(s.number for s in sheet.older.stops if s.number)[1:]
    assert not sheet.mostly


def test_what_is_promised_later_changes_what_the_driver_reads() -> None:
    """The times stay; that the bus was promised between 8:00 and 8:30 is new on the sheet."""
    (trip, *_) = HELD.day.trips
    window = TimeWindow(clock("08:00"), clock("08:30"))
    visits = (replace(trip.visits[0], window=window), *trip.visits[1:])
    promise = Promise(trip.request, (replace(trip, visits=visits),), 1)

    sheet = told(HELD, replace(HELD, number="4", promises=[promise]))

    (halt,) = stops(sheet)
    (visit,) = halt.visits
    assert visit.older is not None
    assert visit.newer is not None
    assert (visit.older.promised, visit.newer.promised) == (None, window)


def test_a_new_halt_says_after_which_old_one_it_comes() -> None:
    """The number is the one on the sheet that the driver holds."""
    newer = version(*ERIKA, *HEINZ, there("r3", "cesar", "08:20", "08:44"))

    new = next(halt for halt in stops(told(HELD, newer)) if halt.older is None)
    assert new.newer is not None
    assert (new.newer.number, new.after) == (2, After(1))


def test_two_moved_or_new_halts_in_a_row_follow_one_another() -> None:
    """The driver writes them in on the old sheet: none of them has the place of the other."""
    held = version(ERIKA[0], HEINZ[0], there("r4", "dora", "08:30", "08:44"))
    newer = version(
        HEINZ[0],
        there("r4", "dora", "08:30", "08:44"),
        there("r1", "anton", "08:33", "08:44"),  # was the first halt
        there("r3", "cesar", "08:36", "08:44"),  # is new after it
        there("r5", "emil", "08:39", "08:44"),  # is new after that
    )

    moved = {halt.newer.arrival: halt for halt in stops(told(held, newer)) if halt.newer}

    assert {hh_mm(arrival): halt.after for arrival, halt in moved.items() if halt.after} == {
        "08:33": After(3),
        "08:36": After(1),
        "08:39": After(1, clock("08:36")),
    }


def test_who_rides_with_another_shift_now_is_sent_there_by_name_and_time() -> None:
    """The driver can say so to whoever stands at the road."""
    newer = version(*HEINZ, late=ERIKA)
    gone = [
        visit.elsewhere
        for halt in stops(told(HELD, newer))
        for visit in halt.visits
        if visit.newer is None and visit.older and visit.older.name == "Beispiel, Erika"
    ]

    assert [(each.shift, each.begin) for each in gone if each] == [
        ("Nachmittag", clock(begin)) for begin in ("08:10", "08:40", "10:10", "10:40")
    ]


def test_who_came_from_another_shift_is_told_from_where() -> None:
    """The driver who takes over knows that it is no stranger to the dispatcher."""
    sheet = told(version(*HEINZ, late=ERIKA), version(*HEINZ, *ERIKA))
    come = {
        visit.elsewhere
        for halt in stops(sheet)
        for visit in halt.visits
        if visit.older is None and visit.newer
    }

    assert {each.shift for each in come if each} == {"Nachmittag"}


def test_another_time_of_the_way_back_is_told_where_the_passenger_gets_off() -> None:
    """It stands there on the older sheet, even if the afternoon's bus fetches them."""
    held = version(ERIKA[0], late=[ERIKA[1]])
    newer = version(ERIKA[0], late=[back("r1", "anton", "10:25", "10:55")])

    (halt,) = stops(told(held, newer))
    (visit,) = halt.visits
    assert visit.older is not None
    assert visit.newer is not None
    assert (visit.older.back_at, visit.newer.back_at) == (clock("10:10"), clock("10:25"))


def test_a_wheelchair_that_nobody_knew_of_is_a_change_at_the_same_minute() -> None:
    """The plan has the same times; the sheet reads otherwise, and the seats are rebuilt."""
    newer = replace(HELD, asked={"r1": {"needs": Needs(Mobility.WHEELCHAIR)}})
    sheet = told(HELD, newer)

    names = {visit.newer.name for halt in stops(sheet) for visit in halt.visits if visit.newer}
    assert names == {"Beispiel, Erika"}
    (start,) = [item for item in sheet.items if isinstance(item, ChangedEnd)]
    assert start.older is not None
    assert start.newer is not None
    assert start.older.seating != start.newer.seating


def test_seats_that_have_to_be_set_up_now_are_a_change_of_their_halt() -> None:
    """Heinz and five others are fetched as before; the wheelchair's place is there until then."""
    six: dict[str, object] = {"needs": Needs(companions=5)}
    held = replace(version(ERIKA[0], HEINZ[1]), asked={"r2": six})
    wheelchair: dict[str, object] = {"needs": Needs(Mobility.WHEELCHAIR)}
    sheet = told(held, replace(held, asked={"r1": wheelchair, "r2": six}))

    (heinz,) = [halt for halt in stops(sheet) if halt.moment == clock("11:00")]
    assert heinz.visits == ()
    assert heinz.older is not None
    assert heinz.newer is not None
    assert (heinz.older.seating, heinz.newer.seating) == (None, Load(8))


def test_another_break_is_a_change() -> None:
    """Half an hour later, at the same place."""
    rests = {"early": TimeWindow(clock("09:31"), clock("10:01"))}
    newer = Version(draw_up({"early": in_time(*ERIKA, *HEINZ)}, rests=rests))

    (rest,) = told(HELD, newer).items
    assert isinstance(rest, ChangedRest)
    assert rest.older is not None
    assert rest.newer is not None
    assert rest.newer.window.earliest - rest.older.window.earliest == MINUTE


def test_the_changes_stand_in_the_order_of_time() -> None:
    """What falls away stands where it would have been."""
    moments = [item.moment for item in many_changes().items]

    assert moments == sorted(moments)


def test_what_has_been_driven_is_no_news() -> None:
    """The way home at ten is taken by somebody else: that she is not fetched at 8:10 any more."""
    newer = version(ERIKA[0], *HEINZ, number="4")
    everything = changes(HELD, newer)
    assert everything is not None
    first = min(item.over for item in everything.items)

    later = changes(HELD, newer, driven=first)

    assert later is not None
    assert later.items == tuple(item for item in everything.items if item.over > first)
    assert len(later.items) < len(everything.items)
    assert changes(HELD, newer, driven=max(item.over for item in everything.items)) is None


def on_the_way_to_nobody(*, held_up: Seconds) -> Version:
    """Heinz, to be fetched at 11:00, has cancelled; the bus is on its way to him already."""
    newer = version(*ERIKA, HEINZ[0], number="4")
    (route,) = newer.plan.routes
    arrival = clock("11:00") + held_up
    there_is_nobody = Stop("mvz", arrival, arrival, 1000, held_up=held_up)
    home = Stop("depot", arrival + 10 * MINUTE, arrival + 10 * MINUTE, 1000)
    stops = (*route.stops[:-1], there_is_nobody, home)
    plan = replace(newer.plan, routes=(replace(route, stops=stops),))
    return replace(newer, plan=plan)


def gone(sheet: ChangeSheet | None) -> set[str]:
    """When the halts were to be that fall away."""
    return {hh_mm(halt.moment) for halt in stops(sheet) if halt.newer is None} if sheet else set()


def test_the_halt_falls_away_that_a_late_bus_has_not_reached() -> None:
    """He was to be fetched from 11:00 to 11:02, and cancels at 11:05: the bus comes at 11:08."""
    late, in_time = (on_the_way_to_nobody(held_up=minutes * MINUTE) for minutes in (8, 0))

    assert gone(changes(HELD, late, driven=clock("11:05"))) == {"11:00", "11:30"}
    assert gone(changes(HELD, late, driven=clock("11:08"))) == {"11:30"}
    assert gone(changes(HELD, in_time, driven=clock("11:05"))) == {"11:30"}


def test_the_halt_falls_away_after_one_that_a_late_bus_has_not_left() -> None:
    """Erika gets off ten minutes late, at 10:52; Łucja's halt at 10:45 is cancelled."""
    lucja = there("r3", "cesar", "10:45", "10:55")
    late = [
        (place, replace(each, begin=each.begin + 10 * MINUTE, end=each.end + 10 * MINUTE))
        for place, each in ERIKA[1]
    ]

    sheet = changes(version(*ERIKA, lucja), version(ERIKA[0], late), driven=clock("10:50"))

    assert gone(sheet) == {"10:45", "10:55"}


def test_a_shift_that_falls_out_is_one_message() -> None:
    """No rows: the driver stays at home."""
    sheet = shift_falls_out()

    assert (sheet.newer, sheet.items) == (None, ())


@settings(max_examples=150, deadline=None)
@given(plans(), plans(), st.sampled_from(NAMES))
def test_the_older_sheet_with_the_changes_is_the_newer_sheet(
    older: Any, newer: Any, wheels: str
) -> None:
    """Row by row as printed: strike what is struck, write what is new, leave the rest."""
    before = Version(older, "3")
    after = Version(newer, "4", asked={wheels: {"needs": Needs(companions=1)}})
    for route in older.routes:
        sheet = changes(before, after, route.shift)
        if not any(each.shift == route.shift for each in newer.routes):
            assert sheet is not None
            assert sheet.newer is None
            continue
        held, now = before.manifest(route.shift), after.manifest(route.shift)
        if sheet is None:
            assert (blocks(held), rests(held)) == (blocks(now), rests(now))
            continue
        assert sheet.newer is not None
        listed = [item for item in sheet.items if not isinstance(item, ChangedRest)]
        struck = words(sheet.older, [item.older for item in listed if item.older])
        written = words(sheet.newer, [item.newer for item in listed if item.newer])
        assert sheet.items
        assert blocks(held) - Counter(struck) + Counter(written) == blocks(now)
        # Nothing is listed that reads the same, but where the order is another.
        assert not (Counter(struck) & Counter(written)) or any(
            item.reordered for item in listed if isinstance(item, ChangedStop)
        )
        rested = any(isinstance(item, ChangedRest) for item in sheet.items)
        assert rested == (rests(held) != rests(now))


def blocks(sheet: Manifest) -> Counter[str]:
    """All stops of a sheet, as they read."""
    return Counter(words(sheet, sheet.stops))


def words(sheet: Manifest, some: Iterable[ManifestStop]) -> list[str]:
    """Some stops of a sheet, as they read."""
    view = sheet_view(sheet)
    return [
        reads(view["stops"][at], view["seating"] if at == 0 else "")
        for stop in some
        for at in [next(at for at, each in enumerate(sheet.stops) if each is stop)]
    ]


def reads(stop: StopView, seating: str) -> str:
    """All that is printed of a stop, but for what follows from the rest."""
    shown: dict[str, Any] = {key: value for key, value in stop.items() if key not in DERIVED}
    # Who gets off is not rung, and that phone is not printed.
    visits = [
        {**each, "phone": each["phone"] if each["sign"] == "ein" else ""} for each in stop["visits"]
    ]
    shown["visits"] = sorted(json.dumps(each) for each in visits)
    return json.dumps({**shown, "before": seating})


def rests(sheet: Manifest) -> list[tuple[str, bool, str]]:
    """The break, as it reads, and where."""
    return [
        (stop["rest"], stop["rest_after"] < len(stop["visits"]), stop["place"])
        for stop in sheet_view(sheet)["stops"]
        if stop["rest"]
    ]


def test_a_delay_that_runs_on_is_said_in_one_sentence() -> None:
    """All four halts a quarter of an hour later, and none is left after them."""
    later = [
        (place, replace(each, begin=each.begin + 15 * MINUTE, end=each.end + 15 * MINUTE))
        for place, each in in_time(*ERIKA)
    ]
    sheet = told(version(*ERIKA), Version(draw_up({"early": later}, rests=REST)))

    assert sheet.run == MovedRun(1, 4, 15 * MINUTE, to_the_end=True)
    assert sheet.mostly


def test_a_delay_that_is_made_up_for_ends_where_it_does() -> None:
    """Late to the doctor, and in time for the way back."""
    later = [
        (place, replace(each, begin=each.begin + 12 * MINUTE, end=each.end + 12 * MINUTE))
        for place, each in in_time(*HEINZ, ERIKA[0])
        if each.begin < clock("10:00")
    ]
    back_home = [each for each in in_time(*HEINZ, ERIKA[0]) if each[1].begin >= clock("10:00")]
    plan = draw_up({"early": [*later, *back_home]}, rests=REST)
    sheet = told(version(*HEINZ, ERIKA[0]), Version(plan))

    assert sheet.run == MovedRun(1, 3, 12 * MINUTE, to_the_end=False)


def four_halts(first: tuple[str, str], *, later: int) -> list[tuple[str, str]]:
    """When the bus comes to the first of four halts and leaves it; the others so much later."""
    others = (("08:40", "08:42"), ("10:10", "10:12"), ("10:40", "10:42"))
    moved = [
        (hh_mm(clock(begin) + later * MINUTE), hh_mm(clock(end) + later * MINUTE))
        for begin, end in others
    ]
    return [first, *moved]


def made_at(times: Sequence[tuple[str, str]]) -> Version:
    """Erika's four halts, at these times."""
    halts = [
        (place, replace(each, begin=clock(begin), end=clock(end)))
        for (place, each), (begin, end) in zip(in_time(*ERIKA), times, strict=True)
    ]
    return Version(draw_up({"early": halts}))


@pytest.mark.parametrize(
    ("first", "later", "run"),
    [
        # Comes six minutes later and leaves nine earlier, as the row says.
        (("08:06", "08:09"), -8, MovedRun(2, 4, -8 * MINUTE, to_the_end=True)),
        (("07:54", "08:26"), 8, MovedRun(2, 4, 8 * MINUTE, to_the_end=True)),
        # Is reached in time, and left earlier or, because the bus stands there, later.
        (("08:00", "08:10"), -8, MovedRun(2, 4, -8 * MINUTE, to_the_end=True)),
        (("08:00", "08:26"), 8, MovedRun(1, 4, 8 * MINUTE, to_the_end=True)),
        (("07:52", "08:10"), -8, MovedRun(1, 4, -8 * MINUTE, to_the_end=True)),
    ],
)
def test_a_halt_that_is_reached_the_other_way_is_not_in_the_sentence(
    first: tuple[str, str], later: int, run: MovedRun
) -> None:
    """It stood from 8:00 to 8:18."""
    held = made_at(four_halts(("08:00", "08:18"), later=0))

    assert told(held, made_at(four_halts(first, later=later))).run == run


def test_what_moves_by_this_and_that_is_told_halt_by_halt() -> None:
    assert one_change().run is None
    assert many_changes().run is None
