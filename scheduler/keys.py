"""
What the value of a policy key may be: each function makes the reader of one kind of value.

A reader turns what tomllib gives into the program's units, or raises `WrongValueError`, whose
text continues the German sentence "richtig ist: ...". Readers are kept in the metadata of a field.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

from routing.units import MINUTE
from scheduler.clock import Clock, clock

READ = "read"

Metadata: TypeAlias = Mapping[str, Callable[[object], object]]


class WrongValueError(ValueError):
    """A value is impossible; the text says in German what would be right."""


def number(*, least: int, most: int, unit: str, seconds: int = 1) -> Metadata:
    """Make a reader of a whole number, multiplied by *seconds* on the way in."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            msg = f"eine ganze Zahl von {least} bis {most} ({unit})"
            raise WrongValueError(msg)
        return value * seconds

    return {READ: read}


def minutes(*, least: int, most: int) -> Metadata:
    """Make a reader of whole minutes, which become seconds."""
    return number(least=least, most=most, unit="Minuten", seconds=MINUTE)


def factor(*, least: float, most: float) -> Metadata:
    """Make a reader of a number, whole or not."""

    def read(value: object) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not least <= value <= most
        ):
            msg = f"eine Zahl von {least:g} bis {most:g}"
            raise WrongValueError(msg)
        return float(value)

    return {READ: read}


def time() -> Metadata:
    """Make a reader of a time of day."""

    def read(value: object) -> Clock:
        if isinstance(value, str):
            try:
                return clock(value)
            except ValueError:
                pass
        msg = 'eine Uhrzeit in Anführungszeichen, wie "08:30"'
        raise WrongValueError(msg)

    return {READ: read}


def one_of(words: type[StrEnum]) -> Metadata:
    """Make a reader of one of several words."""

    def read(value: object) -> StrEnum:
        for word in words:
            if value == word.value:
                return word
        msg = " oder ".join(f'"{word}"' for word in words)
        raise WrongValueError(msg)

    return {READ: read}


def weights(*, most: int = 1000) -> Metadata:
    """Make a reader of a list of whole numbers from 1."""

    def read(value: object) -> tuple[int, ...]:
        if isinstance(value, list) and value:
            whole = [item for item in value if isinstance(item, int) and not isinstance(item, bool)]
            if len(whole) == len(value) and all(1 <= item <= most for item in whole):
                return tuple(whole)
        msg = f"eine Liste ganzer Zahlen von 1 bis {most}, wie [1, 4, 16]"
        raise WrongValueError(msg)

    return {READ: read}
