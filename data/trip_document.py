"""A trip as what `json` can write; all times are seconds."""

from typing import Any

from data.plan_document import Document
from scheduler.model import Load, RequestId, TimeWindow, Trip, TripKind, Visit, VisitKind


def trip_document(trip: Trip) -> Document:
    """Write a trip down; whose it is stands elsewhere."""
    return {
        "id": trip.id,
        "kind": trip.kind.value,
        "visits": [
            {
                "kind": visit.kind.value,
                "place": visit.place,
                "earliest": visit.window.earliest,
                "latest": visit.window.latest,
                "dwell": visit.dwell,
            }
            for visit in trip.visits
        ],
        "longest_rides": list(trip.longest_rides),
        "seats": trip.load.seats,
        "wheelchairs": trip.load.wheelchairs,
    }


def read_trip(document: dict[str, Any], request: RequestId) -> Trip:
    """Read what `trip_document` wrote."""
    return Trip(
        id=document["id"],
        request=request,
        kind=TripKind(document["kind"]),
        visits=tuple(
            Visit(
                VisitKind(visit["kind"]),
                visit["place"],
                TimeWindow(visit["earliest"], visit["latest"]),
                visit["dwell"],
            )
            for visit in document["visits"]
        ),
        longest_rides=tuple(document["longest_rides"]),
        load=Load(document["seats"], document["wheelchairs"]),
    )
