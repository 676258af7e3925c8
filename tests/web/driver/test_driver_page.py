"""The driver's page without a browser: what is next, what was marked, which version holds."""

import gzip
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations import planning, publishing, requests, ticking
from api.operations.office import Office
from data.ticks import Mark, Marked
from tests.builders_api import TUESDAY
from tests.builders_offers import Clock
from tests.web.board.test_day_board import BROWSER, read, send
from tests.web.conftest import HALF_PAST_NINE

TOUR = "/fahrer/2027-03-02/vormittag"


def next_stop(page: str) -> str:
    stop = re.search(r'<section class="stop next".*?</section>', page, re.DOTALL)
    assert stop is not None
    return stop[0]


def fields(stop: str, word: str, at: str = "2027-03-02T07:00:00Z") -> dict[str, str]:
    """What the first button of that word sends."""
    for form in re.findall(r'<form class="mark".*?</form>', stop, re.DOTALL):
        if f">{word}<" in form:
            sent = dict(re.findall(r'name="(key|request|trip)" value="([^"]*)"', form))
            mark = re.search(r'name="mark" value="(\w+)"', form)
            assert mark is not None
            return {**sent, "mark": mark[1], "at": at}
    pytest.fail(f"no button {word!r}")


@pytest.fixture(autouse=True)
def under_way(now: Clock) -> None:
    now.now = HALF_PAST_NINE


def test_every_stop_and_everybody_is_on_it(board: TestClient, planned_office: Office) -> None:
    page = read(board, TOUR)
    planned = planning.read_plan(planned_office, planned_office.region(), TUESDAY)
    (route,) = (route for route in planned.plan.routes if route.shift == "vormittag")

    halts = [stop for stop in route.stops if stop.visits]
    assert page.count('<section class="stop') == len(halts)
    assert page.count("geo:") == len(halts)
    for stop in halts:
        for visit in stop.visits:
            assert planned.input.contacts[visit.request].name in page


def test_what_is_marked_leads_to_the_next_stop(board: TestClient) -> None:
    first = next_stop(read(board, TOUR))
    assert 'id="halt-1"' in first

    stop = first
    while ">eingestiegen<" in stop:
        assert send(board, f"{TOUR}/melden", fields(stop, "eingestiegen")) == TOUR
        stop = next_stop(read(board, TOUR))
        if 'id="halt-1"' not in stop:
            break

    assert 'id="halt-1"' not in stop
    assert "eingestiegen</p>" in read(board, TOUR)


def test_a_mark_is_taken_back(board: TestClient) -> None:
    told = fields(next_stop(read(board, TOUR)), "nicht da")
    send(board, f"{TOUR}/melden", told)
    assert '<p class="said">nicht da</p>' in read(board, TOUR)

    back = {**told, "key": "another-key-for-it", "mark": "open", "at": "2027-03-02T07:01:00Z"}
    send(board, f"{TOUR}/melden", back)

    assert '<p class="said">nicht da</p>' not in read(board, TOUR)


def marked_of(office: Office, request: str) -> Marked:
    """What holds of the way there."""
    states = ticking.read_states(office, office.region(), TUESDAY)
    (state,) = (each for each in states if each.request == request)
    return state.trips[0].marked


def visit_of(page: str, request: str, action: str) -> str:
    visit = re.search(
        rf'<li class="visit[^>]*"{request} outbound {action}".*?</li>', page, re.DOTALL
    )
    assert visit is not None
    return visit[0]


def back_of(visit: str) -> str:
    """The form that takes back."""
    form = re.search(r'<form class="mark back".*?</form>', visit, re.DOTALL)
    assert form is not None
    return form[0].replace("mark back", "mark")


def test_taking_back_goes_one_step_and_not_more(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Who is not out yet is still in; who is not in after all is waited for by the bus."""
    stop = next_stop(read(board, TOUR))
    there = fields(stop.replace("mark bus", "mark"), "angekommen")
    name = there["request"]
    send(board, f"{TOUR}/melden", there)
    page = read(board, TOUR)
    assert '<p class="said there">angekommen 08:00</p>' in page
    for action, word, minute in (
        ("Einsteigen", "eingestiegen", 5),
        ("Aussteigen", "ausgestiegen", 20),
    ):
        form = fields(visit_of(page, name, action), word, at=f"2027-03-02T07:{minute:02}:00Z")
        send(board, f"{TOUR}/melden", form)
        page = read(board, TOUR)
    assert marked_of(planned_office, name).mark is Mark.DONE
    assert (
        'class="mark bus" action="/fahrer/2027-03-02/vormittag/melden" method="post" hidden' in page
    )

    form = fields(back_of(visit_of(page, name, "Aussteigen")), "Zurücknehmen")
    send(board, f"{TOUR}/melden", {**form, "at": "2027-03-02T07:21:00Z"})

    page = read(board, TOUR)
    assert 'class="said">eingestiegen</p>' in visit_of(page, name, "Einsteigen")
    assert 'class="said"></p>' in visit_of(page, name, "Aussteigen")
    boarded = marked_of(planned_office, name).when(Mark.ABOARD)
    assert boarded is not None
    assert boarded.minute == 5

    form = fields(back_of(visit_of(page, name, "Einsteigen")), "Zurücknehmen")
    send(board, f"{TOUR}/melden", {**form, "at": "2027-03-02T07:22:00Z"})

    page = read(board, TOUR)
    assert 'class="said"></p>' in visit_of(page, name, "Einsteigen")
    assert '<p class="said there">angekommen 08:00</p>' in page

    form = fields(next_stop(page).replace("mark bus", "mark"), "Zurücknehmen")
    send(board, f"{TOUR}/melden", {**form, "at": "2027-03-02T07:23:00Z"})

    assert "angekommen 08" not in read(board, TOUR)
    assert marked_of(planned_office, name).mark is None


def test_who_was_not_there_is_taken_back_at_either_end(board: TestClient) -> None:
    told = fields(next_stop(read(board, TOUR)), "nicht da")
    send(board, f"{TOUR}/melden", told)

    for action in ("Einsteigen", "Aussteigen"):
        visit = visit_of(read(board, TOUR), told["request"], action)
        assert fields(back_of(visit), "Zurücknehmen")["mark"] == "open"


def test_the_bus_is_there_for_all_who_get_in(board: TestClient, planned_office: Office) -> None:
    """One button, one form, a mark for each of them; sent twice, it is kept once."""
    page = read(board, TOUR)
    stops = re.findall(r'<section class="stop.*?</section>', page, re.DOTALL)
    stop = next(each for each in stops if each.count("Einsteigen</span>") > 1)
    form = re.search(r'<form class="mark bus".*?</form>', stop, re.DOTALL)
    assert form is not None
    names = re.findall(r'name="request" value="(r\d+)"', form[0])
    sent = {
        "key": "one-key-for-all-of-it",
        "mark": "arrived",
        "request": names,
        "trip": re.findall(r'name="trip" value="(\w+)"', form[0]),
    }

    for _ in range(2):
        answer = board.post(f"{TOUR}/melden", data=sent, headers=BROWSER, follow_redirects=False)
        assert answer.status_code == 303

    kept = ticking.read_marks(planned_office, planned_office.region(), TUESDAY)
    assert [(each.request, each.mark) for each in kept] == [(name, Mark.ARRIVED) for name in names]


def test_a_mark_of_another_shift_is_refused_and_said(board: TestClient) -> None:
    told = fields(next_stop(read(board, TOUR)), "eingestiegen")

    page = send(board, f"{TOUR}/melden", {**told, "request": "r999"}, status=409)

    assert "wurde nicht gespeichert" in page
    assert 'class="stop next"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"mark": "flown"},
        {"key": "short"},
        {"trip": "moon"},
        {"trip": ["outbound", "return"]},
        {"at": "gestern"},
    ],
)
def test_what_is_no_mark_is_refused(board: TestClient, wrong: dict[str, Any]) -> None:
    told = fields(next_stop(read(board, TOUR)), "eingestiegen")

    send(board, f"{TOUR}/melden", {**told, **wrong}, status=422)


def test_an_older_printed_sheet_is_said_to_be_old(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    assert "Ihr Ausdruck ist Version" not in read(board, f"{TOUR}?v=1")
    now.go_on(-24 * 60)
    requests.cancel(planned_office, planned_office.region(), "r1")
    send(board, "/tage/2027-03-02/planen")
    publishing.publish(planned_office, planned_office.region(), TUESDAY, 2)

    assert "Ihr Ausdruck ist Version 1. Es gilt Version 2" in read(board, f"{TOUR}?v=1")
    assert "Ihr Ausdruck ist Version" not in read(board, f"{TOUR}?v=2")


def test_what_is_not_published_is_not_shown(board: TestClient) -> None:
    read(board, "/fahrer/2027-03-03/vormittag", status=404)
    read(board, "/fahrer/2027-03-02/nachtschicht", status=404)


def test_the_page_is_small(board: TestClient) -> None:
    """With its style and script, and compressed, it is about 10 kB; its worker comes later."""
    shrunk = 0
    for path in (TOUR, "/static/driver.css", "/static/driver.js"):
        answer = board.get(path, headers={**BROWSER, "Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        shrunk += len(gzip.compress(answer.content))
    assert "<script" not in read(board, TOUR).partition("</head>")[2]
    assert shrunk < 10_500
