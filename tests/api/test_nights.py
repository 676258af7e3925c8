"""What the service does by itself each night, and the commands about people and their key."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.operations import forgetting
from api.operations.forgetting import Tidied
from api.operations.nights import Nights, until_night
from data.retention import Forgotten
from tests.builders_api import make_office
from tests.builders_commands import Fahrten, write


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2027-03-01T23:00+01:00", 4),
        ("2027-03-02T02:59+01:00", 1 / 60),
        ("2027-03-02T03:00+01:00", 24),
        # The clocks go forward on 28 March 2027: at two it is three.
        ("2027-03-27T23:00+01:00", 3),
        ("2027-10-30T23:00+02:00", 5),
    ],
)
def test_the_night_is_at_three_on_the_clocks_of_the_region(
    tmp_path: Path, now: str, hours: float
) -> None:
    """Also in the two nights of the year that are longer or shorter."""
    office = make_office(tmp_path, clock=lambda: dt.datetime.fromisoformat(now))

    assert until_night(office) == hours * 3600


def test_what_fails_is_tried_again_before_the_next_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After ten minutes, after twenty more; once it succeeds, the next night is soon enough."""
    nights = Nights(make_office(tmp_path))
    paused: list[float] = []
    unfinished = Tidied(Forgotten(), 0, ("kalletal",))
    ways: list[Exception | Tidied]
    ways = [ZeroDivisionError(), unfinished, Tidied(Forgotten(), 0, ())]

    def forget(_: object, *, anew: bool) -> Tidied:
        # The database is written anew each night, and not at each start.
        assert anew == bool(paused)
        way = ways[len(paused)]
        if isinstance(way, Tidied):
            return way
        raise way

    def wait(seconds: float) -> bool:
        paused.append(seconds)
        return len(paused) == len(ways)

    monkeypatch.setattr(forgetting, "forget_old", forget)
    monkeypatch.setattr("api.operations.nights.until_night", lambda _: 7 * 3600.0)
    monkeypatch.setattr(nights, "_ended", SimpleNamespace(wait=wait))
    nights.run()

    assert paused == [600, 2 * 600, 7 * 3600]


def test_it_is_tried_again_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never later than in the next night, however often it has failed."""
    nights = Nights(make_office(tmp_path))
    paused: list[float] = []

    def wait(seconds: float) -> bool:
        paused.append(seconds)
        return len(paused) == 2000

    def fail(_: object, *, anew: bool) -> Tidied:
        raise ZeroDivisionError(anew)

    monkeypatch.setattr(forgetting, "forget_old", fail)
    monkeypatch.setattr("api.operations.nights.until_night", lambda _: 24 * 3600.0)
    monkeypatch.setattr(nights, "_ended", SimpleNamespace(wait=wait))
    nights.run()

    assert paused[-1] == max(paused) <= 24 * 3600


def test_people_are_reported_and_erased_by_commands(fahrten: Fahrten, tmp_path: Path) -> None:
    """As text and as JSON; the next report finds nobody."""
    from api.operations.office import Office
    from api.operations.requests import take_file
    from api.settings import load_settings

    file = write(tmp_path, {"datum": "2099-03-03", "hinweis": "Hund im Hof"})
    office = Office(load_settings())
    take_file(office, office.region(), file.read_bytes(), file.name)

    told = fahrten("privacy", "report", "erika")
    document = fahrten("privacy", "report", "p1", "--json").document
    refused = fahrten("privacy", "erase", "p1")
    erased = fahrten("privacy", "withdraw", "r1")
    gone = fahrten("privacy", "report", "p1")

    for words in ("Beispiel, Erika (p1)", "06.05.1941", "Talle", "Hund im Hof", "Art. 15"):
        assert words in told.out
    assert document["passenger"]["phone"] == "030 23125 103"
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "Abgesagt: r1" in erased.out
    assert "p1 ist gelöscht" in erased.out
    assert (gone.code, gone.err) == (
        4,
        "Fehler: So heißt hier niemand, oder die Daten sind schon gelöscht.\n",
    )


def test_retention_and_keys_have_commands(fahrten: Fahrten, tmp_path: Path) -> None:
    """The key lies beside the folder; a lost one is told in one line, and none is made."""
    file = write(tmp_path, {})
    from api.operations.office import Office
    from api.operations.requests import take_file
    from api.settings import load_settings

    office = Office(load_settings())
    take_file(office, office.region(), file.read_bytes(), file.name)
    key = tmp_path / "var.key"
    first = key.read_text()

    # One person, one home with its spot, and one imported row.
    assert fahrten("key", "rotate").out.startswith("4 Einträge")
    assert key.read_text().endswith(first)
    assert fahrten("key", "forget").out == "Gelöscht: 1 alte Schlüssel.\n"
    assert "1 Personen, 1 Adressen" in fahrten("retention", "--now", "2027-06-01").out

    key.unlink()
    lost = fahrten("privacy", "report", "p1")
    assert (lost.code, lost.err.count("\n")) == (2, 1)
    assert lost.err.startswith("Fehler: Der Schlüssel")
    assert not key.exists()
