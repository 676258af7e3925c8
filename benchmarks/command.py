"""
What all commands have in common: they check what they are told, and write what they found.

A word that cannot be is refused in one line, before anything is solved. *seconds*, *count* and
so on are types for `argparse`: each reads a word, or says what it should have been.
"""

import argparse
import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

# Some programs take seeds of 32 bits only, and days and tries count on from the first.
LARGEST_SEED = 1_000_000_000


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without all that would have been right above it."""

    def error(self, message: str) -> NoReturn:
        """End the command with code 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def make_parser(name: str, description: str | None) -> Parser:
    """Make the parser of a command, which can write its results as JSON."""
    parser = Parser(
        prog=f"benchmarks.{name}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=new_file, help="where to write the results")
    return parser


def seconds(text: str) -> float:
    """Some time, more than none and not endless."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise _refused(text, "a number of seconds above 0")
    return value


def count(text: str) -> int:
    """A whole number from 1."""
    return _whole(text, least=1)


def minutes(text: str) -> int:
    """Some time in whole minutes, or none."""
    return _whole(text, least=0)


def counts(text: str) -> list[int]:
    """Whole numbers from 1, with commas between them."""
    return [count(word) for word in text.split(",")]


def seed(text: str) -> int:
    """A whole number that every random generator takes."""
    return _whole(text, least=0, most=LARGEST_SEED)


def seeds(text: str) -> list[int]:
    """Seeds with commas between them."""
    return [seed(word) for word in text.split(",")]


def new_file(text: str) -> Path:
    """A file that can be written when all is done."""
    path = Path(text)
    if path.is_dir():
        trouble = "is a folder, not a file"
    elif not path.parent.is_dir():
        trouble = f"cannot be written: there is no folder {path.parent}"
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        trouble = "cannot be written: permission denied"
    else:
        return path
    msg = f"{text!r} {trouble}"
    raise argparse.ArgumentTypeError(msg)


def write_json(path: Path | None, entries: Sequence[dict[str, Any]]) -> None:
    """Write the results, if somebody asked for them."""
    if path is not None:
        path.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def _whole(text: str, *, least: int, most: int | None = None) -> int:
    end = "" if most is None else f" to {most}"
    try:
        value = int(text)
    except ValueError:
        raise _refused(text, f"a whole number from {least}{end}") from None
    if value < least or (most is not None and value > most):
        raise _refused(text, f"a whole number from {least}{end}")
    return value


def _refused(text: str, expected: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"{text!r} is not {expected}")
