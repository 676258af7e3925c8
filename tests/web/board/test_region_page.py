"""The region on a page: places, buses, holidays, and plans that no longer fit."""

import shutil
from pathlib import Path

import pytest

from api.operations.office import Office
from tests.builders_regions import KALLETAL
from tests.builders_visits import visit
from tests.web.board.test_day_board import read


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The region in a folder of the user's own, to be changed."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    return Path(shutil.copytree(KALLETAL, tmp_path / "regions" / "kalletal"))


def test_places_buses_and_holidays_are_shown(planned_office: Office) -> None:
    """On Sunday everything is closed; on Monday not."""
    with visit(planned_office) as board:
        page = read(board, "/region")

    assert "MVZ Kalletal" in page
    assert '<b>Mo</b> <span class="time">08:00–12:30</span>' in page
    assert "8 Sitze oder 6 Sitze + 1 Rollstuhlplatz" in page
    assert "Fr 26.03.2027: Karfreitag: kein Bus" in page
    assert "Sa 17.04.2027: Der Bus fährt: Beispiel-Gesundheitswochenende" in page
    assert "Alle Pläne passen" in page


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("places.csv", "mvz,MVZ Kalletal", "mvz-neu,MVZ Kalletal", "gibt es nicht mehr"),
        ("roster.toml", '"vormittag"', '"morgens"', "Öffnungszeiten oder Regeln wurden geändert"),
        ("policy.toml", "walks = { board = 3", "walks = { board = 4", "Haltezeit stimmt nicht"),
    ],
)
def test_a_plan_that_the_files_break_is_named(
    planned_office: Office, copy: Path, file: str, old: str, new: str, said: str
) -> None:
    """A place or shift is renamed, or boarding takes longer: the day is linked, with the reason."""
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), "utf-8")
    again = Office(planned_office.settings, clock=planned_office.now)

    with visit(again) as board:
        page = read(board, "/region")
    again.close()

    assert "Pläne, die nicht mehr passen (1)" in page
    assert 'href="/tage/2027-03-02"' in page
    assert said in page
