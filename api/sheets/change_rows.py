"""A change in one row: for a driver who drives by a new Tourenblatt and wants to see what moved."""

from typing import TypedDict

from api.sheets import change_words as words
from scheduler.change_sheet import ChangedEnd, ChangedRest, ChangedStop, RestAt
from scheduler.clock import hh_mm
from scheduler.manifest import ManifestStop


class RowView(TypedDict):
    """One change; *halt* is the number on the older sheet, or a word, *what* who is new or gone."""

    halt: str
    place: str
    older: str
    newer: str
    what: list[str]


def stop_row(item: ChangedStop) -> RowView:
    """Say when a halt was and is, and who joins or leaves it."""
    stop = item.newer or item.older
    assert stop is not None  # noqa: S101  (one of them is given)
    order = [f"jetzt {words.after(item.after)}"] if item.after is not None else []
    moves = [
        f"{words.mark(each.older, each.newer)}: {words.who(visit)}"
        for each in sorted(item.visits, key=words.boards)
        if (visit := each.newer or each.older) and not (each.older and each.newer)
    ]
    return RowView(
        halt=str(item.older.number) if item.older else words.NEW,
        place=stop.place.name,
        older=_times(item.older),
        newer=_times(item.newer) or words.GONE,
        what=[*order, *moves],
    )


def end_row(item: ChangedEnd) -> RowView:
    """Say when the bus leaves the depot or is back."""
    stop = item.newer or item.older
    assert stop is not None  # noqa: S101  (one of them is given)
    older, newer = (
        "" if each is None else hh_mm(each.departure if item.first else each.arrival)
        for each in (item.older, item.newer)
    )
    what = "Abfahrt" if item.first else "Ankunft"
    return RowView(
        halt="", place=f"{what} {stop.place.name}", older=older, newer=newer or words.GONE, what=[]
    )


def rest_row(item: ChangedRest) -> RowView:
    """Say when the break is, and where."""
    older, newer = ("" if each is None else _window(each) for each in (item.older, item.newer))
    where = [words.where(item.newer)] if item.newer else []
    return RowView(halt="", place="Pause", older=older, newer=newer or words.GONE, what=where)


def _window(rest: RestAt) -> str:
    return f"{hh_mm(rest.window.earliest)}–{hh_mm(rest.window.latest)}"


def _times(stop: ManifestStop | None) -> str:
    return f"{hh_mm(stop.arrival)}–{hh_mm(stop.departure)}" if stop else ""
