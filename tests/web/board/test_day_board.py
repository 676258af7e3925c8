"""The board of a day: what it shows, what happens on it in two clicks, what is published."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from api.operations import amending, planning, publishing, requests
from api.operations.office import Office
from routing.units import MINUTE
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import Clock
from tests.web.conftest import HALF_PAST_NINE

DAY = "/tage/2027-03-02"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def read(board: TestClient, path: str = DAY, status: int = 200) -> str:
    answer = board.get(path, headers=BROWSER)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def send(
    board: TestClient, path: str, fields: dict[str, str] | None = None, *, status: int = 303
) -> str:
    """Send a form; gives the address that it leads to, or the page."""
    answer = board.post(path, data=fields or {}, headers=BROWSER, follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer.headers["location"] if status == 303 else unescape(answer.text)


def hidden(page: str, action: str) -> dict[str, str]:
    """The fields of the form that goes to *action*: hidden ones, and those that are typed in."""
    form = re.search(
        rf'<form[^>]*action="{re.escape(action)}" method="post".*?</form>', page, re.DOTALL
    )
    assert form is not None, f"no form for {action}"
    fields = r'<input (?:type="hidden"|id="\w+") name="([^"]+)" value="([^"]*)"'
    return dict(re.findall(fields, form[0]))


def served(office: Office) -> list[str]:
    plan = planning.read_plan(office, office.region(), TUESDAY).plan
    return sorted({visit.request for visit in plan.visits})


def test_the_day_has_every_request_with_its_state(
    board: TestClient, planned_office: Office
) -> None:
    page = read(board)

    for name in served(planned_office):
        row = re.search(rf'<tr role="row" id="{name}".*?</tr>', page, re.DOTALL)
        assert row is not None
        assert "zugesagt" in row[0]  # the version is published
        assert re.search(r"hin \d\d:\d\d", row[0])
    assert page.count(">kein Platz<") == len(
        planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.unserved
    )


def test_the_time_line_shows_every_boarding_and_who_is_aboard(
    board: TestClient, planned_office: Office
) -> None:
    page = read(board)
    planned = planning.read_plan(planned_office, planned_office.region(), TUESDAY)

    halts = [stop for route in planned.plan.routes for stop in route.stops if stop.visits]
    assert page.count('class="bar halt"') == len(halts)
    for name in served(planned_office):
        who = planned.input.contacts[name].name
        assert re.search(rf"<title>\d\d:\d\d bis \d\d:\d\d: Fahrt [^<]*{re.escape(who)}", page)


def test_a_passenger_who_cancels_before_the_day_keeps_nobody_else_busy(
    board: TestClient, planned_office: Office
) -> None:
    name = served(planned_office)[0]
    page = read(board, f"{DAY}/melden?was=cancelled&wunsch={name}")
    assert "Zugesagte Plätze werden frei" in page

    place = send(board, f"{DAY}/melden", hidden(page, f"{DAY}/melden"))

    assert place == f"/wuensche/{name}?getan=abgesagt"
    done = read(board, place)
    assert "Abgesagt." in done
    known = requests.read(planned_office, planned_office.region(), name).row.name
    assert re.search(
        rf'<a href="/wuensche/{name}"><bdi>{re.escape(known)}</bdi></a>, [^<]+: '
        "ist abgesagt; der Bus käme vergeblich",
        read(board),
    )

    assert send(board, f"/wuensche/{name}/wieder") == f"/wuensche/{name}?getan=wie_vorher"
    assert requests.read(planned_office, planned_office.region(), name).cancelled is None
    assert "käme vergeblich" not in read(board)


@pytest.fixture
def under_way(board: TestClient, now: Clock) -> TestClient:
    now.now = HALF_PAST_NINE
    return board


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("was=delayed&dienst=vormittag&minuten=30", "Vormittag: 30 Minuten Verspätung"),
        ("was=out_of_service&dienst=nachmittag&grund=driver", "Nachmittag: Fahrer:in krank"),
        ("was=out_of_service&dienst=nachmittag&grund=vehicle", "Nachmittag: Bus defekt"),
    ],
)
def test_what_happens_is_looked_at_first_and_then_kept(
    under_way: TestClient, planned_office: Office, query: str, said: str
) -> None:
    """Two clicks: the first changes nothing, the second does just what was shown."""
    before = planning.read_document(planned_office, planned_office.region(), TUESDAY)
    page = read(under_way, f"{DAY}/melden?{query}")
    assert said in page
    after_look = planning.read_document(planned_office, planned_office.region(), TUESDAY)
    assert after_look.version == before.version
    changes = page.split('id="anrufen"')[1]
    ring = re.findall(r"<b><bdi>([^<]+)</bdi></b> <a class=\"phone\" href=\"tel:", changes)

    place = send(under_way, f"{DAY}/melden", hidden(page, f"{DAY}/melden"))

    assert place == f"{DAY}#geschehen"
    day = read(under_way)
    assert said in day
    for who in ring:
        assert re.search(rf"<bdi>{re.escape(who)}</bdi></a> <a class=\"phone\" href=\"tel:", day)
    kept = planning.read_document(planned_office, planned_office.region(), TUESDAY)
    assert kept.version == before.version + 1


def test_what_was_looked_at_too_long_ago_is_not_kept(
    under_way: TestClient, planned_office: Office
) -> None:
    page = read(under_way, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=10")
    fields = hidden(page, f"{DAY}/melden")
    send(under_way, f"{DAY}/melden", fields)

    refused = send(under_way, f"{DAY}/melden", fields, status=409)

    assert "ist inzwischen etwas geändert worden" in refused
    assert "Gespeichert ist nichts." in refused
    assert 'name="minuten" value="10"' in refused
    assert "Schon gemeldet: um 09:30 Uhr Vormittag: 10 Minuten Verspätung." in refused
    assert hidden(refused, f"{DAY}/melden")["gesehen"] != fields["gesehen"]
    newest = planning.read_document(planned_office, planned_office.region(), TUESDAY)
    assert newest.version == 2


def test_another_number_than_was_looked_at_is_looked_at_first(
    under_way: TestClient, planned_office: Office
) -> None:
    """Typed into the page that shows what five minutes change."""
    page = read(under_way, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=5")
    assert "Schon gemeldet" not in page
    fields = {**hidden(page, f"{DAY}/melden"), "minuten": "15"}

    anew = send(under_way, f"{DAY}/melden", fields, status=409)

    assert "Vormittag: 15 Minuten Verspätung" in anew
    assert "Angesehen haben Sie etwas anderes." in anew
    send(under_way, f"{DAY}/melden", hidden(anew, f"{DAY}/melden"))
    happened = amending.happened(planned_office, planned_office.region(), TUESDAY)
    assert [each.happened["late"] for each in happened] == [15 * MINUTE]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("was=delayed&dienst=vormittag&minuten=0", "Richtig ist die Dauer in Minuten, 1 bis 240."),
        ("was=delayed&dienst=vormittag&minuten=500", "Minuten, 1 bis 240."),
        ("was=delayed&dienst=nirgends&minuten=viel", "Minuten, 1 bis 240."),
        ("was=ready&wunsch=r1&um=25:00", "Diese Uhrzeit gibt es nicht"),
        ("was=ready&wunsch=r1&um=bald", "Eine Uhrzeit sieht so aus: 09:30."),
    ],
)
def test_what_cannot_be_read_is_asked_again(
    under_way: TestClient, planned_office: Office, query: str, said: str
) -> None:
    """Beside the field, with what was typed; whether it is looked at or kept."""
    fields = dict(pair.split("=") for pair in query.split("&"))
    typed = list(fields)[-1]
    looked = read(under_way, f"{DAY}/melden?{query}", status=422)
    for page in (looked, send(under_way, f"{DAY}/melden", fields, status=422)):
        field = re.search(rf'<p class="field bad" id="feld-{typed}">.*?</p>', page, re.DOTALL)
        assert field is not None
        assert f'value="{fields[typed]}"' in field[0]
        assert said in field[0]
        assert "So machen" not in page
    newest = planning.read_document(planned_office, planned_office.region(), TUESDAY)
    assert newest.version == 1


def test_what_is_no_report_is_a_mistyped_address(under_way: TestClient) -> None:
    """And leads back to the day that it was about."""
    page = read(under_way, f"{DAY}/melden?was=feuer", status=404)
    assert f'href="{DAY}">Zum Tag' in page
    sent = send(under_way, f"{DAY}/melden", {"was": "feuer"}, status=422)
    assert f'href="{DAY}">Zum Tag' in sent
    assert 'href="/">Zur Startseite' in sent


def test_what_cannot_have_happened_is_said(under_way: TestClient, planned_office: Office) -> None:
    """By name, with the way back to the day."""
    assert "r999" in read(under_way, f"{DAY}/melden?was=no_show&wunsch=r999", status=404)
    region = planned_office.region()
    name = requests.read(planned_office, region, "r24").row.name
    refused = read(under_way, f"{DAY}/melden?was=ready&wunsch=r24&um=07:00", status=409)
    assert f"{name} hat am 02.03.2027 keine Rückfahrt mehr vor sich." in refused
    assert f'href="{DAY}">Zurück zum Tag' in refused
    late = planning.read_plan(planned_office, region, TUESDAY).plan
    last = max(late.visits, key=lambda visit: visit.begin).request
    refused = read(under_way, f"{DAY}/melden?was=no_show&wunsch={last}", status=409)
    name = requests.read(planned_office, region, last).row.name
    assert f"{name} war noch nicht dran" in refused


def test_a_version_is_published_as_it_was_looked_at(
    board: TestClient, planned_office: Office
) -> None:
    name = served(planned_office)[0]
    requests.cancel(planned_office, planned_office.region(), name)
    send(board, f"{DAY}/planen")
    page = read(board)
    assert "noch nicht veröffentlicht; die Fahrer:innen haben Version 1" in page
    knows = page[page.index("Wissen es schon (1)") :]
    assert "fährt nicht mehr mit" in knows[: knows.index("</li>")]

    send(board, f"{DAY}/veroeffentlichen", hidden(page, f"{DAY}/veroeffentlichen"))

    edition = publishing.edition(planned_office, planned_office.region(), TUESDAY)
    assert edition.published is not None
    assert edition.published.version == 2
    page = read(board)
    assert "die Fahrer:innen haben noch die ältere auf Papier" in page
    papers = re.findall(rf'href="({DAY}/aenderungsblatt/\w+\.pdf)">Änderungsblatt \w+<', page)
    assert papers
    assert all(board.get(paper).status_code == 200 for paper in papers)
    assert "Inzwischen gibt es" in send(
        board, f"{DAY}/veroeffentlichen", {"version": "1"}, status=409
    )


def test_a_day_without_a_plan_shows_what_is_asked_and_is_planned(board: TestClient) -> None:
    assert board.post("/api/v1/requests", json={**BODY, "date": "2027-03-03"}).status_code == 201
    page = read(board, "/tage/2027-03-03")
    assert "Beispiel, Erika" in page
    assert "noch nicht geplant" in page

    place = send(board, "/tage/2027-03-03/planen")

    assert "Version 1" in read(board, place)


def test_the_state_of_a_day_changes_with_all_that_is_shown(
    board: TestClient, planned_office: Office
) -> None:
    def state() -> str:
        return str(board.get(f"{DAY}/stand").json()["stand"])

    seen = [state()]
    assert state() == seen[0]
    assert f'data-stand="{seen[0]}"' in read(board)
    assert board.post("/api/v1/requests", json=BODY).status_code == 201
    seen.append(state())
    requests.cancel(planned_office, planned_office.region(), served(planned_office)[0])
    seen.append(state())
    send(board, f"{DAY}/planen")
    seen.append(state())
    send(board, f"{DAY}/veroeffentlichen", {"version": "2"})
    seen.append(state())

    assert len(set(seen)) == len(seen)
