"""Maps that are too large: how much is read of them at most."""

import gzip
from pathlib import Path

import pytest

from routing.errors import ExtractError
from routing.osm import bounds, read_extract, reader
from tests.builders_osm import CROSS, osm
from tests.builders_routing import shared_map

HOUSE = {"addr:housenumber": "1", "addr:street": "Beispielweg"}
TOWN = osm(CROSS, {101: HOUSE, 102: HOUSE})


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(TOWN, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("module", "name", "most", "told"),
    [
        (bounds, "LARGEST_MAP", len(TOWN) - 1, "zu groß, erlaubt sind 0 MB"),
        (bounds, "MOST_OBJECTS", 13, "zu groß, erlaubt sind 13 Objekte"),
        (reader, "MOST_ROAD_NODES", 6, "zu groß, erlaubt sind 6 Punkte auf Straßen"),
        (reader, "MOST_THINGS", 1, "zu groß, erlaubt sind 1 Anschriften"),
    ],
)
def test_one_too_many_is_refused(
    town: Path, module: object, name: str, most: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The town has 11 nodes and 3 ways, 7 nodes along the ways, and two houses."""
    monkeypatch.setattr(module, name, most)
    with pytest.raises(ExtractError, match=told):
        read_extract(town)

    monkeypatch.setattr(module, name, most + 1)
    assert read_extract(town).network.edges


def test_a_packed_map_counts_as_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousandth of the size on the disk says nothing."""
    packed = tmp_path / "town.osm.gz"
    packed.write_bytes(gzip.compress(TOWN.encode() + b" " * 100_000))
    monkeypatch.setattr(bounds, "LARGEST_MAP", 100_000)

    with pytest.raises(ExtractError, match="zu groß"):
        read_extract(packed)


@pytest.mark.real_data
def test_the_blocks_of_a_real_map_are_far_within(monkeypatch: pytest.MonkeyPatch) -> None:
    """Liechtenstein has 40,000 inhabitants: 1.8 MB in blocks of at most 0.4 MB."""
    path = shared_map("liechtenstein.osm.pbf")
    monkeypatch.setattr(bounds, "LARGEST_BLOCK", 400_000)
    monkeypatch.setattr(bounds, "LARGEST_PBF", 1_800_000)
    bounds.refuse_too_large(path)
    monkeypatch.setattr(bounds, "LARGEST_PBF", 1_700_000)

    with pytest.raises(ExtractError, match="zu groß"):
        bounds.refuse_too_large(path)
