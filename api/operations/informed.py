"""
Who knows what the newest plan of a day does with them, and who has still to be told.

Of what somebody knows, the newest counts: what they were promised on the telephone, or what a
dispatcher told them of a version of the plan, and noted. What publishing a version promises, nobody
has told them by that.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from api.operations.days import PlannedDay
from api.operations.happenings import is_taking_back
from api.operations.in_the_bus import aboard
from api.operations.office import Office
from api.operations.promising import broken_by
from data import heard, plans, promises, requests, versions
from data.errors import NotKeptError
from data.heard import Heard
from data.region import Region
from routing.units import Seconds
from scheduler.changes import PassengerChange
from scheduler.clock import Clock
from scheduler.differences import compare
from scheduler.model import RequestId, TripKind
from scheduler.plan import Plan
from scheduler.promises import Promise

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class Informed:
    """
    Who knows what: those of *heard* were told, and it still holds.

    Those to *ring* know something else. Of *unsaid*, that is promised and holds, nobody has told
    them. Whoever said themselves what changes, is in the bus, or has nothing ahead, is in none.
    """

    heard: Mapping[RequestId, Heard]
    ring: frozenset[RequestId]
    unsaid: tuple[Promise, ...]


def note(office: Office, region: Region, day: date, request: RequestId, version: int) -> None:
    """
    Keep that somebody was told what a version of the plan of a day does with them.

    Raises
    ------
    NotKeptError
        If there is no such version, or no such request on that day.
    """
    with office.store.writing() as session:
        requests.check_day(session, region.name, request, day)
        if not 1 <= version <= plans.newest_version(session, region.name, day):
            msg = f"Der Tagesplan für den {day:%d.%m.%Y} hat keine Version {version}."
            raise NotKeptError(msg)
        heard.keep(session, region.name, Heard(request, day, version, office.now()))
    log.info("%s: %s has heard of version %d", day, request, version)


def take_back(office: Office, region: Region, day: date, request: RequestId) -> None:
    """
    Nobody has told them anything about that day after all.

    Raises
    ------
    NotKeptError
        If there is no such request on that day.
    """
    with office.store.writing() as session:
        requests.check_day(session, region.name, request, day)
        heard.take_back(session, day, request)
    log.info("%s: %s has not heard of it", day, request)


def read(office: Office, region: Region, day: date) -> dict[RequestId, Heard]:
    """Of each who heard of a version of a day: the newest that they heard of."""
    with office.store.reading() as session:
        return heard.read_day(session, region.name, day)


def informed(office: Office, planned: PlannedDay) -> Informed:
    """Tell who knows what the plan of *planned*, the newest of its day, does with them."""
    region, plan = planned.region, planned.plan
    now, leeway = office.clock(region, plan.date), region.policy.stability.leeway
    with office.store.reading() as session:
        standing = promises.read_standing(session, region.name, plan.date, now=office.now())
        every = versions.versions(session, region.name, plan.date)
        calls = heard.read_day(session, region.name, plan.date)
        older = {
            version: plans.read(session, region.name, plan.date, version).plan
            for version in {each.version for each in calls.values()}
        }
        gone, only_there = _said_themselves(session, region, plan.date)
    published = {each.published.at: each.version for each in every if each.published is not None}
    firm = {name: each for name, each in standing.promises.items() if each.until is None}
    names = (firm.keys() | calls.keys()) - gone - aboard(plan, now).keys()
    know, ring, unsaid = dict[RequestId, Heard](), set[RequestId](), list[Promise]()
    differences = {
        version: _changes(before, plan, now, leeway) for version, before in older.items()
    }
    for name in sorted(names):
        stored, call = firm.get(name), calls.get(name)
        promise = _ahead(stored.promise, plan, now, only_there) if stored else None
        if stored and call and stored.given > call.at:
            # What was promised since is newer: on the telephone, or by a later version.
            by_version = published.get(stored.given)
            call = call if by_version is not None and by_version <= call.version else None
        kept = promise is not None and not any(broken_by(plan, [promise]))
        if call is not None:
            was_kept = promise is not None and not any(broken_by(older[call.version], [promise]))
            if name not in differences[call.version] or (kept and was_kept):
                know[name] = call
            else:
                ring.add(name)
        elif promise is not None and not kept:
            ring.add(name)
        elif promise is not None and stored and stored.given in published:
            unsaid.append(promise)
    return Informed(know, frozenset(ring), tuple(unsaid))


def _said_themselves(
    session: Session, region: Region, day: date
) -> tuple[set[RequestId], set[RequestId]]:
    """Who has cancelled, or did not come; and of whose way home something else was reported."""
    happened = plans.amendments(session, region.name, day)
    undone = {each.happened["version"] for _, each in happened if is_taking_back(each.happened)}
    reports = [each.happened for number, each in happened if number not in undone]
    asked = {name for name, _ in requests.versions(session, region.name, day)}
    gone = set(requests.cancelled_among(session, asked))
    gone |= {
        str(each["request"])
        for each in reports
        if each["kind"] in {"cancelled", "no_show"} and not each.get("way_back_only")
    }
    back = {
        str(each["request"])
        for each in reports
        if each["kind"] == "ready" or each.get("way_back_only")
    }
    return gone, back


def _ahead(
    promise: Promise, plan: Plan, now: Clock, only_there: Iterable[RequestId]
) -> Promise | None:
    """What of a promise is still to be driven, apart from ways home that are otherwise by now."""
    ends: dict[str, Clock] = {}
    for visit in plan.visits:
        ends[visit.trip] = max(visit.begin, ends.get(visit.trip, visit.begin))
    trips = tuple(
        trip
        for trip in promise.trips
        if ends.get(trip.id, trip.visits[-1].window.latest) > now
        and (trip.kind is TripKind.OUTBOUND or promise.request not in only_there)
    )
    return replace(promise, trips=trips) if trips else None


def _changes(older: Plan, newer: Plan, now: Clock, leeway: Seconds) -> set[RequestId]:
    """Whom the newer plan drives otherwise than the older, in what is ahead."""
    return {
        each.request for each in compare(older, newer).passengers if _differs(each, now, leeway)
    }


def _differs(change: PassengerChange, now: Clock, leeway: Seconds) -> bool:
    for pair in change.visits:
        either = pair.newer or pair.older
        if either is None or either.begin <= now:
            continue
        if pair.newer is None or pair.older is None:
            return True
        if abs(pair.newer.begin - pair.older.begin) > leeway:
            return True
    return False
