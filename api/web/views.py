"""A planned day in German words, ready to be set by the templates."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api.operations.amending import Amended
from api.operations.days import PlannedDay
from api.sheets.view import StopView, sheet_view
from api.sheets.wording import full_date, kilometres, short_date, window
from api.web.given_up import given_up_views
from api.web.happenings import HappenedView, happened_views
from api.web.offers import promise_text
from api.web.proof import WITHOUT_SOMEBODY, Proof, prove
from api.web.reasons import broken_text, reason_text
from data.errors import Rejected
from routing.units import HOUR, MINUTE, Seconds
from scheduler.clock import Clock, hh_mm
from scheduler.manifest import Manifest, PlaceLabel
from scheduler.model import PlaceId, Request, RequestId
from scheduler.plan import Route


@dataclass(frozen=True)
class UnservedView:
    """
    One person who cannot be taken, what was wished for, and why not.

    *stranded* says where they wait if they have set out already.
    """

    id: RequestId
    name: str
    phone: str
    wish: str
    reason: str
    promised: str
    stranded: str = ""


@dataclass(frozen=True)
class ShiftView:
    """
    One shift with its tour.

    *colour* counts the routes of the map from 0; *requests* are, for each stop, those whom it is
    about. *out* says that it came to an end before its time.
    """

    id: str
    colour: int
    label: str
    hours: str
    driver: str
    vehicle: str
    passengers: int
    kilometres: str
    stops: Sequence[StopView]
    requests: Sequence[str]
    words: str
    out: str = ""


@dataclass(frozen=True)
class DayView:
    """
    A whole day on one page.

    *fallen* counts passengers who are forgotten, *thinned* are the shifts that they rode in.
    """

    date: date
    title: str
    version: str
    served: int
    wished: int
    kilometres: str
    driving: str
    proof: Proof
    shifts: Sequence[ShiftView]
    unserved: Sequence[UnservedView]
    faults: Sequence[Rejected]
    happened: Sequence[HappenedView]
    fallen: int
    thinned: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Switch:
    """Links to other days; ``None`` where there is none. *near* are today and tomorrow."""

    earlier: tuple[date, str] | None
    later: tuple[date, str] | None
    near: tuple[tuple[date, str], ...]


def day_view(
    planned: PlannedDay,
    manifests: Sequence[Manifest],
    happened: Sequence[Amended] = (),
    know: Collection[RequestId] = (),
    *,
    now: Clock = 0,
) -> DayView:
    """
    Put a planned day into words.

    *manifests* holds one sheet for each route of the plan, *happened* what happened on the day,
    in order, *know* who has been told what the plan does with them, and *now* is its time.
    """
    plan = planned.plan
    wished = len(planned.input.requests)
    return DayView(
        date=plan.date,
        title=full_date(plan.date),
        version=str(planned.version or 1),
        served=len({visit.request for visit in plan.visits}),
        wished=wished,
        kilometres=kilometres(sum(route.metres for route in plan.routes)),
        driving=hours_and_minutes(plan.cost.driving),
        proof=WITHOUT_SOMEBODY
        if planned.fallen
        else prove(
            plan,
            promised=bool(planned.promises),
            broken=len(planned.broken),
            steady=planned.day.steady,
            running=planned.amended,
        ),
        shifts=[
            _shift(manifest, route, at, ended=route.shift in planned.day.ended)
            for at, (manifest, route) in enumerate(zip(manifests, plan.routes, strict=True))
        ],
        unserved=_unserved(planned),
        faults=planned.rejected,
        happened=happened_views(happened, planned, know, now=now),
        fallen=len({request for _, request in planned.fallen}),
        thinned=[
            (shift, planned.region.shift_label(shift))
            for shift in sorted({shift for shift, _ in planned.fallen})
        ],
    )


def switch(day: date | None, known: Sequence[date], *, today: date) -> Switch:
    """Find the days before and after *day* that are *known*; none is ever chosen for anybody."""
    earlier = max((each for each in known if day and each < day), default=None)
    later = min((each for each in known if day and each > day), default=None)
    near = (("heute", today), ("morgen", today + timedelta(days=1)))
    return Switch(
        earlier=(earlier, short_date(earlier)) if earlier else None,
        later=(later, short_date(later)) if later else None,
        near=tuple((each, word) for word, each in near if each != day),
    )


def hours_and_minutes(seconds: Seconds) -> str:
    """Whole minutes, rounded up: 15_121 -> "4 Std. 13 Min."."""
    minutes = -(-seconds // MINUTE) * MINUTE
    return f"{minutes // HOUR} Std. {minutes % HOUR // MINUTE} Min."


def _shift(manifest: Manifest, route: Route, at: int, *, ended: bool) -> ShiftView:
    sheet = sheet_view(manifest)
    halts = [stop["place"] for stop in sheet["stops"]]
    return ShiftView(
        id=manifest.shift,
        colour=at,
        label=sheet["shift"],
        hours=sheet["hours"],
        driver=sheet["driver"],
        vehicle=sheet["vehicle"],
        passengers=manifest.passengers,
        kilometres=kilometres(manifest.metres),
        stops=sheet["stops"],
        requests=[
            " ".join(dict.fromkeys(visit.request for visit in stop.visits)) for stop in route.halts
        ],
        words=" – ".join(halts),
        out="fällt aus" if ended else "",
    )


def _unserved(planned: PlannedDay) -> list[UnservedView]:
    requests = {request.id: request for request in planned.input.requests}
    labels = planned.input.labels(planned.region)
    promised = {promise.request: promise_text(promise) for promise in planned.promises}
    views = list(_stranded(planned, labels))
    for entry in planned.plan.unserved:
        request, contact = requests.get(entry.request), planned.input.contacts[entry.request]
        if request is None:
            continue  # they are forgotten, and so is where they live
        views.append(
            UnservedView(
                id=entry.request,
                name=contact.name,
                phone=contact.phone,
                wish=_wish(request, labels),
                reason=(broken_text if entry.request in promised else reason_text)(entry, labels),
                promised=promised.get(entry.request, ""),
            )
        )
    return views


def _stranded(planned: PlannedDay, labels: Mapping[PlaceId, PlaceLabel]) -> Iterator[UnservedView]:
    """Whoever waits away from home: the most urgent of all whom no bus takes."""
    requests = {request.id: request for request in planned.input.requests}
    for view in given_up_views(planned.day, planned.plan, labels).values():
        request, contact = requests.get(view.request), planned.input.contacts.get(view.request)
        if view.stranded and request is not None and contact is not None:
            wish = _wish(request, labels)
            yield UnservedView(view.request, contact.name, contact.phone, wish, "", "", view.told)


def _wish(request: Request, labels: Mapping[PlaceId, PlaceLabel]) -> str:
    way = f"Von {labels[request.origin].name} nach {labels[request.destination].name}"
    if request.appointment is not None:
        return f"{way}, Termin {hh_mm(request.appointment)} Uhr"
    if request.arrive is not None:
        return f"{way}, Ankunft {window(request.arrive)}"
    return way
