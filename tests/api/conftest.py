"""Commands as somebody runs them, and an office with somebody who works in it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.cli import main
from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_commands import Fahrten, Run
from tests.builders_visits import visit


@pytest.fixture
def fahrten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Fahrten:
    monkeypatch.setenv("FAHRTEN_FOLDER", str(tmp_path / "var"))
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    monkeypatch.setenv("FAHRTEN_SECONDS", "2")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["fahrten", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert isinstance(code, int | None)
        return Run(code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def office(either_database: None, tmp_path: Path) -> Iterator[Office]:
    """Empty, on each database; modules that need another one have their own."""
    office = make_office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with visit(office) as client:
        yield client
