"""The day that a kept plan was made for, as far as the plan itself tells."""

from collections.abc import Iterable, Mapping

import numpy as np

from routing.matrix import TravelMatrix
from scheduler.day import Day
from scheduler.model import (
    WHOLE_DAY,
    PlaceId,
    Request,
    RequestId,
    Shift,
    Trip,
    TripId,
    TripKind,
    Visit,
)
from scheduler.plan import Plan, PlannedVisit


def day_as_planned(
    plan: Plan, requests: Mapping[RequestId, Request], shifts: Iterable[Shift]
) -> Day:
    """
    Give the trips that *plan* makes, for a sheet of it; whatever the rules say by now.

    The day knows no places and no roads, and its windows and ride limits are wide open: it is
    good for `scheduler.manifest`, and for no planning or checking. *requests* are those that the
    plan was made for.

    Raises
    ------
    KeyError
        If a request of the plan is missing.
    """
    calls: dict[TripId, list[tuple[PlaceId, PlannedVisit]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            for visit in stop.visits:
                calls.setdefault(visit.trip, []).append((stop.place, visit))
    nowhere = np.zeros((0, 0), dtype=np.int64)
    return Day(
        date=plan.date,
        journeys=(),
        trips=tuple(
            _trip(name, made, requests[made[0][1].request]) for name, made in calls.items()
        ),
        shifts=tuple(shifts),
        places={},
        travel=TravelMatrix(nowhere, nowhere),
        index={},
    )


def _trip(name: TripId, made: list[tuple[PlaceId, PlannedVisit]], request: Request) -> Trip:
    return Trip(
        id=name,
        request=request.id,
        kind=_kind(made[0][0], made[-1][0], request),
        visits=tuple(
            Visit(visit.kind, place, WHOLE_DAY, visit.end - visit.begin) for place, visit in made
        ),
        longest_rides=(WHOLE_DAY.latest,) * (len(made) - 1),
        load=request.needs.load,
    )


def _kind(first: PlaceId, last: PlaceId, request: Request) -> TripKind:
    """Whoever leaves home is under way to the appointment; whoever arrives there, back."""
    if first == request.origin:
        return TripKind.OUTBOUND
    return TripKind.RETURN if last == request.origin else TripKind.VIA
