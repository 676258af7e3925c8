"""What a newer plan changes for a passenger, in German words."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from data.region import Region
from scheduler.changes import Change, Fate, PassengerChange, VisitPair
from scheduler.clock import hh_mm
from scheduler.manifest import Contact, PlaceLabel
from scheduler.model import PlaceId, RequestId, VisitKind

_FATES = {
    Fate.NEWLY_SERVED: "fährt jetzt mit",
    Fate.NO_LONGER_SERVED: "fährt nicht mehr mit",
}
_ORDER = {Fate.NO_LONGER_SERVED: 0, Fate.CHANGED: 1, Fate.NEWLY_SERVED: 2}
_KINDS = {
    VisitKind.PICKUP: "Einsteigen",
    VisitKind.VIA: "Zwischenhalt",
    VisitKind.DROPOFF: "Aussteigen",
}


class Known(Protocol):
    """Two plans of one day: who is in either, and how places are called."""

    @property
    def region(self) -> Region:
        """Where."""

    @property
    def contacts(self) -> Mapping[RequestId, Contact]:
        """Everybody who rides in either."""

    @property
    def labels(self) -> Mapping[PlaceId, PlaceLabel]:
        """How every place is called."""


def who(request: RequestId, found: Known) -> str:
    """Name a passenger, with the number to ring."""
    contact = found.contacts.get(request)
    if contact is None:
        return request
    phone = f" (Tel. {contact.phone})" if contact.phone else ""
    return f"{request} {contact.name}{phone}"


def what_changes(passenger: PassengerChange, found: Known) -> str:
    """Say what changes for a passenger, with the places as they are called."""
    if passenger.fate is Fate.NO_LONGER_SERVED:
        return _FATES[passenger.fate]
    visits = "; ".join(_visit(pair, found) for pair in passenger.visits)
    fate = _FATES.get(passenger.fate)
    return f"{fate}: {visits}" if fate else visits


def hardest_first(changes: Iterable[PassengerChange]) -> list[PassengerChange]:
    """Order those by how hard it hits them: not taken any more, then moved by most."""
    return sorted(changes, key=lambda each: (_ORDER[each.fate], -each.moved, each.request))


def _visit(pair: VisitPair, found: Known) -> str:
    place = found.labels[pair.place].name if pair.place in found.labels else pair.place
    what = f"{_KINDS[pair.kind]} {place}"
    if pair.newer is None:
        return f"{what} entfällt"
    if pair.older is None:
        return f"{what} neu {hh_mm(pair.newer.begin)}"
    was, now = hh_mm(pair.older.begin), hh_mm(pair.newer.begin)
    words = f"{what} {now} statt {was}" if was != now else f"{what} {now}"
    if pair.kind is VisitKind.VIA and hh_mm(pair.older.end) != hh_mm(pair.newer.end):
        words += f", wieder an Bord {hh_mm(pair.newer.end)} statt {hh_mm(pair.older.end)}"
    if Change.OTHER_SHIFT in pair.changes:
        words += f", Dienst {found.region.shift_label(pair.newer.shift)}"
    if Change.OTHER_VEHICLE in pair.changes:
        words += f", {found.region.vehicle_label(pair.newer.vehicle)}"
    return words
