"""What must not be loaded while planning and serving."""

import subprocess
import sys
from pathlib import Path

from routing.coarse import Link, build
from routing.geo import Point

PROGRAM = """
import sys
from pathlib import Path
from routing.geo import Point
from routing.geocoding import Address, AddressBook
from routing.matrix import Roads
from routing.network import RoadNetwork

network = RoadNetwork.load(Path(sys.argv[1]))
a, b = Point(52.1, 8.9), Point(52.1, 8.92)
book = AddressBook([Address("Weg 1", "Weg", "1", "", "", a)])
roads = Roads(network)
seconds = roads.travel([book.resolve("Weg 1").point, b]).seconds
assert seconds[0, 1] > 0
assert roads.route(a, b) == [a, b]
slow = {"osmnx", "osmium", "geopandas", "pandas", "networkx", "shapely", "geopy", "requests"}
print(*sorted(slow & set(sys.modules)))
"""


def test_maps_are_never_imported_while_serving(tmp_path: Path) -> None:
    """Osmnx alone takes seconds, and geopy could talk to somebody."""
    path = tmp_path / "network.npz"
    ends = {"a": Point(52.1, 8.9), "b": Point(52.1, 8.92)}
    build(ends, [Link("a", "b", "primary")], source="Beispiel").save(path)

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr, done.stdout) == (0, "", "\n")
