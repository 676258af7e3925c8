"""A map file, as a region needs it."""

import logging
from dataclasses import dataclass
from pathlib import Path

from routing.geocoding.address import Address
from routing.network import RoadNetwork
from routing.osm.addresses import Villages, read_addresses
from routing.osm.graph import build_graph, build_network
from routing.osm.health import HealthPlace, health_kind, health_place, without_doubles
from routing.osm.reader import MapData, read_map
from routing.speeds import Calibration, SpeedTable

_log = logging.getLogger(__name__)

LICENCE = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True)
class Extract:
    """
    What was found in a map file.

    Parameters
    ----------
    network
        Its `dropped` roads are those that lead nowhere.
    addresses
        Houses, streets without known houses, and villages.
    health_places
        Practices, pharmacies, hospitals, therapists and care homes.
    turn_restrictions
        How many the file has. They are not kept: a way may turn where a sign forbids it.
    """

    network: RoadNetwork
    addresses: tuple[Address, ...]
    health_places: tuple[HealthPlace, ...]
    turn_restrictions: int


def read_extract(
    path: Path,
    *,
    speeds: SpeedTable | None = None,
    calibration: Calibration | None = None,
    source: str | None = None,
) -> Extract:
    """
    Read roads, addresses and health places from an .osm, .osm.gz, .osm.bz2 or .pbf file.

    Parameters
    ----------
    source
        What a user reads about the origin; by default the licence and the name of the file.

    Raises
    ------
    ExtractError
        If the file cannot be read or has no roads.
    """
    speeds, calibration = speeds or SpeedTable(), calibration or Calibration()
    data = read_map(path, speeds)
    network = build_network(
        data,
        build_graph(data, calibration),
        speeds=speeds,
        calibration=calibration,
        source=source or f"{LICENCE} ({path.name})",
    )
    return make_extract(data, network)


def make_extract(data: MapData, network: RoadNetwork) -> Extract:
    """Join a network with the addresses and health places of the same map."""
    villages = Villages(data.villages)
    extract = Extract(
        network=network,
        addresses=tuple(read_addresses(data, villages)),
        health_places=tuple(_health_places(data, villages)),
        turn_restrictions=data.turn_restrictions,
    )
    _log.info(
        "extract: %d addresses, %d health places, %d turn restrictions not kept",
        len(extract.addresses),
        len(extract.health_places),
        extract.turn_restrictions,
    )
    return extract


def _health_places(data: MapData, villages: Villages) -> list[HealthPlace]:
    places = []
    for thing in data.things:
        kind = health_kind(thing.tags)
        if kind:
            village = villages.name(thing.tags, thing.point)
            places.append(
                health_place(
                    thing.tags, osm_id=thing.osm_id, kind=kind, point=thing.point, village=village
                )
            )
    return without_doubles(places)
