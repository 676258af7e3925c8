"""The page of one request: offers, holding, changing, undoing."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from api.operations import planning, requests
from api.operations.office import Office
from data.request_rows import row_cells
from scheduler.clock import clock
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import FAR, GROUP, Clock, accept, take
from tests.web.board.test_day_board import hidden, read, send
from tests.web.conftest import HALF_PAST_NINE


@pytest.fixture
def wish(board: TestClient) -> str:
    answer = board.post("/api/v1/requests", json={**BODY, "date": "2027-03-03"})
    return f"/wuensche/{answer.json()['id']}"


def offered(board: TestClient, wish: str) -> tuple[str, dict[str, str]]:
    page = send(board, f"{wish}/vorschlaege", status=200)
    return page, hidden(page, f"{wish}/zusagen")


def test_an_offer_is_promised_and_taken_back(board: TestClient, wish: str) -> None:
    page, fields = offered(board, wish)
    told = re.search(r"Abholung zwischen (\d\d:\d\d) und (\d\d:\d\d)", page)
    assert told is not None

    place = send(board, f"{wish}/zusagen", {**fields, "wie": "zusagen"})

    done = read(board, place)
    assert "Zugesagt." in done
    assert f"Abholung zwischen {told[1]} und {told[2]} Uhr" in done
    assert "zurückgenommen" in read(board, send(board, f"{wish}/freigeben"))


def test_an_offer_is_held(board: TestClient, wish: str) -> None:
    """It says until when, on the day as well; one click promises it, another gives it free."""
    _, fields = offered(board, wish)

    page = read(board, send(board, f"{wish}/zusagen", {**fields, "wie": "freihalten"}))
    told = re.search(r"frei gehalten bis \d\d:\d\d", page)
    assert told is not None
    assert "Zusage zurücknehmen" not in page
    assert told[0] in read(board, "/tage/2027-03-03")
    assert "wieder frei" in read(board, send(board, f"{wish}/freigeben"))

    send(board, f"{wish}/zusagen", {**fields, "wie": "freihalten"}, status=404)  # offers are gone
    _, fields = offered(board, wish)
    page = read(board, send(board, f"{wish}/zusagen", {**fields, "wie": "freihalten"}))
    assert "Jetzt zusagen" in page
    page = read(board, send(board, f"{wish}/zusagen", {"wie": "gehalten"}))
    assert "Zugesagt." in page
    assert "Zusage zurücknehmen" in page


def test_what_was_held_too_long_is_offered_anew(board: TestClient, wish: str, now: Clock) -> None:
    _, fields = offered(board, wish)
    send(board, f"{wish}/zusagen", {**fields, "wie": "freihalten"})
    now.go_on(minutes=30)

    page = send(board, f"{wish}/zusagen", {"wie": "gehalten"}, status=200)

    assert "nicht mehr frei gehalten" in page
    assert hidden(page, f"{wish}/zusagen")["vorschlag"] != fields["vorschlag"]


def test_a_change_says_before_and_after_that_the_promise_is_gone(
    board: TestClient, wish: str, planned_office: Office
) -> None:
    """First it is asked, and nothing is kept; then new times are there to be promised."""
    _, fields = offered(board, wish)
    send(board, f"{wish}/zusagen", {**fields, "wie": "zusagen"})
    form = read(board, f"{wish}/aendern")
    assert "Zugesagt ist: Abholung zwischen" in form
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    values |= {**hidden(form, f"{wish}/aendern"), "rueckfahrt": "ja", "termin": "3.3. 11:00"}

    asked = send(board, f"{wish}/aendern", values, status=200)

    assert "Damit gilt die Zusage nicht mehr: Abholung zwischen" in asked
    assert "Gespeichert ist noch nichts." in asked
    assert 'value="3.3. 11:00"' in asked
    name = wish.rpartition("/")[2]
    stored = requests.read(planned_office, planned_office.region(), name)
    assert (stored.promise is not None, stored.row.appointment) == (True, clock("09:30"))

    page = send(board, f"{wish}/aendern", values | hidden(asked, f"{wish}/aendern"), status=200)

    assert "Die Zusage gilt nicht mehr: Abholung zwischen" in page
    assert "Neue Zeit zusagen:" in page
    assert "Termin 11:00 Uhr" in page
    again = hidden(page, f"{wish}/zusagen")
    assert "Zugesagt." in read(board, send(board, f"{wish}/zusagen", {**again, "wie": "zusagen"}))


def test_another_telephone_asks_nothing(board: TestClient, wish: str) -> None:
    """The promise stays."""
    _, fields = offered(board, wish)
    send(board, f"{wish}/zusagen", {**fields, "wie": "zusagen"})
    form = read(board, f"{wish}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    values |= {**hidden(form, f"{wish}/aendern"), "rueckfahrt": "ja", "telefon": "030 23125 999"}

    page = read(board, send(board, f"{wish}/aendern", values))

    assert "Abholung zwischen" in page


def test_times_of_a_plan_for_another_wish_are_not_shown(
    board: TestClient, planned_office: Office
) -> None:
    """The newest plan does not know the change, and that is what stands there."""
    region = planned_office.region()
    plan = planning.read_plan(planned_office, region, TUESDAY).plan
    name = next(visit.request for visit in plan.visits)
    before = read(board, f"/wuensche/{name}")
    assert re.search(r"im neuesten Plan: hin \d\d:\d\d", before)
    cells = row_cells(requests.read(planned_office, region, name).row)
    requests.change(planned_office, region, name, cells | {"termin": "13:45", "rueckfahrt": "nein"})

    page, day = read(board, f"/wuensche/{name}"), read(board)

    assert "der neueste Plan kennt die Änderung noch nicht" in page
    assert not re.search(r"hin \d\d:\d\d", page)
    row = re.search(rf'<tr role="row" id="{name}".*?</tr>', day, re.DOTALL)
    assert row is not None
    assert "kennt die Änderung noch nicht" in row[0]
    assert "eingeplant" not in row[0]


def test_an_offer_that_is_gone_comes_back_with_others(
    board: TestClient, wish: str, now: Clock
) -> None:
    _, fields = offered(board, wish)
    now.go_on(minutes=30)

    page = send(board, f"{wish}/zusagen", {**fields, "wie": "zusagen"}, status=200)

    assert "ist abgelaufen" in page
    assert hidden(page, f"{wish}/zusagen")["vorschlag"] != fields["vorschlag"]


def test_a_request_is_changed_by_its_form(board: TestClient, wish: str) -> None:
    form = read(board, f"{wish}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    assert values["termin"] == "03.03.2027 09:30"
    fields = {**values, **hidden(form, f"{wish}/aendern"), "rueckfahrt": "anruf"}

    place = send(board, f"{wish}/aendern", {**fields, "termin": "Do 4.3. 10:15"})

    page = read(board, place)
    assert "Donnerstag, 4. März 2027" in page
    assert "Termin 10:15 Uhr" in page
    assert "Rückfahrt auf Anruf" in page
    # A second one who had the same form before is told, and loses nothing.
    theirs = send(board, f"{wish}/aendern", {**fields, "hinweis": "klingelt zweimal"}, status=409)
    assert "Inzwischen hat jemand anderes" in theirs
    assert 'value="klingelt zweimal"' in theirs


def test_whoever_was_slower_sees_every_field_that_differs(board: TestClient, wish: str) -> None:
    """With both values; what is the same in both is not named."""
    form = read(board, f"{wish}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    fields = {**values, **hidden(form, f"{wish}/aendern"), "rueckfahrt": "ja"}
    ours = {"hinweis": "von A", "telefon": "030 23125 104", "rueckfahrt": "anruf"}
    send(board, f"{wish}/aendern", {**fields, **ours})

    typed = {**fields, "hinweis": "<b>von C</b>", "termin": "Mi 3.3. 9:30"}
    page = send(board, f"{wish}/aendern", typed, status=409)

    told = re.search(r'<div class="told".*?</div>', page, re.DOTALL)
    assert told is not None
    both = re.findall(
        r"<p>([^:<]+): dort jetzt <b><bdi>(.*?)</bdi></b>, hier <b><bdi>(.*?)</bdi></b>", told[0]
    )
    assert both == [
        ("Rückfahrt", "auf Anruf", "nach Termin"),
        ("Telefon", "030 23125 104", "030 23125 103"),
        ("Hinweis", "von A", "<b>von C</b>"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("termin", "irgendwann", "An welchem Tag?"),
        ("termin", "3.3.2027 22:00", "nur 08:00"),
        ("abholort", "Nirgendweg 77, Talle", "nicht bekannt"),
        ("telefon", "Apfel", "3 bis 20 Ziffern"),
        ("name", "", "Fehlt."),
        ("termin", "", "Fehlt."),
        ("termin", "Mi, Do 9:30", "nur einen Tag"),
        ("rueckfahrt_um", "99:99", "Diese Uhrzeit gibt es nicht"),
        ("rueckfahrt_um", "8:00", "Liegt nicht nach der Ankunft"),
    ],
)
def test_a_fault_stands_beside_its_field(
    board: TestClient, wish: str, field: str, value: str, said: str
) -> None:
    form = read(board, f"{wish}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    values |= {"rueckfahrt": "ja", "version": "1", field: value}

    answer = board.post(f"{wish}/aendern", data=values)

    assert answer.status_code == 422
    page = unescape(answer.text)
    fault = re.search(rf'id="fehler-{field}" class="wrong">([^<]*)<', page)
    assert fault is not None
    assert said in fault[1]
    assert f'value="{value}"' in page


def test_a_typed_time_is_the_time_of_the_way_back(board: TestClient, wish: str) -> None:
    """Until another way back is chosen beside it: then it is asked what is meant."""
    form = read(board, f"{wish}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    fields = {**values, **hidden(form, f"{wish}/aendern"), "rueckfahrt": "ja"}

    page = read(board, send(board, f"{wish}/aendern", {**fields, "rueckfahrt_um": "halb zwölf"}))
    assert "Rückfahrt ab 11:30 Uhr" in page

    form = read(board, f"{wish}/aendern")
    fields |= {**hidden(form, f"{wish}/aendern"), "rueckfahrt_um": "11:30"}
    for chosen in ("ja", "anruf", "nein"):
        page = send(board, f"{wish}/aendern", {**fields, "rueckfahrt": chosen}, status=422)
        assert 'id="fehler-rueckfahrt_um" class="wrong">Passt nicht zur' in page
    page = read(board, send(board, f"{wish}/aendern", {**fields, "rueckfahrt_um": ""}))
    assert "Rückfahrt nach dem Termin" in page


def test_all_faults_are_said_in_one_round(board: TestClient, wish: str) -> None:
    form = read(board, f"{wish}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    wrong = {"abholort": "Nirgendweg 77, Talle", "dauer": "lang", "telefon": "Apfel"}
    values |= {"rueckfahrt": "ja", "version": "1", **wrong}

    for termin in (values["termin"], "irgendwann"):
        page = send(board, f"{wish}/aendern", {**values, "termin": termin}, status=422)
        found = dict(re.findall(r'id="fehler-(\w+)" class="wrong">([^<]+)<', page))
        assert set(found) - {"termin"} == set(wrong)
        assert ("termin" in found) == (termin == "irgendwann")
        first = "termin" if "termin" in found else "abholort"
        assert re.findall(r'id="(\w+)"[^>]* autofocus', page) == [first]


def test_a_booking_is_undone(board: TestClient, wish: str, planned_office: Office) -> None:
    assert "Abgesagt." in read(board, send(board, f"{wish}/zuruecknehmen"))
    stored = requests.read(planned_office, planned_office.region(), wish.rpartition("/")[2])
    assert stored.cancelled is not None


def test_who_rides_after_all_is_promised_the_same_again(
    board: TestClient, planned_office: Office
) -> None:
    """As it stands on the published sheet; a second click, or cancellation, is harmless."""
    region = planned_office.region()
    name = next(iter(planning.read_plan(planned_office, region, TUESDAY).plan.visits)).request
    before = requests.read(planned_office, region, name)
    assert before.promise is not None
    report = read(board, f"/tage/2027-03-02/melden?was=cancelled&wunsch={name}")
    fields = hidden(report, "/tage/2027-03-02/melden")
    for _ in range(2):
        send(board, "/tage/2027-03-02/melden", fields)
    assert requests.read(planned_office, region, name).promise is None

    for _ in range(2):
        page = read(board, send(board, f"/wuensche/{name}/wieder"))
        assert "Die Absage ist zurückgenommen. Zugesagt wie vorher." in page
        assert re.search(r'<p class="aloud">Abholung zwischen', page)
        after = requests.read(planned_office, region, name)
        assert after.promise is not None
        assert after.promise.promise == before.promise.promise
        assert after.promise.until is None
    assert "Dieser Plan weiß noch nicht" not in read(board)


def test_whose_seat_is_taken_meanwhile_hears_so_and_what_can_be_had(board: TestClient) -> None:
    """One who had none promised before is open again, and no more."""
    day = {"date": "2027-03-03"}
    name = take(board, **GROUP, **day)
    accept(board, name)
    send(board, f"/wuensche/{name}/zuruecknehmen")
    other = take(board, **FAR, **GROUP, **day)
    accept(board, other)

    page = send(board, f"/wuensche/{name}/wieder", status=200)

    assert re.search("Was zugesagt war, geht nicht mehr: Abholung zwischen", page)
    assert 'id="vorschlaege-titel"' in page
    stored = board.get(f"/api/v1/requests/{name}").json()
    assert (stored["promise"], stored["cancelled"]) == (None, None)

    open_one = take(board, **day)
    send(board, f"/wuensche/{open_one}/zuruecknehmen")
    page = read(board, send(board, f"/wuensche/{open_one}/wieder"))
    assert "zurückgenommen. Zugesagt ist noch nichts." in page


def test_nobody_has_a_page_who_is_not_there(board: TestClient) -> None:
    read(board, "/wuensche/r99999", status=404)


def test_whoever_rides_already_is_named_and_nothing_typed_is_lost(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    plan = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan
    name = max(plan.visits, key=lambda visit: visit.begin).request
    known = requests.read(planned_office, planned_office.region(), name).row
    now.now = HALF_PAST_NINE
    form = read(board, f"/wuensche/{name}/aendern")
    values = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
    values |= {**hidden(form, f"/wuensche/{name}/aendern"), "rueckfahrt": "nein"}
    values |= {"rueckfahrt_um": "", "termin": "2.3.2027 17:00", "sicher": "ja"}

    page = send(board, f"/wuensche/{name}/aendern", values, status=409)

    assert f"{known.name} fährt am 02.03.2027 schon mit" in page
    assert 'value="2.3.2027 17:00"' in page
