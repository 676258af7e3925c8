"""A bus in words: its seats today, and what comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from api.sheets.wording import seats
from data.fleet import KnownVehicle, VehicleChange
from data.region import Region

AWAY = "nicht da"


@dataclass(frozen=True)
class BusView:
    """
    A bus: *now* are its seats today, *coming* when it will be otherwise, and how.

    *decided* says that today it is not as the files have it.
    """

    id: str
    name: str
    depot: str
    now: str
    remark: str
    coming: tuple[tuple[str, str], ...]
    decided: bool


def bus_view(region: Region, bus: KnownVehicle, today: date) -> BusView:
    """Describe a bus as it is *today*."""
    now = bus.change_on(today)
    return BusView(
        bus.filed.id,
        bus.name,
        region.places[bus.depot].name,
        _words(now),
        now.remark,
        tuple(_coming(bus, today)),
        decided=now.version > 0,
    )


def _words(change: VehicleChange) -> str:
    return " oder ".join(seats(each) for each in change.configurations) or AWAY


def _coming(bus: KnownVehicle, today: date) -> Iterator[tuple[str, str]]:
    """Give the spans after *today* in which the bus is otherwise than in the one before."""
    ends = (each.until + timedelta(days=1) for each in bus.changes if each.until is not None)
    turns = sorted({day for day in (*(each.since for each in bus.changes), *ends) if day > today})
    before = bus.change_on(today)
    spans: list[tuple[date, VehicleChange]] = []
    for turn in turns:
        holds = bus.change_on(turn)
        if (holds.configurations, holds.remark) != (before.configurations, before.remark):
            spans.append((turn, holds))
        before = holds
    for number, (first, holds) in enumerate(spans, 1):
        when = f"ab {first:%d.%m.%Y}"
        if number < len(spans):
            when = f"{first:%d.%m.%Y} bis {spans[number][0] - timedelta(days=1):%d.%m.%Y}"
        yield when, _words(holds) + (f": {holds.remark}" if holds.remark else "")
