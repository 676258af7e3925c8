"""
What would become of a running day is looked at first, and what is kept then is just that.

A search of some seconds may end differently the second time, and people have been rung meanwhile.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from api.errors import BusyError
from api.observing import metrics
from api.operations.amending import Amended, keep_event, let_it_happen, replan_rest
from api.operations.announcing import Announcement
from api.operations.changes import Changes, read_changes
from api.operations.days import PlannedDay, input_key
from api.operations.happenings import Happening, happening_document
from api.operations.office import Office
from api.operations.running_day import RunningDay, open_running
from data import promises, requests
from data.outcomes import Outcome
from data.plan_document import Document
from data.region import Region
from routing.units import MINUTE, Seconds
from scheduler.changes import PlanDifference
from scheduler.clock import Clock
from scheduler.day import Day
from scheduler.differences import compare
from scheduler.manifest import Contact, PlaceLabel
from scheduler.model import PlaceId, RequestId
from scheduler.plan import Plan

if TYPE_CHECKING:
    from scheduler.replan import Replanned

# So long people may be rung before it is kept. A guess.
GOOD_FOR: Seconds = 15 * MINUTE


@dataclass(frozen=True, eq=False)
class Foreseen:
    """What would become of a *running* day with an *event*; *made_of* is what it hangs on."""

    id: str
    event: Happening
    running: RunningDay
    replanned: "Replanned"
    made_of: str

    @property
    def before(self) -> PlannedDay:
        """The newest version."""
        return self.running.before

    @property
    def region(self) -> Region:
        """Where."""
        return self.before.region

    @property
    def at(self) -> Clock:
        """When it is taken to have happened."""
        return self.running.under_way.now

    @property
    def happened(self) -> Document:
        """The event as it would be kept."""
        return happening_document(self.event)

    @property
    def day(self) -> Day:
        """The day of the next version."""
        return self.replanned.day

    @property
    def plan(self) -> Plan:
        """The next version."""
        return self.replanned.plan

    @cached_property
    def announced(self) -> Announcement:
        """Whom to ring."""
        return Announcement.of(self.replanned, self.running.under_way.whole, self.before.day)

    @cached_property
    def difference(self) -> PlanDifference:
        """What is different from the newest version."""
        return compare(self.before.plan, self.plan)

    @property
    def contacts(self) -> Mapping[RequestId, Contact]:
        """Everybody who rides."""
        return self.before.input.contacts

    @property
    def labels(self) -> Mapping[PlaceId, PlaceLabel]:
        """How every place is called."""
        return self.before.input.labels(self.before.region)


def foresee(office: Office, region: Region, day: date, event: Happening) -> Foreseen:
    """
    Look what would become of a day; nothing is kept but in memory.

    Raises as `amending.amend`, but never `BusyError`.
    """
    running = let_it_happen(office, region, day, event)
    replanned = replan_rest(office, running)
    made_of = _made_of(office, region, running)
    foreseen = Foreseen(secrets.token_hex(8), event, running, replanned, made_of)
    office.foreseen.keep((region.name, day, foreseen.id), foreseen)
    return foreseen


def find(office: Office, region: Region, day: date, seen: str) -> Foreseen | None:
    """Give what was looked at, by its id; ``None`` if it is forgotten."""
    return office.foreseen.find((region.name, day, seen))


@metrics.EVENT_SECONDS.time()
def keep(
    office: Office, region: Region, day: date, seen: str, *, outcome: Outcome | None = None
) -> tuple[Amended, Changes]:
    """
    Keep what was looked at, by its id: that very plan, as of the moment it was made for.

    Raises
    ------
    BusyError
        If somebody else is changing the day, or it is not as it was looked at any more.
    """
    with office.planning(region, day):
        foreseen = find(office, region, day, seen)
        if foreseen is None:
            msg = "Was Sie angesehen haben, liegt nicht mehr vor. So wäre es jetzt:"
            raise BusyError(msg)
        now = open_running(office, region, day)
        if _made_of(office, region, now) != foreseen.made_of:
            msg = f"Am {day:%d.%m.%Y} ist inzwischen etwas geändert worden. So wäre es jetzt:"
            raise BusyError(msg)
        if not _holds_still(foreseen, now.under_way.now):
            msg = "Inzwischen sind die Busse weitergefahren. So wäre es jetzt:"
            raise BusyError(msg)
        amended = keep_event(
            office, foreseen.running, foreseen.event, foreseen.replanned, outcome=outcome
        )
    return amended, read_changes(office, region, day, since=foreseen.before.version)


def _made_of(office: Office, region: Region, running: RunningDay) -> str:
    """Name the version, and what a day that begins with it has to know besides."""
    before = running.before
    if before.amended:
        return f"{before.version}"
    with office.store.reading() as session:
        asked, _ = requests.day_input(session, region, before.plan.date)
        firm = promises.read_standing(session, region.name, before.plan.date, now=office.now()).firm
    return f"{before.version} {input_key(region, asked, firm)}"


def _holds_still(foreseen: Foreseen, now: Clock) -> bool:
    """
    Whether what was made some minutes ago can still be driven.

    That is as long as drivers who do not know of it have done the same until now.
    """
    if now - foreseen.at > GOOD_FOR:
        return False
    known = {route.shift: route for route in foreseen.before.plan.routes}
    for route in foreseen.plan.routes:
        calls = [(visit.trip, visit.kind) for stop in route.stops for visit in stop.visits]
        begun = sum(visit.begin <= now for stop in route.stops for visit in stop.visits)
        order = [
            (visit.trip, visit.kind)
            for stop in known[route.shift].stops
            for visit in stop.visits
            if (visit.trip, visit.kind) in calls
        ]
        if calls[:begun] != order[:begun]:
            return False
    return True
