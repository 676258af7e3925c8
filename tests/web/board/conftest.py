"""An office in which nothing has happened yet, and somebody who works in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_offers import Clock
from tests.builders_visits import visit
from tests.web.conftest import copied


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[Office]:
    office = make_office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def desk(new_office: Office) -> Iterator[TestClient]:
    with visit(new_office) as client:
        yield client


@pytest.fixture
def quiet_office(quiet_folder: Path, tmp_path: Path, now: Clock) -> Iterator[Office]:
    """Planned with so few requests that there is room; each file says with how many."""
    with copied(quiet_folder, tmp_path, now) as office:
        yield office


@pytest.fixture
def quiet(quiet_office: Office) -> Iterator[TestClient]:
    with visit(quiet_office) as client:
        yield client
