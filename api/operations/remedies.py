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
from api.operations.promising import as_ride
from data import promises, requests
from data.cells import read_time
from data.day_input import DayInput
from data.errors import NotKeptError
from data.promises import named_places
from data.region import Region
from scheduler.asked import Asked
from scheduler.clock import Clock
from scheduler.model import Place, PlaceId, PlaceKind, RequestId
from scheduler.plan import Plan, Reason, Unserved
from scheduler.promises import Promise

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
    """The answer about one request of a planned day; its input is what is asked by now."""

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

    What is asked and promised by now counts, not what was when the day was planned: so what is said
    holds when it is done and the day planned anew. With *prove* the exact method decides what the
    search leaves open; that takes longer.

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
    region = planned.region
    day_input, promised = _asked_now(office, planned)
    _refuse_gone(day_input, request)
    free = [Slot(slot.at, _find_place(region, slot.place)) for slot in slots]
    known = day_input.places(region)
    kept = keepable(promised, day_input, known)
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
    plan = _as_of_now(planned, asked, request)
    begin = office.now()
    answer = explain(asked, plan, request, slots=free, effort=PROOF if prove else SEARCH, seed=seed)
    log.info(
        "explained %s of %s: %s, %d remedies, %.1f s",
        request,
        planned.plan.date,
        answer.verdict.value,
        len(answer.remedies),
        (office.now() - begin).total_seconds(),
    )
    return Explained(replace(planned, input=day_input), answer)


def _asked_now(office: Office, planned: PlannedDay) -> tuple[DayInput, tuple[Promise, ...]]:
    """Give what is asked and promised by now; of a plan that is not kept, what it was made from."""
    if planned.version is None:
        return planned.input, planned.promises
    region, day = planned.region, planned.plan.date
    with office.store.reading() as session:
        day_input, _ = requests.day_input(session, region, day)
        standing = promises.read_standing(session, region.name, day, now=office.now())
    return day_input, standing.every


def _as_of_now(planned: PlannedDay, asked: Asked, request: RequestId) -> Plan:
    """
    The plan, with nobody left out to whom a ride was promised since.

    Why *request* is left out is what it says only as long as nothing has become easier.
    """
    plan = planned.plan
    told = {each.request for each in planned.promises}
    since = {each.request for each in asked.promises} - told - {request}
    unserved = [each for each in plan.unserved if each.request not in since]
    if not _only_harder(planned, asked):
        refused = {each.request: each for each in asked.day.refused}
        now = refused.get(request, Unserved(request, Reason.NO_ROOM_FOUND))
        unserved = [now if each.request == request else each for each in unserved]
    return replace(plan, unserved=tuple(unserved))


def _only_harder(planned: PlannedDay, asked: Asked) -> bool:
    """Whether all that was asked and promised when the day was planned still is."""
    now = {each.id: as_ride(each) for each in asked.requests}
    same = all(now.get(each.id) == as_ride(each) for each in planned.input.requests)
    return same and all(each in asked.promises for each in planned.promises)


def _refuse_gone(day_input: DayInput, request: RequestId) -> None:
    """Whoever cancelled, or rides on another day by now, needs no help on this one."""
    if all(each.id != request for each in day_input.requests):
        msg = (
            f"Den Fahrtwunsch {request} gibt es am {day_input.date:%d.%m.%Y} nicht mehr: Er ist "
            "abgesagt oder hat einen anderen Tag."
        )
        raise NotKeptError(msg)


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
