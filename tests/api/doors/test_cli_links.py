"""`fahrten link`: what stands on the sheets, and making it worthless."""

import re
from pathlib import Path

import pytest

from api.operations.office import Office
from api.operations.requests import take_file
from api.settings import load_settings
from tests.builders_commands import Fahrten, write
from tests.builders_serving import next_service_day

DAY = "2099-03-03"
_SHOWN = re.compile(r"(\w+): PIN (\d{6})\n  (https://fahrten\.example\.org/fahrt/\S+)")


def test_links_are_shown_and_made_anew(
    fahrten: Fahrten, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each shift with its own; what is made anew differs, the rest stays."""
    monkeypatch.setenv("FAHRTEN_URL", "https://fahrten.example.org")
    day = next_service_day().isoformat()
    office = Office(load_settings())
    file = write(tmp_path, {"datum": day}, {"datum": day, "name": "X, Y", "termin": "15:30"})
    take_file(office, office.region(), file.read_bytes(), file.name)
    assert fahrten("plan", day).code == 0

    before = _SHOWN.findall(fahrten("link", "show", day).out)
    shifts = [shift for shift, _, _ in before]
    made = fahrten("link", "renew", day, "--shift", shifts[0])
    after = _SHOWN.findall(fahrten("link", "show", day).out)

    assert (made.code, f"Neu: {shifts[0]}." in made.out) == (0, True)
    assert [shift for shift, _, _ in after] == shifts
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        shift != shifts[0] for shift in shifts
    ]
    unknown = fahrten("link", "renew", day, "--shift", "nacht")
    assert (unknown.code, unknown.err.count("\n")) == (4, 1)


def test_without_an_address_there_are_no_links(fahrten: Fahrten) -> None:
    """In one line, which names the setting."""
    for command in ("show", "renew"):
        refused = fahrten("link", command, DAY)

        assert (refused.code, refused.err.count("\n")) == (4, 1)
        assert "FAHRTEN_URL" in refused.err
