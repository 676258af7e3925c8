"""From one version to the next: what is told over HTTP, on the command line, and on paper."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from api.settings import Settings
from data import plans, requests
from tests.builders_api import BODY, SAMPLE_DAY, TUESDAY, make_office
from tests.builders_commands import DAY as DATE
from tests.builders_commands import Fahrten
from tests.builders_visits import visit

DAY = f"/api/v1/days/{DATE}"
OTTO = {**BODY, "name": "Beispiel, Otto", "phone": "030 23125 104", "appointment": "10:30"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


def plan(client: TestClient) -> None:
    assert client.post(f"{DAY}/plan", json={"seconds": 2}).status_code == 200


def ask(client: TestClient, body: dict[str, Any]) -> str:
    answer = client.post("/api/v1/requests", json=body)
    assert answer.status_code == 201
    name: str = answer.json()["id"]
    return name


def paper(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def two_versions(client: TestClient) -> tuple[str, str]:
    """Erika alone, then Otto too."""
    erika = ask(client, BODY)
    plan(client)
    otto = ask(client, OTTO)
    plan(client)
    return erika, otto


def test_a_new_passenger_is_in_the_difference_and_on_the_sheet(client: TestClient) -> None:
    """In the JSON by number, on paper by name and phone."""
    _, otto = two_versions(client)

    document = client.get(f"{DAY}/changes").json()
    assert (document["older"], document["newer"], document["region"]) == (1, 2, "kalletal")
    fates = {each["request"]: each["fate"] for each in document["passengers"]}
    assert fates[otto] == "newly_served"
    assert "Beispiel" not in json.dumps(document)
    assert [each["shift"] for each in document["shifts"]] == ["vormittag"]

    answer = client.get(f"{DAY}/changes/vormittag")
    assert answer.headers["content-type"] == "application/pdf"
    assert f"{DATE}-vormittag-aenderung-1-2.pdf" in answer.headers["content-disposition"]
    text = paper(answer.content)
    for words in ("Änderungsblatt", "Beispiel, Otto", "030 23125 104", "neu", "Version 2 statt 1"):
        assert words in text


def test_a_shift_on_which_nothing_changes_has_no_sheet_and_says_so(client: TestClient) -> None:
    """The driver of the afternoon keeps the one that he has."""
    two_versions(client)

    answer = client.get(f"{DAY}/changes/nachmittag")

    assert answer.status_code == 404
    assert "Gegenüber Version 1 ändert sich nichts" in answer.json()["detail"]
    assert "Nachmittag" in answer.json()["detail"]


def test_planning_again_without_any_change_changes_nothing(client: TestClient) -> None:
    """Two versions, the same rows."""
    ask(client, BODY)
    plan(client)
    plan(client)

    document = client.get(f"{DAY}/changes").json()

    assert (document["passengers"], document["shifts"]) == ([], [])


def test_the_version_that_the_driver_holds_can_be_named(client: TestClient) -> None:
    """Against version 1, both have changed; against version 2, only the cancellation."""
    erika, otto = two_versions(client)
    client.delete(f"/api/v1/requests/{erika}")
    plan(client)

    last = client.get(f"{DAY}/changes").json()
    first = client.get(f"{DAY}/changes", params={"since": 1}).json()

    def fates(document: dict[str, Any]) -> dict[str, str]:
        return {each["request"]: each["fate"] for each in document["passengers"]}

    assert (first["older"], last["older"]) == (1, 2)
    assert fates(first) == {erika: "no_longer_served", otto: "newly_served"}
    assert fates(last)[erika] == "no_longer_served"
    text = paper(client.get(f"{DAY}/changes/vormittag", params={"since": 1}).content)
    assert "Version 3 statt 1" in text
    assert "entfällt" in text


@pytest.mark.parametrize(
    ("since", "words"),
    [(None, "erst eine Version"), (1, "nicht älter"), (7, "nicht älter")],
)
def test_without_an_earlier_version_nothing_is_compared(
    client: TestClient, since: int | None, words: str
) -> None:
    """One version is no change."""
    plan(client)

    answer = client.get(f"{DAY}/changes", params={} if since is None else {"since": since})

    assert answer.status_code == 404
    assert words in answer.json()["detail"]


def test_what_is_not_there_is_404(client: TestClient) -> None:
    """No plan, no shift."""
    assert client.get(f"{DAY}/changes").status_code == 404
    plan(client)
    plan(client)
    answer = client.get(f"{DAY}/changes/nacht")
    assert (answer.status_code, "nacht" in answer.json()["detail"]) == (404, True)


def test_the_page_of_the_day_links_to_the_changes_once_there_are_two_versions(
    client: TestClient,
) -> None:
    """And the page says in words if nothing changes for a driver."""
    page, link = f"/tage/{DATE}", f"/tage/{DATE}/aenderungsblatt/vormittag.pdf"
    ask(client, BODY)
    plan(client)
    assert "aenderungsblatt" not in client.get(page).text

    ask(client, OTTO)
    plan(client)

    assert f'href="{link}"' in client.get(page).text
    printed = client.get(link)
    assert printed.content.startswith(b"%PDF")
    assert "Beispiel" not in printed.headers["content-disposition"]
    nothing = client.get(link.replace("vormittag", "nachmittag"), headers={"accept": "text/html"})
    assert nothing.status_code == 404
    assert "ändert sich nichts" in nothing.text


def test_a_shift_that_falls_out_is_told_although_the_roster_is_another_by_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver is ill: an exception of the roster, a new plan, one sheet that says so."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    shutil.copytree(SAMPLE_DAY.parent, tmp_path / "regions" / "kalletal")
    before = make_office(tmp_path)
    with visit(before) as client:
        ask(client, BODY)
        plan(client)
    roster = tmp_path / "regions" / "kalletal" / "roster.toml"
    ill = f'\n[[exception]]\ndate = {DATE}\nshift = "vormittag"\nreason = "Krank"\n'
    roster.write_text(roster.read_text("utf-8") + ill, "utf-8")

    after = make_office(tmp_path)
    with visit(after) as client:
        plan(client)
        (change,) = [
            each
            for each in client.get(f"{DAY}/changes").json()["shifts"]
            if each["shift"] == "vormittag"
        ]
        text = paper(client.get(f"{DAY}/changes/vormittag").content)

    assert change["newer"] is None
    assert "Dieser Dienst entfällt. Bitte keinen Halt von Version 1 anfahren." in text


def test_the_command_says_whom_to_ring_and_writes_the_sheets(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """The sample day in the database, then everybody's plan again, then one cancelled."""
    fahrten("sample-day")
    office = Office(Settings(folder=tmp_path / "var"))
    with office.store.writing() as session:
        kept = plans.latest(session, "kalletal", TUESDAY)
        gone = next(kept.plan.visits).request
        requests.cancel(session, "kalletal", gone, now=office.now())
    office.close()
    fahrten("plan", DATE)

    run = fahrten("changes", DATE, "--out", tmp_path / "blatt")

    assert run.code == 0, run
    assert "Version 2 statt Version 1:" in run.out
    assert f"{gone} Beispiel" in run.out
    assert "fährt nicht mehr mit" in run.out
    names = sorted(file.name for file in (tmp_path / "blatt").iterdir())
    assert names
    assert set(names) <= {
        f"{DATE}-{shift}-aenderung-1-2.pdf" for shift in ("vormittag", "nachmittag")
    }
    for name in names:
        assert (tmp_path / "blatt" / name).read_bytes().startswith(b"%PDF")
    without = 2 - len(names)
    assert run.out.count("ändert sich nichts; das Tourenblatt gilt weiter") == without

    document = fahrten("changes", DATE, "--since", "1", "--json").document
    assert gone in {each["request"] for each in document["passengers"]}


def test_the_command_without_an_earlier_version_is_one_clear_line(fahrten: Fahrten) -> None:
    """Planned once: nothing to compare with."""
    fahrten("plan", DATE)

    run = fahrten("changes", DATE)

    assert (run.code, run.out) == (4, "")
    assert run.err.startswith("Fehler: ")
    assert "erst eine Version" in run.err
    assert run.err.count("\n") == 1
