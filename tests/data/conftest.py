"""The shipped region, a copy of it to be spoilt, and an empty database of either kind."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.region import Region, load_region
from data.store import Store
from tests.builders_regions import KALLETAL


@pytest.fixture(scope="module")
def kalletal() -> Region:
    return load_region("kalletal")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(KALLETAL, folder)
    return folder


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = Store(database)
    store.upgrade()
    yield store
    store.close()
