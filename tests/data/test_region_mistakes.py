"""Whatever is wrong with the files of a region is told, all of it, with its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.reading import RegionError
from data.region_file import NETWORK_FILE, load_region
from tests.builders_regions import EDITED, KALLETAL, TUESDAY, append

Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(copy: Path) -> Edit:
    """Replace a text that stands in a file of the copy exactly once."""

    def replace(file: str, old: str, new: str) -> None:
        text = (copy / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")

    return replace


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(RegionError) as caught:
        load_region(folder)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_all_mistakes_of_all_files_are_told_at_once(copy: Path, edit: Edit) -> None:
    """Whoever writes a region gets the whole list, not one mistake a time."""
    edit("region.toml", 'land = "NW"', 'land = "XX"')
    edit("places.csv", "mvz,MVZ Kalletal,mvz", "mvz,MVZ Kalletal,hospitl")
    edit("fleet.toml", 'depot = "depot"', 'depot = "garage"')
    edit("roster.toml", 'Mo = ["f01", "f02", "f03"]', 'Mo = ["f01", "f99"]')
    edit("villages.csv", ",3444,", ",viele,")
    edit("policy.toml", 'latest = "18:00"', 'latest = "früh"')
    (copy / NETWORK_FILE).write_bytes(b"no network")

    found = mistakes(copy)

    files = [mistake.split(",")[0] for mistake in found]
    assert files == [
        "region.toml",
        "policy.toml",
        "network.npz",
        "places.csv",
        "villages.csv",
        "fleet.toml",
        "roster.toml",
    ]
    assert "places.csv, Zeile 3, Spalte kind ('hospitl'): muss eines sein von" in found[3]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("region.toml", "Europe/Berlin", "Europe/Hohenhausen", "timezone ('Europe/Hohenhausen')"),
        ("region.toml", 'title = "Kalletal"', 'titel = "Kalletal"', "Gemeint ist vielleicht"),
        ("region.toml", '["Mo", "Tu"', '["Mo", "Di"', "weekdays"),
        ("region.toml", "[service]", "[service", "kein gültiges TOML"),
        ("places.csv", "Mo-Sa 07:00-19:00", "Mo-Sa 7 bis 19", "ist nicht lesbar ab '7 bis 19'"),
        ("places.csv", "52.02678", "53.02678", "m von der nächsten Straße"),
        ("places.csv", "52.02678", "52°", "muss eine Zahl von -90 bis 90 sein"),
        ("places.csv", "dialyse-lemgo,", "mvz,", "kommt zweimal vor"),
        ("places.csv", "Dialysezentrum Beispiel Lemgo", "MVZ Kalletal", "heißt wie 'mvz'"),
        ("places.csv", ",opening_hours,", ",opening,", "unbekannte Spalte"),
        ("places.csv", "id,name,", "id,nam,", "die Spalte 'name' fehlt"),
        ("places.csv", ",24/7,INVENTED\nklinik-r", ",24/7\nklinik-r", "hat 11 Felder statt 12"),
        ("addresses.csv", "Roter Lith,3a,32689,Hohenhausen", ",3a,32689,", "muss dastehen"),
        ("addresses.csv", "street,", "strasse,", "die Spalte 'street' fehlt"),
        ("fleet.toml", "seats = 8", "seats = 9", "muss eine ganze Zahl von 0 bis 8 sein"),
        ("fleet.toml", "seats = 6", "seats = 8", "1 bis 8 Fahrgäste mit Klasse B"),
        ("fleet.toml", "seats = 6", 'seats = "6"', "muss eine ganze Zahl"),
        ("roster.toml", 'from = "13:00"', 'from = "12:15"', "überschneiden sich von 12:15"),
        ("roster.toml", 'from = "13:00"', 'from = "19:00"', "muss nach 'from' liegen"),
        ("roster.toml", 'from = "07:30"', 'from = "7.30 Uhr"', 'Uhrzeit wie "08:30"'),
        (
            "roster.toml",
            'from = "09:00", until = "11:00"',
            'from = "06:15", until = "11:00"',
            "Pau",
        ),
        ("roster.toml", "date = 2027-03-12", 'date = "2027-03-12"', "ohne Anführungszeichen"),
        ("roster.toml", 'shift = "nachmittag"', 'shift = "abend"', "muss die id eines [[shift]]"),
        ("policy.toml", "constant = 15", "konstante = 15", "ride.konstante"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_is_right(
    copy: Path, edit: Edit, file: str, old: str, new: str, message: str
) -> None:
    """File, row or key, the value, and what would be right: all in one line of German."""
    edit(file, old, new)

    found = mistakes(copy)

    assert any(mistake.startswith(f"{file}, ") and message in mistake for mistake in found), found


TOKENS = (
    *('"', "'", ",", ";", "\n", "[", "]", "{", "}", "=", "#", "\x00", "\ufeff", "é", "\r"),
    *("-1", "9" * 5000, "1e400", "nan", "true", "2027-13-01", "2027-03-02T10:00:00", "25:00"),
    *("[[", "[" * 2000, "]]", "[]", "{}", '""', "x" * 200_000),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_a_file_holds_the_answer_is_a_region_or_a_list_of_mistakes(
    copy: Path, data: st.DataObject
) -> None:
    """No typing error ends in a traceback: either it loads, or `RegionError` tells."""
    name = data.draw(st.sampled_from(EDITED), label="file")
    text = (KALLETAL / name).read_text(encoding="utf-8")
    begin = data.draw(st.integers(0, len(text)), label="begin")
    length = data.draw(st.sampled_from((0, 1, 5, 40, len(text))), label="length")
    token = data.draw(st.sampled_from(("", *TOKENS)), label="token")
    changed = text[:begin] + token + text[begin + length :]
    (copy / name).write_text(changed, encoding="utf-8", newline="")

    assert loads_or_tells(copy)
    (copy / name).write_text(text, encoding="utf-8")


def loads_or_tells(folder: Path) -> bool:
    try:
        return load_region(folder).shifts(TUESDAY) is not None
    except RegionError as error:
        return bool(error.mistakes)


def test_a_missing_file_is_told(copy: Path) -> None:
    """The message names the file and the folder."""
    (copy / "places.csv").unlink()

    assert "places.csv, Datei: fehlt im Ordner 'copy'." in mistakes(copy)


def test_a_file_in_another_encoding_is_told(copy: Path) -> None:
    """Notepad of old Windows writes cp1252; the umlauts would be lost."""
    text = (copy / "villages.csv").read_text(encoding="utf-8")
    (copy / "villages.csv").write_bytes(text.encode("cp1252"))

    assert mistakes(copy) == ["villages.csv, Datei: muss als UTF-8 gespeichert sein."]


def test_a_table_from_german_excel_can_be_read(copy: Path) -> None:
    """It has semicolons, a byte order mark and lines of semicolons at its end."""
    text = "village;inhabitants\nTalle;990\n;\n"
    (copy / "villages.csv").write_text(text, encoding="utf-8-sig")

    assert load_region(copy).villages == {"Talle": 990}


def test_one_driver_cannot_be_in_two_buses(copy: Path) -> None:
    """Two shifts at the same time may share no driver, even if only some weeks."""
    append(
        copy / "fleet.toml",
        '[[vehicle]]\nid = "bus-2"\nname = "Bus 2"\ndepot = "depot"\n'
        "[[vehicle.configuration]]\nseats = 8\n",
    )
    append(
        copy / "roster.toml",
        '[[shift]]\nid = "zweiter"\nname = "Zweiter"\nvehicle = "bus-2"\n'
        'from = "08:00"\nuntil = "12:00"\n[shift.drivers]\nTu = ["f04"]\n',
    )

    found = mistakes(copy)

    assert len(found) == 1
    assert "überschneiden sich von 08:00 bis 12:00, und 'f04' steht in beiden" in found[0]


def test_an_exception_cannot_put_two_shifts_on_one_bus(copy: Path) -> None:
    """On Saturday, where no weekly shift is, two exceptions collide on one bus."""
    append(
        copy / "roster.toml",
        '[[shift]]\nid = "markt"\nname = "Markt"\nvehicle = "bus-1"\n'
        'from = "12:00"\nuntil = "13:00"\n'
        '[[exception]]\ndate = 2027-03-06\nshift = "markt"\ndriver = "f01"\n'
        '[[exception]]\ndate = 2027-03-06\nshift = "vormittag"\ndriver = "f01"\n',
    )

    found = mistakes(copy)

    assert len(found) == 2
    assert "auf dem Fahrzeug 'bus-1'" in found[0]
    assert "dieselbe Person" in found[1]


def test_an_unknown_region_is_told_with_the_known_ones() -> None:
    """A typing error in --region ends with the list of names."""
    with pytest.raises(RegionError, match=r"Bekannt sind: .*kalletal"):
        load_region("kaletal")
