"""Whom to ring in German words, and what they have to be told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from zoneinfo import ZoneInfo

from api.operations import in_the_bus
from api.operations.announcing import Announcement, Said
from api.sheets.wording import minutes
from api.web.given_up import GivenUpView
from scheduler.clock import Clock, hh_mm
from scheduler.manifest import Contact, PlaceLabel
from scheduler.model import PlaceId, RequestId, TripKind, VisitKind
from scheduler.plan import Plan


@dataclass(frozen=True)
class RingView:
    """
    Somebody to be rung, and what they have to be *told*; *request* leads to what is known.

    *stranded* says that they wait away from home, and nobody fetches them; *aboard* that they
    should be in the bus, where they hear it: then who waits for them is to be rung, if anybody.
    *heard* says when somebody told them: "09:42 Uhr".
    """

    request: RequestId
    name: str
    phone: str
    told: str
    stranded: bool = False
    aboard: bool = False
    heard: str = ""


@dataclass(frozen=True)
class Known:
    """
    What is known of a day by those who ring: *now* on its clock, and its newest *plan*.

    *lost* says what is missing to those whom no bus drives any more, in order, *zone* is that of
    the clocks on the walls.
    """

    plan: Plan
    contacts: Mapping[RequestId, Contact]
    labels: Mapping[PlaceId, PlaceLabel]
    lost: Mapping[RequestId, GivenUpView]
    now: Clock
    zone: ZoneInfo


def ring_views(announced: Announcement, known: Known) -> Iterator[RingView]:
    """
    Say whom to ring whose promise is broken, and how, the most urgent first.

    What is over by now is left out.
    """
    lost, contacts = known.lost, known.contacts
    rides = {visit.request for visit in known.plan.visits if visit.begin > known.now}
    driven = {visit.request for visit in known.plan.visits} - rides
    given_up = [
        *(name for name in lost if name in announced.given_up),
        *(name for name in announced.given_up if name not in lost),
    ]
    for name in given_up:
        view = lost.get(name)
        told = "kann nicht mehr gefahren werden"
        if view is not None:
            told = view.told
        elif name in rides:
            told = "fährt inzwischen doch"
        stranded = view is not None and view.stranded
        over = name in driven if view is None else view.until <= known.now
        if stranded or not over:
            yield replace(ring_view(name, told, contacts), stranded=stranded)
    aboard = in_the_bus.aboard(known.plan, known.now)
    for name, by in announced.late.items():
        if name in announced.again or _is_over(announced, name, known):
            continue
        ahead = [each for each in announced.said.get(name, ()) if each.now > known.now]
        late = ring_view(name, _late_text(ahead, by), contacts)
        yield _heard_aboard(late, aboard[name], known) if name in aboard else late


def again_views(
    announced: Announcement,
    contacts: Mapping[RequestId, Contact],
    changes: Mapping[RequestId, str] = MappingProxyType({}),
) -> Iterator[RingView]:
    """Say who had been given up and rides all the same; *changes* says when the bus comes."""
    for name in announced.again:
        change = changes.get(name, "").removeprefix("fährt jetzt mit: ")
        yield ring_view(name, f"fährt doch: {change}" if change else "fährt doch", contacts)


def ring_view(name: RequestId, told: str, contacts: Mapping[RequestId, Contact]) -> RingView:
    """Somebody with the number to ring."""
    contact = contacts.get(name) or Contact(f"Fahrtwunsch {name}", "", "")
    return RingView(name, contact.name, contact.phone, told)


_TIMES = {
    VisitKind.PICKUP: "Abholung",
    VisitKind.VIA: "Zwischenhalt",
    VisitKind.DROPOFF: "Ankunft",
}
_WAYS = {
    TripKind.OUTBOUND: "Hinfahrt",
    TripKind.VIA: "Weiterfahrt",
    TripKind.RETURN: "Rückfahrt",
}


def _late_text(said: Sequence[Said], by: int) -> str:
    if not said:
        return f"bis zu {minutes(by)} später als gesagt"
    return "; ".join(
        f"{_WAYS[each.trip]}: {_TIMES[each.visit]} {hh_mm(each.now)} "
        f"statt spätestens {hh_mm(each.said)}"
        for each in said
    )


def _is_over(announced: Announcement, name: RequestId, known: Known) -> bool:
    """Whether all of somebody that was late has been driven by the plan."""
    late = [each.now for each in announced.said.get(name, ())]
    late = late or [each.begin for each in known.plan.visits if each.request == name]
    return bool(late) and max(late) <= known.now


def _heard_aboard(view: RingView, place: PlaceId, known: Known) -> RingView:
    """Whoever is in the bus cannot be rung, but those can who wait for them."""
    label = known.labels.get(place, PlaceLabel(place))
    waits = f"; erwartet in: {label.name} (Tel. {label.phone})" if label.phone else ""
    return replace(view, phone="", told=view.told + waits, aboard=True)
