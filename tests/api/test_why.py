"""`fahrten why` and its route: why somebody is left out, and what would help."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.builders_api import SAMPLE_DAY, make_office, table
from tests.builders_commands import DAY, Fahrten, write
from tests.builders_visits import visit

KALLETAL = SAMPLE_DAY.parent
URL = f"/api/v1/days/{DAY}/unserved"
# The first bus leaves at 7:30, and the hospital has no hours: the ride would begin before.
EARLY = {
    "abholort": "Beispielstraße 9, Lüdenhausen",
    "ziel": "Klinik Beispiel Rinteln",
    "termin": "07:40",
    "rueckfahrt": "nein",
    "dauer": "",
}
GOOD = {"termin": "10:30", "name": "Beispiel, Frieda"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    office = make_office(tmp_path)
    with visit(office) as client:
        yield client


def upload(client: TestClient, *rows: dict[str, str]) -> None:
    content = table(*rows)
    answer = client.post("/api/v1/requests/import", files={"file": ("x.csv", content)})
    assert answer.status_code == 200, answer.text
    assert client.post(f"/api/v1/days/{DAY}/plan", json={"seconds": 1}).status_code == 200


def test_the_command_says_why_and_what_would_help(fahrten: Fahrten, tmp_path: Path) -> None:
    """Names for the dispatcher, a later appointment as the remedy, one line each."""
    run = fahrten("why", "r2", "--date", DAY, "--requests", write(tmp_path, EARLY, GOOD))

    assert run.code == 0, run.err
    lines = run.out.splitlines()
    assert lines[0] == "Dienstag, 2. März 2027, Kalletal"
    assert lines[1].startswith("Beispiel, Erika (r2): Zu dieser Zeit ist kein Dienst")
    assert lines[2] == "Es ginge so:"
    assert any(line.startswith("  - Termin ") and "später" in line for line in lines[3:])


def test_the_command_takes_free_appointments(fahrten: Fahrten, tmp_path: Path) -> None:
    """The nearest that can be kept is named, with its place."""
    file = write(tmp_path, EARLY)
    slots = ("--slot", "07:40", "--slot", "10:20 MVZ Kalletal", "--slot", "11:00")
    run = fahrten("why", "r2", "--date", DAY, "--requests", file, *slots)

    assert "Freier Termin um 10:20 Uhr, MVZ Kalletal" in run.out
    assert "11:00" not in run.out


def test_a_driver_for_a_shift_that_fell_out_would_help(fahrten: Fahrten, tmp_path: Path) -> None:
    """The bus stands idle that afternoon: no second one is needed."""
    region = tmp_path / "regions" / "kalletal"
    shutil.copytree(KALLETAL, region)
    roster = region / "roster.toml"
    text = roster.read_text("utf-8")
    roster.write_text(
        text.replace(
            "[[exception]]",
            '[[exception]]\ndate = 2027-03-02\nshift = "nachmittag"\n\n[[exception]]',
            1,
        ),
        "utf-8",
    )
    file = write(tmp_path, {"termin": "15:00"})

    run = fahrten("why", "r2", "--date", DAY, "--requests", file)
    coded = fahrten("why", "r2", "--date", DAY, "--requests", file, "--json").document

    assert "  - Mit Fahrer:in für den Dienst Nachmittag (13:00–17:30 Uhr) (" in run.out
    (driver,) = [each for each in coded["remedies"] if each["kind"] == "open_shift"]
    assert (driver["shift"], driver["wheelchairs"]) == ("nachmittag", False)


def test_the_command_writes_json(fahrten: Fahrten, tmp_path: Path) -> None:
    """The same document as over HTTP, which names nobody."""
    file = write(tmp_path, EARLY)
    run = fahrten("why", "r2", "--date", DAY, "--requests", file, "--json", "--prove")

    assert run.document["verdict"] == "impossible"
    assert run.document["reason"] == "no_shift_then"
    later = {each["kind"]: each for each in run.document["remedies"]}["later_appointment"]
    assert later["least_proven"]
    assert later["step_minutes"] % 5 == 0
    assert "Erika" not in run.out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("r3",), 4, "Der Fahrtwunsch r3 ist eingeplant."),
        (("r77",), 4, "Einen Fahrtwunsch r77 kennt der Plan vom 02.03.2027 nicht."),
        (("r2", "--slot", "10:20 Nirgends"), 4, "Einen Ort „Nirgends“ gibt es in Kalletal nicht."),
        (("r2", "--slot", "morgen"), 2, "Eine Uhrzeit sieht so aus"),
    ],
)
def test_mistakes_are_told_in_one_sentence(
    fahrten: Fahrten, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    """Who is in the plan, or nowhere, has no reason; a slot needs a time and a known place."""
    run = fahrten("why", *words, "--date", DAY, "--requests", write(tmp_path, EARLY, GOOD))

    assert run.code == code
    assert message in " ".join(run.err.replace("│", " ").split())


def test_the_command_asks_about_the_kept_plan(fahrten: Fahrten) -> None:
    """Without a file it is the newest plan of the day; without one there is nothing to ask."""
    run = fahrten("why", "r1", "--date", DAY)

    assert run.code == 4
    assert "gibt es noch keinen Tagesplan" in run.err


def test_the_route_says_why_and_what_would_help(client: TestClient) -> None:
    """About the newest plan; nobody is named."""
    upload(client, EARLY, GOOD)
    answer = client.get(f"{URL}/r1", params={"slot": ["10:20 MVZ Kalletal", "07:40"]})

    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["verdict"] == "impossible"
    assert document["text"].startswith("Zu dieser Zeit ist kein Dienst")
    kinds = {each["kind"]: each for each in document["remedies"]}
    assert kinds["other_slot"]["at"] == "10:20"
    assert kinds["later_appointment"]["text"].startswith("Termin ")
    assert "Beispiel" not in answer.text


def test_a_day_on_which_something_happened_is_not_explained(client: TestClient) -> None:
    """What was driven cannot be driven otherwise: offers say what still fits."""
    upload(client, EARLY, GOOD)
    event = {"kind": "delayed", "at": "10:00", "shift": "vormittag", "minutes": 5}
    happened = client.post(f"/api/v1/days/{DAY}/events", json=event)
    assert happened.status_code in {200, 201}, happened.text

    answer = client.get(f"{URL}/r1")

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:gesunde-fahrten:running-day")
    assert "zeigen die Vorschläge" in answer.json()["detail"]
    assert "fahrten " not in answer.json()["detail"]


@pytest.mark.parametrize(
    ("request_", "query", "status"),
    [("r2", "", 404), ("r9", "", 404), ("r1", "?slot=25:00", 422), ("r1", "?slot=bald", 422)],
)
def test_the_route_tells_mistakes_apart(
    client: TestClient, request_: str, query: str, status: int
) -> None:
    """Served or unknown: not found; a slot that is none: invalid."""
    upload(client, EARLY, GOOD)

    assert client.get(f"{URL}/{request_}{query}").status_code == status
