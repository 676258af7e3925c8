"""
The day as it stands while people ring: promises, offers on hold, and one plan that keeps both.

A `Book` never changes; what happens to it gives a new one. Moments are handed in from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from routing.units import Seconds
from scheduler.day import Day
from scheduler.errors import BrokenPlanError, BrokenPromiseError
from scheduler.formulate import make_problem, make_routes
from scheduler.model import Place, PlaceId, RequestId
from scheduler.offers import MAKE_WAY, MOST_OFFERS, Offer, find_offers, never_fits
from scheduler.optimizer.offering import Offering
from scheduler.optimizer.solution import Effort, RoutePlan
from scheduler.plan import Plan
from scheduler.planning import unproven_plan
from scheduler.promises import Promise, hold_to


@dataclass(frozen=True)
class Hold:
    """An offer kept for a caller who still has to think: as good as a promise *until* then."""

    promise: Promise
    until: datetime


@dataclass(frozen=True, eq=False)
class Book:
    """
    What is promised on one day.

    Parameters
    ----------
    empty
        The day without any journey: its shifts, and roads between all *places*.
    places
        Every place that a promise may name.
    promises, holds
        By request; none is in both.
    plan
        Serves exactly those who are in *promises* and *holds*, as they were told.
    """

    empty: Day
    places: Mapping[PlaceId, Place]
    promises: Mapping[RequestId, Promise]
    holds: Mapping[RequestId, Hold]
    plan: Plan

    @property
    def kept(self) -> tuple[Promise, ...]:
        """All promises that a plan has to keep, those on hold included."""
        return (*self.promises.values(), *(hold.promise for hold in self.holds.values()))

    @property
    def day(self) -> Day:
        """The day, held to everything that was promised."""
        return hold_to(self.empty, self.kept, self.places)

    def at(self, now: datetime) -> "Book":
        """The book at a moment: what was on hold for longer than agreed is free again."""
        book = self
        for request, hold in self.holds.items():
            if hold.until <= now:
                book = book.without(request)
        return book

    def offers(
        self, caller: Day, *, width: Seconds, most: int = MOST_OFFERS, make_way: int = MAKE_WAY
    ) -> tuple[Offer, ...]:
        """
        What can be promised to the only journey of *caller*: the day as it is for them alone.

        A request that holds an offer, or was promised one, is offered what could come instead.
        """
        (journey,) = caller.journeys
        others = self.without(journey.request)
        return find_offers(
            hold_to(caller, others.kept, others.places),
            others.plan,
            request=journey.request,
            width=width,
            most=most,
            make_way=make_way,
        )

    def never_fits(self, caller: Day, *, effort: Effort) -> bool:
        """Whether it is proven that *caller*, as in `offers`, cannot be promised anything."""
        others = self.without(caller.journeys[0].request)
        day = hold_to(caller, others.kept, others.places)
        return never_fits(day, others.plan, effort=effort)

    def hold(
        self,
        promise: Promise,
        *,
        until: datetime,
        plan: Plan | None = None,
        make_way: int = MAKE_WAY,
    ) -> "Book":
        """
        Keep an offer for a while. *plan* is the one behind it, if it is still known.

        Raises
        ------
        BrokenPromiseError
            If it was overtaken: it no longer fits beside what was promised meanwhile.
        """
        book = self._with(promise, plan, make_way)
        return replace(book, holds={**book.holds, promise.request: Hold(promise, until)})

    def promise(
        self, promise: Promise, *, plan: Plan | None = None, make_way: int = MAKE_WAY
    ) -> "Book":
        """
        Promise an offer, whether it was on hold or not. *plan* as in `hold`.

        Raises
        ------
        BrokenPromiseError
            If it was overtaken: it no longer fits beside what was promised meanwhile.
        """
        held = self.holds.get(promise.request)
        if held is not None and held.promise == promise:
            holds = {name: hold for name, hold in self.holds.items() if name != promise.request}
            return replace(self, holds=holds, promises={**self.promises, promise.request: promise})
        book = self._with(promise, plan, make_way)
        return replace(book, promises={**book.promises, promise.request: promise})

    def without(self, request: RequestId) -> "Book":
        """The book without one request; buses that carried it go again when it suits the rest."""
        if request not in self.promises and request not in self.holds:
            return self
        book = replace(
            self,
            promises={name: kept for name, kept in self.promises.items() if name != request},
            holds={name: hold for name, hold in self.holds.items() if name != request},
        )
        day = book.day
        return replace(book, plan=unproven_plan(day, _retimed(self.plan, day)))

    def carried_by(self, plan: Plan) -> "Book":
        """
        The same promises, kept by the routes of *plan*; whoever else rides in it gets off.

        Routes keep their times if they can. *plan* may be of a day with other shifts or roads.

        Raises
        ------
        BrokenPromiseError
            If *plan* does not keep all promises.
        """
        carrying = _carrying(plan, self.day)
        if carrying is None:
            msg = f"The plan does not keep all {len(self.kept)} promises of {self.empty.date}."
            raise BrokenPromiseError(msg)
        return replace(self, plan=carrying)

    def _with(self, promise: Promise, plan: Plan | None, make_way: int) -> "Book":
        """The same with a plan that keeps *promise* as well: *plan*, if that still does."""
        others = self.without(promise.request)
        day = hold_to(self.empty, (*others.kept, promise), self.places)
        carrying = plan and _carrying(plan, day)
        if carrying:
            return replace(others, plan=carrying)
        number = len(others.kept)
        offering = Offering(make_problem(day), make_routes(others.plan, day), journey=number)
        for option in offering.options:
            insertion = offering.insert(option)
            if insertion is not None:
                return replace(others, plan=unproven_plan(day, offering.timed(insertion)))
        routes = offering.make_way(iterations=make_way) if make_way and offering.options else None
        if routes is None:
            msg = f"The offer for request {promise.request} was overtaken by other promises."
            raise BrokenPromiseError(msg)
        return replace(others, plan=unproven_plan(day, routes))


def open_book(empty: Day, places: Mapping[PlaceId, Place]) -> Book:
    """Begin a day on which nothing is promised yet."""
    empty = replace(empty, journeys=(), trips=(), refused=())
    return Book(empty, places, {}, {}, unproven_plan(empty, (RoutePlan(),) * len(empty.shifts)))


def _carrying(plan: Plan, day: Day) -> Plan | None:
    """The part of *plan* that serves the journeys of *day*; ``None`` if it leaves one out."""
    asked = {journey.request for journey in day.journeys}
    if not asked <= {visit.request for visit in plan.visits}:
        return None
    for anew in (False, True):
        try:
            carrying = unproven_plan(day, _retimed(plan, day, anew=anew))
        except (ValueError, BrokenPlanError):
            continue  # roads or shifts are others by now
        if {visit.request for visit in carrying.visits} == asked:
            return carrying
    return None


def _retimed(plan: Plan, day: Day, *, anew: bool = False) -> tuple[RoutePlan, ...]:
    """
    The routes of *plan* without those whom *day* does not know, with new times where they rode.

    With *anew*, every route gets new times.
    """
    routes = make_routes(plan, day)
    before = {route.shift: sum(len(stop.visits) for stop in route.stops) for route in plan.routes}
    changed = {
        number
        for number, (planned, shift) in enumerate(zip(routes, day.shifts, strict=True))
        if anew or len(planned.visits) != before.get(shift.id, 0)
    }
    if not changed:
        return routes
    offering = Offering(make_problem(day), routes, journey=-1)
    return tuple(
        offering.scheduled(number, planned.visits) if number in changed else planned
        for number, planned in enumerate(routes)
    )
