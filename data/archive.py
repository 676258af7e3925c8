"""
A backup as one file: a ZIP with the database and a manifest that says what must be in it.

It is there as a whole or not at all, nobody but its owner may read it, and what was not written
by `pack` is refused before anything of it is used.
"""

import hashlib
import json
import os
import shutil
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from data.errors import DataError

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_DATABASE: Final = "database"
_BLOCK: Final = 1 << 20
_LONGEST_MANIFEST: Final = 1 << 20
_PARTS: Final = 2
_LONGEST_CONTENTS: Final = 1 << 12  # bytes of the table of contents; two parts need 200


class BackupError(DataError):
    """A backup cannot be made, read or restored; the message says why in German."""


@dataclass(frozen=True)
class Manifest:
    """
    What a backup holds: which kind of database, which schema, how many rows of each table.

    *sha256* and *size* are those of the database as it lies in the archive.
    """

    made: str
    backend: str
    revision: str
    rows: Mapping[str, int]
    sha256: str = ""
    size: int = 0
    format: int = field(default=FORMAT)

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made)


def pack(file: Path, database: Path, manifest: Manifest) -> Manifest:
    """Write *database* with its *manifest*, completed by size and checksum, to *file*."""
    sha256, size = _sum(database)
    whole = Manifest(**{**asdict(manifest), "sha256": sha256, "size": size})
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFEST, json.dumps(asdict(whole), indent=1))
            archive.write(database, _DATABASE)
        target.flush()
        os.fsync(target.fileno())
    return whole


def put(part: Path, file: Path) -> None:
    """Give a finished file its name, durably; both are in the same file system."""
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_manifest(file: Path) -> Manifest:
    """
    Read what a backup claims to hold.

    Raises
    ------
    BackupError
        If it is no backup, or one of a newer program.
    """
    with _opened(file) as archive:
        return _manifest(file, archive)


def unpack(file: Path, database: Path) -> Manifest:
    """
    Write the database of a backup to *database*, byte for byte as it was packed.

    Raises
    ------
    BackupError
        If it is no backup, or not one byte may be trusted.
    """
    digest = hashlib.sha256()
    with _opened(file) as archive:
        manifest = _manifest(file, archive)
        left = manifest.size
        with _trusting_nothing(file):
            source = archive.open(_DATABASE)
            promised = archive.getinfo(_DATABASE).file_size
        if promised != left:
            raise BackupError(_damaged(file))
        if left > shutil.disk_usage(database.parent).free:
            msg = f"{file}: Ausgepackt ist diese Sicherung größer als der freie Platz."
            raise BackupError(msg)
        with source, database.open("xb") as target:
            database.chmod(0o600)
            # Never more than was promised, however small it has been packed.
            while left >= 0:
                with _trusting_nothing(file):
                    block = source.read(_BLOCK)
                if not block:
                    break
                left -= len(block)
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
    if left != 0 or digest.hexdigest() != manifest.sha256:
        raise BackupError(_damaged(file))
    return manifest


def refuse_to_overwrite(file: Path) -> None:
    """
    Make sure that nothing but an older backup lies where one is to be written.

    Raises
    ------
    BackupError
        If it is something else: a database, for example.
    """
    if not file.exists():
        return
    try:
        read_manifest(file)
    except BackupError as error:
        msg = f"{file}: Dort liegt etwas, das keine Sicherung ist; es wird nicht überschrieben."
        raise BackupError(msg) from error


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        with file.open("rb") as opened:
            _refuse_long_contents(opened)
        return zipfile.ZipFile(file)
    except OSError as error:
        msg = f"{file}: Diese Datei ist nicht zu lesen."
        raise BackupError(msg) from error
    except Exception as error:
        # zipfile has many ways to be surprised by a file that is none of ours.
        raise BackupError(_none(file)) from error


def _refuse_long_contents(file: IO[bytes]) -> None:
    """
    Look at the end of an archive: what `pack` wrote has two parts, and no comment.

    zipfile keeps the whole table of contents in memory, and that can be as long as a file. See
    section 4.3.16 of https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, and 4.3.14 for
    large archives.
    """
    end, locator, end_64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sLQL"), struct.Struct("<Q")
    if file.seek(0, os.SEEK_END) < end.size:
        raise ValueError
    file.seek(-end.size, os.SEEK_END)
    signature, *_, parts, size, _, comment = end.unpack(file.read(end.size))
    if signature != b"PK\5\6" or parts != _PARTS or comment:
        raise ValueError
    if file.tell() > end.size + locator.size:
        file.seek(-end.size - locator.size, os.SEEK_END)
        if file.read(4) == b"PK\6\7":
            # Right before it lies the record for large archives, 16 bytes from its end the size.
            file.seek(-end.size - locator.size - 2 * end_64.size, os.SEEK_END)
            (size,) = end_64.unpack(file.read(end_64.size))
    if size > _LONGEST_CONTENTS:
        raise ValueError


@contextmanager
def _trusting_nothing(file: Path) -> Iterator[None]:
    """Whatever goes wrong while a backup is read: it is damaged."""
    try:
        yield
    except Exception as error:
        raise BackupError(_damaged(file)) from error


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        with archive.open(_MANIFEST) as source:
            text = _all_of(source)
        document: dict[str, Any] = json.loads(text)
        number = int(document["format"])
        if number > FORMAT:
            msg = f"{file}: Diese Sicherung stammt von einem neueren Programm."
            raise BackupError(msg)
        manifest = Manifest(
            made=datetime.fromisoformat(document["made"]).isoformat(),
            backend=str(document["backend"]),
            revision=str(document["revision"]),
            rows={str(name): int(count) for name, count in document["rows"].items()},
            sha256=str(document["sha256"]),
            size=int(document["size"]),
        )
    except BackupError:
        raise
    except Exception as error:
        # Whatever is wrong with a file from anywhere: it is none of ours.
        raise BackupError(_none(file)) from error
    return manifest


def _all_of(source: IO[bytes]) -> bytes:
    text = source.read(_LONGEST_MANIFEST + 1)
    if len(text) > _LONGEST_MANIFEST:
        raise ValueError
    return text


def _sum(file: Path) -> tuple[str, int]:
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256")
    return digest.hexdigest(), file.stat().st_size


def _none(file: Path) -> str:
    return f"{file}: Das ist keine Sicherung dieses Programms."


def _damaged(file: Path) -> str:
    return f"{file}: Diese Sicherung ist beschädigt; aus ihr wird nichts wiederhergestellt."
