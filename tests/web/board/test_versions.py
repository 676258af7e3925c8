"""All versions of a day on the board: when, why, published by whom, and each as it was."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO

import pypdf
import pytest
from fastapi.testclient import TestClient

from api.operations import happenings, planning, publishing, requests
from api.operations.office import Office
from api.web.board.version_view import KINDS
from data.region import Region
from scheduler.model import Shift
from tests.builders_api import BODY, TUESDAY
from tests.builders_doors import account, browser, session
from tests.builders_offers import Clock
from tests.web.board.test_day_board import DAY, hidden, read, send, served
from tests.web.board.test_place_page import FORM as HOURS
from tests.web.conftest import HALF_PAST_NINE

VERSIONS = f"{DAY}/versionen"


def rows(page: str) -> list[str]:
    """What stands in each row, the newest version first."""
    found = re.findall(r'<tr role="row">\n(.*?)</tr>', page, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in found][1:]


def test_every_version_is_listed_with_its_reason(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Planned, planned anew, and what happened on the day."""
    first = publishing.list_versions(planned_office, planned_office.region(), TUESDAY)[0]
    send(board, f"{DAY}/planen")
    now.now = HALF_PAST_NINE
    report = f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=10"
    send(board, f"{DAY}/melden", hidden(read(board, report), f"{DAY}/melden"))

    assert f'href="{VERSIONS}"' in read(board)
    listed = rows(read(board, VERSIONS))

    assert len(listed) == 3
    assert listed[0].startswith(
        "Version 3 die neueste 02.03.2027, 09:30 Uhr 09:30 Uhr: Vormittag: "
    )
    assert "Entwurf" in listed[0]
    assert listed[1].startswith("Version 2")
    assert "neu geplant Entwurf" in listed[1]
    assert "28.02.2027, 19:00 Uhr geplant 28.02.2027, " in listed[2]
    assert listed[2].count("haben die Fahrer:innen") == 1
    assert f"{first.served} eingeplant {first.unserved} nicht" in listed[2]
    assert "bewiesen" in listed[2]


def test_all_that_can_happen_has_words() -> None:
    assert set(happenings.KINDS.values()) <= KINDS.keys()
    assert {happenings.CAUGHT_UP, happenings.TAKEN_BACK} <= KINDS.keys()


def test_who_published_is_named(planned_office: Office) -> None:
    """By the name that they sign in with."""
    number = account(planned_office, "erika", "dispatcher")
    client = browser(planned_office, session(planned_office, number))
    send(client, f"{DAY}/planen")
    send(client, f"{DAY}/veroeffentlichen", {"version": "2"})

    assert "von erika haben die Fahrer:innen" in rows(read(client, VERSIONS))[0]


def test_a_version_is_shown_and_printed_as_it_was(
    board: TestClient, planned_office: Office
) -> None:
    """Whoever is not in the newest one any more is still in the one of before."""
    region = planned_office.region()
    name = served(planned_office)[0]
    who = requests.read(planned_office, region, name).row.name
    requests.cancel(planned_office, region, name)
    send(board, f"{DAY}/planen")

    older, newer = (read(board, f"{VERSIONS}/{version}") for version in (1, 2))

    assert f"<bdi>{who}</bdi>" in older
    assert f"<bdi>{who}</bdi>" not in newer
    assert "Die Fahrer:innen haben sie" in older
    assert "es gibt eine neuere Version" in older
    assert "<form" not in older
    plan = planning.read_plan(planned_office, region, TUESDAY, 1).plan
    route = next(
        route
        for route in plan.routes
        if any(visit.request == name for stop in route.stops for visit in stop.visits)
    )
    address = f"{VERSIONS}/1/tourenblatt/{route.shift}.pdf"
    assert f'href="{address}"' in older
    text = text_of(board.get(address).content)
    assert who in text
    assert "Version 1" in text


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("path", [f"{VERSIONS}/7", "/tage/2027-03-03/versionen"])
def test_a_version_that_there_is_not_is_no_page(board: TestClient, path: str) -> None:
    """It says so, with a way back to the day."""
    assert 'href="/tage/2027-03-0' in read(board, path, status=404)


def test_what_does_not_fit_the_region_any_more_says_so(
    board: TestClient, planned_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures of a draft stay; of what was published, the tours as well."""
    send(board, f"{DAY}/planen")
    filed = Region.shifts
    monkeypatch.setattr(Region, "shifts", lambda region, day: _without_first(filed, region, day))

    published = read(board, f"{VERSIONS}/1")
    page = read(board, f"{VERSIONS}/2")

    assert "womit geplant war" in published
    assert 'id="dienst-1"' in published
    assert "lassen sich nicht mehr zeigen" in page
    assert "eingeplant" in page


def _without_first(
    filed: Callable[[Region, date], Sequence[Shift]], region: Region, day: date
) -> Sequence[Shift]:
    return filed(region, day)[1:]


def test_what_drivers_hold_is_found_when_a_draft_fits_no_more(
    board: TestClient, planned_office: Office
) -> None:
    """The practice closes after a second planning: the published sheets are still there."""
    path = "/tage/2027-03-03"
    for version, appointment in enumerate(("09:30", "10:30"), 1):
        wish = {**BODY, "date": "2027-03-03", "appointment": appointment}
        board.post("/api/v1/requests", json={**wish, "name": f"Beispiel, Nr. {version}"})
        send(board, f"{path}/planen")
        if version == 1:
            send(board, f"{path}/veroeffentlichen", {"version": "1"})
    send(board, "/region/orte/mvz", {**HOURS, "zu1": "3.3.2027"})

    page = read(board, path)

    assert "passt nicht mehr" in page
    assert f'href="{path}/versionen"' in page
    assert f'href="{path}/versionen/1"' in page
    links = re.findall(rf'href="({path}/versionen/1/tourenblatt/[^"]+)"', page)
    assert links
    for link in [f"{path}/versionen", f"{path}/versionen/1", *links]:
        assert board.get(link).status_code == 200
