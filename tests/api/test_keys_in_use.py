"""A new key and the forgetting of old ones, while others work."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.orm import Session

from api.operations import privacy, requests
from api.operations.office import Office
from data import rotation
from data.errors import DataError
from data.keys import KeyFaultError, Keys, Vault
from tests.builders_api import CELLS, NOW, make_office

pytestmark = pytest.mark.both_databases


@pytest.fixture
def office(tmp_path: Path, either_database: None) -> Office:
    """With its key in a file, as most installations have it."""
    settings = make_office(tmp_path / "var").settings
    return Office(settings.model_copy(update={"key": SecretStr("")}), clock=lambda: NOW)


def test_keys_are_not_forgotten_while_a_new_one_is_being_used(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the file before the database is sealed with it, and nothing could open that then."""
    requests.take(office, office.region(), CELLS)
    right, begun, go_on = rotation.reseal, threading.Event(), threading.Event()

    def reseal(session: Session, new: Vault) -> int:
        begun.set()
        assert go_on.wait(60)
        return right(session, new)

    monkeypatch.setattr(privacy, "reseal", reseal)
    with ThreadPoolExecutor(2) as pool:
        rotating = pool.submit(privacy.rotate_key, office)
        assert begun.wait(60)
        forgetting = pool.submit(privacy.forget_keys, office)
        wait([forgetting], timeout=1)  # it could have done it by now
        go_on.set()
        rotating.result()

        assert forgetting.result() == 1
    again = Office(office.settings, clock=office.now)
    assert requests.read(again, again.region(), "r1").row.name == "Beispiel, Erika"


def test_of_keys_that_are_all_others_none_is_forgotten(tmp_path: Path) -> None:
    """Whoever has put the wrong file there would have none at all afterwards."""
    keys = Keys(tmp_path / "fahrten.key")
    name = keys.newest().name
    assert keys.file is not None
    keys.file.unlink()
    Keys(keys.file).newest()
    before = keys.file.read_text()

    with pytest.raises(KeyFaultError, match="passt nicht"):
        keys.forget_all_but(name)
    assert keys.file.read_text() == before


def test_two_new_keys_at_once_are_one_after_the_other(office: Office) -> None:
    """Both are in the file, and the database can be read."""
    requests.take(office, office.region(), CELLS)
    with ThreadPoolExecutor(2) as pool:
        for rotating in [pool.submit(privacy.rotate_key, office) for _ in range(2)]:
            assert rotating.result() > 0

    assert office.settings.keys.file is not None
    assert len(office.settings.keys.file.read_text().split()) == 1 + 2
    assert privacy.forget_keys(office) == 2
    assert requests.read(office, office.region(), "r1").row.name == "Beispiel, Erika"


def test_a_key_that_nobody_can_write_leaves_all_as_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder may be read-only by now."""
    requests.take(office, office.region(), CELLS)

    def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("data.keys.tempfile.mkstemp", refuse)
    with pytest.raises(DataError, match="kann nicht geschrieben"):
        privacy.rotate_key(office)
    assert requests.read(office, office.region(), "r1").row.name == "Beispiel, Erika"
