"""A clock, an office, somebody who may come in; and passwords that are hashed with less work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.doors import passwords
from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_doors import PASSWORD, account
from tests.builders_offers import Clock


@pytest.fixture(autouse=True, scope="package")
def quick_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        quick = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASH", PasswordHash((quick,)))
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Office:
    return make_office(tmp_path, clock=now)


@pytest.fixture
def erika(office: Office) -> int:
    return account(office, "erika", "dispatcher", password=PASSWORD)
