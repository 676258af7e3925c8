"""The form of a place: nobody needs a syntax, and nothing that was typed is lost."""

import re

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from tests.web.board.test_day_board import read, send

MVZ = "/region/orte/mvz"
FORM = {
    "version": "0",
    "art": "woche",
    **dict.fromkeys(("mo", "di", "mi", "do", "fr"), "8-12"),
    "feiertage": "zu",
    "zu1": "8.3.2027 bis 19.3.2027",
    "telefon": "030 23125 201",
}


def value(page: str, name: str) -> str:
    found = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_the_form_shows_what_holds(desk: TestClient) -> None:
    page = read(desk, MVZ)

    assert "<h1>MVZ Kalletal" in page
    assert value(page, "mo") == "8-12:30, 14-18"
    assert value(page, "mi") == "8-13"
    assert value(page, "sa") == ""
    assert '<option value="zu" selected>' in page


def test_what_is_typed_holds_at_once(desk: TestClient, new_office: Office) -> None:
    """And the page of the region says so."""
    assert send(desk, MVZ, FORM) == "/region?getan=mvz"

    place = new_office.region().places["mvz"]
    assert place.opening_hours == (
        "Mo 08:00-12:00; Tu 08:00-12:00; We 08:00-12:00; Th 08:00-12:00; Fr 08:00-12:00; "
        "PH off; 2027 Mar 08-2027 Mar 19 off"
    )
    assert place.phone == "030 23125 201"
    region = read(desk, "/region?getan=mvz")
    assert "MVZ Kalletal: gespeichert." in region
    assert "hier geändert" in region
    page = read(desk, MVZ)
    assert value(page, "zu1") == FORM["zu1"]
    assert 'name="version" value="1"' in page


@pytest.mark.parametrize("span", ["8.3. bis 19.3.", "8.3.-19.3."])
def test_a_closing_is_typed_as_it_is_said(desk: TestClient, new_office: Office, span: str) -> None:
    send(desk, MVZ, {**FORM, "zu1": span})

    assert "2027 Mar 08-2027 Mar 19 off" in new_office.region().places["mvz"].opening_hours


def test_a_closing_that_is_too_long_is_not_cut(desk: TestClient) -> None:
    """What is left of it would be another span."""
    typed = {**FORM, "zu1": f"8.3.2027 {' ' * 37} bis 19.3.2027 und noch länger"}

    assert "So sieht es aus" in send(desk, MVZ, typed, status=422)


def test_everything_wrong_is_said_at_once_beside_its_field(desk: TestClient) -> None:
    typed = {**FORM, "mo": "vormittags", "zu1": "bald", "zu2": "3.3.2027 bis 1.3.2027"}
    page = send(desk, MVZ, typed, status=422)

    for name in ("mo", "zu1", "zu2"):
        assert re.search(rf'id="fehler-{name}" class="wrong">[^<]+<', page)
        assert value(page, name) == typed[name]
    assert re.search(r'id="fehler-di" class="wrong"><', page)
    phone = send(desk, MVZ, {**FORM, "telefon": "klingeln"}, status=422)
    assert re.search(r'id="fehler-telefon" class="wrong">[^<]+<', phone)


@pytest.mark.parametrize("day", ["mo", "di", "mi", "do", "fr", "sa", "so"])
def test_a_week_without_hours_is_asked_about(desk: TestClient, day: str) -> None:
    """Else nobody could be brought there any more, because a field was forgotten."""
    nothing = {**FORM, **dict.fromkeys(("mo", "di", "mi", "do", "fr"), "")}

    assert "nie geöffnet" in send(desk, MVZ, nothing, status=422)
    assert send(desk, MVZ, {**nothing, day: "8-12"}) == "/region?getan=mvz"


def test_nobody_knows_or_somebody_knows_more(desk: TestClient, new_office: Office) -> None:
    send(desk, MVZ, {**FORM, "art": "unbekannt"})
    assert new_office.region().places["mvz"].opening_hours == ""
    assert '<option value="unbekannt" selected>' in read(desk, MVZ)

    every_second = "We[1] 08:00-12:00"
    send(desk, MVZ, {**FORM, "version": "1", "art": "genau", "genau": every_second})
    page = read(desk, MVZ)
    assert value(page, "genau") == every_second
    assert '<option value="genau" selected>' in page
    wrong = {**FORM, "version": "2", "art": "genau", "genau": "immer"}
    assert "nicht lesbar" in send(desk, MVZ, wrong, status=422)
    assert "Bitte ausfüllen" in send(desk, MVZ, {**wrong, "genau": ""}, status=422)


def test_who_was_slower_sees_both_and_may_go_on(desk: TestClient, new_office: Office) -> None:
    send(desk, MVZ, FORM)
    page = send(desk, MVZ, {**FORM, "mo": "9-10"}, status=409)

    assert "inzwischen jemand anderes" in page
    assert "Montag 8-12" in page
    assert value(page, "mo") == "9-10"
    assert 'name="version" value="1"' in page
    send(desk, MVZ, {**FORM, "mo": "9-10", "version": "1"})
    assert new_office.region().places["mvz"].opening_hours.startswith("Mo 09:00-10:00")


def test_a_place_that_is_none_and_a_version_that_is_none(desk: TestClient) -> None:
    read(desk, "/region/orte/nirgends", 404)
    send(desk, "/region/orte/nirgends", FORM, status=404)
    for version in ("", "x", "-1", "9" * 30):
        send(desk, MVZ, {**FORM, "version": version}, status=409)
