"""People may know what is kept of them, and have it deleted; in time it is deleted anyway."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text

from api.errors import ErasureRefusedError
from api.operations import forgetting, planning, privacy, requests, solving
from api.operations.office import Office
from data.errors import NotKeptError
from data.geocache import StoredGeocodes
from data.people import homes_of, passengers
from data.tables import Geocode, Home, Imported, KeptPlan, KeptPromise, KeptRequest, Note, Person
from tests.builders_api import BODY, CELLS, NOW, TUESDAY, make_office, table
from tests.builders_databases import Postgres
from tests.builders_visits import visit

LATER = NOW + dt.timedelta(weeks=8, days=3)  # Wednesday: the Tuesday before is eight weeks ago
MARCH = dt.date(2027, 3, 1)


@pytest.fixture
def office(tmp_path: Path, either_database: None) -> Office:
    return make_office(tmp_path)


def take(office: Office, **cells: str) -> str:
    told = {**CELLS, "hinweis": "Hund im Hof", **cells}
    return requests.take_file(office, office.region(), table(told), "liste.csv").added[0]


def test_everything_about_a_passenger_is_reported(office: Office) -> None:
    """By number, by request and by words of the name, in any order and case."""
    name = take(office)
    take(office, name="Beispiel, Otto", hinweis="Klingel kaputt")
    solving.plan_kept(office, office.region(), TUESDAY)

    reports = [
        privacy.report(office, office.region(), who) for who in ("p1", name, "erika BEISPIEL")
    ]

    for found in reports:
        assert found.passenger.name == "Beispiel, Erika"
        assert [ride.stored.row.note for ride in found.rides] == ["Hund im Hof"]
        # There and back, with a boarding and an alighting each.
        assert len(found.rides[0].planned) == 2 * 2
        assert [home.label for home in found.homes.values()] == ["Beispielstraße 3, Talle"]
        assert "Otto" not in str(found)


def test_of_several_of_a_name_none_is_chosen(office: Office) -> None:
    """Nobody gets the data of somebody else; the answer names numbers only."""
    take(office)
    take(office, name="Beispiel, Otto")

    with pytest.raises(NotKeptError, match="p1, p2"):
        privacy.report(office, office.region(), "Beispiel")
    for nobody in ("Niemand", "p3", "r3", " ", "r99999999999999999999"):
        with pytest.raises(NotKeptError):
            privacy.report(office, office.region(), nobody)


def test_whoever_is_erased_is_gone_and_goes_on_being_counted(office: Office) -> None:
    """Name, home, note, promise, geocode and imported row; the other passenger stays."""
    region = office.region()
    name = take(office)
    other = take(office, name="Beispiel, Otto", abholort="Beispielstraße 5, Talle")
    with office.store.reading() as session:
        (home,) = homes_of(session, ["home-1"]).values()
    cache = StoredGeocodes(office.store, now=office.now)
    cache.put("Beispielstr. drei", home.point)
    before = requests.month_counts(office, region, MARCH)
    requests.cancel(office, region, name)

    erased = privacy.erase(office, region, name)

    assert (erased.passenger, erased.forgotten.requests, erased.forgotten.homes) == ("p1", 1, 1)
    with office.store.reading() as session:
        assert [each.id for each in passengers(session, region.name)] == ["p2"]
        assert len(session.scalars(select(Home)).all()) == 1
        assert [note.request_id for note in session.scalars(select(Note))] == [2]
        assert [each.request_id for each in session.scalars(select(Imported))] == [2]
        assert session.scalars(select(Geocode)).all() == []
    with pytest.raises(NotKeptError):
        requests.read(office, region, name)
    assert requests.read(office, region, other).row.name == "Beispiel, Otto"
    assert requests.month_counts(office, region, MARCH).asked == before.asked == 2


def test_who_still_rides_is_not_erased_by_accident(office: Office) -> None:
    """Without a word, the bus would come to a house without a name."""
    name = take(office)

    with pytest.raises(ErasureRefusedError, match=rf"p1 .*{name} am 02\.03\.2027"):
        privacy.erase(office, office.region(), name)

    assert requests.read(office, office.region(), name).cancelled is None


def test_consent_that_is_withdrawn_cancels_and_erases(office: Office) -> None:
    """What was planned has to be planned anew; it says which days."""
    region = office.region()
    name = take(office)
    take(office, name="Beispiel, Otto", abholort="Beispielstraße 5, Talle")
    solving.plan_kept(office, region, TUESDAY)

    erased = privacy.erase(office, region, name, cancel_rides=True)

    assert (erased.cancelled, erased.replan) == ((name,), (TUESDAY,))
    solving.plan_kept(office, region, TUESDAY)
    assert [each.id for each in requests.read_day(office, region, TUESDAY)] == ["r2"]


def test_who_rides_today_is_erased_tomorrow(tmp_path: Path, either_database: None) -> None:
    """The bus is on its way, and its plan names the house."""
    now = [NOW]
    office = make_office(tmp_path, clock=lambda: now[0])
    region = office.region()
    name = take(office)
    solving.plan_kept(office, region, TUESDAY)
    now[0] = dt.datetime(2027, 3, 2, 4, 0, tzinfo=dt.UTC)

    with pytest.raises(ErasureRefusedError, match="heute"):
        privacy.erase(office, region, name, cancel_rides=True)

    now[0] += dt.timedelta(days=1)
    privacy.erase(office, region, name, cancel_rides=True)
    with office.store.reading() as session:
        assert passengers(session, region.name) == []


def test_after_the_weeks_of_the_policy_only_figures_remain(office: Office) -> None:
    """Eight weeks after the ride, and not a day before; what is counted stays the same."""
    region = office.region()
    take(office)
    take(office, datum="2027-03-03")
    requests.cancel(office, region, take(office, name="Beispiel, Otto"))
    for _ in range(2):
        solving.plan_kept(office, region, TUESDAY)
    before = requests.month_counts(office, region, MARCH)
    assert before.served == 1

    early = forgetting.forget_old(office, now=LATER - dt.timedelta(days=1)).gone
    gone = forgetting.forget_old(office, now=LATER).gone
    again = forgetting.forget_old(office, now=LATER).gone

    assert not early
    # Of three requests two are of Tuesday; Otto is gone, and Erika rides on Wednesday as well.
    assert (gone.requests, gone.people, gone.homes, gone.plans) == (2, 1, 0, 2)
    assert not again
    assert requests.month_counts(office, region, MARCH) == before
    assert planning.planned_days(office, region) == []
    with pytest.raises(NotKeptError, match="so lange her"):
        planning.read_plan(office, region, TUESDAY)
    with office.store.reading() as session:
        (plan,) = session.scalars(select(KeptPlan))
        assert "home-" not in str(plan.document) + str(plan.requests)
        assert session.scalars(select(KeptPromise)).all() == []
        old = session.scalars(select(KeptRequest).filter_by(date=TUESDAY)).unique().all()
        assert [(each.person_id, each.origin, each.appointment) for each in old] == [
            (None, "", None)
        ] * 2
        assert len(session.scalars(select(Person)).all()) == 1

    last = forgetting.forget_old(office, now=LATER + dt.timedelta(days=1)).gone
    assert (last.people, last.homes) == (1, 1)


def test_what_was_forgotten_is_not_in_the_files_any_more(
    office: Office, backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Neither sealed nor in free pages, nor in SQLite's log, nor in what PostgreSQL samples."""
    for number in range(20):
        take(office, abholort=f"Beispielstraße {1 + number % 7}, Talle", name=f"Beispiel {number}")
    solving.plan_kept(office, office.region(), TUESDAY)
    with office.store.reading() as session:
        columns = (Person.sealed, Home.sealed, Home.spot, Note.sealed, Imported.sealed)
        marks = [mark for column in columns for mark in session.scalars(select(column))]
    if backend == "sqlite":  # PostgreSQL packs plans
        # In the audit the number of the home stays, which then points at nothing.
        marks.append(b'"place": "home-1"')
    files = Files(tmp_path) if backend == "sqlite" else Files.of_server(request, office)

    assert files.found(marks) == len(marks)
    forgetting.forget_old(office, now=LATER)

    assert files.found(marks) == 0


@dataclass(frozen=True)
class Files:
    """The files of a database, as whoever steals the disk finds them."""

    folder: Path
    pattern: str = "fahrten.sqlite3*"

    @classmethod
    def of_server(cls, request: pytest.FixtureRequest, office: Office) -> "Files":
        """Those of a PostgreSQL server, apart from its own log; all of it is written out."""
        server: Postgres = request.getfixturevalue("postgres")
        engine = office.store.engine
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.execute(text("CHECKPOINT"))
            database = connection.scalar(text("SELECT pg_relation_filepath('people')"))
        return cls(server.sockets / "data" / Path(str(database)).parent, "*")

    def found(self, marks: list[bytes]) -> int:
        """How many of *marks* stand in one of them."""
        written = b"".join(
            file.read_bytes() for file in self.folder.glob(self.pattern) if file.is_file()
        )
        return sum(mark in written for mark in marks)


def test_old_sheets_are_thrown_away_and_nothing_else(tmp_path: Path) -> None:
    """PDF and JSON by their date; what somebody else put there stays."""
    office = make_office(tmp_path)
    take(office)
    take(office, datum="2027-03-03")
    folder = office.settings.sheets_folder
    folder.mkdir()
    drafts = office.settings.drafts_folder
    drafts.mkdir()
    for name in ("2027-03-02", "2027-03-03"):
        (folder / name).mkdir()
        (folder / name / f"{name}-vormittag.pdf").write_text("x")
    (folder / "notiz.txt").write_text("x")
    (drafts / ".2027-03-01-vormittag.json.part").write_text("x")

    sheets = forgetting.forget_old(office, now=LATER).sheets

    assert sheets == 2
    left = sorted(str(file.relative_to(folder)) for file in folder.rglob("*"))
    assert left == ["2027-03-03", "2027-03-03/2027-03-03-vormittag.pdf", "notiz.txt"]
    assert list(drafts.iterdir()) == []


def test_the_routes_do_the_same(tmp_path: Path) -> None:
    """Search by name in the body; report, refuse, withdraw."""
    office = make_office(tmp_path)
    with visit(office) as client:
        assert client.post("/api/v1/requests", json=BODY).status_code == 201
        (found,) = client.post("/api/v1/passengers/search", json={"who": "Erika"}).json()
        report = client.get(f"/api/v1/passengers/{found['id']}/report").json()
        refused = client.delete("/api/v1/passengers/r1")
        erased = client.delete("/api/v1/passengers/p1/consent")
        gone = client.get("/api/v1/passengers/p1/report")

    assert report["passenger"] == found
    assert report["rides"][0]["request"]["origin"].startswith("Beispielstraße 3")
    assert report["kept_weeks"] == 8
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "urn:gesunde-fahrten:erasure-refused",
    )
    assert erased.json()["cancelled"] == ["r1"]
    assert gone.status_code == 404
