"""
Which promises have to be broken, and by how much: the least, in this order.

1. The weight of those whose rest is given up; whoever has set out counts `SET_OUT` times.
2. The weight of those who are served late.
3. The sum of all lateness, in steps of `promises.STEP`, each request with its largest.

Each way to break a promise has a price (`tolls`), and the exact method finds the cheapest plan. To
begin with, all lateness of a journey costs as much as the least one: that is too cheap for whoever
needs more, but never too dear. Where the plan is late, the range is cut in pieces with prices of
their own, until what is paid is what is driven. What costs more than the best answer known is left
out: a fair one (`fairly_broken`), or to drive on in the same order (`as_driven`), made better by
simple exchanges (`less_broken`), and what the rounds before have found.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from time import perf_counter
from typing import TypeAlias

from routing.units import Seconds
from scheduler.as_driven import SET_OUT, AsDriven, Broken
from scheduler.continuing import Orders, continued, orders_of
from scheduler.fairly_broken import fairly_broken
from scheduler.formulate import make_problem
from scheduler.lateness import late_option, let_out
from scheduler.less_broken import less_broken
from scheduler.model import Journey, RequestId, Trip
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, Progress, Solution
from scheduler.promises import LATEST, STEP
from scheduler.tolls import Way, with_tolls
from scheduler.under_way import UnderWay

STEPS = LATEST // STEP
# Prices beyond this are not exact any more in the proof.
MOST_PRICE = 10**11
# So often the pieces are cut.
ROUNDS = 12
# After so many rounds without a proof it is given up.
UNPROVEN = 2
# Shares of all seconds: for the fair answer, until the rounds begin, and each of what is left.
FIRST, BEFORE, EACH = 0.15, 0.4, 0.3

# Late by more than so many steps up to so many; `None` is that the rest is given up.
Piece: TypeAlias = tuple[int, int] | None
ON_TIME: Piece = (-1, 0)


def least_broken(under_way: UnderWay, *, effort: Effort, seed: int = 0) -> Broken:
    """
    Find the least that has to be broken on the rest of a day.

    Never more than if the buses drive on in the order of the plan, if they can. The steps and
    labels of *effort* are for each round, its seconds for all of them together.
    """
    begin = perf_counter()
    first = replace(effort, seconds=effort.seconds and FIRST * effort.seconds)
    fair = fairly_broken(under_way, effort=first, seed=seed, most=STEPS)
    driven = AsDriven(under_way, most=STEPS)
    going_on = driven.broken(orders_of(under_way.rest, continued(under_way)))
    answers = [Broken(fair.steps, fair.given_up, sure=False, orders=fair.orders)]
    answers += filter(None, [driven.broken(fair.orders), going_on])
    best = min(answers, key=driven.order)
    until = effort.seconds and begin + BEFORE * effort.seconds
    best = less_broken(driven, best, seed=seed, until=until)
    spent = perf_counter() - begin
    left = effort.seconds and max(0.0, effort.seconds - spent)
    search = _Search(under_way, replace(effort, seconds=left), seed)
    search.start_from(best.steps, best.given_up, best.orders)
    unproven = 0
    for _ in range(ROUNDS):
        search.round(limit=search.price(best))
        unproven += not search.least
        wide = {r: p for r, p in search.chosen.items() if p and p[1] - p[0] > 1}
        found = search.broken(sure=search.least and not wide)
        if found.sure:
            return found
        answers = [best, *([] if wide else [found]), *filter(None, [driven.broken(found.orders)])]
        best = min(answers, key=driven.order)
        if unproven > UNPROVEN or not wide:
            break
        for request, (low, high) in wide.items():
            search.cuts.setdefault(request, set()).add((low + high) // 2)
    until = effort.seconds and begin + effort.seconds
    return less_broken(driven, best, seed=seed, until=until)


class _Prices:
    """What a step of lateness costs, a unit of weight that is late, and one that is given up."""

    def __init__(self, under_way: UnderWay, weights: Sequence[int], begun: Sequence[bool]) -> None:
        shifts = under_way.rest.shifts
        hours = sum(shift.hours.latest - shift.hours.earliest for shift in shifts)
        # More than all buses can drive; even, for there and back.
        self.step: Seconds = 2 * (hours // 2 + 1)
        most_steps, most_late = STEPS * len(weights), sum(weights)
        factors = [w * (SET_OUT if b else 1) for w, b in zip(weights, begun, strict=True)]
        while (
            total := self.step * (most_steps + 1) * (most_late + 1) * sum(factors)
        ) > MOST_PRICE and most_steps + most_late > 2:
            most_steps, most_late = (most_steps + 1) // 2, (most_late + 1) // 2
        self.late: Seconds = self.step * (most_steps + 1)
        self.given_up: Seconds = self.late * (most_late + 1)
        # Otherwise much lateness of few could cost more than little of many.
        self.exact = total <= MOST_PRICE and most_late == sum(weights)

    def of(self, piece: Piece, *, weight: int, begun: bool) -> Seconds:
        """At what *piece* is the least."""
        if piece is None:
            return self.given_up * weight * (SET_OUT if begun else 1)
        low, high = piece
        return self.late * weight + self.step * (low + 1) if high else 0


class _Search:
    """Rounds of one problem with ever more pieces."""

    def __init__(self, under_way: UnderWay, effort: Effort, seed: int) -> None:
        self.under_way, self.effort, self.seed = under_way, effort, seed
        self.seconds = effort.seconds
        ahead = {journey.request for journey in under_way.rest.journeys}
        self.journeys = [j for j in under_way.whole.journeys if j.request in ahead]
        self.begun = [any(t in under_way.made for o in j.options for t in o) for j in self.journeys]
        self.prices = _Prices(under_way, [j.weight for j in self.journeys], self.begun)
        self.cuts: dict[RequestId, set[int]] = {}
        self.chosen: dict[RequestId, Piece] = {j.request: ON_TIME for j in self.journeys}
        self.orders: Orders = orders_of(under_way.rest, continued(under_way))
        self.least = False

    def start_from(
        self, steps: Mapping[RequestId, int], given_up: Collection[RequestId], orders: Orders
    ) -> None:
        """Begin with what can be driven in *orders*; its steps become pieces of their own."""
        self.orders = orders
        for request in self.chosen:
            if request in given_up:
                self.chosen[request] = None
            elif request in steps:
                high = steps[request]
                self.chosen[request] = (high - 1, high)
                self.cuts[request] = {high - 1, high} - {0, STEPS}

    def price(self, broken: Broken) -> Seconds:
        """What it costs to break so much."""
        total = 0
        for journey, begun in zip(self.journeys, self.begun, strict=True):
            late = broken.steps.get(journey.request, 0)
            piece = None if journey.request in broken.given_up else (late - 1, late)
            total += self.prices.of(piece, weight=journey.weight, begun=begun)
        return total

    def round(self, *, limit: Seconds) -> None:
        """Find the cheapest plan with the pieces as they are; none dearer than *limit* alone."""
        pieces: dict[RequestId, list[Piece]] = {}
        ways = []
        for journey, begun in zip(self.journeys, self.begun, strict=True):
            every = list(self.ways(journey, begun=begun))
            found = [each for each in every if each[1].price <= limit] or every[-1:]
            pieces[journey.request] = [piece for piece, _ in found]
            ways.append(tuple(way for _, way in found))
        tolled = with_tolls(self.under_way.rest, ways, aboard=self.under_way.aboard)
        start = tolled.routes(self.orders, self.numbers(pieces))
        solution = solve(
            make_problem(tolled.day),
            effort=replace(self.effort, seconds=self.seconds and EACH * self.seconds),
            seed=self.seed,
            progress=self.open_still,
            warm_start=Solution(start, 0, 0.0, 0, 0.0, proven=False),
        )
        if self.seconds is not None:
            self.seconds = max(0.0, self.seconds - solution.statistics["seconds"])
        self.least = not self.open_still(solution)
        taken = tolled.taken(solution)
        self.chosen = {
            request: each[taken[request]] if request in taken else None
            for request, each in pieces.items()
        }
        self.orders = tolled.orders(solution)

    def open_still(self, progress: Progress | Solution) -> bool:
        """Whether something cheaper than the plan may be found, drives of real buses aside."""
        step = self.prices.step
        return bool(
            progress.unserved_weight > progress.bound_weight
            or progress.cost // step > progress.bound_cost // step
        )

    def ways(self, journey: Journey, *, begun: bool) -> Iterator[tuple[Piece, Way]]:
        """All ways in which the rest of *journey* can be served, late or not, or given up."""
        ends = [0, *sorted(self.cuts.get(journey.request, ())), STEPS]
        pieces = [(-1, 0), *pairwise(ends)]
        for piece in pieces:
            low, high = piece
            price = self.prices.of(piece, weight=journey.weight, begun=begun)
            for option in self.under_way.open_options(journey):
                whole = late_option(self.under_way, option, max(0, low) * STEP, high * STEP)
                rest = self.rest(whole)
                if rest is not None:
                    yield piece, Way(journey.request, rest, price)
        price = self.prices.of(None, weight=journey.weight, begun=begun)
        (out,) = [self.rest([let_out(self.under_way, trip) for trip in self.aboard(journey)])]
        yield None, Way(journey.request, out or (), price)

    def rest(self, trips: Sequence[Trip]) -> tuple[Trip, ...] | None:
        """What is left of *trips*; ``None`` if somebody is in a bus for too long already."""
        over = self.under_way.made.keys() - self.under_way.aboard.keys()
        left = [self.under_way.rest_of(trip) for trip in trips if trip.id not in over]
        return None if None in left else tuple(trip for trip in left if trip)

    def aboard(self, journey: Journey) -> list[Trip]:
        """The trip of *journey* that is in a bus now, if one is."""
        return [
            trip
            for trip in self.under_way.whole.trips
            if trip.request == journey.request and trip.id in self.under_way.aboard
        ]

    def numbers(self, pieces: Mapping[RequestId, Sequence[Piece]]) -> dict[RequestId, int]:
        """The ways of this round that are most like those chosen in the one before."""
        numbers = {}
        for request, each in pieces.items():
            before = self.chosen[request]
            high = before and before[1]
            ends = [piece and piece[1] for piece in each]
            numbers[request] = ends.index(high) if high in ends else len(each) - 1
        return numbers

    def broken(self, *, sure: bool) -> Broken:
        """What the last round found."""
        steps = {request: piece[1] for request, piece in self.chosen.items() if piece and piece[1]}
        given_up = frozenset(request for request, piece in self.chosen.items() if piece is None)
        return Broken(steps, given_up, sure and self.prices.exact, self.orders)
