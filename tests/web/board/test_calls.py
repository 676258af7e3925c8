"""The page for a telephone call: what it answers while somebody types, and what it keeps."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.operations import privacy, requests
from api.operations.office import Office
from tests.builders_api import SAMPLE_DAY, TUESDAY, make_office
from tests.builders_visits import visit

# 28 February 2027 is a Sunday; the day after, buses run.
ASKED = {
    "name": "Beispiel, Erika",
    "telefon": "030 23125 103",
    "abholort": "Beispielstraße 3, Talle",
    "termin": "Di 9:30 MVZ",
    "ziel": "",
    "rueckfahrt": "ja",
    "dauer": "45",
    "schluessel": "0123456789abcdef",
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with visit(office) as client:
        yield client


def look(client: TestClient, **changed: str) -> str:
    answer = client.post("/anruf/vorschau", data={**ASKED, **changed})
    assert answer.status_code == 200
    return unescape(answer.text)


def chosen(page: str) -> dict[str, str]:
    """What the form would send back: the offers that are marked, and what they belong to."""
    state = re.search(r'name="stand" value="(\w*)"', page)
    assert state is not None
    marked = re.findall(r'name="(vorschlag-[0-9-]+)" value="([^"]*)" checked', page)
    return {"stand": state[1], **dict(marked)}


def book(client: TestClient, **changed: str) -> httpx2.Response:
    return client.post("/anruf", data={**ASKED, **changed}, follow_redirects=False)


def test_offers_appear_while_nothing_is_kept(client: TestClient, office: Office) -> None:
    page = look(client)

    assert "Dienstag, 2. März 2027" in page
    assert "übermorgen" in page
    assert "Nach <b>MVZ Kalletal</b>" in page
    assert re.search(r"Abholung zwischen \d\d:\d\d und \d\d:\d\d", page)
    assert requests.read_day(office, office.region(), TUESDAY) == []


def test_what_was_shown_is_what_is_promised(client: TestClient, office: Office) -> None:
    page = look(client)
    shown = re.search(r"Abholung zwischen (\d\d:\d\d) und (\d\d:\d\d)", page)
    assert shown is not None

    answer = book(client, **chosen(page))

    assert answer.status_code == 303
    done = unescape(client.get(answer.headers["location"]).text)
    assert f"Abholung zwischen {shown[1]} und {shown[2]} Uhr" in done
    (stored,) = requests.read_day(office, office.region(), TUESDAY)
    assert stored.promise is not None
    assert stored.promise.until is None


def test_enter_before_any_offer_was_seen_books_nothing(client: TestClient, office: Office) -> None:
    answer = book(client)

    assert answer.status_code == 200
    assert "Bitte dem Fahrgast vorlesen" in answer.text
    assert requests.read_day(office, office.region(), TUESDAY) == []
    assert book(client, **chosen(unescape(answer.text))).status_code == 303


def test_an_offer_for_what_was_typed_before_is_not_taken(
    client: TestClient, office: Office
) -> None:
    seen = chosen(look(client))

    answer = book(client, **seen, termin="Di 10:30 MVZ")

    assert answer.status_code == 200
    assert requests.read_day(office, office.region(), TUESDAY) == []


def test_enter_twice_books_once(client: TestClient, office: Office) -> None:
    seen = chosen(look(client))

    first, second = book(client, **seen), book(client, **seen)

    assert first.headers["location"] == second.headers["location"]
    assert len(requests.read_day(office, office.region(), TUESDAY)) == 1


def test_a_booked_form_that_is_changed_books_no_other_ride(
    client: TestClient, office: Office
) -> None:
    seen = chosen(look(client))
    assert book(client, **seen).status_code == 303
    other = {**ASKED, "dauer": "60"}
    seen = chosen(look(client, dauer="60"))

    answer = client.post("/anruf", data={**other, **seen}, follow_redirects=False)

    assert answer.status_code == 200
    assert "schon gebucht" in answer.text
    assert len(requests.read_day(office, office.region(), TUESDAY)) == 1


def test_the_form_of_whoever_is_erased_since_does_not_bring_them_back(
    client: TestClient, office: Office
) -> None:
    """The page may still be open in a browser."""
    seen = chosen(look(client))
    assert book(client, **seen).status_code == 303
    privacy.erase(office, office.region(), "p1", cancel_rides=True)

    answer = book(client, **seen)

    assert answer.status_code == 200
    assert "schon gebucht" in answer.text
    assert requests.read_day(office, office.region(), TUESDAY) == []


def test_a_week_is_booked_in_one_call(client: TestClient, office: Office) -> None:
    page = look(client, termin="Mo, Di, Do 9:30 MVZ")

    answer = book(client, termin="Mo, Di, Do 9:30 MVZ", **chosen(page))

    done = unescape(client.get(answer.headers["location"]).text)
    for title in ("Montag, 1. März 2027", "Dienstag, 2. März 2027", "Donnerstag, 4. März 2027"):
        assert title in done
    assert done.count("Abholung zwischen") == 3


def test_a_day_without_a_bus_is_said_and_the_others_are_booked(client: TestClient) -> None:
    page = look(client, termin="Di, Sa 9:30 MVZ")

    assert "Am Samstag fährt kein Bus" in page
    assert list(chosen(page)) == ["stand", "vorschlag-2027-03-02"]
    answer = book(client, termin="Di, Sa 9:30 MVZ", **chosen(page))
    assert answer.headers["location"].count("wunsch=") == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"termin": "So 9:30 MVZ"}, "Heute oder in einer Woche?"),
        ({"termin": "Fr 26.3. 9:30 MVZ"}, "Karfreitag"),
        ({"termin": "Di 22:30 MVZ"}, "nur 08:00"),
        ({"termin": "Di 9:30 apotheke"}, "Beispiel-Apotheke am Markt</button>"),
        ({"termin": ""}, "Es fehlt noch: Termin."),
        ({"name": "", "abholort": ""}, "Es fehlt noch: Name, Abholen bei."),
        ({"abholort": "Nirgendweg 77, Talle"}, "nicht bekannt"),
        ({"telefon": "Apfel"}, "Eine Telefonnummer hat 3 bis 20 Ziffern"),
        ({"termin": "Di 9:30 Krone", "ziel": "MVZ Kalletal"}, "statt MVZ Kalletal"),
        (
            {"termin": "Di 9:30 apotheke", "ziel": "Beispiel-Apotheke am Markt"},
            "Nach <b>Beispiel-Apotheke am Markt</b>",
        ),
    ],
)
def test_what_is_in_the_way_is_said_at_once(
    client: TestClient, changed: dict[str, str], said: str
) -> None:
    assert said in look(client, **changed)


def test_nothing_typed_is_lost_and_the_fault_stands_beside_its_field(client: TestClient) -> None:
    answer = book(client, telefon="Apfel", hinweis="„<b>wartet</b>“")

    page = unescape(answer.text)
    assert answer.status_code == 422
    assert 'value="Apfel"' in page
    assert 'value="&#34;' not in answer.text
    assert "&lt;b&gt;wartet&lt;/b&gt;" in answer.text
    assert re.search(r'id="fehler-telefon" class="wrong">Eine Telefonnummer hat', page)


def test_who_was_overtaken_is_noted_and_told(
    client: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others take all seats between the look and the key: the request is kept, nothing promised."""
    seen = chosen(look(client, begleitung="7"))
    for number in range(3):
        other = {**ASKED, "name": f"Beispiel, Nr {number}", "begleitung": "7"}
        other["schluessel"] = f"other-0123456789-{number}"
        page = unescape(client.post("/anruf/vorschau", data=other).text)
        client.post("/anruf", data={**other, **chosen(page)})

    answer = book(client, begleitung="7", **seen)

    done = client.get(answer.headers["location"]).text
    assert "Noch nichts zugesagt" in done
    names = [each.row.name for each in requests.read_day(office, office.region(), TUESDAY)]
    assert "Beispiel, Erika" in names


def test_three_letters_find_a_passenger_with_the_usual_ride(
    client: TestClient, office: Office
) -> None:
    requests.take_file(office, office.region(), SAMPLE_DAY.read_bytes(), "tag.csv")

    found = unescape(client.post("/anruf/bekannte", data={"name": "eri bei"}).text)

    assert "Beispiel, Erika" in found
    assert "Beispielstraße 3, Talle → MVZ Kalletal" in found
    assert client.post("/anruf/bekannte", data={"name": "be"}).text.strip() == ""


def test_another_ride_for_the_same_person(client: TestClient) -> None:
    location = book(client, **chosen(look(client))).headers["location"]
    request = location.rpartition("=")[2]

    form = unescape(client.get(f"/anruf?wie={request}").text)

    assert 'value="Beispiel, Erika"' in form
    assert 'value="Beispielstraße 3, Talle"' in form
    assert re.search(r'id="termin" name="termin" value=""', form)


def test_no_name_stands_in_an_address(client: TestClient) -> None:
    answer = book(client, **chosen(look(client)))

    assert re.fullmatch(r"/anruf/fertig\?wunsch=r\d+", answer.headers["location"])
