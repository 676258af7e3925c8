"""Passwords are hashed as the program does it, only with less work: there are hundreds here."""

from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.doors import passwords


@pytest.fixture(autouse=True, scope="package")
def quick_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        quick = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASH", PasswordHash((quick,)))
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()
