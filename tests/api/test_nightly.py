"""`fahrten nightly`: many regions in one evening, and a bad one spoils no other."""

import datetime as dt
import shutil
from pathlib import Path
from threading import Timer

import pytest

from api.jobs.runner import Runner
from api.operations import nightly, solving
from api.operations.nightly import Night
from api.operations.office import Office
from data.solves import State
from tests.builders_api import SAMPLE_DAY, TODAY, make_office
from tests.builders_commands import DAY, Fahrten
from tests.builders_solving import fill, wait_for

KALLETAL = SAMPLE_DAY.parent


@pytest.fixture
def regions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two copies of Kalletal, and one whose roster nobody can read."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    for name in ("berg", "tal", "kaputt"):
        shutil.copytree(KALLETAL, tmp_path / "regions" / name)
    (tmp_path / "regions" / "kaputt" / "roster.toml").write_text("nichts [")
    return tmp_path / "regions"


@pytest.fixture
def office(either_database: None, regions: Path, tmp_path: Path) -> Office:
    return make_office(tmp_path)


def plan(office: Office, *names: str, again: bool = False) -> dict[str, Night]:
    heard: list[Night] = []
    nights = nightly.plan_regions(office, names, again=again, tell=heard.append)
    assert sorted(heard, key=lambda night: night.region) == nights
    return {night.region: night for night in nights}


def test_every_region_gets_its_next_day_and_a_bad_one_spoils_no_other(office: Office) -> None:
    """Unknown, unreadable, good: each has its line."""
    found = plan(office, "berg", "atlantis", "kaputt", "tal", "tal")

    assert sorted(found) == ["atlantis", "berg", "kaputt", "tal"]
    for good in ("berg", "tal"):
        planned = found[good].planned
        assert planned is not None
        assert (planned.region.name, planned.version) == (good, 1)
        # Sunday before the sample day: the next service day is Monday.
        assert found[good].day == TODAY + dt.timedelta(days=1)
    assert "atlantis" in found["atlantis"].fault
    assert "roster.toml" in found["kaputt"].fault


def test_what_has_not_changed_is_not_planned_anew(office: Office) -> None:
    """Unless that is wanted: a version that says the same would only have to be published."""
    first = plan(office, "tal")["tal"]
    second = plan(office, "tal")["tal"]
    third = plan(office, "tal", again=True)["tal"]

    assert (first.fresh, second.fresh, third.fresh) == (True, False, True)
    assert [each.planned and each.planned.version for each in (first, second, third)] == [1, 1, 2]


def test_a_day_that_somebody_is_planning_is_waited_for(office: Office) -> None:
    """By the service, for instance: there is one plan, and both have it."""
    tomorrow = TODAY + dt.timedelta(days=1)
    region = fill(office, tomorrow, name="tal")
    asked = solving.ask(office, region, tomorrow, seconds=300)
    office.runner = runner = Runner(office)
    runner.start()
    wait_for(lambda: solving.read(office, region, asked.id).progress)
    Timer(2.0, solving.stop, (office, region, asked.id)).start()

    night = plan(office, "tal")["tal"]

    runner.end()
    runner.wait(60)
    assert night.planned is not None
    assert (night.planned.version, night.fault) == (1, "")
    assert solving.read(office, region, asked.id).state == State.STOPPED


def test_a_region_where_no_bus_drives_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "DAYS_AHEAD", 0)

    assert "kein Bus" in plan(office, "tal")["tal"].fault


def test_the_command_reports_who_failed(fahrten: Fahrten, regions: Path, tmp_path: Path) -> None:
    """As one types it: names one after the other; the exit code says that something failed."""
    run = fahrten("nightly", "--regions", "tal", "kaputt", "berg", "--date", DAY, "--seconds", "1")

    assert run.code == 7
    lines = run.out.splitlines()
    assert lines[0] == ("berg, Di 02.03.2027: 0 von 0 Fahrtwünschen eingeplant, bewiesen optimal")
    assert lines[1].startswith("kaputt, Di 02.03.2027: FEHLER: roster.toml")
    assert lines[2].startswith("tal, Di 02.03.2027: ")
    assert lines[-1] == "Nicht geplant: kaputt (1 von 3)."


def test_the_command_is_content_if_everybody_is_planned(fahrten: Fahrten, regions: Path) -> None:
    """A second evening finds nothing to do."""
    shutil.rmtree(regions / "kaputt")
    first, second = (fahrten("nightly", "--date", DAY, "--seconds", "1") for _ in range(2))

    assert (first.code, second.code) == (0, 0)
    names = [line.split(",")[0] for line in first.out.splitlines()]
    assert names == ["berg", "kalletal", "tal"]
    assert second.out.count("unverändert, nicht neu geplant") == 3


def test_many_people_of_a_region_are_planned(office: Office) -> None:
    """Whoever asked for tomorrow rides tomorrow."""
    tomorrow = TODAY + dt.timedelta(days=1)
    fill(office, tomorrow, people=5)

    night = plan(office, "kalletal")["kalletal"]

    assert night.planned is not None
    assert len(night.planned.input.requests) == 5
