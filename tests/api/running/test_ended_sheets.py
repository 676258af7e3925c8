"""What a driver reads whose shift came to an end: why, and nothing that is not so any more."""

import io
from datetime import UTC, datetime

import pypdf
import pytest
from fastapi.testclient import TestClient

from tests.builders_commands import DAY as DATE
from tests.builders_offers import Clock
from tests.builders_running import DAY, happen


def words(client: TestClient, sheet: str, shift: str) -> list[str]:
    """The text of each page of a printed sheet."""
    file = client.get(f"/tage/{DATE}/{sheet}/{shift}.pdf").content
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"vehicle": True}, "Dieser Dienst entfällt: Bus defekt."),
        ({"driver": True}, "Dieser Dienst entfällt: Fahrer:in krank."),
        ({}, "Dieser Dienst entfällt."),
    ],
)
def test_a_shift_that_falls_out_says_why_on_one_page(
    client: TestClient, what: dict[str, bool], why: str
) -> None:
    """With the hours of the roster, and no word of rides that might still come."""
    happen(client, "out_of_service", at="06:00", shift="nachmittag", **what)

    (sheet,) = words(client, "tourenblatt", "nachmittag")
    (changes,) = words(client, "aenderungsblatt", "nachmittag")

    for page in (sheet, changes):
        assert why in page
        assert "13:00–17:30 Uhr" in page
        assert "Kommt noch eine dazu" not in page
    assert "Einsteigen" not in changes
    assert "Ersetzt Ihr Tourenblatt Version 1." in changes
    assert why in client.get(f"/tage/{DATE}/tourenblatt/nachmittag").text


def test_a_broken_bus_is_handed_over_to_nobody(client: TestClient) -> None:
    """The afternoon with the same bus falls out as well."""
    before = client.get(f"{DAY}/manifests/vormittag").json()
    assert before["after"] is not None

    happen(client, "out_of_service", at="08:20", shift="vormittag", vehicle=True)

    morning, afternoon = (
        client.get(f"{DAY}/manifests/{shift}").json() for shift in ("vormittag", "nachmittag")
    )
    assert (morning["after"], morning["ended"]) == (None, "Bus defekt")
    assert afternoon["ended"] == "Bus defekt"
    assert morning["hours"] == before["hours"]


def test_a_shift_that_ends_on_the_way_lists_no_halt_that_falls_away(client: TestClient) -> None:
    """One sentence takes the place of pages of struck halts."""
    happen(client, "out_of_service", at="08:20", shift="vormittag", vehicle=True)

    (changes,) = words(client, "aenderungsblatt", "vormittag")

    assert "Dieser Dienst endet vorzeitig: Bus defekt." in changes
    assert "Bitte keinen weiteren Halt von Version 1 anfahren." in changes
    assert "entfällt" not in changes
    # When a broken bus is home is no news.
    assert "Bürgerbus-Standplatz" not in changes


def test_whoever_is_in_a_bus_that_breaks_down_is_named(client: TestClient, now: Clock) -> None:
    """Marked aboard before the plan has the bus there, so that nobody else would think of them."""
    sheet = client.get(f"{DAY}/manifests/vormittag").json()
    stop = next(each for each in sheet["stops"] if each["arrival"] > "09:00" and each["visits"])
    name = next(each["name"] for each in stop["visits"] if each["kind"] == "pickup")
    request = next(
        each["id"]
        for each in client.get("/api/v1/requests", params={"date": DATE}).json()
        if each["name"] == name
    )
    now.now = datetime(2027, 3, 2, 7, 20, tzinfo=UTC)  # 08:20
    trip = next(each["trip"] for each in stop["visits"] if each["kind"] == "pickup")
    mark = {"request": request, "trip": trip, "mark": "aboard", "shift": "vormittag"}
    told = {**mark, "key": "a-key-of-a-telephone", "at": "2027-03-02T07:19:00Z"}
    assert client.post(f"{DAY}/ticks", json={"ticks": [told]}).json()[0]["kept"]

    happen(client, "out_of_service", shift="vormittag", vehicle=True)

    (changes,) = words(client, "aenderungsblatt", "vormittag")
    assert f"Noch im Bus, ohne Halt: {name}. Bitte zuerst die Disposition anrufen." in changes


def test_a_repaired_bus_is_still_handed_over(client: TestClient) -> None:
    """Only this driver's shift is over: the afternoon takes the bus."""
    happen(client, "out_of_service", at="08:20", shift="vormittag")

    morning = client.get(f"{DAY}/manifests/vormittag").json()

    assert morning["ended"] == ""
    assert morning["after"] is not None


def test_the_reason_stays_when_something_else_happens(client: TestClient) -> None:
    """A later version says the same, and its driver is told no news."""
    happen(client, "out_of_service", at="06:00", shift="nachmittag", driver=True)
    happen(client, "delayed", at="08:20", shift="vormittag", minutes=5)

    assert client.get(f"{DAY}/manifests/nachmittag").json()["ended"] == "Fahrer:in krank"
    preview = client.get(f"{DAY}/manifests/nachmittag/preview")
    text = pypdf.PdfReader(io.BytesIO(preview.content)).pages[0].extract_text()
    assert "Dieser Dienst entfällt: Fahrer:in krank." in " ".join(text.split())
