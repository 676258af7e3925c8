"""The vehicles of a region, from its `fleet.toml`, and what was decided about them since."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.reading import Findings, read_toml
from scheduler.model import Load, PlaceId, Vehicle, VehicleId

FLEET_FILE = "fleet.toml"

MOST_SEATS = 8  # a driver with a licence of class B carries eight passengers (FeV § 6)


@dataclass(frozen=True)
class VehicleChange:
    """
    What was decided about a vehicle on top of the region's files.

    From *since* until *until*, both included, its seats can be arranged in each way of
    *configurations*; with none it is not there. *until* is ``None`` for good. *version* counts the
    decisions; 0: there is none, and the files hold.
    """

    vehicle: VehicleId
    configurations: tuple[Load, ...]
    remark: str = ""
    since: date = date.min
    until: date | None = None
    version: int = 0

    def holds(self, day: date) -> bool:
        """Whether it is about *day*."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class KnownVehicle:
    """
    A bus by its name, and where it stands at night.

    *filed* is how the files have it; *changes* lie on top of that, the newest last.
    """

    filed: Vehicle
    name: str
    depot: PlaceId
    remark: str = ""
    changes: tuple[VehicleChange, ...] = ()

    def change_on(self, day: date) -> VehicleChange:
        """What was decided for *day* last; as the files have it if nothing was."""
        as_filed = VehicleChange(self.filed.id, self.filed.configurations, self.remark)
        return next((each for each in reversed(self.changes) if each.holds(day)), as_filed)

    def on(self, day: date) -> Vehicle | None:
        """Describe the bus on *day* as the scheduler sees it; ``None`` if it is not there."""
        seats = self.change_on(day).configurations
        return Vehicle(self.filed.id, seats) if seats else None

    def absence(self, day: date) -> str:
        """Say in German that it is not there on *day*, and why; "" if it is."""
        decided = self.change_on(day)
        if decided.configurations:
            return ""
        return f"{self.name} ist nicht da{f': {decided.remark}' if decided.remark else ''}."

    def usual(self) -> "KnownVehicle":
        """The same without what was decided for some days only."""
        return replace(self, changes=tuple(each for each in self.changes if each.until is None))


def read_fleet(
    folder: Path, places: Mapping[PlaceId, object], findings: Findings
) -> dict[VehicleId, KnownVehicle]:
    """Read the vehicles of a region; every mistake is noted in *findings*."""
    file = read_toml(folder / FLEET_FILE, findings)
    file.only("vehicle")
    fleet: dict[VehicleId, KnownVehicle] = {}
    for entry in file.tables("vehicle"):
        entry.only("id", "name", "depot", "remark", "configuration")
        vehicle, depot = entry.text("id"), entry.text("depot")
        if vehicle in fleet:
            entry.wrong("id", "kommt zweimal vor.")
        if depot not in places:
            entry.wrong("depot", "muss das Kürzel (id) eines Ortes in places.csv sein.")
        configurations = []
        for seats in entry.tables("configuration"):
            seats.only("seats", "wheelchairs")
            load = Load(
                seats=seats.whole("seats", 0, MOST_SEATS),
                wheelchairs=seats.whole("wheelchairs", 0, MOST_SEATS, missing=0),
            )
            if not 1 <= load.seats + load.wheelchairs <= MOST_SEATS:
                seats.wrong("seats", f"1 bis {MOST_SEATS} Fahrgäste mit Klasse B (FeV § 6).")
            configurations.append(load)
        if not configurations:
            entry.wrong("configuration", "mindestens eine Sitzordnung [[vehicle.configuration]].")
            configurations = [Load(seats=1)]
        fleet[vehicle] = KnownVehicle(
            filed=Vehicle(vehicle, tuple(configurations)),
            name=entry.text("name"),
            depot=depot,
            remark=entry.text("remark", ""),
        )
    if not fleet:
        file.wrong("vehicle", "mindestens ein Fahrzeug [[vehicle]] muss dastehen.")
    return fleet
