"""What is said about a new version of a running day: whom to ring, and about what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from data.plan_document import Document
from routing.units import MINUTE
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.model import RequestId, ShiftId, Trip, TripKind, VisitKind
from scheduler.plan import Plan, PlannedVisit
from scheduler.promises import told

if TYPE_CHECKING:
    from scheduler.replan import Replanned


@dataclass(frozen=True)
class Said:
    """A visit that begins *now*, later than at *said*: the last moment that was told of it."""

    trip: TripKind
    visit: VisitKind
    said: Clock
    now: Clock


@dataclass(frozen=True)
class Announcement:
    """
    What is said about a new version of a day: which promises it breaks, and by how much.

    As in `scheduler.replan.Replanned`; times in seconds. *again* are those who had been given up
    before and ride all the same, *said* what was told to those who are *late*, for each trip that
    is, or whose ride takes longer.
    """

    late: Mapping[RequestId, int]
    given_up: tuple[RequestId, ...]
    overtime: Mapping[ShiftId, int]
    sure: bool
    again: tuple[RequestId, ...] = ()
    said: Mapping[RequestId, tuple[Said, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, replanned: "Replanned", whole: Day, before: Day) -> "Announcement":
        """
        Say what is said about the rest of a day that was planned anew.

        *whole* is the day with what was promised until now, *before* the one of the version before.
        """
        lost = {each.request: each.trips for each in before.given_up}
        driven = {visit.trip for visit in replanned.plan.visits}
        return cls(
            late=dict(replanned.late),
            given_up=tuple(each for each in replanned.given_up if each not in lost),
            overtime=dict(replanned.overtime),
            sure=replanned.sure,
            again=tuple(
                name for name, trips in lost.items() if driven >= {trip.id for trip in trips}
            ),
            said={name: tuple(_said(name, replanned.plan, whole)) for name in replanned.late},
        )

    @classmethod
    def read(cls, document: Document) -> "Announcement":
        """Read what was kept with a version."""
        return cls(
            late=document["late"],
            given_up=tuple(document["given_up"]),
            overtime=document["overtime"],
            sure=document["sure"],
            # Versions of before this was kept do not have these two.
            again=tuple(document.get("again", ())),
            said={
                name: tuple(
                    Said(
                        TripKind(each["trip"]), VisitKind(each["visit"]), each["said"], each["now"]
                    )
                    for each in lines
                )
                for name, lines in document.get("said", {}).items()
            },
        )

    @property
    def ring(self) -> tuple[RequestId, ...]:
        """Whoever was told something that holds no more."""
        return tuple(dict.fromkeys((*self.given_up, *self.again, *self.late)))


def _said(request: RequestId, plan: Plan, whole: Day) -> Iterator[Said]:
    """The first visit of each trip of *request* that begins later than was promised on *whole*."""
    made: dict[str, list[PlannedVisit]] = {}
    for visit in plan.visits:
        made.setdefault(visit.trip, []).append(visit)
    for trip in whole.trips:
        if trip.request == request:
            visits = made.get(trip.id, ())
            late = next(_late(trip, visits), None) or next(_longer(trip, visits), None)
            if late is not None:
                yield late


def _late(trip: Trip, made: Sequence[PlannedVisit]) -> Iterator[Said]:
    """Visits that begin after their windows."""
    for asked, visit in zip(trip.visits, made, strict=False):
        latest = asked.window.latest
        # Windows are told in whole steps, as long as that is true.
        if asked.kind is VisitKind.PICKUP and visit.begin > told(asked.window).latest:
            latest = told(asked.window).latest
        if visit.begin // MINUTE > latest // MINUTE:
            yield Said(trip.kind, asked.kind, latest, visit.begin)


def _longer(trip: Trip, made: Sequence[PlannedVisit]) -> Iterator[Said]:
    """Where a ride ends that takes longer than it may: by then it should have been over."""
    for (before, visit), longest in zip(pairwise(made), trip.longest_rides, strict=False):
        latest = before.end + longest
        if visit.begin // MINUTE > latest // MINUTE:
            yield Said(trip.kind, visit.kind, latest, visit.begin)
