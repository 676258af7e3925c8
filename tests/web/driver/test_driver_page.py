"""The driver's page without a browser: what is next, what was marked, which version holds."""

import gzip
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations import planning, sheets, ticking
from api.operations.office import Office
from api.sheets.view import sheet_view
from data.ticks import Mark, Marked
from tests.builders_api import TUESDAY
from tests.builders_offers import Clock
from tests.web.board.test_day_board import BROWSER, read, send
from tests.web.conftest import HALF_PAST_NINE

TOUR = "/fahrer/2027-03-02/vormittag"
ABSENT = '<p class="said">nicht da – bitte Disposition anrufen</p>'


def next_stop(page: str) -> str:
    stop = re.search(r'<section class="stop next".*?</section>', page, re.DOTALL)
    assert stop is not None
    return stop[0]


def fields(stop: str, word: str, at: str = "2027-03-02T07:00:00Z") -> dict[str, str]:
    """What the first button of that word sends."""
    for form in re.findall(r"<form.*?</form>", stop, re.DOTALL):
        mark = re.search(rf'name="mark" value="(\w+)">{word}<', form)
        if mark is not None:
            sent = dict(re.findall(r'name="(key|request|trip)" value="([^"]*)"', form))
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
    assert ABSENT in read(board, TOUR)

    back = {**told, "key": "another-key-for-it", "mark": "open", "at": "2027-03-02T07:01:00Z"}
    send(board, f"{TOUR}/melden", back)

    assert ABSENT not in read(board, TOUR)


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


def test_taking_back_goes_one_step_and_not_more(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Who is not out yet is still in; who is not in after all is waited for by the bus."""
    there = fields(next_stop(read(board, TOUR)), "angekommen")
    name = there["request"]
    send(board, f"{TOUR}/melden", there)
    page = read(board, TOUR)
    assert '<p class="said">angekommen 08:00</p>' in page
    for action, word, minute in (
        ("Einsteigen", "eingestiegen", 5),
        ("Aussteigen", "ausgestiegen", 20),
    ):
        form = fields(visit_of(page, name, action), word, at=f"2027-03-02T07:{minute:02}:00Z")
        send(board, f"{TOUR}/melden", form)
        page = read(board, TOUR)
    assert marked_of(planned_office, name).mark is Mark.DONE
    assert '<form class="bus there" hidden' in page

    form = fields(visit_of(page, name, "Aussteigen"), "Zurücknehmen")
    send(board, f"{TOUR}/melden", {**form, "at": "2027-03-02T07:21:00Z"})

    page = read(board, TOUR)
    assert 'class="said">eingestiegen</p>' in visit_of(page, name, "Einsteigen")
    assert 'class="said"></p>' in visit_of(page, name, "Aussteigen")
    boarded = marked_of(planned_office, name).when(Mark.ABOARD)
    assert boarded is not None
    assert boarded.minute == 5

    form = fields(visit_of(page, name, "Einsteigen"), "Zurücknehmen")
    send(board, f"{TOUR}/melden", {**form, "at": "2027-03-02T07:22:00Z"})

    page = read(board, TOUR)
    assert 'class="said"></p>' in visit_of(page, name, "Einsteigen")
    assert '<p class="said">angekommen 08:00</p>' in page

    form = fields(next_stop(page), "Zurücknehmen")
    send(board, f"{TOUR}/melden", {**form, "at": "2027-03-02T07:23:00Z"})

    assert "angekommen 08" not in read(board, TOUR)
    assert marked_of(planned_office, name).mark is None


def test_who_was_not_there_is_taken_back_at_either_end(board: TestClient) -> None:
    told = fields(next_stop(read(board, TOUR)), "nicht da")
    send(board, f"{TOUR}/melden", told)

    for action in ("Einsteigen", "Aussteigen"):
        visit = visit_of(read(board, TOUR), told["request"], action)
        assert fields(visit, "Zurücknehmen")["mark"] == "open"


def arrival_of_several(page: str) -> dict[str, Any]:
    """What the button of a halt sends at which more than one get in."""
    stops = re.findall(r'<section class="stop.*?</section>', page, re.DOTALL)
    stop = next(each for each in stops if each.count("Einsteigen</span>") > 1)
    form = re.search(r'<form class="bus".*?</form>', stop, re.DOTALL)
    assert form is not None
    return {
        "key": "one-key-for-all-of-it",
        "mark": "arrived",
        "request": re.findall(r'name="request" value="(r\d+)"', form[0]),
        "trip": re.findall(r'name="trip" value="(\w+)"', form[0]),
    }


def test_the_bus_is_there_for_all_who_get_in(board: TestClient, planned_office: Office) -> None:
    """One button, one form, a mark for each of them; sent twice, it is kept once."""
    sent = arrival_of_several(read(board, TOUR))

    for _ in range(2):
        answer = board.post(f"{TOUR}/melden", data=sent, headers=BROWSER, follow_redirects=False)
        assert answer.status_code == 303

    kept = ticking.read_marks(planned_office, planned_office.region(), TUESDAY)
    assert [(each.request, each.mark) for each in kept] == [
        (name, Mark.ARRIVED) for name in sent["request"]
    ]


def test_a_mark_of_another_shift_is_refused_and_said(board: TestClient) -> None:
    told = fields(next_stop(read(board, TOUR)), "eingestiegen")

    page = send(board, f"{TOUR}/melden", {**told, "request": "r999"}, status=409)

    assert (
        "Nicht gespeichert: <bdi>Fahrtwunsch r999</bdi>. Der Fahrtwunsch r999 hat im Dienst" in page
    )
    assert 'class="stop next"' in page


def test_each_refused_mark_says_whom_it_was_about(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Two get in at one halt, before their day has begun."""
    now.go_on(-24 * 60)
    sent = arrival_of_several(read(board, TOUR))

    answer = board.post(f"{TOUR}/melden", data=sent, headers=BROWSER)

    contacts = planning.read_plan(planned_office, planned_office.region(), TUESDAY).input.contacts
    for name in sent["request"]:
        assert f"Nicht gespeichert: <bdi>{contacts[name].name}</bdi>. Da hatte" in answer.text


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


def test_all_that_the_sheet_says_is_on_the_page(board: TestClient, planned_office: Office) -> None:
    """Where somebody goes, their appointment, what was promised, seats, break, who is aboard."""
    region = planned_office.region()
    for shift in ("vormittag", "nachmittag"):
        page = re.sub(
            r'<span class="time">(.*?)</span>', r"\1", read(board, f"/fahrer/2027-03-02/{shift}")
        )
        sheet = sheet_view(sheets.read_sheet(planned_office, region, TUESDAY, shift).manifest)
        halts = [stop for stop in sheet["stops"] if stop["visits"]]
        for number, stop in enumerate(halts, start=1):
            section = re.search(rf'<section[^>]*halt-{number}".*?</section>', page, re.DOTALL)
            assert section is not None
            who = "; ".join(f"<bdi>{name}</bdi>" for name in stop["aboard"])
            aboard = f"{stop['people']} ({who})" if who else "niemand"
            assert f"Danach im Bus: {aboard}</p>" in section[0]
            assert stop["rest"] in section[0]
            assert stop["seating"] in section[0]
            for visit in stop["visits"]:
                assert " · ".join(visit["facts"]) in section[0]
        assert f"Bus vor der Abfahrt: {sheet['seating']}" in page


def test_what_is_done_is_folded_and_what_is_next_stands_first(board: TestClient) -> None:
    stop = next_stop(read(board, TOUR))
    while 'id="halt-1"' in stop:
        send(board, f"{TOUR}/melden", fields(stop, "eingestiegen"))
        page = read(board, TOUR)
        stop = next_stop(page)

    assert "Erledigt (<span>1</span>)" in page
    order = re.findall(r'id="(halt-\d+|jetzt|erledigt|danach)"', page)
    assert order[:6] == ["jetzt", "halt-2", "erledigt", "halt-1", "danach", "halt-3"]


def test_who_is_not_there_is_to_be_told_to_the_dispatcher_until_the_bus_is_further(
    board: TestClient,
) -> None:
    missed = 'id="fehlt"><p>✗ <b>Nicht da: <bdi>'
    stop = next_stop(read(board, TOUR))
    while 'id="halt-1"' in stop:
        assert missed not in read(board, TOUR)
        send(board, f"{TOUR}/melden", fields(stop, "nicht da"))
        stop = next_stop(read(board, TOUR))
    assert missed in read(board, TOUR)

    send(board, f"{TOUR}/melden", fields(stop, "angekommen", at="2027-03-02T07:05:00Z"))

    assert missed not in read(board, TOUR)


def test_a_halt_without_a_mark_does_not_hold_up_those_after_it(board: TestClient) -> None:
    """One forgotten press: the bus was further on, so the next halt is further on, too."""
    page = read(board, TOUR)
    later = re.search(r'<section[^>]*halt-4".*?</section>', page, re.DOTALL)
    assert later is not None
    told = fields(later[0], "angekommen")
    send(board, f"{TOUR}/melden", told)

    page = read(board, TOUR)

    assert 'id="halt-4"' in next_stop(page)
    assert "Nicht gemeldet (<span>3</span>)" in page
    order = re.findall(r'id="(halt-\d+|jetzt|offen|erledigt|danach)"', page)
    assert order[:7] == ["jetzt", "halt-4", "offen", "halt-1", "halt-2", "halt-3", "erledigt"]

    back = {**told, "key": "another-key-for-it", "mark": "open", "at": "2027-03-02T07:01:00Z"}
    send(board, f"{TOUR}/melden", back)
    assert 'id="halt-1"' in next_stop(read(board, TOUR))


def test_who_is_known_beforehand_not_to_come_moves_no_halt(board: TestClient) -> None:
    """They have rung the driver; the bus was not there."""
    page = read(board, TOUR)
    stops = re.findall(r'<section class="stop.*?</section>', page, re.DOTALL)
    later = next(stop for stop in reversed(stops) if ">nicht da<" in stop)
    send(board, f"{TOUR}/melden", fields(later, "nicht da"))

    page = read(board, TOUR)

    assert 'id="halt-1"' in next_stop(page)
    assert "Nicht gemeldet (<span>0</span>)" in page
    assert ABSENT in page


def test_all_is_not_marked_while_a_halt_is_missing(board: TestClient) -> None:
    """Only the last halt has its marks."""
    last = re.findall(r'<section class="stop.*?</section>', read(board, TOUR), re.DOTALL)[-1]
    while ">ausgestiegen<" in last:
        send(board, f"{TOUR}/melden", fields(last, "ausgestiegen"))
        last = last.partition("</form></li>")[2]

    page = read(board, TOUR)

    assert 'class="stop next"' not in page
    assert '<p class="next" id="fertig" hidden>' in page
    assert re.search(r"Nicht gemeldet \(<span>[1-9]", page)


def test_a_halt_to_wait_at_is_over_by_the_clock_or_once_the_bus_is_further(
    board: TestClient, now: Clock
) -> None:
    """Nobody can mark anything there, so that it must not hold the frame for ever."""
    tours = (f"/fahrer/2027-03-02/{shift}" for shift in ("vormittag", "nachmittag"))
    tour = next(each for each in tours if "data-ends" in read(board, each))
    waits = re.compile(
        r'<section class="stop([^"]*)" aria-labelledby="halt-(\d+)" data-ends="([^"]*)"'
    )

    def waiting() -> re.Match[str]:
        found = waits.search(read(board, tour))
        assert found is not None
        return found

    found = waiting()
    ends = datetime.fromisoformat(found[3])

    now.now = ends - timedelta(minutes=1)
    assert "over" not in waiting()[1]
    later = int(found[2]) + 1
    stop = re.search(rf'<section[^>]*halt-{later}".*?</section>', read(board, tour), re.DOTALL)
    assert stop is not None
    word = "ausgestiegen" if ">ausgestiegen<" in stop[0] else "eingestiegen"
    send(board, f"{tour}/melden", fields(stop[0], word, at=now.now.isoformat()))
    assert "over" in waiting()[1]


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
    assert shrunk < 11_000
