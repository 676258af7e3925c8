"""Whether a day has begun: then it is not planned as a whole any more."""

from datetime import date

from api.errors import RunningDayError
from api.operations.office import Office
from data import plans
from data.errors import NotKeptError
from data.plans import StoredPlan
from data.region import Region
from scheduler.clock import hh_mm
from scheduler.model import RequestId


def is_running(office: Office, region: Region, day: date) -> bool:
    """Whether a planned day has begun: something happened, or the first bus has left today."""
    return _why(office, region, day) is not None


def is_riding(
    office: Office, region: Region, request: RequestId, day: date, *, still: bool = False
) -> bool:
    """Whether a request is in the newest plan of a day that has begun; *still*: from now on."""
    if not is_running(office, region, day):
        return False
    with office.store.reading() as session:
        plan = plans.latest(session, region.name, day).plan
    after = office.clock(region, day) if still else -1
    return any(visit.request == request and visit.begin > after for visit in plan.visits)


def refuse_running(office: Office, region: Region, day: date) -> None:
    """
    Leave a day alone that has begun: its past would be planned anew.

    Raises
    ------
    RunningDayError
        If it has.
    """
    why = _why(office, region, day)
    if why is not None:
        msg = (
            f"{why} Ab da wird der Tag nicht mehr als Ganzes geplant: Geändert wird, was nötig "
            "ist, wenn etwas geschieht, und angenommen, was noch dazu passt."
        )
        raise RunningDayError(msg)


def _why(office: Office, region: Region, day: date) -> str | None:
    with office.store.reading() as session:
        try:
            stored = plans.latest(session, region.name, day)
        except NotKeptError:
            return None
        happened = plans.amendments(session, region.name, day) if stored.amendment else []
    if happened:
        at = hh_mm(happened[0][1].at)
        return f"Am {day:%d.%m.%Y} ist seit {at} etwas geschehen, das im Plan steht."
    if office.today(region) == day and _has_left(office, region, stored):
        return f"Am {day:%d.%m.%Y} ist der erste Bus schon unterwegs."
    return None


def _has_left(office: Office, region: Region, stored: StoredPlan) -> bool:
    departures = [route.stops[0].departure for route in stored.plan.routes if route.stops]
    return bool(departures) and office.clock(region, stored.date) >= min(departures)
