"""
A manifest as German texts in reading order: what the printed sheet and its page both show.

Both templates only set type; every word that they do not set themselves comes from here.
"""

from collections.abc import Iterator
from datetime import date
from typing import TypedDict
from unicodedata import bidirectional

from api.sheets import wording
from scheduler.clock import hh_mm
from scheduler.manifest import Duty, Header, Manifest, ManifestStop, ManifestVisit, Rest
from scheduler.model import TimeWindow, TripKind, VisitKind


class Badge(TypedDict):
    """A need as a word, and whether it changes how the bus is loaded."""

    text: str
    strong: bool


class VisitView(TypedDict):
    """One passenger at one halt; *sign* is "ein", "aus" or "halt" and chooses the mark."""

    sign: str
    action: str
    name: str
    badges: list[Badge]
    phone: str
    facts: list[str]
    note: str


class StopView(TypedDict):
    """
    One halt; *role* is "start", "halt" or "ende", or "leer" where nobody gets on or off.

    The break, if there is a *rest*, comes after so many of the visits.
    """

    role: str
    number: str
    arrival: str
    departure: str
    place: str
    address: str
    phone: str
    drive: str
    seating: str
    rest: str
    rest_after: int
    visits: list[VisitView]
    aboard: list[str]
    people: int


class OnCallView(TypedDict):
    """One will-call return in the box at the top."""

    name: str
    phone: str
    place: str
    place_phone: str
    latest: str
    leaves: str
    stop: str
    promised: str


class HeadView(TypedDict):
    """What stands on every page of every kind of sheet."""

    title: str
    region: str
    date: str
    short_date: str
    shift: str
    hours: str
    driver: str
    vehicle: str
    edition: str
    printed: str
    dispatch_phone: str
    emergency_phone: str
    map_by: str
    confidential: str


class LogView(TypedDict):
    """What the logbook (Fahrtenbuch) is to say of this shift; the driver fills in the rest."""

    date: str
    purpose: str


class NoticeView(TypedDict):
    """What stands on top in large type if there is nothing, or no more, to drive; "" otherwise."""

    notice: str
    more: str


class SheetView(HeadView, NoticeView):
    """A whole sheet."""

    totals: list[list[str]]
    handover: list[str]
    log: LogView
    seating: str
    on_call: list[OnCallView]
    cancelled: list[str]
    stops: list[StopView]
    next_shift: str


_SIGNS = {
    VisitKind.PICKUP: ("ein", "Einsteigen"),
    VisitKind.DROPOFF: ("aus", "Aussteigen"),
    VisitKind.VIA: ("halt", "Bus wartet"),
}
NOTHING_TO_DRIVE = "In diesem Dienst ist keine Fahrt geplant."
_MORE_MAY_COME = "Kommt noch eine dazu, ruft die Disposition an."
_PURPOSE = "gesunde Fahrten"


def sheet_view(manifest: Manifest) -> SheetView:
    """Put a manifest into words."""
    last = len(manifest.stops) - 1
    return SheetView(
        **head_view("Tourenblatt", manifest.header, manifest.date, manifest.hours),
        totals=totals(manifest) if manifest.stops else [],
        handover=list(_handover(manifest.header)) if manifest.stops else [],
        log=LogView(
            date=f"{manifest.date:%d.%m.%Y}",
            purpose=f"{_PURPOSE}, {manifest.header.shift}",
        ),
        seating=_seating(manifest.stops[0]) if manifest.stops else "",
        on_call=[
            OnCallView(
                name=call.name,
                phone=call.phone,
                place=call.place.name,
                place_phone=call.place.phone,
                latest=hh_mm(call.latest),
                leaves=hh_mm(call.leaves),
                stop=str(call.stop),
                promised=_promised(call.promised),
            )
            for call in manifest.on_call
        ],
        cancelled=[contact.name for contact in manifest.cancelled],
        **_notice(manifest),
        stops=[_stop(stop, at, last) for at, stop in enumerate(manifest.stops)],
        next_shift=_next_shift(manifest.header.next),
    )


def head_view(kind: str, header: Header, day: date, hours: TimeWindow) -> HeadView:
    """Put into words what stands on every page; *kind* says what kind of sheet it is."""
    return HeadView(
        title=f"{kind} {wording.short_date(day)}, {header.shift}",
        region=header.region,
        date=wording.full_date(day),
        short_date=wording.short_date(day),
        shift=header.shift,
        hours=wording.window(hours),
        driver=header.driver,
        vehicle=header.vehicle,
        edition=wording.edition(header.version, published=header.published is not None),
        printed=wording.moment(header.printed),
        dispatch_phone=header.dispatch_phone,
        emergency_phone=header.emergency_phone,
        map_by=header.map_by,
        confidential=_confidential(header.shred_by),
    )


def _notice(manifest: Manifest) -> NoticeView:
    if manifest.header.ended is not None:
        more = "Nach dem letzten Halt auf diesem Blatt keinen mehr anfahren."
        return NoticeView(notice=ended(manifest), more=more if manifest.stops else "")
    if manifest.stops:
        return NoticeView(notice="", more="")
    return NoticeView(notice=NOTHING_TO_DRIVE, more=_MORE_MAY_COME)


def ended(manifest: Manifest) -> str:
    """Say that a shift is not driven, or no further, and why; "" if it is."""
    why = manifest.header.ended
    if why is None:
        return ""
    falls_out = "endet vorzeitig" if manifest.stops else "entfällt"
    return f"Dieser Dienst {falls_out}: {why}." if why else f"Dieser Dienst {falls_out}."


def _confidential(shred_by: date | None) -> str:
    until = f", vernichten bis {shred_by:%d.%m.%Y}" if shred_by else ""
    return f"Gesundheitsdaten: nach dem Dienst abgeben{until}."


def _handover(header: Header) -> Iterator[str]:
    """From whom the driver takes the bus over, and to whom it goes."""
    if header.before:
        yield f"Bus übernehmen von: {_colleague(header.before, header.driver)}"
    if header.after:
        yield f"Bus übergeben an: {_colleague(header.after, header.driver)}"


def _colleague(duty: Duty, driver: str) -> str:
    who = "auch Ihr Dienst" if duty.driver == driver else duty.driver
    return f"{who} ({duty.shift}, {wording.window(duty.hours)})"


def _next_shift(duty: Duty | None) -> str:
    if duty is None:
        return ""
    when = f"{wording.short_date(duty.date)}, {duty.shift} ({wording.window(duty.hours)})"
    return f"{when}, {duty.vehicle}"


def totals(manifest: Manifest) -> list[list[str]]:
    """Count passengers, boardings and kilometres."""
    return [
        ["Fahrgäste", str(manifest.passengers)],
        ["Einstiege", str(manifest.boardings)],
        ["Strecke", wording.kilometres(manifest.metres)],
    ]


def _stop(stop: ManifestStop, at: int, last: int) -> StopView:
    ends = "start" if at == 0 else "ende" if at == last else "leer"
    role = ends if stop.number is None else "halt"
    return StopView(
        role=role,
        number="" if stop.number is None else str(stop.number),
        arrival="" if role == "start" else hh_mm(stop.arrival),
        departure="" if role == "ende" else hh_mm(stop.departure),
        place=stop.place.name,
        address=stop.place.address,
        phone=stop.place.phone,
        drive=wording.kilometres(stop.metres) if at else "",
        seating=_seating(stop) if at else "",
        rest=_rest(stop.rest) if stop.rest else "",
        rest_after=stop.before_rest,
        visits=[visit_view(visit) for visit in stop.in_turn],
        aboard=aboard(stop),
        people=stop.people_aboard,
    )


def aboard(stop: ManifestStop) -> list[str]:
    """Who is in the bus when it drives on; "+1" is a companion, and stays with the name."""
    return [
        entry.name if entry.people == 1 else f"{_ltr(entry.name)}\u00a0+{entry.people - 1}"
        for entry in stop.aboard
    ]


def _ltr(name: str) -> str:
    """Let what follows an Arabic or Hebrew name stand to the right of it, like everything else."""
    rtl = any(bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"{name}\N{LEFT-TO-RIGHT MARK}" if rtl else name


def visit_view(visit: ManifestVisit) -> VisitView:
    """Put one boarding or alighting into words."""
    sign, action = _SIGNS[visit.kind]
    return VisitView(
        sign=sign,
        action=action,
        name=visit.name,
        badges=[
            Badge(text=word, strong=word == "Rollstuhl") for word in wording.needs(visit.needs)
        ],
        phone=visit.phone,
        facts=list(_facts(visit)),
        note=visit.note_here,
    )


def _facts(visit: ManifestVisit) -> list[str]:
    facts = [_promised(visit.promised)] if visit.promised else []
    if visit.on_call and visit.kind is VisitKind.PICKUP:
        facts.append(f"Rückfahrt auf Anruf, ohne Anruf {hh_mm(visit.begin)}")
    if visit.goes_to:
        home = visit.trip is TripKind.RETURN
        facts.append(f"nach Hause: {visit.goes_to}" if home else f"nach {visit.goes_to}")
    if visit.appointment is not None:
        facts.append(f"Termin {hh_mm(visit.appointment)}")
    if visit.kind is VisitKind.VIA:
        facts.append(f"wieder an Bord {hh_mm(visit.end)}")
    if visit.back_at is not None:
        back = hh_mm(visit.back_at)
        facts.append(
            f"ruft für die Rückfahrt die Disposition an; ohne Anruf {back}"
            if visit.on_call
            else f"wird {back} wieder abgeholt"
        )
    return facts


def _promised(window: TimeWindow | None) -> str:
    if window is None:
        return ""
    return f"zugesagt {hh_mm(window.earliest)}–{hh_mm(window.latest)}"


def _seating(stop: ManifestStop) -> str:
    return "" if stop.seating is None else wording.seats(stop.seating)


def _rest(rest: Rest) -> str:
    return f"Pause {wording.lasting(rest.window)}"
