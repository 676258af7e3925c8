"""Who drives which bus when, by name: for the people on the roster, not for the scheduler."""

from collections.abc import Iterator
from datetime import date, timedelta

from data.region import Region
from scheduler.manifest import Duty
from scheduler.model import DriverId, ShiftId, VehicleId


def duties(region: Region, driver: DriverId, first: date, last: date) -> Iterator[Duty]:
    """Give the shifts of a driver from *first* to *last*, in order."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if region.closed(day):
            continue
        for rostered in region.roster.on(day):
            if rostered.driver and rostered.driver.id == driver:
                pattern = rostered.pattern
                yield make_duty(region, day, pattern.id, driver=driver, vehicle=pattern.vehicle)


def make_duty(
    region: Region, day: date, shift: ShiftId, *, driver: DriverId, vehicle: VehicleId
) -> Duty:
    """Name a shift, its driver and its bus."""
    return Duty(
        date=day,
        shift=region.shift_label(shift),
        hours=next(each.hours for each in region.roster.patterns if each.id == shift),
        driver=region.driver_label(driver),
        vehicle=region.vehicle_label(vehicle),
        place=_depot(region, vehicle),
    )


def _depot(region: Region, vehicle: VehicleId) -> str:
    depot = region.places[region.fleet[vehicle].depot]
    return ", ".join(dict.fromkeys((depot.name, depot.address.label)))
