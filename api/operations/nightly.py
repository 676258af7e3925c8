"""Plan the next day of many regions, as in the evening: whatever fails in one spoils no other."""

import contextvars
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date, timedelta

from api.errors import BusyError
from api.kinds import USER_ERRORS
from api.operations import planning, solving
from api.operations.days import PlannedDay
from api.operations.office import Office
from data.errors import NotKeptError
from data.region import Region

log = logging.getLogger("fahrten")

DAYS_AHEAD = 14  # among so many the next day with a bus is looked for; a guess
LOOK_SECONDS = 0.5
_FAULT = "Im Programm ist ein Fehler aufgetreten ({}); das Protokoll sagt mehr."


@dataclass(frozen=True)
class Night:
    """
    What became of one region: its plan, or the *fault* that kept it from one.

    *fresh* says whether it was planned now; otherwise nothing had changed since.
    """

    region: str
    day: date | None = None
    planned: PlannedDay | None = None
    fresh: bool = True
    fault: str = ""


def plan_regions(
    office: Office,
    regions: Iterable[str],
    *,
    day: date | None = None,
    seconds: float | None = None,
    again: bool = False,
    tell: Callable[[Night], None],
) -> list[Night]:
    """
    Plan a day of each of the *regions*, as many at once as there are workers.

    Parameters
    ----------
    day
        Without it the next day on which a bus drives, from tomorrow on.
    again
        Also where nothing has changed since the newest plan.
    tell
        Hears of each region when it is done.
    """
    nights = []
    with ThreadPoolExecutor(office.crew.size + 1, thread_name_prefix="night") as threads:
        tasks = [
            threads.submit(
                contextvars.copy_context().run,
                _plan_region,
                office,
                name,
                day,
                seconds=seconds,
                again=again,
            )
            for name in dict.fromkeys(regions)
        ]
        for task in as_completed(tasks):
            nights.append(task.result())
            tell(nights[-1])
    return sorted(nights, key=lambda night: night.region)


def _plan_region(
    office: Office, name: str, day: date | None, *, seconds: float | None, again: bool
) -> Night:
    try:
        region = office.region(name)
        day = day or next_day(office, region)
        if not again and planning.is_planned(office, region, day):
            return Night(name, day, planning.read_plan(office, region, day), fresh=False)
        return Night(name, day, _plan(office, region, day, seconds=seconds))
    except USER_ERRORS as error:
        return Night(name, day, fault=str(error))
    except Exception as error:
        log.error("%s could not be planned", name, exc_info=error)
        return Night(name, day, fault=_FAULT.format(type(error).__name__))


def _plan(office: Office, region: Region, day: date, *, seconds: float | None) -> PlannedDay:
    """Plan a day, or wait for whoever is planning it already."""
    try:
        return solving.plan_kept(office, region, day, seconds=seconds)
    except BusyError:
        newest = solving.of_day(office, region, day)[:1]
        if not newest or not newest[0].open:
            raise
    solve = newest[0]
    while solve.open:
        time.sleep(LOOK_SECONDS)
        solve = solving.read(office, region, solve.id)
    if solve.error is not None:
        raise BusyError(solve.error)
    return planning.read_plan(office, region, day, solve.version)


def next_day(office: Office, region: Region) -> date:
    """
    Find the next day on which a bus drives, from tomorrow on.

    Raises
    ------
    NotKeptError
        If there is none in the next weeks.
    """
    today = office.today(region)
    for ahead in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        if region.closed(day) is None and region.shifts(day):
            return day
    msg = f"In {region.title} fährt in den nächsten {DAYS_AHEAD} Tagen kein Bus."
    raise NotKeptError(msg)
