"""What dispatchers decide about the buses, kept: the files of a region stay."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.fleet import VehicleChange
from data.region import Region
from data.region_tables import KeptVehicleChange
from scheduler.model import Load


def read_all(session: Session, region: str) -> list[VehicleChange]:
    """Read every decision that is kept, those about one bus in order."""
    wanted = select(KeptVehicleChange).filter_by(region=region)
    rows = session.scalars(wanted.order_by(KeptVehicleChange.vehicle, KeptVehicleChange.version))
    return [_change(row) for row in rows]


def still(session: Session, region: Region) -> bool:
    """Whether the decisions are still those that *region* was given with."""
    kept = (each for each in read_all(session, region.name) if each.vehicle in region.fleet)
    return list(region.vehicle_changes) == list(kept)


def keep(session: Session, region: str, change: VehicleChange) -> VehicleChange | None:
    """
    Keep a decision; its version is the one that it follows.

    ``None`` if somebody else has decided meanwhile.
    """
    of_bus = select(KeptVehicleChange.version).filter_by(region=region, vehicle=change.vehicle)
    newest = session.scalar(of_bus.order_by(KeptVehicleChange.version.desc()).limit(1))
    if (newest or 0) != change.version:
        return None
    row = KeptVehicleChange(
        region=region,
        vehicle=change.vehicle,
        since=change.since,
        until=change.until,
        configurations=[[load.seats, load.wheelchairs] for load in change.configurations],
        remark=change.remark,
        version=change.version + 1,
    )
    session.add(row)
    session.flush()
    return _change(row)


def _change(row: KeptVehicleChange) -> VehicleChange:
    loads = tuple(Load(seats, wheelchairs) for seats, wheelchairs in row.configurations)
    return VehicleChange(row.vehicle, loads, row.remark, row.since, row.until, row.version)
