"""Who drives when, for the volunteers themselves."""

from datetime import date, timedelta

from api.operations import planning, substituting
from api.operations.office import Office
from data.duties import duties
from data.duty_calendar import write_calendar
from data.errors import NotKeptError
from data.region import Region
from scheduler.model import DriverId


def calendar(office: Office, region: Region, driver: DriverId, *, weeks: int) -> bytes:
    """
    Write the shifts of a driver from today on as iCalendar.

    That is by the roster, and on days that have begun by who really drives.

    Raises
    ------
    NotKeptError
        If the roster has no such driver.
    """
    if driver not in region.roster.drivers:
        msg = f"Im Dienstplan von {region.title} gibt es niemanden mit dem Kürzel „{driver}“."
        raise NotKeptError(msg)
    today = office.today(region)
    return write_calendar(
        duties(_as_driven(office, region, today), driver, today, today + timedelta(weeks=weeks)),
        region=region.title,
        zone=office.zone(region),
        phone=region.dispatch_phone,
        now=office.now(),
    )


def _as_driven(office: Office, region: Region, today: date) -> Region:
    """Give the region with the rosters of all days from *today* on as they are driven by now."""
    for day in planning.planned_days(office, region):
        if day >= today:
            driven = substituting.read_duties(office, region, day)
            region = substituting.as_it_runs(region, day, driven) if driven else region
    return region
