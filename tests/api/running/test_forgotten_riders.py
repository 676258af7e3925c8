"""Somebody whom a running day left out is forgotten: the day goes on without knowing them."""

from fastapi.testclient import TestClient

from tests.builders_offers import V1
from tests.builders_running import DAY, document, happen, served


def test_whoever_is_not_driven_can_be_forgotten_and_the_day_goes_on(client: TestClient) -> None:
    """Sheets are printed, events are told, and riders cancel, although a home is gone."""
    plan = document(client)
    left_out = plan["unserved"][0]["request"]
    shift = plan["routes"][0]["shift"]
    happen(client, "delayed", at="07:15", shift=shift, minutes=5)

    forgotten = client.delete(f"{V1}/passengers/{left_out}/consent")
    assert forgotten.status_code == 200, forgotten.text
    assert client.get(f"{V1}/requests/{left_out}").status_code == 404

    assert client.get(f"{DAY}/manifests").status_code == 200
    assert client.get(f"/tage/{plan['date']}").status_code == 200
    happen(client, "delayed", at="07:20", shift=shift, minutes=5)
    rider = max(served(document(client)))
    assert client.delete(f"{V1}/requests/{rider}").status_code == 200
    assert rider not in served(document(client))
