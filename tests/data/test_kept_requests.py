"""What is told once stays told: requests, people and plans in the database."""

import datetime as dt

import pytest
from sqlalchemy import func, select, text

from data import plans, requests
from data.day_input import Booking
from data.errors import NotKeptError
from data.intake import Intake
from data.plan_document import plan_document
from data.region import Region
from data.request_rows import RequestRow
from data.store import Store
from data.tables import Home, KeptRequest, Person
from scheduler.model import Request
from scheduler.plan import Cost, Plan
from tests.builders_api import NOW, TUESDAY, row

LATER = NOW + dt.timedelta(hours=1)


def book(region: Region, told: RequestRow) -> Booking:
    booking = Intake(region).take(told, "new")
    assert isinstance(booking, Booking), booking
    return booking


def keep(store: Store, region: Region, told: RequestRow) -> str:
    with store.writing() as session:
        return requests.add(session, region.name, book(region, told), now=NOW)


EVERYTHING = row(
    geburtsdatum="1941-05-06",
    termin="08:00-11:00",
    rueckfahrt="12:15",
    apotheke="Beispiel-Apotheke am Markt",
    hilfen="rollstuhl",
    begleitung="2",
    dringlichkeit="lebenswichtig",
    hinweis="Hund im Hof",
)


@pytest.mark.parametrize(
    "told",
    [
        row(),
        EVERYTHING,
        row(rueckfahrt="anruf", apotheke="ja", dauer=""),
        row(rueckfahrt="nein", geburtsdatum="", telefon=""),
    ],
)
def test_a_kept_request_reads_as_it_was_told(
    store: Store, kalletal: Region, told: RequestRow
) -> None:
    """Every column survives, the address as the region writes it."""
    name = keep(store, kalletal, told)

    with store.reading() as session:
        stored = requests.read(session, kalletal, name)

    again = book(kalletal, stored.row)
    assert again.request == book(kalletal, told).request
    assert again.contact == book(kalletal, told).contact
    assert (stored.row.born, stored.row.destination) == (told.born, told.destination)
    assert (stored.created, stored.cancelled) == (NOW, None)


def test_names_and_addresses_stand_in_the_people_tables_only(
    store: Store, kalletal: Region
) -> None:
    """The row of the request itself can be shown to a stranger."""
    keep(store, kalletal, EVERYTHING)

    with store.reading() as session:
        (line,) = session.execute(text("SELECT * FROM requests")).mappings()

    shown = " ".join(str(value) for value in line.values())
    assert "Beispiel" not in shown
    assert "Talle" not in shown
    assert "23125" not in shown
    assert "Hund" not in shown


def test_the_same_passenger_and_home_are_kept_once(store: Store, kalletal: Region) -> None:
    """A series of ten rides is one person."""
    for hour in range(8, 12):
        keep(store, kalletal, row(termin=f"{hour}:00"))

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Home)) == 1


def test_an_imported_row_becomes_one_request_however_often_it_comes(
    store: Store, kalletal: Region
) -> None:
    """Also after the request was cancelled: the file is older than the call."""
    told = row(7)
    booking = book(kalletal, told)
    for _ in range(3):
        with store.writing() as session:
            name, new = requests.add_imported(session, "kalletal", booking, told, now=NOW)
            requests.cancel(session, "kalletal", name, now=NOW)

    assert not new
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(KeptRequest)) == 1
        assert requests.read_day(session, kalletal, TUESDAY) == []


def test_a_changed_request_moves_with_everything(store: Store, kalletal: Region) -> None:
    """Another day, another person, another note; the moment of the change is kept."""
    name = keep(store, kalletal, EVERYTHING)
    wednesday = row(datum="2027-03-03", name="Beispiel, Otto")

    with store.writing() as session:
        requests.change(session, "kalletal", name, book(kalletal, wednesday), now=LATER)

    with store.reading() as session:
        stored = requests.read(session, kalletal, name)
        assert requests.read_day(session, kalletal, TUESDAY) == []
        assert len(requests.read_day(session, kalletal, dt.date(2027, 3, 3))) == 1
    assert (stored.row.name, stored.row.note) == ("Beispiel, Otto", "")
    assert (stored.created, stored.changed) == (NOW, LATER)


def test_a_cancelled_request_stays_readable_and_out_of_the_day(
    store: Store, kalletal: Region
) -> None:
    """Cancelling twice keeps the first moment."""
    name = keep(store, kalletal, row())
    for moment in (NOW, LATER):
        with store.writing() as session:
            requests.cancel(session, "kalletal", name, now=moment)

    with store.reading() as session:
        assert requests.read(session, kalletal, name).cancelled == NOW
        assert requests.read_day(session, kalletal, TUESDAY) == []
        assert len(requests.read_day(session, kalletal, TUESDAY, cancelled=True)) == 1
        day, _ = requests.day_input(session, kalletal, TUESDAY)
        assert day.requests == ()


@pytest.mark.parametrize("name", ["r1", "r999999999999999999", "r1e9", "x", "", "r-1", "r١"])
def test_a_request_that_is_not_there_is_said_to_be_missing(
    store: Store, kalletal: Region, name: str
) -> None:
    """Whatever stands in the address."""
    with store.reading() as session, pytest.raises(NotKeptError):
        requests.read(session, kalletal, name)


def test_a_request_of_another_region_is_not_found(store: Store, kalletal: Region) -> None:
    """Regions in one database are apart."""
    name = keep(store, kalletal, row())

    with store.writing() as session, pytest.raises(NotKeptError):
        requests.cancel(session, "lemgo", name, now=NOW)


def test_a_day_gives_the_scheduler_the_same_requests_as_its_file(
    store: Store, kalletal: Region
) -> None:
    """From file or database: ids of homes apart, nothing differs."""
    keep(store, kalletal, EVERYTHING)
    keep(store, kalletal, row(apotheke="ja"))

    with store.reading() as session:
        day, rejected = requests.day_input(session, kalletal, TUESDAY)

    assert rejected == []
    direct = [book(kalletal, told).request for told in (EVERYTHING, row(apotheke="ja"))]
    for kept, told in zip(day.requests, direct, strict=True):
        assert (kept.appointment, kept.arrive, kept.stay) == (
            told.appointment,
            told.arrive,
            told.stay,
        )
        assert (kept.way_back, kept.return_at, kept.pharmacies) == (
            told.way_back,
            told.return_at,
            told.pharmacies,
        )
        assert (kept.needs, kept.priority, kept.destination) == (
            told.needs,
            told.priority,
            told.destination,
        )
        assert day.homes[kept.origin].label.startswith("Beispielstraße 3")
    assert day.contacts["r1"].note == "Hund im Hof"


def test_a_place_that_is_gone_refuses_its_requests_and_no_others(
    store: Store, kalletal: Region
) -> None:
    """A practice closes for good, and is taken out of places.csv."""
    keep(store, kalletal, row())
    gone = keep(store, kalletal, row(termin="10:00"))
    with store.writing() as session:
        kept = session.get(KeptRequest, int(gone.removeprefix("r")))
        assert kept is not None
        kept.destination = "praxis-weg"

    with store.reading() as session:
        day, rejected = requests.day_input(session, kalletal, TUESDAY)

    assert [request.id for request in day.requests] == ["r1"]
    assert [(fault.field, fault.value) for fault in rejected] == [("ziel", "praxis-weg")]


def empty_plan() -> Plan:
    return Plan(date=TUESDAY, routes=(), unserved=(), cost=Cost(0, 0), bound=Cost(0, 0))


def keep_plan(store: Store, asked: tuple[Request, ...], key: str) -> plans.StoredPlan:
    document = plan_document(empty_plan(), region="kalletal", points={})
    with store.writing() as session:
        return plans.keep(
            session,
            document,
            region="kalletal",
            day=TUESDAY,
            requests=asked,
            input_key=key,
            now=NOW,
        )


def test_plans_are_counted_by_day_and_the_newest_is_read(store: Store, kalletal: Region) -> None:
    """With the requests as they were when it was made."""
    asked = (book(kalletal, EVERYTHING).request, book(kalletal, row()).request)
    versions = [keep_plan(store, asked, key).version for key in ("a", "b")]

    with store.reading() as session:
        newest = plans.latest(session, "kalletal", TUESDAY)
        days = plans.planned_days(session, "kalletal")

    assert versions == [1, 2]
    assert (newest.version, newest.input_key, newest.created) == (2, "b", NOW)
    assert newest.requests == asked
    assert newest.plan == empty_plan()
    assert days == [TUESDAY]


def test_a_day_that_nobody_planned_has_no_plan(store: Store) -> None:
    """The message names the day."""
    with store.reading() as session, pytest.raises(NotKeptError, match=r"02\.03\.2027"):
        plans.latest(session, "kalletal", TUESDAY)
