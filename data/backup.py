"""
Back up the database of an installation while it works, and restore it.

A backup counts only when it has been restored once, to the side, and was found complete.
"""

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from data import archive, backup_postgresql, backup_sqlite, private
from data.archive import BackupError, Manifest
from data.keys import Keys
from data.reaching import known_revisions
from data.store import Store

_REVISION_TABLE = "alembic_version"
_WORKING = ".fahrten-backup-"
_LONGEST = 6 * 3600.0  # seconds; no backup of a village takes so long


@dataclass(frozen=True)
class BackedUp:
    """A backup that was made; *tried* says whether it could be restored to the side."""

    manifest: Manifest
    tried: bool


@dataclass(frozen=True)
class Restored:
    """
    A backup that was restored.

    *aside* is where the old database is kept, if there was one; *upgraded* says that the backup
    was of an older program.
    """

    manifest: Manifest
    aside: Path | None
    upgraded: bool


def back_up(url: str, file: Path, *, now: datetime) -> BackedUp:
    """
    Write a backup of a database to *file*, replacing an older backup there.

    Raises
    ------
    BackupError
        If it cannot be made, or proves to be incomplete; then no file is left behind, and an
        older one stays.
    """
    parsed = _parse(url)
    archive.refuse_to_overwrite(file)
    try:
        private.make_folder(file.parent)
        with _working(file.parent) as folder:
            made = _pack(parsed, folder, now=now)
            archive.put(folder / "packed", file)
    except OSError as error:
        msg = f"{file}: Hier lässt sich keine Sicherung ablegen: {error.strerror}."
        raise BackupError(msg) from error
    return made


def restore(
    url: str,
    file: Path,
    *,
    now: datetime,
    keep_in: Path,
    replace: bool = False,
    keys: Keys | None = None,
) -> Restored:
    """
    Put what was backed up in the place of a database that is empty, or with *replace* of any.

    Parameters
    ----------
    keep_in
        Folder for the old database, if that is not a file that can be kept where it is.
    keys
        For backups of before people were sealed; they are never in a backup.

    Raises
    ------
    BackupError
        If the backup is damaged or too new, or the database is in use or not empty; then nothing
        has changed. Only if a server of PostgreSQL has made other rows of a whole backup than were
        in it, that is found afterwards: then the old database lies in *keep_in*.
    """
    parsed = _parse(url)
    manifest = archive.read_manifest(file)
    _refuse_foreign(file, manifest, parsed)
    stamp = f"{now:%Y%m%dT%H%M%S}"
    if parsed.get_backend_name() == "sqlite":
        return _restore_sqlite(_file_of(parsed), file, stamp, replace=replace, keys=keys)
    private.make_folder(keep_in)
    aside = keep_in / f"{parsed.database}.vor-{stamp}.sicherung"
    with _working(keep_in) as folder:
        dump = folder / "database"
        manifest = archive.unpack(file, dump)
        with backup_postgresql.alone(parsed):
            rows = backup_postgresql.rows(parsed)
            held = _is_filled(rows)
            if held and not replace:
                raise BackupError(_filled(parsed.render_as_string(hide_password=True)))
            if held:
                back_up(url, aside, now=now)
            backup_postgresql.replace(parsed, dump, tables=rows)
            _compare(manifest, backup_postgresql.rows(parsed))
    store = Store(url, keys=keys)
    try:
        upgraded = store.upgrade()
    finally:
        store.close()
    return Restored(manifest, aside if held else None, upgraded)


def _pack(url: URL, folder: Path, *, now: datetime) -> BackedUp:
    """Copy, pack, unpack and restore to the side; what is good lies in *folder* as "packed"."""
    copied, again = folder / "database", folder / "again"
    if url.get_backend_name() == "sqlite":
        backup_sqlite.copy(_file_of(url), copied)
        revision, rows = backup_sqlite.examine(copied)
    else:
        revision, rows = backup_postgresql.copy(url, copied)
    if not revision:
        msg = "In dieser Datenbank hat noch kein Programm gearbeitet; es gibt nichts zu sichern."
        raise BackupError(msg)
    manifest = Manifest(
        made=now.isoformat(timespec="seconds"),
        backend=url.get_backend_name(),
        revision=revision,
        rows=rows,
    )
    archive.pack(folder / "packed", copied, manifest)
    manifest = archive.unpack(folder / "packed", again)
    if url.get_backend_name() == "sqlite":
        _compare(manifest, backup_sqlite.examine(again)[1])
        return BackedUp(manifest, tried=True)
    found = backup_postgresql.try_out(url, again, name=f"fahrten_probe_{secrets.token_hex(6)}")
    if found is not None:
        _compare(manifest, found)
    return BackedUp(manifest, tried=found is not None)


def _restore_sqlite(
    target: Path, file: Path, stamp: str, *, replace: bool, keys: Keys | None
) -> Restored:
    private.make_folder(target.parent)
    with _working(target.parent) as folder:
        database = folder / "database"
        manifest = archive.unpack(file, database)
        _compare(manifest, backup_sqlite.examine(database)[1])
        upgraded = manifest.revision != Store.newest_revision()
        if upgraded:
            backup_sqlite.upgrade(database, keys=keys)
        # A file that is not even a database is kept aside by hand, not by us.
        held = target.exists() and _is_filled(backup_sqlite.examine(target)[1])
        if held and not replace:
            raise BackupError(_filled(str(target)))
        aside = target.with_name(f"{target.name}.vor-{stamp}") if held else None
        backup_sqlite.replace(target, database, aside=aside)
        backup_sqlite.examine(target)
    return Restored(manifest, aside, upgraded)


@contextmanager
def _working(beside: Path) -> Iterator[Path]:
    """
    A folder for copies, on the same disk as what becomes of them and as private.

    What an earlier run left behind when it was killed, with people in it, is removed.
    """
    for left in beside.glob(f"{_WORKING}*"):
        if time.time() - left.stat().st_mtime > _LONGEST:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WORKING, dir=beside) as folder:
        yield Path(folder)


def _refuse_foreign(file: Path, manifest: Manifest, url: URL) -> None:
    if manifest.backend != url.get_backend_name():
        msg = (
            f"{file}: Diese Sicherung stammt aus {manifest.backend}, FAHRTEN_DATABASE nennt "
            f"{url.get_backend_name()}."
        )
        raise BackupError(msg)
    if manifest.revision not in known_revisions():
        msg = (
            f"{file}: Diese Sicherung stammt von einem neueren Programm (Stand "
            f"{manifest.revision}, bekannt bis {Store.newest_revision()})."
        )
        raise BackupError(msg)


def _compare(manifest: Manifest, rows: Mapping[str, int]) -> None:
    if dict(manifest.rows) != dict(rows):
        msg = "Die Sicherung ist nicht vollständig; sie wird nicht verwendet."
        raise BackupError(msg)


def _is_filled(rows: Mapping[str, int]) -> bool:
    return any(count for name, count in rows.items() if name != _REVISION_TABLE)


def _filled(what: str) -> str:
    return (
        f"Die Datenbank {what} ist nicht leer. Mit --replace wird sie ersetzt, und die alte "
        "daneben aufbewahrt."
    )


def _file_of(url: URL) -> Path:
    if url.database in {None, "", ":memory:"}:
        msg = "Eine Datenbank im Arbeitsspeicher lässt sich nicht sichern."
        raise BackupError(msg)
    return Path(str(url.database))


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        name = parsed.get_backend_name()
    except (ArgumentError, ValueError) as error:
        msg = "FAHRTEN_DATABASE ist keine Adresse einer Datenbank."
        raise BackupError(msg) from error
    if name not in {"sqlite", "postgresql"}:
        msg = f"Gesichert werden SQLite und PostgreSQL, nicht {name}."
        raise BackupError(msg)
    return parsed
