"""A ride becomes one of every week, and single dates of it are left out, on the board."""

import re
from datetime import timedelta
from html import unescape

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.operations import requests, series
from api.operations.office import Office
from tests.builders_api import BODY, TUESDAY

WEEKLY = {"wochentage": "1", "alle": "1", "bis": "", "feiertag": "leave_out"}
NEXT = TUESDAY + timedelta(weeks=1)


@pytest.fixture
def client(desk: TestClient) -> TestClient:
    """Somebody has asked for one ride."""
    assert desk.post("/api/v1/requests", json=BODY).status_code == 201
    return desk


def begin(client: TestClient, **changed: str | list[str]) -> httpx2.Response:
    return client.post("/wuensche/r1/serie", data={**WEEKLY, **changed})


def text_of(answer: httpx2.Response) -> str:
    assert answer.status_code == 200
    return unescape(answer.text)


def test_a_ride_is_made_one_of_every_week(client: TestClient, new_office: Office) -> None:
    """The ride itself is the first one; the others are requests like every other."""
    assert "Jede Woche" in text_of(client.get("/wuensche/r1"))
    form = text_of(client.get("/wuensche/r1/serie"))
    assert re.search(r'value="1" checked> Dienstag', form)

    page = text_of(begin(client))

    assert "Die Serie ist angelegt." in page
    assert "jeden Dienstag ab 02.03.2027, fällt an Feiertagen aus" in page
    assert "MVZ Kalletal, <b>Termin 09:30 Uhr</b>" in page
    assert '<a href="/wuensche/r1">' in page
    assert len(requests.read_day(new_office, new_office.region(), TUESDAY)) == 1
    assert len(requests.read_day(new_office, new_office.region(), NEXT)) == 1
    assert "/serien/s1" in text_of(client.get("/wuensche/r1"))
    assert "jeden Dienstag" in text_of(client.get("/fahrgaeste/p1"))
    assert "jeden Dienstag" in text_of(client.get("/fahrgaeste/p1/auskunft"))


def test_several_days_every_second_week_until_a_day(client: TestClient) -> None:
    page = text_of(begin(client, wochentage=["1", "3"], alle="2", bis="30.4.2027"))

    assert "alle 2 Wochen Dienstag, Donnerstag ab 02.03.2027 bis 30.04.2027" in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"bis": "irgendwann"}, "bis"),
        ({"bis": "1.3.2027"}, "bis"),
        ({"wochentage": []}, "wochentage"),
        ({"wochentage": "8"}, "wochentage"),
        ({"wochentage": "5"}, "wochentage"),
        ({"wochentage": ["1", "5", "6"]}, "wochentage"),
        ({"alle": "99"}, "alle"),
        ({"feiertag": "nie"}, "feiertag"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: TestClient, new_office: Office, changed: dict[str, str | list[str]], field: str
) -> None:
    answer = begin(client, **changed)

    assert answer.status_code == 422
    assert re.search(rf'id="fehler-{field}" class="wrong">[^<]+<', answer.text)
    assert series.read_all(new_office, new_office.region()) == []


def test_one_date_is_left_out_and_driven_all_the_same(
    client: TestClient, new_office: Office
) -> None:
    begin(client)

    page = text_of(client.post("/serien/s1/auslassen", data={"datum": NEXT.isoformat()}))
    assert "Am 09.03.2027 ausgelassen." in page
    assert "Doch fahren" in page
    (stored,) = requests.read_day(new_office, new_office.region(), NEXT, cancelled=True)
    assert stored.cancelled is not None

    page = text_of(client.post("/serien/s1/doch", data={"datum": NEXT.isoformat()}))
    assert "Am 09.03.2027 wird doch gefahren" in page
    assert "Doch fahren" not in page
    assert len(requests.read_day(new_office, new_office.region(), NEXT)) == 1


def test_a_day_on_which_no_bus_ever_runs_is_said_at_once(client: TestClient) -> None:
    page = unescape(begin(client, wochentage=["1", "5", "6"]).text)

    assert "Am Samstag und am Sonntag fährt kein Bus. Bitte nur Tage ankreuzen" in page


def test_no_button_drives_where_no_bus_runs(client: TestClient) -> None:
    """Good Friday: nobody can decide that a bus runs then."""
    page = text_of(begin(client, wochentage=["1", "4"]))

    (row,) = (each for each in page.split("<tr ") if "Fr 26.03.2027" in each)
    assert "Karfreitag" in row
    assert "Doch fahren" not in page
    assert "kann nicht gefahren werden" in text_of(
        client.post("/serien/s1/doch", data={"datum": "2027-03-26"})
    )


def test_whoever_was_promised_a_date_that_is_left_out_has_to_be_rung(client: TestClient) -> None:
    begin(client)
    (offer, *_) = client.post("/api/v1/requests/r2/offers").json()["offers"]
    assert client.post(f"/api/v1/offers/{offer['id']}/accept").status_code == 200

    page = text_of(client.post("/serien/s1/auslassen", data={"datum": NEXT.isoformat()}))

    assert "Bitte anrufen" in page
    assert re.search(r"war zugesagt \([^)]*zwischen [^)]*\) und ist es nicht mehr", page)


def test_a_series_ends(client: TestClient, new_office: Office) -> None:
    begin(client)

    wrong = client.post("/serien/s1/beenden", data={"bis": "bald"})
    assert wrong.status_code == 422
    assert 'value="bald"' in wrong.text
    slip = client.post("/serien/s1/beenden", data={"bis": "9.3.2026"})
    assert slip.status_code == 422
    assert "Das ist schon vorbei" in slip.text
    assert requests.read_day(new_office, new_office.region(), NEXT)
    page = text_of(client.post("/serien/s1/beenden", data={"bis": "9.3.2027"}))

    assert "Die Serie ist beendet." in page
    assert "bis 09.03.2027" in page
    after = requests.read_day(new_office, new_office.region(), NEXT + timedelta(weeks=1))
    assert after == []


def test_a_ride_has_one_series_only(client: TestClient, new_office: Office) -> None:
    """The form does not open again, nor does a second click make another one."""
    begin(client)

    assert "gehört schon zu dieser Serie" in text_of(client.get("/wuensche/r1/serie"))
    assert "gehört schon zu dieser Serie" in text_of(begin(client))
    assert len(series.read_all(new_office, new_office.region())) == 1
    client.post("/serien/s1/beenden", data={"bis": ""})
    assert "Die Serie ist angelegt." in text_of(begin(client))
    assert "/serien/s2" in text_of(client.get("/wuensche/r1"))


def test_a_series_that_ends_before_it_began_says_what_stays(
    client: TestClient, new_office: Office
) -> None:
    """The ride that it was made of was booked by hand."""
    begin(client)

    page = text_of(client.post("/serien/s1/beenden", data={"bis": ""}))

    assert "beendet vor dem ersten Tag, dem 02.03.2027" in page
    assert "weitere entstehen" not in page
    stays = page[page.index("Diese Fahrten bleiben") :]
    assert '<a href="/wuensche/r1">Dienstag, 2. März 2027</a>' in stays
    assert "Fahrten, die bleiben (1)" in stays
    assert "bleibt als einzelne Fahrt" in stays
    assert "Auslassen" not in page
    assert requests.read_day(new_office, new_office.region(), NEXT) == []


def test_a_date_that_the_series_does_not_have_is_refused(client: TestClient) -> None:
    begin(client)

    answer = client.post("/serien/s1/auslassen", data={"datum": "2027-03-10"})

    assert answer.status_code == 404
    assert "keine Fahrt vor sich" in unescape(answer.text)
