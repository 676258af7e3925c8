"""
Good files with some bytes or values spoilt: each is read, or refused in clear German.

`FAHRTEN_FUZZ=5000 pytest tests/hostile` tries so many of each, other ones each time.
"""

import csv
import gzip
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.archive import Manifest, pack
from data.region_import import import_region
from tests.builders_api import SAMPLE_DAY
from tests.builders_calendars import calendar, event
from tests.builders_hostile import TODAY, fresh, refusal, replaced, spoilt
from tests.builders_osm import osm, tags_xml
from tests.builders_plan_document import written
from tests.builders_regions import KALLETAL

TRIES = int(os.environ.get("FAHRTEN_FUZZ", "0"))

NUMBER = r"-?[0-9]+(?:[.][0-9]+)?"


def fuzz(examples: int) -> settings:
    return settings(
        max_examples=TRIES or examples,
        derandomize=not TRIES,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )


def read(kind: str, content: bytes, name: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        return refusal(kind, file)


ROWS = SAMPLE_DAY.read_text(encoding="utf-8").splitlines(keepends=True)
TABLE = "".join(ROWS[:4])


@fuzz(250)
@given(data=st.data(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
def test_spoilt_csv(data: st.DataObject, encoding: str) -> None:
    """In each of the encodings that spreadsheets write."""
    read("table", data.draw(spoilt(TABLE.encode(encoding))), "wunsch.csv")


@fuzz(250)
@given(replaced(TABLE, pattern=r"[^;\n]+"))
def test_a_hostile_cell_of_a_csv(text: str) -> None:
    """One cell is what no cell should be."""
    read("table", text.encode(), "wunsch.csv")


def workbook() -> dict[str, bytes]:
    """The parts of an .xlsx with the table in it, with a date and a time that are real ones."""
    file = io.BytesIO()
    table = list(csv.reader(ROWS[:3], delimiter=";"))
    with pd.ExcelWriter(file, engine="openpyxl") as writer:
        pd.DataFrame(table).to_excel(writer, header=False, index=False)
        sheet = writer.book.worksheets[0]
        sheet["A2"] = pd.Timestamp("2027-03-02")
        sheet["H2"] = 45
        sheet["L2"] = True
        sheet.merge_cells("M2:N2")
    with zipfile.ZipFile(file) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


PARTS = workbook()


def xlsx(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in parts.items():
            archive.writestr(entry, content)
    return file.getvalue()


@fuzz(200)
@given(spoilt(xlsx(PARTS)))
def test_spoilt_excel(content: bytes) -> None:
    """Flipped bits of the archive itself."""
    read("table", content, "wunsch.xlsx")


@fuzz(250)
@given(data=st.data(), part=st.sampled_from(sorted(PARTS)))
def test_excel_with_a_spoilt_part(data: st.DataObject, part: str) -> None:
    """An archive that is whole, with XML in it that is not."""
    content = data.draw(spoilt(PARTS[part]))
    read("table", xlsx({**PARTS, part: content}), "wunsch.xlsx")


SHEET = "xl/worksheets/sheet1.xml"


@fuzz(250)
@given(replaced(PARTS[SHEET].decode(), pattern=r'(?<=")[^"<>]+(?=")|(?<=>)[^<>]+(?=<)'))
def test_excel_with_a_hostile_value(sheet: str) -> None:
    """XML that is whole, with a reference, a type or a number that cannot be."""
    read("table", xlsx({**PARTS, SHEET: sheet.encode("utf-8", "ignore")}), "wunsch.xlsx")


ICS = calendar(
    "BEGIN:VTIMEZONE\r\nTZID:Praxiszeit\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "END:STANDARD\r\nEND:VTIMEZONE\r\n",
    event(";TZID=Praxiszeit:20270302T102000", "LOCATION:MVZ", "DURATION:PT20M"),
    event(":20270302T092000Z", "STATUS:CONFIRMED", "TRANSP:TRANSPARENT", "CATEGORIES:a,b"),
    event(";VALUE=DATE:20270303", "RRULE:FREQ=DAILY;UNTIL=20280101T000000Z", "GEO:52.1;8.9"),
)


@fuzz(300)
@given(spoilt(ICS))
def test_spoilt_calendar(content: bytes) -> None:
    """Also lines that begin nothing and end nothing."""
    read("calendar", content, "mvz.ics")


@fuzz(300)
@given(replaced(ICS.decode(), pattern=r"(?<=[:;=])[^:;=\r\n]+"))
def test_a_hostile_value_of_a_calendar(text: str) -> None:
    """Each line is still one, with a value that cannot be."""
    read("calendar", text.encode(), "mvz.ics")


PLAN = json.dumps(written(), ensure_ascii=False, indent=1)


@fuzz(250)
@given(spoilt(PLAN.encode()))
def test_spoilt_plan(content: bytes) -> None:
    read("plan", content, "plan.json")


@fuzz(250)
@given(replaced(PLAN, pattern=rf'"[^"]*"|{NUMBER}'))
def test_a_hostile_value_of_a_plan(text: str) -> None:
    read("plan", text.encode(), "plan.json")


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("backup")
    (folder / "database").write_bytes(b"any bytes" * 100)
    manifest = Manifest("2027-03-02T10:00:00+01:00", "sqlite", "0001", {"requests": 3})
    pack(folder / "backup", folder / "database", manifest)
    return (folder / "backup").read_bytes()


@fuzz(250)
@given(data=st.data())
def test_spoilt_backup(data: st.DataObject, backup: bytes) -> None:
    read("backup", data.draw(spoilt(backup)), "sicherung")


@fuzz(150)
@given(data=st.data())
def test_a_hostile_manifest_of_a_backup(data: st.DataObject, backup: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(backup)) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    text = parts["manifest.json"].decode()
    manifest = data.draw(replaced(text, pattern=rf'"[^"]*"|{NUMBER}')).encode()
    read("backup", xlsx({**parts, "manifest.json": manifest}), "sicherung")


STREET = {"highway": "residential", "name": "Beispielstraße", "maxspeed": "30", "oneway": "no"}
HOUSE = {"addr:housenumber": "1", "addr:street": "Beispielstraße", "addr:city": "Talle"}
PRACTICE = {"amenity": "doctors", "name": "Praxis", "opening_hours": "Mo-Fr 08:00-12:00; PH off"}
MAP = osm(
    {10: ([1, 2, 3], STREET), 11: ([2, 6], {"highway": "primary", "maxspeed": "DE:rural"})},
    {101: HOUSE, 102: PRACTICE, 103: {"place": "village", "name": "Talle"}, 2: {"barrier": "gate"}},
    more='<relation id="7"><member type="way" ref="10" role="outer"/>'
    f"{tags_xml({'type': 'multipolygon', **HOUSE})}</relation>",
)


@fuzz(120)
@given(data=st.data(), packed=st.booleans())
def test_spoilt_map(data: st.DataObject, packed: bool) -> None:
    good = gzip.compress(MAP.encode(), mtime=0) if packed else MAP.encode()
    read("map", data.draw(spoilt(good)), "talle.osm.gz" if packed else "talle.osm")


@fuzz(150)
@given(replaced(MAP, pattern=r'(?<=")[^"<>]+(?=")'))
def test_a_hostile_value_of_a_map(text: str) -> None:
    """Points off the globe, speeds that no car has, opening hours of another world."""
    read("map", text.encode(), "talle.osm")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small region, as an import makes it, with a roster and rules of a real one."""
    home = tmp_path_factory.mktemp("regions")
    (home / "talle.osm").write_text(MAP, encoding="utf-8")
    made = import_region("talle", home / "talle.osm", today=TODAY, land="NW", home=home)
    (made.folder / "policy.toml").write_bytes((KALLETAL / "policy.toml").read_bytes())
    return made.folder


FILES = (
    *("region.toml", "policy.toml", "fleet.toml", "roster.toml"),
    *("places.csv", "addresses.csv", "villages.csv", "network.npz"),
)
VALUES = {".toml": r'"[^"\n]*"|(?<== )[^\s"]+', ".csv": r"[^,\n]+"}


@fuzz(200)
@given(data=st.data(), name=st.sampled_from(FILES))
def test_a_spoilt_file_of_a_region(
    region: Path, tmp_path: Path, data: st.DataObject, name: str
) -> None:
    folder = fresh(tmp_path / "talle", region)
    (folder / name).write_bytes(data.draw(spoilt((region / name).read_bytes())))
    refusal("region", folder)


@fuzz(250)
@given(data=st.data(), name=st.sampled_from(FILES[:-1]))
def test_a_hostile_value_of_a_region(
    region: Path, tmp_path: Path, data: st.DataObject, name: str
) -> None:
    """Opening hours, countries, time zones, dates and numbers that cannot be."""
    folder = fresh(tmp_path / "talle", region)
    text = (region / name).read_text(encoding="utf-8")
    hostile = data.draw(replaced(text, pattern=VALUES[Path(name).suffix]))
    (folder / name).write_text(hostile, encoding="utf-8", newline="")
    refusal("region", folder)


@fuzz(100)
@given(data=st.data(), name=st.sampled_from(["network-nodes.csv", "network-links.csv"]))
def test_hostile_tables_of_roads(tmp_path: Path, data: st.DataObject, name: str) -> None:
    folder = fresh(tmp_path / "roads", KALLETAL)
    text = (KALLETAL / name).read_text(encoding="utf-8")
    hostile = data.draw(replaced(text, pattern=r"[^,\n]+"))
    (folder / name).write_text(hostile, encoding="utf-8", newline="")
    refusal("roads", folder)
