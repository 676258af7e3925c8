"""Why somebody is not in a plan, and what would help."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api.errors import RunningDayError
from api.operations import planning
from api.operations.days import PlannedDay, keepable, plan_input
from api.operations.office import Office
from data.cells import read_time
from data.errors import NotKeptError
from data.promises import named_places
from data.region import Region
from scheduler.clock import Clock
from scheduler.model import Place, PlaceId, PlaceKind, RequestId

if TYPE_CHECKING:
    from scheduler.optimizer.solution import Watch
    from scheduler.remedies import Explanation, Slot

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class FreeSlot:
    """A free appointment that somebody was told of; *place* by name, "" for the destination."""

    at: Clock
    place: str = ""


def read_slot(text: str) -> FreeSlot:
    """
    Read "10:20" or "10:20 MVZ Kalletal".

    Raises
    ------
    ValueError
        In German, if it does not begin with a time.
    """
    time, _, place = text.strip().partition(" ")
    return FreeSlot(read_time(time), place.strip())


def planned_day(
    office: Office,
    region: Region,
    day: date,
    *,
    file: Path | None = None,
    seconds: float | None = None,
    watch: "Watch | None" = None,
) -> PlannedDay:
    """
    Give the day to ask about: the newest plan that is kept, or one made of the requests in *file*.

    Raises
    ------
    NotKeptError
        If the day has not been planned yet.
    """
    if file is None:
        return planning.read_plan(office, region, day)
    day_input, rejected, _ = planning.read_file(office, region, day, file)
    return plan_input(office, region, day_input, rejected=rejected, seconds=seconds, watch=watch)


@dataclass(frozen=True)
class Explained:
    """The answer about one request of a planned day."""

    planned: PlannedDay
    answer: "Explanation"


def explain_unserved(
    office: Office,
    planned: PlannedDay,
    request: RequestId,
    *,
    slots: Sequence[FreeSlot] = (),
    prove: bool = False,
    seed: int = 0,
) -> Explained:
    """
    Find out why *planned* leaves *request* out, and the smallest changes that would help.

    With *prove* the exact method decides what the search leaves open; that takes longer.

    Raises
    ------
    NotKeptError
        If *planned* does not leave out such a request, or a slot is at an unknown place.
    RunningDayError
        If something happened on the day since it was planned as a whole.
    """
    # The optimizer takes a second to import, and nothing else here needs it.
    from scheduler.remedies import PROOF, SEARCH, Slot, explain

    _refuse_others(planned, request)
    _refuse_running(planned)
    region, day_input = planned.region, planned.input
    free = [Slot(slot.at, _find_place(region, slot.place)) for slot in slots]
    known = day_input.places(region)
    kept = keepable(planned.promises, day_input, known)
    idle = region.idle_shifts(day_input.date)
    asked = day_input.asked(
        region,
        shifts=region.shifts(day_input.date),
        roads=office.roads(region),
        also=[
            *named_places(kept),
            *_open_pharmacies(known),
            *_places(free),
            *(shift.start_place for shift in idle),
        ],
    )
    asked = replace(asked, promises=tuple(kept), idle=idle)
    begin = office.now()
    answer = explain(
        asked, planned.plan, request, slots=free, effort=PROOF if prove else SEARCH, seed=seed
    )
    log.info(
        "explained %s of %s: %s, %d remedies, %.1f s",
        request,
        planned.plan.date,
        answer.verdict.value,
        len(answer.remedies),
        (office.now() - begin).total_seconds(),
    )
    return Explained(planned, answer)


def _refuse_others(planned: PlannedDay, request: RequestId) -> None:
    """Only somebody whom the plan leaves out has something to ask."""
    if all(each.id != request for each in planned.input.requests):
        msg = f"Einen Fahrtwunsch {request} kennt der Plan vom {planned.plan.date:%d.%m.%Y} nicht."
        raise NotKeptError(msg)
    if all(each.request != request for each in planned.plan.unserved):
        msg = f"Der Fahrtwunsch {request} ist eingeplant."
        raise NotKeptError(msg)


def _refuse_running(planned: PlannedDay) -> None:
    """What was driven already cannot be driven otherwise any more."""
    if planned.amended:
        msg = (
            f"Am {planned.plan.date:%d.%m.%Y} ist seit der Planung etwas geschehen. Was jetzt noch "
            "hineinpasst, zeigen die Vorschläge für diesen Fahrtwunsch."
        )
        raise RunningDayError(msg)


def _find_place(region: Region, name: str) -> PlaceId | None:
    """Look up a place by its id or its name; none is meant without a name."""
    if not name:
        return None
    for place in region.places.values():
        if name in {place.id, place.name}:
            return place.id
    msg = f"Einen Ort „{name}“ gibt es in {region.title} nicht."
    raise NotKeptError(msg)


def _open_pharmacies(known: Mapping[PlaceId, Place]) -> list[PlaceId]:
    """Pharmacies that could be proposed: those that are open at some time of the day."""
    return [
        place.id
        for place in known.values()
        if place.kind is PlaceKind.PHARMACY and place.open_hours != ()
    ]


def _places(slots: "Iterable[Slot]") -> list[PlaceId]:
    return [slot.place for slot in slots if slot.place is not None]
