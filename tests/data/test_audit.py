"""The audit cannot be changed unseen, and old rows go without breaking the chain."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data import audit, audit_chain, requests
from data.acting import Deed, acting
from data.audit import Entry, Head, digest_of
from data.audit_chain import Fault, Verified, Wrong
from data.day_input import Booking
from data.intake import Intake
from data.journal import APART
from data.keys import Keys
from data.people import keep_person, passengers, search
from data.region import Region
from data.rotation import reseal
from data.store import Store
from data.tables import AuditAnchor, AuditRow, Home, KeptRequest, Table
from scheduler.manifest import Contact
from tests.builders_api import NOW, row

ROWS = 6
HOMES = Table.metadata.tables["homes"]


def write(store: Store, label: str) -> None:
    with store.writing() as session:
        keep_person(session, "kalletal", Contact(label, "", ""), None)


def take(store: Store, region: Region, **cells: str) -> str:
    booking = Intake(region).take(row(2, **cells), "new")
    assert isinstance(booking, Booking), booking
    with store.writing() as session:
        return requests.add(session, region.name, booking, now=NOW)


def verify(store: Store, *noted: Head) -> Verified:
    with store.reading() as session:
        return audit_chain.verify(session, noted=noted)


def head(store: Store) -> Head:
    with store.reading() as session:
        return audit.head(session)


def every(store: Store) -> list[audit.Written]:
    with store.reading() as session:
        return audit.rows(session, regions=["kalletal", ""], most=1000)[::-1]


@pytest.fixture
def filled(store: Store) -> Store:
    for number in range(ROWS):
        write(store, str(number))
    return store


@contextmanager
def tampering(store: Store) -> Iterator[Connection]:
    """Somebody who owns the database, and has done away with the triggers."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in connection.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'account:9' WHERE id = 3",
        "UPDATE audit SET id = 100 WHERE id = 6",
        "DELETE FROM audit WHERE id = 6",
        "DELETE FROM audit",
        (
            "INSERT INTO audit SELECT 3, at, region, actor, action, touched, request_id, previous, "
            "hash, key, mac FROM audit WHERE id = 2"
        ),
        (
            "INSERT INTO audit SELECT 0, at, region, actor, action, touched, request_id, previous, "
            "hash, key, mac FROM audit WHERE id = 2"
        ),
    ],
)
def test_the_database_refuses_whoever_wants_to_change_the_audit(
    filled: Store, statement: str
) -> None:
    """Rows come after the last one, and stay."""
    with filled.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))
    filled.engine.dispose()

    assert verify(filled) == Verified(ROWS, head(filled), 0, None)


def test_sqlite_refuses_to_replace_a_row_as_well(filled: Store) -> None:
    """Its REPLACE deletes without a trigger; PostgreSQL refuses to empty the table."""
    statement = "TRUNCATE audit"
    if filled.engine.dialect.name == "sqlite":
        statement = "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 3"
    with filled.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))


def change(connection: Connection) -> None:
    connection.execute(update(AuditRow).filter_by(id=3).values(actor="account:9"))


def delete(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit WHERE id = 3"))


def swap(connection: Connection) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        connection.execute(update(AuditRow).filter_by(id=old).values(id=new))


def begin_later(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit WHERE id < 3"))


def cover(connection: Connection) -> None:
    """Let an anchor cover what is gone, that nobody has proven."""
    (digest,) = connection.execute(select(AuditRow.hash).filter_by(id=2)).one()
    values = {"id": 1, "number": 2, "hash": digest, "key": "0" * 16, "mac": bytes(32)}
    connection.execute(insert(AuditAnchor).values(values))
    begin_later(connection)


def insert_between(connection: Connection) -> None:
    for number in range(ROWS, 2, -1):
        connection.execute(update(AuditRow).filter_by(id=number).values(id=number + 1))
    made_up(connection, 3)


def make_anew(connection: Connection) -> None:
    """Change a row, and make all hashes from there on, as whoever reads the program can."""
    found = connection.execute(select(AuditRow).order_by(AuditRow.id)).all()
    previous = found[1].hash
    for each in found[2:]:
        actor = "account:9" if each.id == 3 else each.actor
        entry = Entry(each.at, each.region, actor, each.action, each.touched, each.request_id)
        digest = digest_of(each.id, entry, each.key, previous)
        connection.execute(
            update(AuditRow)
            .filter_by(id=each.id)
            .values(actor=actor, previous=previous, hash=digest)
        )
        previous = digest


def append(connection: Connection) -> None:
    made_up(connection, ROWS + 1)


def append_of_no_key(connection: Connection) -> None:
    made_up(connection, ROWS + 1, key="0" * 16)


def made_up(connection: Connection, number: int, *, key: str | None = None) -> None:
    before = connection.execute(select(AuditRow).filter_by(id=number - 1)).one()
    entry = Entry(before.at, "kalletal", "account:1", "GET /", '{"read":{}}', "")
    digest = digest_of(number, entry, key or before.key, before.hash)
    connection.execute(
        insert(AuditRow).values(
            id=number,
            at=entry.at,
            region=entry.region,
            actor=entry.actor,
            action=entry.action,
            touched=entry.touched,
            request_id="",
            previous=before.hash,
            hash=digest,
            key=key or before.key,
            mac=before.mac,
        )
    )


@pytest.mark.parametrize(
    ("tamper", "number", "wrong"),
    [
        (change, 3, Wrong.CHANGED),
        (delete, 3, Wrong.MISSING),
        (swap, 3, Wrong.CHANGED),
        (begin_later, 1, Wrong.MISSING),
        (cover, 2, Wrong.FORGED),
        (insert_between, 3, Wrong.FORGED),
        (make_anew, 3, Wrong.FORGED),
        (append, ROWS + 1, Wrong.FORGED),
        (append_of_no_key, ROWS + 1, Wrong.FORGED),
    ],
)
def test_without_triggers_the_first_wrong_row_is_found(
    filled: Store, tamper: Callable[[Connection], None], number: int, wrong: Wrong
) -> None:
    """Whoever owns the database can write it, but has not got the key."""
    with tampering(filled) as connection:
        tamper(connection)

    assert verify(filled).fault == Fault(number, wrong)


def test_an_end_that_was_cut_off_is_seen_by_a_head_noted_before(filled: Store) -> None:
    """From inside nobody can tell; a chain that went on otherwise is found, too."""
    noted = head(filled)
    with tampering(filled) as connection:
        connection.execute(text("DELETE FROM audit WHERE id > 4"))

    assert verify(filled).fault is None
    assert verify(filled, noted).fault == Fault(5, Wrong.MISSING)

    for number in range(2):
        write(filled, f"other {number}")
    assert verify(filled).fault is None
    assert verify(filled, noted).fault == Fault(noted.number, Wrong.OTHER)
    assert verify(filled, head(filled)).fault is None


def test_old_rows_go_and_the_chain_holds(filled: Store, keys: Keys) -> None:
    """From the beginning only, never the newest; their going is a row itself."""
    noted = head(filled)
    with filled.writing() as session:
        assert audit_chain.forget_before(session, NOW - dt.timedelta(days=9999)) == 0
        assert audit_chain.forget_before(session, NOW + dt.timedelta(days=9999)) == ROWS - 1

    # The sixth, and the one about the others.
    assert verify(filled, noted, Head(3, bytes(32))) == Verified(2, head(filled), 1, None)
    assert every(filled)[-1].touched == {"deleted": {"audit": [f"1-{ROWS - 1}"]}}
    with filled.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"DELETE FROM audit WHERE id = {ROWS}"))  # noqa: S608
    filled.engine.dispose()

    with filled.writing() as session:
        reseal(session, keys.add())
    assert verify(filled).fault is None


def test_a_new_key_vouches_for_what_was_proven_by_the_old_one(
    filled: Store, keys: Keys, kalletal: Region
) -> None:
    """Before and after the old one is forgotten; who has stolen it writes no row any more."""
    take(filled, kalletal)
    with filled.reading() as session:
        (old,) = keys.known()
    with filled.writing() as session:
        reseal(session, keys.add())
    assert verify(filled).fault is None
    take(filled, kalletal)
    assert verify(filled).fault is None

    newest = head(filled)
    with tampering(filled) as connection:
        before = connection.execute(select(AuditRow).filter_by(id=newest.number)).one()
        made_up(connection, newest.number + 1, key=old.name)
        (digest,) = connection.scalars(select(AuditRow.hash).filter_by(id=before.id + 1))
        proven = update(AuditRow).filter_by(id=before.id + 1).values(mac=old.prove(b"row", digest))
        connection.execute(proven)
    assert verify(filled).fault == Fault(newest.number + 1, Wrong.FORGED)
    with tampering(filled) as connection:
        connection.execute(text(f"DELETE FROM audit WHERE id > {newest.number}"))  # noqa: S608

    keys.forget_all_but(keys.newest().name)
    assert verify(filled).fault is None
    with tampering(filled) as connection:
        change(connection)
    assert verify(filled).fault == Fault(3, Wrong.CHANGED)


def test_a_row_says_who_did_what_and_never_what_stood_there(store: Store, kalletal: Region) -> None:
    """Numbers of rows and names of columns; what is opened inside a change is in its row."""
    with acting(Deed("account:3", "POST /api/v1/requests")):
        name = take(store, kalletal, hinweis="Hund im Hof")
    with acting(Deed("command", "fahrten cancel")), store.writing() as session:
        requests.cancel(session, "kalletal", name, now=NOW)
        requests.read(session, kalletal, name)
    with acting(Deed("token:7", "GET /api/v1/requests")), store.reading() as session:
        requests.read_day(session, kalletal, row().date, cancelled=True)

    taken, cancelled, listed = every(store)
    assert (taken.actor, taken.action, taken.region) == (
        "account:3",
        "POST /api/v1/requests",
        "kalletal",
    )
    assert taken.touched == {
        "added": {"homes": ["home-1"], "notes": ["r1"], "people": ["p1"], "requests": ["r1"]}
    }
    assert cancelled.touched == {
        "changed": {"requests": {"r1": ["cancelled", "outcome", "version"]}},
        "read": {"homes": ["home-1"], "people": ["p1"], "requests": ["r1"]},
    }
    assert listed.touched == {"read": cancelled.touched["read"]}
    assert listed.actor == "token:7"


def test_who_is_looked_through_for_a_name_is_not_read(store: Store, kalletal: Region) -> None:
    """Of three people in memory one is shown; of whom all are shown, all are read."""
    for name in ("Beispiel, Erika", "Beispiel, Otto", "Muster, Ida"):
        take(store, kalletal, name=name)
    with store.reading() as session:
        assert len(search(session, "kalletal", lambda who: who.name.endswith("Ida"))) == 1
    with store.reading() as session:
        passengers(session, "kalletal")

    one, three = every(store)[-2:]
    assert one.touched == {"read": {"people": ["p3"]}, "searched": {"people": 3}}
    assert three.touched["read"] == {"people": ["p1", "p2", "p3"]}


def test_what_is_taken_back_leaves_no_row_but_what_was_seen_does(
    store: Store, kalletal: Region
) -> None:
    """The exception may have carried a name outside; the change never was."""
    take(store, kalletal)

    def fail() -> None:
        with store.writing() as session:
            requests.cancel(session, "kalletal", "r1", now=NOW)
            session.flush()
            requests.read(session, kalletal, "r1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert len(every(store)) == 2
    assert every(store)[-1].touched.keys() == {"read"}
    with store.reading() as session:
        assert requests.read(session, kalletal, "r1").cancelled is None
    assert verify(store).fault is None


def test_statements_for_many_rows_are_seen(store: Store, kalletal: Region) -> None:
    """Before they do it, it is looked which rows they meet."""
    for name in ("Beispiel, Erika", "Beispiel, Otto"):
        take(store, kalletal, name=name)
    with store.writing() as session:
        session.execute(update(Home).where(Home.id == 1).values(spot=b"x"))
        session.execute(text("SELECT 1"))
        requests.cancel(session, "kalletal", "r1", now=NOW)
        session.execute(update(Home).where(Home.id == 99).values(spot=b"x"))

    assert every(store)[-1].touched["changed"]["homes"] == {"home-1": ["spot"]}


def raw(session: Session) -> None:
    session.execute(text("UPDATE homes SET region = region"))


def quoted(session: Session) -> None:
    session.connection().exec_driver_sql('  delete from "homes"')


def somewhere() -> dict[str, Any]:
    return {"region": "", "sealed": secrets.token_bytes(9), "spot": b""}


def below(session: Session) -> None:
    session.connection().execute(insert(HOMES), [somewhere()])


def in_bulk(session: Session) -> None:
    session.bulk_insert_mappings(inspect(Home), [somewhere()])


@pytest.mark.parametrize("change", [raw, quoted, below, in_bulk])
def test_no_way_to_write_goes_around_it(
    store: Store, kalletal: Region, change: Callable[[Session], None]
) -> None:
    """Of what is sent below the ORM at least the table is noted, also while it is held back."""
    take(store, kalletal)
    with store.writing() as session:
        change(session)
    assert every(store)[-1].touched == {"changed": {"homes": {"*": []}}}

    take(store, kalletal)
    with store.holding(lambda _: None) as held:
        with store.writing() as session:
            session.execute(update(KeptRequest).where(KeptRequest.id == 1).values(companions=3))
        held.finish(change)
    assert every(store)[-1].touched["changed"].keys() == {"homes", "requests"}


def test_what_changes_nothing_has_no_row(store: Store, kalletal: Region) -> None:
    """Nor what nobody has to answer for: that somebody is still there."""
    take(store, kalletal)
    before = len(every(store))
    with store.writing() as session:
        session.execute(text("UPDATE homes SET spot = 'x' WHERE id = 99"))
        session.connection().execute(
            update(HOMES).execution_options(**{APART: True}), {"spot": b""}
        )

    assert len(every(store)) == before


def test_readers_who_end_together_each_have_their_row(store: Store, kalletal: Region) -> None:
    """They share a transaction; nobody leaves before the row is on the disk."""
    take(store, kalletal)
    together = 8
    barrier = Barrier(together)

    def look(number: int) -> bool:
        actor = f"account:{number}"
        with acting(Deed(actor, "GET /")):
            barrier.wait(timeout=600)
            with store.reading() as session:
                requests.read(session, kalletal, "r1")
        return any(each.actor == actor for each in every(store))

    with ThreadPoolExecutor(together) as pool:
        assert all(pool.map(look, range(together)))

    assert verify(store).rows == 1 + together


def test_if_it_cannot_be_written_nobody_reads(store: Store, kalletal: Region) -> None:
    """The block is not left with what was read."""
    take(store, kalletal)
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))

    def look() -> str:
        with store.reading() as session:
            requests.read(session, kalletal, "r1")
        return "shown"

    try:
        with pytest.raises(DBAPIError):
            look()
    finally:
        with store.engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO audit"))
    assert look() == "shown"
