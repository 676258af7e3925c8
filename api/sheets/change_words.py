"""The sentences of an Änderungsblatt: what was there before, and what is there now."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TypedDict

from api.sheets import wording
from api.sheets.view import VisitView, visit_view
from routing.units import MINUTE
from scheduler.change_sheet import After, ChangedVisit, Elsewhere, RestAt
from scheduler.clock import hh_mm
from scheduler.manifest import ManifestStop, ManifestVisit
from scheduler.model import VisitKind
from scheduler.moved_run import MovedRun

NEW, GONE, CHANGED = "neu", "entfällt", "geändert"
_TIME = re.compile(r"([0-9]{2}:[0-9]{2})")


class FactView(TypedDict):
    """
    Something that reads differently: "Ankunft statt 08:10 jetzt 08:25", or "wird statt 10:15
    jetzt 10:20 wieder abgeholt", of which *tail* is the end; "" where there is nothing.
    """

    what: str
    older: str
    newer: str
    tail: str


def fact(what: str, older: str, newer: str) -> FactView:
    """Say that *what* was *older* and is *newer*."""
    return FactView(what=what, older=older, newer=newer, tail="")


def sentence(said: FactView) -> str:
    """Write a fact in one line, as the sheet sets it."""
    what = f"{said['what']} " if said["what"] else ""
    if said["older"] and said["newer"]:
        tail = f" {said['tail']}" if said["tail"] else ""
        return f"{what}statt {said['older']} jetzt {said['newer']}{tail}"
    return what + (said["newer"] or f"{GONE}: {said['older']}")


def times(older: ManifestStop, newer: ManifestStop) -> list[FactView]:
    """When the bus comes and leaves, where that is another minute."""
    return [
        fact(what, hh_mm(before), hh_mm(now))
        for what, before, now in (
            ("Ankunft", older.arrival, newer.arrival),
            ("Abfahrt", older.departure, newer.departure),
        )
        if hh_mm(before) != hh_mm(now)
    ]


def seating(older: ManifestStop | None, newer: ManifestStop | None) -> list[FactView]:
    """The seats are set up here: newly, no longer, or in another way."""
    before, now = (
        wording.seats(stop.seating) if stop and stop.seating else "" for stop in (older, newer)
    )
    # Where the whole halt falls away, so does this.
    return [fact("Umbauen", before, now)] if before != now and newer else []


def after(halt: After | None) -> str:
    """Where a halt has its place now: by the numbers of the older sheet, or after which new one."""
    if halt is None or not (halt.number or halt.new):
        return "als erster Halt"
    new = "" if halt.new is None else hh_mm(halt.new)
    return f"nach dem neuen um {new}" if new else f"nach Halt {halt.number}"


def reworded(older: VisitView, newer: VisitView) -> list[FactView]:
    """What is said of a passenger otherwise than before."""
    before = [*(badge["text"] for badge in older["badges"]), *older["facts"]]
    now = [*(badge["text"] for badge in newer["badges"]), *newer["facts"]]
    gone = [text for text in before if text not in now]
    come = [text for text in now if text not in before]
    if not gone and not come:
        return []
    if len(gone) == len(come):
        pairs = [_another_time(*pair) for pair in zip(gone, come, strict=True)]
        if all(pairs):
            return [pair for pair in pairs if pair]
    return [fact("", ", ".join(gone), ", ".join(come))]


def _another_time(older: str, newer: str) -> FactView | None:
    """Of two sentences that differ in a time only, say just that twice."""
    before, now = _TIME.split(older), _TIME.split(newer)
    if len(before) != 3 or len(now) != 3 or before[::2] != now[::2]:
        return None
    return FactView(what=before[0].strip(), older=before[1], newer=now[1], tail=before[2].strip())


def instead(elsewhere: Elsewhere | None, *, joins: bool) -> str:
    """Where somebody rides now who leaves a halt, or rode who joins it."""
    if elsewhere is None:
        return ""
    text = f"{'bisher' if joins else 'jetzt'} {hh_mm(elsewhere.begin)} Uhr"
    return f"{text} im Dienst {elsewhere.shift}" if elsewhere.shift else text


def where(rest: RestAt) -> str:
    """Where the break is taken."""
    return f"{rest.place.name}, {'vor dem Einsteigen' if rest.first else 'mit leerem Bus'}"


def moved(run: MovedRun | None) -> str:
    """Say how the first halts that move do so together; "" if they do not."""
    if run is None:
        return ""
    minutes = wording.count(round(abs(run.later) / MINUTE), "Minute", "Minuten")
    when = f"etwa {minutes} {'später' if run.later > 0 else 'früher'}"
    if run.to_the_end:
        return f"Alles ab Halt {run.first} {when}."
    return f"Halt {run.first} bis {run.last}: {when}."


def numbered(halts: Sequence[int]) -> str:
    """Name halts by their numbers: 1, 2, 3, 5, 7 -> "Halt 1 bis 3, 5 und 7"."""
    runs: list[str] = []
    for _, members in groupby(enumerate(halts), key=lambda each: each[1] - each[0]):
        run = [number for _, number in members]
        runs += [f"{run[0]} bis {run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    *others, last = runs
    return f"Halt {', '.join(others)} und {last}" if others else f"Halt {last}"


def mark(older: object | None, newer: object | None) -> str:
    """Whether something is new, falls away, or is there on both sheets and changes."""
    if older is None:
        return NEW
    return GONE if newer is None else CHANGED


def who(visit: ManifestVisit) -> str:
    """Say what a passenger does, and who it is."""
    return f"{visit_view(visit)['action']} {visit.name}"


def boards(changed: ChangedVisit) -> bool:
    """Whether a passenger gets on: who alights comes first, as at every halt."""
    visit = changed.newer or changed.older
    return visit is not None and visit.kind is not VisitKind.DROPOFF
