"""The driver's page without a browser: what is next, what was marked, which version holds."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from api.operations import planning, publishing, requests
from api.operations.office import Office
from tests.builders_api import TUESDAY
from tests.builders_offers import Clock
from tests.web.board.test_day_board import BROWSER, HALF_PAST_NINE, read, send

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


def test_a_mark_of_another_shift_is_refused_and_said(board: TestClient) -> None:
    told = fields(next_stop(read(board, TOUR)), "eingestiegen")

    page = send(board, f"{TOUR}/melden", {**told, "request": "r999"}, status=409)

    assert "wurde nicht gespeichert" in page
    assert 'class="stop next"' in page


@pytest.mark.parametrize(
    "wrong", [{"mark": "flown"}, {"key": "short"}, {"trip": "moon"}, {"at": "gestern"}]
)
def test_what_is_no_mark_is_refused(board: TestClient, wrong: dict[str, str]) -> None:
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
    answer = board.get(TOUR, headers={**BROWSER, "Accept-Encoding": "gzip"})
    assert "<script" not in unescape(answer.text).partition("</head>")[2]
    assert answer.headers["content-encoding"] == "gzip"
