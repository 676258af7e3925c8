"""
What one driver reads who holds the sheet of an older plan: only what is different there.

The counterpart of `scheduler.manifest`: two manifests of one shift, laid side by side. Two
things are the same if they read the same on both; times are printed in minutes. Numbers of
halts, kilometres and who is aboard follow from the rest and are no changes of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from routing.units import Seconds
from scheduler.changes import At, StopPair
from scheduler.clock import Clock, hh_mm
from scheduler.differences import pair_stops
from scheduler.manifest import Contact, Header, Manifest, ManifestStop, ManifestVisit, PlaceLabel
from scheduler.model import ShiftId, TimeWindow, VisitKind
from scheduler.moved_run import MovedRun, moved_run
from scheduler.plan import Plan


@dataclass(frozen=True)
class Elsewhere:
    """When the other plan makes a visit that leaves or joins a halt; *shift* is "" within it."""

    shift: str
    begin: Clock


@dataclass(frozen=True)
class ChangedVisit:
    """One passenger at a halt: new if there is no *older*, falling away if there is no *newer*."""

    older: ManifestVisit | None
    newer: ManifestVisit | None
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class After:
    """
    Which halt another now follows: its *number* on the older sheet, 0 if there is none before.

    A halt that is *new* there has no number, and is known by when the bus comes.
    """

    number: int
    new: Clock | None = None


@dataclass(frozen=True)
class ChangedStop:
    """
    One halt: new if there is no *older*, falling away if there is no *newer*.

    *visits* are those that change, *kept* the others. *after* is, for a halt that is new or out
    of its order, the halt before it; ``None`` for the others.
    """

    older: ManifestStop | None
    newer: ManifestStop | None
    visits: tuple[ChangedVisit, ...]
    kept: tuple[ManifestVisit, ...]
    reordered: bool = False
    after: After | None = None

    @property
    def moment(self) -> Clock:
        """When it is, or would have been."""
        stop = self.newer or self.older
        assert stop is not None  # noqa: S101  (one of them is given)
        return stop.arrival

    @property
    def over(self) -> Clock:
        """When it is over on both sheets."""
        return max(stop.departure for stop in (self.older, self.newer) if stop)


@dataclass(frozen=True)
class ChangedEnd:
    """The depot at the *first* or last stop; ``None`` where the bus stays."""

    older: ManifestStop | None
    newer: ManifestStop | None
    first: bool

    @property
    def moment(self) -> Clock:
        """When it is, or would have been."""
        stop = self.newer or self.older
        assert stop is not None  # noqa: S101  (one of them is given)
        return stop.departure if self.first else stop.arrival

    @property
    def over(self) -> Clock:
        """When it is over on both sheets."""
        return max(stop.departure for stop in (self.older, self.newer) if stop)


@dataclass(frozen=True)
class RestAt:
    """The break, and where; *first* says that it comes before anybody boards there."""

    window: TimeWindow
    place: PlaceLabel
    first: bool


@dataclass(frozen=True)
class ChangedRest:
    """The driver's break, on either sheet."""

    older: RestAt | None
    newer: RestAt | None

    @property
    def moment(self) -> Clock:
        """When it is, or would have been."""
        rest = self.newer or self.older
        assert rest is not None  # noqa: S101  (one of them is given)
        return rest.window.earliest

    @property
    def over(self) -> Clock:
        """When it is over on both sheets."""
        return max(rest.window.latest for rest in (self.older, self.newer) if rest)


ChangedItem: TypeAlias = ChangedStop | ChangedEnd | ChangedRest


@dataclass(frozen=True)
class ChangeSheet:
    """
    All that changes for the driver who holds the sheet *older*, in the order of time.

    *newer* is ``None`` if the whole shift falls out: then there is nothing more to list. *header*
    is that of the newer version. *unchanged* are the numbers, on the older sheet, of the halts
    ahead that stay as they are; *run* are those that all move by the same. Of a shift that has
    ended, what falls away is not listed, nor when its bus is home. *stranded* are in the bus, as
    the driver said, and get off nowhere by the newer version.
    """

    header: Header
    older: Manifest
    newer: Manifest | None
    items: tuple[ChangedItem, ...]
    unchanged: tuple[int, ...] = ()
    run: MovedRun | None = None
    stranded: tuple[Contact, ...] = ()

    @property
    def halts(self) -> int:
        """How many halts change."""
        return sum(isinstance(item, ChangedStop) for item in self.items)

    @property
    def mostly(self) -> bool:
        """Whether more than half of what is ahead changes."""
        return self.halts > len(self.unchanged)

    @property
    def from_nothing(self) -> bool:
        """Whether the older sheet has no halt: there is nothing to write a change in."""
        return all(stop.number is None for stop in self.older.stops)


def make_change_sheet(
    older: Plan,
    newer: Plan,
    *,
    sheets: tuple[Manifest, Manifest | None],
    header: Header,
    shift_labels: Mapping[ShiftId, str],
    driven: Clock | None = None,
    stranded: Sequence[Contact] = (),
) -> ChangeSheet | None:
    """
    Find what is different on the sheet of one shift; ``None`` if it reads the same.

    Parameters
    ----------
    sheets
        The manifests of the shift in *older* and *newer*; no second one if it falls out.
    header
        What stands on the newer sheet; names the shift, driver and vehicle.
    shift_labels
        How the shifts are called.
    driven
        Until when the day has been driven: what was before is nobody's business any more.
    stranded
        Who is in the bus, as the driver said, and gets off nowhere in *newer*.
    """
    before, after = sheets
    if after is None:
        return ChangeSheet(header, before, None, (), stranded=tuple(stranded))
    pairs = pair_stops(older, newer, before.shift)
    late = 0 if driven is None else _late(pairs, newer, before.shift, driven)
    found = [
        (pair, _stop(pair, follows, before, after, shift_labels))
        for pair, follows in _in_order(pairs)
        if driven is None or _over(pair, late) > driven
    ]
    items: list[ChangedItem] = [*_ends(before, after), *_rests(before, after)]
    if driven is not None:
        items = [item for item in items if item.over > driven]
    items += (stop for _, stop in found if stop is not None)
    if header.ended is not None:
        # All that is ahead falls away; only where somebody still gets off has to be listed.
        items = [item for item in items if isinstance(item, ChangedStop) and item.newer is not None]
    crew = (before.header.driver, before.header.vehicle) != (header.driver, header.vehicle)
    over = header.ended is not None and before.header.ended is None
    if not (items or crew or over):
        return None
    items.sort(key=lambda item: item.moment)
    unchanged = (pair.older.number for pair, stop in found if stop is None and pair.older)
    run = moved_run([pair for pair, _ in found])
    return ChangeSheet(
        header, before, after, tuple(items), tuple(sorted(unchanged)), run, tuple(stranded)
    )


def _over(pair: StopPair, late: Seconds) -> Clock:
    """When it is over on both sheets; a halt that falls away, for a bus that is so *late*."""
    over = max(halt.departure for halt in (pair.older, pair.newer) if halt)
    return over if pair.newer else over + late


def _late(pairs: Sequence[StopPair], newer: Plan, shift: ShiftId, driven: Clock) -> Seconds:
    """How late the bus leaves the last halt that it has reached, and is held up after it."""
    reached = [
        (pair.newer.arrival, pair.newer.departure - pair.older.departure)
        for pair in pairs
        if pair.older and pair.newer and pair.newer.arrival <= driven
    ]
    left = max(max(reached)[1], 0) if reached else 0
    stops = (stop for route in newer.routes if route.shift == shift for stop in route.stops)
    return left + next((stop.held_up for stop in stops if stop.arrival > driven), 0)


def _in_order(pairs: tuple[StopPair, ...]) -> Iterator[tuple[StopPair, After | None]]:
    """Give each halt with the one that it now follows, if it is new or out of its order."""
    follows = After(0)
    for pair in sorted(pairs, key=lambda each: each.newer.number if each.newer else 0):
        yield pair, follows if pair.older is None or pair.reordered else None
        if pair.newer is not None:
            number = pair.older.number if pair.older else follows.number
            follows = After(number, None if pair.older else pair.newer.arrival)


def _stop(
    pair: StopPair,
    follows: After | None,
    before: Manifest,
    after: Manifest,
    shift_labels: Mapping[ShiftId, str],
) -> ChangedStop | None:
    older = _numbered(before, pair.older.number) if pair.older else None
    newer = _numbered(after, pair.newer.number) if pair.newer else None
    changed, kept = [], []
    for visit in pair.visits:
        had = _visit(older, visit.older.place_in_halt) if pair.had(visit) and visit.older else None
        has = _visit(newer, visit.newer.place_in_halt) if pair.has(visit) and visit.newer else None
        if had and has and _reads(had) == _reads(has):
            kept.append(has)
        else:
            other = visit.newer if has is None else visit.older if had is None else None
            elsewhere = _elsewhere(other, pair.shift, shift_labels)
            changed.append(ChangedVisit(had, has, elsewhere))
    found = ChangedStop(older, newer, tuple(changed), tuple(kept), pair.reordered, follows)
    same = older and newer and not changed and not pair.reordered
    return None if same and _times(older) == _times(newer) else found


def _numbered(sheet: Manifest, number: int) -> ManifestStop:
    return next(stop for stop in sheet.stops if stop.number == number)


def _visit(stop: ManifestStop | None, position: int) -> ManifestVisit | None:
    return stop.visits[position] if stop else None


def _elsewhere(
    at: At | None, shift: ShiftId, shift_labels: Mapping[ShiftId, str]
) -> Elsewhere | None:
    if at is None:
        return None
    return Elsewhere("" if at.shift == shift else shift_labels[at.shift], at.begin)


def _reads(visit: ManifestVisit) -> tuple[object, ...]:
    """All that a sheet prints of a visit."""
    boards = visit.kind is VisitKind.PICKUP
    return (
        visit.name,
        visit.needs,
        visit.phone if boards else "",
        visit.note_here,
        (visit.goes_to, visit.trip) if boards else "",
        _minute(visit.appointment),
        _minute(visit.back_at),
        visit.on_call,
        str(visit.promised or ""),
        _minute(visit.begin if boards and visit.on_call else None),
        _minute(visit.end if visit.kind is VisitKind.VIA else None),
    )


def _minute(moment: Clock | None) -> str:
    return "" if moment is None else hh_mm(moment)


def _times(stop: ManifestStop | None) -> tuple[object, ...]:
    return (hh_mm(stop.arrival), hh_mm(stop.departure), stop.seating) if stop else ()


def _ends(before: Manifest, after: Manifest) -> Iterator[ChangedEnd]:
    for at, first in ((0, True), (-1, False)):
        older, newer = _end(before, at), _end(after, at)
        if _end_reads(older, first=first) != _end_reads(newer, first=first):
            yield ChangedEnd(older, newer, first)


def _end(sheet: Manifest, at: int) -> ManifestStop | None:
    return sheet.stops[at] if sheet.stops and sheet.stops[at].number is None else None


def _end_reads(stop: ManifestStop | None, *, first: bool) -> tuple[object, ...]:
    if stop is None:
        return ()
    return hh_mm(stop.departure if first else stop.arrival), stop.place, stop.seating


def _rests(before: Manifest, after: Manifest) -> Iterator[ChangedRest]:
    older, newer = _rest(before), _rest(after)
    if _rest_reads(older) != _rest_reads(newer):
        yield ChangedRest(older, newer)


def _rest(sheet: Manifest) -> RestAt | None:
    for stop in sheet.stops:
        if stop.rest is not None:
            return RestAt(stop.rest.window, stop.place, stop.rest.first)
    return None


def _rest_reads(rest: RestAt | None) -> tuple[object, ...]:
    return () if rest is None else (str(rest.window), rest.place, rest.first)
