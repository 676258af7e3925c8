"""
How fast the first list of offers comes, and whether all that is offered can be accepted.

    .venv/bin/python -m benchmarks.telephone [--region kalletal|liechtenstein|both] [--calls C]
        [--booked T] [--seed N] [--any] [--json OUT]

Full days: four buses, each with one driver all day long; callers ring and take the best offer until
T trips are booked. From then on the phone goes on ringing, C times in all: every second time it is
somebody new, else somebody who was promised something and asks what else there is. Measured is how
long the first list takes, by insertion alone. Every offer is accepted for a try; then nothing that
was promised may be broken, by the checker and by what was told.

With --any the days are of any size, with one to three buses; callers take any of their offers or
none, others make way where nothing fits, and now and then somebody takes back what was promised.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count

import numpy as np

from benchmarks import command
from benchmarks.callers import accept, broken, calls
from benchmarks.days import REGIONS, region_of, regions_asked, village_day
from scheduler.booking import Book, open_book
from scheduler.day import Day
from scheduler.offers import MAKE_WAY
from scheduler.optimizer import warm_up

BUSES = 4
# Requests that have rung when about so many trips are booked, and as many who ring afterwards.
REQUESTS = 180
# Trips more than are asked for, so that as many are left when somebody asks what else there is.
MORE = 2
# Steps of the searches by which a full day is filled: more would only take longer.
FILLING = 300
# Of the days of any size.
MOST_REQUESTS, MOST_BUSES = 30, 3
SHARE_TAKEN, SHARE_TAKEN_BACK = 0.8, 0.1


@dataclass(frozen=True)
class Call:
    """
    One call: *trips* were booked when it came; *seconds* on the wall and *cpu* to the first list.

    All *offers* were accepted for a try; *faults* is how much that broke.
    """

    region: str
    day: int
    trips: int
    seconds: float
    cpu: float
    offers: int
    faults: int


def full_days(region: str, *, booked: int, seed: int) -> Iterator[Call]:
    """Days on which at least so many trips are *booked*, one after the other, without end."""
    here = region_of(region)
    width = here.policy.promise.window
    for number in count(seed):
        day = village_day(here, requests=REQUESTS, seed=number, buses=BUSES, all_day=True)
        ringing = list(calls(day, seed=number))
        book = open_book(day, day.places)
        while ringing and trips(book) < booked + MORE:
            caller = ringing.pop(0)
            offers = book.offers(caller, width=width, most=1, make_way=FILLING)
            book = accept(book, offers[0]) if offers else book
        known = [c for c in calls(day, seed=number) if c.journeys[0].request in book.promises]
        for pair in zip(ringing, known, strict=False):
            for caller in pair:
                others = book.without(caller.journeys[0].request)
                if trips(others) >= booked:
                    yield tried(region, number, others, caller, width=width)[0]


def any_days(region: str, *, seed: int) -> Iterator[Call]:
    """Days of any size from the first call to the last, one after the other, without end."""
    here = region_of(region)
    width = here.policy.promise.window
    for number in count(seed):
        dice = np.random.default_rng(number)
        requests, buses = (
            int(dice.integers(4, MOST_REQUESTS + 1)),
            int(dice.integers(1, MOST_BUSES + 1)),
        )
        day = village_day(here, requests=requests, seed=number, buses=buses)
        book = open_book(day, day.places)
        for caller in calls(day, seed=number):
            call, accepted = tried(region, number, book, caller, width=width, make_way=MAKE_WAY)
            yield call
            if accepted and dice.random() < SHARE_TAKEN:
                book = accepted[int(dice.integers(len(accepted)))]
            if book.promises and dice.random() < SHARE_TAKEN_BACK:
                book = book.without(str(dice.choice(sorted(book.promises))))


def tried(
    region: str, day: int, book: Book, caller: Day, *, width: int, make_way: int = 0
) -> tuple[Call, list[Book]]:
    """Ask for offers, measure the first list, and accept each offer; the books after that."""
    begin, used = time.perf_counter(), time.process_time()
    offers = book.offers(caller, width=width, make_way=0)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - used
    if not offers and make_way:
        offers = book.offers(caller, width=width, make_way=make_way)
    after = [accept(book, offer) for offer in offers]
    faults = sum(map(broken, after))
    return Call(region, day, trips(book), seconds, cpu, len(offers), faults), after


def trips(book: Book) -> int:
    """How many trips are booked."""
    return sum(len(promise.trips) for promise in book.kept)


def summary(ringing: Sequence[Call]) -> str:
    """What all calls have in common."""
    offered = [call for call in ringing if call.offers]
    offers, faults = (sum(getattr(call, name) for call in ringing) for name in ("offers", "faults"))
    booked = [call.trips for call in ringing]
    return "\n".join(
        [
            (
                f"{len(ringing)} calls on {len({(c.region, c.day) for c in ringing})} days with "
                f"{min(booked)} to {max(booked)} trips booked; {len(offered)} got an offer"
            ),
            f"{offers} offers, each accepted for a try: {faults} faults",
            f"first list: {_spread([call.seconds for call in ringing])}",
            f"  where it is not empty: {_spread([call.seconds for call in offered])}",
            f"first list, CPU: {_spread([call.cpu for call in ringing])}",
            f"  where it is not empty: {_spread([call.cpu for call in offered])}",
        ]
    )


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "-"
    p50, p90, p99, most = (1000 * np.quantile(seconds, q) for q in (0.5, 0.9, 0.99, 1.0))
    return f"p50 {p50:.1f} ms, p90 {p90:.1f} ms, p99 {p99:.1f} ms, longest {most:.0f} ms"


def main(words: Sequence[str] | None = None) -> int:
    """Let the phone ring; 1 if an offer broke a promise, 2 if there is no region."""
    arguments = _parser().parse_args(words)
    regions = regions_asked(arguments.region)
    warm_up()
    days = [
        any_days(region, seed=arguments.seed)
        if arguments.any
        else full_days(region, booked=arguments.booked, seed=arguments.seed)
        for region in regions
    ]
    ringing: list[Call] = []
    for number in range(arguments.calls):
        ringing.append(next(days[number % len(days)]))
        if ringing[-1].faults:
            print(f"WRONG: {ringing[-1]}", flush=True)
    print(summary(ringing))
    command.write_json(arguments.json, [asdict(each) for each in ringing])
    return 1 if any(call.faults for call in ringing) else 0


def _parser() -> argparse.ArgumentParser:
    parser = command.make_parser("telephone", __doc__)
    parser.add_argument("--region", choices=[*REGIONS, "both"], default="kalletal")
    parser.add_argument("--calls", type=command.count, default=1000)
    parser.add_argument("--booked", type=command.count, default=100)
    parser.add_argument("--any", action="store_true", help="days of any size, and all their calls")
    parser.add_argument("--seed", type=command.seed, default=0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
