"""Who was rung is noted with one click, and rung again only when something else holds."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations import amending, planning, rung
from api.operations.office import Office
from routing.units import MINUTE
from scheduler.clock import hh_mm
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import Clock
from tests.builders_running import plan_rows
from tests.builders_visits import visit
from tests.web.board.test_day_board import DAY, hidden, read, send, served
from tests.web.board.test_editions import listed, unsaid
from tests.web.board.test_reports import at
from tests.web.conftest import copied

VERSION = {"version": "2"}


@pytest.fixture(scope="module")
def quiet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people who ride in the same bus: they are planned the same on every machine."""
    return plan_rows(tmp_path_factory.mktemp("quiet"), 2)


def delay(desk: TestClient, office: Office, minutes: int) -> list[str]:
    """Report a delay on the first tour of the day; gives whom that makes us ring."""
    shift = planning.read_plan(office, office.region(), TUESDAY).plan.routes[0].shift
    asked = f"{DAY}/melden?was=delayed&dienst={shift}&minuten={minutes}"
    send(desk, f"{DAY}/melden", hidden(read(desk, asked), f"{DAY}/melden"))
    return list(amending.happened(office, office.region(), TUESDAY)[-1].announced.ring)


def before_the_first(office: Office) -> int:
    """A moment at which the first bus of the day stands in its yard."""
    plan = planning.read_plan(office, office.region(), TUESDAY).plan
    return plan.routes[0].stops[1].arrival - 20 * MINUTE


def happened(page: str, title: str) -> list[str]:
    """Whom the lists of the events name under a title."""
    events = page.split('id="geschehen"')[1].split("</section>", maxsplit=1)[0]
    lists = re.findall(rf'<p class="reason"><b>{title}.*?</ul>', events, re.DOTALL)
    return re.findall(r'<a href="/wuensche/(r\d+)">', "".join(lists))


def test_whoever_was_rung_is_noted_and_can_turn_out_not_to_have_been(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """With the time, in every list; others see it, for the state of the page is another."""
    moment = before_the_first(quiet_office)
    now.now = at(moment)
    send(quiet, f"{DAY}/veroeffentlichen", {"version": "1"})
    first, second = delay(quiet, quiet_office, 45)
    send(quiet, f"{DAY}/veroeffentlichen", VERSION)
    before = quiet.get(f"{DAY}/stand").json()
    fields = {**VERSION, "weiter": "geschehen"}
    noting = hidden(read(quiet), f"{DAY}/angerufen/{first}")
    assert noting == {**VERSION, "weiter": "stand-titel"}

    assert send(quiet, f"{DAY}/angerufen/{first}", fields) == f"{DAY}#geschehen"

    page = read(quiet)
    assert quiet.get(f"{DAY}/stand").json() != before
    assert listed(page, "Schon angerufen") == happened(page, "Schon angerufen") == [first]
    assert listed(page, "Bitte anrufen") == happened(page, "Was gesagt ist") == [second]
    assert page.count(f"angerufen {hh_mm(moment)} Uhr") == 2
    assert listed(read(quiet, f"{DAY}/versionen/2"), "Schon angerufen") == [first]

    send(quiet, f"{DAY}/angerufen/{first}", {**fields, "nicht": "ja"})

    page = read(quiet)
    assert "Schon angerufen" not in page
    assert sorted(listed(page, "Bitte anrufen")) == sorted([first, second])


def test_whoever_was_rung_is_rung_again_about_what_is_new(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """And stands once among the events, with the newest."""
    now.now = at(before_the_first(quiet_office))
    name = delay(quiet, quiet_office, 45)[0]
    send(quiet, f"{DAY}/angerufen/{name}", VERSION)
    assert name not in happened(read(quiet), "Was gesagt ist")

    assert name in delay(quiet, quiet_office, 20)

    page = read(quiet)
    assert happened(page, "Was gesagt ist").count(name) == 1
    assert happened(page, "Schon angerufen") == []


def test_a_delay_that_is_taken_back_is_told_to_whoever_heard_of_it(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    now.now = at(before_the_first(quiet_office))
    name = delay(quiet, quiet_office, 45)[0]
    send(quiet, f"{DAY}/angerufen/{name}", VERSION)
    send(quiet, f"{DAY}/zuruecknehmen", hidden(read(quiet), f"{DAY}/zuruecknehmen"))
    heard = "Wer deswegen schon angerufen wurde"
    assert name in happened(read(quiet), heard)

    send(quiet, f"{DAY}/angerufen/{name}", {"version": "3"})

    assert name not in happened(read(quiet), heard)
    assert happened(read(quiet), "Schon angerufen") == [name]


def test_what_was_promised_by_publishing_stays_until_somebody_has_said_it(
    quiet: TestClient, quiet_office: Office
) -> None:
    """Also when a newer version is there."""
    send(quiet, f"{DAY}/veroeffentlichen", {"version": "1"})
    known, other = served(quiet_office)
    send(quiet, f"{DAY}/angerufen/{known}", {"version": "1"})
    quiet.post("/api/v1/requests", json={**BODY, "appointment": "11:30"})
    send(quiet, f"{DAY}/planen")
    assert unsaid(read(quiet)) == [other]

    send(quiet, f"{DAY}/angerufen/{other}", {"version": "1"})

    assert "Neu zugesagt" not in read(quiet)


def test_a_plan_that_does_the_same_is_not_told_twice(tmp_path: Path, now: Clock) -> None:
    """Whoever was rung about the second version is not rung about a third that keeps to it."""
    with copied(plan_rows(tmp_path / "one", 1), tmp_path, now) as office, visit(office) as desk:
        send(desk, f"{DAY}/veroeffentlichen", {"version": "1"})
        new = desk.post("/api/v1/requests", json={**BODY, "appointment": "14:00"}).json()["id"]
        send(desk, f"{DAY}/planen")
        send(desk, f"{DAY}/veroeffentlichen", VERSION)
        assert listed(read(desk), "Bitte anrufen") == [new]
        send(desk, f"{DAY}/angerufen/{new}", VERSION)
        assert listed(read(desk), "Bitte anrufen") == []
        send(desk, f"{DAY}/planen")
        send(desk, f"{DAY}/veroeffentlichen", {"version": "3"})
        page = read(desk)
    assert new not in listed(page, "Bitte anrufen")
    assert new not in unsaid(page)


@pytest.mark.parametrize(
    ("path", "version", "said"),
    [
        ("angerufen/r1", "9", "hat keine Version 9"),
        ("angerufen/r77", "1", "r77"),
        ("angerufen/niemand", "1", "niemand"),
    ],
)
def test_what_cannot_be_noted_says_why(
    quiet: TestClient, quiet_office: Office, path: str, version: str, said: str
) -> None:
    assert said in send(quiet, f"{DAY}/{path}", {"version": version}, status=404)
    assert rung.read(quiet_office, quiet_office.region(), TUESDAY) == {}
