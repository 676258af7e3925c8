"""A passenger in German words: who they are, what is usual for them, what they asked for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from api.operations.privacy import Report, Ride
from api.sheets import wording
from api.sheets.wording import moment, short_date
from api.web.board.open_call_view import typed_text
from api.web.board.request_rows import STATES
from api.web.board.request_view import RequestView, request_view
from api.web.deed_words import deed_text
from api.web.series_words import pattern_text
from data.audit import Written
from data.profiles import Consent, StoredProfile
from data.region import Region
from data.requests import StoredRequest
from data.roster import ShiftPattern
from data.series import StoredSeries
from data.states import State
from data.ticks import Mark
from scheduler.model import Needs, RequestId

CONSENT = {
    Consent.UNKNOWN: "nicht vermerkt",
    Consent.GIVEN: "gegeben",
    Consent.WITHDRAWN: "widerrufen; wird in der nächsten Nacht gelöscht",
}
MARKS = {
    Mark.ARRIVED: "Bus ist da",
    Mark.ABOARD: "eingestiegen",
    Mark.NO_SHOW: "nicht angetroffen",
    Mark.DONE: "ausgestiegen",
    Mark.OPEN: "Eintrag zurückgenommen",
}
KINDS = {"pickup": "Einstieg", "dropoff": "Ausstieg", "via": "Bus wartet"}
_ACTORS = {
    "account": "Konto",
    "token": "Zugang einer Maschine, Nr.",
    "link": "Fahrer:in, Dienst",
    "anybody": "jemand am Rechner selbst, ohne Anmeldung",
    "command": "jemand am Rechner selbst, mit einem Befehl",
    "service": "das Programm selbst",
    "nobody": "das Programm selbst",
}
PAST = 20  # of what is over, so many are shown


@dataclass(frozen=True)
class PersonView:
    """A passenger; what is not known is "" or empty."""

    id: str
    name: str
    born: str
    phone: str
    helps: str
    escort: str
    note: str
    addresses: tuple[str, ...]
    consent: str
    version: int


@dataclass(frozen=True)
class RideView:
    """One request of theirs, with its date in short and what has become of it."""

    when: str
    wish: RequestView
    state: str


@dataclass(frozen=True)
class RidesView:
    """What is to come, the next first, and what is over, the last first; *more* is not shown."""

    ahead: tuple[RideView, ...]
    past: tuple[RideView, ...]
    more: int
    newest: str


def person_view(stored: StoredProfile) -> PersonView:
    """Put a passenger into words."""
    consent = CONSENT[stored.consent]
    if stored.consent_on:
        consent += f" ({stored.consent_on:%d.%m.%Y})"
    return PersonView(
        id=stored.id,
        name=stored.name,
        born=f"{stored.born:%d.%m.%Y}" if stored.born else "",
        phone=stored.phone,
        helps=", ".join(wording.needs(Needs(stored.mobility, stored.companions))),
        escort=stored.escort,
        note=stored.note,
        addresses=stored.addresses,
        consent=consent,
        version=stored.version,
    )


def rides_view(
    stored: Sequence[StoredRequest],
    states: Mapping[RequestId, State],
    today: date,
    *,
    zone: ZoneInfo,
) -> RidesView:
    """Part the requests of a passenger, the latest first, into what is to come and what is over."""
    views = [_ride(each, STATES[states.get(each.id, State.BOOKED)], zone) for each in stored]
    ahead = [view for view in views if view.wish.day >= today]
    past = [view for view in views if view.wish.day < today]
    return RidesView(
        ahead=tuple(reversed(ahead)),
        past=tuple(past[:PAST]),
        more=max(0, len(past) - PAST),
        newest=stored[0].id if stored else "",
    )


@dataclass(frozen=True)
class ReportView:
    """All that is kept of somebody; *rides* with what plans and drivers say of each."""

    homes: tuple[str, ...]
    rides: tuple[tuple[RideView, tuple[str, ...]], ...]
    series: tuple[str, ...]
    calls: tuple[str, ...]
    readings: tuple[str, ...]
    weeks: int


def report_view(report: Report, zone: ZoneInfo) -> ReportView:
    """Put a report into words."""
    return ReportView(
        homes=tuple(home.label for _, home in sorted(report.homes.items())),
        rides=tuple(
            (
                _ride(ride.stored, "", zone),
                tuple(_lines(ride, report, zone)),
            )
            for ride in report.rides
        ),
        series=tuple(series_line(each) for each in report.series),
        calls=tuple(
            f"{moment(each.changed.astimezone(zone))}: {typed_text(each)}" for each in report.calls
        ),
        readings=tuple(_reading_lines(report.readings, zone)),
        weeks=report.weeks,
    )


def ahead_line(stored: StoredRequest, zone: ZoneInfo) -> str:
    """A ride to come: "Di 02.03.2027: Von … nach …, Termin 09:30 Uhr"."""
    return f"{short_date(stored.row.date)}: {request_view(stored, zone).way}"


def _reading_lines(readings: Sequence[Written], zone: ZoneInfo) -> Iterator[str]:
    """One line for each day, caller and kind of access: a page that is open looks many times."""
    counted = Counter(
        (each.at.astimezone(zone).date(), actor_text(each.actor), deed_text(each.action))
        for each in readings
    )
    for (day, who, what), times in counted.items():
        often = f", {times} Mal" if times > 1 else ""
        yield f"{short_date(day)}: {who}, {what}{often}"


def actor_text(actor: str) -> str:
    """Say in German who an `data.acting.Deed` was done by: "Konto 3", "das Programm selbst"."""
    kind, _, name = actor.partition(":")
    return f"{_ACTORS.get(kind, kind)} {name}".strip()


def series_line(stored: StoredSeries) -> str:
    """A series in one line."""
    row, when = stored.row, pattern_text(stored.pattern, stored.on_closed)
    note = f"; Hinweis: {row.note}" if row.note else ""
    return f"{stored.id}: {row.origin} – {row.destination}, {when}{note}"


def _ride(stored: StoredRequest, state: str, zone: ZoneInfo) -> RideView:
    wish = request_view(stored, zone)
    # That somebody cancelled on the day says more than that they cancelled.
    return RideView(
        short_date(stored.row.date), wish, state="" if wish.cancelled or wish.held else state
    )


def _lines(ride: Ride, report: Report, zone: ZoneInfo) -> Iterator[str]:
    shifts = {pattern.id: pattern.name for pattern in _patterns(report)}
    for each in ride.planned:
        shift = shifts.get(each["shift"], each["shift"])
        what = KINDS.get(each["kind"], each["kind"])
        yield f"im Plan (Version {each['version']}, {shift}): {what} {each['begin'][:5]} Uhr"
    for tick in ride.marked:
        yield f"Fahrer:in, {moment(tick.at.astimezone(zone))}: {MARKS[tick.mark]}"
    for call in ride.heard:
        yield f"Bescheid gesagt, {moment(call.at.astimezone(zone))} (Version {call.version})"


def _patterns(report: Report) -> Sequence[ShiftPattern]:
    return report.region.roster.patterns if isinstance(report.region, Region) else ()
