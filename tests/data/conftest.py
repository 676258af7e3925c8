"""The shipped region, and a copy of it to be spoilt."""

import shutil
from pathlib import Path

import pytest

from data.region import Region, load_region
from tests.builders_regions import KALLETAL


@pytest.fixture(scope="module")
def kalletal() -> Region:
    return load_region("kalletal")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(KALLETAL, folder)
    return folder
