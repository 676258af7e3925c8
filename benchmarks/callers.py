"""
People who ring one after the other, and ways to answer them, for benchmarks of the telephone.

All get the same callers in the same order. Nobody is refused whom the plan, as it stands, can
take; what differs is what is told, when, and how long is searched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from scheduler.booking import Book, open_book
from scheduler.check import check
from scheduler.day import Day
from scheduler.formulate import make_problem, make_routes
from scheduler.model import RequestId
from scheduler.offers import MAKE_WAY, Offer
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.solution import Effort
from scheduler.planning import plan_day, unproven_plan
from scheduler.promises import hold_to

# Steps of a search for a plan that nobody waits for on the telephone.
STEPS = 3_000


@dataclass
class Booked:
    """
    How a day was booked: who is *served* in the end, and who was *waiting* for the evening.

    *refused* has the book as it was at each call that was refused, with that call.
    """

    book: Book
    served: set[RequestId]
    waiting: int = 0
    refused: list[tuple[Book, Day]] = field(default_factory=list)


def calls(day: Day, *, seed: int) -> Iterator[Day]:
    """One caller after the other, each with the day as it is for them alone."""
    for position in np.random.default_rng(seed).permutation(len(day.journeys)):
        journey = day.journeys[position]
        trips = tuple(trip for trip in day.trips if trip.request == journey.request)
        yield replace(day, journeys=(journey,), trips=trips, refused=())


def first_come(day: Day, *, seed: int, width: int, make_way: int = MAKE_WAY) -> Booked:
    """Each caller takes the best offer, if there is one."""
    booked = Booked(open_book(day, day.places), set())
    for caller in calls(day, seed=seed):
        offers = booked.book.offers(caller, width=width, most=1, make_way=make_way)
        if offers:
            booked.book = accept(booked.book, offers[0])
        else:
            booked.refused.append((booked.book, caller))
    booked.served = set(booked.book.promises)
    return booked


def plainly(day: Day, *, seed: int, width: int) -> Booked:
    """Each caller is inserted where that is cheapest, and nobody makes way."""
    return first_come(day, seed=seed, width=width, make_way=0)


def called_back(day: Day, *, seed: int, width: int, above: int) -> Booked:
    """
    Each caller takes the best offer, but whoever is dear, or refused, is called in the evening.

    Then all of these are planned together, as `fahrten plan` does it, beside all promises.
    """
    booked = Booked(open_book(day, day.places), set())
    waiting: list[Day] = []
    for caller in calls(day, seed=seed):
        offers = booked.book.offers(caller, width=width, most=1)
        if offers and not offers[0].dear(above):
            booked.book = accept(booked.book, offers[0])
        else:
            waiting.append(caller)
    evening = hold_to(_together(day, waiting), booked.book.kept, day.places)
    plan = plan_day(evening, effort=Effort(iterations=2 * STEPS, labels=0), start=booked.book.plan)
    booked.served = {visit.request for visit in plan.visits}
    booked.waiting = len(waiting)
    return booked


def untold(day: Day, *, seed: int) -> Booked:
    """Whoever fits is accepted, but nobody hears a time before the last one has rung."""
    book = open_book(day, day.places)
    plan, accepted = book.plan, list[Day]()
    for caller in calls(day, seed=seed):
        asked = _together(day, [*accepted, caller])
        answer = serve_everybody(
            make_problem(asked),
            start=make_routes(plan, asked),
            effort=Effort(iterations=STEPS, labels=0),
        )
        if answer.routes is not None:
            plan = unproven_plan(asked, answer.routes)
            accepted.append(caller)
    return Booked(book, {caller.journeys[0].request for caller in accepted})


def fits_untold(day: Day, book: Book, caller: Day) -> bool:
    """Whether a plan is found that serves *caller* if others could be told other times now."""
    kept = book.promises.keys() | {caller.journeys[0].request}
    asked = _together(day, [each for each in calls(day, seed=0) if _name(each) in kept])
    answer = serve_everybody(
        make_problem(asked),
        start=make_routes(book.plan, asked),
        effort=Effort(iterations=STEPS, labels=0),
    )
    return answer.routes is not None


def accept(book: Book, offer: Offer) -> Book:
    """The book after an offer was accepted, with the plan behind it."""
    return book.promise(offer.promise, plan=offer.plan)


def broken(book: Book) -> int:
    """How many promises the plan of *book* does not keep, compared with what was told."""
    begins: dict[str, list[int]] = {}
    for visit in book.plan.visits:
        begins.setdefault(visit.trip, []).append(visit.begin)
    wrong = 0
    for promise in book.kept:
        for trip in promise.trips:
            planned = begins.get(trip.id, [])
            kept = len(planned) == len(trip.visits) and all(
                visit.window.earliest <= begin <= visit.window.latest
                for visit, begin in zip(trip.visits, planned, strict=True)
            )
            wrong += not kept
    return wrong + len(check(book.plan, book.day))


def _name(caller: Day) -> RequestId:
    return caller.journeys[0].request


def _together(day: Day, callers: list[Day]) -> Day:
    """The day as it is for these callers."""
    return replace(
        day,
        journeys=tuple(journey for caller in callers for journey in caller.journeys),
        trips=tuple(trip for caller in callers for trip in caller.trips),
        refused=(),
    )
