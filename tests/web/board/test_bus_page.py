"""The form of a bus: seats as numbers, days as they are said, and nothing typed is lost."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from scheduler.model import Load
from tests.web.board.test_day_board import read, send
from tests.web.board.test_place_page import value

BUS = "/region/busse/bus-1"
FORM = {
    "version": "0",
    "art": "da",
    "ab": "8.3.2027",
    "bis": "12.3.2027",
    "sitze1": "7",
    "sitze2": "4",
    "rollstuhl2": "2",
    "bemerkung": "Ersatzbus",
}


def test_the_form_shows_what_holds(desk: TestClient) -> None:
    page = read(desk, BUS)

    assert "Heute: <b>8 Sitze oder 6 Sitze + 1 Rollstuhlplatz</b>" in page
    shown = [value(page, name) for name in ("sitze1", "rollstuhl1", "sitze2", "rollstuhl2")]
    assert shown == ["8", "0", "6", "1"]
    assert value(page, "sitze3") == value(page, "bis") == ""


def test_what_is_typed_holds_for_its_days(desk: TestClient, new_office: Office) -> None:
    """The page of the region says from when to when, and what holds again afterwards."""
    assert send(desk, BUS, FORM) == "/region?bus=bus-1"

    bus = new_office.region().fleet["bus-1"]
    replacement = bus.on(date(2027, 3, 12))
    assert replacement is not None
    assert replacement.configurations == (Load(7), Load(4, 2))
    page = read(desk, "/region?bus=bus-1")
    assert "Bürgerbus 1: gespeichert. Es gilt ab Montag, 8. März 2027." in page
    assert "<b>08.03.2027 bis 12.03.2027</b> 7 Sitze oder 4 Sitze + 2 Rollstuhlplätze" in page
    assert "<b>ab 13.03.2027</b> 8 Sitze oder 6 Sitze + 1 Rollstuhlplatz" in page


def test_days_are_typed_as_they_are_said(desk: TestClient, new_office: Office) -> None:
    """It is Sunday, 28 February 2027."""
    send(desk, BUS, {**FORM, "ab": "morgen", "bis": "Fr"})

    (change,) = new_office.region().fleet["bus-1"].changes
    assert (change.since, change.until) == (date(2027, 3, 1), date(2027, 3, 5))


def test_a_bus_can_be_away(desk: TestClient, new_office: Office) -> None:
    """Then its seats do not matter, whatever stands in their fields."""
    send(desk, BUS, {**FORM, "art": "weg", "sitze1": "viele", "bemerkung": "TÜV"})

    assert new_office.region().fleet["bus-1"].on(date(2027, 3, 8)) is None
    assert "<b>08.03.2027 bis 12.03.2027</b> nicht da: TÜV" in read(desk, "/region")
    roster = read(desk, "/dienste?ab=8.3.2027")
    assert roster.count("Bürgerbus 1 ist nicht da: TÜV.") == 5


def test_what_is_said_of_the_seats_is_no_reason_to_be_away(
    desk: TestClient, new_office: Office
) -> None:
    """It stands in the field from the beginning, and hardly anybody takes it out."""
    remark = value(read(desk, BUS), "bemerkung")
    assert remark
    send(desk, BUS, {**FORM, "art": "weg", "bemerkung": remark})

    assert new_office.region().fleet["bus-1"].changes[-1].remark == ""


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"ab": "bald"}, "ab", "„bald“ ist kein Tag"),
        ({"ab": ""}, "ab", "Bitte so schreiben"),
        ({"ab": "1.1.2027"}, "ab", "schon vorbei"),
        ({"bis": "7.3.2027"}, "bis", "vor dem ersten"),
        ({"bis": "31.2.2027"}, "bis", "kein Tag"),
        ({"sitze1": "acht"}, "sitze1", "Bitte eine Zahl"),
        ({"rollstuhl2": "-1"}, "rollstuhl2", "Bitte eine Zahl"),
        ({"sitze1": "9"}, "sitze1", "1 bis 8 Fahrgäste"),
        ({"sitze1": "", "sitze2": "", "rollstuhl2": ""}, "sitze1", "Wie viele Sitze"),
        ({"art": "vielleicht"}, "art", "aus der Liste"),
        ({"bemerkung": "x" * 201}, "bemerkung", "zu lang"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    desk: TestClient, new_office: Office, typed: dict[str, str], field: str, said: str
) -> None:
    form = {**FORM, **typed}
    page = send(desk, BUS, form, status=422)

    assert re.search(rf'id="fehler-{field}" class="wrong">[^<]*{said}', page)
    assert re.search(r'id="fehler-sitze4" class="wrong"><', page)
    for name in form.keys() - {"version", "art"}:
        assert value(page, name) == form[name]
    assert new_office.region().fleet["bus-1"].changes == ()


def test_who_was_slower_is_told_and_may_go_on(desk: TestClient, new_office: Office) -> None:
    send(desk, BUS, FORM)
    page = send(desk, BUS, {**FORM, "sitze1": "5"}, status=409)

    assert "inzwischen jemand anderes" in page
    assert "7 Sitze oder 4 Sitze" in page
    assert value(page, "sitze1") == "5"
    send(desk, BUS, {**FORM, "sitze1": "5", "version": "1"})
    replacement = new_office.region().fleet["bus-1"].on(date(2027, 3, 8))
    assert replacement is not None
    assert replacement.configurations[0] == Load(5)


def test_a_bus_that_is_none_and_a_version_that_is_none(desk: TestClient) -> None:
    read(desk, "/region/busse/bus-9", 404)
    for version in ("", "x", "-1", "9" * 30):
        send(desk, BUS, {**FORM, "version": version}, status=409)
