"""Who drives when, for the volunteers themselves."""

from datetime import timedelta

from api.operations.office import Office
from data.duties import duties
from data.duty_calendar import write_calendar
from data.errors import NotKeptError
from data.region import Region
from scheduler.model import DriverId


def calendar(office: Office, region: Region, driver: DriverId, *, weeks: int) -> bytes:
    """
    Write the shifts of a driver from today on as iCalendar.

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
        duties(region, driver, today, today + timedelta(weeks=weeks)),
        region=region.title,
        zone=office.zone(region),
        phone=region.dispatch_phone,
        now=office.now(),
    )
