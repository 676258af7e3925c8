"""Commands that are handed broken files: one line that says so, and the right exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders_api import SAMPLE_DAY
from tests.builders_commands import DAY, Fahrten
from tests.builders_plan_document import written

HALF = "\ud800"  # a half character: JSON can carry it, no screen can show it


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name, content in {
        "deep": b"[" * 100_000,
        "zeros": bytes(100_000),
        "wunsch.csv": b'datum;name\n"',
        "wunsch.xlsx": b"PK\3\4" + bytes(1_000),
        "map.osm": b"<osm version='0.6'><node id='1' lat='x' lon='0'/></osm>",
        "map.osm.pbf": b"\0\0\0\x0d" + bytes(100),
    }.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (4, ("plan", DAY, "--requests", "wunsch.csv")),
        (4, ("plan", DAY, "--requests", "wunsch.xlsx")),
        (4, ("check", "deep", "--requests", SAMPLE_DAY)),
        (4, ("check", "zeros", "--requests", SAMPLE_DAY)),
        (1, ("restore", "zeros")),
        (1, ("region", "import", "talle", "--osm", "map.osm")),
        (1, ("region", "import", "talle", "--osm", "map.osm.pbf")),
    ],
)
def test_a_broken_file_is_one_line(
    fahrten: Fahrten, files: Path, code: int, command: tuple[str | Path, ...]
) -> None:
    """Whatever is in it."""
    known = {file.name for file in files.iterdir()}

    run = fahrten(*(files / str(word) if word in known else word for word in command))

    assert run.code == code
    assert run.err.startswith("Fehler: ")
    assert len(run.err.splitlines()) == 1


def half(document: Any) -> Any:
    """Put half a character into every text that is not read as something else."""
    if isinstance(document, dict):
        return {key: half(value) for key, value in document.items()} | {HALF: HALF}
    if isinstance(document, list):
        return [half(each) for each in document]
    free = isinstance(document, str) and document.startswith(("home", "mvz", "r", "d", "zu"))
    return document + HALF if free else document


@pytest.mark.parametrize("as_json", [True, False])
def test_half_characters_are_shown_somehow(
    fahrten: Fahrten, tmp_path: Path, *, as_json: bool
) -> None:
    """A plan full of them is checked, and what is wrong is printed."""
    document = half(written())
    for key in ("region", "date", "status"):
        document[key] = written()[key]
    document["unserved"] = []
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document), encoding="utf-8")

    run = fahrten("check", plan, "--requests", SAMPLE_DAY, *(["--json"] if as_json else []))

    assert run.code == 5
    # The text for people names none of them.
    assert ("\\ud800" in run.out) == as_json


def test_a_reason_with_half_characters_is_refused_in_one_line(
    fahrten: Fahrten, tmp_path: Path
) -> None:
    """The refusal repeats what stands there."""
    document = written()
    document["unserved"][0]["reason"] = HALF
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document), encoding="utf-8")

    run = fahrten("check", plan, "--requests", SAMPLE_DAY)

    assert (run.code, run.err) == (4, "Fehler: Kein Tagesplan: unserved[0].reason ist „\\ud800“.\n")
