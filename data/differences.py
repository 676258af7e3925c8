"""Where a document is not as it should be: the path, the value, and the right one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One field of a document that is not as it should be; *path* is such as "routes[0].metres"."""

    path: str
    message: str


def differences(document: object, right: object, path: str = "") -> Iterator[Difference]:
    """Find each field of *document* that is missing, too many, or another than in *right*."""
    if isinstance(document, dict) and isinstance(right, dict):
        yield from _within(document, right, path)
    elif isinstance(document, list) and isinstance(right, list):
        yield from _within(dict(enumerate(document)), dict(enumerate(right)), path)
    # To Python, true is 1.
    elif document != right or isinstance(document, bool) != isinstance(right, bool):
        message = f"{path} is {_shown(document)}; it should be {_shown(right)}."
        yield Difference(path, message)


def _within(
    parts: Mapping[Any, object], right: Mapping[Any, object], path: str
) -> Iterator[Difference]:
    for key in [*right, *(key for key in parts if key not in right)]:
        step = f"[{key}]" if isinstance(key, int) else f".{_printable(key)}"
        where = f"{path}{step}".removeprefix(".")
        if key not in parts:
            yield Difference(where, f"{where} is missing; it should be {_shown(right[key])}.")
        elif key not in right:
            yield Difference(where, f"{where} is {_shown(parts[key])}; it should not be there.")
        else:
            yield from differences(parts[key], right[key], where)


def _shown(value: object) -> str:
    """Show a value as JSON; of one with parts, only what it is."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return _printable(json.dumps(value, ensure_ascii=False))


def _printable(text: str) -> str:
    """Half a character can stand in JSON, but on no screen."""
    return text.encode("utf-8", "backslashreplace").decode()
