"""Passengers on pages: found, shown, changed, merged, reported on, forgotten."""

import re

import pytest
from fastapi.testclient import TestClient

from api.operations import people, requests
from api.operations.office import Office
from data.errors import NotKeptError
from data.profiles import Profile
from tests.builders_api import BODY
from tests.web.board.test_day_board import hidden, read, send

ERIKA = "Beispiel, Erika"
FORM = {
    "name": "Beispiel-Neu, Nora",
    "telefon": "030 23125 777",
    "geburtsdatum": "6.5.1941",
    "hilfen": "walker",
    "begleitpersonen": "1",
    "begleitung": "Tochter Anna",
    "hinweis": "hört schlecht",
    "einwilligung": "given",
    "einwilligung_am": "1.2.2027",
    "adresse1": "Beispielstraße 3, Talle",
}


@pytest.fixture
def erika(board: TestClient, planned_office: Office) -> str:
    """Who rides on the sample day, and asks for another day as well."""
    board.post("/api/v1/requests", json={**BODY, "born": "1944-08-12", "date": "2027-03-16"})
    found = people.search(planned_office, planned_office.region(), "Beispiel Erika", most=9)
    return next(each.id for each in found if each.name == ERIKA)


def test_somebody_is_found_without_a_name_in_an_address(board: TestClient, erika: str) -> None:
    page = send(board, "/fahrgaeste", {"suche": "bei eri"}, status=200)

    assert ERIKA in page
    assert f'href="/fahrgaeste/{erika}"' in page
    assert 'method="post" role="search"' in page
    assert 'value="bei eri"' in page


def test_too_few_letters_and_nobody(board: TestClient) -> None:
    assert "mindestens 2 Zeichen" in send(board, "/fahrgaeste", {"suche": "b"}, status=422)
    assert "Niemand gefunden" in send(board, "/fahrgaeste", {"suche": "xyzzy"}, status=200)


def test_the_page_of_a_passenger_has_what_is_known_and_asked(board: TestClient, erika: str) -> None:
    page = read(board, f"/fahrgaeste/{erika}")

    ahead = page[page.index("Kommende Fahrten") : page.index("Vergangene Fahrten")]
    assert ahead.index("02.03.2027") < ahead.index("16.03.2027")
    assert "MVZ Kalletal" in ahead
    assert re.search(r'href="/anruf\?wie=r\d+"', page)
    assert "12.08.1944" in page
    asked = re.search(r'href="(/anruf\?wie=r\d+)">Neue Fahrt', page)
    assert asked is not None
    assert f'value="{ERIKA}"' in read(board, asked[1])


def test_a_new_passenger_is_taken_and_shown(board: TestClient) -> None:
    page = read(board, send(board, "/fahrgaeste/neu", FORM))

    for text in ("Aufgenommen.", "Beispiel-Neu, Nora", "Rollator", "+1 Begleitung", "Tochter Anna"):
        assert text in page
    assert "gegeben (01.02.2027)" in page
    assert "Beispielstraße 3" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Fehlt."),
        ("telefon", "Apfel", "3 bis 20 Ziffern"),
        ("telefon", "31.2.2027", "Das ist ein Datum."),
        ("name", "25:00", "steht ein Buchstabe"),
        ("geburtsdatum", "gestern", ""),
        ("geburtsdatum", "1.1.2030", "in der Zukunft"),
        ("adresse1", "Nirgendweg 77, Talle", "nicht bekannt"),
        ("einwilligung_am", "bald", "so schreiben"),
        ("hilfen", "Flugzeug", "aus der Liste"),
        ("begleitpersonen", "99", "aus der Liste"),
    ],
)
def test_a_fault_stands_beside_its_field(
    board: TestClient, field: str, value: str, said: str
) -> None:
    page = send(board, "/fahrgaeste/neu", {**FORM, field: value}, status=422)

    fault = re.search(rf'id="fehler-{field}" class="wrong">([^<]+)<', page)
    assert fault is not None
    assert said in fault[1]
    assert f'value="{value}"' in page
    assert 'value="hört schlecht"' in page  # nothing that was typed is lost


def test_all_faults_are_said_in_one_round(board: TestClient) -> None:
    wrong = {"telefon": "Apfel", "geburtsdatum": "gestern", "adresse1": "Nirgendweg 77, Talle"}

    page = send(board, "/fahrgaeste/neu", {**FORM, **wrong}, status=422)

    assert set(re.findall(r'id="fehler-(\w+)" class="wrong">[^<]', page)) == set(wrong)
    assert re.findall(r'id="(\w+)"[^>]* autofocus', page) == ["telefon"]


def test_a_passenger_is_changed_also_on_their_requests(
    board: TestClient, planned_office: Office, erika: str
) -> None:
    action = f"/fahrgaeste/{erika}/aendern"
    fields = {**FORM, **hidden(read(board, action), action), "name": "Beispiel-Anders, Erika"}

    page = read(board, send(board, action, fields))

    assert "Geändert" in page
    rides = people.rides(planned_office, planned_office.region(), erika)
    assert {each.row.name for each in rides} == {"Beispiel-Anders, Erika"}
    # A second one who had the same form before is told, and loses nothing.
    theirs = send(board, action, {**fields, "hinweis": "Hund im Hof"}, status=409)
    assert "Inzwischen hat jemand anderes" in theirs
    assert 'value="Hund im Hof"' in theirs


def test_who_is_kept_already_is_named(board: TestClient, erika: str) -> None:
    told = people_of(board, erika)

    page = send(board, "/fahrgaeste/neu", {**FORM, **told}, status=409)

    assert f'href="/fahrgaeste/{erika}"' in page


def people_of(board: TestClient, person: str) -> dict[str, str]:
    """What makes somebody the same person, as the form has it."""
    form = read(board, f"/fahrgaeste/{person}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    return {name: values[name] for name in ("name", "telefon", "geburtsdatum")}


def test_two_entries_become_one(board: TestClient, planned_office: Office, erika: str) -> None:
    """Only after both were seen; their requests go along."""
    region = planned_office.region()
    other = people.create(planned_office, region, Profile("Beispiel, Erica", note="klingelt"))
    action = f"/fahrgaeste/{erika}/zusammen"
    found = send(board, action, {"suche": "erica"}, status=200)
    assert f'value="{other.id}"' in found

    both = send(board, action, {"mit": other.id}, status=200)
    assert "Ist das dieselbe Person?" in both
    assert people.read(planned_office, region, other.id).name == "Beispiel, Erica"
    page = read(board, send(board, action, hidden(both, action)))

    assert "Zusammengeführt" in page
    assert "klingelt" in page
    with pytest.raises(NotKeptError):
        people.read(planned_office, region, other.id)


def test_an_entry_that_was_changed_meanwhile_is_looked_at_again(
    board: TestClient, planned_office: Office, erika: str
) -> None:
    region = planned_office.region()
    other = people.create(planned_office, region, Profile("Beispiel, Erica"))
    action = f"/fahrgaeste/{erika}/zusammen"
    fields = hidden(send(board, action, {"mit": other.id}, status=200), action)
    people.change(planned_office, region, erika, Profile(ERIKA, note="neu"))

    assert "inzwischen geändert" in send(board, action, fields, status=409)
    assert people.read(planned_office, region, other.id)


def test_the_access_report_has_all_of_it(board: TestClient, erika: str) -> None:
    page = read(board, f"/fahrgaeste/{erika}/auskunft")

    assert "Art. 15 DSGVO" in page
    assert "Einstieg" in page  # where the plan has them
    assert re.search(r"Wer die Daten geöffnet hat \([1-9]", page)
    readings = page[page.index("Wer die Daten geöffnet hat") : page.index("Wozu, für wen")]
    assert "Fahrtwunsch bearbeitet" in readings
    assert not re.search(r"GET|POST|\{|\(\)|/api", readings)


def test_who_rides_is_forgotten_only_when_they_do_not(
    board: TestClient, planned_office: Office, erika: str
) -> None:
    action = f"/fahrgaeste/{erika}/loeschen"
    assert "Bitte sagen, warum" in send(board, action, {}, status=422)
    asked = read(board, action)
    assert "2 Fahrten stehen noch bevor" in asked
    assert re.search(r'<a href="/wuensche/r\d+"><bdi>Di 02\.03\.2027: Von [^<]* Uhr</bdi>', asked)
    refused = send(board, action, {"grund": "wunsch"}, status=409)
    assert f"{ERIKA} hat noch Fahrten vor sich. Bitte sie zuerst absagen." in refused

    page = send(board, action, {"grund": "widerruf"}, status=200)

    assert "Abgesagt" in page
    assert "Di 02.03.2027: Von" in page
    assert '<a href="/tage/2027-03-02">Di 02.03.2027</a>' in page
    assert not re.search(r"\b[pr]\d+\b", page[page.index("<main") :])  # no numbers
    assert ERIKA not in page
    read(board, f"/fahrgaeste/{erika}", status=404)


def test_who_never_rode_is_forgotten_at_once(board: TestClient) -> None:
    person = send(board, "/fahrgaeste/neu", FORM).split("/")[2].split("?")[0]

    page = read(board, send(board, f"/fahrgaeste/{person}/loeschen", {"grund": "wunsch"}))

    assert "Gelöscht." in page
    read(board, f"/fahrgaeste/{person}", status=404)


def test_what_was_cancelled_is_shown_as_that(
    board: TestClient, planned_office: Office, erika: str
) -> None:
    region = planned_office.region()
    last = people.rides(planned_office, region, erika)[0]
    requests.cancel(planned_office, region, last.id)

    page = read(board, f"/fahrgaeste/{erika}")

    assert re.search(r'<tr role="row" class="ended">.*?16\.03\.2027', page, re.DOTALL)
