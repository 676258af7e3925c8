"""The opening hours of a place are changed while buses are on the way: today goes on as planned."""

import datetime as dt

from fastapi.testclient import TestClient

from api.operations.office import Office
from scheduler.clock import clock
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import V1, Clock
from tests.builders_running import DAY, document, happen, served

NINE = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)
EARLY = {"opening_hours": "Mo-Fr 06:00-07:00; PH off", "phone": ""}


def test_a_day_that_has_begun_keeps_the_hours_that_it_was_planned_with(
    client: TestClient, office: Office, now: Clock
) -> None:
    """Sheets, reports, cancelling and taking back go on; from tomorrow on the new hours hold."""
    now.now = NINE
    before = office.region().places["mvz"].hours_on(TUESDAY)
    held = document(client)
    late = happen(client, "delayed", shift=held["routes"][0]["shift"], minutes=5)

    told = client.put(f"{V1}/places/mvz", json={**EARLY, "version": 0})

    assert told.status_code == 200
    assert told.json()["since"] == "2027-03-03"
    place = office.region().places["mvz"]
    assert place.hours_on(TUESDAY) == before
    assert place.hours_on(TUESDAY + dt.timedelta(days=1)) == EARLY["opening_hours"]
    assert client.get(f"{DAY}/manifests").status_code == 200
    back = client.post(f"{DAY}/events/take-back", json={"version": late["version"]})
    assert back.status_code == 201, back.text
    assert document(client)["routes"] == held["routes"]
    rider = max(served(held))
    assert client.delete(f"{V1}/requests/{rider}").status_code == 200
    tomorrow = client.post(f"{V1}/requests", json={**BODY, "date": "2027-03-03"})
    assert tomorrow.status_code == 422


def test_before_anything_is_reported_the_sheets_stay_readable(
    client: TestClient, now: Clock
) -> None:
    """The first bus has left, and that is all that has happened."""
    now.now = NINE
    assert client.put(f"{V1}/places/mvz", json={**EARLY, "version": 0}).status_code == 200

    assert client.get(f"{DAY}/manifests").status_code == 200
    assert "ab morgen" in client.get("/region", params={"getan": "mvz"}).text
    shift = document(client)["routes"][0]["shift"]
    assert happen(client, "delayed", shift=shift, minutes=5)["version"] == 2


def test_what_was_driven_yesterday_can_still_be_read(
    client: TestClient, office: Office, now: Clock
) -> None:
    """Each day has the hours of its own; decisions follow each other and none is lost."""
    now.now = NINE + dt.timedelta(days=1)
    for version, opens in enumerate(("07:00", "08:00")):
        body = {"opening_hours": f"Mo-Fr {opens}-09:00", "phone": "", "version": version}
        assert client.put(f"{V1}/places/mvz", json=body).status_code == 200
        now.go_on(24 * 60)

    assert client.get(f"{DAY}/manifests").status_code == 200
    place, region = office.region().places["mvz"], office.region()
    found = []
    for ahead in (1, 2, 3):
        day = TUESDAY + dt.timedelta(days=ahead)
        windows = place.on(day, country=region.country, land=region.land).open_hours
        assert windows is not None
        found.append(windows[0].earliest)
    assert found == [clock("07:00"), clock("08:00"), clock("08:00")]
