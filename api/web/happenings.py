"""What happened on a day in German words, and whom that concerns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from api.operations.amending import Amended
from api.operations.announcing import Announcement
from api.operations.days import PlannedDay
from api.operations.happenings import is_report, is_taking_back
from api.operations.office import Office
from api.operations.ringing import ends, superseded
from api.sheets.wording import minutes, out_of_service
from api.web.given_up import given_up_views
from api.web.ringing import Known, RingView, again_views, ring_view, ring_views
from data.region import Region
from scheduler.clock import Clock, hh_mm
from scheduler.day import Day
from scheduler.model import RequestId, TripKind, VisitKind, trip_kind
from scheduler.plan import Plan, PlannedVisit, Route


@dataclass(frozen=True)
class HappenedView:
    """
    One event: when, what, the *phone* of whom it is about, and the version that it led to.

    *comes* says to whom rang for the way back when the bus comes by now. *ring* are those whose
    promise it broke and whose ride is not over, nobody if it is taken back; those *aboard* hear it
    in the bus, and those *rung* may have been rung about what this takes back. *again* are those
    who had been given up and ride all the same. Who of all these knows by now is among *heard*.
    *last* says that it was reported, and nothing has happened since: it can be taken back.
    *missing* is the shift whose driver was reported ill, and that nobody drives yet.
    """

    time: str
    what: str
    phone: str
    comes: str
    version: int
    ring: tuple[RingView, ...]
    aboard: tuple[RingView, ...] = ()
    rung: tuple[RingView, ...] = ()
    last: bool = False
    missing: str = ""
    again: tuple[RingView, ...] = ()
    heard: tuple[RingView, ...] = ()


def happened_views(
    happened: Sequence[Amended],
    planned: PlannedDay,
    know: Collection[RequestId] = (),
    *,
    now: Clock = 0,
) -> list[HappenedView]:
    """
    Put what happened on the day of *planned* into words, the newest first; *now* is its time.

    Whoever of *know* has been told what its plan does with them.
    """
    undone = {each.happened.get("version") for each in happened if is_taking_back(each.happened)}
    known = known_of(planned, now)
    views = []
    for each in reversed(_left(happened, undone)):
        view = _view(each, planned, known, undone=each.version in undone)
        views.append(_sorted(view, _gone(each, happened, undone), know))
    if views and views[0].version == planned.version:
        views[0] = replace(views[0], last=is_report(happened[-1].happened))
    return views


def _left(happened: Sequence[Amended], undone: Collection[object]) -> list[Amended]:
    """What happened, each with what it said as far as nothing newer says otherwise."""
    newer: list[Announcement] = []
    left = []
    for each in reversed(happened):
        again = {name for one in newer for name in one.ring}
        rung = [name for name in each.happened.get("rung", ()) if name not in again]
        left.append(
            replace(
                each,
                happened={**each.happened, "rung": rung},
                announced=superseded(each.announced, newer),
            )
        )
        if each.version not in undone:
            newer.append(each.announced)
    return left[::-1]


def _sorted(
    view: HappenedView, gone: Collection[RequestId], know: Collection[RequestId]
) -> HappenedView:
    """Leave out whom it concerns no more, and set apart who knows."""

    def left(views: Iterable[RingView]) -> tuple[RingView, ...]:
        return tuple(each for each in views if each.request not in {*gone, *know})

    every = {each.request: each for each in (*view.ring, *view.aboard, *view.again, *view.rung)}
    return replace(
        view,
        ring=left(view.ring),
        aboard=left(view.aboard),
        again=left(view.again),
        rung=left(view.rung),
        heard=tuple(each for name, each in every.items() if name in know and name not in gone),
    )


def called_back(happened: Sequence[Amended]) -> dict[RequestId, Clock]:
    """From when on those want to go back who have rung for it; the last word counts."""
    undone = {each.happened.get("version") for each in happened if is_taking_back(each.happened)}
    return {
        str(each.happened["request"]): _whole(each.happened["at"])
        for each in happened
        if each.happened["kind"] == "ready" and each.version not in undone
    }


def known_of(planned: PlannedDay, now: Clock) -> Known:
    """What those know who ring about a day, *now* on its clock."""
    labels = planned.input.labels(planned.region)
    lost = given_up_views(planned.day, planned.plan, labels)
    zone = Office.zone(planned.region)
    return Known(planned.plan, planned.input.contacts, labels, lost, now, zone)


def _gone(
    amended: Amended, happened: Sequence[Amended], undone: Collection[object]
) -> set[RequestId]:
    """Of whom something newer was reported: what *amended* said of them is over."""
    return {
        str(each.happened["request"])
        for each in happened
        if each.version > amended.version
        and each.happened["kind"] in {"cancelled", "no_show"}
        and each.version not in undone
        and ends(each.happened, amended.announced)
    }


def _view(amended: Amended, planned: PlannedDay, known: Known, *, undone: bool) -> HappenedView:
    happened, contacts = amended.happened, planned.input.contacts
    ill = happened["kind"] == "out_of_service" and happened.get("driver") and not undone
    about = contacts.get(str(happened.get("request", "")))
    comes = ""
    if happened["kind"] == "ready" and not undone:
        comes = comes_text(planned.plan, str(happened["request"]), amended.at, planned.region)
    broken = [] if undone else list(ring_views(amended.announced, known))
    ahead = fetched(known)
    return HappenedView(
        time=hh_mm(amended.at),
        what=happening_text(happened, planned) + (" (zurückgenommen)" if undone else ""),
        phone=about.phone if about else "",
        comes=comes,
        version=amended.version,
        ring=tuple(each for each in broken if not each.aboard),
        aboard=tuple(each for each in broken if each.aboard),
        again=() if undone else _again(amended, known),
        rung=tuple(
            ring_view(name, f"es bleibt doch, wie es vorher war: {ahead[name]}", contacts)
            for name in happened["rung"]
            if name in ahead
        ),
        missing=str(happened["shift"]) if ill and happened["shift"] in planned.day.ended else "",
    )


def _again(amended: Amended, known: Known) -> tuple[RingView, ...]:
    """Who rides after all and is still to be fetched, with the times."""
    ahead = fetched(known)
    every = again_views(amended.announced, known.contacts, ahead)
    return tuple(each for each in every if each.request in ahead)


def fetched(known: Known) -> dict[RequestId, str]:
    """When the bus comes for everybody who is still to be fetched: "Abholung 13:05"."""
    words: dict[RequestId, list[str]] = {}
    for visit in sorted(known.plan.visits, key=lambda each: each.begin):
        if visit.kind is VisitKind.PICKUP and visit.begin > known.now:
            outbound = trip_kind(visit.trip) is TripKind.OUTBOUND
            what = "Abholung" if outbound else "Rückfahrt"
            words.setdefault(visit.request, []).append(f"{what} {hh_mm(visit.begin)}")
    return {name: ", ".join(every) for name, every in words.items()}


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
        case "delayed" | "out_of_service" | "substitute":
            text = f"{region.shift_label(str(happened['shift']))}: {_of_shift(happened, region)}"
        case "road_closed":
            text = f"Straße gesperrt (im Umkreis von {happened['metres']} m)"
        case kind:
            msg = f"Nobody knows how to say {kind!r}."
            raise ValueError(msg)
    return text


def _of_shift(happened: Mapping[str, object], region: Region) -> str:
    if happened["kind"] == "delayed":
        return f"{minutes(_whole(happened['late']))} Verspätung"
    if happened["kind"] == "substitute":
        return f"{_driver(str(happened['driver']), region)} übernimmt"
    vehicle, driver = (bool(happened.get(what)) for what in ("vehicle", "driver"))
    return out_of_service(vehicle=vehicle, driver=driver) or "fällt aus"


def _driver(driver: str, region: Region) -> str:
    known = region.roster.drivers.get(driver)
    return known.name if known else driver


def _who(request: str, planned: PlannedDay) -> str:
    contact = planned.input.contacts.get(request)
    return contact.name if contact else f"Fahrtwunsch {request}"


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101  (times are kept as whole seconds)
    return value
