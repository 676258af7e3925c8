"""Forgetting goes on whatever fails beside it, and never takes what came in meanwhile."""

import datetime as dt
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from api.errors import ErasureRefusedError
from api.operations import days, forgetting, privacy, requests, solving
from api.operations.office import Office
from data import keeping, retention
from data.errors import NotKeptError
from data.people import passengers
from data.region_file import load_region
from data.tables import AuditRow, KeptRegion, KeptRequest, Person
from tests.builders_api import CELLS, NOW, TUESDAY, make_office, table
from tests.builders_commands import Fahrten
from tests.builders_regions import KALLETAL

SOON = NOW + dt.timedelta(weeks=8, days=3)  # Tuesday is eight weeks ago
LATER = NOW + dt.timedelta(weeks=20, days=3)  # and here twenty


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A region of one's own, in which people are kept for twenty weeks."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path / "regions"))
    own = tmp_path / "regions" / "tal"
    shutil.copytree(KALLETAL, own)
    policy = own / "policy.toml"
    text = policy.read_text("utf-8")
    assert "personal_weeks = 8" in text
    policy.write_text(text.replace("personal_weeks = 8", "personal_weeks = 20"), "utf-8")
    return own


@pytest.fixture
def office(tmp_path: Path, folder: Path, either_database: None) -> Office:
    return make_office(tmp_path)


def take(office: Office, region: str = "tal", **cells: str) -> str:
    told = table({**CELLS, **cells})
    return requests.take_file(office, office.region(region), told, "liste.csv").added[0]


def people(office: Office, region: str = "tal") -> list[str]:
    with office.store.reading() as session:
        return [each.name for each in passengers(session, region)]


def restarted(office: Office) -> Office:
    """The same installation after its process was started anew: nothing is in memory."""
    office.close()
    return Office(office.settings, clock=office.now)


def remove(folder: Path) -> None:
    shutil.rmtree(folder)


def misspell(folder: Path) -> None:
    (folder / "policy.toml").write_text("[retention\npersonal_weeks = 20\n")


@pytest.mark.parametrize("spoil", [remove, misspell])
def test_a_region_that_cannot_be_read_is_forgotten_as_it_said_before(
    office: Office, folder: Path, spoil: Callable[[Path], None]
) -> None:
    """Not earlier, for the files may come back, and not never."""
    take(office)
    assert not forgetting.forget_old(office, now=NOW).failed
    spoil(folder)
    office = restarted(office)

    early = forgetting.forget_old(office, now=LATER - dt.timedelta(days=1))
    assert (people(office), early.failed) == (["Beispiel, Erika"], ())

    late = forgetting.forget_old(office, now=LATER)
    assert (people(office), late.gone.people, late.failed) == ([], 1, ())


def test_a_region_that_was_never_read_at_night_is_forgotten_after_eight_weeks(
    office: Office, folder: Path
) -> None:
    """The default of every policy."""
    take(office)
    remove(folder)
    office = restarted(office)

    forgetting.forget_old(office, now=SOON - dt.timedelta(days=1))
    assert people(office) == ["Beispiel, Erika"]
    forgetting.forget_old(office, now=SOON)
    assert people(office) == []


def test_what_a_region_says_is_noted_when_it_changes(office: Office, folder: Path) -> None:
    """And a night on which nothing has changed leaves no row in the audit."""
    take(office)

    def night() -> tuple[int, list[str]]:
        forgetting.forget_old(office, now=NOW)
        with office.store.reading() as session:
            rows = session.scalars(select(AuditRow.touched))
            return keeping.recall(session, "tal").weeks, [row for row in rows if "regions" in row]

    assert night() == night() == (20, ['{"added":{"regions":["*"]}}'])
    policy = folder / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace("= 20", "= 30"), "utf-8")
    office = restarted(office)
    assert night()[0] == 30


def test_one_region_that_fails_spoils_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is told, so that it is tried again; the others are done."""
    take(office, "tal")
    take(office, "kalletal")
    right = retention.forget_before

    def forget(session: object, region: str, day: dt.date) -> retention.Forgotten:
        if region == "kalletal":
            raise ZeroDivisionError
        return right(session, region, day)  # type: ignore[arg-type]

    monkeypatch.setattr(retention, "forget_before", forget)
    done = forgetting.forget_old(office, now=LATER)

    assert done.failed == ("kalletal",)
    assert (people(office, "kalletal"), people(office, "tal")) == (["Beispiel, Erika"], [])
    monkeypatch.setattr(retention, "forget_before", right)
    assert forgetting.forget_old(office, now=LATER).failed == ()
    assert people(office, "kalletal") == []


def test_a_sheet_that_cannot_be_deleted_keeps_nobody_from_being_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder may belong to somebody else."""
    take(office)

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(retention, "forget_sheets", refuse)
    done = forgetting.forget_old(office, now=LATER)

    assert (done.failed, people(office)) == (("sheets",), [])


@pytest.mark.parametrize("spoil", [remove, misspell])
def test_people_of_a_region_that_cannot_be_read_have_their_rights(
    office: Office, folder: Path, spoil: Callable[[Path], None]
) -> None:
    """Report, withdraw, erase: places are called by their ids then."""
    take(office)
    solving.plan_kept(office, office.region("tal"), TUESDAY)
    spoil(folder)
    office = restarted(office)
    lost = office.known("tal")

    found = privacy.report(office, lost, "Erika")
    with pytest.raises(ErasureRefusedError):
        privacy.erase(office, lost, "Erika")
    erased = privacy.erase(office, lost, "Erika", cancel_rides=True)

    assert found.rides[0].stored.row.destination == "mvz"
    assert [home.label for home in found.homes.values()] == ["Beispielstraße 3, Talle"]
    assert (erased.cancelled, erased.replan, people(office)) == (("r1",), (TUESDAY,), [])


def test_a_region_of_which_nothing_is_kept_is_not_known(office: Office) -> None:
    """A slip of the finger is none that was lost."""
    with pytest.raises(NotKeptError, match="kaletal"):
        office.known("kaletal")


def test_commands_know_a_region_that_cannot_be_read(
    fahrten: Fahrten, folder: Path, tmp_path: Path
) -> None:
    """All of it in German, and forgetting says when it has not finished."""
    from api.settings import load_settings

    take(Office(load_settings()), datum="2099-03-03")
    remove(folder)

    assert "Beispiel, Erika" in fahrten("privacy", "report", "p1", "--region", "tal").out
    assert "p1 ist gelöscht" in fahrten("privacy", "withdraw", "p1", "--region", "tal").out
    unknown = fahrten("privacy", "report", "p1", "--region", "kaletal")
    assert (unknown.code, unknown.err.count("\n")) == (4, 1)
    assert fahrten("retention", "--now", "2099-06-01").code == 0


@pytest.mark.parametrize("cancel", [False, True])
def test_who_books_while_being_erased_rides_or_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, cancel: bool
) -> None:
    """What was acknowledged in between is not forgotten with what came before."""
    first = take(office, datum="2027-03-02")
    requests.cancel(office, office.region("tal"), first)
    right, booked = office.store.writing, list[str]()

    def writing() -> object:
        if not booked:
            booked.append("now")
            with ThreadPoolExecutor(1) as somebody:
                booked[0] = somebody.submit(take, office, datum="2027-03-09").result()
        return right()

    monkeypatch.setattr(office.store, "writing", writing)
    region = office.region("tal")
    if not cancel:
        with pytest.raises(ErasureRefusedError, match=r"r2 am 09\.03\.2027"):
            privacy.erase(office, region, "p1")
        assert requests.read(office, region, "r2").cancelled is None
        return
    erased = privacy.erase(office, region, "p1", cancel_rides=True)

    assert (erased.cancelled, erased.forgotten.requests) == (("r2",), 2)
    with office.store.reading() as session:
        assert session.get_one(KeptRequest, 2).cancelled is not None
        assert session.scalars(select(Person)).all() == []


def test_who_is_erased_while_somebody_reads_is_gone_and_it_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of it disappears in the night, which always writes the database anew."""
    requests.cancel(office, office.region("tal"), take(office))
    monkeypatch.setattr(privacy, "compact", lambda _: False)
    assert privacy.erase(office, office.region("tal"), "p1").remnants

    asked = list[object]()

    def in_use(engine: object) -> bool:
        asked.append(engine)
        return False

    monkeypatch.setattr(forgetting, "compact", in_use)
    assert forgetting.forget_old(office, now=NOW).failed == ()
    assert asked == []
    assert forgetting.forget_old(office, now=NOW, anew=True).failed == ("free pages",)
    assert asked == [office.store.engine]


def test_of_two_who_erase_the_same_passenger_one_does(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is told that nobody is called so."""
    requests.cancel(office, office.region("tal"), take(office))
    right, met = privacy.one, list[bool]()

    def one(*arguments: object) -> object:
        found = right(*arguments)  # type: ignore[arg-type]
        if not met:
            met.append(True)
            privacy.erase(office, office.region("tal"), "p1")
        return found

    monkeypatch.setattr(privacy, "one", one)
    with pytest.raises(NotKeptError):
        privacy.erase(office, office.region("tal"), "p1")


def test_a_plan_in_the_making_drives_nobody_who_was_erased(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made anew, without them: the bus would come to a house without a name."""
    take(office)
    take(office, name="Beispiel, Otto", abholort="Beispielstraße 5, Talle")
    region = office.region("tal")
    right, erased = days.plan_input, list[str]()

    def plan_input(*arguments: object, **options: object) -> object:
        planned = right(*arguments, **options)  # type: ignore[arg-type]
        if not erased:
            erased.append(privacy.erase(office, region, "p1", cancel_rides=True).passenger)
        return planned

    monkeypatch.setattr(solving, "plan_input", plan_input)
    planned = solving.plan_kept(office, region, TUESDAY)

    assert [request.id for request in planned.input.requests] == ["r2"]
    assert "r1" not in str(planned.document)


def test_what_was_remembered_fits_what_the_files_say(office: Office, folder: Path) -> None:
    """Title and time zone as well."""
    region = load_region("tal")
    with office.store.writing() as session:
        keeping.remember(session, region)
    with office.store.reading() as session:
        lost = keeping.recall(session, "tal")
    with office.store.writing() as session:
        session.execute(delete(KeptRegion))

    assert (lost.title, lost.timezone, lost.weeks) == (region.title, region.timezone, 20)
