"""
Who knows what the newest plan of a day does with them, and who has still to be told.

Of what somebody knows, the newest counts: what they were promised on the telephone, or what a
dispatcher told them of a version of the plan, and noted. What publishing a version promises, nobody
has told them by that.
"""

import logging
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from api.operations.days import PlannedDay
from api.operations.happenings import is_taking_back
from api.operations.in_the_bus import aboard
from api.operations.office import Office
from api.operations.promising import broken_by
from data import heard, plans, promises, requests, versions
from data.errors import NotKeptError
from data.heard import Heard
from data.plans import Amendment
from data.promises import StoredPromise
from data.region import Region
from routing.units import Seconds
from scheduler.changes import PassengerChange
from scheduler.clock import Clock
from scheduler.differences import compare
from scheduler.model import RequestId, TripId, TripKind
from scheduler.plan import Plan, PlannedVisit
from scheduler.promises import Promise

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class Informed:
    """
    Who knows what: those of *heard* were told, and it still holds.

    Those to *ring* know something else. Of *unsaid*, that is promised and holds, nobody has told
    them. Whoever said themselves what changes is in none, and nobody who is in the bus is rung.
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
    known = _look(office, planned)
    know, ring, unsaid = dict[RequestId, Heard](), set[RequestId](), list[Promise]()
    for name in sorted(known.names):
        promise, call = known.ahead(name), known.call(name)
        if call is not None and known.holds(call, promise):
            know[name] = call
        elif name in known.aboard:
            continue
        elif call is not None or (promise is not None and not known.keeps(promise)):
            ring.add(name)
        elif promise is not None and known.is_unsaid(name):
            unsaid.append(promise)
    return Informed(know, frozenset(ring), tuple(unsaid))


@dataclass(frozen=True, eq=False)
class _Known:
    """
    What is known of a day, *now* on its clock, by the newest *plan*.

    *firm* is what is promised, *calls* what somebody was told, of which *older* versions;
    *published* says which version was published at a moment, *driven* are those since the first
    event of the day. All who still want to ride are in *names*, *aboard* should be in a bus,
    *given_up* are driven no more. For those of *only_there*, the way home is otherwise since a
    version, as they said themselves.
    """

    plan: Plan
    now: Clock
    leeway: Seconds
    names: AbstractSet[RequestId]
    aboard: AbstractSet[RequestId]
    given_up: AbstractSet[RequestId]
    only_there: Mapping[RequestId, int]
    driven: AbstractSet[int]
    firm: Mapping[RequestId, StoredPromise]
    calls: Mapping[RequestId, Heard]
    older: Mapping[int, Plan]
    published: Mapping[datetime, int]

    def ahead(self, name: RequestId) -> Promise | None:
        """What of a promise is still to be driven, apart from a way home that is otherwise."""
        if name not in self.firm:
            return None
        promise = self.firm[name].promise
        trips = tuple(
            trip
            for trip in promise.trips
            if self._ends.get(trip.id, trip.visits[-1].window.latest) > self.now
            and (trip.kind is TripKind.OUTBOUND or name not in self.only_there)
        )
        return replace(promise, trips=trips) if trips else None

    def call(self, name: RequestId) -> Heard | None:
        """What somebody was told last, if nothing was promised, or reported by them, since."""
        call, stored = self.calls.get(name), self.firm.get(name)
        if call is not None and call.version < self.only_there.get(name, 0):
            return None
        if call is None or stored is None or stored.given <= call.at:
            return call
        # By telephone, or by a later version.
        return call if self.published.get(stored.given, call.version + 1) <= call.version else None

    def holds(self, call: Heard, promise: Promise | None) -> bool:
        """
        Whether what somebody was told is done: that very plan, or what was promised.

        On the running day, somebody is told a time to the minute.
        """
        older = self.older[call.version]
        if call.request not in self._otherwise[call.version]:
            return True
        if call.version in self.driven:
            return False
        return promise is not None and self.keeps(promise) and not any(broken_by(older, [promise]))

    def keeps(self, promise: Promise) -> bool:
        """Whether the plan does what was promised."""
        return not any(broken_by(self.plan, [promise]))

    def is_unsaid(self, name: RequestId) -> bool:
        """Whether somebody was promised something by publishing it, and not on the telephone."""
        return self.firm[name].given in self.published

    @cached_property
    def _ends(self) -> Mapping[TripId, Clock]:
        """When each trip is over."""
        return {visit.trip: visit.begin for visit in sorted(self.plan.visits, key=_begin)}

    @cached_property
    def _otherwise(self) -> Mapping[int, AbstractSet[RequestId]]:
        """Whom the plan drives otherwise than each older one, in what is ahead."""
        return {
            version: {
                each.request
                for each in compare(older, self.plan).passengers
                if _differs(each, self.now, self.leeway, lost=each.request in self.given_up)
            }
            for version, older in self.older.items()
        }


def _look(office: Office, planned: PlannedDay) -> _Known:
    region, plan = planned.region, planned.plan
    now = office.clock(region, plan.date)
    with office.store.reading() as session:
        standing = promises.read_standing(session, region.name, plan.date, now=office.now())
        every = versions.versions(session, region.name, plan.date)
        calls = heard.read_day(session, region.name, plan.date)
        older = {
            version: plans.read(session, region.name, plan.date, version).plan
            for version in {each.version for each in calls.values()}
        }
        asked = {name for name, _ in requests.versions(session, region.name, plan.date)}
        cancelled = requests.cancelled_among(session, asked)
        happened = plans.amendments(session, region.name, plan.date)
    gone, only_there = _said_themselves(happened)
    return _Known(
        plan=plan,
        now=now,
        leeway=region.policy.stability.leeway,
        names=asked - cancelled - gone,
        aboard=aboard(plan, now).keys(),
        given_up={each.request for each in planned.day.given_up},
        only_there=only_there,
        driven={number for number, _ in happened},
        firm={name: each for name, each in standing.promises.items() if each.until is None},
        calls=calls,
        older=older,
        published={each.published.at: each.version for each in every if each.published},
    )


def _said_themselves(
    happened: Sequence[tuple[int, Amendment]],
) -> tuple[set[RequestId], dict[RequestId, int]]:
    """Who has cancelled, or did not come; and of whose way home a version says what they said."""
    undone = {each.happened["version"] for _, each in happened if is_taking_back(each.happened)}
    gone, back = set[RequestId](), dict[RequestId, int]()
    for number, each in happened:
        report = each.happened
        if number in undone:
            continue
        if report["kind"] == "ready" or report.get("way_back_only"):
            back[str(report["request"])] = number
        elif report["kind"] in {"cancelled", "no_show"}:
            gone.add(str(report["request"]))
    return gone, back


def _begin(visit: PlannedVisit) -> Clock:
    return visit.begin


def _differs(change: PassengerChange, now: Clock, leeway: Seconds, *, lost: bool) -> bool:
    """Whether something ahead is otherwise; whoever is *lost* waits as long as they wait."""
    for pair in change.visits:
        if pair.newer is None and lost:
            return True
        either = pair.newer or pair.older
        if either is None or either.begin <= now:
            continue
        if pair.newer is None or pair.older is None:
            return True
        if abs(pair.newer.begin - pair.older.begin) > leeway:
            return True
    return False
