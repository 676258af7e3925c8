"""Commands as somebody runs them."""

import sys
from pathlib import Path

import pytest

from api.cli import main
from tests.builders_commands import Fahrten, Run


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
