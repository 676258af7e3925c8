"""The answer to a half-typed call in German: what is understood, what is missing, what is free."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from api.operations import calling
from api.operations.calling import Proposal
from api.operations.directory import find_places, next_days, rides_to
from api.operations.office import Office
from api.operations.telling import ToldOffer
from api.sheets.wording import count, full_date, short_date, window
from api.web.board.call_form import AT_TIME, FIELDS, CallForm, Understood, beside, understand
from api.web.offers import cost_text, journey_text
from data.errors import Rejected
from data.region import Region
from data.request_rows import ANY_PHARMACY, RequestRow
from data.requests import StoredRequest
from scheduler.clock import hh_mm
from scheduler.model import Place

_SUGGESTED = 4


@dataclass(frozen=True)
class OfferView:
    """One offer; *value* is what the form sends back."""

    value: str
    told: str
    cost: str
    call_back: bool


@dataclass(frozen=True)
class DateView:
    """
    One date of the call; *already* are other rides on it, by the id of their request.

    *early* is what to mind where others may book only later: nothing is refused for it.
    *shut* says that on this date nothing can be proposed at all: no bus runs, or the destination is
    closed. Then *instead* are the next days on which it can, each with what to type for it.
    """

    date: date
    title: str
    short: str
    ahead: str
    already: Sequence[tuple[str, str]]
    offers: Sequence[OfferView]
    none: str
    closed: str
    early: str
    shut: bool
    instead: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class AnswerView:
    """
    What stands beside the form.

    *wrong* says by field what cannot be; *missing* names fields that are still empty. *suggested*
    are names of places that the destination may mean. *also* is to be read aloud with every offer;
    *left* names fields that are not taken over from a ride to somewhere else; *unreachable* says
    that nobody could be rung back.
    """

    dates: Sequence[DateView] = ()
    questions: Sequence[str] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ()
    place: str = ""
    opened: str = ""
    instead: str = ""
    suggested: Sequence[str] = ()
    also: Sequence[str] = ()
    left: Sequence[str] = ()
    unreachable: bool = False
    state: str = ""

    @property
    def bookable(self) -> list[DateView]:
        """The dates on which the request can be taken."""
        return (
            [] if self.wrong or self.missing else [each for each in self.dates if not each.closed]
        )

    @property
    def hopeless(self) -> bool:
        """Whether nothing can be proposed on any of the dates."""
        return bool(self.dates) and all(each.shut for each in self.dates)

    @property
    def chooses(self) -> bool:
        """Whether there is more than one offer on the first of the dates that has any."""
        return any(len(each.offers) > 1 for each in self.bookable)

    @property
    def promising(self) -> bool:
        """Whether anything can be promised."""
        return any(each.offers for each in self.bookable)


def answer(office: Office, region: Region, form: CallForm) -> AnswerView:
    """Answer a form as far as it goes; nothing is kept."""
    today = office.today(region)
    understood = understand(form, region, today=today)
    cells, dates = understood.cells, understood.spoken.dates
    already = calling.asked_already(office, region, cells, dates)
    if not understood.complete:
        faults = [each for each in calling.unreadable(office, region, cells) if each.value]
        return answer_view(region, form, understood, [], faults, already, today=today)
    proposals = calling.propose(office, region, cells, dates)
    faults = [fault for each in proposals for fault in each.faults]
    return answer_view(region, form, understood, proposals, faults, already, today=today)


def answer_view(
    region: Region,
    form: CallForm,
    understood: Understood,
    proposals: Sequence[Proposal],
    faults: Iterable[Rejected],
    already: Iterable[StoredRequest] = (),
    *,
    today: date,
) -> AnswerView:
    """Put what was found into words."""
    # Closing times are of one date; the others may do.
    of_dates = {each.date: _closed(each, every=len(proposals)) for each in proposals if each.faults}
    of_one = {"datum", "termin"} if len(proposals) > 1 else {"datum"}
    missing = _missing(form, understood)
    wrong = {
        beside(fault.field, form.values): _told(fault, form)
        for fault in faults
        if fault.field not in of_one
    }
    wrong = {
        name: text for name, text in {**wrong, **understood.wrong}.items() if name not in missing
    }
    wanted = understood.spoken.place or form.values["ziel"]
    open_place = wanted and understood.place is None and "," not in wanted
    suggested = find_places(region, wanted, limit=_SUGGESTED) if open_place else []
    place = understood.place.id if understood.place else None
    rides = [(each.row.date, (each.id, _ride(each.row))) for each in already]
    return AnswerView(
        dates=[
            DateView(
                date=day,
                title=full_date(day),
                short=short_date(day),
                ahead=_ahead(day, today),
                already=[ride for on, ride in rides if on == day],
                offers=[_offer(offer) for offer in proposal.offers] if proposal else [],
                none=_none(region, proposal) if proposal else "",
                closed=(region.closed(day) or "") or of_dates.get(day, ""),
                early=_early(region, day, today),
                shut=not rides_to(region, place, day),
                instead=_instead(region, understood, day),
            )
            for day in understood.spoken.dates
            for proposal in [next((each for each in proposals if each.date == day), None)]
        ],
        questions=understood.spoken.questions,
        wrong={name: wrong[name] for name in sorted(wrong, key=FIELDS.index)},
        missing=missing,
        place=understood.place.name if understood.place else "",
        opened=_opened(region, understood),
        instead=understood.instead,
        suggested=[place.name for place in suggested],
        also=list(_also(understood.cells)) if understood.complete else [],
        left=understood.left,
        unreachable=bool(form.values["name"] and understood.spoken.dates)
        and not form.values["telefon"],
        state=understood.state,
    )


def _told(fault: Rejected, form: CallForm) -> str:
    """Say what is wrong; of a destination that was said with the appointment, which one."""
    if fault.field != "ziel" or fault.value in {"", form.values["ziel"]}:
        return fault.message
    return f"„{fault.value}“ beim Termin: {fault.message}"


def _also(cells: Mapping[str, str]) -> Iterator[str]:
    """What is asked for besides the way there, as long as it is not as for most."""
    ways = {"nein": "ohne Rückfahrt", "anruf": "Rückfahrt auf Anruf"}
    if cells["rueckfahrt"] in ways:
        yield ways[cells["rueckfahrt"]]
    if cells["apotheke"]:
        yield f"mit {'Apotheke' if cells['apotheke'] == ANY_PHARMACY else cells['apotheke']}"
    if cells["hinweis"]:
        yield f"Hinweis: {cells['hinweis']}"


def _none(region: Region, proposal: Proposal) -> str:
    """Why nothing can be promised on a date; where no bus is there, that first."""
    return " ".join(filter(None, (region.without_bus(proposal.date), proposal.none)))


def _instead(region: Region, understood: Understood, day: date) -> list[tuple[str, str]]:
    """The next days on which a bus runs and the destination is open, and what to type for them."""
    place, spoken = understood.place, understood.spoken
    if rides_to(region, place.id if place else None, day):
        return []
    found = []
    for other in next_days(region, place.id if place else None, day):
        told = short_date(other)
        if place is not None and (hours := opening_text(region.places_on(other)[place.id])):
            told = f"{told}, {hours}"
        alone = len(spoken.dates) == 1 and spoken.time
        found.append((told, f"{other:%d.%m.%Y} {spoken.time} {spoken.place}" if alone else ""))
    return found


def _ride(row: RequestRow) -> str:
    when = window(row.arrive) if row.arrive else hh_mm(row.appointment or 0)
    return f"{when} {row.destination}"


def _closed(proposal: Proposal, *, every: int) -> str:
    """Why nobody can ride on this date, if others may do."""
    return " ".join(
        fault.message
        for fault in proposal.faults
        if fault.field == "datum" or (fault.field == "termin" and every > 1)
    )


def _missing(form: CallForm, understood: Understood) -> list[str]:
    empty = [name for name in ("name", "abholort") if not form.values[name]]
    if not form.values["termin"]:
        empty.append("termin")
    elif not understood.cells["ziel"] and not understood.spoken.place:
        empty.append("ziel")
    if form.values["rueckfahrt"] == AT_TIME and not form.values["rueckfahrt_um"]:
        empty.append("rueckfahrt_um")
    return empty


def _opened(region: Region, understood: Understood) -> str:
    """When the destination is open on the first date, if that is known."""
    place, dates = understood.place, understood.spoken.dates
    if place is None or not dates:
        return ""
    return opening_text(region.places_on(dates[0])[place.id])


def opening_text(place: Place) -> str:
    """Opening hours of one day in words; "" if they are not known."""
    if place.open_hours is None:
        return ""
    if not place.open_hours:
        return "an diesem Tag geschlossen"
    return "geöffnet " + " und ".join(window(hours) for hours in place.open_hours)


def _ahead(day: date, today: date) -> str:
    days = (day - today).days
    near = {0: "heute", 1: "morgen", 2: "übermorgen"}
    if days in near:
        return near[days]
    weeks, rest = divmod(days, 7)
    return f"in {count(weeks, 'Woche', 'Wochen')}" if weeks and not rest else f"in {days} Tagen"


def _early(region: Region, day: date, today: date) -> str:
    """Mind that everybody is told to ring later for such a day."""
    horizon = region.policy.booking.horizon_days
    if (day - today).days <= horizon:
        return ""
    return f"Sonst nehmen wir Fahrten höchstens {count(horizon, 'Tag', 'Tage')} vorher an."


def _offer(offer: ToldOffer) -> OfferView:
    return OfferView(
        value=calling.choice(offer),
        told=journey_text(offer),
        cost=cost_text(offer),
        call_back=offer.call_back,
    )
