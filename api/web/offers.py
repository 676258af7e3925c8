"""Offers and promises in German, as they can be read to a caller."""

from api.operations.telling import ToldOffer, ToldTrip, told_trips
from api.sheets.wording import minutes
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.model import TripKind
from scheduler.promises import Promise

_WORD = {
    TripKind.OUTBOUND: "Abholung",
    TripKind.VIA: "weiter zur Apotheke",
    TripKind.RETURN: "zurück",
}


def offer_text(offer: ToldOffer) -> str:
    """An offer as it can be read to a caller, and what it costs."""
    later = " Braucht viel Bus: besser erst zusagen, wenn alle angerufen haben."
    how = f"{journey_text(offer)}; {cost_text(offer)}; {_moved(offer)}."
    return f"{how}{later if offer.call_back else ''}"


def journey_text(offer: ToldOffer) -> str:
    """When the bus comes, and how late it arrives; nothing that may still move."""
    told = [_with_arrival(trip) for trip in offer.trips]
    if all(trip.kind is not TripKind.RETURN for trip in offer.trips):
        told.append("ohne Rückfahrt")
    return ", ".join(told)


def promise_text(promise: Promise) -> str:
    """A promise as it can be read to a caller."""
    return ", ".join(_window(trip) for trip in told_trips(promise))


def _window(trip: ToldTrip) -> str:
    first, last = hh_mm(trip.window.earliest), hh_mm(trip.window.latest)
    if trip.kind is TripKind.OUTBOUND:
        return f"{_WORD[trip.kind]} zwischen {first} und {last}"
    return f"{_WORD[trip.kind]} ab {first}–{last}"


def _with_arrival(trip: ToldTrip) -> str:
    if trip.kind is not TripKind.OUTBOUND:
        return _window(trip)
    # Windows are told in wider steps: nobody understands that the bus comes when it has arrived.
    if trip.arrive_latest <= trip.window.latest:
        return f"{_window(trip)}, rechtzeitig am Ziel"
    return f"{_window(trip)}, Ankunft spätestens {hh_mm(trip.arrive_latest)}"


def cost_text(offer: ToldOffer) -> str:
    """How much more the bus drives."""
    if abs(offer.extra) < MINUTE:
        return "kaum mehr Fahrt"
    more = "mehr" if offer.extra > 0 else "weniger"
    return f"{minutes(abs(offer.extra))} {more} Fahrt"


def _moved(offer: ToldOffer) -> str:
    moves = [
        f"{request} {minutes(abs(seconds))} {'später' if seconds > 0 else 'früher'}"
        for request, seconds in offer.moved.items()
        if abs(seconds) >= MINUTE // 2
    ]
    if not moves:
        return "niemand sonst verschiebt sich"
    return "innerhalb der Zusagen verschieben sich " + ", ".join(moves)
