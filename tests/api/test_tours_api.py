"""What drivers take along: GPX, the preview, the calendar; none of it names a passenger."""

import datetime as dt
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from api.operations.office import Office
from api.sheets.gpx import NAMESPACE
from data.duty_calendar import write_calendar
from data.moments import moment
from routing.geo import Point, great_circle
from routing.units import HOUR
from scheduler.manifest import Duty
from scheduler.model import TimeWindow
from tests.builders_api import BODY, NOW, TUESDAY, make_office
from tests.builders_visits import visit

DAY = "/api/v1/days/2027-03-02"
SHEET = f"{DAY}/manifests/vormittag"
BERLIN = ZoneInfo("Europe/Berlin")
PERSON = ("Beispiel, Erika", "Erika", "030 23125 103", "Hund im Hof")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with visit(office) as client:
        client.post("/api/v1/requests", json={**BODY, "note": "Hund im Hof"})
        assert client.post(f"{DAY}/plan", json={"seconds": 2}).status_code == 200
        yield client


def tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def events(content: bytes) -> list[Any]:
    """The events of a calendar file."""
    return list(Calendar.from_ical(content).walk("VEVENT"))


def points(element: ET.Element, name: str) -> list[Point]:
    return [
        Point(float(each.attrib["lat"]), float(each.attrib["lon"]))
        for each in element.iter(tag(name))
    ]


def test_the_way_of_a_shift_comes_as_gpx(client: TestClient) -> None:
    """Halts in order with times in UTC, and a line that leads from each to the next."""
    answer = client.get(f"{SHEET}.gpx")
    sheet = client.get(SHEET).json()

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gpx+xml"
    file = ET.fromstring(answer.content)  # noqa: S314  (our own)
    assert (file.tag, file.attrib["version"]) == (tag("gpx"), "1.1")
    assert [each.tag for each in file] == [tag("metadata"), tag("rte"), tag("trk")]
    stops = list(file.iter(tag("rtept")))
    expected_names = [
        ": ".join(
            [
                *([f"Halt {stop['number']}"] if stop["number"] else []),
                *([stop["place"]["name"]] if "Talle" not in stop["place"]["name"] else []),
            ]
        )
        for stop in sheet["stops"]
    ]
    assert [each.findtext(tag("name")) for each in stops] == expected_names
    assert {"Halt 1", "Halt 2: MVZ Kalletal", "Bürgerbus-Standplatz am Rathaus"} <= set(
        expected_names
    )
    # In March Kalletal is an hour ahead of UTC.
    expected = [
        f"2027-03-02T{int(stop['arrival'][:2]) - 1:02d}{stop['arrival'][2:]}Z"
        for stop in sheet["stops"]
    ]
    assert [each.findtext(tag("time")) for each in stops] == expected
    line, halts = points(file, "trkpt"), points(file, "rtept")
    along = sum(great_circle(*ends) for ends in pairwise(line))
    assert along == pytest.approx(sheet["metres"], rel=0.4)
    assert all(min(great_circle(halt, each) for each in line) < 300 for halt in halts)


def test_neither_gpx_nor_preview_names_a_passenger(client: TestClient) -> None:
    """They end up on devices and in letter boxes; the sheet itself has all of it."""
    sheet = client.get(SHEET).text
    track = client.get(f"{SHEET}.gpx").text
    answer = client.get(f"{SHEET}/preview")
    paper = " ".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages
    )

    assert answer.headers["content-type"] == "application/pdf"
    assert "Talle" in paper
    assert "MVZ Kalletal" in paper
    for word in (*PERSON, "Beispielstraße 3"):
        assert word in sheet
        assert word not in track
        assert word not in paper


@pytest.mark.parametrize("form", [".gpx", "/preview"])
def test_a_shift_that_there_is_not_is_404(client: TestClient, form: str) -> None:
    """Whatever it is asked for."""
    answer = client.get(f"{DAY}/manifests/nacht{form}")

    assert answer.status_code == 404
    assert "vormittag" in answer.json()["detail"]


def test_a_driver_gets_all_shifts_as_a_calendar(client: TestClient, office: Office) -> None:
    """f04 drives every third Tuesday morning."""
    answer = client.get("/api/v1/drivers/f04/shifts.ics?weeks=13")

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    shifts = events(answer.content)
    region = office.region()
    today = office.today(region)
    days = [today + dt.timedelta(days=number) for number in range(13 * 7 + 1)]
    expected = [
        day
        for day in days
        if region.closed(day) is None
        for each in region.roster.on(day)
        if each.driver and each.driver.id == "f04"
    ]
    assert [event["DTSTART"].dt.date() for event in shifts] == expected
    assert expected[0] == TUESDAY
    first = shifts[0]
    assert first["DTSTART"].dt == dt.datetime(2027, 3, 2, 7, 30, tzinfo=BERLIN)
    assert first["DTEND"].dt == dt.datetime(2027, 3, 2, 12, 30, tzinfo=BERLIN)
    assert str(first["SUMMARY"]) == "Bürgerbus: Vormittag"
    assert "Rathaus" in str(first["LOCATION"])
    assert "Bürgerbus 1" in str(first["DESCRIPTION"])
    assert Calendar.from_ical(answer.content).walk("VTIMEZONE")
    assert not any(word in answer.text for word in PERSON)


def test_the_same_shift_is_the_same_event_in_every_calendar(client: TestClient) -> None:
    """Whoever imports again next week gets nothing twice."""
    address = "/api/v1/drivers/f04/shifts.ics"
    first, second = (
        [str(event["UID"]) for event in events(client.get(f"{address}?weeks={weeks}").content)]
        for weeks in (4, 13)
    )

    assert len(set(second)) == len(second) > len(first) > 0
    assert second[: len(first)] == first


def test_a_driver_whom_nobody_knows_is_404(client: TestClient) -> None:
    """With what was typed."""
    answer = client.get("/api/v1/drivers/f99/shifts.ics")

    assert answer.status_code == 404
    assert "f99" in answer.json()["detail"]


def test_a_calendar_without_a_shift_is_still_one() -> None:
    """Somebody on leave has an empty calendar, not a broken one."""
    made = write_calendar([], region="Kalletal", zone=BERLIN, phone="030 23125 000", now=NOW)

    assert events(made) == []


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (dt.date(2027, 3, 27), "2027-03-27T09:00:00+00:00"),
        (dt.date(2027, 3, 28), "2027-03-28T08:00:00+00:00"),  # clocks go forward at two
        (dt.date(2027, 10, 31), "2027-10-31T09:00:00+00:00"),  # and back at three
    ],
)
def test_shifts_keep_their_time_when_the_clocks_change(day: dt.date, utc: str) -> None:
    """Ten o'clock is ten o'clock."""
    assert moment(day, 10 * HOUR, BERLIN).astimezone(dt.UTC).isoformat() == utc


def test_a_shift_past_midnight_ends_on_the_next_day() -> None:
    """A health weekend may be long."""
    late = Duty(TUESDAY, "Abend", TimeWindow(20 * HOUR, 25 * HOUR), "Beispiel", "Bus 1", "Rathaus")
    made = write_calendar([late], region="Kalletal", zone=BERLIN, phone="112", now=NOW)
    (event,) = events(made)

    assert event["DTEND"].dt == dt.datetime(2027, 3, 3, 1, 0, tzinfo=BERLIN)


def test_summer_time_begins_at_two_by_the_clock_that_it_ends() -> None:
    """RFC 5545 tells both changes by the clock before them: 02:00 in March, 03:00 in October."""
    noon = Duty(TUESDAY, "Mittag", TimeWindow(11 * HOUR, 13 * HOUR), "Beispiel", "Bus 1", "Rathaus")
    (described,) = Calendar.from_ical(
        write_calendar([noon], region="Kalletal", zone=BERLIN, phone="112", now=NOW)
    ).walk("VTIMEZONE")
    changes = [part.to_ical().decode() for part in described.subcomponents]

    assert any("DAYLIGHT" in each and "DTSTART:20270328T020000" in each for each in changes)
    assert any("STANDARD" in each and "DTSTART:20271031T030000" in each for each in changes)
    assert not any("0328T03" in each for each in changes)
