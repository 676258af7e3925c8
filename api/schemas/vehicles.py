"""The buses of a region: their seats, and when they are away."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.operations.vehicles import LONGEST_REMARK, MOST_SEATINGS, version_of
from api.schemas.common import Problem, Schema
from data.fleet import MOST_SEATS, KnownVehicle, VehicleChange
from scheduler.model import Load

Places = Annotated[int, Field(ge=0, le=MOST_SEATS)]


class SeatingView(Schema):
    """One way to arrange the seats; the driver's own is not counted."""

    seats: Places
    wheelchairs: Places = 0


class VehicleBody(Schema):
    """How a bus is from a date on, for good or until another."""

    configurations: Annotated[
        list[SeatingView],
        Field(
            max_length=MOST_SEATINGS,
            description="Each way to arrange the seats; none: the bus is not there.",
            examples=[[{"seats": 8}, {"seats": 6, "wheelchairs": 1}]],
        ),
    ]
    since: Annotated[date, Field(description="The first day, today or later.")]
    until: Annotated[date | None, Field(description="The last day; null: for good.")] = None
    remark: Annotated[str, Field(max_length=LONGEST_REMARK, examples=["in der Werkstatt"])] = ""
    version: Annotated[int, Field(ge=0, le=2**31 - 1, description="The one that was read.")]


class DecidedView(Schema):
    """What was decided about a bus; of two about the same day, the later holds."""

    configurations: list[SeatingView]
    since: date
    until: date | None
    remark: str
    version: int


class VehicleStandView(Schema):
    """How a bus is by its file, and all that was decided about it since, the newest last."""

    configurations: list[SeatingView]
    remark: str
    decided: list[DecidedView]
    version: int


class VehicleView(VehicleStandView):
    """A bus, where it stands, and how it is."""

    id: str
    name: str
    depot: Annotated[str, Field(description="The id of a place.")]


class VehicleProblem(Problem):
    """Somebody else has changed the bus meanwhile; *stored* is how it is now."""

    stored: VehicleStandView


def vehicle_view(bus: KnownVehicle) -> VehicleView:
    """Show a bus."""
    return VehicleView(id=bus.filed.id, name=bus.name, depot=bus.depot, **_stand(bus))


def vehicle_stand_view(bus: KnownVehicle) -> VehicleStandView:
    """Show how a bus is."""
    return VehicleStandView(**_stand(bus))


def vehicle_change(vehicle: str, body: VehicleBody) -> VehicleChange:
    """Read what is to be decided."""
    return VehicleChange(
        vehicle,
        tuple(Load(each.seats, each.wheelchairs) for each in body.configurations),
        body.remark,
        body.since,
        body.until,
        version=body.version,
    )


def _stand(bus: KnownVehicle) -> dict[str, Any]:
    return {
        "configurations": _seatings(bus.filed.configurations),
        "remark": bus.remark,
        "decided": [
            DecidedView(
                configurations=_seatings(each.configurations),
                since=each.since,
                until=each.until,
                remark=each.remark,
                version=each.version,
            )
            for each in bus.changes
        ],
        "version": version_of(bus),
    }


def _seatings(loads: Iterable[Load]) -> list[SeatingView]:
    return [SeatingView(seats=each.seats, wheelchairs=each.wheelchairs) for each in loads]
