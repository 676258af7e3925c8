"""From requests to sheets over HTTP, with the network cut off."""

import io
import shutil
import socket
import threading
from pathlib import Path
from typing import Any, NoReturn

import pypdf
import pytest
from fastapi.testclient import TestClient

from api.operations import days
from api.operations.office import Office
from data.plan_document import read_plan_document
from scheduler.check import check
from scheduler.plan import Plan
from tests.builders_api import BODY, SAMPLE_DAY, TUESDAY, make_office, table
from tests.builders_visits import visit

DAY = "/api/v1/days/2027-03-02"
pytestmark = pytest.mark.usefixtures("either_database")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a name or a connection fails."""

    def refuse(*arguments: object, **_: object) -> NoReturn:
        message = f"The network was asked for: {arguments}"
        raise AssertionError(message)

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)


def upload(client: TestClient, content: bytes) -> None:
    answer = client.post("/api/v1/requests/import", files={"file": ("x.csv", content)})
    assert answer.status_code == 200, answer.text


def plan(client: TestClient) -> dict[str, Any]:
    answer = client.post(f"{DAY}/plan", json={"seconds": 2})
    assert answer.status_code == 200, answer.text
    planned: dict[str, Any] = answer.json()
    return planned


@pytest.mark.usefixtures("no_network")
def test_the_sample_day_is_taken_planned_shown_and_printed_without_any_network(
    client: TestClient, office: Office
) -> None:
    """What a laptop in a valley does: API, pages, map, PDF."""
    upload(client, SAMPLE_DAY.read_bytes())

    planned = plan(client)

    assert planned == client.get(f"{DAY}/plan").json()
    assert (planned["version"], planned["date"]) == (1, "2027-03-02")
    region = office.region()
    with office.store.reading() as session:
        from data import requests

        day_input, _ = requests.day_input(session, region, TUESDAY)
    assert check(as_plan(planned), days.prepare(office, region, day_input)) == []
    shifts = client.get(f"{DAY}/manifests").json()
    assert {each["shift"] for each in shifts} == {"vormittag", "nachmittag"}
    for each in shifts:
        for accept in ("application/json", "text/html", "application/pdf"):
            answer = client.get(each["manifest"], headers={"accept": accept})
            assert answer.status_code == 200
            assert answer.headers["content-type"].split(";")[0] == accept
    for page in ("/", "/tage", "/tage/2027-03-02", "/tage/2027-03-02/karte.json"):
        assert client.get(page, headers={"accept": "text/html"}).status_code == 200, page


def as_plan(document: dict[str, Any]) -> Plan:
    return read_plan_document(document)


def test_every_form_of_a_sheet_says_the_same(client: TestClient) -> None:
    """Name, phone, address and appointment are in the JSON, on the page and in the PDF."""
    client.post("/api/v1/requests", json={**BODY, "note": "Hund im Hof"})
    plan(client)
    address = f"{DAY}/manifests/vormittag"

    document = client.get(address)
    page = client.get(address, headers={"accept": "text/html"}).text
    printed = client.get(address, headers={"accept": "application/pdf"})

    paper = "".join(
        each.extract_text() for each in pypdf.PdfReader(io.BytesIO(printed.content)).pages
    )
    assert document.headers["content-type"] == "application/json"
    assert "2027-03-02-vormittag.pdf" in printed.headers["content-disposition"]
    for words in ("Beispiel, Erika", "030 23125 103", "MVZ Kalletal", "Hund im Hof"):
        for text in (document.text, page, paper):
            assert words in text


def test_a_sheet_in_a_form_that_there_is_not_is_406(client: TestClient) -> None:
    """With the forms that there are."""
    plan(client)

    answer = client.get(f"{DAY}/manifests/vormittag", headers={"accept": "image/png"})

    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "application/pdf" in answer.json()["detail"]


def test_a_shift_that_there_is_not_is_404(client: TestClient) -> None:
    """With the shifts that there are."""
    plan(client)

    answer = client.get(f"{DAY}/manifests/nacht")

    assert answer.status_code == 404
    assert "vormittag" in answer.json()["detail"]


def test_a_cancelled_request_is_in_no_later_plan_and_in_every_earlier_sheet(
    client: TestClient,
) -> None:
    """A plan that was made stays as it was made until the day is planned again."""
    created = client.post("/api/v1/requests", json=BODY).json()
    first = plan(client)
    client.delete(f"/api/v1/requests/{created['id']}")

    before = client.get(f"{DAY}/manifests/vormittag").json()
    second = plan(client)
    after = client.get(f"{DAY}/manifests/vormittag").json()

    assert (first["version"], second["version"]) == (1, 2)
    assert before["passengers"] == 1
    assert after["passengers"] == 0


def test_a_plan_survives_a_restart(client: TestClient, office: Office, tmp_path: Path) -> None:
    """Another process on the same database shows the same plan."""
    client.post("/api/v1/requests", json=BODY)
    planned = plan(client)
    office.close()

    again = make_office(tmp_path)
    with visit(again) as restarted:
        assert restarted.get(f"{DAY}/plan").json() == planned


def test_a_request_that_cannot_be_served_spoils_nothing(client: TestClient) -> None:
    """Too early for any shift: in the plan, with the reason and its figures."""
    upload(
        client,
        table({}, {"ziel": "Klinik Beispiel Rinteln", "termin": "07:40", "rueckfahrt": "nein"}),
    )

    planned = plan(client)

    (unserved,) = planned["unserved"]
    assert (unserved["request"], unserved["reason"]) == ("r2", "no_shift_then")
    assert len(unserved["detail"]["hours"]) == 2
    assert any(stop["visits"] for route in planned["routes"] for stop in route["stops"])


def test_a_day_without_a_bus_is_planned_as_empty(client: TestClient) -> None:
    """On a Sunday there is no shift."""
    answer = client.post("/api/v1/days/2027-03-07/plan")

    assert answer.status_code == 200
    assert (answer.json()["routes"], answer.json()["status"]) == ([], "optimal")


def test_one_day_is_planned_by_one_caller_at_a_time(client: TestClient, office: Office) -> None:
    """The second gets 409; another day is not in the way, and nor are other requests."""
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with office.planning(office.region(), TUESDAY):
            begun.set()
            go_on.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(20)
    try:
        busy = client.post(f"{DAY}/plan")
        other = client.post("/api/v1/days/2027-03-07/plan")
        taken = client.post("/api/v1/requests", json=BODY)
    finally:
        go_on.set()
        holder.join()

    assert busy.status_code == 409
    assert busy.json()["type"] == "urn:gesunde-fahrten:busy"
    assert (other.status_code, taken.status_code) == (200, 201)
    assert client.post(f"{DAY}/plan").status_code == 200


@pytest.mark.parametrize("body", [{"seconds": 0}, {"seconds": 1e9}, {"seed": -1}, {"x": 1}])
def test_an_impossible_effort_is_refused(client: TestClient, body: dict[str, float]) -> None:
    """With the field."""
    answer = client.post(f"{DAY}/plan", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(body))


def copy_region(folder: Path) -> Path:
    """Kalletal as a region of one's own, to be changed."""
    shutil.copytree(SAMPLE_DAY.parent, folder / "kalletal")
    return folder / "kalletal"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("places.csv", "mvz,MVZ Kalletal", "mvz-neu,MVZ Kalletal"),
        ("roster.toml", '"vormittag"', '"morgens"'),
    ],
)
def test_a_plan_that_no_longer_fits_its_region_is_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    """A place or a shift is renamed: the sheets ask for a new plan, the document stays."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    folder = copy_region(tmp_path / "regions")
    before = make_office(tmp_path)
    with visit(before) as client:
        client.post("/api/v1/requests", json=BODY)
        planned = plan(client)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    after = make_office(tmp_path)
    with visit(after) as client:
        sheet = client.get(f"{DAY}/manifests/vormittag")
        document = client.get(f"{DAY}/plan")

    assert sheet.status_code == 409
    assert sheet.json()["type"] == "urn:gesunde-fahrten:outdated-plan"
    assert "neu planen" in sheet.json()["detail"]
    assert document.json() == planned


def test_one_file_sent_by_many_at_once_is_taken_once(client: TestClient) -> None:
    """Impatient people click twice."""
    threads = [
        threading.Thread(target=upload, args=(client, SAMPLE_DAY.read_bytes())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    listed = client.get("/api/v1/requests", params={"date": "2027-03-02"}).json()
    assert len(listed) == len({each["name"] for each in listed}) == 24
