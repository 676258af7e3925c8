"""What a region says to everybody: read, checked, and may be missing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data.reading import RegionError
from data.region_file import load_region
from data.region_info import PublicInfo

Edit = Callable[[str, str], None]


@pytest.fixture
def edit(copy: Path) -> Edit:
    """Replace a text that stands in region.toml of the copy exactly once."""

    def replace(old: str, new: str) -> None:
        text = (copy / "region.toml").read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times there"
        (copy / "region.toml").write_text(text.replace(old, new), encoding="utf-8")

    return replace


def test_kalletal_says_what_a_ride_costs_and_when_the_next_weekend_is(copy: Path) -> None:
    """Invented, and recognisably so."""
    region = load_region(copy)

    assert "Beispielpreis" in region.info.fare
    assert region.info.phone_hours == "Mo-Fr 08:00-12:00,13:00-16:00; PH off"
    (event,) = region.events
    assert (event.first, event.last) == (date(2027, 4, 17), date(2027, 4, 18))
    assert event.place == "dorfhaus-talle"


def test_all_of_it_may_be_missing(copy: Path) -> None:
    """A region from before these keys still works."""
    file = copy / "region.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[info]")], encoding="utf-8")

    region = load_region(copy)

    assert region.info == PublicInfo()
    assert region.events == ()


def test_an_event_of_one_day_needs_no_end(copy: Path, edit: Edit) -> None:
    """A health day."""
    edit("until = 2027-04-18\n", "")

    (event,) = load_region(copy).events

    assert event.first == event.last == date(2027, 4, 17)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('place = "dorfhaus-talle"', 'place = "halle"', "muss eine id aus places.csv sein"),
        ("until = 2027-04-18", "until = 2027-04-16", "muss auf 'from' folgen"),
        ("until = 2027-04-18", "until = 2028-04-18", "höchstens 31 Tage"),
        ("from = 2027-04-17", 'from = "Samstag"', "muss ein Datum wie 2027-03-02 sein"),
        ('name = "Beispiel-Gesundheitswochenende"', "name = 7", "muss ein Text"),
        ("13:00-16:00; PH off", "13 bis 16", "ist nicht lesbar ab"),
        ('fare = "Beispielpreis', 'far = "Beispielpreis', "Gemeint ist vielleicht 'fare'"),
        ("[info]", '[info]\nwebsite = "http://x.example"', "muss mit https:// beginnen"),
        ("[[event]]", "[[event]]\nwer = 1", "unbekannter Schlüssel"),
    ],
)
def test_a_mistake_is_told_with_what_is_right(
    copy: Path, edit: Edit, old: str, new: str, message: str
) -> None:
    """As for every other key of a region."""
    edit(old, new)

    with pytest.raises(RegionError) as caught:
        load_region(copy)

    assert any(
        each.file == "region.toml" and message in str(each) for each in caught.value.mistakes
    )
