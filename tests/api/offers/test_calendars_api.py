"""Free appointments from calendar files, ranked across the sites of a health centre."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders_calendars import calendar, event
from tests.builders_offers import V1, accept, read, take

NEAR, FAR = "mvz", "klinik-lemgo"


def send(
    client: TestClient, request: str, *files: bytes, places: list[str] | None = None
) -> tuple[int, dict[str, Any]]:
    answer = client.post(
        f"{V1}/requests/{request}/appointments/import",
        files=[("file", (f"praxis-{at}.ics", file)) for at, file in enumerate(files)],
        data={} if places is None else {"place": places},
    )
    document: dict[str, Any] = answer.json()
    return answer.status_code, document


def told(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["place"], each["date"], each["appointment"]) for each in document["slots"]]


def test_calendars_of_two_sites_are_ranked_together(client: TestClient) -> None:
    """Beside the neighbour who goes to the MVZ at the same time, that costs almost nothing."""
    accept(client, take(client))
    request = take(client, appointment="11:30", name="Beispiel, Otto")
    near = calendar(event(":20270302T093000"), event(":20270302T031500"))
    far = calendar(event(":20270302T100000Z"))

    status, document = send(client, request, far, near, places=["Klinik Beispiel Lemgo", "mvz"])

    assert status == 200, document
    assert told(document) == [
        (NEAR, "2027-03-02", "09:30"),
        (FAR, "2027-03-02", "11:00"),
        (NEAR, "2027-03-02", "03:15"),
    ]
    best, other, closed = document["slots"]
    assert best["extra_driving_minutes"] < 5 < other["extra_driving_minutes"]
    assert "geschlossen" in closed["message"]
    assert (document["free"], document["unusable"]) == (3, [])
    assert read(client, request)["appointment"] == "11:30"


def test_one_calendar_may_say_itself_where_each_appointment_is(client: TestClient) -> None:
    """By the name of a place, its address, or not at all: then where the request leads."""
    request = take(client)
    file = calendar(
        event(":20270302T100000", "LOCATION:Klinik Beispiel Lemgo\\, Raum 3"),
        event(":20270302T103000", "LOCATION:Roter Lith 3a\\, Hohenhausen"),
        event(":20270302T110000"),
        event(":20270302T113000", "LOCATION:Zimmer 7"),
    )

    status, document = send(client, request, file)

    assert status == 200, document
    assert sorted(told(document)) == [
        (FAR, "2027-03-02", "10:00"),
        (NEAR, "2027-03-02", "10:30"),
        (NEAR, "2027-03-02", "11:00"),
    ]
    (unusable,) = document["unusable"]
    assert (unusable["entry"], unusable["when"]) == (4, "02.03.2027, 11:30")
    assert "Zimmer 7" in unusable["message"]


def test_of_a_full_calendar_the_days_nearest_to_the_request_are_priced(client: TestClient) -> None:
    request = take(client)
    monday = [event(f":20270308T08{minute:02}00") for minute in range(60)]
    file = calendar(*monday, event(":20270302T103000"))

    status, document = send(client, request, file)

    assert (status, document["free"], len(document["slots"])) == (200, 61, 50)
    assert ("mvz", "2027-03-02", "10:30") in told(document)


@pytest.mark.parametrize(
    ("files", "places", "words"),
    [
        ([b"x"], None, "kein vollständiger Kalender"),
        ([b"x" * 1_000_001], None, "zu groß"),
        ([calendar(event())], ["Zauberer von Oz"], "nicht bekannt"),
        ([calendar(event())], ["mvz", "mvz"], "ebenso viele Orte"),
        ([calendar(event())] * 11, None, ""),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    client: TestClient, files: list[bytes], places: list[str] | None, words: str
) -> None:
    status, document = send(client, take(client), *files, places=places)

    assert status == 422
    assert words in document["detail"]
