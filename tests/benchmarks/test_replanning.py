"""Running days, a few events long: nothing is found against what was told; mistakes would be."""

import json
from dataclasses import asdict, replace

import pytest

from benchmarks.replanning import Run, promised_day, summary
from benchmarks.told import Told, past_changed
from routing.units import MINUTE
from scheduler.formulate import assemble
from scheduler.plan import Plan
from scheduler.promises import Promise, promise_plan


def told_of(seed: int = 0) -> tuple[Told, Plan]:
    """A day on which everybody was told what is planned."""
    day, plan, _ = promised_day(requests=6, buses=1, seed=seed)
    told = Told()
    for promise in promise_plan(plan, day, width=20 * MINUTE):
        told.promise(promise)
    return told, plan


@pytest.mark.parametrize("seed", range(3))
def test_days_on_which_things_happen_keep_what_was_told(seed: int) -> None:
    run = Run(requests=8, buses=1, seed=seed)

    outcome = run.drive(8)

    assert outcome.wrong == []
    assert sum(outcome.happened.values()) == 8
    assert json.dumps(asdict(outcome))
    assert "8 events" in summary([outcome])


def test_a_plan_that_does_what_was_told_breaks_nothing() -> None:
    told, plan = told_of()

    assert list(told.broken_by(plan)) == []


def test_whoever_is_not_fetched_is_found() -> None:
    told, plan = told_of()
    request = next(iter(told.trips))
    routes = tuple(
        replace(
            route,
            stops=tuple(
                replace(stop, visits=tuple(v for v in stop.visits if v.request != request))
                for stop in route.stops
            ),
        )
        for route in plan.routes
    )

    broken = list(told.broken_by(replace(plan, routes=routes)))

    assert broken == [f"{trip.id} is not served" for trip in told.trips[request]]
    told.free.add(request)
    assert list(told.broken_by(replace(plan, routes=routes))) == []


def test_another_window_than_was_told_is_found() -> None:
    told, plan = told_of()
    request, trips = next(iter(told.trips.items()))
    pickup = trips[0].visits[0]
    early = replace(
        pickup,
        window=replace(
            pickup.window,
            earliest=pickup.window.earliest - 5000,
            latest=pickup.window.earliest - 4000,
        ),
    )
    other = replace(trips[0], visits=(early, *trips[0].visits[1:]))
    told.promise(Promise(request, (other, *trips[1:]), weight=1))

    (found,) = told.broken_by(plan)

    assert found.startswith(f"pickup of {trips[0].id} at ")


def test_a_past_that_changes_is_found() -> None:
    day, plan, _ = promised_day(requests=6, buses=1, seed=0)
    nobody = assemble(day, tuple(replace(route, stops=(), rest=None) for route in plan.routes))
    begins = sorted(visit.begin for visit in plan.visits)

    assert past_changed(plan, plan, begins[2], missing=None) == []
    assert past_changed(plan, nobody, begins[0] - 3600, missing=None) == []
    assert len(past_changed(plan, nobody, begins[2], missing=None)) > 3
