"""The vehicles of a region, from its `fleet.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.reading import Findings, read_toml
from scheduler.model import Load, PlaceId, Vehicle, VehicleId

FLEET_FILE = "fleet.toml"

MOST_SEATS = 8  # a driver with a licence of class B carries eight passengers (FeV § 6)


@dataclass(frozen=True)
class KnownVehicle:
    """A bus by its name, and where it stands at night."""

    vehicle: Vehicle
    name: str
    depot: PlaceId
    remark: str = ""


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
            vehicle=Vehicle(vehicle, tuple(configurations)),
            name=entry.text("name"),
            depot=depot,
            remark=entry.text("remark", ""),
        )
    if not fleet:
        file.wrong("vehicle", "mindestens ein Fahrzeug [[vehicle]] muss dastehen.")
    return fleet
