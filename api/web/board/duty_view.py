"""The roster in German words: a light that is also a word and a shape, and who could step in."""

from dataclasses import dataclass, replace
from datetime import date

from api.operations.rostering import Concerned, Effect
from api.operations.substituting import Duties
from api.sheets.wording import count, full_date, short_date, window
from data.region import Region
from data.roster import Decision, Driver
from data.staffing import Candidate, Staffed, StaffedDay
from scheduler.clock import hh_mm
from scheduler.model import Mobility, TripKind

FREE = "frei"  # what a form sends for each decision but a driver
OUT = "aus"
FILED = "plan"
DECISIONS = {FREE: Decision.OPEN, OUT: Decision.OUT, FILED: Decision.AS_FILED}

_TRIPS = {TripKind.OUTBOUND: "Hinfahrt", TripKind.VIA: "Weiterfahrt", TripKind.RETURN: "Rückfahrt"}


@dataclass(frozen=True)
class DutyView:
    """
    One shift of one date.

    *light* is the name of its style and shape ("full", "mind", "open", "none"), *word* says the
    same. *notes* are what to mind of it, *changed* what a dispatcher decided, "" for nothing.
    """

    id: str
    name: str
    hours: str
    bus: str
    light: str
    word: str
    driver: str
    phone: str
    notes: tuple[str, ...]
    changed: str
    version: int


@dataclass(frozen=True)
class CandidateView:
    """Somebody who could step in; *notes* in the order in which one would ask."""

    id: str
    name: str
    phone: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class DayView:
    """
    One day of the roster; *plan* is the version of a plan that no longer fits, or 0.

    *away* names the buses that are not there, and why.
    """

    date: date
    title: str
    closed: str
    holiday: bool
    duties: tuple[DutyView, ...]
    plan: int
    away: tuple[str, ...]


@dataclass(frozen=True)
class LicenceView:
    """A driver whose P-Schein ends, or has ended."""

    name: str
    phone: str
    text: str
    over: bool


@dataclass(frozen=True)
class ConcernedView:
    """A passenger whom a decision concerns."""

    id: str
    name: str
    phone: str
    when: str
    facts: tuple[str, ...]
    lost: bool


@dataclass(frozen=True)
class EffectView:
    """Whom a decision concerns, before it is kept; *wer*, *seen* go back with the form."""

    title: str
    lines: tuple[str, ...]
    concerned: tuple[ConcernedView, ...]
    wer: str
    seen: str


def day_of_duties(day: StaffedDay, region: Region, *, plan: int = 0) -> DayView:
    """Put a day into words."""
    return DayView(
        date=day.date,
        title=short_date(day.date),
        closed=day.closed,
        holiday=day.date.weekday() < 5 and bool(day.closed),
        duties=tuple(duty_view(each, region) for each in day.shifts),
        plan=plan,
        away=tuple(bus.absence(day.date) for bus in day.away),
    )


def duty_view(staffed: Staffed, region: Region) -> DutyView:
    """Put a shift into words."""
    driver = staffed.driver
    light, word = _light(staffed)
    return DutyView(
        id=staffed.pattern.id,
        name=staffed.pattern.name,
        hours=window(staffed.pattern.hours),
        bus=region.vehicle_label(staffed.pattern.vehicle),
        light=light,
        word=word,
        driver=driver.name if driver else "",
        phone=driver.phone if driver else "",
        notes=tuple(_notes(staffed)),
        changed=_changed(staffed),
        version=staffed.change.version,
    )


def as_reported(day: DayView, region: Region, duties: Duties) -> DayView:
    """Say of the shifts of a day that runs what was reported of them."""
    reported = tuple(duty_as_reported(each, region, duties) for each in day.duties)
    return replace(day, duties=reported)


def duty_as_reported(duty: DutyView, region: Region, duties: Duties) -> DutyView:
    """Say of a shift of a day that runs why it came to an end, and not what was decided before."""
    notes = duty.notes
    if duties.lacks_driver(duty.id):
        notes = (*notes, f"{region.driver_label(duties.drivers[duty.id])} ist krank gemeldet")
    elif duty.id in duties.ended and duties.is_broken(duty.id):
        notes = (*notes, f"{duty.bus} ist als defekt gemeldet")
    return replace(duty, notes=notes, changed="heute gemeldet" if duty.changed else "")


def candidate_view(candidate: Candidate) -> CandidateView:
    """Put somebody who could step in into words."""
    notes = ["fährt diesen Dienst sonst auch"] if candidate.usual else []
    if not candidate.wheelchairs:
        notes.append("nimmt keinen Rollstuhl mit")
    notes += [f"fährt an dem Tag schon {each.name}" for each in candidate.also]
    if candidate.around:
        notes.append(f"{count(candidate.around, 'Dienst', 'Dienste')} in den 4 Wochen darum herum")
    driver = candidate.driver
    return CandidateView(driver.id, driver.name, driver.phone, tuple(notes))


def licence_view(driver: Driver, today: date) -> LicenceView:
    """Say when a P-Schein ends."""
    over = driver.licence_until < today
    words = "abgelaufen am" if over else "läuft ab am"
    return LicenceView(driver.name, driver.phone, f"{words} {driver.licence_until:%d.%m.%Y}", over)


def effect_view(effect: Effect, region: Region, wer: str) -> EffectView:
    """Put into words whom a decision concerns."""
    lost = sum(each.lost for each in effect.concerned)
    lines = []
    if effect.plan:
        held = "; die Fahrer:innen haben ihn schon" if effect.published else ""
        lines.append(
            f"Der Tagesplan (Version {effect.plan}) passt dann nicht mehr{held}. Der Tag muss neu "
            "geplant werden."
        )
    if effect.concerned and not lost:
        lines.append("Alle können mitfahren wie bisher; nur der Plan ist neu zu machen.")
    if lost:
        lines.append(
            f"Für {count(lost, 'Fahrgast', 'Fahrgäste')} fällt die Fahrt in diesem Dienst weg. "
            "Beim Neuplanen wird versucht, sie in anderen Diensten mitzunehmen; gelingt das nicht, "
            "bitte anrufen."
        )
    return EffectView(
        title=_title(effect, region),
        lines=tuple(lines),
        concerned=tuple(map(_concerned, effect.concerned)),
        wer=wer,
        seen=effect.seen,
    )


def _title(effect: Effect, region: Region) -> str:
    wanted = effect.wanted
    shift = f"{region.shift_label(wanted.shift)} am {full_date(wanted.date)}"
    if wanted.decision is Decision.DRIVEN and wanted.driver:
        return f"{region.driver_label(wanted.driver)} einteilen: {shift}"
    if wanted.decision is Decision.OPEN:
        return f"Fahrer:in herausnehmen: {shift}"
    if wanted.decision is Decision.OUT:
        return f"Ausfallen lassen: {shift}"
    return f"Wieder wie im Dienstplan: {shift}"


def _concerned(each: Concerned) -> ConcernedView:
    row = each.request.row
    facts = ["zugesagt" if each.promised else "eingeplant, nicht zugesagt"]
    if row.mobility is Mobility.WHEELCHAIR:
        facts.append("Rollstuhl")
    if each.lost:
        facts.append("Fahrt fällt weg")
    return ConcernedView(
        id=each.request.id,
        name=row.name,
        phone=row.phone,
        when=f"{_TRIPS[each.trip]} {hh_mm(each.pickup)} Uhr",
        facts=tuple(facts),
        lost=each.lost,
    )


def _light(staffed: Staffed) -> tuple[str, str]:
    if not staffed.runs:
        return "none", "fällt aus" if staffed.change.decision is Decision.OUT else "kein Dienst"
    if staffed.driver is None:
        return "open", "offen"
    if staffed.ends_soon:
        return "mind", "besetzt, P-Schein endet"
    return "full", "besetzt"


def _notes(staffed: Staffed) -> list[str]:
    notes = [
        f"{each.name} wäre dran, P-Schein abgelaufen am {each.licence_until:%d.%m.%Y}"
        for each in staffed.passed_over
    ]
    driver = staffed.driver
    if driver is not None and staffed.ends_soon:
        notes.append(f"P-Schein nur bis {driver.licence_until:%d.%m.%Y}")
    if driver is not None and staffed.wheelchair_bus and not driver.takes_wheelchairs:
        notes.append("nimmt keinen Rollstuhl mit")
    return notes


def _changed(staffed: Staffed) -> str:
    return {
        Decision.DRIVEN: "abweichend vom Dienstplan",
        Decision.OPEN: "Fahrer:in herausgenommen",
        Decision.OUT: "abgesetzt",
        Decision.AS_FILED: "",
    }[staffed.change.decision]
