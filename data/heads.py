"""
The newest row of the audit, noted outside the database after each commit.

Whoever can write the database only can cut off its newest rows, and nobody sees it from inside.
Beside this file it is seen.
"""

import fcntl
import os
import re
from pathlib import Path

from data import private
from data.audit import Head

_HEAD = re.compile(rb"([0-9]{1,18}) ([0-9a-f]{64})\n")
_LONGEST = 18 + 1 + 64 + 1


class NotedHead:
    """A file with the highest head that any process of this installation has written."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> Head | None:
        """Read what was noted; ``None`` if nothing was, or it cannot be read."""
        try:
            with self.file.open("rb") as reading:
                fcntl.flock(reading, fcntl.LOCK_SH)
                return _parsed(reading.read())
        except OSError:
            return None

    def note(self, head: Head, *, back: bool = False) -> None:
        """
        Note a head that is on the disk, unless a higher one is noted; *back*: in any case.

        Raises
        ------
        OSError
            If that is not possible.
        """
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = _parsed(os.pread(descriptor, _LONGEST, 0))
            if back or before is None or before.number < head.number:
                written = f"{head}\n".encode()
                os.pwrite(descriptor, written, 0)
                os.ftruncate(descriptor, len(written))
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT
        try:
            return os.open(self.file, flags, 0o600)
        except FileNotFoundError:
            private.make_folder(self.file.parent)
            return os.open(self.file, flags, 0o600)


def _parsed(text: bytes) -> Head | None:
    match = _HEAD.fullmatch(text)
    return Head(int(match[1]), bytes.fromhex(match[2].decode())) if match else None
