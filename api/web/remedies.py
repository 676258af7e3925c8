"""What would help somebody without room, in German: one line for each change."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from api.operations.days import PlannedDay
from api.sheets.wording import minutes, window
from api.web.reasons import Places, reason_text
from routing.units import Seconds
from scheduler.clock import hh_mm
from scheduler.model import RequestId, Shift, ShiftId
from scheduler.plan import Reason

if TYPE_CHECKING:
    from scheduler.remedies import Change, Explanation, Remedy

NOTHING = "Keine einzelne Änderung gefunden, mit der es ginge."

_ROOM = {Reason.NO_ROOM_FOUND, Reason.NO_ROOM_PROVEN, Reason.NOT_TRIED}
_VERDICTS = {
    "fits": "Es ist doch Platz: Neu geplant, passt diese Fahrt neben allen eingeplanten.",
    "impossible": (
        "Bewiesen: Mit den Bussen dieses Tages passt diese Fahrt neben allen eingeplanten nicht."
    ),
    "not_found": (
        "Neben allen eingeplanten wurde kein Platz gefunden. Bewiesen ist nicht, dass es "
        "keinen gibt."
    ),
}


class Names:
    """
    How places, people and shifts are called.

    *people* may be empty: then a request is called by its number.
    """

    def __init__(
        self,
        places: Places,
        shifts: Mapping[ShiftId, tuple[str, Shift]],
        people: Mapping[RequestId, str],
    ) -> None:
        self.places, self.shifts, self.people = places, shifts, people

    def person(self, request: RequestId) -> str:
        """Name a passenger, or at least the request."""
        name = self.people.get(request)
        return f"{name} ({request})" if name else request


def make_names(planned: PlannedDay, *, people: bool) -> Names:
    """Call everything as the region and, where *people* may be named, the passengers do."""
    region = planned.region
    every = (*region.idle_shifts(planned.plan.date), *planned.day.shifts)
    shifts = {each.id: (region.shift_label(each.id), each) for each in every}
    contacts = planned.input.contacts if people else {}
    return Names(
        planned.input.labels(region),
        shifts,
        {request: contact.name for request, contact in contacts.items()},
    )


def verdict_text(answer: "Explanation", names: Names) -> str:
    """Say why there is no room, and whether that is proven."""
    if answer.unserved.reason in _ROOM or answer.plan is not None:
        return _VERDICTS[answer.verdict.value]
    return reason_text(answer.unserved, names.places)


def remedy_text(remedy: "Remedy", names: Names) -> str:
    """Say what would have to be different, and what that costs."""
    text = _SENTENCES[remedy.change.kind.value](remedy.change, names)
    return f"{text} ({_cost(remedy)})"


def _cost(remedy: "Remedy") -> str:
    extra = remedy.extra
    words = [f"{minutes(abs(extra))} {'mehr' if extra > 0 else 'weniger'} Fahrzeit"]
    if extra == 0:
        words = ["ohne mehr Fahrzeit"]
    if remedy.change.step:
        words.append("weniger reicht nicht" if remedy.least else "mit weniger nichts gefunden")
    return "; ".join(words)


def _appointment(which: str) -> "_Sentence":
    def sentence(change: "Change", _names: Names) -> str:
        if change.at is None:
            return f"Ankunft bis zu {_by(change.step)} {which}"
        return f"Termin {_by(change.step)} {which}, um {hh_mm(change.at)} Uhr"

    return sentence


def _stay(which: str) -> "_Sentence":
    def sentence(change: "Change", _names: Names) -> str:
        return f"Aufenthalt {_by(change.step)} {which}, also {minutes(change.at or 0)}"

    return sentence


def _return(which: str) -> "_Sentence":
    def sentence(change: "Change", _names: Names) -> str:
        return f"Rückfahrt {_by(change.step)} {which}, ab {hh_mm(change.at or 0)} Uhr"

    return sentence


def _slot(change: "Change", names: Names) -> str:
    place = "" if change.place is None else f", {names.places[change.place].name}"
    return f"Freier Termin um {hh_mm(change.at or 0)} Uhr{place}"


def _window(change: "Change", names: Names) -> str:
    return (
        f"{_by(change.step)} mehr Spielraum für {names.person(change.request)}: "
        "so viel früher gebracht oder später abgeholt"
    )


def _pharmacy(change: "Change", names: Names) -> str:
    place = "eine andere" if change.place is None else names.places[change.place].name
    return f"Andere Apotheke: {place}"


def _hours(which: str) -> "_Sentence":
    def sentence(change: "Change", names: Names) -> str:
        label, _ = names.shifts[change.shift or ""]
        return f"Dienst {label} {_by(change.step)} {which}, um {hh_mm(change.at or 0)} Uhr"

    return sentence


def _shift(what: str) -> "_Sentence":
    def sentence(change: "Change", names: Names) -> str:
        label, shift = names.shifts[change.shift or ""]
        who = ", mit jemandem, der Rollstühle sichern kann" if change.wheelchairs else ""
        return f"{what} {label} ({window(shift.hours)}){who}"

    return sentence


def _by(step: Seconds) -> str:
    return minutes(step)


_Sentence: TypeAlias = Callable[["Change", Names], str]
# By the value of `scheduler.remedies.Kind`, whose module would import the optimizer.
_SENTENCES: dict[str, _Sentence] = {
    "earlier_appointment": _appointment("früher"),
    "later_appointment": _appointment("später"),
    "shorter_stay": _stay("kürzer"),
    "longer_stay": _stay("länger"),
    "earlier_return": _return("früher"),
    "later_return": _return("später"),
    "longer_ride": lambda change, _: f"Im Bus bis zu {_by(change.step)} länger als erlaubt",
    "wider_window": _window,
    "earlier_shift": _hours("früher beginnen"),
    "later_shift": _hours("später enden"),
    "other_slot": _slot,
    "other_pharmacy": _pharmacy,
    "no_pharmacy": lambda _change, _: "Ohne Halt an der Apotheke",
    "outbound_only": lambda _change, _: "Nur die Hinfahrt",
    "open_shift": _shift("Mit Fahrer:in für den Dienst"),
    "extra_shift": _shift("Zweiter Bus mit Fahrer:in im Dienst"),
    "without_other": lambda change, names: f"Anstelle von {names.person(change.request)}",
}
