"""Which kept plans no longer fit what the region is now: its files, and who drives."""

from dataclasses import dataclass
from datetime import date

from api.errors import OutdatedPlanError
from api.operations.office import Office
from api.operations.planning import read_plan
from api.web.violations import violation_text
from data import plans
from data.region import Region
from scheduler.check import check


@dataclass(frozen=True)
class Misfit:
    """A day whose newest plan, of this *version*, no longer fits; *reasons* are German."""

    date: date
    version: int
    published: bool
    reasons: tuple[str, ...]


def misfitting(office: Office, region: Region) -> list[Misfit]:
    """Look at the newest plan of every day from today on, the next day first."""
    today = office.today(region)
    with office.store.reading() as session:
        days = [day for day in plans.planned_days(session, region.name) if day >= today]
        newest = [plans.latest(session, region.name, day) for day in sorted(days)]
    found = []
    for stored in newest:
        reasons = _reasons(office, region, stored.date)
        if reasons:
            published = stored.published is not None
            found.append(Misfit(stored.date, stored.version, published, reasons))
    return found


def _reasons(office: Office, region: Region, day: date) -> tuple[str, ...]:
    try:
        planned = read_plan(office, region, day)
    except OutdatedPlanError as error:
        return (str(error),)
    names = {pattern.id: pattern.name for pattern in region.roster.patterns}
    labels = {route.shift: names.get(route.shift, route.shift) for route in planned.plan.routes}
    texts = (violation_text(each, labels) for each in check(planned.plan, planned.day))
    return tuple(dict.fromkeys(texts))
