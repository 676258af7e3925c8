"""What is said when shifts, places or rules change after something was promised."""

import re
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from tests.builders_offers import (
    FAR,
    PLAN,
    V1,
    accept,
    ask,
    broken,
    problem,
    read,
    take,
)
from tests.builders_regions import KALLETAL
from tests.builders_visits import visit


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The region in a folder of the user's own, to be changed."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    return Path(shutil.copytree(KALLETAL, tmp_path / "regions" / "kalletal"))


def restarted(office: Office) -> TestClient:
    """A new process, which reads the region again."""
    again = Office(office.settings, clock=office.now)
    return visit(again)


def test_another_driver_breaks_no_promise(office: Office, copy: Path) -> None:
    with restarted(office) as client:
        promised = accept(client, take(client))
    roster = copy / "roster.toml"
    roster.write_text(
        roster.read_text("utf-8").replace('Tu = ["f04", "f05", "f06"]', 'Tu = ["f07"]'), "utf-8"
    )

    with restarted(office) as client:
        late = accept(client, take(client, appointment="10:30", **FAR))
        plan = client.post(PLAN).json()

    assert broken(plan, [promised, late]) == []
    assert {route["driver"] for route in plan["routes"]} >= {"f07"}


def test_when_a_shift_falls_out_it_is_said_which_promises_break(office: Office, copy: Path) -> None:
    """Nothing is lost: the others can still be offered something, once that is cleared up."""
    with restarted(office) as client:
        morning = accept(client, take(client))
        noon = accept(client, take(client, appointment="15:00"))
    roster = copy / "roster.toml"
    gone = (
        '[[exception]]\ndate = 2027-03-02\nshift = "vormittag"\nreason = "krank"\n\n[[exception]]'
    )
    roster.write_text(roster.read_text("utf-8").replace("[[exception]]", gone, 1), "utf-8")

    with restarted(office) as client:
        other = take(client, appointment="16:00", **FAR)
        status, told = problem(client, f"requests/{other}/offers")
        plan = client.post(PLAN).json()
        assert (status, told["type"]) == (409, "urn:gesunde-fahrten:unkept-promises")
        assert f"Nicht zu halten: {morning['id']}." in told["detail"]
        assert plan["broken_promises"] == [morning["id"]]
        page = client.get("/tage/2027-03-02").text
        assert "Zugesagt und nicht mehr zu halten: bitte anrufen." in page
        assert f"Abholung zwischen {morning['promise']['trips'][0]['pickup_from']} und" in page
        assert client.get(PLAN).json()["broken_promises"] == [morning["id"]]
        assert broken(plan, [noon]) == []
        assert read(client, morning["id"])["promise"] == morning["promise"]

        # The one whom it concerns is told why; once the promise is taken back, the rest goes on.
        assert "kein Dienst" in ask(client, morning["id"])["message"]
        client.delete(f"{V1}/requests/{morning['id']}/promise")
        assert accept(client, other)["promise"] is not None


def test_a_place_that_is_gone_breaks_its_promise_and_no_other(office: Office, copy: Path) -> None:
    with restarted(office) as client:
        lost = accept(client, take(client, destination="Klinik Beispiel Lemgo"))
        kept = accept(client, take(client, appointment="15:00"))
    places = copy / "places.csv"
    lines = places.read_text("utf-8").splitlines(keepends=True)
    places.write_text("".join(x for x in lines if not x.startswith("klinik-lemgo")), "utf-8")

    with restarted(office) as client:
        plan = client.post(PLAN).json()
        status, told = problem(client, f"requests/{kept['id']}/offers")
        gone = ask(client, lost["id"])

    assert plan["broken_promises"] == [lost["id"]]
    assert broken(plan, [kept]) == []
    assert (status, f"Nicht zu halten: {lost['id']}." in told["detail"]) == (409, True)
    assert (gone["offers"], "nicht mehr" in gone["message"]) == ([], True)


def test_a_promise_to_whom_the_intake_refuses_by_now_is_said_to_break(
    office: Office, copy: Path
) -> None:
    """Every pharmacy closes on Tuesdays now; the day and its sheets are there all the same."""
    with restarted(office) as client:
        lost = accept(client, take(client, pharmacy="any"))
        kept = accept(client, take(client, appointment="15:00"))
    places = copy / "places.csv"
    lines = places.read_text("utf-8").splitlines(keepends=True)
    closed = (
        re.sub(r'"[^"]*[0-9]{2}:[0-9]{2}[^"]*"', '"Mo 08:00-12:00"', line)
        if ",pharmacy," in line
        else line
        for line in lines
    )
    places.write_text("".join(closed), "utf-8")

    with restarted(office) as client:
        plan = client.post(PLAN).json()
        assert client.get("/tage/2027-03-02").status_code == 200
        assert client.get(f"{V1}/days/2027-03-02/manifests/nachmittag").status_code == 200
        # Who finds no room is told why nevertheless, and what would help.
        early = {"appointment": "07:40", "destination": "Klinik Beispiel Rinteln"}
        left_out = take(client, **early, way_back="none", stay_minutes=None)
        client.post(PLAN)
        why = client.get(f"{V1}/days/2027-03-02/unserved/{left_out}")
        assert why.status_code == 200, why.text
        assert why.json()["remedies"] != []

    assert plan["broken_promises"] == [lost["id"]]
    assert broken(plan, [kept]) == []
