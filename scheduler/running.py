"""
Who rings on the day itself: what can still be promised to a caller, beside all that is promised.

The rest of a day is a day of its own, so offers are found on it as on any other: people in buses,
stops that are made and promises stay as they are. The plan goes on without change where it can, and
an offer has one of the whole day behind it.
"""

from dataclasses import dataclass, replace

from routing.units import Seconds
from scheduler.continuing import continued, retimed
from scheduler.day import Day, DayRoads
from scheduler.errors import BrokenPromiseError, EventError
from scheduler.formulate import make_problem
from scheduler.model import Journey
from scheduler.offers import MAKE_WAY, MOST_OFFERS, Offer, find_offers
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.offering import Offering
from scheduler.optimizer.solution import Effort, RoutePlan
from scheduler.optimizer.steadiness import steady
from scheduler.plan import Plan
from scheduler.planning import accept, unproven_plan
from scheduler.promises import Promise, from_now_on
from scheduler.steady import known_of
from scheduler.under_way import UnderWay


@dataclass(frozen=True, eq=False)
class Joined:
    """A whole day with one more promise, and a plan that keeps it, checked."""

    day: Day
    plan: Plan


def running_offers(
    under_way: UnderWay,
    caller: Day,
    *,
    width: Seconds,
    most: int = MOST_OFFERS,
    make_way: int = MAKE_WAY,
) -> tuple[Offer, ...]:
    """
    What can be promised now to the only journey of *caller*: the day as it is for them alone.

    *caller* knows the roads between all places of the day as well. The plan behind each offer is
    one of the whole day; the other arguments are those of `find_offers`.

    Raises
    ------
    EventError
        If the plan of the day cannot be driven any more as it is (`replan` comes first), if the
        roads of *caller* do not lead to all places of the day, or if the caller rides already.
    """
    caller = from_now_on(caller, under_way.now)
    if not caller.journeys:
        return ()
    (journey,) = caller.journeys
    with_caller = _with_caller(under_way, caller)
    plan = unproven_plan(with_caller.rest, _going_on(with_caller))
    offers = find_offers(
        with_caller.rest, plan, request=journey.request, width=width, most=most, make_way=make_way
    )
    return tuple(
        replace(offer, plan=_joined(_promised(under_way, caller, offer.promise), offer.plan).plan)
        for offer in offers
    )


def running_never_fits(under_way: UnderWay, caller: Day, *, effort: Effort) -> bool:
    """
    Whether it is proven that no plan of the rest of the day serves *caller* beside all others.

    False says that the proof did not come to an end within *effort*, or that there is such a plan.
    """
    caller = from_now_on(caller, under_way.now)
    if not caller.journeys:
        return True
    with_caller = _with_caller(under_way, caller)
    answer = serve_everybody(
        make_problem(with_caller.rest), start=_going_on(with_caller), effort=effort
    )
    return answer.impossible


def accept_offer(
    under_way: UnderWay,
    caller: Day,
    promise: Promise,
    *,
    plan: Plan | None = None,
    make_way: int = MAKE_WAY,
) -> Joined:
    """
    Give *promise*, made to *caller* by `running_offers`; *plan* is the one behind it, if known.

    Raises
    ------
    BrokenPromiseError
        If it was overtaken: it no longer fits beside what has been promised or done meanwhile.
    EventError
        As `running_offers`.
    """
    promised = _promised(under_way, caller, promise)
    routes = None
    if plan is not None:
        going_on = replace(promised, plan=plan)
        if _is_past_of(under_way, going_on):
            routes = _all_served(promised, going_on)
    if routes is None:
        routes = _fitted_in(promised, make_way=make_way)
    if routes is None:
        msg = f"The offer for request {promise.request} was overtaken by what happened meanwhile."
        raise BrokenPromiseError(msg)
    rest = promised.rest
    if rest.steady:
        # The caller is told a window; what others and drivers know need not move for more.
        routes = tuple(steady(make_problem(rest), known_of(rest), [routes]))
    return _joined(promised, unproven_plan(rest, routes))


def _with_caller(under_way: UnderWay, caller: Day) -> UnderWay:
    """The same day on the roads of *caller*, who asks beside all others."""
    whole = under_way.whole
    (journey,) = caller.journeys
    missing = sorted(whole.places.keys() - caller.index.keys())
    if missing:
        msg = f"The caller's roads do not lead to {', '.join(missing)}."
        raise EventError(msg)
    if any(journey.request == each.request for each in whole.journeys):
        msg = f"Request {journey.request} rides on {whole.date} already."
        raise EventError(msg)
    earlier = DayRoads(whole.travel, whole.index, under_way.now + 1)
    roads = caller.travel is not whole.travel and _differ(whole, caller)
    return replace(
        under_way,
        whole=replace(
            whole,
            journeys=(*whole.journeys, journey),
            trips=(*whole.trips, *caller.trips),
            places={**caller.places, **whole.places},
            refused=tuple(each for each in whole.refused if each.request != journey.request),
            given_up=tuple(each for each in whole.given_up if each.request != journey.request),
            travel=caller.travel,
            index=caller.index,
            earlier_roads=(*whole.earlier_roads, earlier) if roads else whole.earlier_roads,
        ),
    )


def _differ(whole: Day, caller: Day) -> bool:
    """Whether a drive between places of *whole* takes another time or way for *caller*."""
    new = DayRoads(caller.travel, caller.index)
    return any(
        new.seconds(a, b) != whole.seconds(a, b) or new.metres(a, b) != whole.metres(a, b)
        for a in whole.places
        for b in whole.places
    )


def _promised(under_way: UnderWay, caller: Day, promise: Promise) -> UnderWay:
    """The same day with *promise* given."""
    way = Journey(promise.request, (tuple(trip.id for trip in promise.trips),), promise.weight)
    return _with_caller(under_way, replace(caller, journeys=(way,), trips=promise.trips))


def _joined(promised: UnderWay, rest: Plan) -> Joined:
    return Joined(promised.whole, accept(promised.whole, promised.join(rest)))


def _going_on(under_way: UnderWay) -> tuple[RoutePlan, ...]:
    routes = retimed(under_way.rest, continued(under_way))
    if routes is None:
        msg = f"The plan of {under_way.whole.date} cannot be driven any more as it is."
        raise EventError(msg)
    return routes


def _is_past_of(under_way: UnderWay, going_on: UnderWay) -> bool:
    """Whether the plan of *going_on* has done what has been done."""
    done = {visit for bus in under_way.buses.values() for visit in bus.done}
    return done <= set(going_on.plan.visits)


def _all_served(promised: UnderWay, going_on: UnderWay) -> tuple[RoutePlan, ...] | None:
    """The routes of the plan of *going_on*, if they serve everybody."""
    routes = retimed(promised.rest, continued(going_on))
    if routes is None:
        return None
    served = sum(len(route.visits) for route in routes)
    wanted = sum(len(trip.visits) for trip in promised.rest.trips)
    return routes if served == wanted else None


def _fitted_in(promised: UnderWay, *, make_way: int) -> tuple[RoutePlan, ...] | None:
    """Routes that serve everybody, from those of the plan on; ``None`` if none are found."""
    rest = promised.rest
    number = [journey.request for journey in rest.journeys].index(
        promised.whole.journeys[-1].request
    )
    offering = Offering(make_problem(rest), _going_on(promised), journey=number)
    for option in offering.options:
        insertion = offering.insert(option)
        if insertion is not None:
            return offering.timed(insertion)
    return offering.make_way(iterations=make_way) if make_way and offering.options else None
