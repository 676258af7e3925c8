"""Where somebody lands, which rooms they see, and how they find a day."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest

from api.operations import publishing, requests
from api.operations.office import Office
from data import audit
from data.outcomes import Outcome
from tests.builders_api import BODY, TODAY, TUESDAY, make_office
from tests.builders_doors import account, browser, session
from tests.builders_visits import visit

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


def ask(office: Office, **changed: str) -> None:
    assert visit(office).post("/api/v1/requests", json={**BODY, **changed}).status_code == 201


def plan(office: Office, day: date) -> None:
    answer = visit(office).post(f"/api/v1/days/{day}/plan", json={"seconds": 1})
    assert answer.status_code == 200


def rooms(page: str) -> list[str]:
    inside = re.search(r'<nav class="rooms".*?</nav>', page, re.DOTALL)
    return re.findall(r">([^<]+)</a>", inside[0]) if inside else []


def test_the_next_day_that_somebody_asked_for_comes_first(office: Office) -> None:
    """Not the latest one that is planned: tomorrow is what there is to work at."""
    ask(office, date=WEDNESDAY.isoformat())
    plan(office, WEDNESDAY)
    ask(office)

    page = unescape(visit(office).get("/").text)

    assert "Dienstag, 2. März 2027" in page
    assert f'rel="next" href="/tage/{WEDNESDAY}"' in page
    days = unescape(visit(office).get("/tage").text)
    assert re.search(r"2\. März 2027</a> <span[^>]*>noch nicht geplant", days)


def test_today_and_tomorrow_are_one_click_away(office: Office) -> None:
    ask(office)

    page = visit(office).get(f"/tage/{TUESDAY}").text

    assert f'href="/tage/{TODAY}">heute</a>' in page
    assert f'href="/tage/{TODAY + timedelta(days=1)}">morgen</a>' in page


@pytest.mark.parametrize("typed", ["Di", "2.3.", "übermorgen", "2.3.2027", "Dienstag"])
def test_a_day_is_typed_as_it_is_said(office: Office, typed: str) -> None:
    """Today is Sunday, 28 February."""
    answer = visit(office).get("/tage", params={"datum": typed}, follow_redirects=False)

    assert answer.headers["location"] == f"/tage/{TUESDAY}"


@pytest.mark.parametrize("typed", ["", "bald", "So", "Mo und Di", "31.2."])
def test_what_is_no_day_or_several_is_asked_again(office: Office, typed: str) -> None:
    answer = visit(office).get("/tage", params={"datum": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text


@pytest.mark.parametrize(
    ("role", "place", "seen"),
    [
        ("planner", "/zahlen", ["Zahlen"]),
        ("driver", "/fahrer", ["Unterwegs"]),
        ("administrator", "/konto", []),
    ],
)
def test_each_role_lands_in_its_own_room(
    office: Office, role: str, place: str, seen: list[str]
) -> None:
    client = browser(office, session(office, account(office, "hagebutte", f"{role}@kalletal")))

    answer = client.get("/", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, place)
    landed = client.get(place, follow_redirects=True)
    assert landed.status_code == 200
    assert rooms(landed.text) == seen


def test_a_driver_finds_the_published_tours(office: Office) -> None:
    """Those only, and nobody's name but their own kind's."""
    ask(office)
    region = office.region()
    plan(office, TUESDAY)
    client = browser(office, session(office, account(office, "hagebutte", "driver@kalletal")))
    assert "Noch ist keine Tour veröffentlicht" in client.get("/fahrer").text

    publishing.publish(office, region, TUESDAY, 1)
    page = client.get("/fahrer").text

    (path,) = re.findall(r'href="(/fahrer/[^"]+)"', page.split("<main")[1])
    assert client.get(path).status_code == 200
    assert str(BODY["name"]) not in page


def test_a_page_that_asks_whether_it_is_still_true_opens_nobody(office: Office) -> None:
    """It does so every second or two; the report of who read what would be full of it."""
    ask(office)
    with office.store.reading() as reading:
        before = audit.readings_of(reading, "kalletal", "p1", most=100)

    assert visit(office).get(f"/tage/{TUESDAY}/stand").status_code == 200

    with office.store.reading() as reading:
        assert audit.readings_of(reading, "kalletal", "p1", most=100) == before


def test_what_was_booked_by_mistake_counts_nowhere(office: Office) -> None:
    ask(office)
    ask(office, name="Beispiel, Hans")
    client = visit(office)

    assert client.post("/wuensche/r1/zuruecknehmen").status_code == 200

    region = office.region()
    assert requests.read(office, region, "r1").outcome is Outcome.MISTAKEN
    counts = requests.month_counts(office, region, TUESDAY)
    assert (counts.asked, counts.unplanned, sum(counts.ended.values())) == (1, 1, 0)


@pytest.mark.parametrize(
    ("path", "room", "how"),
    [
        ("/anruf", "Anruf", "page"),
        (f"/tage/{TUESDAY}", "Tag", "true"),
        ("/wuensche/r1", "Tag", "true"),
        ("/fahrgaeste/p1", "Fahrgäste", "true"),
        ("/region/orte/mvz", "Region", "true"),
        ("/zahlen/2027-03", "Zahlen", "true"),
    ],
)
def test_the_room_that_is_open_is_marked(office: Office, path: str, room: str, how: str) -> None:
    """One of them; for what has no room of its own, the day."""
    ask(office)

    page = visit(office).get(path).text

    assert re.findall(r'aria-current="(\w+)">([^<]+)<', page) == [(how, room)]
