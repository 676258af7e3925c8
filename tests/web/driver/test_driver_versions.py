"""A driver's page when the plan has changed: what is new, what holds, what falls out."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from api.operations import amending, driving, planning, publishing, requests, sheets
from api.operations.office import Office
from api.web.driver.news import tour_news
from api.web.driver.view import halt_numbers
from routing.units import MINUTE
from scheduler.events import Cancelled, Delayed, OutOfService
from scheduler.model import VisitKind
from tests.builders_api import TUESDAY
from tests.builders_offers import Clock
from tests.web.board.test_day_board import read, send
from tests.web.conftest import HALF_PAST_NINE
from tests.web.driver.test_driver_page import TOUR, fields, next_stop


@pytest.fixture(autouse=True)
def under_way(now: Clock) -> None:
    now.now = HALF_PAST_NINE


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


def test_a_printed_draft_is_said_to_be_one(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """There is no Änderungsblatt for it, whether another version holds by now or still."""
    now.go_on(-24 * 60)
    for gone in riding(planned_office)[:2]:
        requests.cancel(planned_office, planned_office.region(), gone)
        send(board, "/tage/2027-03-02/planen")
    draft = "Ihr Ausdruck ist Version 2, ein Entwurf, der nicht gilt. Es gilt Version"

    still = read(board, f"{TOUR}?v=2")
    publishing.publish(planned_office, planned_office.region(), TUESDAY, 3)
    by_now = read(board, f"{TOUR}?v=2")

    assert f"{draft} 1:</b> bitte nach dieser Seite fahren.<" in still
    assert f"{draft} 3:</b> bitte nach dieser Seite fahren.<" in by_now
    assert "das Änderungsblatt holen" in read(board, f"{TOUR}?v=1")


def publish_without(board: TestClient, office: Office, now: Clock, gone: str) -> None:
    """Somebody cancels on the evening before, and version 2 is published then."""
    now.go_on(-24 * 60)
    requests.cancel(office, office.region(), gone)
    send(board, "/tage/2027-03-02/planen")
    publishing.publish(office, office.region(), TUESDAY, 2)
    now.go_on(24 * 60)


def riding(office: Office) -> list[str]:
    """Who gets in on the morning's tour, in that order."""
    planned = planning.read_plan(office, office.region(), TUESDAY)
    (route,) = (route for route in planned.plan.routes if route.shift == "vormittag")
    return [
        visit.request
        for stop in route.stops
        for visit in stop.visits
        if visit.kind is VisitKind.PICKUP
    ]


def test_what_is_new_is_said_until_it_is_read(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Without a script: what a driver knows stands in the addresses, also after a mark."""
    before = read(board, TOUR)
    first = riding(planned_office)[0]
    name = planning.read_plan(planned_office, planned_office.region(), TUESDAY)
    gone = name.input.contacts[first].name
    action = re.search(r'action="([^"]*)"', next_stop(before))
    assert action is not None
    publish_without(board, planned_office, now, first)

    told = fields(next_stop(read(board, TOUR)), "angekommen")
    led = send(board, action[1], told)
    page = read(board, led)

    assert led == f"{TOUR}?seit=1"
    assert "Neu seit 09:30 Uhr:" in page
    assert f"entfällt: Einsteigen {gone}" in page
    again = send(board, f"{TOUR}/melden?seit=1", {**told, "key": "another-key-for-it"})
    assert "Neu seit" in read(board, again)
    read_link = re.search(r'href="([^"]*)">Gelesen', page)
    assert read_link is not None
    assert "Neu seit" not in read(board, read_link[1])


def told(board: TestClient, *, seen: int) -> tuple[list[str], list[str]]:
    """What is new since a version: what stands above the next halt, and what is folded."""
    page = read(board, f"{TOUR}?seit={seen}")
    news = re.search(r'<div class="alarm" id="neu".*?</div>', page, re.DOTALL)
    assert news is not None
    lines, _, more = news[0].partition('<details id="mehr"><summary>Weitere (')
    folded = re.findall("<li>(.*?)</li>", more)
    assert not more or more.startswith(f"{len(folded)})")
    return re.findall("<li>(.*?)</li>", lines), folded


def test_what_falls_away_before_the_next_halt_stands_above_it(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """On the evening before, nothing is made yet: the first two who got in were the next halts."""
    region = planned_office.region()
    now.now = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
    for gone in riding(planned_office)[:2]:
        requests.cancel(planned_office, region, gone)
    send(board, "/tage/2027-03-02/planen")
    publishing.publish(planned_office, region, TUESDAY, 2)

    lines, _ = told(board, seen=1)

    assert ["entfällt: Einsteigen" in line for line in lines] == [True, True, False]


def test_of_what_falls_away_only_what_was_not_made_stands_above_the_next_halt(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """The bus is on its way to the fourth halt; the fifth is the next one then."""
    region = planned_office.region()
    planned = planning.read_plan(planned_office, region, TUESDAY)
    gone = riding(planned_office)[2]
    now.now = datetime(2027, 3, 2, 7, 0, tzinfo=UTC)  # 08:00, after three halts
    for word in ("eingestiegen", "eingestiegen", "ausgestiegen", "ausgestiegen"):
        _, _, unmarked = next_stop(read(board, TOUR)).partition('<li class="visit" ')
        send(board, f"{TOUR}/melden", fields(unmarked, word))
    amended, _ = amending.amend(planned_office, region, TUESDAY, Cancelled(gone), seconds=1)
    publishing.publish(planned_office, region, TUESDAY, amended.version)

    # With its time: they do not get in for the way home, either.
    first = told(board, seen=1)[0][0]
    assert f"entfällt: Einsteigen {planned.input.contacts[gone].name}" in first

    # Once the bus was further on, that is over.
    stop = next_stop(read(board, TOUR))
    send(board, f"{TOUR}/melden", fields(stop, "angekommen", at="2027-03-02T07:00:00Z"))
    lines, folded = told(board, seen=1)
    assert first not in lines
    assert first in folded


def test_another_place_is_news_with_the_old_one(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Whoever is in a bus that breaks down gets out where it stops."""
    now.now = datetime(2027, 3, 2, 6, 35, tzinfo=UTC)  # 07:35, with r2 in the bus
    out_of_service(planned_office)
    lines, folded = told(board, seen=1)

    place = "jetzt Seniorenheim Beispiel statt Dialysezentrum Beispiel Lemgo"
    out = f"07:34 statt 07:54: Aussteigen Beispiel-Winter, Rosemarie, {place}"
    assert out in (*lines, *folded)
    # Also at the same minute.
    tour = driving.read_tour(planned_office, planned_office.region(), TUESDAY, "vormittag")
    held = driving.read_held(planned_office, planned_office.region(), TUESDAY, 2)
    assert held is not None
    route = replace(
        tour.route,
        stops=tuple(
            replace(stop, place="mvz") if stop.place == "seniorenheim" else stop
            for stop in tour.route.stops
        ),
    )
    seen = replace(held, plan=replace(held.plan, routes=(route,)))
    news = tour_news(tour, seen, due=tour.route.stops[0].arrival)
    place = "jetzt Seniorenheim Beispiel statt MVZ Kalletal"
    assert f"07:34: Aussteigen Beispiel-Winter, Rosemarie, {place}" in news.lines


def test_of_much_that_is_new_only_what_comes_next_stands_above_the_halt(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """All the rest is folded, what is past as well; and so it is if nothing is driven any more."""
    region = planned_office.region()

    now.now = datetime(2027, 3, 2, 6, 20, tzinfo=UTC)  # 07:20
    amended, _ = amending.amend(
        planned_office, region, TUESDAY, Delayed("vormittag", 15 * MINUTE), seconds=1
    )
    publishing.publish(planned_office, region, TUESDAY, amended.version)
    lines, folded = told(board, seen=1)
    assert len(lines) == 3
    assert max(lines) < min(folded)

    stop = next_stop(read(board, TOUR))
    send(board, f"{TOUR}/melden", fields(stop, "eingestiegen", at="2027-03-02T06:20:00Z"))
    (first, *ahead), later = told(board, seen=1)
    assert first == lines[1]
    assert ahead[0] == lines[2]
    assert lines[0] in later

    out_of_service(planned_office)
    none, every = told(board, seen=1)
    assert none == []
    assert all(" entfällt: " in line for line in every)


def test_the_version_on_paper_is_not_forgotten_after_a_mark(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    first, *_ = riding(planned_office)
    publish_without(board, planned_office, now, first)
    page = read(board, f"{TOUR}?v=1")
    action = re.search(r'action="([^"]*)"', next_stop(page))
    assert action is not None

    led = send(board, action[1], fields(next_stop(page), "angekommen"))

    assert led == f"{TOUR}?v=1&seit=1"
    assert "Ihr Ausdruck ist Version 1. Es gilt Version 2" in read(board, led)


def test_numbers_of_the_paper_stand_beside_other_ones(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Whoever holds version 1 hears of its halt 3, which is another one by now."""
    first, *_ = riding(planned_office)
    publish_without(board, planned_office, now, first)
    region = planned_office.region()
    old, new = (
        halt_numbers(
            sheets.find_route(
                planning.read_plan(planned_office, region, TUESDAY, each), "vormittag"
            )
        )
        for each in (1, 2)
    )

    page = read(board, f"{TOUR}?v=1")

    for number in set(new.values()):
        halt = re.search(rf'<h2 id="halt-{number}".*?</h2>', page)
        assert halt is not None
        before = sorted({old[key] for key, at in new.items() if at == number and key in old})
        if not before:
            assert "(nicht auf dem Blatt)" in halt[0]
        elif before == [number]:
            assert "Blatt" not in halt[0]
        else:
            assert f"(Blatt: {', '.join(map(str, before))})" in halt[0]
    assert any(old.get(key, at) != at for key, at in new.items())
    assert "(Blatt" not in read(board, TOUR)


def test_whoever_is_in_the_bus_stays_on_the_page_when_it_breaks_down(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Marked aboard before their time: by the plan, the bus has not been there."""
    now.now = datetime(2027, 3, 2, 6, 20, tzinfo=UTC)  # 07:20
    stop = next_stop(read(board, TOUR))
    told = fields(stop, "eingestiegen", at="2027-03-02T06:19:00Z")
    send(board, f"{TOUR}/melden", told)
    region = planned_office.region()
    seen = read(board, "/tage/2027-03-02/melden?was=out_of_service&dienst=vormittag&grund=vehicle")
    out_of_service(planned_office)
    planned = planning.read_plan(planned_office, region, TUESDAY)

    page = read(board, TOUR)

    name = planned.input.contacts[told["request"]].name
    assert f"Laut Fahrer:in im Bus (Vormittag): <bdi>{name}</bdi>" in seen
    left = re.search(r'<section class="alarm" id="imbus".*?</section>', page, re.DOTALL)
    assert left is not None
    assert f"<bdi>{name}</bdi>" in left[0]
    assert "bitte Disposition anrufen" in left[0]
    assert "wollte nach" in left[0]
    assert '<p class="next" id="fertig">' not in page

    out = {"mark": "done", "at": "2027-03-02T06:20:00Z"}
    send(board, f"{TOUR}/melden", {**told, "key": "they-have-got-out", **out})
    assert 'id="imbus"' not in read(board, TOUR)


def out_of_service(office: Office) -> None:
    """The bus of the morning breaks down, and what is left is published."""
    event = OutOfService("vormittag", vehicle=True)
    amended, _ = amending.amend(office, office.region(), TUESDAY, event, seconds=1)
    publishing.publish(office, office.region(), TUESDAY, amended.version)


def test_a_shift_that_falls_out_says_so_and_why(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Also to whoever has read the news: in the words of the sheet."""
    now.now = datetime(2027, 3, 2, 6, 20, tzinfo=UTC)  # 07:20, before the first halt
    out_of_service(planned_office)

    page = read(board, TOUR)

    said = "<b>Dieser Dienst entfällt: Bus defekt. Bitte keinen Halt mehr anfahren.</b>"
    assert said in page
    assert "In diesem Dienst ist keine Fahrt geplant." not in page
    assert 'id="fertig"' not in page


def test_a_shift_that_ends_early_says_up_to_where_it_goes(
    board: TestClient, planned_office: Office
) -> None:
    """At half past nine, with halts that were driven."""
    assert "Dieser Dienst" not in read(board, TOUR)
    out_of_service(planned_office)

    page = read(board, TOUR)

    said = "<b>Dieser Dienst endet vorzeitig: Bus defekt. Nach dem letzten Halt auf dieser Seite "
    assert f"{said}keinen Halt mehr anfahren.</b>" in page
    assert '<section class="stop' in page
