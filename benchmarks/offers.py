"""
How many people days serve that are booked on the telephone, one caller after the other.

    .venv/bin/python -m benchmarks.offers [--region kalletal|liechtenstein|both] [--requests N]
        [--buses B] [--days D] [--seconds S] [--seed N] [--call-back MINUTES] [--why [P]]
        [--json OUT]

On each of D invented days (`benchmarks.days`) the requests ring in random order. Compared are, in
shares of what a plan of the whole day at once serves, made in S CPU seconds, proof included:

    plain       each is inserted where that is cheapest, or refused
    offers      each takes the best offer; others make way where nothing fits
    called back as *offers*, but whoever costs the bus more driving than the policy says, or
                MINUTES, hears in the evening, with the refused: then all are planned together
    untold      only with --why: whoever fits is accepted, but hears no time before the last one
                has rung. Offers cannot do much better, but by luck, as long as nobody is refused,
                or made to wait, who fits when she rings

With --why each refusal is looked into: is it proven within P seconds that nothing fits beside the
promises, and would the same people fit, could they be told other times?
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import product

from benchmarks import command
from benchmarks.callers import Booked, called_back, first_come, fits_untold, plainly, untold
from benchmarks.days import REGIONS, region_of, regions_asked, village_day
from benchmarks.villages import run
from routing.units import MINUTE
from scheduler.day import Day
from scheduler.model import RequestId
from scheduler.optimizer import warm_up
from scheduler.optimizer.solution import Effort


@dataclass
class Outcome:
    """
    One day: people and weight *served* in each way, and by a plan *at_once*.

    Of the refused, *nothing_fits* is how many were proven to fit in nowhere beside the promises,
    *told* how many would fit if times could be told anew; -1 where nobody asked why. *waiting*
    were called back, the refused included.
    """

    region: str
    seed: int
    requests: int
    served: dict[str, tuple[int, int]] = field(default_factory=dict)
    at_once: tuple[int, int] = (0, 0)
    proven: bool = False
    refused: int = 0
    nothing_fits: int = -1
    told: int = -1
    waiting: int = 0


def one_day(region: str, arguments: argparse.Namespace, *, seed: int) -> Outcome:
    """Invent a day, book it in all ways, and plan it at once."""
    here = region_of(region)
    day = village_day(here, requests=arguments.requests, seed=seed, buses=arguments.buses)
    width, above = here.policy.promise.window, here.policy.booking.call_back
    if arguments.call_back is not None:
        above = arguments.call_back * MINUTE
    ways = {
        "plain": plainly(day, seed=seed, width=width),
        "offers": first_come(day, seed=seed, width=width),
        "called back": called_back(day, seed=seed, width=width, above=above),
    }
    outcome = Outcome(region, seed, len(day.journeys))
    outcome.refused = len(ways["offers"].refused)
    outcome.waiting = ways["called back"].waiting
    if arguments.why:
        _look_into(day, ways["offers"], outcome, seconds=arguments.why)
        ways["untold"] = untold(day, seed=seed)
    outcome.served = {name: _counted(day, way.served) for name, way in ways.items()}
    whole = run(day, seconds=arguments.seconds)
    visits = [trip.request for trip in day.trips for _ in trip.visits]
    outcome.at_once = _counted(day, {visits[v] for route in whole.routes for v in route.visits})
    outcome.proven = whole.proven
    return outcome


def _look_into(day: Day, booked: Booked, outcome: Outcome, *, seconds: float) -> None:
    """Why each of the refused was."""
    outcome.nothing_fits = outcome.told = 0
    for book, caller in booked.refused:
        outcome.nothing_fits += book.never_fits(caller, effort=Effort(seconds=seconds))
        outcome.told += fits_untold(day, book, caller)


def _counted(day: Day, served: set[RequestId]) -> tuple[int, int]:
    """How many people these are, and what they weigh."""
    weights = [journey.weight for journey in day.journeys if journey.request in served]
    return len(weights), sum(weights)


def line(outcome: Outcome) -> str:
    """One row of the table."""
    served = [*outcome.served.items(), ("at once", outcome.at_once)]
    ways = "  ".join(f"{name} {count} ({weight})" for name, (count, weight) in served)
    return (
        f"{outcome.region:<13} seed {outcome.seed:<3} of {outcome.requests:>3} people (weight): "
        f"{ways}{' proven' if outcome.proven else ''}  refused {outcome.refused}"
        f"{_why(outcome.nothing_fits, outcome.told)}, called back {outcome.waiting}"
    )


def _why(nothing_fits: int, told: int) -> str:
    """Why people were refused, if somebody asked."""
    if nothing_fits < 0:
        return ""
    return (
        f" (proven that nothing fits beside the promises {nothing_fits}, "
        f"found a plan with other times told {told})"
    )


def summary(outcomes: Sequence[Outcome]) -> str:
    """What all days have in common."""
    proven = [each for each in outcomes if each.proven]
    calls, refused, nothing, told, waiting = (
        sum(getattr(each, name) for each in outcomes)
        for name in ("requests", "refused", "nothing_fits", "told", "waiting")
    )
    first = (
        f"{len(outcomes)} days, {calls} calls, offers refused {refused}{_why(nothing, told)}, "
        f"called back {waiting}:"
    )
    second = f"{len(proven)} of these days, proven at once:"
    return "\n".join([first, *_shares(outcomes), second, *_shares(proven)])


def _shares(outcomes: Sequence[Outcome]) -> list[str]:
    """What each way serves, in shares of what a plan at once does."""
    people, weight = (sum(each.at_once[which] for each in outcomes) for which in (0, 1))
    rows = []
    for name in outcomes[0].served if outcomes else ():
        count, heavy = (sum(each.served[name][which] for each in outcomes) for which in (0, 1))
        rows.append(f"{name:<12} people {count / people:.1%}, weight {heavy / weight:.1%}")
    return [*rows, f"at once      people {people}, weight {weight}"]


def main() -> int:
    """Book all days; 2 if there is no region."""
    arguments = _arguments()
    regions = regions_asked(arguments.region)
    warm_up()
    outcomes = []
    for region, seed in product(regions, range(arguments.days)):
        outcomes.append(one_day(region, arguments, seed=arguments.seed + seed))
        print(line(outcomes[-1]), flush=True)
    print(summary(outcomes))
    command.write_json(arguments.json, [asdict(each) for each in outcomes])
    return 0


def _arguments() -> argparse.Namespace:
    parser = command.make_parser("offers", __doc__)
    parser.add_argument("--region", choices=[*REGIONS, "both"], default="kalletal")
    parser.add_argument("--requests", type=command.count, default=20)
    parser.add_argument("--buses", type=command.count, default=2)
    parser.add_argument("--days", type=command.count, default=50)
    parser.add_argument("--seconds", type=command.seconds, default=20.0)
    parser.add_argument("--call-back", type=command.minutes, help="above so many minutes")
    parser.add_argument("--why", type=command.seconds, nargs="?", const=5.0, help="look into why")
    parser.add_argument("--seed", type=command.seed, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
