"""The notebooks run from the first cell to the last, and are kept as they were written."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUNNER = Path(__file__).with_name("run_notebook.py")
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))
LONGEST = 300  # seconds; half a minute where the optimizer is compiled already

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def run(notebook: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run *notebook* in an empty folder; a warning is an error, settings are the shipped ones."""
    settings = {name: text for name, text in os.environ.items() if not name.startswith("FAHRTEN_")}
    return subprocess.run(
        [sys.executable, "-P", "-W", "error", RUNNER, notebook],
        cwd=folder,
        env={**settings, "PYTHONIOENCODING": "utf-8"},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
    )


def write(folder: Path, *sources: str) -> Path:
    """Write a notebook with these code cells."""
    cells = [
        {"cell_type": "code", "id": f"cell-{number}", "source": source.splitlines(keepends=True)}
        for number, source in enumerate(sources)
    ]
    notebook = folder / "little.ipynb"
    notebook.write_text(json.dumps({"cells": cells}), "utf-8")
    return notebook


def read(notebook: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(notebook.read_text("utf-8"))
    return document


def test_there_is_a_notebook() -> None:
    """Tests of notebooks that find none would prove nothing."""
    assert "zweiter-bus" in {path.stem for path in NOTEBOOKS}


@every_notebook
def test_it_is_stored_without_results(notebook: Path) -> None:
    """Figures of yesterday's program are not shown as today's, and differences stay readable."""
    code = [cell for cell in read(notebook)["cells"] if cell["cell_type"] == "code"]

    assert [cell["id"] for cell in code if cell["outputs"]] == []
    assert [cell["id"] for cell in code if cell["execution_count"] is not None] == []


@every_notebook
def test_it_is_a_notebook_of_version_4(notebook: Path) -> None:
    """Jupyter opens it without changing it: cells have ids, and nothing of a machine is kept."""
    document = read(notebook)
    ids = [cell["id"] for cell in document["cells"]]

    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert len(set(ids)) == len(ids)
    assert {cell["cell_type"] for cell in document["cells"]} == {"code", "markdown"}
    assert all(cell["metadata"] == {} for cell in document["cells"])
    assert document["metadata"]["kernelspec"]["name"] == "python3"


@every_notebook
def test_it_runs_from_an_empty_folder(notebook: Path, tmp_path: Path) -> None:
    """Every cell runs, every assert in it holds, nothing warns and nothing is written."""
    done = run(notebook, tmp_path)

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("assert 1 + 1 == 3", "AssertionError"),
        ("import warnings\nwarnings.warn('old', DeprecationWarning)", "DeprecationWarning"),
        ("one + missing", "NameError"),
        (
            "class Bad:\n    def _repr_html_(self):\n        return 1 / 0\nBad()",
            "ZeroDivisionError",
        ),
        ("class Bad:\n    def _repr_svg_(self):\n        return '<svg>'\nBad()", "ParseError"),
    ],
)
def test_a_fault_in_a_notebook_is_noticed(fault: str, said: str, tmp_path: Path) -> None:
    """A wrong assert, a warning, a wrong name, a table or picture that cannot be drawn."""
    done = run(write(tmp_path, "one = 1\none", fault), tmp_path)

    assert done.returncode != 0
    assert said in done.stderr
    assert "little.ipynb: cell-1" in done.stderr or said == "ParseError"


def test_cells_share_their_names(tmp_path: Path) -> None:
    """A later cell sees what an earlier one made, dataclasses included."""
    first = (
        "from dataclasses import dataclass\n@dataclass\nclass Bus:\n    seats: 'int'\nbus = Bus(8)"
    )
    done = run(write(tmp_path, first, "bus"), tmp_path)

    assert (done.returncode, done.stdout) == (0, "Bus(seats=8)\n"), done.stderr


def test_a_notebook_that_shows_nothing_is_noticed(tmp_path: Path) -> None:
    """Somebody opens a notebook to see something."""
    assert run(write(tmp_path, "one = 1"), tmp_path).returncode != 0
