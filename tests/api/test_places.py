"""When a place is open, decided on top of the files, on either database."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from tests.builders_api import BODY, make_office

V1 = "/api/v1"
PLACE = f"{V1}/places/mvz"
CLOSED_ON_TUESDAYS = {"opening_hours": "Mo,We 08:00-12:00; PH off", "phone": "030 23125 201"}


def test_it_holds_at_once_and_after_a_restart(client: TestClient, tmp_path: Path) -> None:
    """Whoever then asks for an appointment on a closed day is told; the files are as they were."""
    assert client.post(f"{V1}/requests", json=BODY).status_code == 201

    answer = client.put(PLACE, json={**CLOSED_ON_TUESDAYS, "version": 0})

    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert client.get(f"{V1}/places", params={"q": "MVZ"}).json()[0] == answer.json()
    refused = client.post(f"{V1}/requests", json=BODY)
    assert refused.status_code == 422
    again = make_office(tmp_path)
    assert again.region().places["mvz"].phone == "030 23125 201"
    assert again.filed().places["mvz"].phone == ""
    assert again.region("kalletal") is again.region()
    again.close()


def test_of_two_who_change_a_place_one_sees_both(client: TestClient) -> None:
    first = client.put(PLACE, json={**CLOSED_ON_TUESDAYS, "version": 0})
    second = client.put(PLACE, json={"opening_hours": "", "phone": "", "version": 0})

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["type"] == "urn:gesunde-fahrten:edited-place"
    assert second.json()["stored"] == {**CLOSED_ON_TUESDAYS, "version": 1}
    third = client.put(PLACE, json={"opening_hours": "", "phone": "", "version": 1})
    assert (third.status_code, third.json()["version"]) == (200, 2)


def test_what_is_wrong_is_named_and_nothing_kept(client: TestClient) -> None:
    wrong = {"opening_hours": "Mo-Fr 8 bis 12", "phone": "klingeln", "version": 0}
    answer = client.put(PLACE, json=wrong)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["opening_hours", "phone"]
    assert "Mo-Fr 08:00-12:00" in answer.json()["detail"]
    assert client.put(f"{V1}/places/nirgends", json={**wrong, "phone": ""}).status_code == 404
    assert client.get(f"{V1}/places", params={"q": "MVZ"}).json()[0]["version"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opening_hours", 'Mo-Fr 08:00-12:00 "a\x00b"'),
        ("opening_hours", "Mo 08:00-12:00; " * 200),
        ("phone", "05264 " + "." * 900_000),
        ("phone", "05264\x0012345"),
    ],
)
def test_what_no_telephone_and_no_door_has_is_refused(
    client: TestClient, field: str, value: str
) -> None:
    """By the API and by the board, on either database."""
    body = {"opening_hours": "", "phone": "", "version": 0, field: value}
    assert client.put(PLACE, json=body).status_code == 422
    form = {"version": "0", "art": "genau", "genau": "24/7", "telefon": ""}
    form[{"opening_hours": "genau", "phone": "telefon"}[field]] = value
    answer = client.post("/region/orte/mvz", data=form, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert client.get(f"{V1}/places", params={"q": "MVZ"}).json()[0]["version"] == 0


def test_a_long_phone_of_the_files_does_not_keep_anybody_from_seeing_both(
    client: TestClient, office: Office
) -> None:
    """Files have no such limit, and what they say can be told."""
    place = office.filed().places["mvz"]
    office.filed().places["mvz"] = replace(place, phone="0" * 150)  # type: ignore[index]
    try:
        answer = client.put(PLACE, json={**CLOSED_ON_TUESDAYS, "version": 7})
    finally:
        office.filed().places["mvz"] = place  # type: ignore[index]

    assert answer.status_code == 409
    assert answer.json()["stored"]["phone"] == "0" * 150


def test_a_plan_that_no_longer_fits_is_named(client: TestClient) -> None:
    """A day that is planned anew knows it; the plan that is there is not changed by itself."""
    assert client.post(f"{V1}/requests", json=BODY).status_code == 201
    assert client.post(f"{V1}/days/2027-03-02/plan", json={"seconds": 1}).status_code == 200
    before = client.get(f"{V1}/days/2027-03-02/plan").json()
    assert "Alle Pläne passen" in client.get("/region").text

    client.put(PLACE, json={**CLOSED_ON_TUESDAYS, "version": 0})

    page = client.get("/region").text
    assert "Pläne, die nicht mehr passen" in page
    assert '<a href="/tage/2027-03-02">' in page
    assert client.get(f"{V1}/days/2027-03-02/plan").json() == before
