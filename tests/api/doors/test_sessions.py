"""How long somebody is signed in, and what ends it."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from api.operations import forgetting
from api.operations.office import Office
from data import sessions
from data.door_tables import Attempts
from tests.api.doors.who import V1
from tests.builders_doors import (
    PASSWORD,
    PLACES,
    account,
    browser,
    session,
    sign_in,
)
from tests.builders_offers import Clock


def test_who_does_nothing_is_signed_out(office: Office, erika: int, now: Clock) -> None:
    """After an hour; each call begins it anew."""
    client = browser(office, session(office, erika))
    for _ in range(3):
        now.go_on(59)
        assert client.get(PLACES).status_code == 200
    now.go_on(61)

    assert client.get(PLACES).status_code == 401


ASKED_BY_ITSELF = (
    "/stand",
    "/tage/2027-03-02/stand",
    "/tage/2027-03-02/berechnung",
    "/tage/2027-03-02/karte.json",
    "/karte/grund.json",
    f"{V1}/solves/s1/events",
)


@pytest.mark.parametrize("path", ASKED_BY_ITSELF)
def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(
    office: Office, erika: int, now: Clock, path: str
) -> None:
    """A screen that nobody sits at closes, although its page asks all the time."""
    client = browser(office, session(office, erika))
    for _ in range(3):
        now.go_on(19)
        assert client.get(path).status_code in {200, 404}
    now.go_on(4)

    assert client.get(path, headers={"Accept": "application/json"}).status_code == 401


def test_a_page_that_is_loaded_by_itself_keeps_nobody_signed_in(
    office: Office, erika: int, now: Clock
) -> None:
    """A click on the same page does."""
    client = browser(office, session(office, erika))
    by_itself = {"X-Unattended": "1"}
    now.go_on(59)
    assert client.get("/tage").status_code == 200
    now.go_on(59)
    assert client.get("/tage", headers=by_itself).status_code == 200
    now.go_on(2)

    assert client.get("/tage", headers=by_itself).status_code == 401


def test_after_half_a_day_everybody_has_to_sign_in_anew(
    office: Office, erika: int, now: Clock
) -> None:
    """However busy they are."""
    client = browser(office, session(office, erika))
    for _ in range(23):
        now.go_on(30)
        assert client.get(PLACES).status_code == 200
    now.go_on(30)

    assert client.get(PLACES).status_code == 401


def test_whoever_signs_out_is_out(office: Office, erika: int) -> None:
    """The secret opens nothing any more, even if somebody has kept it."""
    secret = session(office, erika)
    answer = browser(office, secret).post("/abmelden")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmelden")
    assert 'fahrten=""' in answer.headers["Set-Cookie"]
    assert browser(office, secret).get(PLACES).status_code == 401


def test_a_new_password_ends_every_session(office: Office, erika: int) -> None:
    """Only the browser that chose it goes on, with a new secret."""
    here, there = session(office, erika), session(office, erika)
    client = browser(office, here)
    new = "warmer Tee am Abend"

    answer = client.post("/konto/passwort", data={"alt": PASSWORD, "neu": new, "nochmal": new})

    assert answer.headers["Location"] == "/konto?getan=passwort"
    assert client.get(PLACES).status_code == 200
    for secret in (here, there):
        assert browser(office, secret).get(PLACES).status_code == 401
    assert sign_in(browser(office)).status_code == 422
    assert sign_in(browser(office), password=new).status_code == 303


@pytest.mark.parametrize(
    "wanted", ["/anruf?wie=r5", "/tage", "/wuensche/r%C3%A4%3F5", "/fahrgaeste/p1?getan=neu"]
)
def test_who_was_signed_out_comes_back_to_where_one_wanted_to_go(
    office: Office, erika: int, wanted: str
) -> None:
    client = browser(office)
    door = client.get(wanted, headers={"Accept": "text/html"}).headers["Location"]
    form = client.get(door).text
    onward = re.search(r'name="weiter" value="([^"]*)"', form)
    assert onward is not None

    sent = {"name": "erika", "passwort": PASSWORD, "weiter": unescape(onward[1])}

    assert client.post("/anmelden", data=sent).headers["Location"] == wanted


def test_one_sees_and_ends_what_one_is_signed_in_with(office: Office, erika: int) -> None:
    """One's own, and nobody else's."""
    otto = session(office, account(office, "otto", "planner"))
    here, there = session(office, erika), session(office, erika)
    client = browser(office, here)
    page = client.get("/konto").text
    assert page.count("28.02.2027, 19:00 Uhr") >= 2
    assert page.count("– hier") == 1
    numbers = re.findall(r'name="ende" value="(\d+)"', page)
    assert len(numbers) == 2

    client.post("/konto/sitzungen", data={"ende": "1"})
    assert browser(office, otto).get(PLACES).status_code == 200
    client.post("/konto/sitzungen", data={"ende": "alle"})

    assert browser(office, there).get(PLACES).status_code == 401
    assert client.get(PLACES).status_code == 200
    client.post("/konto/sitzungen", data={"ende": min(numbers, key=int)})
    assert client.get(PLACES).status_code == 401


def test_what_has_ended_is_forgotten_at_night(office: Office, erika: int, now: Clock) -> None:
    """Sessions and failures; nobody looks for them any more."""
    begun = session(office, erika)
    sign_in(browser(office), "niemand")
    now.go_on(60 * 30)
    forgetting.forget_old(office)

    with office.store.reading() as reading:
        assert sessions.find(reading, begun) is None
        assert reading.scalars(select(Attempts)).all() == []
