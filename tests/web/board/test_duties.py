"""The roster: who drives in the coming weeks, who could step in, and whom a change concerns."""

import datetime as dt
import re

import pytest
from fastapi.testclient import TestClient

from api.operations import offers, planning, requests, solving
from api.operations.days import input_key
from api.operations.office import Office
from data import requests as kept_requests
from data.roster import Decision
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import Clock
from tests.web.board.test_day_board import DAY, hidden, read, send
from tests.web.conftest import HALF_PAST_NINE

MORNING = "/dienste/2027-03-02/vormittag"
LATER = "/dienste/2027-03-16/vormittag"  # nothing is planned on that day


def rows(page: str, day: str) -> list[str]:
    """The rows of a day, in order."""
    every = re.findall(r'<tr role="row".*?</tr>', page, re.DOTALL)
    first = next(at for at, row in enumerate(every) if f'id="tag-{day}"' in row)
    found = [every[first]]
    for row in every[first + 1 :]:
        if 'id="tag-' in row or "<th" in row:
            break
        found.append(row)
    return found


def choose(board: TestClient, path: str, wer: str, *, status: int = 303, **fields: str) -> str:
    """Decide, with what the page said of the version."""
    sent = {**hidden(read(board, path), path), "wer": wer, **fields}
    return send(board, path, sent, status=status)


def confirm(board: TestClient, path: str, wer: str) -> str:
    """Decide, look whom it concerns, and do it."""
    preview = choose(board, path, wer, status=200)
    fields = hidden(preview, path)
    return send(board, path, {**fields, "wer": wer})


def test_four_weeks_are_shown_with_light_word_and_driver(board: TestClient) -> None:
    page = read(board, "/dienste")

    morning, afternoon = rows(page, "2027-03-02")
    for row, who in ((morning, "Dieter Beispiel-Deppe"), (afternoon, "Rainer Beispiel-Rabe")):
        assert 'class="lamp full"' in row
        assert "besetzt" in row
        assert who in row
    assert 'id="tag-2027-03-27"' in page  # Sunday 28 February and 27 days
    assert 'id="tag-2027-03-28"' not in page


def test_a_holiday_of_the_land_is_named(board: TestClient) -> None:
    """Good Friday, and Corpus Christi, which is one in North Rhine-Westphalia."""
    assert "Feiertag: Karfreitag" in rows(read(board, "/dienste"), "2027-03-26")[0]
    page = read(board, "/dienste?ab=27.5.2027")
    assert "Feiertag: Fronleichnam" in rows(page, "2027-05-27")[0]


def test_whose_licence_has_run_out_is_said(board: TestClient) -> None:
    """f09 would be next on 17 March; the P-Schein ended in January."""
    page = read(board, "/dienste")

    assert "Ingrid Beispiel-Ilse</bdi>: <b>abgelaufen am 31.01.2027" in page
    assert "Ingrid Beispiel-Ilse wäre dran" in rows(page, "2027-03-17")[0]


def test_a_licence_that_ends_within_eight_weeks_is_a_light_of_its_own(board: TestClient) -> None:
    """That of f03 ends on 29 February 2028: 8 weeks before, on 4 January, is too early to say."""
    page = read(board, "/dienste?ab=3.1.2028")

    found = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if "lamp mind" in row]
    assert found
    assert all("P-Schein nur bis 29.02.2028" in row for row in found)
    assert "läuft ab am 29.02.2028" in page


def test_a_week_is_found_by_a_day_as_it_is_said(board: TestClient) -> None:
    """It is Sunday, 28 February 2027; the week of the day begins on its Monday."""
    assert 'id="tag-2027-03-08"' in read(board, "/dienste?ab=10.3.")
    assert 'id="tag-2027-03-05"' not in read(board, "/dienste?ab=10.3.")
    assert 'id="tag-2027-03-01"' in read(board, "/dienste?ab=Mi")


def test_a_day_that_cannot_be_read_is_asked_for_again(board: TestClient) -> None:
    page = read(board, "/dienste?ab=irgendwann", status=422)

    assert 'value="irgendwann"' in page
    assert "Bitte so schreiben" in page


def test_a_driver_is_taken_off_and_somebody_steps_in(
    board: TestClient, planned_office: Office
) -> None:
    """Where nothing is planned, nobody is asked twice."""
    read(board, choose(board, LATER, "frei"))
    morning = rows(read(board, "/dienste"), "2027-03-16")[0]
    assert 'class="lamp open"' in morning
    assert "Könnte einspringen" in morning
    taken_out = planned_office.region().roster.drivers["f06"].name
    assert taken_out not in morning
    assert taken_out not in read(board, LATER)
    assert "1 Dienst ist offen" in read(board, "/dienste")

    page = read(board, choose(board, LATER, "f01"))

    assert "Anna Beispiel" in page
    assert "abweichend vom Dienstplan" in page
    region = planned_office.region()
    assert region.shifts(dt.date(2027, 3, 16))[0].driver == "f01"
    assert "Wieder wie im Dienstplan" in page
    read(board, choose(board, LATER, "plan"))
    assert planned_office.region().shifts(dt.date(2027, 3, 16))[0].driver == "f06"


def test_who_is_not_free_or_may_not_drive_is_not_offered(board: TestClient) -> None:
    """f06 drives that morning, f09 has no P-Schein, f20 drives in the afternoon and could."""
    page = read(board, LATER)
    offered = re.findall(r'name="wer" value="(f\d\d)"', page)

    assert len(offered) == 24
    assert {"f06", "f09"}.isdisjoint(offered)
    assert "fährt an dem Tag schon Nachmittag" in page
    wheelchair = offered.index("f01")
    assert all(offered.index(each) > wheelchair for each in ("f03", "f08", "f14"))  # take none


@pytest.mark.parametrize(
    ("path", "wer", "said"),
    [
        (LATER, "f09", "gilt nur bis 31.01.2027"),
        (LATER, "f77", "jemanden aus der Liste"),
        ("/dienste/2027-02-26/vormittag", "f01", "schon vorbei"),
        ("/dienste/2027-03-26/vormittag", "f01", "Karfreitag"),
    ],
)
def test_what_cannot_be_is_said(
    board: TestClient, planned_office: Office, path: str, wer: str, said: str
) -> None:
    assert said in send(board, path, {"wer": wer, "version": "0"}, status=422)
    assert not planned_office.region().roster.changes


def test_a_shift_that_is_not_there_is_not_found(board: TestClient) -> None:
    read(board, "/dienste/2027-03-02/nacht", status=404)
    send(board, "/dienste/2027-03-02/nacht", {"wer": "f01", "version": "0"}, status=404)


def test_of_two_dispatchers_the_second_is_told(board: TestClient) -> None:
    stale = hidden(read(board, LATER), LATER)
    choose(board, LATER, "f01")

    page = send(board, LATER, {**stale, "wer": "f02"}, status=409)

    assert "inzwischen jemand anderes entschieden" in page
    assert "Anna Beispiel" in page
    assert hidden(page, LATER)["version"] == "1"


def test_whom_a_change_concerns_is_said_before_it_is_kept(
    board: TestClient, planned_office: Office
) -> None:
    """Everybody aboard that morning, with the number to ring; nothing is kept until confirmed."""
    planned = planning.read_plan(planned_office, planned_office.region(), TUESDAY)
    route = next(each for each in planned.plan.routes if each.shift == "vormittag")
    aboard = {visit.request for stop in route.stops for visit in stop.visits}

    preview = choose(board, MORNING, "frei", status=200)

    for name in aboard:
        contact = planned.input.contacts[name]
        assert contact.name in preview
        assert contact.phone in preview
    assert preview.count("Fahrt fällt weg") == len(aboard)
    assert "passt dann nicht mehr; die Fahrer:innen haben ihn schon" in preview
    assert not planned_office.region().roster.changes

    place = send(board, MORNING, {**hidden(preview, MORNING), "wer": "frei"})

    assert "Der Tagesplan (Version 1) passt nicht mehr" in read(board, place)
    assert "Plan passt nicht mehr" in rows(read(board, "/dienste"), "2027-03-02")[0]
    assert planned_office.region().roster.change(TUESDAY, "vormittag").decision is Decision.OPEN


def test_the_day_says_that_its_plan_no_longer_fits_and_is_planned_anew(
    board: TestClient, planned_office: Office
) -> None:
    """Another driver, the same bus and hours: everybody rides as before."""
    assert "Alle können mitfahren wie bisher" in choose(board, MORNING, "f05", status=200)
    confirm(board, MORNING, "f05")

    page = read(board, DAY)
    assert "Der Plan dieses Tages passt nicht mehr" in page
    assert "Beispiel, Erika" in page  # the requests are there all the same
    read(board, send(board, f"{DAY}/planen"))

    page = read(board, DAY)
    assert "Elke Beispiel-Echter" in page
    assert "passt nicht mehr" not in page
    assert "Elke Beispiel-Echter" in read(board, f"{DAY}/tourenblatt/vormittag")


def test_who_takes_no_wheelchair_leaves_whoever_rides_in_one(
    board: TestClient, planned_office: Office
) -> None:
    """f08 takes none: they are named, and the others ride as before."""
    planned = planning.read_plan(planned_office, planned_office.region(), TUESDAY)
    route = next(each for each in planned.plan.routes if each.shift == "vormittag")
    aboard = {visit.request for stop in route.stops for visit in stop.visits}
    wheelchairs = {
        name
        for name in aboard
        if requests.read(planned_office, planned_office.region(), name).row.mobility.value
        == "wheelchair"
    }

    preview = choose(board, MORNING, "f08", status=200)

    assert preview.count("Fahrt fällt weg") == len(wheelchairs)


def test_a_promise_is_named_as_one(board: TestClient, planned_office: Office) -> None:
    """Promised, and in no plan of the day yet: the dispatcher has to know all the same."""
    asked = board.post("/api/v1/requests", json={**BODY, "date": "2027-03-16"}).json()["id"]
    region = planned_office.region()
    offer = offers.find(planned_office, region, asked).offers[0]
    offers.accept(planned_office, region, offer.id)

    preview = choose(board, LATER, "aus", status=200)

    assert re.search(r"Beispiel, Erika.*zugesagt.*Fahrt fällt weg", preview, re.DOTALL)
    assert "eingeplant, nicht zugesagt" not in preview
    send(board, LATER, {**hidden(preview, LATER), "wer": "aus"})
    assert "fällt aus" in rows(read(board, "/dienste"), "2027-03-16")[-1]


def test_what_is_seen_must_be_what_is_kept(board: TestClient) -> None:
    """A yes to something else than what is concerned now is none: it is shown again."""
    asked = board.post("/api/v1/requests", json={**BODY, "date": "2027-03-16"}).json()["id"]
    offer = board.post(f"/api/v1/requests/{asked}/offers", json={}).json()["offers"][0]["id"]
    board.post(f"/api/v1/offers/{offer}/accept")

    seen_before = {**hidden(read(board, LATER), LATER), "wer": "aus", "gesehen": "nothing"}

    assert "Das betrifft" in send(board, LATER, seen_before, status=200)


def test_offers_are_made_for_those_who_drive(board: TestClient, planned_office: Office) -> None:
    """In a morning without a driver nobody is offered a ride; with one, they are."""
    asked = board.post("/api/v1/requests", json={**BODY, "date": "2027-03-16"}).json()["id"]
    choose(board, LATER, "frei")
    assert not offers.find(planned_office, planned_office.region(), asked).offers

    choose(board, LATER, "f01")

    assert offers.find(planned_office, planned_office.region(), asked).offers


def test_the_calendar_of_a_driver_has_what_was_decided(board: TestClient) -> None:
    """Anna Beispiel steps in on Tuesday the 16th."""
    choose(board, LATER, "f01")

    calendar = board.get("/api/v1/drivers/f01/shifts.ics?weeks=4").text

    assert "20270316T073000" in calendar


def test_a_plan_is_no_longer_made_from_what_is_asked(
    board: TestClient, planned_office: Office
) -> None:
    """`is_planned` sees that others drive."""
    before = planned_office.region()
    assert planning.is_planned(planned_office, before, TUESDAY)
    confirm(board, MORNING, "f05")
    region = planned_office.region()

    assert not planning.is_planned(planned_office, region, TUESDAY)
    with planned_office.store.reading() as session:
        day_input, _ = kept_requests.day_input(session, region, TUESDAY)
    assert input_key(region, day_input) != input_key(before, day_input)


def test_a_day_that_runs_is_left_to_its_own_page(board: TestClient, now: Clock) -> None:
    now.now = HALF_PAST_NINE

    page = send(board, MORNING, {"wer": "frei", "version": "0"}, status=422)

    assert "auf der Seite des Tages gemeldet" in page


def test_a_day_is_planned_for_those_who_drive_when_it_is_kept(
    planned_office: Office, board: TestClient
) -> None:
    """Whoever asks with an older region in hand gets a plan for those who drive now."""
    region = planned_office.region()
    confirm(board, MORNING, "f05")

    planned = solving.plan_kept(planned_office, region, TUESDAY)

    assert {route.driver for route in planned.plan.routes} == {"f05", "f18"}
