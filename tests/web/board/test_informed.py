"""Who was told is noted with one click, and told again only when something else holds."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations import amending, informed, planning, rostering
from api.operations.office import Office
from api.operations.rostering import Wanted
from data.roster import Decision
from routing.units import HOUR, MINUTE
from scheduler.clock import hh_mm
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import Clock
from tests.builders_running import plan_rows
from tests.web.board.test_day_board import DAY, hidden, read, send, served
from tests.web.board.test_editions import listed
from tests.web.board.test_reports import at

RING = "Noch anzurufen, wissen etwas anderes"
UNSAID = "Zugesagt, aber noch nicht Bescheid gesagt"
HEARD = "Bescheid gesagt"
TAKEN_BACK = "Wem deswegen schon Bescheid gesagt wurde"


@pytest.fixture(scope="module")
def quiet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people who ride in the same bus: they are planned the same on every machine."""
    return plan_rows(tmp_path_factory.mktemp("quiet"), 2)


def newest(office: Office) -> str:
    return str(planning.read_plan(office, office.region(), TUESDAY).version)


def publish(desk: TestClient, office: Office, now: Clock) -> None:
    """Publish the newest version; a minute passes before and after it."""
    now.go_on(minutes=1)
    send(desk, f"{DAY}/veroeffentlichen", {"version": newest(office)})
    now.go_on(minutes=1)


def plan_and_publish(desk: TestClient, office: Office, now: Clock) -> None:
    send(desk, f"{DAY}/planen")
    publish(desk, office, now)


def tell(desk: TestClient, office: Office, *names: str) -> None:
    """Tell people what the newest version does with them, and note it."""
    for name in names:
        send(desk, f"{DAY}/bescheid/{name}", {"version": newest(office)})


def decide(office: Office, decision: Decision) -> None:
    """Let all shifts of the day fall out, or be driven."""
    region = office.region()
    for shift in ("vormittag", "nachmittag"):
        wanted = Wanted(TUESDAY, shift, decision)
        version = region.roster.change(TUESDAY, shift).version
        effect = rostering.decide(office, region, wanted, version=version)
        if effect:
            left = rostering.decide(office, region, wanted, version=version, seen=effect.seen)
            assert left is None


def without_a_bus(desk: TestClient, office: Office, now: Clock) -> list[str]:
    """Publish a day, and then that nobody drives it; gives who was to ride."""
    publish(desk, office, now)
    everybody = served(office)
    decide(office, Decision.OUT)
    plan_and_publish(desk, office, now)
    assert sorted(listed(read(desk), "Bitte anrufen")) == everybody
    return everybody


def report(desk: TestClient, asked: str) -> None:
    page = read(desk, f"{DAY}/melden?{asked}")
    send(desk, f"{DAY}/melden", hidden(page, f"{DAY}/melden"))


def delay(desk: TestClient, office: Office, minutes: int, route: int = 0) -> list[str]:
    """Report a delay on a tour of the day; gives whom that makes us ring."""
    shift = planning.read_plan(office, office.region(), TUESDAY).plan.routes[route].shift
    report(desk, f"was=delayed&dienst={shift}&minuten={minutes}")
    return list(amending.happened(office, office.region(), TUESDAY)[-1].announced.ring)


def promise(desk: TestClient, name: str) -> None:
    """Promise somebody a ride on the telephone."""
    offers = send(desk, f"/wuensche/{name}/vorschlaege", status=200)
    fields = hidden(offers, f"/wuensche/{name}/zusagen")
    send(desk, f"/wuensche/{name}/zusagen", {**fields, "wie": "zusagen"})


def before_the_first(office: Office) -> int:
    """A moment at which the first bus of the day stands in its yard."""
    plan = planning.read_plan(office, office.region(), TUESDAY).plan
    return plan.routes[0].stops[1].arrival - 20 * MINUTE


def folded(page: str, title: str) -> list[str]:
    """Whom a list of the version names that can be folded away."""
    found = re.search(rf"<summary>{title} \(\d+\)</summary>(.*?)</details>", page, re.DOTALL)
    return re.findall(r'<a href="/wuensche/(r\d+)">', found[1]) if found else []


def happened(page: str, title: str) -> list[str]:
    """Whom the lists of the events name under a title."""
    events = page.split('id="geschehen"')[1].split("</section>", maxsplit=1)[0]
    lists = re.findall(rf'<p class="reason"><b>{title}.*?</ul>', events, re.DOTALL)
    return re.findall(r'<a href="/wuensche/(r\d+)">', "".join(lists))


def test_whoever_was_told_is_noted_and_can_turn_out_not_to_have_been(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """With the time, in every list; others see it, for the state of the page is another."""
    moment = before_the_first(quiet_office)
    now.now = at(moment)
    publish(quiet, quiet_office, now)
    first, second = delay(quiet, quiet_office, 45)
    before = quiet.get(f"{DAY}/stand").json()
    assert hidden(read(quiet), f"{DAY}/bescheid/{first}")["version"] == "2"

    where = send(quiet, f"{DAY}/bescheid/{first}", {"version": "2", "weiter": "geschehen"})

    assert where == f"{DAY}#geschehen"
    page = read(quiet)
    assert quiet.get(f"{DAY}/stand").json() != before
    assert folded(page, HEARD) == [first]
    assert f"Bescheid gesagt {hh_mm(moment + 2 * MINUTE)} Uhr" in page
    assert listed(page, "Bitte anrufen") == happened(page, "Was gesagt ist") == [second]

    send(quiet, f"{DAY}/bescheid/{first}", {"version": "2", "nicht": "ja"})

    page = read(quiet)
    assert folded(page, HEARD) == []
    assert sorted(listed(page, "Bitte anrufen")) == sorted([first, second])
    assert sorted(happened(page, "Was gesagt ist")) == sorted([first, second])


def test_whoever_was_told_is_rung_again_about_what_is_new(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """And stands once among the events, with the newest."""
    now.now = at(before_the_first(quiet_office))
    name = delay(quiet, quiet_office, 45)[0]
    tell(quiet, quiet_office, name)
    assert name not in happened(read(quiet), "Was gesagt ist")

    assert name in delay(quiet, quiet_office, 20)

    page = read(quiet)
    assert happened(page, "Was gesagt ist").count(name) == 1
    assert folded(page, HEARD) == []


def test_a_delay_of_the_way_home_stays_when_the_way_there_is_late_as_well(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Each says what it says until it is over, or something newer says otherwise."""
    now.now = at(before_the_first(quiet_office))
    publish(quiet, quiet_office, now)
    name = delay(quiet, quiet_office, 30, route=1)[0]
    assert name in delay(quiet, quiet_office, 60)

    page = read(quiet)
    assert happened(page, "Was gesagt ist").count(name) == 2
    assert "Hinfahrt: Abholung" in page
    assert "Rückfahrt: Abholung" in page

    now.now = at(12 * HOUR)
    page = read(quiet)
    assert happened(page, "Was gesagt ist").count(name) == 1
    assert name in listed(page, "Bitte anrufen")
    assert folded(page, UNSAID) == []


def test_a_delay_that_is_taken_back_is_told_to_whoever_heard_of_it(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """With what holds by now."""
    now.now = at(before_the_first(quiet_office))
    name = delay(quiet, quiet_office, 45)[0]
    tell(quiet, quiet_office, name)
    send(quiet, f"{DAY}/zuruecknehmen", hidden(read(quiet), f"{DAY}/zuruecknehmen"))
    page = read(quiet)
    assert name in happened(page, TAKEN_BACK)
    assert "es bleibt doch, wie es vorher war: Abholung 0" in page

    tell(quiet, quiet_office, name)

    page = read(quiet)
    assert name not in happened(page, TAKEN_BACK)
    assert folded(page, HEARD) == [name]


def test_what_was_promised_by_publishing_stays_until_somebody_has_said_it(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Also when a newer version is there; whoever was told can be seen, and taken back."""
    publish(quiet, quiet_office, now)
    known, other = served(quiet_office)
    tell(quiet, quiet_office, known)
    quiet.post("/api/v1/requests", json={**BODY, "appointment": "11:30"})
    send(quiet, f"{DAY}/planen")
    page = read(quiet)
    assert folded(page, UNSAID) == [other]
    assert folded(page, HEARD) == [known]
    assert not {known, other} & {*listed(page, "Nur Minuten, innerhalb des Zugesagten")}

    tell(quiet, quiet_office, other)

    assert folded(read(quiet), UNSAID) == []
    assert sorted(folded(read(quiet), HEARD)) == sorted([known, other])


def test_of_a_promise_only_what_is_ahead_has_to_be_said(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Nobody is told at noon when the bus came in the morning."""
    publish(quiet, quiet_office, now)
    now.now = at(12 * HOUR)
    page = read(quiet)
    assert sorted(folded(page, UNSAID)) == served(quiet_office)
    assert "fährt mit: Abholung zwischen" not in page
    assert "fährt mit: Rückfahrt zwischen" in page
    now.now = at(20 * HOUR)
    assert folded(read(quiet), UNSAID) == []


def test_whoever_was_told_that_no_bus_comes_hears_that_one_comes(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Though it is what was promised to them before; and the other way round once more."""
    everybody = without_a_bus(quiet, quiet_office, now)
    tell(quiet, quiet_office, *everybody)
    assert listed(read(quiet), "Bitte anrufen") == []
    assert sorted(folded(read(quiet), HEARD)) == everybody

    decide(quiet_office, Decision.AS_FILED)
    plan_and_publish(quiet, quiet_office, now)

    page = read(quiet)
    assert sorted(folded(page, RING)) == everybody
    assert "jetzt gilt: Abholung" in page
    assert folded(page, HEARD) == []


def test_what_is_promised_on_the_telephone_is_newer_than_what_was_told(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Whoever wants to ride at eleven instead and is promised that knows nothing of two o'clock."""
    publish(quiet, quiet_office, now)
    asked = {**BODY, "appointment": "14:00"}
    name = str(quiet.post("/api/v1/requests", json=asked).json()["id"])
    plan_and_publish(quiet, quiet_office, now)
    tell(quiet, quiet_office, name)
    now.go_on(minutes=1)
    quiet.put(f"/api/v1/requests/{name}", json={**BODY, "appointment": "11:00"})
    promise(quiet, name)

    plan_and_publish(quiet, quiet_office, now)

    page = read(quiet)
    lists = (folded(page, HEARD), folded(page, UNSAID), folded(page, RING))
    assert not any(name in each for each in lists)
    assert listed(page, "Bitte anrufen") == []
    quiet.put(f"/api/v1/requests/{name}", json=asked)
    plan_and_publish(quiet, quiet_office, now)
    assert name not in folded(read(quiet), HEARD)


def test_whoever_was_not_rung_is_not_forgotten_with_the_next_version(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    everybody = without_a_bus(quiet, quiet_office, now)

    quiet.post("/api/v1/requests", json={**BODY, "appointment": "11:30"})
    plan_and_publish(quiet, quiet_office, now)

    page = read(quiet)
    assert listed(page, "Bitte anrufen") == []
    assert sorted(folded(page, RING)) == everybody
    assert page.count("fährt nicht mehr mit") == 2


def test_whoever_cancels_has_not_to_be_told_anything(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    publish(quiet, quiet_office, now)
    name, other = served(quiet_office)
    tell(quiet, quiet_office, name)
    now.now = at(before_the_first(quiet_office))
    report(quiet, f"was=cancelled&wunsch={name}")

    page = read(quiet)
    assert folded(page, RING) == []
    assert folded(page, HEARD) == []
    assert folded(page, UNSAID) == [other]


def test_a_plan_that_does_the_same_is_not_told_twice(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Whoever was told of the second version hears nothing new of a third that keeps to it."""
    publish(quiet, quiet_office, now)
    new = quiet.post("/api/v1/requests", json={**BODY, "appointment": "14:00"}).json()["id"]
    plan_and_publish(quiet, quiet_office, now)
    assert listed(read(quiet), "Bitte anrufen") == [new]
    tell(quiet, quiet_office, new)
    assert listed(read(quiet), "Bitte anrufen") == []
    plan_and_publish(quiet, quiet_office, now)
    assert folded(read(quiet), HEARD) == [new]


@pytest.mark.parametrize(
    ("request_id", "version", "said"),
    [("r1", "9", "hat keine Version 9"), ("r77", "1", "r77"), ("niemand", "1", "niemand")],
)
def test_what_cannot_be_noted_says_why(
    quiet: TestClient, quiet_office: Office, request_id: str, version: str, said: str
) -> None:
    asked = f"{DAY}/bescheid/{request_id}"
    assert said in send(quiet, asked, {"version": version}, status=404)
    assert informed.read(quiet_office, quiet_office.region(), TUESDAY) == {}


def test_whoever_moves_to_another_day_has_not_to_be_told_of_the_old_one(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """And is told of the new one, whose versions begin with one as well."""
    publish(quiet, quiet_office, now)
    name = str(quiet.post("/api/v1/requests", json={**BODY, "appointment": "14:00"}).json()["id"])
    plan_and_publish(quiet, quiet_office, now)
    tell(quiet, quiet_office, name)
    moved = {**BODY, "date": "2027-03-04", "appointment": "14:00"}
    assert quiet.put(f"/api/v1/requests/{name}", json=moved).status_code == 200
    plan_and_publish(quiet, quiet_office, now)
    page = read(quiet)
    assert name not in {*folded(page, RING), *listed(page, "Bitte anrufen")}

    thursday = "/tage/2027-03-04"
    send(quiet, f"{thursday}/planen")
    send(quiet, f"{thursday}/veroeffentlichen", {"version": "1"})
    assert folded(read(quiet, thursday), UNSAID) == [name]
    send(quiet, f"{thursday}/bescheid/{name}", {"version": "1"})
    assert folded(read(quiet, thursday), HEARD) == [name]


def test_whoever_waits_and_was_not_told_is_to_be_rung_until_they_are_home(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Though they were told of a bus once, and though it would have come by now."""
    publish(quiet, quiet_office, now)
    everybody = served(quiet_office)
    tell(quiet, quiet_office, *everybody)
    afternoon = planning.read_plan(quiet_office, quiet_office.region(), TUESDAY).plan.routes[1]
    now.now = at(afternoon.stops[1].arrival - 20 * MINUTE)
    report(quiet, f"was=out_of_service&dienst={afternoon.shift}&grund=vehicle")
    assert sorted(listed(read(quiet), "Bitte anrufen")) == everybody

    now.now = at(afternoon.stops[-1].arrival)

    page = read(quiet)
    assert sorted(listed(page, "Bitte anrufen")) == everybody
    assert sorted(happened(page, "Was gesagt ist")) == everybody
    assert folded(page, HEARD) == []
    tell(quiet, quiet_office, *everybody)
    assert listed(read(quiet), "Bitte anrufen") == []
    assert sorted(folded(read(quiet), HEARD)) == everybody


def test_what_was_taken_back_and_is_late_once_more_is_said_once(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """And nothing of it when all rides are over."""
    now.now = at(before_the_first(quiet_office))
    publish(quiet, quiet_office, now)
    name = delay(quiet, quiet_office, 45)[0]
    send(quiet, f"{DAY}/zuruecknehmen", hidden(read(quiet), f"{DAY}/zuruecknehmen"))
    assert name in happened(read(quiet), TAKEN_BACK)

    assert name in delay(quiet, quiet_office, 60)

    page = read(quiet)
    assert name not in happened(page, TAKEN_BACK)
    assert happened(page, "Was gesagt ist").count(name) == 1


def test_whoever_was_told_knows_it_in_the_bus_as_well(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Told of the way home before the way there, they are not told on the way."""
    first = before_the_first(quiet_office)
    now.now = at(first)
    publish(quiet, quiet_office, now)
    name, other = delay(quiet, quiet_office, 30, route=1)
    tell(quiet, quiet_office, name)
    plan = planning.read_plan(quiet_office, quiet_office.region(), TUESDAY).plan
    inside = max(visit.begin for stop in plan.routes[0].stops[:3] for visit in stop.visits)

    now.now = at(inside + 1)

    page = read(quiet)
    assert folded(page, HEARD) == [name]
    assert happened(page, "Sollten im Bus sein") == [other]


def test_on_the_running_day_a_time_is_told_to_the_minute(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Whoever was told a later one and is fetched as promised after all has to hear it."""
    now.now = at(before_the_first(quiet_office))
    publish(quiet, quiet_office, now)
    name = delay(quiet, quiet_office, 45)[0]
    tell(quiet, quiet_office, name)
    send(quiet, f"{DAY}/zuruecknehmen", hidden(read(quiet), f"{DAY}/zuruecknehmen"))

    page = read(quiet)

    assert folded(page, HEARD) == []
    assert name in happened(page, TAKEN_BACK)
    assert name in {*folded(page, RING), *listed(page, "Bitte anrufen")}
