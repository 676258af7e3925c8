"""
Running days: what happens, what is told, and whether every promise is kept or announced as broken.

    .venv/bin/python -m benchmarks.replanning [--sequences N] [--events N] [--requests N]
        [--buses B] [--seed N] [--json OUT]

Each sequence is an invented day of Kalletal (`benchmarks.days`) on which most people were promised
what was planned for them. In the course of the day so many things happen to it, one after the
other, each on the day and the plan that the one before has left: people cancel, do not come, ring
for the way back or for a new ride (and take the best offer), buses are late, up to four hours, or
break down, drivers fall ill, roads are closed. Each bus has two shifts, a morning and an afternoon;
on every other day both have the same driver.

What people were told is written down apart (`benchmarks.told`), and each plan is held to that list,
to the checker, and to what has been driven already. What changes counts as the policy says.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from benchmarks import command
from benchmarks.days import region_of, village_day
from benchmarks.happenings import Happenings
from benchmarks.told import Told, past_changed
from routing.units import HOUR
from scheduler.check import check
from scheduler.clock import Clock, hh_mm
from scheduler.day import Day
from scheduler.events import Event, EventError, NoShow, RoadsChanged, happen
from scheduler.formulate import assemble
from scheduler.model import Shift
from scheduler.optimizer import warm_up
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan
from scheduler.planning import plan_day
from scheduler.promises import hold_to, promise_plan
from scheduler.replan import replan
from scheduler.running import accept_offer, running_offers
from scheduler.stability import knowing
from scheduler.under_way import UnderWay, freeze

REGION = "kalletal"
# One in so many of those who want to ride rings on the day itself.
CALLERS = 3
# Each search for the least that has to be broken, and for the rest of the day.
EFFORT = Effort(iterations=1_000, labels=200_000)
# The plan in the evening before.
EVENING = Effort(iterations=3_000, labels=0)
BEGIN, END = 6 * HOUR, 17 * HOUR


@dataclass
class Outcome:
    """
    What came of one day, or of many.

    *happened* counts events by kind; *late* and *given_up* the people to whom that was announced;
    *unsure* the plans that are not proven to break the least, of *breaking* that break anything.
    *wrong* is what was found against the list of what was told, the checker or the past.
    """

    seed: int
    happened: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    late: int = 0
    given_up: int = 0
    breaking: int = 0
    unsure: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def promised_day(
    *, requests: int, buses: int, seed: int, callers: int = CALLERS
) -> tuple[Day, Plan, list[Day]]:
    """A day with its promises, the plan that keeps them, and those who will ring on the day."""
    region = region_of(REGION)
    asked = village_day(region, requests=requests, seed=seed, buses=buses)
    if seed % 2:
        asked = replace(asked, shifts=tuple(_driver_of_bus(shift) for shift in asked.shifts))
    ring = [j for n, j in enumerate(asked.journeys) if callers and n % callers == callers - 1]
    new = {journey.request for journey in ring}
    early = replace(
        asked,
        journeys=tuple(j for j in asked.journeys if j.request not in new),
        trips=tuple(trip for trip in asked.trips if trip.request not in new),
    )
    plan = plan_day(early, effort=EVENING, seed=seed)
    promises = promise_plan(plan, early, width=region.policy.promise.window)
    nobody = replace(asked, journeys=(), trips=(), refused=())
    day = hold_to(nobody, promises, asked.places)
    plan = assemble(day, plan.routes)
    calls = [
        replace(
            asked,
            journeys=(journey,),
            trips=tuple(trip for trip in asked.trips if trip.request == journey.request),
            refused=(),
        )
        for journey in ring
    ]
    return day, plan, calls


def _driver_of_bus(shift: Shift) -> Shift:
    """One driver drives all shifts of a bus."""
    return replace(shift, driver=f"driver-{shift.vehicle.id}")


def known(day: Day, plan: Plan) -> Day:
    """Let *day* know its plan, as the operations do before each event."""
    rules = region_of(REGION).policy.stability
    return knowing(day, plan, change=rules.running, leeway=rules.leeway)


def spread(seconds: Sequence[float]) -> str:
    """How long something takes."""
    p50, p90, p99, most = (np.quantile(seconds, q) for q in (0.5, 0.9, 0.99, 1.0))
    return f"p50 {p50:.2f} s, p90 {p90:.2f} s, p99 {p99:.2f} s, longest {most:.1f} s"


class Run:
    """One day on which things happen."""

    def __init__(self, *, requests: int, buses: int, seed: int) -> None:
        self.day, self.plan, self.calls = promised_day(requests=requests, buses=buses, seed=seed)
        self.outcome = Outcome(seed)
        self.told = Told()
        for journey in self.day.journeys:
            (option,) = journey.options
            self.told.trips[journey.request] = [self.day.trip(trip) for trip in option]
        draw = np.random.default_rng([7, seed])
        self.draw = draw
        self.happenings = Happenings(draw, region_of(REGION).network)
        # Until when a bus cannot go on, and since when that is known.
        self.held: dict[str, tuple[Clock, Clock]] = {}

    def drive(self, events: int) -> Outcome:
        """Let *events* happen at moments of the whole day."""
        moments = sorted(self.draw.integers(BEGIN, END, size=events).tolist())
        for now in moments:
            under_way = freeze(known(self.day, self.plan), self.plan, now)
            kind, event = self.happenings.next(under_way, callers=len(self.calls))
            happened = self.outcome.happened
            happened[kind] = happened.get(kind, 0) + 1
            begin = time.process_time()
            if event is None:
                self.call(under_way)
                missing = None
            else:
                self.happen(under_way, event)
                missing = event.request if isinstance(event, NoShow) else None
            self.outcome.seconds.append(time.process_time() - begin)
            self.judge(under_way, missing=missing, what=f"{hh_mm(now)} {kind}")
        return self.outcome

    def call(self, under_way: UnderWay) -> None:
        """Somebody rings, and takes the best offer."""
        caller = self.calls.pop(int(self.draw.integers(len(self.calls))))
        # The roads as they are by now.
        whole = under_way.whole
        caller = replace(caller, travel=whole.travel, index=whole.index)
        width = region_of(REGION).policy.promise.window
        for offer in running_offers(under_way, caller, width=width, most=1):
            joined = accept_offer(under_way, caller, offer.promise, plan=offer.plan)
            self.told.promise(offer.promise)
            self.day, self.plan = joined.day, joined.plan
            self.outcome.accepted += 1

    def happen(self, under_way: UnderWay, event: Event | RoadsChanged) -> None:
        """Something happens, and the rest of the day is planned anew."""
        try:
            changed = happen(under_way, event)
        except EventError as error:
            self.outcome.wrong.append(f"seed {self.outcome.seed}: {event} is refused: {error}")
            return
        self.told.happened(event, under_way.plan, under_way.now)
        for shift, bus in changed.buses.items():
            if bus.ready > under_way.buses[shift].ready:
                self.held[shift] = under_way.now, bus.ready
        result = replan(changed, effort=EFFORT, seed=self.outcome.seed)
        self.told.announced(result)
        self.day, self.plan = result.day, result.plan
        outcome = self.outcome
        outcome.late += len(result.late)
        outcome.given_up += len(result.given_up)
        outcome.breaking += bool(result.late or result.given_up)
        outcome.unsure += not result.sure

    def judge(self, before: UnderWay, *, missing: str | None, what: str) -> None:
        """Hold the new plan to the list, to the checker and to the past."""
        wrong = [
            *(f"{v.rule} {v.where}: {v.message}" for v in check(self.plan, self.day)),
            *self.told.broken_by(self.plan),
            *past_changed(before.plan, self.plan, before.now, missing=missing),
            *self.too_early(),
        ]
        self.outcome.wrong += [f"seed {self.outcome.seed}, {what}: {each}" for each in wrong]

    def too_early(self) -> list[str]:
        """What buses are said to do while they cannot go on."""
        return [
            f"{visit.trip} begins while {route.shift} is late"
            for route in self.plan.routes
            if route.shift in self.held
            for stop in route.stops
            for visit in stop.visits
            if self.held[route.shift][0] < visit.begin < self.held[route.shift][1]
        ]


def line(outcome: Outcome) -> str:
    """One row of the table."""
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(outcome.happened.items()))
    return (
        f"seed {outcome.seed:<4} {kinds}; {outcome.accepted} accepted, {outcome.late} late, "
        f"{outcome.given_up} given up, {outcome.unsure} of {outcome.breaking} unsure, "
        f"{len(outcome.wrong)} wrong, {sum(outcome.seconds):.1f} s"
    )


def summary(outcomes: Sequence[Outcome]) -> str:
    """What all days have in common."""
    happened = sum((Counter(each.happened) for each in outcomes), Counter[str]())
    total = replace(Outcome(0), happened=happened)
    for each in outcomes:
        total.accepted += each.accepted
        total.late += each.late
        total.given_up += each.given_up
        total.breaking += each.breaking
        total.unsure += each.unsure
        total.wrong += each.wrong
        total.seconds += each.seconds
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(happened.items()))
    return (
        f"{len(outcomes)} sequences, {happened.total()} events: {kinds}\n"
        f"{total.accepted} offers accepted; announced: {total.late} late, "
        f"{total.given_up} given up\n"
        f"plans that break a promise: {total.breaking}, not proven to break the least: "
        f"{total.unsure}\n"
        f"found against what was told, the checker and the past: {len(total.wrong)}\n"
        f"each event: {spread(total.seconds)} (CPU)"
    )


def main() -> int:
    """Drive all sequences; 1 if anything was found."""
    arguments = _arguments()
    warm_up()
    outcomes = []
    for number in range(arguments.sequences):
        run = Run(requests=arguments.requests, buses=arguments.buses, seed=arguments.seed + number)
        outcomes.append(run.drive(arguments.events))
        print(line(outcomes[-1]), flush=True)
        for each in outcomes[-1].wrong:
            print(f"  {each}", flush=True)
    print(summary(outcomes))
    command.write_json(arguments.json, [asdict(each) for each in outcomes])
    return 1 if any(each.wrong for each in outcomes) else 0


def _arguments() -> argparse.Namespace:
    parser = command.make_parser("replanning", __doc__)
    parser.add_argument("--sequences", type=command.count, default=200)
    parser.add_argument("--events", type=command.count, default=20)
    parser.add_argument("--requests", type=command.count, default=20)
    parser.add_argument("--buses", type=command.count, default=2)
    parser.add_argument("--seed", type=command.seed, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
