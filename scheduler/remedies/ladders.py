"""Which changes to try for somebody without room: of each kind the smallest first."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from routing.units import MINUTE, Seconds
from scheduler.asked import Asked
from scheduler.clock import END_OF_DAY
from scheduler.model import Mobility, PlaceKind, Request, RequestId, WayBack
from scheduler.remedies.changes import Change, Kind, Slot

# Changes of one kind to one request, each with more to bear than the one before.
Ladder: TypeAlias = Sequence[Change]

STEP: Seconds = 5 * MINUTE
# How far each kind goes: beyond that, people would rather take another day.
FARTHEST: dict[Kind, Seconds] = {
    Kind.EARLIER_APPOINTMENT: 120 * MINUTE,
    Kind.LATER_APPOINTMENT: 120 * MINUTE,
    Kind.SHORTER_STAY: 60 * MINUTE,
    Kind.LONGER_STAY: 60 * MINUTE,
    Kind.EARLIER_RETURN: 60 * MINUTE,
    Kind.LATER_RETURN: 60 * MINUTE,
    Kind.LONGER_RIDE: 60 * MINUTE,
    Kind.WIDER_WINDOW: 60 * MINUTE,
    Kind.EARLIER_SHIFT: 60 * MINUTE,
    Kind.LATER_SHIFT: 60 * MINUTE,
}
# Of somebody else nobody asks for more than this.
WIDER_FOR_OTHERS: Seconds = 30 * MINUTE
# A visit is not over sooner.
SHORTEST_STAY: Seconds = 5 * MINUTE
# So many free appointments, and pharmacies by their detour, are looked at.
MOST_SLOTS, MOST_PHARMACIES = 20, 5


def own_ladders(asked: Asked, request: RequestId, slots: Sequence[Slot]) -> Iterator[Ladder]:
    """Every ladder of what *request* itself could bear."""
    wanted = asked.request(request)
    yield _appointments(wanted, Kind.EARLIER_APPOINTMENT)
    yield _appointments(wanted, Kind.LATER_APPOINTMENT)
    yield _slots(wanted, slots)
    if wanted.way_back is not WayBack.NONE:
        yield from _stays(wanted, asked)
        yield from _returns(wanted)
    yield steps(Kind.LONGER_RIDE, request)
    yield steps(Kind.WIDER_WINDOW, request)
    if wanted.pharmacies:
        yield _pharmacies(wanted, asked)
        yield [Change(Kind.NO_PHARMACY, request)]
    if wanted.way_back is not WayBack.NONE:
        yield [Change(Kind.OUTBOUND_ONLY, request)]


def steps(kind: Kind, request: RequestId, farthest: Seconds | None = None) -> Ladder:
    """Five minutes, ten, and so on."""
    last = FARTHEST[kind] if farthest is None else farthest
    return [Change(kind, request, step) for step in range(STEP, last + 1, STEP)]


def longer_shifts(asked: Asked, request: RequestId) -> Iterator[Ladder]:
    """Each shift beginning earlier, and ending later, as far as bus and driver are free."""
    for shift in asked.shifts:
        rivals = [
            each.hours
            for each in asked.shifts
            if each is not shift
            and (each.vehicle.id == shift.vehicle.id or each.driver == shift.driver)
        ]
        begin, end = shift.hours.earliest, shift.hours.latest
        free = max((hours.latest for hours in rivals if hours.latest <= begin), default=0)
        taken = min(
            (hours.earliest for hours in rivals if hours.earliest >= end), default=END_OF_DAY
        )
        yield [
            replace(each, at=begin - each.step, shift=shift.id)
            for each in steps(Kind.EARLIER_SHIFT, request)
            if begin - each.step >= free
        ]
        yield [
            replace(each, at=end + each.step, shift=shift.id)
            for each in steps(Kind.LATER_SHIFT, request)
            if end + each.step <= taken
        ]


def open_shifts(asked: Asked, request: RequestId) -> list[Change]:
    """Each shift that only lacks a driver."""
    rolls = asked.request(request).needs.mobility is Mobility.WHEELCHAIR
    return [
        Change(Kind.OPEN_SHIFT, request, shift=shift.id, wheelchairs=rolls) for shift in asked.idle
    ]


def further_shifts(asked: Asked, request: RequestId) -> list[Change]:
    """One more shift like each of the day's; of those that are alike, only one."""
    rolls = asked.request(request).needs.mobility is Mobility.WHEELCHAIR
    unlike: dict[object, Change] = {}
    for shift in asked.shifts:
        missing = rolls and not shift.takes_wheelchairs
        hours, seats = (shift.hours, shift.rest), shift.vehicle.configurations
        look = hours, seats, shift.start_place, shift.end_place
        change = Change(Kind.EXTRA_SHIFT, request, shift=shift.id, wheelchairs=missing)
        # Rather one like a shift whose driver can do it already.
        if look not in unlike or (unlike[look].wheelchairs and not missing):
            unlike[look] = change
    return list(unlike.values())


def _appointments(wanted: Request, kind: Kind) -> Ladder:
    if wanted.appointment is None:
        return steps(kind, wanted.id)
    sign = -1 if kind is Kind.EARLIER_APPOINTMENT else 1
    return [
        Change(kind, wanted.id, each.step, at=wanted.appointment + sign * each.step)
        for each in steps(kind, wanted.id)
        if wanted.appointment + sign * each.step >= 0
    ]


def _slots(wanted: Request, slots: Sequence[Slot]) -> Ladder:
    """Free appointments, the one nearest to what was wanted first."""
    if wanted.arrive is not None:
        early, late = wanted.arrive.earliest, wanted.arrive.latest
    else:
        assert wanted.appointment is not None  # noqa: S101  # Request has either of the two
        early = late = wanted.appointment
    by_distance = sorted(
        dict.fromkeys(slots),
        key=lambda slot: (max(early - slot.at, slot.at - late, 0), slot.at, slot.place or ""),
    )
    return [
        Change(Kind.OTHER_SLOT, wanted.id, at=slot.at, place=slot.place)
        for slot in by_distance[:MOST_SLOTS]
        if slot != Slot(wanted.appointment or -1)
    ]


def _stays(wanted: Request, asked: Asked) -> Iterator[Ladder]:
    stay = wanted.stay
    if stay is None:
        if wanted.way_back is WayBack.AT_TIME:
            return  # then no length of stay was given that could be another
        stay = asked.policy_of(wanted.id).stay.at(asked.places[wanted.destination].kind)
    for kind, sign in ((Kind.SHORTER_STAY, -1), (Kind.LONGER_STAY, 1)):
        if kind is Kind.LONGER_STAY and wanted.way_back is WayBack.AT_TIME:
            continue
        yield [
            Change(kind, wanted.id, each.step, at=stay + sign * each.step)
            for each in steps(kind, wanted.id)
            if stay + sign * each.step >= SHORTEST_STAY
        ]


def _returns(wanted: Request) -> Iterator[Ladder]:
    if wanted.return_at is None:
        return
    for kind, sign in ((Kind.EARLIER_RETURN, -1), (Kind.LATER_RETURN, 1)):
        yield [
            Change(kind, wanted.id, each.step, at=wanted.return_at + sign * each.step)
            for each in steps(kind, wanted.id)
            if wanted.return_at + sign * each.step >= 0
        ]


def _pharmacies(wanted: Request, asked: Asked) -> Ladder:
    """The pharmacies that nobody asked for, by the detour that each would be."""
    here, home = wanted.destination, wanted.origin
    others = sorted(
        (asked.drive(here, place.id) + asked.drive(place.id, home), place.id)
        for place in asked.places.values()
        if place.kind is PlaceKind.PHARMACY and place.id not in wanted.pharmacies
    )
    return [
        Change(Kind.OTHER_PHARMACY, wanted.id, place=place) for _, place in others[:MOST_PHARMACIES]
    ]
