"""All that a day is made of, so that it can be made anew with something changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from routing.matrix import TravelMatrix
from routing.units import Seconds
from scheduler.day import Day
from scheduler.model import Place, PlaceId, Request, RequestId, Shift, Trip
from scheduler.policy import Policy
from scheduler.promises import Promise, hold_to
from scheduler.solo import Case
from scheduler.trips import build_day, ways


@dataclass(frozen=True, eq=False)
class Asked:
    """
    What is asked of one day, under which rules.

    Parameters
    ----------
    requests, places, shifts, policy, closed, travel, index
        As `trips.build_day` takes them. Pharmacies in *places* that no request names may be
        proposed instead of another.
    promises
        What the day is held to (`promises.hold_to`).
    exceptions
        Rules of their own for some requests.
    idle
        Shifts that nobody drives on this day, and that could be driven: their buses are free.
    """

    date: date
    requests: tuple[Request, ...]
    places: Mapping[PlaceId, Place]
    shifts: tuple[Shift, ...]
    policy: Policy
    travel: TravelMatrix
    index: Mapping[PlaceId, int]
    closed: str | None = None
    promises: tuple[Promise, ...] = ()
    exceptions: Mapping[RequestId, Policy] = field(default_factory=dict)
    idle: tuple[Shift, ...] = ()

    @cached_property
    def day(self) -> Day:
        """The day that is made of it."""
        ordinary = [each for each in self.requests if each.id not in self.exceptions]
        day = self._build(ordinary, self.policy)
        for request in self.requests:
            if request.id in self.exceptions:
                day = _join(day, self._build([request], self.exceptions[request.id]))
        return hold_to(day, self.promises, self.places) if self.promises else day

    def request(self, name: RequestId) -> Request:
        """Look up a request; `KeyError` if there is none."""
        return {each.id: each for each in self.requests}[name]

    def policy_of(self, request: RequestId) -> Policy:
        """Under which rules a request stands."""
        return self.exceptions.get(request, self.policy)

    def promise(self, request: RequestId) -> Promise | None:
        """What was promised to a request, if anything was."""
        return next((each for each in self.promises if each.request == request), None)

    def ways(self, request: RequestId) -> list[tuple[Trip, ...]]:
        """Every way to serve *request* that the day leaves open; none if it fits not even alone."""
        promised = self.promise(request)
        if promised is not None:
            return [promised.trips]
        if self.closed is not None:
            return []
        asked, policy = self.request(request), self.policy_of(request)
        return [
            option.trips
            for option in ways(Case(asked, self.places, self.shifts, policy, self.drive))
        ]

    def drive(self, here: PlaceId, there: PlaceId) -> Seconds:
        """Seconds from *here* to *there*."""
        return int(self.travel.seconds[self.index[here], self.index[there]])

    def _build(self, requests: list[Request], policy: Policy) -> Day:
        return build_day(
            date=self.date,
            requests=requests,
            places=self.places,
            shifts=self.shifts,
            policy=policy,
            closed=self.closed,
            travel=self.travel,
            index=self.index,
        )


def _join(one: Day, other: Day) -> Day:
    """Put the requests of two days with the same shifts and roads into one."""
    return replace(
        one,
        journeys=(*one.journeys, *other.journeys),
        trips=(*one.trips, *other.trips),
        places={**one.places, **other.places},
        refused=(*one.refused, *other.refused),
    )
