"""The schema of every revision, up and down, with people and their rides in it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from data import (
    accounts,
    answers,
    attempts,
    audit_chain,
    heard,
    keeping,
    open_calls,
    place_changes,
    plans,
    profiles,
    promises,
    requests,
    series,
    sessions,
    shift_changes,
    solves,
    ticks,
    vehicle_changes,
    versions,
)
from data.answers import Answer, Keyed
from data.day_input import Booking
from data.door_tables import ApiToken, RenewedLink
from data.fleet import VehicleChange
from data.geocache import StoredGeocodes
from data.heard import Heard
from data.intake import Intake
from data.outcomes import Outcome
from data.places import PlaceChange
from data.plan_document import plan_document
from data.plans import Amendment
from data.profiles import Profile
from data.promises import StoredPromise
from data.region import Region
from data.region_file import load_region
from data.roster import Decision, ShiftChange
from data.series import Fate
from data.solves import State
from data.store import MIGRATIONS, Store
from data.tables import Table
from data.ticks import Mark, Tick
from data.weekly import OnClosed, Pattern
from routing.geo import Point
from scheduler.model import TripKind
from scheduler.optimizer.solution import Effort
from scheduler.plan import Cost, Plan
from scheduler.planning import plan_day
from scheduler.promises import promise_plan
from tests.builders_api import NOW, TODAY, TUESDAY, row
from tests.builders_days import make_day, make_places, make_request

REVISIONS = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]

Rows = dict[str, list[dict[str, Any]]]


def fill(store: Store, region: Region) -> None:
    """Put at least one row into each table, with something in every column."""
    told = row(hinweis="Hund im Hof", rueckfahrt="12:15", apotheke="ja", begleitung="1")
    booking = Intake(region).take(told, "new")
    assert isinstance(booking, Booking), booking
    nothing = Plan(date=TUESDAY, routes=(), unserved=(), cost=Cost(0, 0), bound=Cost(0, 0))
    document = plan_document(nothing, region="kalletal", points={})
    with store.writing() as session:
        name, _ = requests.add_imported(session, "kalletal", booking, told, now=NOW)
        gone = requests.add(session, "kalletal", booking, now=NOW)
        requests.cancel(session, "kalletal", gone, now=NOW, outcome=Outcome.CANCELLED)
        who = Profile(booking.contact.name, booking.born, booking.contact.phone)
        profiles.change(session, "kalletal", 1, replace(who, consent_on=TODAY), now=NOW)
        pattern = Pattern(frozenset({1}), TUESDAY, TUESDAY)
        number = series.add(session, "kalletal", booking, pattern, OnClosed.LEAVE_OUT, now=NOW)
        series.note_date(session, number, TUESDAY, Fate.MADE, request=name, reason="Feiertag")
        for amendment in (None, Amendment(at=0, happened={}, announced={}, day={})):
            plans.keep(
                session,
                document,
                region="kalletal",
                day=TUESDAY,
                requests=(booking.request,),
                input_key="key",
                now=NOW,
                amendment=amendment,
            )
        versions.publish(session, "kalletal", TUESDAY, 2, made_for=None, promised=None, now=NOW)
        tick = Tick(name, TripKind.OUTBOUND, "vormittag", Mark.ABOARD, NOW)
        ticks.keep(session, "kalletal", TUESDAY, tick, key="a-key-of-a-phone", now=NOW)
        heard.keep(session, "kalletal", Heard(name, TUESDAY, 2, NOW))
        day = make_day(make_request(name))
        (promise,) = promise_plan(plan_day(day, effort=Effort(iterations=20)), day, width=1800)
        points = {name: place.point for name, place in make_places().items()}
        before = promises.read_standing(session, "kalletal", TUESDAY, now=NOW)
        promised = StoredPromise(promise, NOW, None)
        assert promises.keep(session, before, nothing, points=points, changed=promised, now=NOW)
        keeping.remember(session, region)
        promises.add_offers(session, [(promise, {}, document)], until=NOW, now=NOW)
        nothing_yet = ShiftChange(TUESDAY, "vormittag")
        assert shift_changes.keep(session, "kalletal", nothing_yet, Decision.DRIVEN, "f01")
        closed = PlaceChange("mvz", "off", "030 23125 201")
        assert place_changes.keep(session, "kalletal", closed)
        away = VehicleChange("bus-1", (), "in der Werkstatt", TUESDAY, TUESDAY)
        assert vehicle_changes.keep(session, "kalletal", away)
        open_calls.keep(session, "kalletal", {"name": "Anna"}, key="form", version=0, now=NOW)
        fill_solves(session)
        answers.keep(
            session,
            Keyed("a-key-of-somebody", b"asked"),
            Answer(201, {}, b"{}"),
            about={"p1", name},
            now=NOW,
            kept_for=dt.timedelta(days=1),
        )
        fill_doors(session)
    StoredGeocodes(store, now=lambda: NOW).put("Beispielstraße 3", Point(52.1, 9.0))
    told_of(store, region, name)
    with store.writing() as session:
        later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        assert audit_chain.forget_before(session, later) == 1


def fill_doors(session: Session) -> None:
    """Somebody may come in, and has come in; a driver and a machine as well."""
    later = NOW + dt.timedelta(hours=1)
    account = accounts.add(
        session,
        "erika",
        password="hash",  # noqa: S106  (of nothing)
        must_change=True,
        grants={"kalletal": frozenset({"planner"}), accounts.EVERYWHERE: frozenset({"driver"})},
        now=NOW,
    )
    accounts.set_subject(session, account, "https://id.example erika")
    link = sessions.LinkOf("kalletal", TUESDAY, "morning", b"proof")
    for who in (account, link):
        sessions.begin(session, f"secret of {who}", who=who, now=NOW, ends=later)
    limit = attempts.Limit(0, dt.timedelta(minutes=1), dt.timedelta(hours=1))
    assert attempts.count(session, {("account", "erika"): limit}, now=NOW) is None
    session.add(
        ApiToken(
            name="praxis",
            digest=b"digest",
            region="kalletal",
            scope="dispatcher planner",
            made_by=f"account:{account}",
            created=NOW,
            expires=later,
            used=NOW,
        )
    )
    session.add(RenewedLink(region="kalletal", day=TUESDAY, shift="morning", times=1))


def fill_solves(session: Session) -> None:
    """One that has come to its end, and one that is being worked at."""
    for day in (TUESDAY, TUESDAY + dt.timedelta(days=1)):
        solves.ask(session, "kalletal", day, seconds=5.0, seed=7, actor="account:3", now=NOW)
        taken = solves.claim(session, "somebody", now=NOW)
        assert taken is not None
        solves.beat(session, "somebody", {taken[0].number: {"gap": 0.5}}, now=NOW)
        solves.ask_stop(session, "kalletal", taken[0].id, now=NOW)
        if day == TUESDAY:
            solves.finish(session, taken[1], State.STOPPED, version=2, now=NOW)


def told_of(store: Store, region: Region, name: str) -> None:
    """Somebody looks a request up, which the audit has."""
    with store.reading() as session:
        requests.read(session, region, name)


def read_all(store: Store) -> Rows:
    """Every row of every table, as the database describes itself."""
    described = MetaData()
    described.reflect(store.engine)
    with store.engine.connect() as connection:
        return {
            name: [
                dict(found)
                for found in connection.execute(
                    select(table).order_by(*table.primary_key)
                ).mappings()
            ]
            for name, table in described.tables.items()
            if name != "alembic_version"
        }


def shared(rows: Rows, other: Rows) -> Rows:
    """What of *rows* has a place in *other* as well: the same tables, the same columns."""
    return {
        name: [
            {column: value for column, value in each.items() if column in other[name][0]}
            for each in rows[name]
        ]
        for name in rows.keys() & other.keys()
    }


def told(store: Store) -> Any:
    """Who the people are, read by the program, for what is sealed differs each time."""
    with store.reading() as session:
        day, _ = requests.day_input(session, load_region("kalletal"), TUESDAY)
        return day.contacts, day.homes


def test_every_table_has_rows_to_migrate(store: Store, kalletal: Region) -> None:
    """A migration of empty tables would prove nothing."""
    fill(store, kalletal)

    rows = read_all(store)

    assert rows.keys() == Table.metadata.tables.keys()
    assert all(rows.values())


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_what_a_revision_can_keep_survives_the_way_there_and_back(
    store: Store, kalletal: Region, revision: str
) -> None:
    """Downgraded and upgraded again: people, requests, plans and their numbers are the same."""
    fill(store, kalletal)
    words, before = told(store), read_all(store)  # the audit has that somebody was told

    store.downgrade(revision)
    there = read_all(store)
    store.upgrade()
    back = read_all(store)

    assert shared(before, there) == shared(there, before)
    assert shared(back, there) == shared(there, back)
    assert told(store) == words
    assert back.keys() == before.keys()
    assert store.answers()


def test_who_was_cancelled_before_outcomes_were_kept_is_cancelled(
    store: Store, kalletal: Region
) -> None:
    """The migration fills the new column, and only where somebody has cancelled."""
    fill(store, kalletal)
    store.downgrade("0002")
    store.upgrade()

    assert [each["outcome"] for each in read_all(store)["requests"]] == [None, "cancelled"]


def test_a_number_is_not_given_again_after_a_migration(store: Store, kalletal: Region) -> None:
    """SQLite makes some tables anew for a change; the count must go with them."""
    fill(store, kalletal)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM notes WHERE request_id = 2")
        connection.exec_driver_sql("DELETE FROM requests WHERE id = 2")
    store.downgrade(REVISIONS[-1])
    store.upgrade()
    booking = Intake(kalletal).take(row(), "new")
    assert isinstance(booking, Booking)

    with store.writing() as session:
        assert requests.add(session, "kalletal", booking, now=NOW) == "r3"
