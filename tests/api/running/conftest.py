"""The sample day, planned the evening before; its clock is turned by the tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_offers import Clock
from tests.builders_running import plan_rows


@pytest.fixture(scope="session")
def whole_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plan_rows(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="session")
def half_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With room for others."""
    return plan_rows(tmp_path_factory.mktemp("half"), 16)


@pytest.fixture
def planned(whole_day: Path) -> Path:
    return whole_day


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, planned: Path, now: Clock) -> Iterator[Office]:
    shutil.copytree(planned, tmp_path, dirs_exist_ok=True)
    office = make_office(tmp_path, clock=now)
    yield office
    office.close()
