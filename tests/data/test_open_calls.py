"""Calls that are not complete: kept as typed, sealed, and gone when they are booked."""

import datetime as dt

import pytest
from sqlalchemy import select

from data import keeping, open_calls, people, retention
from data.errors import NotKeptError
from data.open_calls import OpenCall
from data.people import Passenger
from data.store import Store
from data.tables import KeptOpenCall
from scheduler.manifest import Contact
from tests.builders_api import NOW

TYPED = {"name": "Beispiel, Erika", "telefon": "+49 30 23125 103", "termin": "Di, Uhrzeit folgt"}


def keep(
    store: Store, *, region: str = "kalletal", key: str = "form", version: int = 0, **more: str
) -> OpenCall | None:
    with store.writing() as session:
        return open_calls.keep(
            session, region, {**TYPED, **more}, key=key, version=version, now=NOW
        )


def kept(store: Store, region: str = "kalletal") -> list[OpenCall]:
    with store.reading() as session:
        return open_calls.read_all(session, region)


def erika(name: str = "Beispiel, Erika", phone: str = "030 23125103") -> Passenger:
    return Passenger(7, "kalletal", name, None, phone)


def test_what_was_typed_comes_back_as_it_was(store: Store) -> None:
    keep(store, hinweis="ruft mit dem Namen des Arztes zurück")

    (call,) = kept(store)

    assert call.typed == {**TYPED, "hinweis": "ruft mit dem Namen des Arztes zurück"}
    assert (call.key, call.version, call.changed) == ("form", 1, NOW)


def test_it_stays_known_which_fields_nobody_typed(store: Store) -> None:
    with store.writing() as session:
        open_calls.keep(
            session, "kalletal", TYPED, filled=["telefon"], key="form", version=0, now=NOW
        )

    assert kept(store)[0].filled == ("telefon",)


def test_nothing_of_it_stands_in_the_database_in_clear(store: Store) -> None:
    keep(store)

    with store.reading() as session:
        (sealed,) = session.scalars(select(KeptOpenCall.sealed))
    assert b"Beispiel" not in sealed
    assert b"form" not in sealed


def test_the_same_form_is_kept_once(store: Store) -> None:
    """A second click has the same key and the same texts."""
    assert keep(store) == keep(store)
    assert len(kept(store)) == 1


def test_a_call_that_goes_on_is_the_same_call(store: Store) -> None:
    keep(store)

    changed = keep(store, version=1, ziel="MVZ Kalletal")

    assert changed is not None
    assert (changed.version, changed.typed["ziel"]) == (2, "MVZ Kalletal")
    assert len(kept(store)) == 1


def test_nobody_overwrites_what_somebody_else_has_typed_meanwhile(store: Store) -> None:
    keep(store)
    keep(store, version=1, ziel="MVZ Kalletal")

    assert keep(store, version=1, ziel="Beispielpraxis") is None
    assert kept(store)[0].typed["ziel"] == "MVZ Kalletal"


def test_a_call_that_is_booked_meanwhile_does_not_come_back(store: Store) -> None:
    keep(store)
    with store.writing() as session:
        open_calls.finish(session, "kalletal", "form")

    assert kept(store) == []
    assert keep(store, version=1, ziel="MVZ Kalletal") is None


def test_another_region_sees_nothing_of_it(store: Store) -> None:
    call = keep(store)
    assert call is not None

    assert kept(store, "anderswo") == []
    with store.writing() as session:
        open_calls.discard(session, "anderswo", call.number)
        open_calls.finish(session, "anderswo", "form")
        with pytest.raises(NotKeptError, match="gibt es nicht mehr"):
            open_calls.read(session, "anderswo", call.number)
    assert kept(store) == [call]


@pytest.mark.parametrize(
    ("who", "theirs"),
    [
        (erika(), True),
        (erika(name="Erika Beispiel"), True),
        (erika(phone=""), True),
        (erika(phone="030 23125 999"), False),  # somebody of the same name
        (erika(name="Beispiel, Hans"), False),  # the same phone, and somebody else
        (erika(name="Beispiel, Erika Maria"), True),  # the phone is theirs
        (erika(name="Beispiel, Erika Maria", phone=""), False),
    ],
)
def test_whose_call_it_is(store: Store, who: Passenger, *, theirs: bool) -> None:
    keep(store)

    with store.reading() as session:
        assert bool(open_calls.about(session, "kalletal", who)) is theirs


@pytest.mark.parametrize(
    ("typed", "phone", "perhaps"),
    [
        ("Beispiel, Erica", "030 23125103", True),
        ("Frau Beispiel", "030 23125103", True),
        ("Beispiel, Otto", "030 23125103", True),  # of the same household, or misheard
        ("Beispiel, Erika", "0151 23125", True),  # her mobile, or somebody of the same name
        ("Beispiel, Otto", "0151 23125", False),
        ("Beispiel, Erika", "030 23125103", False),  # surely hers
        ("", "", False),
    ],
)
def test_what_may_be_theirs_is_for_a_person_to_look_at(
    store: Store, typed: str, phone: str, *, perhaps: bool
) -> None:
    """Neither kept in silence, nor deleted with somebody else."""
    keep(store, name=typed, telefon=phone)

    with store.reading() as session:
        assert bool(open_calls.perhaps(session, "kalletal", erika())) is perhaps


def test_whoever_is_forgotten_has_no_open_calls(store: Store) -> None:
    with store.writing() as session:
        contact = Contact("Beispiel, Erika", "", "")
        number = people.keep_person(session, "kalletal", contact, None)
        session.flush()
        who = people.passenger(session, number)
    keep(store)
    keep(store, key="other", name="Beispiel, Hans")

    with store.writing() as session:
        open_calls.forget_of(session, "kalletal", who)

    assert [call.typed["name"] for call in kept(store)] == ["Beispiel, Hans"]


def test_old_calls_are_forgotten_with_everything_else(store: Store) -> None:
    keep(store)

    with store.writing() as session:
        retention.forget_before(session, "kalletal", NOW.date())
    assert len(kept(store)) == 1
    with store.writing() as session:
        retention.forget_before(session, "kalletal", NOW.date() + dt.timedelta(days=1))
    assert kept(store) == []


def test_a_region_of_which_only_a_call_is_kept_is_kept(store: Store) -> None:
    """Else nobody would forget the call in time."""
    keep(store, region="anderswo")

    with store.reading() as session:
        assert keeping.kept_regions(session) == ["anderswo"]
