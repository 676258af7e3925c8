"""
Reading a policy.toml: every mistake is named in German, with what would be right.

Minutes become seconds and "08:30" becomes a `Clock` on the way in.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from scheduler.errors import PolicyError
from scheduler.keys import READ, WrongValueError
from scheduler.policy import Policy

Table = TypeVar("Table")

LONGEST_SHOWN = 80  # characters of what is wrong


def read_policy(mapping: Mapping[str, object]) -> Policy:
    """
    Make a policy of what tomllib read; what is not mentioned keeps its default.

    Raises
    ------
    PolicyError
        If any key is unknown or any value impossible; the message names all of them, each
        with what would be right.
    """
    mistakes: list[str] = []
    policy = _read(Policy(), mapping, "", mistakes)
    if mistakes:
        raise PolicyError("\n".join(f"{mistake}." for mistake in mistakes))
    return policy


def _shown(value: object) -> str:
    """Begin of a value as Python writes it; some of TOML's are too deep or too long for that."""
    try:
        return _short(repr(value))
    except (ValueError, RecursionError):
        return "…"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def policy_keys() -> tuple[str, ...]:
    """Every key that a policy file may have, in order: "service.earliest", ..."""
    return tuple(_keys(Policy(), ""))


def _keys(table: Any, path: str) -> list[str]:
    keys: list[str] = []
    for key in fields(table):
        value = getattr(table, key.name)
        inner = _keys(value, f"{path}{key.name}.") if is_dataclass(value) else None
        keys.extend([f"{path}{key.name}"] if inner is None else inner)
    return keys


def _read(table: Table, mapping: Mapping[str, object], path: str, mistakes: list[str]) -> Table:
    """Fill *table* with the values of *mapping*, and add to *mistakes* what is wrong."""
    known = {key.name: key for key in fields(table)}  # type: ignore[arg-type]  # a dataclass
    values: dict[str, Any] = {}
    wrong = len(mistakes)
    for name, value in mapping.items():
        if name not in known:
            mistakes.append(
                f"{path}{_short(name)} gibt es hier nicht; möglich sind: {', '.join(known)}"
            )
            continue
        inner = getattr(table, name)
        if not is_dataclass(inner):
            try:
                values[name] = known[name].metadata[READ](value)
            except WrongValueError as right:
                mistakes.append(f"{path}{name} ist {_shown(value)}; richtig ist: {right}")
        elif isinstance(value, Mapping):
            values[name] = _read(inner, value, f"{path}{name}.", mistakes)
        else:
            mistakes.append(
                f"{path}{name} ist {_shown(value)}; richtig ist: eine Tabelle [{path}{name}]"
            )
    if len(mistakes) > wrong:
        return table  # whether the values contradict each other shows when each is possible
    try:
        return replace(table, **values)  # type: ignore[type-var]  # a dataclass
    except PolicyError as contradiction:
        mistakes.append(str(contradiction))
        return table
