"""An audit whose end was cut off is noticed, for its head is noted beside the database."""

import datetime as dt
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from api.operations import auditing, backup, forgetting, privacy, requests
from api.operations.office import Office
from data import audit_chain
from data.audit import GENESIS, Head
from data.audit_chain import AuditFaultError, Fault, Wrong
from data.heads import NotedHead
from tests.builders_api import CELLS, NOW, make_office


@pytest.fixture
def office(tmp_path: Path, either_database: None) -> Office:
    office = make_office(tmp_path)
    for _ in range(3):
        requests.take(office, office.region(), CELLS)
    return office


def cut_off(office: Office) -> None:
    """Somebody who owns the database has done something, and removes the row of it."""
    with office.store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_stays"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)"))


def test_an_end_that_was_cut_off_is_noticed(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """By whoever verifies, each night, and before old keys are forgotten."""
    assert auditing.verify(office).fault is None
    last = auditing.head(office)
    cut_off(office)

    found = auditing.verify(office).fault
    with pytest.raises(AuditFaultError):
        privacy.forget_keys(office)
    forgetting.forget_old(office, now=NOW)

    assert found == Fault(last.number, Wrong.MISSING)
    assert re.search(rf"audit is (missing|other) from row {last.number} on", caplog.text)


def test_what_follows_on_a_cut_end_does_not_hide_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """Its number is given again, and soon there are more rows than before."""
    last = auditing.head(office)
    cut_off(office)
    for _ in range(5):
        requests.take(office, office.region(), CELLS)

    assert auditing.head(office).number > last.number
    assert auditing.verify(office).fault == Fault(last.number, Wrong.OTHER)
    assert office.settings.noted_head.read() == last
    told = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert told == ["the audit is not the one whose head was noted; see `fahrten audit verify`"]


def test_whoever_knows_better_removes_the_note(office: Office) -> None:
    """The administrator of the database has gone back to yesterday, and has said so."""
    cut_off(office)
    office.settings.noted_head.file.unlink()
    requests.take(office, office.region(), CELLS)

    assert auditing.verify(office).fault is None
    assert office.settings.noted_head.read() == auditing.head(office)


def test_rows_that_were_removed_for_their_age_are_not_missed(office: Office) -> None:
    """Also where nobody has noted a head since."""
    noted, old = office.settings.noted_head, auditing.head(office)
    for _ in range(2):
        requests.take(office, office.region(), CELLS)
    with office.store.writing() as session:
        assert audit_chain.forget_before(session, dt.datetime.max.replace(tzinfo=dt.UTC))
    for head in (old, Head(0, GENESIS)):
        noted.note(head, back=True)
        requests.take(office, office.region(), CELLS)

        assert noted.read() == auditing.head(office)
        assert auditing.verify(office).fault is None


def test_the_head_is_noted_whoever_writes(office: Office) -> None:
    """Readers, writers, and those whose change is held back."""
    noted = office.settings.noted_head
    requests.read(office, office.region(), "r1")
    assert noted.read() == auditing.head(office)
    with office.store.holding(lambda _: None) as held:
        requests.cancel(office, office.region(), "r1")
        before = noted.read()
        held.finish(lambda _: None)
    head = auditing.head(office)

    assert noted.read() == head != before
    assert stat.S_IMODE(noted.file.stat().st_mode) == 0o600


def test_nobody_raises_a_false_alarm_while_others_write(office: Office) -> None:
    """What is noted is read before the audit is, so that that reaches at least as far."""

    def look(number: int) -> None:
        for _ in range(20):
            if number % 2:
                requests.read(office, office.region(), "r1")
            else:
                assert auditing.verify(office).fault is None

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))


def test_after_a_restore_the_audit_reaches_as_far_as_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it was longer before is no secret: it is in the database that was kept aside."""
    office = make_office(tmp_path)
    requests.take(office, office.region(), CELLS)
    file = tmp_path / "sicherung"
    backup.back_up(office.settings, file, now=NOW)
    requests.take(office, office.region(), CELLS)
    office.close()
    backup.restore(office.settings, file, now=NOW, replace=True)
    office = make_office(tmp_path)

    assert auditing.verify(office).fault is None
    assert office.settings.noted_head.read() == auditing.head(office)


def test_a_head_that_cannot_be_noted_keeps_nobody_from_booking(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """The row is in the database; the log says once that it could not be noted."""
    file = office.settings.noted_head.file
    file.unlink()
    file.mkdir()
    for _ in range(2):
        requests.take(office, office.region(), CELLS)

    assert auditing.verify(office).fault is None
    assert [each.message for each in caplog.records].count(
        "the head of the audit cannot be noted: IsADirectoryError"
    ) == 1


@pytest.mark.parametrize("content", ["", "7", "7 abc\n", f"7 {'0' * 64}", "\0" * 80])
def test_a_broken_note_is_none(tmp_path: Path, content: str) -> None:
    """As after a power cut in the middle; the next commit writes it anew."""
    noted = NotedHead(tmp_path / "deep" / "audit-head")
    assert noted.read() is None
    head = Head(3, bytes(32))
    noted.note(head)
    noted.file.write_text(content)
    assert noted.read() is None
    noted.note(head)

    assert noted.read() == head


def test_of_many_who_note_the_highest_stays(tmp_path: Path) -> None:
    """Processes overtake each other between the commit and the note."""
    heads = [Head(number, bytes([number]) * 32) for number in range(1, 60)]
    noted = [NotedHead(tmp_path / "audit-head") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: noted[each.number % 4].note(each), heads[::-1]))

    assert noted[0].read() == heads[-1]
