"""The guide for a new municipality says what is true."""

from pathlib import Path

import pytest

from data.places import read_places
from data.reading import Findings
from data.region_file import SHIPPED
from tests.builders_regions import EDITED


def test_the_example_of_the_guide_can_be_read(tmp_path: Path) -> None:
    """What docs/new-municipality.md shows as rows of places.csv is right."""
    guide = (SHIPPED.parents[1] / "docs" / "new-municipality.md").read_text(encoding="utf-8")
    rows = [line.strip() for line in guide.splitlines() if line.startswith(("    id,", "    mvz,"))]
    (tmp_path / "places.csv").write_text("\n".join(rows), encoding="utf-8")
    findings = Findings()

    places = read_places(tmp_path, findings)

    assert findings.mistakes == []
    assert list(places) == ["mvz"]


@pytest.mark.parametrize(
    "words", ["network.npz", *EDITED, "FAHRTEN_REGIONS", "[[exception]]", "[[service.exception]]"]
)
def test_the_guide_names_every_file(words: str) -> None:
    """Whoever starts a municipality finds each file of a region explained."""
    guide = (SHIPPED.parents[1] / "docs" / "new-municipality.md").read_text(encoding="utf-8")

    assert words in guide
