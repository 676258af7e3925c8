"""People are sealed with a key that lies elsewhere; without it nobody reads a name."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select

from data import open_calls, profiles, requests, series
from data.compaction import compact
from data.day_input import Booking
from data.geocache import StoredGeocodes
from data.intake import Intake
from data.keys import KeyFaultError, Keys, Vault, vault
from data.people import passengers
from data.region import Region
from data.rotation import reseal
from data.store import Store
from data.tables import Home, Person, Table
from routing.geo import Point
from tests.builders_api import NOW, row
from tests.data.test_migrations import fill, read_all

SECRET, OTHER = bytes(range(32)), bytes(32)


def take(store: Store, region: Region, **cells: str) -> str:
    """Keep a request with everything that can be personal about it."""
    told = row(2, hinweis="Hund im Hof", **cells)
    booking = Intake(region).take(told, "new")
    assert isinstance(booking, Booking), booking
    with store.writing() as session:
        return requests.add_imported(session, region.name, booking, told, now=NOW)[0]


def test_what_is_sealed_opens_again_and_only_as_what_it_is() -> None:
    """A name of one region is none of another, however somebody moves the bytes about."""
    keys = Vault(SECRET)
    sealed = keys.seal("people:kalletal", "Beispiel, Erika", "")

    assert keys.open("people:kalletal", sealed) == ("Beispiel, Erika", "")
    for about, text in (("people:lemgo", sealed), ("people:kalletal", sealed[:-1] + b"x")):
        with pytest.raises(KeyFaultError):
            keys.open(about, text)
    with pytest.raises(KeyFaultError):
        Vault(OTHER).open("people:kalletal", sealed)


def test_the_same_is_found_again_and_fresh_seals_differ() -> None:
    """Only where the database has to find something may it see what is alike."""
    keys = Vault(SECRET)

    assert keys.seal("people", "a") == Vault(SECRET).seal("people", "a")
    assert keys.seal("people", "a") != keys.seal("homes", "a")
    assert keys.seal_freshly("notes", "a") != keys.seal_freshly("notes", "a")
    assert keys.open_fresh("notes", keys.seal_freshly("notes", "Hund")) == ("Hund",)


def test_a_length_tells_little() -> None:
    """A short name and a long one take the same room."""
    keys = Vault(SECRET)

    assert len(keys.seal("people", "Li")) == len(keys.seal("people", "von Beispielhausen, Erika"))


def test_the_first_start_makes_a_key_for_its_owner_only(tmp_path: Path) -> None:
    """Whoever starts the program has no step to take."""
    file = tmp_path / "deep" / "fahrten.key"

    made = Keys(file).newest()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Keys(file).newest().name == made.name
    assert [each.name for each in file.parent.iterdir()] == ["fahrten.key"]


def test_of_processes_that_start_together_all_have_the_same_key(tmp_path: Path) -> None:
    """One that lost the race would seal what nobody can open."""
    file = tmp_path / "fahrten.key"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Keys(file).newest().name, range(8)))

    assert len(set(made)) == 1


@pytest.mark.parametrize("content", ["", "zu kurz", "A" * 43, "é" * 44, "!" * 44])
def test_a_broken_key_is_refused(tmp_path: Path, content: str) -> None:
    """In one line that names the file."""
    file = tmp_path / "fahrten.key"
    file.write_text(content)

    with pytest.raises(KeyFaultError, match=r"fahrten\.key"):
        Keys(file).newest()


def test_a_key_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Its folder is a file."""
    (tmp_path / "file").write_text("")

    with pytest.raises(KeyFaultError, match="FAHRTEN_KEY_FILE"):
        Keys(tmp_path / "file" / "fahrten.key").newest()


def test_without_its_key_a_database_is_refused_and_no_other_key_is_made(
    store: Store, keys: Keys, kalletal: Region
) -> None:
    """A new key would only hide that the old one is lost."""
    take(store, kalletal)
    file = keys.file
    assert file is not None
    lost = file.rename(file.with_name("elsewhere"))

    with pytest.raises(KeyFaultError, match="fehlt"):
        Store(store.engine.url.render_as_string(), keys=Keys(file)).check_key()
    assert not file.exists()

    other = Keys(given="A" * 43 + "=")
    with pytest.raises(KeyFaultError, match="passt nicht"):
        Store(store.engine.url.render_as_string(), keys=other).check_key()

    lost.rename(file)
    Store(store.engine.url.render_as_string(), keys=Keys(file)).check_key()


def test_a_store_without_keys_reads_nobody(store: Store, kalletal: Region) -> None:
    """It is for the schema only."""
    name = take(store, kalletal)
    blind = Store(store.engine.url.render_as_string())

    with blind.reading() as session, pytest.raises(KeyFaultError, match="Ohne Schlüssel"):
        requests.read(session, kalletal, name)
    blind.close()


def test_a_new_key_changes_every_row_and_nobody_else(
    store: Store, keys: Keys, kalletal: Region
) -> None:
    """People, homes, notes, geocodes and what was imported; the old key opens nothing more."""
    names = [take(store, kalletal), take(store, kalletal, name="Beispiel, Otto")]
    cache = StoredGeocodes(store, now=lambda: NOW)
    cache.put("waldhuette", Point(52.1, 9.0))
    cache.put("nirgendwo", None)
    with store.reading() as session:
        before = [requests.read(session, kalletal, name) for name in names]
        sealed = [*session.scalars(select(Person.sealed)), *session.scalars(select(Home.spot))]
        old = vault(session)

    with store.writing() as session:
        # 2 people, 1 home and its spot, 2 notes, 2 geocodes with 1 spot, 2 imported rows.
        assert reseal(session, keys.add()) == 2 + 2 + 2 + 3 + 2

    with store.reading() as session:
        assert [requests.read(session, kalletal, name) for name in names] == before
        now = [*session.scalars(select(Person.sealed)), *session.scalars(select(Home.spot))]
        assert set(now).isdisjoint(sealed)
        assert vault(session).name != old.name
        with pytest.raises(KeyFaultError):
            old.open("people:kalletal", now[0])
    assert cache.get("waldhuette") == Point(52.1, 9.0)
    assert take(store, kalletal) == names[0]  # known, and not twice
    with store.reading() as session:
        assert len(passengers(session, "kalletal")) == 2


# Bytes that no key of ours seals: sealed with the caller's key, digests, and the audit, whose rows
# are proven by the key of their time.
OF_NO_KEY = {
    "answers.sealed",
    "open_calls.form",
    "audit.previous",
    "audit.hash",
    "audit.mac",
    "audit_anchor.hash",
    "tokens.digest",
    "sessions.digest",
    "sessions.proof",
}


def sealed(store: Store) -> dict[str, set[bytes]]:
    """Whatever is kept as bytes, by table and column."""
    return {
        f"{table}.{column}": {row[column] for row in rows if row[column] is not None}
        for table, rows in read_all(store).items()
        for column, kept in Table.metadata.tables[table].columns.items()
        if isinstance(kept.type, LargeBinary)
    }


def test_a_new_key_leaves_nothing_sealed_with_the_old_one(
    store: Store, keys: Keys, kalletal: Region
) -> None:
    """In any table, open calls and notes of series included: a forgotten key opens nothing."""
    fill(store, kalletal)
    before = sealed(store)
    assert all(before.values())
    with store.reading() as session:
        known = open_calls.read_all(session, "kalletal"), profiles.read(session, "kalletal", 1)
        every = series.read_all(session, kalletal)

    with store.writing() as session:
        reseal(session, keys.add())
    with store.reading() as session:
        keys.forget_all_but(vault(session).name)

    after = sealed(store)
    assert {name for name in before if before[name] & after[name]} == OF_NO_KEY
    assert {
        name: len(found) for name, found in before.items() if not name.startswith("audit.")
    } == {name: len(found) for name, found in after.items() if not name.startswith("audit.")}
    with store.reading() as session:
        assert (
            open_calls.read_all(session, "kalletal"),
            profiles.read(session, "kalletal", 1),
        ) == known
        assert series.read_all(session, kalletal) == every
        (call,) = open_calls.read_all(session, "kalletal")
    with store.writing() as session:  # the form that it was typed into still finds it
        again = open_calls.keep(
            session, "kalletal", {"name": "Anna"}, key="form", version=1, now=NOW
        )
    assert again == call


def test_a_running_server_takes_up_the_new_key(store: Store, keys: Keys, kalletal: Region) -> None:
    """Another process has rotated; this one has read the file before."""
    name = take(store, kalletal)
    other = Store(store.engine.url.render_as_string(), keys=Keys(keys.file))
    assert other.keys is not None
    with other.writing() as session:
        reseal(session, other.keys.add())

    with store.reading() as session:
        assert requests.read(session, kalletal, name).row.note == "Hund im Hof"
    other.close()


def test_a_rotation_that_fails_leaves_all_as_it_was(
    store: Store, keys: Keys, kalletal: Region
) -> None:
    """The new key is in the file already; the database says which one counts."""
    name = take(store, kalletal)

    def rotate_and_die() -> None:
        with store.writing() as session:
            reseal(session, keys.add())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rotate_and_die()

    with store.reading() as session:
        assert requests.read(session, kalletal, name).row.note == "Hund im Hof"


def test_old_keys_are_forgotten_on_demand(store: Store, keys: Keys, kalletal: Region) -> None:
    """They open old backups; whoever has none of those any more lets them go."""
    take(store, kalletal)
    with store.writing() as session:
        reseal(session, keys.add())
        used = vault(session).name

    assert keys.forget_all_but(used) == 1
    assert keys.file is not None
    assert len(keys.file.read_text().split()) == 1
    store.check_key()


def test_after_the_migration_nothing_stands_in_clear(
    tmp_path: Path, keys: Keys, kalletal: Region
) -> None:
    """Also not in free pages or the write-ahead log: the file itself is searched."""
    store = Store(f"sqlite:///{tmp_path / 'fahrten.sqlite3'}", keys=keys)
    store.upgrade()
    take(store, kalletal, name="Zzyzx, Quirin")
    StoredGeocodes(store, now=lambda: NOW).put("Xylophonweg 1", Point(52.1, 9.0))
    marks = (b"Zzyzx", b"Hund im Hof", b"Xylophonweg", "Beispielstraße".encode(), b"23125")

    def found() -> set[bytes]:
        written = b"".join(file.read_bytes() for file in tmp_path.glob("fahrten.sqlite3*"))
        return {mark for mark in marks if mark in written}

    store.downgrade("0004")
    assert found() == set(marks)

    store.upgrade()
    assert found() == set()
    store.close()


def test_compaction_empties_the_write_ahead_log(tmp_path: Path) -> None:
    """Nothing is left there of what was changed."""
    store = Store(f"sqlite:///{tmp_path / 'fahrten.sqlite3'}")
    store.upgrade()

    assert compact(store.engine)
    assert (tmp_path / "fahrten.sqlite3-wal").stat().st_size == 0
    store.close()
