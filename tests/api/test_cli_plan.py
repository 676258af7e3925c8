"""`fahrten plan` and `fahrten check`: the plan, its sheets, and where they lie."""

import json
from pathlib import Path

import pytest

from tests.builders_api import SAMPLE_DAY
from tests.builders_commands import DAY, Fahrten, write


def test_the_sample_day_is_planned_and_printed(fahrten: Fahrten, tmp_path: Path) -> None:
    """24 good rows of 25; one of them is too early for any shift."""
    run = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--out", tmp_path / "blatt")

    assert run.code == 3, run
    assert "Dienstag, 2. März 2027, Kalletal" in run.out
    assert "Beispiel-Maler, Günter: Zu dieser Zeit ist kein Dienst" in run.out
    assert "Zeile 26, termin „25:30“" in run.out
    sheets = sorted(file.name for file in (tmp_path / "blatt").iterdir())
    assert sheets == [
        f"{DAY}-{shift}.{form}" for shift in ("nachmittag", "vormittag") for form in ("json", "pdf")
    ]
    assert (tmp_path / "blatt" / sheets[1]).read_bytes().startswith(b"%PDF")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("out", ["plan.pdf", "plan.pdf/blatt", "/proc/blatt/tag"])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_folder_that_is_none_is_refused_before_anything_is_planned(
    fahrten: Fahrten,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    out: str,
    more: tuple[str, ...],
) -> None:
    """One clear line, and what lay there still does."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("api.commands.planning._plan", never)
    (tmp_path / "plan.pdf").write_bytes(b"kept")

    run = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--out", out, *more)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("Fehler: ")
    assert run.err.count("\n") == 1
    assert ("ist eine Datei" in run.err) == out.startswith("plan.pdf")
    assert "Ordner" in run.err
    assert (tmp_path / "plan.pdf").read_bytes() == b"kept"


def test_a_sheet_that_cannot_be_written_is_one_clear_line(fahrten: Fahrten, tmp_path: Path) -> None:
    """A sheet's name is taken by a folder: found out only when writing."""
    (tmp_path / "blatt" / f"{DAY}-vormittag.pdf").mkdir(parents=True)

    run = fahrten("plan", DAY, "--requests", write(tmp_path, {}), "--out", tmp_path / "blatt")

    assert run.code == 2
    assert run.err.startswith("Fehler: In „")
    assert run.err.count("\n") == 1


def test_a_plan_that_is_not_kept_is_a_draft_and_lies_apart(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """The kept plan's sheets stay as they are; a draft claims no version."""
    kept = tmp_path / "var" / "tourenblaetter" / DAY
    fahrten("plan", DAY)
    before = {file.name: file.read_bytes() for file in kept.iterdir()}

    run = fahrten("plan", DAY, "--requests", write(tmp_path, {}))

    drafts = tmp_path / "var" / "entwuerfe" / DAY
    assert f"4 Dateien in {Path('var', 'entwuerfe', DAY)}" in run.out.replace(f"{tmp_path}/", "")
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == before
    assert len(before) == 4
    name = f"{DAY}-vormittag.json"
    assert json.loads(before[name])["version"] == "1"
    assert json.loads((drafts / name).read_bytes())["version"] == "Entwurf"


def test_a_plan_as_json_is_one_document_and_passes_the_check(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """Nothing else stands on stdout, no sheet is written unasked, no name is in it."""
    run = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--json")

    document = run.document
    assert (run.code, document["date"], document["region"]) == (3, DAY, "kalletal")
    assert {each["row"] for each in document["rejected"]} == {26}
    assert "r25" in {each["request"] for each in document["unserved"]}
    assert "Beispiel" not in json.dumps(document["routes"])
    assert not (tmp_path / "var").exists()

    plan = tmp_path / "plan.json"
    plan.write_text(run.out, encoding="utf-8")
    checked = fahrten("check", plan, "--requests", SAMPLE_DAY)
    assert (checked.code, checked.out) == (0, "Der Plan hält jede Zusage.\n")


def test_a_plan_that_was_tampered_with_is_found_out(fahrten: Fahrten, tmp_path: Path) -> None:
    """The check believes nothing that the plan says of itself."""
    document = fahrten("plan", DAY, "--requests", SAMPLE_DAY, "--json").document
    driven = next(route for route in document["routes"] if route["stops"])
    driven["stops"][1]["visits"][0]["begin"] = "07:31:00"
    document["driving_seconds"] += 60
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document), encoding="utf-8")

    run = fahrten("check", plan, "--requests", SAMPLE_DAY)

    assert run.code == 5
    assert "nicht zu fahren oder sagt Falsches von sich" in run.out
    assert "  Plan: Die Kosten oder ihre untere Schranke stimmen nicht (1 Minute)" in run.out
    assert "  Dienst Vormittag: Die Zeiten eines Halts widersprechen sich (" in run.out
    assert " is " not in run.out
    listed = fahrten("check", plan, "--requests", SAMPLE_DAY, "--json")
    assert listed.code == 5
    rules = {each["rule"] for each in json.loads(listed.out)}
    assert rules >= {"cost", "times"}


def test_the_same_seed_gives_the_same_plan(fahrten: Fahrten, tmp_path: Path) -> None:
    """A small day, where the search ends before the clock."""
    file = write(tmp_path, {}, {"termin": "10:00", "name": "Beispiel, Otto"})

    first, second = (
        fahrten("plan", DAY, "--requests", file, "--json", "--seed", "7").document for _ in "ab"
    )

    assert first == second
    assert first["seed"] == 7
    assert first["unserved"] == []


def test_the_kept_requests_of_a_day_are_planned_without_a_file(fahrten: Fahrten) -> None:
    """After the sample day lies in the database, its requests are those of the day."""
    fahrten("sample-day")

    document = fahrten("plan", DAY, "--json").document

    served = {
        visit["request"]
        for route in document["routes"]
        for stop in route["stops"]
        for visit in stop["visits"]
    }
    assert len(served) + len(document["unserved"]) == 24


def test_a_day_without_requests_is_planned_as_empty(fahrten: Fahrten) -> None:
    """Nobody rings: the buses stay, the sheets say so."""
    run = fahrten("plan", "2027-03-03")

    assert run.code == 0
    assert "0 von 0 Fahrtwünschen" in run.out
