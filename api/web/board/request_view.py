"""One request in German words: who, where to, and what is promised."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from api.operations.telling import ToldTrip, told_trips
from api.sheets.wording import count, full_date, minutes, window
from api.web.outcomes import OUTCOMES
from data.promises import StoredPromise
from data.request_rows import ANY_PHARMACY, RequestRow
from data.requests import StoredRequest
from scheduler.clock import hh_mm
from scheduler.model import Mobility, TripKind, WayBack
from scheduler.promises import Promise


@dataclass(frozen=True)
class RequestView:
    """
    A request as a dispatcher reads it.

    *promised* has a line for each trip that was promised or is held, without the date; it is empty
    if nothing is. *held* says until when seats are kept free of which nothing is promised yet.
    """

    id: str
    name: str
    phone: str
    born: str
    day: date
    date: str
    way: str
    back: str
    facts: tuple[str, ...]
    note: str
    state: str
    promised: tuple[str, ...]
    held: str
    cancelled: bool
    version: int

    @property
    def on_hold(self) -> bool:
        """Whether seats are kept free."""
        return bool(self.held)


def request_view(stored: StoredRequest, zone: ZoneInfo) -> RequestView:
    """Put a request into words, for the clocks of a *zone*."""
    row = stored.row
    promise = stored.promise
    held = f"{promise.until.astimezone(zone):%H:%M}" if promise and promise.until else ""
    return RequestView(
        id=stored.id,
        name=row.name,
        phone=row.phone,
        born=f"{row.born:%d.%m.%Y}" if row.born else "",
        day=row.date,
        date=full_date(row.date),
        way=_way(row),
        back=_back(row),
        facts=tuple(_facts(row)),
        note=row.note,
        state=_state(stored, held),
        promised=promise_lines(promise) if promise else (),
        held=held,
        cancelled=stored.cancelled is not None,
        version=stored.version,
    )


def promise_lines(promise: StoredPromise) -> tuple[str, ...]:
    """Say what was promised, a line for each trip."""
    return told_lines(promise.promise)


def told_lines(promise: Promise) -> tuple[str, ...]:
    """Say what a promise tells, a line for each trip."""
    return tuple(_aloud(trip) for trip in told_trips(promise))


def _aloud(trip: ToldTrip) -> str:
    """The window of a trip as it is read to a caller."""
    word = {
        TripKind.OUTBOUND: "Abholung",
        TripKind.VIA: "Weiter zur Apotheke",
        TripKind.RETURN: "Rückfahrt",
    }[trip.kind]
    first, last = hh_mm(trip.window.earliest), hh_mm(trip.window.latest)
    return f"{word} zwischen {first} und {last} Uhr"


def _way(row: RequestRow) -> str:
    when = (
        f"Ankunft {window(row.arrive)}"
        if row.arrive is not None
        else f"Termin {hh_mm(row.appointment or 0)} Uhr"
    )
    return f"Von {row.origin} nach {row.destination}, {when}"


def _back(row: RequestRow) -> str:
    texts = {
        WayBack.NONE: "ohne Rückfahrt",
        WayBack.AFTER_STAY: "Rückfahrt nach dem Termin",
        WayBack.WILL_CALL: "Rückfahrt auf Anruf",
        WayBack.AT_TIME: f"Rückfahrt ab {hh_mm(row.return_at or 0)} Uhr",
    }
    return texts[row.way_back]


def _facts(row: RequestRow) -> list[str]:
    facts = []
    if row.stay is not None:
        facts.append(f"bleibt {minutes(row.stay)}")
    if row.pharmacy:
        facts.append("Apotheke" if row.pharmacy == ANY_PHARMACY else row.pharmacy)
    if row.mobility is not Mobility.WALKS:
        facts.append({Mobility.WALKER: "Rollator", Mobility.WHEELCHAIR: "Rollstuhl"}[row.mobility])
    if row.companions:
        facts.append(count(row.companions, "Begleitperson", "Begleitpersonen"))
    if row.priority:
        facts.append(("", "wichtig", "lebenswichtig")[row.priority])
    return facts


def held_text(until: str) -> str:
    """Say that seats are kept free: "frei gehalten bis 16:52"."""
    return f"frei gehalten bis {until}"


def _state(stored: StoredRequest, held: str) -> str:
    if stored.cancelled is not None:
        return OUTCOMES[stored.outcome] if stored.outcome else "abgesagt"
    if stored.promise is None:
        return "offen, nichts zugesagt"
    return held_text(held) if held else "zugesagt"
