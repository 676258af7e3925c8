"""An office whose clock the tests turn, and somebody who talks to it."""

from pathlib import Path

import pytest

from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_offers import (
    Clock,
)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Office:
    return make_office(tmp_path, clock=now)
