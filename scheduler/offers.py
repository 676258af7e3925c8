"""
"When can you fetch me?": what can be guaranteed to a caller now, and what it costs.

Each offer is a promise with a complete plan behind it, which keeps every promise given before
and has passed the checker. First the caller is inserted into the plan as it is, in each of the
ways that the request leaves open; where none fits, the others make way within their promises.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from routing.units import Seconds
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.formulate import make_problem, make_routes
from scheduler.model import RequestId, TripId
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.offering import Insertion, Offering
from scheduler.optimizer.solution import Effort, RoutePlan
from scheduler.plan import Plan, PlannedVisit
from scheduler.planning import unproven_plan
from scheduler.promises import Promise, make_promise

# So many offers are enough to choose from on the telephone.
MOST_OFFERS = 5
# Steps of the search in which others make way.
MAKE_WAY = 2_000


@dataclass(frozen=True)
class Offer:
    """
    A journey that can be promised now.

    Parameters
    ----------
    promise
        What the caller is told.
    plan
        Serves the caller so, and everybody to whom something was promised.
    extra
        Seconds of driving more than before; less than 0 if the search found a better plan.
    aboard
        Seconds that the caller spends in the bus, in all trips.
    moved
        By how many seconds the pickups of others move, later or (negative) earlier: for each
        request the one that moves most. All of it within what was promised.
    """

    promise: Promise
    plan: Plan
    extra: Seconds
    aboard: Seconds
    moved: Mapping[RequestId, Seconds]

    def dear(self, above: Seconds) -> bool:
        """
        Whether the caller costs, for each unit of her weight, more driving than *above*.

        Where more ask than can ride, a few such journeys take the room of many others: a day on
        which they hear by the evening before, when all have rung, serves more people.
        """
        return self.extra > above * self.promise.weight

    @property
    def visits(self) -> list[PlannedVisit]:
        """The caller's own visits, as planned behind the offer."""
        return sorted(
            (visit for visit in self.plan.visits if visit.request == self.promise.request),
            key=lambda visit: visit.begin,
        )


def find_offers(
    day: Day,
    plan: Plan,
    *,
    request: RequestId,
    width: Seconds,
    most: int = MOST_OFFERS,
    make_way: int = MAKE_WAY,
) -> tuple[Offer, ...]:
    """
    Offers for *request*, the one that adds least driving first; empty if none is found.

    *day* is held to all promises (`promises.hold_to`) and *plan* serves everybody in it but
    *request*. *width* is that of the windows of pickup that are promised, *make_way* the steps
    of the search in which others make way; it begins only where nothing fits without.

    Raises
    ------
    BrokenPlanError
        If the checker finds anything wrong with a plan behind an offer.
    KeyError
        If *day* has no journey of *request*.
    """
    desk = _Desk(day, plan, request, width)
    insertions = filter(None, map(desk.offering.insert, desk.offering.options))
    found = [desk.offer(desk.offering.timed(each)) for each in desk.choice(insertions, most)]
    if not found and make_way and desk.offering.options:
        routes = desk.offering.make_way(iterations=make_way)
        found = [] if routes is None else [desk.offer(routes)]
    return tuple(found)


def never_fits(day: Day, plan: Plan, *, effort: Effort) -> bool:
    """
    Whether it is proven that no plan of *day* serves everybody.

    *day* and *plan* as in `find_offers`. False says that the proof did not come to an end within
    *effort*, or that there is such a plan.
    """
    answer = serve_everybody(make_problem(day), start=make_routes(plan, day), effort=effort)
    return answer.impossible


class _Desk:
    """What all offers for one caller share."""

    def __init__(self, day: Day, plan: Plan, request: RequestId, width: Seconds) -> None:
        numbers = {journey.request: number for number, journey in enumerate(day.journeys)}
        self.day, self.plan, self.width = day, plan, width
        self.journey = day.journeys[numbers[request]]
        self.offering = Offering(
            make_problem(day), make_routes(plan, day), journey=numbers[request]
        )
        first = sum(len(journey.options) for journey in day.journeys[: numbers[request]])
        self.ways = dict(enumerate(self.journey.options, start=first))

    def choice(self, insertions: Iterable[Insertion], most: int) -> list[Insertion]:
        """The cheapest of each time of arrival, cheapest first; ways home differ within one."""
        best: dict[TripId, Insertion] = {}
        for each in sorted(insertions, key=lambda insertion: insertion.extra):
            best.setdefault(self.ways[each.option][0], each)
        return list(best.values())[:most]

    def offer(self, routes: tuple[RoutePlan, ...]) -> Offer:
        """Turn *routes* into an offer, checked."""
        plan = unproven_plan(self.day, routes)
        visits = [visit for visit in plan.visits if visit.request == self.journey.request]
        by_trip: dict[TripId, list[PlannedVisit]] = {}
        for visit in visits:
            by_trip.setdefault(visit.trip, []).append(visit)
        trips = [self.day.trip(trip) for trip in sorted(by_trip, key=lambda t: by_trip[t][0].begin)]
        return Offer(
            promise=make_promise(
                self.journey.request, trips, by_trip, weight=self.journey.weight, width=self.width
            ),
            plan=plan,
            extra=plan.cost.driving - self.plan.cost.driving,
            aboard=sum(each[-1].begin - each[0].end for each in by_trip.values()),
            moved=dict(_moved(self.plan, plan)),
        )


def _moved(before: Plan, after: Plan) -> Iterator[tuple[RequestId, Seconds]]:
    """By how much pickups move, for each request that both plans serve: the one that moves most."""
    old, new = _begins(before), _begins(after)
    most: dict[RequestId, Seconds] = {}
    for key in old.keys() & new.keys():
        request, by = key[0], new[key] - old[key]
        if abs(by) > abs(most.get(request, 0)):
            most[request] = by
    yield from sorted(most.items())


def _begins(plan: Plan) -> dict[tuple[RequestId, TripId], Clock]:
    """When each trip is picked up."""
    begins: dict[tuple[RequestId, TripId], Clock] = {}
    for visit in plan.visits:
        begins.setdefault((visit.request, visit.trip), visit.begin)
    return begins
