"""Words and numbers of a text file, and where in the file something is wrong."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# No count of the literature is near it; it keeps typing errors from filling the memory.
MOST = 100_000
# Nor is any coordinate or time; sums of squares of such numbers are still numbers.
LARGEST = 1e12


class InstanceError(ValueError):
    """A file is no instance; the message says file, line and field."""


@dataclass(frozen=True)
class Row:
    """One line that is not empty: its number in the file, from 1, and its words."""

    path: Path
    number: int
    words: tuple[str, ...]

    def error(self, field: str, trouble: str) -> InstanceError:
        """Say what is wrong with one field of this line."""
        return InstanceError(f"{self.path}, line {self.number}, {field}: {trouble}.")

    def numbers(self, fields: Sequence[str]) -> tuple[float, ...]:
        """
        Words as finite numbers, one for each of *fields*.

        Raises
        ------
        InstanceError
            If there are fewer or more words, or one of them is not a finite number.
        """
        if len(self.words) != len(fields):
            msg = (
                f"{self.path}, line {self.number}: {len(fields)} fields are expected"
                f" ({' '.join(fields)}), not {len(self.words)}."
            )
            raise InstanceError(msg)
        return tuple(map(self._number, fields, self.words))

    def whole(self, field: str, value: float, *, least: int = 0, most: int = MOST) -> int:
        """
        Take *value* as a count.

        Raises
        ------
        InstanceError
            If it has a fraction or is out of bounds.
        """
        if value != int(value) or not least <= value <= most:
            raise self.error(field, f"{value:g} is not a whole number from {least} to {most}")
        return int(value)

    def _number(self, field: str, word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            raise self.error(field, f"'{word}' is not a number") from None
        if not math.isfinite(value) or abs(value) > LARGEST:
            raise self.error(field, f"'{word}' is not a number up to {LARGEST:g}")
        return value


def read_rows(path: Path) -> list[Row]:
    """
    All lines of a file that are not empty.

    Public copies have blanks at the ends of lines, empty lines, tabs, a byte order mark or an
    end-of-file character of DOS; none of that matters.

    Raises
    ------
    InstanceError
        If the file cannot be read, is not text, or is empty.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise InstanceError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path} is not a text file."
        raise InstanceError(msg) from error
    lines = text.replace("\x1a", " ").splitlines()
    rows = [Row(path, number, tuple(line.split())) for number, line in enumerate(lines, start=1)]
    rows = [row for row in rows if row.words]
    if not rows:
        msg = f"{path} is empty."
        raise InstanceError(msg)
    return rows
