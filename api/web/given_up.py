"""Who is not driven any more, in German words: where they wait, since when, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.bus_events import is_rescue
from scheduler.clock import Clock, hh_mm
from scheduler.day import Day
from scheduler.manifest import PlaceLabel
from scheduler.model import PlaceId, RequestId, TripKind
from scheduler.plan import Plan
from scheduler.promises import Promise, told

_WAYS = {TripKind.OUTBOUND: "Hinfahrt", TripKind.VIA: "Weiterfahrt", TripKind.RETURN: "Rückfahrt"}


@dataclass(frozen=True)
class GivenUpView:
    """
    Somebody whom no bus drives any more; *told* says what is missing.

    *stranded* says that they have set out and wait away from home, from *since* on; *place* and
    *phone* are where. At *until* the last bus would have come.
    """

    request: RequestId
    told: str
    since: Clock
    until: Clock
    stranded: bool
    place: str = ""
    phone: str = ""


def given_up_views(
    day: Day, plan: Plan, labels: Mapping[PlaceId, PlaceLabel]
) -> dict[RequestId, GivenUpView]:
    """Put into words whom *day* has given up: first who is stranded, then who is fetched first."""
    set_out = {visit.request for visit in plan.visits}
    views = [
        _stranded(each, labels) if each.request in set_out else _at_home(each)
        for each in day.given_up
    ]
    ordered = sorted(views, key=lambda view: (not view.stranded, view.since, view.request))
    return {view.request: view for view in ordered}


def _stranded(promise: Promise, labels: Mapping[PlaceId, PlaceLabel]) -> GivenUpView:
    first, *_ = promise.trips
    here = first.visits[0]
    label = labels.get(here.place, PlaceLabel(here.place))
    since = hh_mm(told(here.window).earliest)
    phone = f" (Tel. {label.phone})" if label.phone else ""
    what = "Weiterfahrt" if is_rescue(first.id) else _WAYS[first.kind]
    return GivenUpView(
        request=promise.request,
        told=f"{what} fehlt, wartet ab {since} in: {label.name}{phone}",
        since=here.window.earliest,
        until=promise.trips[-1].visits[0].window.latest,
        stranded=True,
        place=label.name,
        phone=label.phone,
    )


def _at_home(promise: Promise) -> GivenUpView:
    ways = " und ".join(
        f"{_WAYS[trip.kind]} ab {hh_mm(told(trip.visits[0].window).earliest)}"
        for trip in promise.trips
    )
    return GivenUpView(
        request=promise.request,
        told=f"wird nicht abgeholt, es entfällt: {ways}",
        since=promise.trips[0].visits[0].window.earliest,
        until=promise.trips[-1].visits[0].window.latest,
        stranded=False,
    )
