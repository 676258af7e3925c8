"""A call that is not complete is kept as far as it went, and goes on later, by whomever."""

import re
from html import unescape

import httpx2
from fastapi.testclient import TestClient

from api.operations import open_calls, privacy, requests
from api.operations.office import Office
from tests.builders_api import TUESDAY

TYPED = {
    "name": "Beispiel, Erika",
    "telefon": "030 23125 103",
    "termin": "",
    "hinweis": "weiß den Namen der Praxis nicht",
    "schluessel": "0123456789abcdef",
}


def keep(desk: TestClient, **changed: str) -> httpx2.Response:
    return desk.post("/anruf/merken", data={**TYPED, **changed})


def page_of(desk: TestClient, path: str) -> str:
    answer = desk.get(path)
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


def test_whatever_is_missing_the_call_is_kept(desk: TestClient) -> None:
    answer = keep(desk)

    assert answer.status_code == 200
    page = unescape(answer.text)
    assert "Der Anruf ist gemerkt" in page
    assert "Offene Anrufe (1)" in page
    assert "es fehlt: Termin, Abholen bei" in page
    assert 'href="tel:03023125103"' in page


def test_a_telephone_number_that_is_missing_is_named_too(desk: TestClient) -> None:
    page = unescape(keep(desk, telefon="", termin="Di 9:30 MVZ").text)

    assert "es fehlt: Abholen bei, Telefon" in page


def test_it_goes_on_where_it_ended(desk: TestClient, new_office: Office) -> None:
    """Somebody rings again: what was typed stands in the form, and booking ends the call."""
    keep(desk)

    form = form_of(page_of(desk, "/anruf/offen/1"))
    assert form["name"] == TYPED["name"]
    assert form["hinweis"] == TYPED["hinweis"]
    form |= {"termin": "Di 9:30 MVZ", "abholort": "Beispielstraße 3, Talle", "dauer": "45"}
    offered = unescape(desk.post("/anruf/vorschau", data=form).text)
    booked = desk.post("/anruf", data=form | form_of(offered))

    assert booked.status_code == 200
    assert "Abholung zwischen" in booked.text
    assert len(requests.read_day(new_office, new_office.region(), TUESDAY)) == 1
    assert open_calls.read_all(new_office, new_office.region()) == []
    assert desk.get("/anruf/offen/1").status_code == 404


def test_what_cannot_be_read_is_kept_and_said_beside_the_field(desk: TestClient) -> None:
    keep(desk, geburtsdatum="31.2.1950")

    page = page_of(desk, "/anruf/offen/1")

    assert 'value="31.2.1950"' in page
    assert re.search(r'id="fehler-geburtsdatum" class="wrong">[^<]+<', page)


def test_an_empty_form_is_not_kept(desk: TestClient, new_office: Office) -> None:
    answer = desk.post("/anruf/merken", data={"rueckfahrt": "ja"})

    assert answer.status_code == 422
    assert "noch nichts eingetippt" in answer.text
    assert open_calls.count(new_office, new_office.region()) == 0


def test_clicking_twice_keeps_it_once(desk: TestClient, new_office: Office) -> None:
    keep(desk)
    keep(desk)

    assert open_calls.count(new_office, new_office.region()) == 1


def test_two_who_go_on_with_one_call_lose_nothing(desk: TestClient, new_office: Office) -> None:
    keep(desk)
    first, second = (form_of(page_of(desk, "/anruf/offen/1")) for _ in range(2))

    desk.post("/anruf/merken", data=first | {"ziel": "MVZ Kalletal"})
    answer = desk.post("/anruf/merken", data=second | {"ziel": "Beispielpraxis"})

    assert "Ihre Fassung steht unten als eigener offener Anruf" in unescape(answer.text)
    calls = open_calls.read_all(new_office, new_office.region())
    assert [call.typed["ziel"] for call in calls] == ["MVZ Kalletal", "Beispielpraxis"]


def test_a_call_that_nobody_wants_any_more_is_discarded(
    desk: TestClient, new_office: Office
) -> None:
    keep(desk)

    answer = desk.post("/anruf/offen/1/verwerfen")

    assert "verworfen" in answer.text
    assert open_calls.count(new_office, new_office.region()) == 0
    assert desk.post("/anruf/offen/1/verwerfen").status_code == 200


def test_a_call_that_was_discarded_by_mistake_is_kept_once_more(
    desk: TestClient, new_office: Office
) -> None:
    """With all that was typed; and only by the page that answers: nothing of it stays here."""
    keep(desk, rueckfahrt="nein", vorbelegt="telefon")
    (before,) = open_calls.read_all(new_office, new_office.region())
    page = unescape(desk.post("/anruf/offen/1/verwerfen").text)
    assert TYPED["hinweis"] not in page_of(desk, "/anruf")
    undo = re.search(r'<div class="told">.*?</form>', page, re.DOTALL)
    assert undo is not None
    assert "Rückgängig" in undo[0]

    answer = desk.post("/anruf/merken", data=form_of(undo[0]))

    assert "Der Anruf ist gemerkt" in answer.text
    (after,) = open_calls.read_all(new_office, new_office.region())
    assert (after.typed, after.filled, after.key) == (before.typed, before.filled, before.key)


def test_the_day_says_that_calls_are_open(desk: TestClient) -> None:
    """Also another dispatcher's page learns of it: what it asks for changes."""
    path = f"/tage/{TUESDAY}"
    before = desk.get(f"{path}/stand").text
    keep(desk)

    assert desk.get(f"{path}/stand").text != before
    assert "1 offener Anruf" in unescape(desk.get(path).text)


def test_a_report_has_it_and_erasing_takes_it_along(desk: TestClient, new_office: Office) -> None:
    region = new_office.region()
    neu = {"name": TYPED["name"], "telefon": TYPED["telefon"]}
    assert desk.post("/fahrgaeste/neu", data=neu).status_code == 200
    keep(desk)

    (call,) = privacy.report(new_office, region, "p1").calls
    assert call.typed["hinweis"] == TYPED["hinweis"]
    assert TYPED["hinweis"] in page_of(desk, "/fahrgaeste/p1/auskunft")
    (view,) = desk.get("/api/v1/passengers/p1/report").json()["calls"]
    assert view["typed"]["hinweis"] == TYPED["hinweis"]

    asked = page_of(desk, "/fahrgaeste/p1/loeschen")
    assert "Diese offenen Anrufe werden mit gelöscht" in asked
    assert TYPED["hinweis"] in asked
    privacy.erase(new_office, region, "p1")
    assert open_calls.count(new_office, region) == 0
