"""Requests over HTTP: taken, read, changed, cancelled, uploaded, and refused with reasons."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from data.request_rows import COLUMNS
from tests.builders_api import BODY, CELLS, NOW, SAMPLE_DAY, make_office, table
from tests.builders_visits import visit

REQUESTS = "/api/v1/requests"
pytestmark = pytest.mark.usefixtures("either_database")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    office = make_office(tmp_path)
    with visit(office) as client:
        yield client


def create(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(REQUESTS, json={**BODY, **changes})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def upload(client: TestClient, content: bytes, name: str = "wunsch.csv") -> dict[str, Any]:
    answer = client.post(f"{REQUESTS}/import", files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_request_is_taken_and_read_again(client: TestClient) -> None:
    """The answer names it; the address is written as the region writes it."""
    answer = client.post(REQUESTS, json=BODY)

    assert answer.status_code == 201
    created = answer.json()
    assert answer.headers["Location"] == f"{REQUESTS}/{created['id']}"
    assert client.get(answer.headers["Location"]).json() == created
    assert {**created, **BODY, "origin": created["origin"]} == created
    assert created["origin"].startswith("Beispielstraße 3")
    assert created["created"] == NOW.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    "changes",
    [
        {"appointment": None, "arrive_from": "08:00", "arrive_until": "11:30"},
        {"way_back": "at_time", "return_at": "11:40"},
        {"way_back": "will_call", "pharmacy": "any", "stay_minutes": None},
        {"way_back": "none", "born": None, "phone": ""},
        {"pharmacy": "Beispiel-Apotheke am Markt", "mobility": "wheelchair", "companions": 2},
        {"priority": "vital", "note": "Hund im Hof", "mobility": "walker"},
        {"priority": "important"},
    ],
)
def test_whatever_is_told_comes_back_as_it_was_told(
    client: TestClient, changes: dict[str, Any]
) -> None:
    """And what came back can be sent again as it is."""
    created = create(client, **changes)

    assert {**created, **changes} == created
    again = {key: value for key, value in created.items() if key in BODY or key in changes}
    answer = client.put(f"{REQUESTS}/{created['id']}", json=again)
    assert answer.status_code == 200, answer.text
    aside = {"changed": "", "version": 0}
    assert {**answer.json(), **aside} == {**created, **aside}


def test_requests_are_listed_by_date_and_cancelled_ones_on_demand(client: TestClient) -> None:
    """A cancelled request stays readable."""
    first = create(client)
    second = create(client, name="Beispiel, Otto")
    create(client, date="2027-03-03")

    cancelled = client.delete(f"{REQUESTS}/{first['id']}").json()

    assert cancelled["cancelled"] == NOW.isoformat().replace("+00:00", "Z")
    listed = client.get(REQUESTS, params={"date": "2027-03-02"}).json()
    assert [each["id"] for each in listed] == [second["id"]]
    every = client.get(REQUESTS, params={"date": "2027-03-02", "cancelled": True}).json()
    assert [each["id"] for each in every] == [first["id"], second["id"]]


@pytest.mark.parametrize("because", ["denied", "unmet", "no_show"])
def test_how_a_request_ended_is_kept_apart(client: TestClient, because: str) -> None:
    """Said by whoever cancels; the first word counts, and without one the clock tells."""
    first, second = create(client), create(client, name="Beispiel, Otto")
    ended = client.delete(f"{REQUESTS}/{first['id']}", params={"because": because}).json()
    again = client.delete(f"{REQUESTS}/{first['id']}").json()
    plain = client.delete(f"{REQUESTS}/{second['id']}").json()

    assert first["outcome"] is None
    assert (ended["outcome"], again["outcome"], plain["outcome"]) == (because, because, "cancelled")
    wrong = client.delete(f"{REQUESTS}/{second['id']}", params={"because": "rain"})
    assert wrong.status_code == 422


def test_a_change_that_cannot_be_taken_leaves_the_request_as_it_was(client: TestClient) -> None:
    """All or nothing."""
    created = create(client)

    answer = client.put(f"{REQUESTS}/{created['id']}", json={**BODY, "origin": "nirgendwo xyz"})

    assert answer.status_code == 422
    assert client.get(f"{REQUESTS}/{created['id']}").json() == created


def test_a_cancelled_request_cannot_be_changed(client: TestClient) -> None:
    """Nobody would ride; it stays as it was told, and cancelled."""
    created = client.post(REQUESTS, json=BODY).json()
    cancelled = client.delete(f"{REQUESTS}/{created['id']}").json()

    answer = client.put(f"{REQUESTS}/{created['id']}", json={**BODY, "companions": 2})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:gesunde-fahrten:cancelled"
    assert f"Der Fahrtwunsch {created['id']} ist abgesagt" in answer.json()["detail"]
    assert client.get(f"{REQUESTS}/{created['id']}").json() == cancelled


@pytest.mark.parametrize(
    ("changes", "field", "hint"),
    [
        ({"date": "2027-05-27"}, "date", "Fronleichnam"),
        ({"date": "2027-03-06"}, "date", "Samstag"),
        ({"date": "2027-02-26"}, "date", "Vergangenheit"),
        ({"born": "2030-01-01"}, "born", "Zukunft"),
        ({"origin": "Champs-Élysées 3, Paris"}, "origin", "nicht bekannt"),
        ({"destination": "Beispielstraße 3"}, "destination", "nicht eindeutig"),
        ({"appointment": "03:00"}, "appointment", "geöffnet"),
        ({"appointment": None}, "appointment", "Fehlt"),
        ({"arrive_from": "08:00", "arrive_until": "09:00"}, "appointment", "eine Spanne"),
        ({"appointment": None, "arrive_from": "08:00"}, "appointment", "Spanne"),
        ({"way_back": "at_time"}, "way_back", "Uhrzeit"),
        ({"way_back": "at_time", "return_at": "09:00"}, "way_back", "nicht nach der Ankunft"),
        ({"way_back": "none", "return_at": "12:00"}, "way_back", "Uhrzeit"),
        ({"way_back": "none", "pharmacy": "any"}, "pharmacy", "Ohne Rückfahrt"),
        ({"pharmacy": "Aldi xyz"}, "pharmacy", "Beispiel-Apotheke"),
        ({"phone": "keins"}, "phone", "Telefonnummer"),
        ({"name": "  "}, "name", "Fehlt"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_field_and_reason(
    client: TestClient, changes: dict[str, Any], field: str, hint: str
) -> None:
    """One shape of error, German, with what would be right; and nothing is kept."""
    answer = client.post(REQUESTS, json={**BODY, **changes})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:gesunde-fahrten:refused-request"
    assert [(each["field"], hint in each["message"]) for each in problem["errors"]] == [
        (field, True)
    ], problem
    assert client.get(REQUESTS, params={"date": "2027-03-02"}).json() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date": "gestern"}, "date"),
        ({"date": None}, "date"),
        ({"appointment": "halb zehn"}, "appointment"),
        ({"companions": 8}, "companions"),
        ({"companions": "zwei"}, "companions"),
        ({"stay_minutes": 0}, "stay_minutes"),
        ({"mobility": "rollstuhl"}, "mobility"),
        ({"way_back": "vielleicht"}, "way_back"),
        ({"unbekannt": 1}, "unbekannt"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_input_that_does_not_fit_the_schema_has_the_same_shape_of_error(
    client: TestClient, changes: dict[str, Any], field: str
) -> None:
    """A program reads one kind of document, whatever went wrong."""
    answer = client.post(REQUESTS, json={**BODY, **changes})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:gesunde-fahrten:invalid-input"
    assert [each["field"] for each in problem["errors"]] == [field]
    assert problem["errors"][0]["message"] != ""


@pytest.mark.parametrize("method", ["get", "delete", "put"])
@pytest.mark.parametrize("name", ["r99", "r2147483648", "r99999999999999999999", "abc"])
def test_a_request_that_is_not_there_is_404(client: TestClient, method: str, name: str) -> None:
    """Whatever is to be done with it."""
    answer = client.request(method, f"{REQUESTS}/{name}", json=BODY if method == "put" else None)

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:gesunde-fahrten:not-found"


def test_a_region_that_is_not_there_is_404_and_no_path(client: TestClient) -> None:
    """The name never reaches the disk."""
    for name in ("atlantis", "../kalletal", "/etc"):
        answer = client.get(REQUESTS, params={"date": "2027-03-02", "region": name})

        assert answer.status_code == 404
        assert "Bekannt sind" in answer.json()["detail"]


def test_the_sample_day_is_uploaded_once_however_often_it_comes(client: TestClient) -> None:
    """Twenty-five rows of which one is wrong on purpose; the second time nothing is new."""
    content = SAMPLE_DAY.read_bytes()

    first, second = upload(client, content), upload(client, content, "anders-benannt.csv")

    assert len(first["added"]) == 24
    assert {fault["row"] for fault in first["rejected"]} == {26}
    assert (second["added"], second["known"]) == ([], first["added"])
    assert len(client.get(REQUESTS, params={"date": "2027-03-02"}).json()) == 24


def test_good_rows_of_a_bad_file_are_taken(client: TestClient) -> None:
    """Each wrong row comes back with its number and column as they stand in the file."""
    told = upload(
        client,
        table({}, {"abholort": "nirgendwo xyz"}, {"termin": "3:00"}, {"name": "Beispiel, Otto"}),
    )

    assert len(told["added"]) == 2
    assert [(fault["row"], fault["field"]) for fault in told["rejected"]] == [
        (3, "abholort"),
        (4, "termin"),
    ]


def test_an_excel_file_is_taken(client: TestClient) -> None:
    """Straight from the office."""
    file = io.BytesIO()
    frame = pd.DataFrame([list(CELLS.values())], columns=list(COLUMNS))
    frame.to_excel(file, index=False, engine="openpyxl")

    assert len(upload(client, file.getvalue(), "wunsch.xlsx")["added"]) == 1


@pytest.mark.parametrize(
    ("content", "hint"),
    [(b"", "leer"), (b"datum;name\n2027-03-02;X\n", "fehlt"), (b"\x00\x01", "kein Text")],
)
def test_a_file_without_one_usable_row_is_refused(
    client: TestClient, content: bytes, hint: str
) -> None:
    """With the columns that are missing."""
    answer = client.post(f"{REQUESTS}/import", files={"file": ("x.csv", content)})

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:gesunde-fahrten:unreadable-file"
    assert hint in answer.json()["detail"]


def test_a_file_that_is_too_large_is_refused(client: TestClient) -> None:
    """Twenty megabytes hold more than a year of any Bürgerbus."""
    content = b"datum;name\n" + b"x" * 20_000_000

    answer = client.post(f"{REQUESTS}/import", files={"file": ("x.csv", content)})

    assert answer.status_code == 422
    assert "zu groß" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "\ud800"),
        ("origin", "\ud800 x"),
        ("note", "\u0000"),
        ("\ud800", 1),
        ("phone", "٣٣٣"),
        ("appointment", "٠٩:٣٠"),
        ("companions", float("inf")),
        ("stay_minutes", float("nan")),
        ("born", "9999-12-31"),
        ("date", "9999-12-31"),
        ("date", "0001-01-01"),
        ("origin", "(" * 499),
        ("origin", "..."),
    ],
)
def test_strange_characters_and_numbers_are_refused_like_any_others(
    client: TestClient, field: str, value: object
) -> None:
    """Never a fault of the program: half characters, other digits, the end of time."""
    body = json.dumps({**BODY, field: value}).encode()

    answer = client.post(REQUESTS, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 422
    assert answer.json()["errors"]


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\xfe", b"1" * 5_000, b'"\\ud800"', b""])
def test_a_body_that_is_no_document_is_refused(client: TestClient, body: bytes) -> None:
    """However deep, long or broken it is."""
    answer = client.post(REQUESTS, content=body, headers={"content-type": "application/json"})

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
