"""What is wrong or missing in a call: said at once, beside its field, and nothing typed is lost."""

import re
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient

from api.operations import calling, requests
from api.operations.calling import Proposal, Taken
from api.operations.office import Office
from api.web.board.forms import LONGEST
from data.errors import Rejected
from tests.builders_api import BODY, TUESDAY
from tests.web.board.test_calls import ASKED, book, chosen, look


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
    desk: TestClient, changed: dict[str, str], said: str
) -> None:
    assert said in look(desk, **changed)


def test_nothing_typed_is_lost_and_the_fault_stands_beside_its_field(desk: TestClient) -> None:
    answer = book(desk, telefon="Apfel", hinweis="„<b>wartet</b>“")

    page = unescape(answer.text)
    assert answer.status_code == 422
    assert 'value="Apfel"' in page
    assert 'value="&#34;' not in answer.text
    assert "&lt;b&gt;wartet&lt;/b&gt;" in answer.text
    assert re.search(r'id="fehler-telefon" class="wrong">Eine Telefonnummer hat', page)


def faults_of(page: str) -> dict[str, str]:
    """What stands beside the fields, by field."""
    return dict(re.findall(r'id="fehler-(\w+)" class="wrong"[^>]*>([^<]+)<', page))


def focused(page: str) -> list[str]:
    return re.findall(r'<(?:input|select) id="(\w+)"[^>]* autofocus', page)


WHEN = "Um wie viel Uhr?"


NO_SUCH_TIME = "Richtig ist eine Uhrzeit"


@pytest.mark.parametrize(
    ("termin", "said"),
    [
        ("Do MVZ", WHEN),
        ("Do 25:00 MVZ", NO_SUCH_TIME),
        ("Mi 9 MVZ", "Ist „9“ die Uhrzeit?"),
        ("jeden Mittwoch 10:30 MVZ", "wird eine Serie"),
        ("Mi 9:00 und Fr 14:00 MVZ", "einen nach dem anderen"),
        ("Mi oder Do 9:30 MVZ", "„oder Do“ ist nicht klar"),
        ("Do ab 9:30 MVZ", "„ab“ ist nicht klar"),
        ("Do 9:30 MVZ Rückfahrt 11:00", "die Zeit bei „Feste Zeit“"),
    ],
)
def test_without_a_time_nothing_is_bookable(
    desk: TestClient, new_office: Office, termin: str, said: str
) -> None:
    """It is asked for at the appointment, and the call can be looked at or kept."""
    page = look(desk, termin=termin)
    assert said in faults_of(page)["termin"]
    assert list(faults_of(page)) == ["termin"]
    assert "Vormerken" not in page
    assert "Vorschläge ansehen" in page
    assert "Nur merken, später klären" in page

    for seen in ({}, chosen(page), {"stand": "0" * 32, "vorschlag-2027-03-04": ""}):
        answer = book(desk, termin=termin, **seen)
        assert answer.status_code == 422
        assert said in faults_of(unescape(answer.text))["termin"]
        assert "Inzwischen hat sich etwas geändert" not in answer.text
    assert requests.read_day(new_office, new_office.region(), date(2027, 3, 4)) == []


@pytest.mark.parametrize("termin", ["Di 10 Ballett", "Di um 9 oder 10", "Di 9:30 Ballett"])
def test_a_place_that_was_not_said_is_not_shown(desk: TestClient, termin: str) -> None:
    """The usual destination stands in the form, and something else was said."""
    assert "Nach <b>" not in look(desk, termin=termin, ziel="MVZ Kalletal")
    assert "Nach <b>MVZ Kalletal" in look(desk, termin="Di", ziel="MVZ Kalletal")


def test_a_destination_said_with_the_appointment_is_named_as_that(desk: TestClient) -> None:
    """Beside the field stands another one, which is known."""
    page = look(desk, termin="Di 9:30 Ballett", ziel="MVZ Kalletal")
    assert faults_of(page)["ziel"].startswith("„Ballett“ beim Termin: Ist in Kalletal nicht")
    assert faults_of(look(desk, termin="Di 9:30", ziel="Ballett"))["ziel"].startswith("Ist in")


@pytest.mark.parametrize("changed", [True, False])
def test_that_something_has_changed_is_said_only_if_it_has(
    desk: TestClient, monkeypatch: pytest.MonkeyPatch, *, changed: bool
) -> None:
    """Else it is said what is in the way."""
    seen = chosen(look(desk))
    fault = Rejected(0, "ziel", "MVZ", "Ist seit heute geschlossen.")
    looked = calling.propose

    def refuse(*_: object, **__: object) -> list[Taken]:
        if changed:
            monkeypatch.setattr(calling, "propose", lambda *_: [Proposal(TUESDAY, (fault,))])
        return [Taken(TUESDAY, faults=(fault,))]

    monkeypatch.setattr(calling, "book", refuse)
    page = unescape(book(desk, **seen).text)

    told = re.search(r'role="alert">([^<]*)<', page)
    assert told is not None
    assert told[1].startswith("Inzwischen" if changed else "Ist seit heute geschlossen.")
    assert changed == (calling.propose is not looked)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rueckfahrt_um": "99:99"}, "Diese Uhrzeit gibt es nicht"),
        ({"rueckfahrt_um": "bald", "rueckfahrt": "um"}, "Eine Uhrzeit sieht so aus"),
        ({"rueckfahrt_um": "um drei", "termin": "Di"}, "Um 3:00 oder um 15:00 Uhr?"),
        ({"rueckfahrt_um": "8:00"}, "Liegt nicht nach der Ankunft um 09:30 Uhr"),
        ({"rueckfahrt_um": "11:40", "rueckfahrt": "nein"}, "Passt nicht zur gewählten Rückfahrt"),
        ({"rueckfahrt_um": "11:40", "rueckfahrt": "anruf"}, "Passt nicht zur gewählten Rückfahrt"),
    ],
)
def test_a_time_of_the_way_back_that_cannot_be_is_said_beside_it(
    desk: TestClient, changed: dict[str, str], said: str
) -> None:
    page = look(desk, **changed)

    assert said in faults_of(page)["rueckfahrt_um"]
    assert list(chosen(page).values()) == [""]


@pytest.mark.parametrize("path", ["/anruf", "/wuensche/r1/aendern", "/fahrgaeste/neu"])
def test_what_is_too_long_is_told_and_not_cut(desk: TestClient, path: str) -> None:
    """The browser lets more in than a note may have: else it would cut what is pasted."""
    assert desk.post("/api/v1/requests", json=BODY).status_code == 201
    page = unescape(desk.get(path).text)
    (field,) = re.findall(r'<input id="hinweis"[^>]*>', page)
    longest = re.search(r'maxlength="(\d+)"', field)
    assert longest is None or int(longest[1]) >= LONGEST
    fields = dict(re.findall(r'<input [^>]*name="(\w+)" value="([^"]*)"', page))

    answer = desk.post(path, data={**ASKED, **fields, "hinweis": "x" * 501})

    assert answer.status_code == 422
    assert "Höchstens 500 Zeichen haben Platz, es sind 501." in faults_of(answer.text)["hinweis"]
    assert f'value="{"x" * 501}"' in answer.text


def test_a_fixed_time_that_is_not_typed_is_missing(desk: TestClient) -> None:
    page = look(desk, rueckfahrt="um")

    assert "Es fehlt noch: Feste Zeit." in page
    assert faults_of(page) == {}


@pytest.mark.parametrize(
    ("termin", "said"),
    [
        ("Di 25:00 MVZ", NO_SUCH_TIME),
        ("31.2. 9:30 MVZ", "gibt es im Kalender nicht"),
        ("gestern 9:30 MVZ", "Der 27.02.2027 ist vorbei"),
        ("So 9:30 MVZ", "Heute oder in einer Woche?"),
    ],
)
def test_what_is_wrong_with_the_appointment_stands_beside_it(
    desk: TestClient, termin: str, said: str
) -> None:
    assert said in faults_of(look(desk, termin=termin))["termin"]

    page = unescape(book(desk, termin=termin).text)
    assert said in faults_of(page)["termin"]
    assert re.search(r'<input id="termin"[^>]* aria-invalid="true"', page)
    assert focused(page) == ["termin"]


@pytest.mark.parametrize("termin", ["Di 9:30 MVZ", "Di MVZ"])
def test_all_faults_are_said_in_one_round(desk: TestClient, termin: str) -> None:
    wrong = {
        "abholort": "Nirgendweg 77, Talle",
        "geburtsdatum": "31.2.1950",
        "dauer": "lang",
        "telefon": "Apfel",
    }

    page = unescape(book(desk, termin=termin, **wrong).text)

    assert set(faults_of(page)) - {"termin"} == set(wrong)
    assert focused(page) == ["termin" if WHEN in page else "abholort"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"abholort": ""}, "abholort"),
        ({"rueckfahrt": "um"}, "rueckfahrt_um"),
        ({"hilfen": "Flugzeug"}, "hilfen"),
        ({"telefon": "Apfel", "dauer": "lang"}, "dauer"),
    ],
)
def test_a_page_with_faults_begins_in_the_first_bad_field(
    desk: TestClient, changed: dict[str, str], field: str
) -> None:
    assert focused(book(desk, **changed, stand="0" * 32).text) == [field]
