"""Whoever else works on the machine reads no passenger's data from a file, whatever the umask."""

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.operations import requests, sheets
from api.operations.office import Office
from data import backup, private
from data.store import Store
from tests.builders_api import CELLS, NOW, make_office
from tests.builders_commands import DAY, Fahrten, write

ASIDE = f"fahrten.sqlite3.vor-{NOW:%Y%m%dT%H%M%S}"


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """What most systems have."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Whatever somebody else could look into, below a folder and the folder itself."""
    return sorted(
        str(each.relative_to(folder))
        for each in (folder, *folder.rglob("*"))
        if stat.S_IMODE(each.stat().st_mode) & 0o077
    )


def test_the_database_and_the_folder_of_it_are_for_their_owner_only(tmp_path: Path) -> None:
    """Also what SQLite puts beside it, while it is open."""
    store = Store(f"sqlite:///{tmp_path / 'srv' / 'var' / 'a.sqlite3'}")
    store.upgrade()

    assert {each.name for each in (tmp_path / "srv" / "var").iterdir()} == {
        "a.sqlite3",
        "a.sqlite3-wal",
        "a.sqlite3-shm",
    }
    assert open_to_others(tmp_path / "srv") == []
    store.close()


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    """Others may have something in it."""
    shared = tmp_path / "shared"
    shared.mkdir()

    private.make_folder(shared / "a" / "b")

    assert open_to_others(tmp_path / "shared") == ["."]
    file = shared / "file"
    file.touch()
    with pytest.raises(FileExistsError):
        private.make_folder(file)


def test_sheets_are_for_their_owner_only(tmp_path: Path) -> None:
    """Names and addresses stand in them; one that was there before is closed as well."""
    folder = tmp_path / "var" / "tourenblaetter" / DAY
    sheet = folder / f"{DAY}-vormittag.pdf"
    for content in (b"Beispiel, Erika", b"Beispiel, Otto"):
        sheets.write_files({sheet: content}, folder)
        assert (sheet.read_bytes(), open_to_others(tmp_path / "var")) == (content, [])
        sheet.chmod(0o644)
        unfinished = sheet.with_name(f".{sheet.name}.part")
        unfinished.touch()  # of a program that was killed


def test_a_restored_database_is_for_its_owner_only(tmp_path: Path) -> None:
    """And the one that was kept aside; also if it was open to others before."""
    office = make_office(tmp_path / "var")
    filled(office)
    url, file = office.settings.database_url, tmp_path / "backup" / "sicherung"
    backup.back_up(url, file, now=NOW)
    database = tmp_path / "var" / "fahrten.sqlite3"
    database.chmod(0o644)

    backup.restore(url, file, now=NOW, keep_in=tmp_path / "var", replace=True)
    backup.restore(f"sqlite:///{tmp_path / 'new' / 'a.sqlite3'}", file, now=NOW, keep_in=tmp_path)

    assert (tmp_path / "var" / ASIDE).exists()
    assert open_to_others(tmp_path) == []


def filled(office: Office) -> None:
    requests.take(office, office.region(), CELLS)
    office.close()


def test_what_was_open_before_is_closed_at_the_start_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Installations of before; once, and never what is not ours."""
    folder = tmp_path / "var"
    office = make_office(folder)
    filled(office)
    with closing(sqlite3.connect(folder / "fahrten.sqlite3")) as reading:
        reading.execute("SELECT count(*) FROM people").fetchall()  # keeps -wal and -shm there
        for each in (folder, *folder.glob("fahrten.sqlite3*")):
            each.chmod(0o755 if each.is_dir() else 0o644)
        told = []
        for _ in range(2):
            caplog.clear()
            with caplog.at_level(logging.WARNING, "fahrten"):
                office = make_office(folder)
                assert office.store.answers()
                office.close()
            told.append([each.getMessage() for each in caplog.records])

    names = ("", "/fahrten.sqlite3", "/fahrten.sqlite3-wal", "/fahrten.sqlite3-shm")
    assert told == [
        [f"closed to other users of this machine: {folder}{name}" for name in names],
        [],
    ]
    assert open_to_others(folder) == []


def test_a_place_where_everybody_may_put_something_is_left_alone(tmp_path: Path) -> None:
    """Somebody may have FAHRTEN_FOLDER=/tmp."""
    tmp_path.chmod(0o1777)

    assert private.tighten([tmp_path, tmp_path / "gone"]) == []


def test_commands_leave_nothing_open(fahrten: Fahrten, tmp_path: Path) -> None:
    """In a folder of the user's own as well; what is compiled, everybody may run."""
    csv = write(tmp_path, {})
    run = fahrten("plan", DAY, "--requests", csv, "--out", tmp_path / "blaetter")
    assert run.code == 0, run.err

    assert list((tmp_path / "blaetter").glob("*.pdf"))
    assert open_to_others(tmp_path / "blaetter") == []
    assert os.umask(0o022) == 0o077
    fahrten("region", "import", "nirgends", "--osm", tmp_path / "none")
    assert os.umask(0o022) == 0o022
