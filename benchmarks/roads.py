"""
How long roads take: import, load, snap, matrix.

    .venv/bin/python -m benchmarks.roads

needs the OpenStreetMap files beside the checkout (or FAHRTEN_SHARED=folder), prints a table for
benchmarks/README.md and fails if a driving time differs from networkx by a second. Times are CPU
seconds: the work is single-threaded, and other programs on the machine do not disturb.
"""

import argparse
import csv
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.command import Parser
from benchmarks.maps import MapError, map_file
from routing.errors import ExtractError
from routing.geo import Point
from routing.matrix import Roads
from routing.network import RoadNetwork

MAPS = {
    "north-bayreuth": "north-bayreuth.osm.gz",
    "liechtenstein": "liechtenstein.osm.pbf",
    "heidelberg": "heidelberg.osm.pbf",
}
SIZES = (50, 200, 800)
RUNS = 5

# Loading is measured in a process of its own: how a server or a command starts.
COLD = """
import sys, time
from pathlib import Path
start = time.process_time()
from routing.network import RoadNetwork
from routing.matrix import Roads
imported = time.process_time()
network = RoadNetwork.load(Path(sys.argv[1]))
loaded = time.process_time()
status = Path("/proc/self/status").read_text()  # getrusage would tell the parent's peak
memory = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(imported - start, loaded - imported, memory)
"""


def timed(work: Callable[[], object]) -> float:
    """CPU seconds that something takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def addresses(name: str) -> list[Point]:
    """
    Points of all real addresses of a map.

    Raises
    ------
    MapError
        If their file is not there, or has something else in it.
    """
    path = map_file(f"{name}-addresses.csv")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            points = [Point(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
    except (KeyError, TypeError, ValueError, csv.Error):
        points = []
    if not points:
        msg = f"{path} is no table of addresses with numbers in the columns lat and lon."
        raise MapError(msg)
    return points


def differences(network: RoadNetwork, points: list[Point]) -> int:
    """Pairs whose seconds or metres differ from what networkx finds."""
    from tests.builders_routing import second_opinion

    travel = Roads(network).travel(points)
    wrong = 0
    for a, row in enumerate(second_opinion(network, points)):
        for b, (milliseconds, decimetres) in enumerate(row):
            wrong += bool(travel.seconds[a, b] != -(-milliseconds // 1000))
            wrong += bool(travel.metres[a, b] != (decimetres + 5) // 10)
    return wrong


def measure(name: str, known: list[Point], work: Path) -> tuple[list[str], int]:
    """One row of the table for a map and its addresses, and the number of differences."""
    from routing.osm import read_extract

    start = time.process_time()
    network = read_extract(map_file(MAPS[name])).network
    importing = time.process_time() - start
    path = work / f"{name}.npz"
    network.save(path)
    runs = [
        subprocess.run(
            [sys.executable, "-c", COLD, str(path)], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(RUNS)
    ]
    cold = [median(float(run[column]) for run in runs) for column in range(3)]

    network = RoadNetwork.load(path)
    index = timed(lambda: network.snap(known[0], 100_000))
    away: list[int] = []
    snapping = timed(lambda: away.extend(network.snap(p, 100_000).metres for p in known))
    near = [point for point, metres in zip(known, away, strict=True) if metres <= 300]
    random = np.random.default_rng(0)
    row = [
        f"{name}",
        f"{network.nodes:,} / {network.edges:,}",
        f"{importing:.1f}",
        f"{path.stat().st_size / 1024:.0f}",
        f"{cold[0]:.2f} + {cold[1]:.3f}",
        f"{cold[2]:.0f}",
        f"{index * 1000:.0f} + {snapping / len(known) * 1000:.2f}",
        f"{np.percentile(away, 50):.0f} / {np.percentile(away, 95):.0f}",
    ]
    for size in SIZES:
        points = [near[n] for n in random.integers(len(near), size=size)]
        first, again, one_more = [], [], []
        for _ in range(RUNS):
            roads = Roads(network)
            first.append(timed(partial(roads.travel, points)))
            again.append(timed(partial(roads.travel, points)))
            more = [near[n] for n in random.integers(len(near), size=2)]
            one_more.append(timed(partial(roads.travel, [*points, *more])))
        row.append(f"{median(first):.3f} / {median(again):.4f} / {median(one_more):.4f}")
    wrong = differences(network, [near[n] for n in random.permutation(len(near))[:60]])
    row.append(f"{wrong} of {60 * 60:,}")
    return row, wrong


def main() -> int:
    """Print the table; 1 if a driving time is wrong, 2 if a map is."""
    Parser(
        prog="benchmarks.roads",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    try:
        for file in MAPS.values():
            map_file(file)
        return print_table({name: addresses(name) for name in MAPS})
    except (MapError, ExtractError) as error:
        print(error, file=sys.stderr)
        return 2


def print_table(known: Mapping[str, list[Point]]) -> int:
    """All maps, each with its addresses; 1 if a driving time is wrong."""
    head = [
        "map",
        "nodes / edges",
        "import s",
        "npz kB",
        "cold start s (import + load)",
        "MB",
        "snap ms (index + each)",
        "snap m (p50 / p95)",
        *(f"{size} x {size} s (first / again / 2 new)" for size in SIZES),
        "unlike networkx",
    ]
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    failed = 0
    with TemporaryDirectory() as work:
        for name, points in known.items():
            row, wrong = measure(name, points, Path(work))
            print("| " + " | ".join(row) + " |", flush=True)
            failed += wrong
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
