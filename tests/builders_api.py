"""An installation on an empty database, at a fixed moment, for tests of what is around the plan."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from api.operations.office import Office
from api.settings import Settings
from data.keys import Keys
from data.request_rows import COLUMNS, RequestRow, read_row
from tests.builders_databases import put_database

# Sunday before the sample day, seven in the evening in Kalletal.
NOW = dt.datetime(2027, 2, 28, 18, 0, tzinfo=dt.UTC)
TODAY = dt.date(2027, 2, 28)
TUESDAY = dt.date(2027, 3, 2)
KEY = SecretStr("A" * 43 + "=")  # so that an installation can be copied
KEYS = Keys(given=KEY.get_secret_value())
SAMPLE_DAY = Path(__file__).parents[1] / "data" / "regions" / "kalletal" / "sample-day.csv"

CELLS = {
    "datum": "2027-03-02",
    "name": "Beispiel, Erika",
    "geburtsdatum": "1941-05-06",
    "telefon": "030 23125 103",
    "abholort": "Beispielstraße 3, Talle",
    "ziel": "MVZ Kalletal",
    "termin": "09:30",
    "dauer": "45",
    "rueckfahrt": "ja",
    "apotheke": "",
    "hilfen": "",
    "begleitung": "",
    "dringlichkeit": "",
    "hinweis": "",
}

BODY = {
    "date": "2027-03-02",
    "name": "Beispiel, Erika",
    "born": "1941-05-06",
    "phone": "030 23125 103",
    "origin": "Beispielstraße 3, Talle",
    "destination": "MVZ Kalletal",
    "appointment": "09:30",
    "stay_minutes": 45,
    "way_back": "after_stay",
}


def make_office(
    folder: Path,
    *,
    clock: Callable[[], dt.datetime] = lambda: NOW,
    url: str = "",
    seconds: float = 2.0,
) -> Office:
    """An office with its own database; planning a day may take some *seconds*."""
    put_database(folder)
    settings = Settings(
        folder=folder,
        regions=folder / "regions",
        seconds=seconds,
        replan_seconds=1,
        key=KEY,
        url=url,
    )
    return Office(settings, clock=clock)


def row(number: int = 2, **cells: str) -> RequestRow:
    """A row of a file, good unless *cells* say otherwise."""
    read = read_row({**CELLS, **cells}, row=number, today=TODAY)
    assert isinstance(read, RequestRow), read
    return read


def table(*rows: dict[str, str]) -> bytes:
    """A CSV file with a row for each of *rows*, each good apart from what it says."""
    lines = [";".join(COLUMNS)]
    lines += [";".join(f'"{cell}"' for cell in ({**CELLS, **each}).values()) for each in rows]
    return "\n".join(lines).encode()
