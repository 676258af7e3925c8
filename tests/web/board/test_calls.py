"""The page for a telephone call: what it answers while somebody types, and what it keeps."""

import re
from html import unescape

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.operations import places, privacy, requests
from api.operations.office import Office
from scheduler.clock import clock
from scheduler.model import WayBack
from tests.builders_api import CELLS, SAMPLE_DAY, TUESDAY

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


def look(desk: TestClient, **changed: str) -> str:
    answer = desk.post("/anruf/vorschau", data={**ASKED, **changed})
    assert answer.status_code == 200
    return unescape(answer.text)


def chosen(page: str) -> dict[str, str]:
    """What the form would send back: the offers that are marked, and what they belong to."""
    state = re.search(r'name="stand" value="(\w*)"', page)
    assert state is not None
    marked = re.findall(r'name="(vorschlag-[0-9-]+)" value="([^"]*)" checked', page)
    return {"stand": state[1], **dict(marked)}


def book(desk: TestClient, **changed: str) -> httpx2.Response:
    return desk.post("/anruf", data={**ASKED, **changed}, follow_redirects=False)


def test_offers_appear_while_nothing_is_kept(desk: TestClient, new_office: Office) -> None:
    page = look(desk)

    assert "Dienstag, 2. März 2027" in page
    assert "übermorgen" in page
    assert "Nach <b>MVZ Kalletal</b>" in page
    assert re.search(r"Abholung zwischen \d\d:\d\d und \d\d:\d\d", page)
    assert requests.read_day(new_office, new_office.region(), TUESDAY) == []


def test_what_was_shown_is_what_is_promised(desk: TestClient, new_office: Office) -> None:
    page = look(desk)
    shown = re.search(r"Abholung zwischen (\d\d:\d\d) und (\d\d:\d\d)", page)
    assert shown is not None

    answer = book(desk, **chosen(page))

    assert answer.status_code == 303
    done = unescape(desk.get(answer.headers["location"]).text)
    assert f"Abholung zwischen {shown[1]} und {shown[2]} Uhr" in done
    (stored,) = requests.read_day(new_office, new_office.region(), TUESDAY)
    assert stored.promise is not None
    assert stored.promise.until is None


def test_enter_before_any_offer_was_seen_books_nothing(
    desk: TestClient, new_office: Office
) -> None:
    answer = book(desk)

    assert answer.status_code == 200
    assert "Bitte dem Fahrgast vorlesen" in answer.text
    assert requests.read_day(new_office, new_office.region(), TUESDAY) == []
    assert book(desk, **chosen(unescape(answer.text))).status_code == 303


def test_an_offer_for_what_was_typed_before_is_not_taken(
    desk: TestClient, new_office: Office
) -> None:
    seen = chosen(look(desk))

    answer = book(desk, **seen, termin="Di 10:30 MVZ")

    assert answer.status_code == 200
    assert requests.read_day(new_office, new_office.region(), TUESDAY) == []


def test_enter_twice_books_once(desk: TestClient, new_office: Office) -> None:
    seen = chosen(look(desk))

    first, second = book(desk, **seen), book(desk, **seen)

    assert first.headers["location"] == second.headers["location"]
    assert len(requests.read_day(new_office, new_office.region(), TUESDAY)) == 1


def test_a_booked_form_that_is_changed_books_no_other_ride(
    desk: TestClient, new_office: Office
) -> None:
    seen = chosen(look(desk))
    assert book(desk, **seen).status_code == 303
    other = {**ASKED, "dauer": "60"}
    seen = chosen(look(desk, dauer="60"))

    answer = desk.post("/anruf", data={**other, **seen}, follow_redirects=False)

    assert answer.status_code == 200
    assert "schon gebucht" in answer.text
    assert len(requests.read_day(new_office, new_office.region(), TUESDAY)) == 1


def test_the_form_of_whoever_is_erased_since_does_not_bring_them_back(
    desk: TestClient, new_office: Office
) -> None:
    """The page may still be open in a browser."""
    seen = chosen(look(desk))
    assert book(desk, **seen).status_code == 303
    privacy.erase(new_office, new_office.region(), "p1", cancel_rides=True)

    answer = book(desk, **seen)

    assert answer.status_code == 200
    assert "schon gebucht" in answer.text
    assert requests.read_day(new_office, new_office.region(), TUESDAY) == []


def test_a_week_is_booked_in_one_call(desk: TestClient, new_office: Office) -> None:
    page = look(desk, termin="Mo, Di, Do 9:30 MVZ")

    answer = book(desk, termin="Mo, Di, Do 9:30 MVZ", **chosen(page))

    done = unescape(desk.get(answer.headers["location"]).text)
    for title in ("Montag, 1. März 2027", "Dienstag, 2. März 2027", "Donnerstag, 4. März 2027"):
        assert title in done
    assert done.count("Abholung zwischen") == 3


def test_one_day_of_a_week_is_undone_or_all(desk: TestClient, new_office: Office) -> None:
    """The page stays with what is left, and says of each what became of it."""
    page = look(desk, termin="Di, Mi, Do 9:30 MVZ")
    place = book(desk, termin="Di, Mi, Do 9:30 MVZ", **chosen(page)).headers["location"]
    names = re.findall(r"wunsch=(r\d+)", place)
    assert len(names) == 3

    def undo(button: str) -> str:
        forms = re.findall(r"<form.*?</form>", unescape(desk.get(place).text), re.DOTALL)
        form = next(each for each in forms if button in each)
        action = re.search(r'action="([^"]+)"', form)
        assert action is not None
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        answer = desk.post(action[1], data=fields, follow_redirects=False)
        assert answer.headers["location"] == place
        return unescape(desk.get(place).text)

    def open_ones() -> list[str]:
        region = new_office.region()
        stored = (requests.read(new_office, region, name) for name in names)
        return [each.id for each in stored if each.cancelled is None]

    page = undo("Rückgängig")
    assert open_ones() == names[1:]
    assert page.count("Zurückgenommen.") == 1
    assert page.count("Abholung zwischen") == 2

    page = undo("Alle zurücknehmen")
    assert open_ones() == []
    assert page.count("Zurückgenommen.") == 3
    assert "Rückgängig" not in page
    assert "Alle zurücknehmen" not in page


ALREADY = re.compile(
    r"Hat am Di 02\.03\.2027 schon eine Fahrt:\s*"
    r'<a href="/wuensche/r1"[^>]*>09:30 MVZ Kalletal<'
)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Beispiel, Erika"},
        {"name": "erika beispiel"},
        {"telefon": ""},
        {"telefon": "030 23125 199", "geburtsdatum": "06.05.1941"},
        {"termin": "Di 14 Krone"},  # before the time is clear
    ],
)
def test_who_rides_on_that_day_already_is_said_and_can_be_booked(
    desk: TestClient, new_office: Office, changed: dict[str, str]
) -> None:
    assert book(desk, **chosen(look(desk)), geburtsdatum="").status_code == 303
    requests.change(new_office, new_office.region(), "r1", {**CELLS, "geburtsdatum": "1941-05-06"})
    again = {"schluessel": "another-0123456789", "termin": "Di, Do 14 Uhr Krone", **changed}

    page = look(desk, **again)

    assert len(ALREADY.findall(page)) == 1
    if "termin" not in changed:
        assert book(desk, **again, **chosen(page)).status_code == 303


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Beispiel, Otto"},
        {"telefon": "030 23125 199"},
        {"geburtsdatum": "01.01.1950"},
        {"name": ""},
        {"termin": "Do 9:30 MVZ"},
    ],
)
def test_who_does_not_ride_is_not_said_to(desk: TestClient, changed: dict[str, str]) -> None:
    born = {"geburtsdatum": "06.05.1941"} if "geburtsdatum" in changed else {}
    assert book(desk, **born, **chosen(look(desk, **born))).status_code == 303

    assert "schon eine Fahrt" not in look(desk, **changed)


def test_a_ride_that_was_cancelled_is_none(desk: TestClient, new_office: Office) -> None:
    assert book(desk, **chosen(look(desk))).status_code == 303
    requests.cancel(new_office, new_office.region(), "r1")

    assert "schon eine Fahrt" not in look(desk)


def test_a_day_without_a_bus_is_said_and_the_others_are_booked(desk: TestClient) -> None:
    page = look(desk, termin="Di, Sa 9:30 MVZ")

    assert "Am Samstag fährt kein Bus" in page
    assert list(chosen(page)) == ["stand", "vorschlag-2027-03-02"]
    answer = book(desk, termin="Di, Sa 9:30 MVZ", **chosen(page))
    assert answer.headers["location"].count("wunsch=") == 1


def suggested(page: str) -> list[tuple[str, str]]:
    """What can be chosen by key instead of what was typed."""
    return re.findall(r'class="suggest" data-field="termin" data-value="([^"]*)">([^<]*)<', page)


@pytest.mark.parametrize(
    ("termin", "said", "next_days"),
    [
        ("Sa 9:30 MVZ", "Am Samstag fährt kein Bus", ["08.03.2027", "09.03.2027", "10.03.2027"]),
        ("26.3. 9:30 MVZ", "Feiertag: Karfreitag", ["30.03.2027", "31.03.2027", "01.04.2027"]),
    ],
)
def test_where_no_bus_runs_the_next_days_with_one_are_named(
    desk: TestClient, termin: str, said: str, next_days: list[str]
) -> None:
    page = look(desk, termin=termin)

    assert said in page
    assert [value.split()[0] for value, _ in suggested(page)] == next_days
    assert all(value.endswith(" 9:30 MVZ") for value, _ in suggested(page))
    assert "geöffnet 08:00–" in suggested(page)[0][1]
    assert "Abholung zwischen" in look(desk, termin=suggested(page)[0][0])


def test_where_a_practice_is_closed_it_is_said_when_it_opens(
    desk: TestClient, new_office: Office
) -> None:
    closed = "2027 Mar 01-2027 Mar 03 off"
    region = new_office.region()
    hours = region.places["mvz"].opening_hours
    hours = f"{hours}; {closed}"
    places.change(new_office, region, "mvz", opening_hours=hours, phone="", version=0)

    page = look(desk)

    assert "MVZ Kalletal hat am 02.03.2027 geschlossen" in page
    assert suggested(page)[0] == (
        "04.03.2027 9:30 MVZ",
        "Do 04.03.2027, geöffnet 08:00–12:30 Uhr und 14:00–18:00 Uhr",
    )


def test_there_is_no_button_where_nothing_can_be_proposed(desk: TestClient) -> None:
    """And Enter does not press the one beside it, which would keep the call instead."""
    page = look(desk, termin="Sa 9:30 MVZ")

    buttons = re.findall(r"<button (.*?)>", re.sub(r"<noscript>.*?</noscript>", "", page))
    submits = [each for each in buttons if 'type="button"' not in each]
    assert submits[0] == 'id="zusagen" hidden disabled'
    assert 'id="zusagen">Vorschläge ansehen' in look(desk, termin="Di MVZ")
    assert 'class="main" id="zusagen"' in look(desk, termin="Di, Sa 9:30 MVZ")


def test_a_ride_without_a_telephone_number_is_promised_with_a_warning(desk: TestClient) -> None:
    page = look(desk, telefon="")

    assert "Ohne Telefonnummer kann niemand zurückrufen" in page
    assert book(desk, telefon="", **chosen(page)).status_code == 303
    assert "Ohne Telefonnummer" not in look(desk)


def test_a_ride_farther_ahead_than_others_may_book_is_promised_with_a_hint(
    desk: TestClient,
) -> None:
    hint = "Sonst nehmen wir Fahrten höchstens 28 Tage vorher an."

    assert hint not in look(desk, termin="26.3.2027 9:30 MVZ")
    page = look(desk, termin="30.3.2027 9:30 MVZ")
    assert hint in page
    assert book(desk, termin="30.3.2027 9:30 MVZ", **chosen(page)).status_code == 303


def test_a_whole_week_is_said_in_one_word(desk: TestClient) -> None:
    page = look(desk, termin="nächste Woche Mo bis Fr 9:00 MVZ")

    assert len(chosen(page)) == 1 + 5


def test_a_colloquial_time_is_bookable(desk: TestClient) -> None:
    answer = book(desk, termin="Mi um 9 MVZ", **chosen(look(desk, termin="Mi um 9 MVZ")))

    assert "Termin 09:00 Uhr" in desk.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("typed", "at"), [("11:40", "11:40"), ("um elf", "11:00"), ("halb vier", "15:30")]
)
def test_a_typed_time_is_the_time_of_the_way_back(
    desk: TestClient, typed: str, at: str, new_office: Office
) -> None:
    page = look(desk, rueckfahrt_um=typed)

    assert book(desk, rueckfahrt_um=typed, **chosen(page)).status_code == 303
    (stored,) = requests.read_day(new_office, new_office.region(), TUESDAY)
    assert stored.row.return_at == clock(at)


def test_what_is_typed_as_the_time_of_the_way_back_is_chosen_on_the_page(
    desk: TestClient,
) -> None:
    page = book(desk, rueckfahrt_um="99:99").text

    assert '<option value="um" selected>' in page


def test_who_was_overtaken_is_noted_and_told(
    desk: TestClient, new_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others take all seats between the look and the key: the request is kept, nothing promised."""
    seen = chosen(look(desk, begleitung="7"))
    for number in range(3):
        other = {**ASKED, "name": f"Beispiel, Nr {number}", "begleitung": "7"}
        other["schluessel"] = f"other-0123456789-{number}"
        page = unescape(desk.post("/anruf/vorschau", data=other).text)
        desk.post("/anruf", data={**other, **chosen(page)})

    answer = book(desk, begleitung="7", **seen)

    done = desk.get(answer.headers["location"]).text
    assert "Noch nichts zugesagt" in done
    assert "inzwischen jemand anderem zugesagt" in done
    assert "Andere Vorschläge ansehen" in done
    unseen = unescape(book(desk, begleitung="7", name="Beispiel, Otto", stand="").text)
    assert "Zusagen lässt sich nichts; aufnehmen geht." in unseen
    names = [each.row.name for each in requests.read_day(new_office, new_office.region(), TUESDAY)]
    assert "Beispiel, Erika" in names


def test_three_letters_find_a_passenger_with_the_usual_ride(
    desk: TestClient, new_office: Office
) -> None:
    requests.take_file(new_office, new_office.region(), SAMPLE_DAY.read_bytes(), "tag.csv")

    found = unescape(desk.post("/anruf/bekannte", data={"name": "eri bei"}).text)

    assert "Beispiel, Erika" in found
    assert "Beispielstraße 3, Talle → MVZ Kalletal" in found
    assert desk.post("/anruf/bekannte", data={"name": "be"}).text.strip() == ""


ONE_WAY = {
    "rueckfahrt": "nein",
    "apotheke": "ja",
    "hinweis": "Holt nur ein Rezept, wird abgeholt",
    "ziel": "MVZ Kalletal",
}
TAKEN_OVER = {"vorbelegt": "ziel rueckfahrt apotheke hinweis", "fahrt_nach": "MVZ Kalletal"}


@pytest.mark.parametrize("termin", ["Di 9:30", "Di 9:30 MVZ"])
def test_what_was_so_the_last_time_is_read_aloud(desk: TestClient, termin: str) -> None:
    page = look(desk, **{**ONE_WAY, **TAKEN_OVER, "termin": termin, "apotheke": ""})

    assert re.search(r"Abholung zwischen [^<]*, ohne Rückfahrt</b>", page)
    assert "Hinweis: Holt nur ein Rezept, wird abgeholt" in page
    assert "zurück ab" not in page
    assert "nicht übernommen" not in page
    page = look(desk, **{**TAKEN_OVER, "termin": termin, "ziel": "MVZ Kalletal", "apotheke": "ja"})
    assert "<bdi>mit Apotheke</bdi>" in page


def test_what_was_so_on_a_ride_to_somewhere_else_is_not_taken_over(
    desk: TestClient, new_office: Office
) -> None:
    """Else an old man sits stranded at another practice."""
    form = {**ONE_WAY, **TAKEN_OVER, "termin": "Di 9:30 Krone"}
    page = look(desk, **form)

    assert "Von der Fahrt nach MVZ Kalletal nicht übernommen: Rückfahrt, Apotheke, Hinweis." in page
    assert "ohne Rückfahrt" not in page
    assert "zurück ab" in page
    # The page without scripts shows it so as well.
    shown = unescape(book(desk, **form).text)
    assert '<option value="ja" selected>nach Termin' in shown
    assert re.search(r'id="hinweis" name="hinweis" value=""', shown)
    assert book(desk, **form, **chosen(page)).status_code == 303
    (stored,) = requests.read_day(new_office, new_office.region(), TUESDAY)
    assert (stored.row.way_back, stored.row.pharmacy) == (WayBack.AFTER_STAY, "")
    assert stored.row.note == ""


def test_what_was_typed_by_hand_holds_wherever_it_goes(desk: TestClient) -> None:
    by_hand = {**TAKEN_OVER, "vorbelegt": "ziel apotheke"}

    page = look(desk, **{**ONE_WAY, **by_hand, "termin": "Di 9:30 Krone"})

    assert "nicht übernommen: Apotheke." in page
    assert "ohne Rückfahrt</b>" in page
    assert "Hinweis: Holt nur" in page


def test_another_ride_for_the_same_person(desk: TestClient) -> None:
    location = book(desk, **chosen(look(desk))).headers["location"]
    request = location.rpartition("=")[2]

    form = unescape(desk.get(f"/anruf?wie={request}").text)

    assert 'value="Beispiel, Erika"' in form
    assert 'value="Beispielstraße 3, Talle"' in form
    assert re.search(r'id="termin" name="termin" value=""', form)


def test_no_name_stands_in_an_address(desk: TestClient) -> None:
    answer = book(desk, **chosen(look(desk)))

    assert re.fullmatch(r"/anruf/fertig\?wunsch=r\d+", answer.headers["location"])
