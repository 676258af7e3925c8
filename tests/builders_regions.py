"""The files of the shipped region."""

from datetime import date
from pathlib import Path

from data.region_file import SHIPPED

TUESDAY = date(2027, 3, 2)
KALLETAL = SHIPPED / "kalletal"
EDITED = (
    "region.toml",
    "policy.toml",
    "fleet.toml",
    "roster.toml",
    "places.csv",
    "addresses.csv",
    "villages.csv",
)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
