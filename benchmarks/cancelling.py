"""
One cancellation on a day of forty trips: how long the answer takes, and what changes for others.

    .venv/bin/python -m benchmarks.cancelling [--days N] [--seconds S] [--seed N] [--json OUT]

Two buses in Kalletal, everybody promised what was planned, the sheets handed out. In the evening
before, somebody cancels. To change nothing else is always possible: that is proven for each day by
the checker. Whatever changes all the same has to be worth it: each changed trip the driving that
the policy's `stability.running` says.
"""

import argparse
import sys
import time
from dataclasses import asdict, dataclass, replace

import numpy as np

from benchmarks import command
from benchmarks.replanning import BEGIN, known, promised_day, spread
from scheduler.check import check
from scheduler.continuing import continued
from scheduler.events import Cancelled, happen
from scheduler.formulate import make_problem
from scheduler.model import RequestId
from scheduler.optimizer import warm_up
from scheduler.optimizer.solution import Effort
from scheduler.optimizer.steadiness import steady
from scheduler.plan import Plan
from scheduler.planning import unproven_plan
from scheduler.replan import replan
from scheduler.steady import known_of
from scheduler.under_way import freeze

TRIPS = 40


@dataclass(frozen=True)
class Cancellation:
    """
    What came of one, on a day of so many *trips*; times in seconds.

    *least* is how many trips of others have to change (0: the checker accepts the plan as it
    was, without the one who cancelled), *changed* how many do, which saves so much driving.
    """

    seed: int
    trips: int
    wall: float
    cpu: float
    least: int
    changed: int
    saved: int
    worth: int

    @property
    def paid(self) -> bool:
        """Whether every change is worth what it counts."""
        return self.changed * self.worth <= self.saved


def cancel_one(seed: int, *, effort: Effort) -> Cancellation | None:
    """Let somebody cancel on the day of *seed*; ``None`` if it has not about forty trips."""
    day, plan, _ = promised_day(requests=30, buses=2, seed=seed, callers=0)
    if abs(len(day.trips) - TRIPS) > TRIPS // 10:
        return None
    draw = np.random.default_rng(seed)
    request = str(draw.choice([journey.request for journey in day.journeys]))
    under_way = happen(freeze(known(day, plan), plan, BEGIN), Cancelled(request))
    wall, cpu = time.perf_counter(), time.process_time()
    found = replan(under_way, effort=effort, seed=seed)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rest = under_way.rest
    # No change is worth anything: what changes all the same has to.
    nothing = replace(known_of(rest), change=1e9)
    as_it_was = tuple(steady(make_problem(rest), nothing, [continued(under_way)]))
    whole = under_way.join(unproven_plan(rest, as_it_was))
    if check(whole, under_way.whole) or found.late or found.given_up:
        msg = f"Seed {seed}: the plan cannot go on as it was, which is always possible."
        raise AssertionError(msg)
    return Cancellation(
        seed=seed,
        trips=len(day.trips),
        wall=wall,
        cpu=cpu,
        least=changed_trips(plan, whole, request, leeway=under_way.whole.leeway),
        changed=changed_trips(plan, found.plan, request, leeway=under_way.whole.leeway),
        saved=whole.cost.driving - found.plan.cost.driving,
        worth=under_way.whole.change,
    )


def changed_trips(older: Plan, newer: Plan, request: RequestId, *, leeway: int) -> int:
    """Trips of others than *request* in another bus, or at a time more than *leeway* off."""

    def visits(plan: Plan) -> dict[tuple[str, int], tuple[str, int]]:
        found: dict[tuple[str, int], tuple[str, int]] = {}
        for route in plan.routes:
            for visit in (visit for stop in route.stops for visit in stop.visits):
                number = sum(trip == visit.trip for trip, _ in found)
                found[visit.trip, number] = route.shift, visit.begin
        return found

    before, after = visits(older), visits(newer)
    mine = {visit.trip for visit in older.visits if visit.request == request}
    return len(
        {
            trip
            for (trip, number), (shift, begin) in before.items()
            if trip not in mine
            and (
                (there := after.get((trip, number))) is None
                or there[0] != shift
                or abs(there[1] - begin) > leeway
            )
        }
    )


def main() -> int:
    """Cancel on all days; 1 if a change is not worth it."""
    arguments = _arguments()
    warm_up()
    found: list[Cancellation] = []
    seed = arguments.seed
    while len(found) < arguments.days:
        one = cancel_one(seed, effort=Effort(seconds=arguments.seconds))
        seed += 1
        if one is not None:
            found.append(one)
            print(
                f"seed {one.seed:<4} {one.trips} trips, {one.wall:.2f} s ({one.cpu:.2f} s CPU), "
                f"{one.changed} changed (least {one.least}), {one.saved} s driving saved",
                flush=True,
            )
    trips = [each.trips for each in found]
    print(f"{len(found)} cancellations on days of {min(trips)} to {max(trips)} trips")
    print(f"wall: {spread([each.wall for each in found])}")
    print(f"CPU:  {spread([each.cpu for each in found])}")
    changed, least, saved = (
        sum(getattr(each, name) for each in found) for name in ("changed", "least", "saved")
    )
    print(f"trips of others changed: {changed}, least possible {least}, driving saved {saved} s")
    print(f"days with changes that are not worth it: {sum(not each.paid for each in found)}")
    command.write_json(arguments.json, [asdict(each) for each in found])
    return 0 if all(each.paid for each in found) else 1


def _arguments() -> argparse.Namespace:
    parser = command.make_parser("cancelling", __doc__)
    parser.add_argument("--days", type=command.count, default=20)
    parser.add_argument("--seconds", type=command.seconds, default=5.0)
    parser.add_argument("--seed", type=command.seed, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
