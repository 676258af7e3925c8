"""The preview of a shift as German texts: when, in which village, and how many; nobody by name."""

from collections import Counter
from datetime import timedelta
from typing import TypedDict

from api.sheets import wording
from api.sheets.view import HeadView, ended, head_view, totals
from scheduler.clock import hh_mm
from scheduler.manifest import Manifest, ManifestStop, ManifestVisit
from scheduler.model import Mobility, VisitKind


class RowView(TypedDict):
    """One halt in one row."""

    time: str
    number: str
    place: str
    what: list[str]


class PreviewView(HeadView):
    """A whole preview."""

    heading: str
    totals: list[list[str]]
    facts: list[str]
    rows: list[RowView]
    notice: str


_NOT_YET = "Ohne Namen und Hausnummern. Gefahren wird nach dem Tourenblatt des Tages."
_NOTHING_YET = "Bisher ist in diesem Dienst keine Fahrt geplant."
_DOES = {
    VisitKind.DROPOFF: ("steigt aus", "steigen aus"),
    VisitKind.PICKUP: ("steigt ein", "steigen ein"),
}
_AIDS = {Mobility.WHEELCHAIR: "Rollstuhl", Mobility.WALKER: "Rollator"}


def preview_view(manifest: Manifest) -> PreviewView:
    """Put what is ahead into words."""
    header = manifest.header
    tomorrow = manifest.date - header.printed.date() == timedelta(days=1)
    heading = "Vorschau auf morgen" if tomorrow else "Vorschau"
    head = head_view("Vorschau", header, manifest.date, manifest.hours)
    head["confidential"] = _NOT_YET
    return PreviewView(
        **head,
        heading=heading,
        totals=totals(manifest) if manifest.stops else [],
        facts=_facts(manifest),
        rows=[_row(stop) for stop in manifest.stops],
        notice=ended(manifest) or ("" if manifest.stops else _NOTHING_YET),
    )


def _facts(manifest: Manifest) -> list[str]:
    if not manifest.stops:
        return []
    first, last = manifest.stops[0], manifest.stops[-1]
    facts = [f"Abfahrt {hh_mm(first.departure)} Uhr, zurück {hh_mm(last.arrival)} Uhr"]
    if first.seating:
        facts.append(f"Bus vor der Abfahrt: {wording.seats(first.seating)}")
    facts += [f"Pause {wording.window(stop.rest.window)}" for stop in manifest.stops if stop.rest]
    if manifest.on_call:
        latest = " und ".join(f"{hh_mm(call.latest)} Uhr" for call in manifest.on_call)
        facts.append(f"Rückfahrt auf Anruf, spätestens {latest}")
    return facts


def _row(stop: ManifestStop) -> RowView:
    what = [_count(stop, kind) for kind in _DOES if _visits(stop, kind)]
    what += [f"Bus wartet bis {hh_mm(visit.end)} Uhr" for visit in _visits(stop, VisitKind.VIA)]
    if stop.seating and stop.number is not None:
        what.append(f"umbauen: {wording.seats(stop.seating)}")
    return RowView(
        time=hh_mm(stop.departure if stop.number is None and not stop.metres else stop.arrival),
        number="" if stop.number is None else str(stop.number),
        place=stop.place.name,
        what=what,
    )


def _visits(stop: ManifestStop, kind: VisitKind) -> list[ManifestVisit]:
    return [visit for visit in stop.visits if visit.kind is kind]


def _count(stop: ManifestStop, kind: VisitKind) -> str:
    """Say how many heads move, and what they bring: "3 steigen ein (1 Rollstuhl)"."""
    visits = _visits(stop, kind)
    heads = sum(1 + visit.needs.companions for visit in visits)
    aids = Counter(_AIDS[v.needs.mobility] for v in visits if v.needs.mobility in _AIDS)
    brought = ", ".join(f"{number} {aid}" for aid, number in sorted(aids.items()))
    text = f"{heads} {_DOES[kind][heads > 1]}"
    return f"{text} ({brought})" if brought else text
