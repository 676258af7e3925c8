"""Reads small invented towns in OpenStreetMap's own format."""

from pathlib import Path

import pytest

from routing.osm import Extract, read_extract
from routing.speeds import Calibration
from tests.builders_osm import PLAIN, ROAD, Read, Tags, osm


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(
        ways: dict[int, tuple[list[int], Tags]] | None = None,
        nodes: dict[int, Tags] | None = None,
        more: str = "",
        calibration: Calibration = PLAIN,
    ) -> Extract:
        path = tmp_path / "town.osm"
        path.write_text(osm(ways or {10: ([1, 2, 3], ROAD)}, nodes, more), encoding="utf-8")
        return read_extract(path, calibration=calibration)

    return _read
