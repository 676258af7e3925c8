"""What is known of passengers survives a new key, and is found among many."""

import datetime as dt

import pytest
from sqlalchemy import select

from data import profiles
from data.errors import SamePersonError
from data.keys import Keys
from data.names import read_sought
from data.profiles import Consent, Profile
from data.rotation import reseal
from data.store import Store
from data.tables import Person
from scheduler.model import Mobility
from tests.builders_api import NOW, TODAY

ERIKA = Profile(
    "Beispiel, Erika",
    dt.date(1941, 5, 6),
    "030 23125 103",
    Mobility.WHEELCHAIR,
    2,
    "Tochter Anna",
    ("Beispielstraße 3, Talle", "MVZ Kalletal"),
    "hört schlecht",
    Consent.GIVEN,
    TODAY,
)


def add(store: Store, profile: Profile = ERIKA) -> profiles.StoredProfile:
    with store.writing() as session:
        return profiles.add(session, "kalletal", profile, now=NOW)


def test_a_new_key_opens_the_same_profile(store: Store, keys: Keys) -> None:
    """What is sealed freshly, too; nothing is left under the old key."""
    made = add(store)
    with store.reading() as session:
        (before,) = session.scalars(select(Person.details))
    with store.writing() as session:
        assert reseal(session, keys.add()) == 2  # who they are, and what is known of them
    with store.reading() as session:
        name = session.scalar(select(Person.details))
        assert name != before
        assert profiles.read(session, "kalletal", made.number) == made


def test_the_same_person_of_another_region_is_another(store: Store) -> None:
    """Regions in one database are apart."""
    made = add(store)
    with store.writing() as session:
        other = profiles.add(session, "lemgo", ERIKA, now=NOW)
        found = profiles.search(session, "lemgo", read_sought("bei", today=TODAY), most=5)
    with store.writing() as session, pytest.raises(SamePersonError, match="p1"):
        profiles.add(session, "kalletal", ERIKA, now=NOW)

    assert [each.number for each in found] == [other.number]
    assert made.number != other.number


def test_of_many_the_few_who_are_meant_are_found(store: Store) -> None:
    """Three hundred of one name: as many as are asked for, by surname and first name."""
    with store.writing() as session:
        for number in range(300):
            told = Profile(f"Beispiel, Person{number:03}", None, f"05264 {number:04}")
            profiles.add(session, "kalletal", told, now=NOW)
    with store.reading() as session:
        names = [
            [each.name for each in profiles.search(session, "kalletal", sought, most=3)]
            for sought in (
                read_sought("person", today=TODAY),
                read_sought("bei person29", today=TODAY),
                read_sought("05264 0123", today=TODAY),
            )
        ]

    assert names == [
        ["Beispiel, Person000", "Beispiel, Person001", "Beispiel, Person002"],
        ["Beispiel, Person290", "Beispiel, Person291", "Beispiel, Person292"],
        ["Beispiel, Person123"],
    ]
