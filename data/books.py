"""From what stands in the database to the `Book` of a day, with a plan that keeps all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from data.day_input import DayInput
from data.errors import UnkeptPromisesError
from data.promises import Standing, named_places
from data.region import Region
from routing.geo import Point
from routing.matrix import Roads
from routing.units import Seconds
from scheduler.booking import Book, Hold, open_book
from scheduler.day import Day
from scheduler.errors import BrokenPromiseError
from scheduler.model import PlaceId, RequestId, Shift
from scheduler.offers import MOST_OFFERS, Offer
from scheduler.optimizer.solution import Effort, Progress
from scheduler.plan import Plan
from scheduler.planning import plan_day


@dataclass(frozen=True, eq=False)
class Desk:
    """
    The book of a day, and *caller*: the day as it is for the one who rings alone.

    *renewed* is the plan of the book where another one stands in the database: it keeps all that
    is promised there.
    """

    book: Book
    caller: Day
    renewed: Plan | None = None

    @property
    def points(self) -> dict[PlaceId, Point]:
        """Every place that an offer may name."""
        return {name: place.point for name, place in self.book.places.items()}

    @property
    def rides(self) -> bool:
        """Never: another way is offered instead of the one that was promised."""
        return False

    def for_caller(self, caller: Day) -> "Desk":
        """The same with another view of the day."""
        return replace(self, caller=caller)

    def offers(self, *, width: Seconds, most: int = MOST_OFFERS) -> tuple[Offer, ...]:
        """What can be promised to the caller (`Book.offers`)."""
        return self.book.offers(self.caller, width=width, most=most)

    def never_fits(self, *, seconds: float) -> bool:
        """Whether it can be proven within *seconds* that nothing can be promised."""
        return self.book.never_fits(self.caller, effort=Effort(seconds=seconds))


def open_desk(
    standing: Standing,
    asked: DayInput,
    region: Region,
    roads: Roads,
    *,
    shifts: Sequence[Shift],
    effort: Effort,
) -> Desk:
    """
    Open the book of a day for whoever asks: *asked* has their one request, or none.

    What that request was promised before does not stand in its own way if it cannot be kept.
    Where the standing plan no longer keeps all promises, one is made anew within *effort*.

    Raises
    ------
    UnkeptPromisesError
        If no plan was found that keeps all promises of the others.
    """
    together = DayInput(standing.date, asked.requests, {}, {**standing.homes, **asked.homes})
    known = together.places(region)
    named = {place for place in named_places(standing.every) if place in known}
    caller = together.prepare(region, shifts=shifts, roads=roads, also=sorted(named))
    asking = {request.id for request in asked.requests}
    opened = open_book(caller, known)
    lost = sorted(
        promise.request
        for promise in standing.every
        if not named.issuperset(named_places([promise]))
    )
    if not asking.issuperset(lost):
        raise UnkeptPromisesError(standing.date, tuple(lost))
    keepable = sorted(standing.promises.keys() - set(lost))
    try:
        book, renewed = _carried(_book(opened, standing, keepable), standing, effort)
    except UnkeptPromisesError:
        others = sorted(set(keepable) - asking)
        if others == keepable:
            raise
        book, _ = _carried(_book(opened, standing, others), standing, effort)
        return Desk(book, caller)
    return Desk(book, caller, book.plan if renewed and not lost else None)


def carry(standing: Standing, plan: Plan, day: Day) -> Plan:
    """
    The part of *plan*, made for *day* with all its requests, that keeps what is promised.

    Raises
    ------
    BrokenPromiseError
        If *plan* breaks a promise.
    """
    book = _book(open_book(day, day.places), standing, standing.promises)
    return book.carried_by(plan).plan if book.kept else book.plan


def _book(opened: Book, standing: Standing, requests: Iterable[RequestId]) -> Book:
    """Write into an empty book what is promised to *requests*, still without a plan for it."""
    kept = {name: standing.promises[name] for name in requests}
    return Book(
        empty=opened.empty,
        places=opened.places,
        promises={name: each.promise for name, each in kept.items() if each.until is None},
        holds={
            name: Hold(each.promise, each.until)
            for name, each in kept.items()
            if each.until is not None
        },
        plan=opened.plan,
    )


def _carried(book: Book, standing: Standing, effort: Effort) -> tuple[Book, bool]:
    """The book with a plan, and whether that had to be made anew."""
    if not book.kept:
        return book, False
    if standing.plan is not None:
        try:
            return book.carried_by(standing.plan), False
        except BrokenPromiseError:
            pass  # shifts or roads are others by now
    plan = plan_day(book.day, effort=effort, watch=_until_all_ride, start=standing.plan)
    if plan.unserved:
        raise UnkeptPromisesError(plan.date, tuple(sorted(each.request for each in plan.unserved)))
    return book.carried_by(plan), True


def _until_all_ride(progress: Progress) -> bool:
    return progress.unserved_weight > 0
