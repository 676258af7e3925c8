"""What happened on a day in German words, and whom that concerns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from api.operations.amending import Amended, Announcement
from api.operations.days import PlannedDay
from api.operations.happenings import is_report, is_taking_back
from api.sheets.wording import minutes, out_of_service
from data.region import Region
from scheduler.clock import Clock, hh_mm
from scheduler.day import Day
from scheduler.manifest import Contact
from scheduler.model import RequestId, TripKind, VisitKind, trip_kind
from scheduler.plan import Plan, PlannedVisit, Route


@dataclass(frozen=True)
class RingView:
    """Somebody to be rung, and what they have to be *told*; *request* leads to what is known."""

    request: RequestId
    name: str
    phone: str
    told: str


@dataclass(frozen=True)
class HappenedView:
    """
    One event: when, what, the *phone* of whom it is about, and the version that it led to.

    *comes* says to whom rang for the way back when the bus comes by now. *ring* are those whose
    promise it broke, nobody if it is taken back; *rung* those who were rung about what this takes
    back. *last* says that it was reported, and nothing has happened since: it can be taken back.
    """

    time: str
    what: str
    phone: str
    comes: str
    version: int
    ring: tuple[RingView, ...]
    rung: tuple[RingView, ...] = ()
    last: bool = False


def happened_views(happened: Sequence[Amended], planned: PlannedDay) -> list[HappenedView]:
    """Put what happened on the day of *planned* into words, the newest first."""
    undone = {each.happened.get("version") for each in happened if is_taking_back(each.happened)}
    views = [_view(each, planned, undone=each.version in undone) for each in happened][::-1]
    if views and views[0].version == planned.version:
        views[0] = replace(views[0], last=is_report(happened[-1].happened))
    return views


def _view(amended: Amended, planned: PlannedDay, *, undone: bool) -> HappenedView:
    happened = amended.happened
    about = planned.input.contacts.get(str(happened.get("request", "")))
    comes = ""
    if happened["kind"] == "ready" and not undone:
        comes = comes_text(planned.plan, str(happened["request"]), amended.at, planned.region)
    return HappenedView(
        time=hh_mm(amended.at),
        what=happening_text(happened, planned) + (" (zurückgenommen)" if undone else ""),
        phone=about.phone if about else "",
        comes=comes,
        version=amended.version,
        ring=() if undone else tuple(ring_views(amended.announced, planned.input.contacts)),
        rung=tuple(
            _ring_view(name, "es bleibt doch, wie es vorher war", planned.input.contacts)
            for name in happened.get("rung", ())
        ),
    )


def ring_views(
    announced: Announcement,
    contacts: Mapping[RequestId, Contact],
    changes: Mapping[RequestId, str] | None = None,
) -> Iterator[RingView]:
    """Say whom to ring, and why; *changes* says what is different for some of them."""
    words = {
        **dict.fromkeys(announced.given_up, "kann nicht mehr gefahren werden"),
        **{name: f"bis zu {minutes(by)} später als gesagt" for name, by in announced.late.items()},
    }
    for name, text in words.items():
        change = (changes or {}).get(name) if name in announced.late else None
        yield _ring_view(name, f"{text}: {change}" if change else text, contacts)


def _ring_view(name: RequestId, told: str, contacts: Mapping[RequestId, Contact]) -> RingView:
    contact = contacts.get(name) or Contact(f"Fahrtwunsch {name}", "", "")
    return RingView(name, contact.name, contact.phone, told)


def way_back(plan: Plan, request: RequestId, after: Clock) -> tuple[Route, PlannedVisit] | None:
    """Find where somebody is fetched next for the way back."""
    found = (
        (route, visit)
        for route in plan.routes
        for stop in route.stops
        for visit in stop.visits
        if visit.request == request
        and visit.kind is VisitKind.PICKUP
        and trip_kind(visit.trip) is not TripKind.OUTBOUND
        and visit.begin >= after
    )
    return min(found, key=lambda each: each[1].begin, default=None)


def comes_text(
    plan: Plan, request: RequestId, after: Clock, region: Region, day: Day | None = None
) -> str:
    """Say when the bus comes; with the *day* of the plan, also until when it is to be there."""
    found = way_back(plan, request, after)
    if found is None:
        return "Für die Rückfahrt kommt kein Bus mehr."
    route, visit = found
    latest = hh_mm(day.trip(visit.trip).visits[0].window.latest if day else visit.begin)
    begin = hh_mm(visit.begin)
    until = f", spätestens um {latest} Uhr" if latest > begin else ""
    return f"Der Bus kommt um {begin} Uhr{until} ({region.shift_label(route.shift)})."


def happening_text(happened: Mapping[str, object], planned: PlannedDay) -> str:
    """Say what happened; *happened* is as it is kept with a version."""
    region = planned.region
    who = _who(str(happened.get("request", "")), planned)
    shift = region.shift_label(str(happened["shift"])) if "shift" in happened else ""
    match happened["kind"]:
        case "cancelled":
            back = happened.get("way_back_only")
            text = f"{who} sagt die Rückfahrt ab" if back else f"{who} sagt ab"
        case "no_show":
            text = f"{who} war nicht da"
        case "taken_back":
            report = happened["report"]
            assert isinstance(report, Mapping)  # noqa: S101  (as it was kept with its version)
            text = f"Zurückgenommen: {happening_text(report, planned)}"
        case "caught_up":
            text = "Seit der Planung Zugesagtes und Abgesagtes eingearbeitet"
        case "joined":
            text = f"{who} fährt mit"
        case "ready":
            text = f"{who} kann ab {hh_mm(_whole(happened['at']))} Uhr zurück"
        case "delayed":
            text = f"{shift}: {minutes(_whole(happened['late']))} Verspätung"
        case "out_of_service":
            vehicle, driver = (bool(happened.get(what)) for what in ("vehicle", "driver"))
            text = f"{shift}: {out_of_service(vehicle=vehicle, driver=driver) or 'fällt aus'}"
        case "road_closed":
            text = f"Straße gesperrt (im Umkreis von {happened['metres']} m)"
        case kind:
            msg = f"Nobody knows how to say {kind!r}."
            raise ValueError(msg)
    return text


def _who(request: str, planned: PlannedDay) -> str:
    contact = planned.input.contacts.get(request)
    return contact.name if contact else f"Fahrtwunsch {request}"


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101  (times are kept as whole seconds)
    return value
