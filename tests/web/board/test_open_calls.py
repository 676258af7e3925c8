"""A call that is not complete is kept as far as it went, and goes on later, by whomever."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.operations import open_calls, privacy, requests
from api.operations.office import Office
from tests.builders_api import TUESDAY, make_office
from tests.builders_visits import visit

TYPED = {
    "name": "Beispiel, Erika",
    "telefon": "030 23125 103",
    "termin": "",
    "hinweis": "weiß den Namen der Praxis nicht",
    "schluessel": "0123456789abcdef",
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with visit(office) as client:
        yield client


def keep(client: TestClient, **changed: str) -> httpx2.Response:
    return client.post("/anruf/merken", data={**TYPED, **changed})


def page_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def form_of(page: str) -> dict[str, str]:
    """What the form would send back, with the offers that are marked."""
    inputs = re.findall(r'<input(?=[^>]* name="([^"]+)")(?=[^>]* value="([^"]*)")([^>]*)>', page)
    return {
        name: value
        for name, value, rest in inputs
        if 'type="radio"' not in rest or "checked" in rest
    }


def test_whatever_is_missing_the_call_is_kept(client: TestClient) -> None:
    answer = keep(client)

    assert answer.status_code == 200
    page = unescape(answer.text)
    assert "Der Anruf ist gemerkt" in page
    assert "Offene Anrufe (1)" in page
    assert "es fehlt: Termin, Abholen bei" in page
    assert 'href="tel:03023125103"' in page


def test_it_goes_on_where_it_ended(client: TestClient, office: Office) -> None:
    """Somebody rings again: what was typed stands in the form, and booking ends the call."""
    keep(client)

    form = form_of(page_of(client, "/anruf/offen/1"))
    assert form["name"] == TYPED["name"]
    assert form["hinweis"] == TYPED["hinweis"]
    form |= {"termin": "Di 9:30 MVZ", "abholort": "Beispielstraße 3, Talle", "dauer": "45"}
    offered = unescape(client.post("/anruf/vorschau", data=form).text)
    booked = client.post("/anruf", data=form | form_of(offered))

    assert booked.status_code == 200
    assert "Abholung zwischen" in booked.text
    assert len(requests.read_day(office, office.region(), TUESDAY)) == 1
    assert open_calls.read_all(office, office.region()) == []
    assert client.get("/anruf/offen/1").status_code == 404


def test_what_cannot_be_read_is_kept_and_said_beside_the_field(client: TestClient) -> None:
    keep(client, geburtsdatum="31.2.1950")

    page = page_of(client, "/anruf/offen/1")

    assert 'value="31.2.1950"' in page
    assert re.search(r'id="fehler-geburtsdatum" class="wrong">[^<]+<', page)


def test_an_empty_form_is_not_kept(client: TestClient, office: Office) -> None:
    answer = client.post("/anruf/merken", data={"rueckfahrt": "ja"})

    assert answer.status_code == 422
    assert "noch nichts eingetippt" in answer.text
    assert open_calls.count(office, office.region()) == 0


def test_clicking_twice_keeps_it_once(client: TestClient, office: Office) -> None:
    keep(client)
    keep(client)

    assert open_calls.count(office, office.region()) == 1


def test_two_who_go_on_with_one_call_lose_nothing(client: TestClient, office: Office) -> None:
    keep(client)
    first, second = (form_of(page_of(client, "/anruf/offen/1")) for _ in range(2))

    client.post("/anruf/merken", data=first | {"ziel": "MVZ Kalletal"})
    answer = client.post("/anruf/merken", data=second | {"ziel": "Beispielpraxis"})

    assert "Ihre Fassung steht unten als eigener offener Anruf" in unescape(answer.text)
    calls = open_calls.read_all(office, office.region())
    assert [call.typed["ziel"] for call in calls] == ["MVZ Kalletal", "Beispielpraxis"]


def test_a_call_that_nobody_wants_any_more_is_discarded(client: TestClient, office: Office) -> None:
    keep(client)

    answer = client.post("/anruf/offen/1/verwerfen")

    assert "verworfen" in answer.text
    assert open_calls.count(office, office.region()) == 0
    assert client.post("/anruf/offen/1/verwerfen").status_code == 200


def test_the_day_says_that_calls_are_open(client: TestClient) -> None:
    """Also another dispatcher's page learns of it: what it asks for changes."""
    path = f"/tage/{TUESDAY}"
    before = client.get(f"{path}/stand").text
    keep(client)

    assert client.get(f"{path}/stand").text != before
    assert "1 offener Anruf" in unescape(client.get(path).text)


def test_a_report_has_it_and_erasing_takes_it_along(client: TestClient, office: Office) -> None:
    region = office.region()
    neu = {"name": TYPED["name"], "telefon": TYPED["telefon"]}
    assert client.post("/fahrgaeste/neu", data=neu).status_code == 200
    keep(client)

    (call,) = privacy.report(office, region, "p1").calls
    assert call.typed["hinweis"] == TYPED["hinweis"]
    assert TYPED["hinweis"] in page_of(client, "/fahrgaeste/p1/auskunft")
    (view,) = client.get("/api/v1/passengers/p1/report").json()["calls"]
    assert view["typed"]["hinweis"] == TYPED["hinweis"]

    privacy.erase(office, region, "p1")
    assert open_calls.count(office, region) == 0
