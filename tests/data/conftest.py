"""The shipped region, a copy of it to be spoilt, and an empty database of either kind."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.keys import Keys
from data.region import Region
from data.region_file import load_region
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
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "outside" / "fahrten.key")


@pytest.fixture
def store(database: str, keys: Keys) -> Iterator[Store]:
    store = Store(database, keys=keys)
    store.upgrade()
    yield store
    store.close()
