"""`fahrten serve` with a wrong configuration: one German line for each mistake, and it ends."""

import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from api.errors import SettingsError
from api.operations import starting
from tests.builders_api import make_office
from tests.builders_commands import Fahrten
from tests.builders_regions import KALLETAL
from tests.builders_serving import free_port

PORT = "FAHRTEN_PORT"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv(PORT, str(free_port()))
    return monkeypatch


def test_a_database_that_does_not_answer_is_named(
    fahrten: Fahrten, environment: pytest.MonkeyPatch
) -> None:
    """But not with its password."""
    environment.setenv("FAHRTEN_DATABASE", "postgresql://fahrten:geheim@127.0.0.1:1/fahrten")
    run = fahrten("serve")

    assert run.code != 0
    assert run.err.startswith(
        "Fehler: Die Datenbank postgresql://fahrten:***@127.0.0.1:1/fahrten ist nicht zu benutzen: "
    )
    assert len(run.err.splitlines()) == 1
    assert "geheim" not in run.err


@pytest.mark.parametrize(
    "url", ["unsinn", "nichts://geheim@x/y", "sqlite+nichts:///x", "x://:geheim"]
)
def test_what_is_no_database_is_told(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, url: str
) -> None:
    """With an example of what would be right, and without repeating a password."""
    environment.setenv("FAHRTEN_DATABASE", url)
    run = fahrten("serve")

    assert run.code != 0
    assert run.err.startswith("Fehler: Das ist keine Adresse einer Datenbank.")
    assert "geheim" not in run.err


def test_a_file_that_is_no_database_is_told(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Somebody has put a spreadsheet there."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "fahrten.sqlite3").write_text("Name;Telefon\n" * 500)
    run = fahrten("serve")

    assert run.code != 0
    assert "ist nicht zu benutzen: file is not a database." in run.err
    assert "Traceback" not in run.err


def test_a_newer_database_is_left_alone(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An old program was started by mistake."""
    office = make_office(tmp_path / "var")
    office.store.close()
    with sqlite3.connect(tmp_path / "var" / "fahrten.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for command in (["serve"], ["plan", "2027-03-02"], ["db", "upgrade"]):
        run = fahrten(*command)

        assert run.code != 0
        assert "ist neuer als dieses Programm (Stand 9999, bekannt bis " in run.err
        assert "Traceback" not in run.err


def test_a_broken_region_has_its_own_exit_code(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every mistake in its files with its line."""
    folder = tmp_path / "regions" / "kalletal"
    shutil.copytree(KALLETAL, folder)
    (folder / "region.toml").write_text("title = [")
    run = fahrten("serve")

    assert run.code == 6
    assert run.err.startswith("Fehler: region.toml")


def test_every_mistake_is_told_at_once(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody has to start five times to learn of five mistakes."""
    (tmp_path / "file").touch()
    environment.setenv("FAHRTEN_FOLDER", str(tmp_path / "file"))
    environment.setenv("FAHRTEN_DATABASE", "postgresql://127.0.0.1:1/fahrten")
    environment.setenv("FAHRTEN_REGION", "atlantis")
    environment.setenv("FAHRTEN_PROT", "80")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = fahrten("serve", "--port", str(port))

    assert run.code == 2
    told = run.err.removeprefix("Fehler: ").splitlines()
    beginnings = [
        "FAHRTEN_PROT: Diese Einstellung gibt es nicht. Gemeint ist vielleicht FAHRTEN_PORT.",
        f"FAHRTEN_FOLDER={tmp_path / 'file'}: Hierhin kann nicht geschrieben werden: ",
        "Eine Region „atlantis“ gibt es nicht.",
        "Die Datenbank postgresql://127.0.0.1:1/fahrten ist nicht zu benutzen: ",
        f"Unter 127.0.0.1:{port} kann nicht gelauscht werden: Dort läuft schon etwas.",
    ]
    assert len(told) == len(beginnings)
    assert all(map(str.startswith, told, beginnings)), told


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("192.0.2.1", "Diese Adresse hat der Rechner nicht"),  # RFC 5737: nobody's
        ("atlantis.invalid", "Diesen Namen gibt es nicht"),  # RFC 6761: never a name
    ],
)
def test_an_address_of_somebody_else_cannot_be_listened_on(host: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        starting.listen(host, free_port())


def test_settings_that_exist_are_not_refused() -> None:
    """Nor those of the tests, nor of other programs."""
    starting.refuse_unknown({"FAHRTEN_SHARED": "/data", "FAHRTEN_TEST_DAYS": "3"})
    starting.refuse_unknown({"FAHRTEN_PORT": "80", "FAHRTENBUCH": "1", "PATH": "/bin"})
