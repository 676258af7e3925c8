"""What cannot have happened, or not then."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders_api import make_office
from tests.builders_running import DAY, document, happen
from tests.builders_visits import visit


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"kind": "cancelled", "request": "r999"}, 409, "Fahrtwunsch r999"),
        ({"kind": "no_show", "request": "r999"}, 409, "Fahrtwunsch r999"),
        ({"kind": "ready", "request": "r999", "ready": "12:00"}, 409, "Rückfahrt"),
        ({"kind": "delayed", "shift": "nachts", "minutes": 5}, 409, "Dienst „nachts“"),
        ({"kind": "out_of_service", "shift": "nachts"}, 409, "Dienst „nachts“"),
        ({"kind": "delayed", "shift": "vormittag", "minutes": 0}, 422, "minutes"),
        ({"kind": "delayed", "shift": "vormittag"}, 422, "minutes"),
        ({"kind": "delayed", "shift": "vormittag", "minutes": 5, "at": "25:10"}, 422, "at"),
        ({"kind": "road_closed", "lat": 47.0, "lon": 11.0}, 409, "keine Straße"),
        ({"kind": "road_closed", "lat": 95, "lon": 9}, 422, "lat"),
        ({"kind": "eclipse"}, 422, "möglich sind 'cancelled'"),
        ({}, 422, '"field":"kind"'),
    ],
)
def test_what_cannot_have_happened_is_refused(
    client: TestClient, body: dict[str, Any], status: int, words: str
) -> None:
    """With words that name it; and no version is made."""
    answer = client.post(f"{DAY}/events", json=body)
    assert answer.status_code == status
    assert words in answer.text
    assert client.get(f"{DAY}/events").json() == []


def test_time_runs_forward_only(client: TestClient) -> None:
    """Nothing happens before what is known already, and on the day nothing in the future."""
    shift = document(client)["routes"][0]["shift"]
    happen(client, "delayed", at="09:00", shift=shift, minutes=5)

    earlier = client.post(
        f"{DAY}/events", json={"kind": "delayed", "at": "08:59", "shift": shift, "minutes": 5}
    )

    assert earlier.status_code == 409
    assert "Um 09:00 wurde der 02.03.2027 zuletzt geändert" in earlier.json()["detail"]


def test_on_the_day_nothing_has_happened_in_the_future(client: TestClient, tmp_path: Path) -> None:
    """At nine, nothing can have happened at ten."""
    shift = document(client)["routes"][0]["shift"]
    nine = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)
    there = make_office(tmp_path, clock=lambda: nine)
    with visit(there) as later:
        body = {"kind": "delayed", "shift": shift, "minutes": 5}
        answer = later.post(f"{DAY}/events", json={**body, "at": "10:00"})
        assert answer.status_code == 409
        assert "10:00 liegt in der Zukunft; jetzt ist es 09:00" in answer.json()["detail"]
        assert later.post(f"{DAY}/events", json=body).json()["at"] == "09:00"
