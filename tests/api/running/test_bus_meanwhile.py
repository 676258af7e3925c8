"""A bus is changed while it is on the way: today goes on with the bus that it was planned with."""

import datetime as dt
from typing import Any

from fastapi.testclient import TestClient

from api.operations.office import Office
from tests.builders_api import TUESDAY
from tests.builders_offers import V1, Clock
from tests.builders_running import DAY, document, happen

NINE = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)
EVENING = dt.datetime(2027, 3, 1, 17, 0, tzinfo=dt.UTC)
BUS = f"{V1}/vehicles/bus-1"
AWAY: dict[str, Any] = {"configurations": [], "since": "2027-03-02", "version": 0}


def test_a_day_that_has_begun_keeps_its_bus(client: TestClient, office: Office, now: Clock) -> None:
    """A decision for good holds from tomorrow on; one for today alone is none for this page."""
    now.now = NINE
    refused = client.put(BUS, json={**AWAY, "until": "2027-03-02"})
    assert refused.status_code == 422
    assert "schon ein Bus unterwegs" in refused.json()["detail"]

    held = client.put(BUS, json=AWAY)

    assert held.json()["decided"][0]["since"] == "2027-03-03"
    assert office.region().shifts(TUESDAY)
    assert not office.region().shifts(TUESDAY + dt.timedelta(days=1))
    assert client.get(f"{DAY}/manifests").status_code == 200
    shift = document(client)["routes"][0]["shift"]
    late = happen(client, "delayed", shift=shift, minutes=5)
    back = client.post(f"{DAY}/events/take-back", json={"version": late["version"]})
    assert back.status_code == 201, back.text


def test_a_day_ahead_of_which_something_was_reported_keeps_its_bus_too(
    client: TestClient, now: Clock
) -> None:
    """Its plan goes its own way by then; the message says on which day."""
    now.now = EVENING
    plan = document(client)
    rider = plan["routes"][0]["stops"][1]["visits"][0]["request"]
    happen(client, "cancelled", request=rider)

    refused = client.put(BUS, json={**AWAY, "since": "2027-03-01"})

    assert refused.status_code == 422
    assert "Am 02.03.2027 ist schon etwas geschehen" in refused.json()["detail"]
    assert client.put(BUS, json={**AWAY, "since": "2027-03-03"}).status_code == 200
    assert client.get(f"{DAY}/manifests").status_code == 200
