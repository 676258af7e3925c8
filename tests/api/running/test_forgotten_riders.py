"""Somebody whom a day left out is forgotten: the day goes on without knowing them."""

import datetime as dt

import pytest
from fastapi.testclient import TestClient

from tests.builders_offers import V1, Clock
from tests.builders_running import DAY, document, happen, served

NINE = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("reported", [True, False])
def test_whoever_is_not_driven_can_be_forgotten_and_the_day_goes_on(
    client: TestClient, now: Clock, *, reported: bool
) -> None:
    """Sheets are printed, events are told, and riders cancel, although a home is gone."""
    plan = document(client)
    left_out = plan["unserved"][0]["request"]
    shift = plan["routes"][0]["shift"]
    if reported:
        happen(client, "delayed", at="07:15", shift=shift, minutes=5)

    forgotten = client.delete(f"{V1}/passengers/{left_out}/consent")
    assert forgotten.status_code == 200, forgotten.text
    assert client.get(f"{V1}/requests/{left_out}").status_code == 404
    now.now = NINE

    assert client.get(f"{DAY}/manifests").status_code == 200
    page = client.get(f"/tage/{plan['date']}")
    assert page.status_code == 200
    assert f"<b>{len(served(plan))}</b> von" in page.text
    happen(client, "delayed", shift=shift, minutes=5)
    rider = max(served(document(client)))
    assert client.delete(f"{V1}/requests/{rider}").status_code == 200
    assert rider not in served(document(client))


def test_whoever_cancelled_and_is_forgotten_is_not_brought_back(
    client: TestClient, now: Clock
) -> None:
    """It is said why, and nothing is changed."""
    now.now = NINE
    rider = max(served(document(client)))
    gone = happen(client, "cancelled", request=rider)["version"]
    now.go_on(24 * 60)
    assert client.delete(f"{V1}/passengers/{rider}").status_code == 200
    held = document(client)

    answer = client.post(f"{DAY}/events/take-back", json={"version": gone})

    assert answer.status_code == 409
    assert "inzwischen gelöscht" in answer.json()["detail"]
    assert document(client) == held
