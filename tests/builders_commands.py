"""What a command left behind, and files of requests for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.builders_api import table

DAY = "2027-03-02"


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as JSON: nothing else may stand there."""
        document: dict[str, Any] = json.loads(self.out)
        return document


Fahrten = Callable[..., Run]


def write(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "wunsch.csv"
    file.write_bytes(table(*rows))
    return file
