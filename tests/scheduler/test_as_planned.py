"""A kept plan gives the trips of its sheets by itself."""

import pytest

from scheduler.as_planned import day_as_planned
from scheduler.model import Mobility, Needs, Request, WayBack
from scheduler.optimizer.solution import Effort
from scheduler.planning import plan_day
from tests.builders_days import make_day, make_policy, make_request, make_shift

ASKED = [
    make_request("a", needs=Needs(Mobility.WHEELCHAIR, companions=1)),
    make_request("b", origin="berta", way_back=WayBack.NONE, needs=Needs(companions=2)),
    make_request(
        "c",
        origin="cesar",
        appointment="11:00",
        way_back=WayBack.WILL_CALL,
        pharmacies=("pharmacy",),
    ),
]


@pytest.mark.parametrize("mode", ["bus_waits", "later_trip"])
def test_trips_read_from_a_plan_are_those_that_it_was_made_of(mode: str) -> None:
    """Kind, load, and who is where in which order; a way over the pharmacy included."""
    requests: dict[str, Request] = {each.id: each for each in ASKED}
    day = make_day(
        *ASKED,
        shifts=[make_shift(hours="08:00-16:00")],
        policy=make_policy(pharmacy={"mode": mode}),
    )
    plan = plan_day(day, effort=Effort(iterations=200))
    assert plan.unserved == ()

    read = day_as_planned(plan, requests, day.shifts)

    assert len(read.trips) == {"bus_waits": 5, "later_trip": 6}[mode]
    for trip in read.trips:
        true = day.trip(trip.id)
        assert (trip.request, trip.kind, trip.load) == (true.request, true.kind, true.load)
        assert [(v.kind, v.place, v.dwell) for v in trip.visits] == [
            (v.kind, v.place, v.dwell) for v in true.visits
        ]
    assert read.shifts == day.shifts
