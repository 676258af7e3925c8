"""A plan of a day to come goes on without somebody who was erased, on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations import changes, planning, privacy, publishing, sheets, solving
from api.operations.days import PlannedDay
from api.operations.office import Office
from scheduler.check import check
from scheduler.plan import Plan
from tests.builders_api import TUESDAY, make_office
from tests.builders_running import plan_rows


@pytest.fixture
def office(tmp_path: Path, either_database: None) -> Iterator[Office]:
    """Two days before ten people ride."""
    plan_rows(tmp_path, 10)
    office = make_office(tmp_path)
    yield office
    office.close()


def read(office: Office) -> PlannedDay:
    return planning.read_plan(office, office.region(), TUESDAY)


def times(plan: Plan, *, but: str = "") -> dict[tuple[str, str], tuple[str, int]]:
    return {
        (visit.trip, visit.kind): (route.shift, visit.begin)
        for route in plan.routes
        for stop in route.stops
        for visit in stop.visits
        if visit.request != but
    }


def erase_a_rider(office: Office) -> str:
    rider = min(visit.request for visit in read(office).plan.visits)
    privacy.erase(office, office.region(), rider, cancel_rides=True)
    return rider


def test_the_others_keep_their_times_and_the_checker_finds_nothing(office: Office) -> None:
    before = read(office).plan

    rider = erase_a_rider(office)

    left = read(office)
    assert check(left.plan, left.day) == []
    assert times(left.plan) == times(before, but=rider)
    assert {request for _, request in left.fallen} == {rider}
    assert f"'{rider}'" not in str(left.document)


def test_it_is_printed_and_published(office: Office) -> None:
    """Nothing of it is a reason to plan the whole day anew."""
    erase_a_rider(office)
    region, left = office.region(), read(office)

    shifts = [route.shift for route in left.plan.routes]
    (first, *_) = sheets.make_sheets(office, left, shifts, printed=office.local(region))
    assert first.manifest.stops
    edition = publishing.publish(office, region, TUESDAY, left.version or 0)

    assert edition.worries == ()
    assert edition.published is not None


def test_the_change_sheet_names_neither_them_nor_where_they_lived(office: Office) -> None:
    """Drivers hold version 1 with their name; they are told which stop falls away."""
    region = office.region()
    publishing.publish(office, region, TUESDAY, 1)
    rider = erase_a_rider(office)
    solving.plan_kept(office, region, TUESDAY)

    found = changes.read_changes(office, region, TUESDAY)
    told = [each.sheet for each in changes.news(found, printed=office.local(region))]

    assert found.contacts[rider].name == "Fahrgast, dessen Daten gelöscht sind"
    assert "gelöschte Adresse" in str(told)
    assert publishing.edition(office, region, TUESDAY).changes is not None


def test_the_board_says_how_many_fell_away(office: Office, client: TestClient) -> None:
    """With the timeline, the tours and the sheets; and there is nobody to be rung any more."""
    region = office.region()
    publishing.publish(office, region, TUESDAY, 1)
    rider = erase_a_rider(office)

    page = client.get(f"/tage/{TUESDAY}").text
    assert "Ein Fahrgast ist gelöscht" in page
    assert "nicht mehr bewiesen" in page
    assert 'class="bar halt"' in page
    assert f"/tage/{TUESDAY}/tourenblatt/" in page
    assert client.get(f"/api/v1/days/{TUESDAY}/manifests").status_code == 200

    solving.plan_kept(office, region, TUESDAY)
    page = client.get(f"/tage/{TUESDAY}").text
    assert "gelöscht" not in page
    assert f'"/wuensche/{rider}"' not in page
