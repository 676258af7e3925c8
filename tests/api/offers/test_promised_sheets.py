"""What was promised stands on the sheet of whoever drives, beside the planned time."""

from dataclasses import replace

from fastapi.testclient import TestClient

from api.operations import planning, sheets
from api.operations.office import Office
from api.sheets import tourenblatt_html
from tests.builders_api import NOW, TUESDAY
from tests.builders_offers import PLAN, V1, accept, take

SHEET = f"{V1}/days/2027-03-02/manifests/vormittag"


def test_the_driver_reads_what_the_caller_was_told(client: TestClient) -> None:
    """The same window, on paper and on the phone; those without a promise have none."""
    promised = accept(client, take(client, way_back="will_call"))["promise"]["trips"]
    take(client, name="Beispiel, Otto", way_back="none", stay_minutes=None)
    client.post(PLAN, json={"seconds": 2})

    sheet = client.get(SHEET).json()
    page = client.get(SHEET, headers={"accept": "text/html"}).text

    boardings = [v for s in sheet["stops"] for v in s["visits"] if v["kind"] == "pickup"]
    told = {
        (v["name"], v["trip"]): v["promised"] and (v["promised"]["begin"], v["promised"]["end"])
        for v in boardings
    }
    windows = {
        ("Beispiel, Erika", trip["kind"]): (
            f"{trip['pickup_from']}:00",
            f"{trip['pickup_until']}:00",
        )
        for trip in promised
    }
    assert told == {**windows, ("Beispiel, Otto", "outbound"): None}
    for visit in boardings:
        if visit["promised"]:
            assert visit["promised"]["begin"] <= visit["begin"] <= visit["promised"]["end"]
    for trip in promised:
        assert f"zugesagt {trip['pickup_from']}–{trip['pickup_until']}" in page
    (call,) = sheet["on_call"]
    assert (call["promised"]["begin"], call["promised"]["end"]) == windows[
        "Beispiel, Erika", "return"
    ]
    assert f"Ohne Anruf: <b>{call['latest'][:5]} Uhr</b>" in page


def test_a_sheet_made_with_openstreetmap_says_so(client: TestClient, office: Office) -> None:
    """As its licence asks; the shipped region is made by hand and owes nobody that."""
    take(client)
    client.post(PLAN, json={"seconds": 2})
    region = office.region()
    planned = planning.read_plan(office, region, TUESDAY)
    mapped = replace(region, network=replace(region.network, coarse=False))

    pages = [
        tourenblatt_html(sheets.manifest(each, "vormittag", printed=NOW))
        for each in (planned, replace(planned, region=mapped))
    ]

    assert ["© OpenStreetMap" in page for page in pages] == [False, True]
