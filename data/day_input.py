"""What people ask of a day, once rows are understood; and the day that is made of it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data.region import Region
from routing.geocoding import Address
from scheduler.asked import Asked
from scheduler.day import Day
from scheduler.manifest import Contact, PlaceLabel
from scheduler.model import Place, PlaceId, PlaceKind, Request, RequestId, Shift

if TYPE_CHECKING:
    from routing.matrix import Roads


@dataclass(frozen=True)
class Booking:
    """
    One row, understood: what is asked (*request*), where, and by whom.

    *homes* are the addresses in the request that are no known places; their ids hold within one
    `Intake` only. *pharmacy* is "", "ja" or the one that was asked for.
    """

    date: dt.date
    request: Request
    contact: Contact
    born: dt.date | None
    homes: Mapping[PlaceId, Address]
    pharmacy: str
    row: int


@dataclass(frozen=True)
class DayInput:
    """All that people ask of one day, and who and where they are."""

    date: dt.date
    requests: tuple[Request, ...]
    contacts: Mapping[RequestId, Contact]
    homes: Mapping[PlaceId, Address]

    @property
    def forgotten(self) -> frozenset[RequestId]:
        """Requests of whom nobody knows any more who asked (`data.retention`)."""
        return frozenset(
            each.id
            for each in self.requests
            if each.id in self.contacts and not self.contacts[each.id].name
        )

    def without(self, gone: Collection[RequestId]) -> "DayInput":
        """Leave some requests out."""
        left = tuple(each for each in self.requests if each.id not in gone)
        return replace(self, requests=left)

    def places(self, region: Region) -> dict[PlaceId, Place]:
        """Every place of the region and of the passengers, as it is on the day."""
        homes = {
            name: Place(name, PlaceKind.HOME, address.point) for name, address in self.homes.items()
        }
        return {**region.places_on(self.date), **homes}

    def prepare(
        self,
        region: Region,
        *,
        shifts: Sequence[Shift],
        roads: "Roads",
        also: Iterable[PlaceId] = (),
    ) -> Day:
        """Make the trips of the day: the day of what `asked` collects."""
        return self.asked(region, shifts=shifts, roads=roads, also=also).day

    def asked(
        self,
        region: Region,
        *,
        shifts: Sequence[Shift],
        roads: "Roads",
        also: Iterable[PlaceId] = (),
    ) -> Asked:
        """
        Collect all that the day is made of for *shifts*, with the roads between places in use.

        The roads reach the places in *also*, too: those that a promise names.

        Raises
        ------
        KeyError
            If *region* no longer knows one of these places.
        """
        used: dict[PlaceId, None] = {}
        for request in self.requests:
            used |= dict.fromkeys((request.origin, request.destination, *request.pharmacies))
        for shift in shifts:
            used |= dict.fromkeys((shift.start_place, shift.end_place))
        used |= dict.fromkeys(also)
        known = self.places(region)
        places = {name: known[name] for name in used}
        return Asked(
            date=self.date,
            requests=self.requests,
            places=places,
            shifts=tuple(shifts),
            policy=region.policy,
            closed=region.closed(self.date),
            travel=roads.travel([place.point for place in places.values()]),
            index={name: number for number, name in enumerate(places)},
        )

    def labels(self, region: Region) -> dict[PlaceId, PlaceLabel]:
        """How every place is called."""
        known = {
            name: PlaceLabel(place.name, place.address.label, place.phone)
            for name, place in region.places.items()
        }
        return {
            **known,
            **{name: PlaceLabel(address.label) for name, address in self.homes.items()},
        }
