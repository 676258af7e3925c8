"""Accounts, who is signed in, tokens and attempts, on both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from data import accounts, attempts, sessions, tokens
from data.accounts import EVERYWHERE
from data.attempts import Limit
from data.door_tables import Attempts, Membership, SignedIn
from data.errors import NotKeptError
from data.store import Store
from tests.builders_api import NOW, TUESDAY

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
GRANTS = {"kalletal": frozenset({"planner", "dispatcher"}), EVERYWHERE: frozenset({"x"})}
LIMIT = Limit(free=3, first=MINUTE, most=HOUR)
ERIKA = ("account", "erika")


def add(store: Store, name: str = "erika", password: str | None = "hash") -> int:  # noqa: S107
    with store.writing() as session:
        return accounts.add(
            session, name, password=password, must_change=False, grants=GRANTS, now=NOW
        )


def begin(store: Store, who: int | sessions.LinkOf, secret: str = "s") -> int:  # noqa: S107
    with store.writing() as session:
        return sessions.begin(session, secret, who=who, now=NOW, ends=NOW + HOUR)


def test_an_account_comes_back_as_it_was_kept(store: Store) -> None:
    """With all that it may do; its password is given only to who asks for that."""
    number = add(store)

    with store.reading() as session:
        found = accounts.find(session, "erika")
        assert found == accounts.get(session, number) == accounts.every(session)[0]
        assert found is not None
        assert dict(found.grants) == GRANTS
        assert (found.active, found.has_password, found.created) == (True, True, NOW)
        assert accounts.password_of(session, number) == "hash"
        assert accounts.find(session, "otto") is None


def test_a_name_is_there_once(store: Store) -> None:
    """The database sees to it, whoever asks at the same time."""
    add(store)

    with pytest.raises(IntegrityError):
        add(store)


def test_roles_are_replaced(store: Store) -> None:
    """What stays is not touched."""
    number = add(store)
    with store.writing() as session:
        kept = session.scalars(select(Membership.id).filter_by(role="planner")).one()
        accounts.set_grants(session, number, {"kalletal": frozenset({"planner", "driver"})})

    with store.reading() as session:
        grants = accounts.get(session, number).grants
        assert dict(grants) == {"kalletal": frozenset({"planner", "driver"})}
        assert session.scalars(select(Membership.id).filter_by(role="planner")).one() == kept


def test_a_number_is_never_given_again(store: Store) -> None:
    """The audit calls people by it; whoever was signed in is gone as well."""
    number = add(store)
    begin(store, number)
    with store.writing() as session:
        accounts.remove(session, number)

    assert add(store) > number
    with store.reading() as session:
        assert session.scalars(select(SignedIn)).all() == []
        with pytest.raises(NotKeptError):
            accounts.get(session, number)


def test_a_session_is_found_by_its_secret_which_is_not_kept(store: Store) -> None:
    """Only a digest is: whoever reads the table cannot show it."""
    number = add(store)
    begun = begin(store, number, "secret")

    with store.reading() as session:
        found = sessions.find(session, "secret")
        assert found is not None
        assert (found.number, found.account) == (begun, accounts.get(session, number))
        assert (found.link, found.created, found.ends) == (None, NOW, NOW + HOUR)
        row = session.scalars(select(SignedIn)).one()
        assert row.digest == sessions.digest("secret")
        assert sessions.find(session, "Secret") is None
        assert sessions.find(session, row.digest.hex()) is None


def test_a_driver_by_a_link_has_no_account(store: Store) -> None:
    """But a shift of a day."""
    link = sessions.LinkOf("kalletal", TUESDAY, "vormittag", b"proof")
    begin(store, link)

    with store.reading() as session:
        found = sessions.find(session, "s")
        assert found is not None
        assert (found.account, found.link) == (None, link)


def test_what_has_ended_is_forgotten(store: Store) -> None:
    """After its end, or when nothing was seen for long; drivers are not asked to be busy."""
    number = add(store)
    busy, idle = begin(store, number, "busy"), begin(store, number, "idle")
    driver = begin(store, sessions.LinkOf("kalletal", TUESDAY, "vormittag", b""), "driver")
    with store.writing() as session:
        sessions.see(session, busy, now=NOW + 30 * MINUTE)
        gone = sessions.forget_ended(session, now=NOW + 40 * MINUTE, idle=20 * MINUTE)
        left = set(session.scalars(select(SignedIn.id)))
        all_gone = sessions.forget_ended(session, now=NOW + HOUR, idle=24 * HOUR)

    assert (gone, left, all_gone) == (1, {busy, driver}, 2)
    assert idle not in left


def test_all_sessions_of_one_account_end_but_one(store: Store) -> None:
    """And none of anybody else."""
    erika, otto = add(store), add(store, "otto")
    here, _ = begin(store, erika, "here"), begin(store, erika, "there")
    other = begin(store, otto, "other")
    with store.writing() as session:
        assert sessions.end_all(session, erika, but=here) == 1
        assert set(session.scalars(select(SignedIn.id))) == {here, other}
        assert [each.number for each in sessions.of_account(session, erika)] == [here]
        assert sessions.end_all(session, erika) == 1


def test_a_token_is_found_by_its_secret(store: Store) -> None:
    """With what it may do where."""
    with store.writing() as session:
        made = tokens.add(
            session,
            "secret",
            name="Plattform",
            region="kalletal",
            roles={"planner", "dispatcher"},
            made_by="account:3",
            now=NOW,
            expires=NOW + HOUR,
        )
        tokens.use(session, made.number, now=NOW + MINUTE)
    with store.reading() as session:
        found = tokens.find(session, "secret")
        assert found is not None
        assert found.roles == {"planner", "dispatcher"}
        assert (found.used, found.expires) == (NOW + MINUTE, NOW + HOUR)
        assert tokens.find(session, "other") is None
    with store.writing() as session:
        tokens.remove(session, made.number)
    with store.reading() as session, pytest.raises(NotKeptError):
        tokens.get(session, made.number)


def attempt(store: Store, now: dt.datetime) -> dt.datetime | None:
    with store.writing() as session:
        return attempts.count(session, {ERIKA: LIMIT}, now=now)


def test_after_some_failures_one_has_to_wait_longer_each_time(store: Store) -> None:
    """Attempts during the wait are not counted, and do not make it longer."""
    now = NOW
    for _ in range(3):
        assert attempt(store, now) is None
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        until = now + minutes * MINUTE
        assert attempt(store, now) == until
        assert attempt(store, until - dt.timedelta(seconds=1)) == until
        now = until
        assert attempt(store, now) is None


def test_after_a_day_it_is_forgotten(store: Store) -> None:
    """By itself, and at night the row."""
    for _ in range(3):
        attempt(store, NOW)
    later = NOW + attempts.FORGOTTEN_AFTER + MINUTE

    assert [attempt(store, later) for _ in range(3)] == [None, None, None]
    with store.writing() as session:
        attempts.forget(session, now=later + attempts.FORGOTTEN_AFTER + MINUTE)
        assert session.scalars(select(Attempts)).all() == []


def test_a_success_takes_back_one_failure_or_all(store: Store) -> None:
    """Of a name all; of a client only the own one."""
    for all_of_them, left in ((False, 2), (True, 0)):
        for _ in range(3):
            attempt(store, NOW + HOUR * left)
        with store.writing() as session:
            attempts.forgive(session, ERIKA, all_of_them=all_of_them)
            rows = session.scalars(select(Attempts)).all()
            assert [(row.failures, row.until) for row in rows] == ([(left, None)] if left else [])
            attempts.forgive(session, ("account", "nobody"), all_of_them=True)
            attempts.forgive(session, ERIKA, all_of_them=True)


def test_many_at_once_are_not_more_than_one_after_the_other(store: Store) -> None:
    """Each is counted before it is looked at."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: attempt(store, NOW), range(8)))

    assert answers.count(None) == LIMIT.free


def test_neither_names_nor_addresses_are_kept_of_attempts(store: Store) -> None:
    """A proof under the key is; without it nobody can even guess."""
    with store.writing() as session:
        attempts.count(session, {ERIKA: LIMIT, ("client", "192.0.2.1"): LIMIT}, now=NOW)
        names = session.scalars(select(Attempts.name)).all()

    assert len(names) == 2
    assert all(len(name) == 64 and set(name) <= set("0123456789abcdef") for name in names)
