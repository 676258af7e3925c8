"""An office whose clock the tests turn, and somebody who talks to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_offers import (
    Clock,
)
from tests.builders_visits import visit


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Office:
    return make_office(tmp_path, clock=now)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with visit(office) as client:
        yield client
