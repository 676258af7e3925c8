"""Whose promises cannot be kept as things are: said before anybody waits in vain."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations import endangered
from api.operations.office import Office
from tests.builders_api import BODY, TUESDAY
from tests.builders_offers import V1, accept, take

HTML = {"Accept": "text/html"}
TITLE = "Zusagen, die so nicht zu halten sind (1)"


def nobody_drives(client: TestClient) -> None:
    for shift in ("vormittag", "nachmittag"):
        page = f"/dienste/2027-03-02/{shift}"
        form = {"wer": "aus", "version": "0"}
        shown = client.post(page, data=form, headers=HTML).text
        seen = re.findall('name="gesehen" value="([^"]+)"', shown)
        client.post(page, data={**form, "gesehen": "".join(seen)}, headers=HTML)


def the_practice_is_closed(client: TestClient) -> None:
    body = {"opening_hours": "Mo,We 08:00-12:00", "phone": "", "version": 0}
    assert client.put(f"{V1}/places/mvz", json=body).status_code == 200


def the_bus_is_away(client: TestClient) -> None:
    body = {"configurations": [], "since": "2027-03-02", "remark": "TÜV", "version": 0}
    assert client.put(f"{V1}/vehicles/bus-1", json=body).status_code == 200


def the_bus_is_another(client: TestClient) -> None:
    body = {"configurations": [{"seats": 8}], "since": "2027-03-02", "version": 0}
    assert client.put(f"{V1}/vehicles/bus-1", json=body).status_code == 200


HAPPENS: Mapping[str, tuple[Any, str]] = {
    "no driver": (nobody_drives, "Niemand fährt an diesem Tag."),
    "closed": (the_practice_is_closed, "MVZ Kalletal hat Dienstag, den 02.03.2027, geschlossen"),
    "no bus": (the_bus_is_away, "Bürgerbus 1 ist nicht da: TÜV."),
    "no room": (the_bus_is_another, "ist die Zusage nicht zu halten"),
}


@pytest.mark.parametrize("what", HAPPENS)
def test_it_is_said_on_the_day_and_of_the_region(
    client: TestClient, office: Office, what: str
) -> None:
    """With name, telephone, what was told and why; and no longer once it can be kept."""
    request = take(client, mobility="wheelchair")
    accept(client, request)
    take(client, name="Beispiel, Otto")  # to whom nothing is promised
    assert list(endangered.every(office, office.region())) == []
    assert "nicht zu halten" not in client.get("/tage/2027-03-02").text
    happen, reason = HAPPENS[what]

    happen(client)

    (found,) = endangered.every(office, office.region())
    assert (found.date, found.request.id) == (TUESDAY, request)
    for path in ("/tage/2027-03-02", "/region"):
        page = client.get(path).text
        assert TITLE in page
        assert f'href="/wuensche/{request}"' in page
        assert str(BODY["phone"]) in page
        assert found.reason in page.replace("\N{NO-BREAK SPACE}", " ")
    assert reason.split(",")[0].split(" hat ")[0] in found.reason
    client.delete(f"{V1}/requests/{request}/promise")
    assert list(endangered.every(office, office.region())) == []
