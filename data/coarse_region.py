"""
A region's coarse network, from two tables that people can read and mend.

    network-nodes.csv   villages, junctions and ends of streets, with a source for each
    network-links.csv   the roads between them: class, metres, source

They are the truth; network.npz is made from them and can be made again.
"""

from pathlib import Path

from data.reading import Findings, Mistake, RegionError, read_rows
from data.region_file import NETWORK_FILE
from routing.coarse import Link, build
from routing.errors import NetworkError
from routing.geo import Point
from routing.network import RoadNetwork
from routing.speeds import ROAD_CLASSES

NODES_FILE = "network-nodes.csv"
LINKS_FILE = "network-links.csv"

NODE_COLUMNS = ("id", "name", "lat", "lon", "kind", "source")
LINK_COLUMNS = ("from", "to", "road", "class", "metres", "source")

LONGEST_LINK_M = 100_000

COARSE_SOURCE = (
    "Grobes Netz, von Hand aus Ortslagen und Hauptstraßen gemacht; Ortsstraßen erfunden. "
    "Keine OpenStreetMap-Daten. Quellen je Zeile: network-nodes.csv, network-links.csv."
)


def coarse_network(folder: Path) -> RoadNetwork:
    """
    Build the network of a region from its two tables, without writing it.

    Raises
    ------
    RegionError
        With every mistake in the tables.
    """
    findings = Findings()
    nodes: dict[str, Point] = {}
    for row in read_rows(folder / NODES_FILE, needed=NODE_COLUMNS, findings=findings):
        if row.needed("id") in nodes:
            row.wrong("id", "kommt zweimal vor.")
        row.needed("source")
        nodes[row.text("id")] = row.point()
    links = []
    for row in read_rows(folder / LINKS_FILE, needed=LINK_COLUMNS, findings=findings):
        for end in ("from", "to"):
            if row.needed(end) not in nodes:
                row.wrong(end, f"muss eine id aus {NODES_FILE} sein.")
        if row.needed("class") not in ROAD_CLASSES:
            row.wrong("class", f"muss eine sein von {', '.join(ROAD_CLASSES)}.")
        row.needed("source")
        metres = round(row.number_in("metres", 1, LONGEST_LINK_M, missing=None))
        links.append(Link(row.text("from"), row.text("to"), row.text("class"), metres=metres))
    findings.raise_if_any()
    try:
        return build(nodes, links, source=COARSE_SOURCE)
    except NetworkError as error:
        raise RegionError([Mistake(LINKS_FILE, "Netz", "", str(error))]) from error


def build_coarse(folder: Path) -> RoadNetwork:
    """Build the network of a region from its two tables, and write network.npz beside them."""
    network = coarse_network(folder)
    network.save(folder / NETWORK_FILE)
    return network
