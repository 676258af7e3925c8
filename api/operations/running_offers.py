"""Who rings on the day itself: offers beside what is driven already, and joining the day."""

import logging
from dataclasses import dataclass, replace

from api.errors import EventRefusedError
from api.operations.amending import catch_up
from api.operations.desks import Asked, read
from api.operations.office import Office
from api.operations.running_day import RunningDay, keep_version, open_running
from data import promises, requests
from data.closed_roads import on_closed_roads
from data.day_document import day_document
from data.day_input import DayInput
from data.plan_document import read_plan_document
from data.plans import Amendment
from data.promises import StoredOffer, StoredPromise
from data.region import Region
from routing.geo import Point
from routing.units import Seconds
from scheduler.day import Day
from scheduler.errors import BrokenPromiseError, EventError
from scheduler.model import PlaceId
from scheduler.offers import MOST_OFFERS, Offer
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan
from scheduler.running import accept_offer, running_never_fits, running_offers
from scheduler.under_way import UnderWay

log = logging.getLogger("fahrten")


@dataclass(frozen=True, eq=False)
class RunningDesk:
    """A day that has begun, and *caller*: the day as it is for the one who rings alone."""

    running: RunningDay
    caller: Day

    @property
    def under_way(self) -> UnderWay:
        """Where the buses are."""
        return self.running.under_way

    @property
    def points(self) -> dict[PlaceId, Point]:
        """Every place that an offer may name."""
        places = {**self.caller.places, **self.under_way.whole.places}
        return {name: place.point for name, place in places.items()}

    @property
    def renewed(self) -> Plan | None:
        """Nothing: the plan of a day that has begun is its newest version."""
        return None

    @property
    def rides(self) -> bool:
        """Whether the caller rides on this day already."""
        asking = {journey.request for journey in self.caller.journeys}
        return any(each.request in asking for each in self.under_way.whole.journeys)

    def for_caller(self, caller: Day) -> "RunningDesk":
        """The same with another view of the day."""
        return replace(self, caller=caller)

    def offers(self, *, width: Seconds, most: int = MOST_OFFERS) -> tuple[Offer, ...]:
        """What can be promised to the caller (`scheduler.running`)."""
        try:
            return running_offers(self.under_way, self.caller, width=width, most=most)
        except EventError as error:
            msg = "Der Plan lässt sich so nicht mehr fahren. Bitte erst melden, was geschehen ist."
            raise EventRefusedError(msg) from error

    def never_fits(self, *, seconds: float) -> bool:
        """Whether it can be proven within *seconds* that nothing can be promised."""
        return running_never_fits(self.under_way, self.caller, effort=Effort(seconds=seconds))


def running_desk(office: Office, region: Region, asked: Asked) -> RunningDesk:
    """Open a day that has begun for one caller; raises as `open_plan` does."""
    day = asked.standing.date
    running = open_running(office, region, day)
    if running.pending:
        catch_up(office, region, day)
        running = open_running(office, region, day)
    whole = running.under_way.whole
    homes = {**running.before.input.homes, **asked.standing.homes, **asked.input.homes}
    together = DayInput(day, asked.input.requests, {}, homes)
    caller = together.prepare(
        region, shifts=whole.shifts, roads=office.roads(region), also=sorted(whole.places)
    )
    known = together.places(region)
    return RunningDesk(running, on_closed_roads(caller, region.network, running.closed, known))


def join(office: Office, region: Region, offer: StoredOffer) -> bool:
    """Promise *offer* and let the caller ride; False if it no longer fits."""
    promise = offer.promise
    asked = read(office, region, promise.request)
    if asked.fault:
        return False
    day = asked.standing.date
    # Before the lock: whatever is pending takes it for itself.
    running_desk(office, region, asked)
    with office.planning(region, day):
        desk = running_desk(office, region, asked)
        try:
            joined = accept_offer(
                desk.under_way, desk.caller, promise, plan=read_plan_document(offer.plan)
            )
        except BrokenPromiseError:
            return False
        now = office.now()
        amendment = Amendment(
            at=desk.under_way.now,
            happened={"kind": "joined", "request": promise.request},
            announced={"late": {}, "given_up": [], "overtime": {}, "sure": True},
            day=day_document(joined.day, closed=desk.running.closed),
        )
        with office.store.writing() as session:
            if not requests.lock(session, region.name, promise.request):
                return False
            promises.read_offer(session, region.name, offer.id)
            promises.record(session, region.name, day, StoredPromise(promise, now, None))
            keep_version(
                office,
                session,
                desk.running.before,
                (joined.day, joined.plan),
                amendment,
                joined=asked.input.requests,
            )
    log.info("request %s joined %s", promise.request, day)
    return True
