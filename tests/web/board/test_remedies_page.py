"""What would help whoever is left out: it holds when it is done, and can be undone."""

import datetime as dt
import re

from fastapi.testclient import TestClient

from api.operations import planning, requests
from api.operations.office import Office
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import FAR, GROUP
from tests.web.board.test_day_board import DAY, hidden, read, send

NEXT = "/tage/2027-03-03"
NEXT_DAY = dt.date(2027, 3, 3)


def three_groups(board: TestClient, office: Office) -> str:
    """Three groups that fill the bus want to ride at one time; gives who of them is left out."""
    for number, each in enumerate((BODY, {**BODY, **FAR}, BODY)):
        group = {**each, **GROUP, "name": f"Beispiel, Nr. {number}", "date": "2027-03-03"}
        board.post("/api/v1/requests", json=group)
    send(board, f"{NEXT}/planen")
    return left_out(office)[0]


def left_out(office: Office) -> list[str]:
    plan = planning.read_plan(office, office.region(), NEXT_DAY).plan
    return [each.request for each in plan.unserved]


def help_for(page: str) -> list[str]:
    """What would help, each with what can be done for it."""
    helps = re.search(r'<ul class="helps">.*?</ul>', page, re.DOTALL)
    return re.findall(r"<li>.*?</li>", helps[0], re.DOTALL) if helps else []


def test_a_remedy_is_applied_with_a_click_and_undone(
    board: TestClient, planned_office: Office
) -> None:
    """What helps is what the planner proves; then the request says so, and fits."""
    region = planned_office.region()
    name = three_groups(board, planned_office)
    action = f"{NEXT}/abhilfe/{name}"
    before = requests.read(planned_office, region, name).row
    fields = hidden(read(board, action), action)

    done = send(board, action, fields, status=200)

    later = f"{int(fields['spalte-termin'][:2]):02}{fields['spalte-termin'][2:]}"
    assert f"Termin {later} statt 09:30." in done
    assert requests.read(planned_office, region, name).row != before
    undone = send(board, action, hidden(done, action), status=200)
    assert f"Termin 09:30 statt {later}." in undone
    assert "Rückgängig" not in undone
    assert requests.read(planned_office, region, name).row == before

    again = {**fields, "version": str(requests.read(planned_office, region, name).version)}
    send(board, action, again, status=200)
    send(board, f"{NEXT}/planen")
    assert name not in left_out(planned_office)


def test_remedies_keep_what_was_promised_since_the_day_was_planned(
    board: TestClient, planned_office: Office
) -> None:
    """Publishing promises every rider: nobody is named in whose place it would go."""
    name = three_groups(board, planned_office)
    action = f"{NEXT}/abhilfe/{name}"
    assert "Anstelle von" in read(board, action)
    send(board, f"{NEXT}/veroeffentlichen", {"version": "1"})

    page = read(board, action)

    assert "Anstelle von" not in page
    send(board, action, hidden(page, action), status=200)
    send(board, f"{NEXT}/planen")
    assert left_out(planned_office) == []


def test_what_fits_by_now_is_planned_with_a_button(
    board: TestClient, planned_office: Office
) -> None:
    """Somebody cancels: then nothing has to be changed, and nothing else is said."""
    name = three_groups(board, planned_office)
    other = next(
        each.id
        for each in requests.read_day(planned_office, planned_office.region(), NEXT_DAY)
        if each.id != name
    )
    requests.cancel(planned_office, planned_office.region(), other)

    page = read(board, f"{NEXT}/abhilfe/{name}")

    assert "Es ist doch Platz" in page
    assert "Keine einzelne Änderung" not in page
    hidden(page, f"{NEXT}/planen")
    send(board, f"{NEXT}/planen")
    assert left_out(planned_office) == []


def test_a_remedy_that_no_button_applies_says_who_decides(
    board: TestClient, planned_office: Office
) -> None:
    """Files in words, people with the page where it is done; and that page is there."""
    unserved = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.unserved
    name = three_groups(board, planned_office)
    pages = [f"{DAY}/abhilfe/{unserved[0].request}", f"{NEXT}/abhilfe/{name}"]
    helps = [one for page in pages for one in help_for(read(board, page))]
    for one in helps:
        assert ("<form" in one) != ('<p class="hint">' in one)
        for place in re.findall(r'<a class="button" href="([^"]+)"', one):
            assert "Bitte anrufen" in one
            assert "Absagen" in read(board, place)
    (second, *_) = [one for one in helps if "Zweiter Bus" in one]
    assert "fleet.toml" in second
    assert "href" not in second


def test_a_remedy_for_what_was_changed_meanwhile_is_not_applied(
    board: TestClient, planned_office: Office
) -> None:
    name = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.unserved[0]
    fields = {"version": "77", "spalte-termin": "10:00"}

    assert "geändert" in send(board, f"{DAY}/abhilfe/{name.request}", fields, status=409)


def test_whoever_has_cancelled_needs_no_help(board: TestClient, planned_office: Office) -> None:
    """The plan does not know it yet."""
    region = planned_office.region()
    name = planning.read_plan(planned_office, region, TUESDAY).plan.unserved[0].request
    requests.cancel(planned_office, region, name)

    assert "abgesagt" in read(board, f"{DAY}/abhilfe/{name}", status=404)
