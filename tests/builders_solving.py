"""Days that take long to plan, and whoever waits for something to happen."""

import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from api.operations import requests
from api.operations.office import Office
from data.exchange import write_requests
from data.region import Region
from data.synthetic import invent_day
from tests.builders_api import TUESDAY

PATIENCE_SECONDS = 600.0

Found = TypeVar("Found")


def fill(
    office: Office,
    day: date = TUESDAY,
    *,
    people: int = 40,
    seed: int = 1,
    name: str | None = None,
) -> Region:
    """Let so many people ask for a day; with forty nothing is proven for a long time."""
    region = office.region(name)
    rows = invent_day(region, day, requests=people, seed=seed)
    requests.take_file(office, region, write_requests(rows).encode(), "day.csv")
    return region


def wait_for(find: Callable[[], Found | None]) -> Found:
    """Ask again and again until there is something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    msg = "It did not happen."
    raise AssertionError(msg)
