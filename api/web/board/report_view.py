"""What a report of the day would change, in German words."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.operations import substituting
from api.operations.foreseeing import Foreseen
from api.operations.office import Office
from api.operations.substituting import Duties
from api.sheets.wording import minutes
from api.web.board.duty_view import CandidateView, candidate_view
from api.web.changed import what_changes
from api.web.given_up import given_up_views
from api.web.happenings import comes_text, happening_text
from api.web.ringing import Known, RingView, again_views, ring_views
from scheduler.changes import PassengerChange
from scheduler.clock import hh_mm
from scheduler.model import RequestId, ShiftId, TripKind, VisitKind, trip_kind
from scheduler.plan import Plan, PlannedVisit

_FIRST_ASKED = 5  # of those who could step in, so many are named at once
_WAYS = {TripKind.OUTBOUND: "Hinfahrt", TripKind.VIA: "Weiterfahrt", TripKind.RETURN: "Rückfahrt"}


@dataclass(frozen=True)
class MissingView:
    """A shift that would lose its driver, and who could take it over, the first *asked* of all."""

    shift: ShiftId
    label: str
    asked: tuple[CandidateView, ...]
    all: int


@dataclass(frozen=True)
class SeenView:
    """
    What a report would change, before anything is.

    *id* names it, so that just this can be kept. *comes* says when the bus comes to whoever rang
    for the way back. *note* is what to mind of whoever it is about, *falls* the trips of theirs
    that fall away, and *back_only* says that the way back alone could be cancelled. *ring* are
    those whose promise is broken, *aboard* those of them who hear it in the bus, *again* those who
    had been given up and ride; for *later*,
    *earlier* and *others* something moves within it. *sure* says that no plan breaks less.
    *missing* are shifts that would have no driver.
    """

    what: str
    id: str = ""
    comes: str = ""
    note: str = ""
    falls: tuple[str, ...] = ()
    back_only: bool = False
    ring: tuple[RingView, ...] = ()
    aboard: tuple[RingView, ...] = ()
    again: tuple[RingView, ...] = ()
    later: tuple[tuple[str, str], ...] = ()
    earlier: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    overtime: tuple[str, ...] = ()
    sure: bool = True
    missing: tuple[MissingView, ...] = ()


def seen_view(found: Foreseen, about: RequestId, duties: Duties) -> SeenView:
    """Put into words what would become of a day; *about* is whom the report is about, or ""."""
    told, contacts, kind = found.announced, found.contacts, found.happened["kind"]
    changes = {each.request: what_changes(each, found) for each in found.difference.passengers}
    lost = given_up_views(found.day, found.plan, found.labels)
    known = Known(found.plan, contacts, found.labels, lost, found.at, Office.zone(found.region))
    broken = tuple(ring_views(told, known))
    concerned = {*told.ring, about}
    moved: dict[int, list[tuple[str, str]]] = {-1: [], 0: [], 1: []}
    for each in found.difference.passengers:
        if each.request not in concerned:
            contact = contacts.get(each.request)
            name = contact.name if contact else each.request
            moved[_direction(each)].append((name, changes[each.request]))
    back = any(each.startswith(_WAYS[TripKind.RETURN]) for each in _falls(found, about))
    return SeenView(
        what=happening_text(found.happened, found.before),
        id=found.id,
        comes=comes_text(found.plan, about, found.at, found.region, found.day)
        if kind == "ready"
        else "",
        note=_note(found, about) if kind == "no_show" else "",
        falls=tuple(_falls(found, about)) if kind in {"cancelled", "no_show"} else (),
        back_only=back and not found.happened.get("way_back_only"),
        ring=tuple(each for each in broken if not each.aboard),
        aboard=tuple(each for each in broken if each.aboard),
        again=tuple(again_views(told, contacts, changes)),
        later=tuple(moved[1]),
        earlier=tuple(moved[-1]),
        others=tuple(moved[0]),
        overtime=tuple(
            f"{found.region.shift_label(shift)}: endet {minutes(by)} nach Dienstschluss"
            for shift, by in told.overtime.items()
        ),
        sure=told.sure,
        missing=tuple(_missing(found, duties)) if found.happened.get("driver") is True else (),
    )


def _direction(change: PassengerChange) -> int:
    """Whether somebody is met later (1) or earlier (-1), by the first visit that moves."""
    moved = next((visit.moved for visit in change.visits if visit.moved), 0)
    return (moved > 0) - (moved < 0)


def _visits(plan: Plan, request: RequestId) -> dict[str, list[PlannedVisit]]:
    visits: dict[str, list[PlannedVisit]] = {}
    for visit in plan.visits:
        if visit.request == request:
            visits.setdefault(visit.trip, []).append(visit)
    return visits


def _falls(found: Foreseen, request: RequestId) -> Iterator[str]:
    """Which trips of a request the next plan does not have."""
    left = _visits(found.plan, request)
    for trip, visits in _visits(found.before.plan, request).items():
        if trip not in left:
            begun = " (der Bus war da)" if visits[0].begin <= found.at else ""
            yield f"{_WAYS[trip_kind(trip)]} {hh_mm(visits[0].begin)}{begun}"


def _note(found: Foreseen, request: RequestId) -> str:
    """What was driven by the plan of whoever was not there."""
    over = [
        visit
        for visits in _visits(found.plan, request).values()
        for visit in visits
        if visit.kind is VisitKind.DROPOFF and visit.begin <= found.at
    ]
    if not over:
        return ""
    name = found.contacts[request].name if request in found.contacts else request
    last = max(over, key=lambda visit: visit.begin)
    where = next(
        stop.place for route in found.plan.routes for stop in route.stops if last in stop.visits
    )
    place = found.labels[where].name if where in found.labels else where
    return (
        f"Nach dem Plan ist {name} um {hh_mm(last.begin)} schon ausgestiegen: {place}. Die Tour "
        "bleibt, wie sie gefahren wurde; vermerkt wird, dass niemand da war."
    )


def _missing(found: Foreseen, duties: Duties) -> Iterator[MissingView]:
    """The shifts that end with the report, and who could take each over."""
    region, day = found.region, found.plan.date
    crews = {route.shift: route.driver for route in found.before.plan.routes}
    ended = [each for each in crews if each in found.day.ended - found.before.day.ended]
    ill = frozenset(crews[each] for each in ended)
    after = substituting.with_ill(duties, ill, ended)
    for shift in ended:
        every = substituting.candidates(region, day, shift, after)
        yield MissingView(
            shift=shift,
            label=region.shift_label(shift),
            asked=tuple(candidate_view(each) for each in every[:_FIRST_ASKED]),
            all=len(every),
        )
