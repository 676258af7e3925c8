"""Both databases that an installation can have: whoever asks for a URL is run on each of them."""

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from data import region_file
from data.region import Region
from tests.builders_databases import BACKENDS, Postgres, put_file, running_postgres

API = Path(__file__).parent / "api"

# How long an example takes says more of the machine, and of what else it does, than of the program.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave each test of the API to one of the databases, by turns: that saves minutes.

    What is kept is tested on both of them below tests/data, and so is whatever is marked
    `both_databases`.
    """
    runs = {item: _is_its_turn(item) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not runs[item]])
    items[:] = [item for item in items if runs[item]]


def _is_its_turn(item: pytest.Item) -> bool:
    backend = item.callspec.params.get("backend") if hasattr(item, "callspec") else None
    if backend is None or API not in item.path.parents:
        return True
    if item.get_closest_marker("both_databases") is not None:
        return True
    name = item.nodeid.replace(backend, "")
    return bool(BACKENDS[crc32(name.encode()) % len(BACKENDS)] == backend)


@pytest.fixture(scope="session", autouse=True)
def _what_is_loaded_stays() -> None:
    """A million objects of libraries and tests would be looked through for garbage, ever again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def _shipped_regions_are_read_once() -> Iterator[None]:
    """Every office would read the same files anew; folders of a test's own are read each time."""
    read = region_file._read
    remembered = cache(read)

    def read_or_remember(folder: Path) -> Region:
        return remembered(folder) if folder.parent == region_file.SHIPPED else read(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(region_file, "_read", read_or_remember)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    assert isinstance(request.param, str)
    return request.param


@pytest.fixture
def database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database with the schema of the program, and nothing in it."""
    if backend == "sqlite":
        file = tmp_path / "fahrten.sqlite3"
        put_file(file)
        yield f"sqlite:///{file}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.used_database() as url:
        yield url


@pytest.fixture
def empty_database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database in which there is nothing."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'deep' / 'down' / 'empty.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database("template1") as url:
        yield url


@pytest.fixture
def either_database(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every office that is opened meanwhile works on this database, whatever its folder."""
    monkeypatch.setenv("FAHRTEN_DATABASE", database)
