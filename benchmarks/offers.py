"""
The telephone: how fast offers come, whether all can be accepted, and what days booked so serve.

    .venv/bin/python -m benchmarks.offers [--region kalletal|liechtenstein|both] [--requests N]
        [--buses B] [--days D] [--seconds S] [--seed N] [--json OUT]

On each of D invented days (`benchmarks.days`) the requests ring in random order, and each takes the
best offer. Every offer is made twice: by insertion alone, the first list that a caller hears, and
with others making way where nothing fits. The plan behind each offer is accepted for a try, and the
checker looks at it with all promises. What is served in the end is compared with plain cheapest
insertion, and with a plan of the whole day made at once in S CPU seconds, proof included: nobody
who answers one caller after the other can be expected to reach that.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import product

import numpy as np

from benchmarks import command
from benchmarks.days import region_of, village_day
from benchmarks.maps import MapError
from benchmarks.villages import REGIONS, run
from scheduler.booking import Book, open_book
from scheduler.check import check
from scheduler.day import Day
from scheduler.offers import MAKE_WAY
from scheduler.optimizer import warm_up


@dataclass
class Outcome:
    """
    One day, booked call by call.

    *first* and *deep* are seconds until the first list of offers, and until the one with others
    making way where the first was empty; *trips* how many were booked at each call. *served* and
    *weight* are of the day with others making way, *plain_* those without, *whole_* those of the
    whole day planned at once, *proven* if that is.
    """

    region: str
    seed: int
    requests: int
    first: list[float] = field(default_factory=list)
    deep: list[float] = field(default_factory=list)
    trips: list[int] = field(default_factory=list)
    offers: int = 0
    broken: int = 0
    served: int = 0
    weight: int = 0
    plain_served: int = 0
    plain_weight: int = 0
    whole_served: int = 0
    whole_weight: int = 0
    proven: bool = False


def calls(day: Day, *, seed: int) -> Iterator[Day]:
    """One caller after the other, each with the day as it is for them alone."""
    for position in np.random.default_rng(seed).permutation(len(day.journeys)):
        journey = day.journeys[position]
        trips = tuple(trip for trip in day.trips if trip.request == journey.request)
        yield replace(day, journeys=(journey,), trips=trips, refused=())


def booked(day: Day, outcome: Outcome, *, width: int) -> Book:
    """Book *day* call by call, and note all that happens."""
    book = open_book(day, day.places)
    for caller in calls(day, seed=outcome.seed):
        begin = time.perf_counter()
        offers = book.offers(caller, width=width, make_way=0)
        outcome.first.append(time.perf_counter() - begin)
        outcome.trips.append(sum(len(promise.trips) for promise in book.kept))
        if not offers:
            offers = book.offers(caller, width=width, make_way=MAKE_WAY)
        outcome.deep.append(time.perf_counter() - begin)
        for offer in offers:
            accepted = book.promise(offer.promise, plan=offer.plan)
            served = {visit.request for visit in accepted.plan.visits}
            kept = served >= {promise.request for promise in accepted.kept}
            outcome.offers += 1
            outcome.broken += not kept or bool(check(accepted.plan, accepted.day))
        if offers:
            book = book.promise(offers[0].promise, plan=offers[0].plan)
    return book


def plainly(day: Day, *, seed: int, width: int) -> Book:
    """Book *day* by cheapest insertion alone."""
    book = open_book(day, day.places)
    for caller in calls(day, seed=seed):
        offers = book.offers(caller, width=width, most=1, make_way=0)
        if offers:
            book = book.promise(offers[0].promise, plan=offers[0].plan)
    return book


def one_day(region: str, *, requests: int, buses: int | None, seed: int, seconds: float) -> Outcome:
    """Invent a day, book it, and plan it at once."""
    here = region_of(region)
    day = village_day(here, requests=requests, seed=seed, buses=buses)
    outcome = Outcome(region, seed, len(day.journeys))
    width = here.policy.promise.window
    weights = {journey.request: journey.weight for journey in day.journeys}
    book, plain = booked(day, outcome, width=width), plainly(day, seed=seed, width=width)
    outcome.served, outcome.weight = (
        len(book.promises),
        sum(weights[name] for name in book.promises),
    )
    outcome.plain_served = len(plain.promises)
    outcome.plain_weight = sum(weights[name] for name in plain.promises)
    whole = run(day, seconds=seconds)
    visits = [trip.request for trip in day.trips for _ in trip.visits]
    at_once = {visits[visit] for route in whole.routes for visit in route.visits}
    outcome.whole_served, outcome.proven = len(at_once), whole.proven
    outcome.whole_weight = sum(weights.values()) - whole.unserved_weight
    return outcome


def line(outcome: Outcome) -> str:
    """One row of the table."""
    return (
        f"{outcome.region:<13} seed {outcome.seed:<3} served {outcome.served:>3} "
        f"(plain {outcome.plain_served:>3}, at once {outcome.whole_served:>3}) of "
        f"{outcome.requests:>3}  weight {outcome.weight:>3} (plain {outcome.plain_weight:>3}, "
        f"at once {outcome.whole_weight:>3}{', proven' if outcome.proven else ''})  "
        f"{outcome.trips[-1]:>3} trips  {outcome.offers:>3} offers, {outcome.broken} broken"
    )


def summary(outcomes: Sequence[Outcome]) -> str:
    """What all days have in common."""
    first, deep = ([s for each in outcomes for s in kind(each)] for kind in (_first, _deep))
    whole = sum(each.whole_weight for each in outcomes)
    shares = [
        sum(getattr(e, name) for e in outcomes) / whole for name in ("weight", "plain_weight")
    ]
    heads = sum(each.whole_served for each in outcomes)
    people = [
        sum(getattr(e, name) for e in outcomes) / heads for name in ("served", "plain_served")
    ]
    tried, broken = sum(e.offers for e in outcomes), sum(e.broken for e in outcomes)
    return (
        f"{len(first)} calls, {tried} offers tried, {broken} broke a promise\n"
        f"first list: {_spread(first)}\n"
        f"with others making way where it was empty: {_spread(deep)}\n"
        f"served, of what the whole day at once serves: weight {shares[0]:.1%} "
        f"(plain insertion {shares[1]:.1%}), people {people[0]:.1%} ({people[1]:.1%})"
    )


def _first(outcome: Outcome) -> list[float]:
    return outcome.first


def _deep(outcome: Outcome) -> list[float]:
    return outcome.deep


def _spread(seconds: Sequence[float]) -> str:
    p50, p90, p99, most = (1000 * np.quantile(seconds, q) for q in (0.5, 0.9, 0.99, 1.0))
    return f"p50 {p50:.1f} ms, p90 {p90:.1f} ms, p99 {p99:.1f} ms, longest {most:.0f} ms"


def main() -> int:
    """Book all days; 1 if an offer broke a promise, 2 if there is no region."""
    arguments = _arguments()
    regions = REGIONS if arguments.region == "both" else (arguments.region,)
    try:
        for region in regions:
            region_of(region)
    except MapError as error:
        print(error, file=sys.stderr)
        return 2
    warm_up()
    outcomes = []
    for region, seed in product(regions, range(arguments.days)):
        outcomes.append(
            one_day(
                region,
                requests=arguments.requests,
                buses=arguments.buses,
                seed=arguments.seed + seed,
                seconds=arguments.seconds,
            )
        )
        print(line(outcomes[-1]), flush=True)
    print(summary(outcomes))
    command.write_json(arguments.json, [asdict(each) for each in outcomes])
    return 1 if any(each.broken for each in outcomes) else 0


def _arguments() -> argparse.Namespace:
    parser = command.make_parser("offers", __doc__)
    parser.add_argument("--region", choices=[*REGIONS, "both"], default="kalletal")
    parser.add_argument("--requests", type=command.count, default=25)
    parser.add_argument("--buses", type=command.count)
    parser.add_argument("--days", type=command.count, default=10)
    parser.add_argument("--seconds", type=command.seconds, default=10.0)
    parser.add_argument("--seed", type=command.seed, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
