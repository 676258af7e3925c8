"""A planned sample day in an office whose clock the tests turn."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from api.operations.sample_day import prepare_sample_day
from tests.builders_api import make_office
from tests.builders_offers import Clock
from tests.builders_visits import visit


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installation with the sample day, planned once; tests work on copies."""
    folder = tmp_path_factory.mktemp("sample") / "var"
    office = make_office(folder)
    prepare_sample_day(office, office.region())
    office.close()
    return folder


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def planned_office(sample_folder: Path, tmp_path: Path, now: Clock) -> Iterator[Office]:
    shutil.copytree(sample_folder, tmp_path / "var")
    office = make_office(tmp_path / "var", clock=now)
    yield office
    office.close()


@pytest.fixture
def board(planned_office: Office) -> Iterator[TestClient]:
    with visit(planned_office) as client:
        yield client
