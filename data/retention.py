"""
What is forgotten, and when: the people behind rides of long ago, or one person who asks for it.

The request stays as a row that counts (date, destination, how it ended) and has no person, home,
time, or note any more. Plans stay as what was driven and which numbers rode. Figures are the same
before and after.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from data import answers, heard, open_calls, series, ticks
from data.people import home_id, home_number
from data.plans import FORGOTTEN
from data.region_tables import KeptShiftChange
from data.request_ids import request_id
from data.tables import (
    Home,
    Imported,
    KeptPlan,
    KeptRequest,
    KeptSolve,
    Person,
    StandingPlan,
)

_MIDNIGHT = "00:00:00"
_SHEET = re.compile(r"\.?([0-9]{4}-[0-9]{2}-[0-9]{2})-.*")


@dataclass(frozen=True)
class Forgotten:
    """How much of what is gone for good."""

    requests: int = 0
    people: int = 0
    homes: int = 0
    plans: int = 0

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(
            self.requests + other.requests,
            self.people + other.people,
            self.homes + other.homes,
            self.plans + other.plans,
        )

    def __bool__(self) -> bool:
        return self != Forgotten()


def first_day_kept(today: dt.date, weeks: int) -> dt.date:
    """The first date of which people are still known."""
    return today - dt.timedelta(weeks=weeks)


def forget_before(session: Session, region: str, day: dt.date) -> Forgotten:
    """Forget who rode before *day*, and how they lived."""
    old = select(KeptRequest).where(
        KeptRequest.region == region,
        KeptRequest.date < day,
        KeptRequest.person_id.is_not(None),
    )
    requests = session.scalars(old).unique().all()
    _forget_requests(session, requests)
    for table in (StandingPlan, KeptSolve, KeptShiftChange):
        session.execute(delete(table).where(table.region == region, table.date < day))
    plans = _thin_plans(session, region, day)
    series.forget_before(session, region, day)
    open_calls.forget_before(session, region, day)
    unused = _forget_unused(session, region, day)
    return Forgotten(requests=len(requests), plans=plans) + unused


def forget_person(session: Session, region: str, number: int) -> Forgotten:
    """Forget one passenger, and everything about them; their rides go on being counted."""
    of_person = select(KeptRequest).filter_by(region=region, person_id=number)
    requests = session.scalars(of_person).unique().all()
    homes = _homes_of(session, region, requests)
    homes |= _numbers(series.forget_of(session, region, number))
    _forget_requests(session, requests)
    session.execute(delete(Person).filter_by(region=region, id=number))
    answers.forget_about(session, {f"p{number}"})
    gone = _delete_homes(session, region, homes - _homes_asked_for(session, region))
    return Forgotten(requests=len(requests), people=1, homes=gone)


def forget_sheets(folders: Iterable[Path], day: dt.date) -> int:
    """Delete printed sheets of rides before *day*; returns how many."""
    gone = 0
    for folder in folders:
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            match = _SHEET.fullmatch(file.name)
            if match and file.is_file() and match[1] < day.isoformat():
                file.unlink(missing_ok=True)
                gone += 1
                if file.parent != folder and not any(file.parent.iterdir()):
                    file.parent.rmdir()
    return gone


def _forget_requests(session: Session, requests: Sequence[KeptRequest]) -> None:
    for kept in requests:
        kept.person = kept.note = kept.promise = None
        kept.offers.clear()
        for end in ("origin", "destination"):
            if home_number(getattr(kept, end)) is not None:
                setattr(kept, end, "")
        kept.appointment = kept.arrive_earliest = kept.arrive_latest = None
        kept.return_at = kept.stay = None
        kept.created = _day_of(kept.created)
        kept.changed = _day_of(kept.changed)
        kept.cancelled = kept.cancelled and _day_of(kept.cancelled)
    numbers = [kept.id for kept in requests]
    session.flush()
    answers.forget_about(session, {request_id(number) for number in numbers})
    ticks.forget(session, numbers)
    heard.forget(session, numbers)
    for begin in range(0, len(numbers), 500):  # SQLite takes so many values in one statement
        some = numbers[begin : begin + 500]
        session.execute(delete(Imported).where(Imported.request_id.in_(some)))


def _forget_unused(session: Session, region: str, day: dt.date) -> Forgotten:
    """Delete people without rides of whom nothing was told since *day*, and unused homes."""
    riding = set(session.scalars(select(KeptRequest.person_id).filter_by(region=region)))
    first = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    known = select(Person.id).where(
        Person.region == region, or_(Person.changed.is_(None), Person.changed < first)
    )
    people = set(session.scalars(known)) - riding - series.people_of(session, region)
    for number in people:
        session.execute(delete(Person).filter_by(id=number))
    answers.forget_about(session, {f"p{number}" for number in people})
    homes = set(session.scalars(select(Home.id).filter_by(region=region)))
    # Somebody may have moved since a plan was made that can still be read.
    used = _homes_asked_for(session, region) | _homes_planned(session, region)
    return Forgotten(people=len(people), homes=_delete_homes(session, region, homes - used))


def _delete_homes(session: Session, region: str, numbers: set[int]) -> int:
    for number in numbers:
        session.execute(delete(Home).filter_by(region=region, id=number))
    answers.forget_about(session, {home_id(number) for number in numbers})
    return len(numbers)


def _homes_asked_for(session: Session, region: str) -> set[int]:
    asked = select(KeptRequest.origin, KeptRequest.destination).filter_by(region=region)
    rides = {place for ends in session.execute(asked) for place in ends}
    return _numbers(rides | series.places_of(session, region))


def _homes_of(session: Session, region: str, requests: Sequence[KeptRequest]) -> set[int]:
    """Where somebody lives, and where they lived when plans were made for them."""
    names = {request_id(kept.id) for kept in requests}
    now = _numbers(place for kept in requests for place in (kept.origin, kept.destination))
    planned = session.scalars(select(KeptPlan.requests).filter_by(region=region))
    return now | _numbers(
        each[end]
        for made_for in planned
        for each in made_for["requests"]
        if each["id"] in names
        for end in ("origin", "destination")
    )


def _homes_planned(session: Session, region: str) -> set[int]:
    every = select(KeptPlan.requests, KeptPlan.document).filter_by(region=region)
    places = set[str]()
    for made_for, document in session.execute(every):
        places |= {each[end] for each in made_for["requests"] for end in ("origin", "destination")}
        places |= {stop["place"] for route in document["routes"] for stop in route["stops"]}
    return _numbers(places)


def _numbers(places: Iterable[str]) -> set[int]:
    return {number for place in places if (number := home_number(place)) is not None}


def _thin_plans(session: Session, region: str, day: dt.date) -> int:
    """Of each old day keep the newest plan, as far as figures need it; returns how many were."""
    old = select(KeptPlan).where(KeptPlan.region == region, KeptPlan.date < day)
    every = session.scalars(old.order_by(KeptPlan.version)).all()
    newest = {plan.date: plan for plan in every}
    gone = 0
    for plan in every:
        if plan.input_key != FORGOTTEN:
            plan.document = _thinned(plan.document)
            plan.requests = {"requests": [], "promises": []}
            plan.amendment, plan.input_key = None, FORGOTTEN
            plan.publisher = plan.publisher and ""
            gone += 1
    session.flush()  # one that was published goes only after that
    for plan in every:
        if plan is not newest[plan.date]:
            session.delete(plan)
    session.flush()
    return gone


def _thinned(document: dict[str, Any]) -> dict[str, Any]:
    """Which numbers rode in which shift, how far it went, and who was left out: no more."""
    return {
        **document,
        "rejected": [],
        "unserved": [{**each, "detail": {}} for each in document["unserved"]],
        "routes": [
            {
                "shift": route["shift"],
                "vehicle": route["vehicle"],
                "driver": "",
                "metres": route["metres"],
                "rest": None,
                "stops": [_one_stop(route)] if route["stops"] else [],
            }
            for route in document["routes"]
        ],
    }


def _one_stop(route: dict[str, Any]) -> dict[str, Any]:
    visits = [
        {**visit, "begin": _MIDNIGHT, "end": _MIDNIGHT}
        for stop in route["stops"]
        for visit in stop["visits"]
    ]
    return {
        "place": "",
        "arrival": _MIDNIGHT,
        "departure": _MIDNIGHT,
        "metres": 0,
        "visits": visits,
        "aboard": [],
    }


def _day_of(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
