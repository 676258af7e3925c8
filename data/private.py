"""Files that hold names: nobody else on the machine may read them, whatever the umask."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_FILE, _FOLDER = 0o600, 0o700
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing; one that is there stays as it is."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=_FOLDER, exist_ok=True)
    if not folder.is_dir():
        folder.mkdir()  # says what is wrong


def make_file(file: Path) -> None:
    """Make an empty file before somebody else does; if that fails, they say why."""
    with suppress(OSError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE))


def write(file: Path, content: bytes) -> None:
    """Write a file, or replace one."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE)
    with os.fdopen(descriptor, "wb") as writing:
        os.fchmod(descriptor, _FILE)
        writing.write(content)


def tighten(paths: Iterable[Path]) -> list[Path]:
    """Close to others what is ours and open to them; returns what that was."""
    closed = []
    for path in paths:
        with suppress(FileNotFoundError):
            found = path.stat()
            # Where everybody may put something (/tmp) is no place of ours, whoever owns it.
            ours = found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX
            if ours and found.st_mode & _OTHERS:
                path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
                closed.append(path)
    return closed
