"""A change in one row: for a driver who drives by a new Tourenblatt and wants to see what moved."""

from dataclasses import replace
from typing import TypedDict

from api.sheets import change_words as words
from api.sheets.view import visit_view
from scheduler.change_sheet import (
    ChangedEnd,
    ChangedItem,
    ChangedRest,
    ChangedStop,
    ChangedVisit,
    RestAt,
)
from scheduler.clock import hh_mm
from scheduler.manifest import ManifestStop


class RowView(TypedDict):
    """
    One change; *halt* is the number on the older sheet, or a word.

    *what* is all that changes besides the times: who is new or gone, what was promised, the seats.
    """

    halt: str
    place: str
    older: str
    newer: str
    what: list[str]


def row(item: ChangedItem) -> RowView:
    """Say when it was and is, and what else changes."""
    if isinstance(item, ChangedStop):
        return _stop_row(item)
    return _end_row(item) if isinstance(item, ChangedEnd) else _rest_row(item)


def _stop_row(item: ChangedStop) -> RowView:
    stop = item.newer or item.older
    assert stop is not None  # noqa: S101  (one of them is given)
    order = [f"jetzt {words.after(item.after)}"] if item.after is not None else []
    seats = [words.sentence(each) for each in words.seating(item.older, item.newer)]
    older, newer = _times(item.older), _times(item.newer)
    visits = [
        text
        for each in sorted(item.visits, key=words.boards)
        if (text := _visit(each, moved=older != newer))
    ]
    return RowView(
        halt=str(item.older.number) if item.older else words.NEW,
        place=stop.place.name,
        older=older,
        newer=newer or words.GONE,
        what=[*order, *seats, *visits],
    )


def _visit(changed: ChangedVisit, *, moved: bool) -> str:
    """
    Say who joins or leaves a halt, or what reads otherwise of somebody who stays; "" if nothing.

    Where the halt is *moved* nothing is said of the way back: it has a row of its own, and on a day
    that is late every halt would say so.
    """
    visit = changed.newer or changed.older
    assert visit is not None  # noqa: S101  (one of them is given)
    if changed.older is None or changed.newer is None:
        return f"{words.mark(changed.older, changed.newer)}: {words.who(visit)}"
    before, now = (
        visit_view(replace(each, back_at=None) if moved else each)
        for each in (changed.older, changed.newer)
    )
    facts = [words.sentence(each) for each in words.reworded(before, now)]
    return f"{words.who(visit)}: {'; '.join(facts)}" if facts else ""


def _end_row(item: ChangedEnd) -> RowView:
    """Say when the bus leaves the depot or is back."""
    stop = item.newer or item.older
    assert stop is not None  # noqa: S101  (one of them is given)
    older, newer = (
        "" if each is None else hh_mm(each.departure if item.first else each.arrival)
        for each in (item.older, item.newer)
    )
    what = "Abfahrt" if item.first else "Ankunft"
    facts = words.seating(item.older, item.newer)
    if item.older and item.newer and item.older.place != item.newer.place:
        facts = [words.fact("Ort", item.older.place.name, item.newer.place.name), *facts]
    return RowView(
        halt="",
        place=f"{what} {stop.place.name}",
        older=older,
        newer=newer or words.GONE,
        what=[words.sentence(each) for each in facts],
    )


def _rest_row(item: ChangedRest) -> RowView:
    """Say when the break is, and where."""
    older, newer = ("" if each is None else _window(each) for each in (item.older, item.newer))
    before, now = ("" if each is None else words.where(each) for each in (item.older, item.newer))
    moved = words.sentence(words.fact("", before, now)) if before and now and before != now else now
    return RowView(
        halt="",
        place="Pause",
        older=older,
        newer=newer or words.GONE,
        what=[moved] if moved else [],
    )


def _window(rest: RestAt) -> str:
    return f"{hh_mm(rest.window.earliest)}–{hh_mm(rest.window.latest)}"


def _times(stop: ManifestStop | None) -> str:
    return f"{hh_mm(stop.arrival)}–{hh_mm(stop.departure)}" if stop else ""
