"""An office in which nothing has happened yet, and somebody who works in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_visits import visit


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[Office]:
    office = make_office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def desk(new_office: Office) -> Iterator[TestClient]:
    with visit(new_office) as client:
        yield client
