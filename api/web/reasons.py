"""Why a request is not in the plan, as a German sentence with the figures behind it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from api.sheets.wording import count, minutes
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.manifest import PlaceLabel
from scheduler.model import PlaceId, TimeWindow, TripKind
from scheduler.plan import Detail, Reason, Unserved

Places: TypeAlias = Mapping[PlaceId, PlaceLabel]

_PART = {
    TripKind.OUTBOUND: "die Hinfahrt",
    TripKind.VIA: "den Zwischenhalt",
    TripKind.RETURN: "die Rückfahrt",
}
_ALSO = {
    Reason.NO_BUS_TODAY: "es fährt an diesem Tag kein Bus",
    Reason.NO_SHIFT_THEN: "zu dieser Zeit ist kein Dienst",
    Reason.PLACE_CLOSED: "der Ort hat dann geschlossen",
    Reason.RIDE_TOO_LONG: "die Fahrt dauert zu lange",
    Reason.TOO_MANY_FOR_BUS: "der Bus hat nicht genug Plätze",
    Reason.NO_WHEELCHAIR_DRIVER: "niemand im Dienst kann Rollstühle sichern",
    Reason.NO_WAY_BACK: "es gibt keine Rückfahrt",
    Reason.UNREACHABLE: "keine Straße führt dorthin",
}


def broken_text(unserved: Unserved, places: Places) -> str:
    """Say why somebody is left out to whom a ride is promised: it is not for lack of room alone."""
    if unserved.reason in {Reason.NO_ROOM_PROVEN, Reason.NO_ROOM_FOUND}:
        return "Die Zusage ist mit den Diensten und Bussen dieses Tages nicht zu halten."
    return reason_text(unserved, places)


def reason_text(unserved: Unserved, places: Places) -> str:
    """Put a reason into words; *places* names whatever the figures mention."""
    sentence = _SENTENCES[unserved.reason](unserved.detail, places)
    if unserved.detail.also:
        further = " und ".join(_ALSO[reason] for reason in unserved.detail.also)
        sentence += f" Außerdem: {further}."
    return sentence


def _no_bus(detail: Detail, _places: Places) -> str:
    because = f" ({detail.text})" if detail.text else ""
    return f"An diesem Tag fährt kein Bus{because}."


def _no_shift(detail: Detail, _places: Places) -> str:
    part = _PART[detail.trip] if detail.trip else "die Fahrt"
    return (
        f"Zu dieser Zeit ist kein Dienst: {part} bräuchte den Bus"
        f"{_span(detail.wanted)}{_hours('Dienste', detail.hours)}."
    )


def _closed(detail: Detail, places: Places) -> str:
    hours = _hours("geöffnet", detail.hours) or ", an diesem Tag nie geöffnet"
    return f"{_place(detail, places)} hat dann geschlossen: gebraucht{_span(detail.wanted)}{hours}."


def _too_long(detail: Detail, _places: Places) -> str:
    if detail.needed is None or detail.limit is None:
        return "Die Fahrt dauert zu lange."
    # A limit is never told longer than it is.
    allowed = count(detail.limit // MINUTE, "Minute", "Minuten")
    return f"Die Fahrt dauert zu lange: {minutes(detail.needed)}, erlaubt sind {allowed}."


def _too_many(detail: Detail, _places: Places) -> str:
    if detail.needed is None or detail.limit is None:
        return "So viele passen in keinen Bus."
    needed = count(detail.needed, "Platz", "Plätze")
    return f"So viele passen in keinen Bus: {needed} gebraucht, höchstens {detail.limit}."


def _no_way_back(detail: Detail, _places: Places) -> str:
    return (
        f"Es gibt keine Rückfahrt: gebraucht{_span(detail.wanted)}"
        f"{_hours('Dienste', detail.hours)}."
    )


def _unreachable(detail: Detail, places: Places) -> str:
    return f"Keine Straße des Netzes führt hin oder zurück: {_place(detail, places)}."


_SENTENCES: dict[Reason, Callable[[Detail, Places], str]] = {
    Reason.NO_BUS_TODAY: _no_bus,
    Reason.NO_SHIFT_THEN: _no_shift,
    Reason.PLACE_CLOSED: _closed,
    Reason.RIDE_TOO_LONG: _too_long,
    Reason.TOO_MANY_FOR_BUS: _too_many,
    Reason.NO_WHEELCHAIR_DRIVER: lambda _detail, _places: (
        "Niemand im Dienst dieses Tages kann einen Rollstuhl sichern."
    ),
    Reason.NO_WAY_BACK: _no_way_back,
    Reason.UNREACHABLE: _unreachable,
    Reason.NO_ROOM_PROVEN: lambda _detail, _places: (
        "Kein Platz: Bewiesen ist, dass neben allen anderen keine Fahrt mehr passt."
    ),
    Reason.NOT_TRIED: lambda _detail, _places: (
        "Nicht versucht: So viele Fahrtwünsche an einem Tag werden nicht zusammen geplant."
    ),
    Reason.NO_ROOM_FOUND: lambda _detail, _places: (
        "Kein Platz gefunden, ohne jemand anderen stehen zu lassen."
    ),
}


def _place(detail: Detail, places: Places) -> str:
    return "Der Ort" if detail.place is None else places[detail.place].name


def _span(wanted: TimeWindow | None) -> str:
    if wanted is None:
        return ""
    if wanted.earliest == wanted.latest:
        return f" um {hh_mm(wanted.earliest)} Uhr"
    return f" zwischen {hh_mm(wanted.earliest)} und {hh_mm(wanted.latest)} Uhr"


def _hours(what: str, hours: tuple[TimeWindow, ...]) -> str:
    if not hours:
        return ""
    spans = ", ".join(f"{hh_mm(each.earliest)}–{hh_mm(each.latest)}" for each in hours)
    return f"; {what}: {spans} Uhr"
