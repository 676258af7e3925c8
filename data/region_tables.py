"""What is decided on top of a region's files: who drives, when places are open, how buses are."""

import datetime as dt

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.table_base import NEVER_AGAIN as _NEVER_AGAIN
from data.table_base import Table


class KeptShiftChange(Table):
    """
    What was decided about one shift of one date, on top of the region's files.

    *decision* and *driver* are those of `data.roster.ShiftChange`. Each decision counts *version*
    up; a row stays when the files are to hold again, so that a version is never given twice.
    """

    __tablename__ = "shift_changes"
    __table_args__ = (UniqueConstraint("region", "date", "shift"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    date: Mapped[dt.date]
    shift: Mapped[str]
    decision: Mapped[str]
    driver: Mapped[str | None]
    version: Mapped[int]


class KeptPlaceChange(Table):
    """
    What was decided about one place of a region, on top of the region's files.

    The columns are those of `data.places.PlaceChange`; a decision stays when another follows it.
    """

    __tablename__ = "place_changes"
    __table_args__ = (UniqueConstraint("region", "place", "version"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    place: Mapped[str]
    since: Mapped[dt.date]
    opening_hours: Mapped[str]
    phone: Mapped[str]
    version: Mapped[int]


class KeptVehicleChange(Table):
    """
    What was decided about one bus of a region, on top of the region's files.

    The columns are those of `data.fleet.VehicleChange`, a configuration is [seats, wheelchairs];
    a decision stays when another follows it.
    """

    __tablename__ = "vehicle_changes"
    __table_args__ = (UniqueConstraint("region", "vehicle", "version"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    vehicle: Mapped[str]
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]
    configurations: Mapped[list[list[int]]] = mapped_column(JSON())
    remark: Mapped[str]
    version: Mapped[int]
