"""`fahrten offer` as somebody on the telephone uses it."""

import re

import pytest

from api.commands import offering
from api.operations import requests
from api.operations.office import Office
from api.settings import Settings, load_settings
from tests.builders_api import CELLS, NOW
from tests.builders_commands import DAY, Fahrten

GROUP = {"begleitung": "7", "rueckfahrt": "nein", "dauer": ""}
FAR = {"abholort": "Beispielstraße 2, Varenholz", "name": "Beispiel, Otto"}


@pytest.fixture(autouse=True)
def before_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever this is run: it is two days before the ride."""
    monkeypatch.setattr(offering, "Office", office_then)


def office_then(settings: Settings) -> Office:
    return Office(settings, clock=lambda: NOW)


def take(**cells: str) -> str:
    """Somebody rings; the request is kept."""
    office = office_then(load_settings())
    stored = requests.take(office, office.region(), {**CELLS, **cells})
    office.close()
    return stored.id


def number(text: str) -> str:
    """The number of the best offer."""
    found = re.search(r"--accept (\d+)", text)
    assert found is not None, text
    return found[1]


def test_an_offer_can_be_read_to_the_caller(fahrten: Fahrten) -> None:
    request = take()

    told = fahrten("offer", request)

    assert told.code == 0
    assert "Dienstag, 2. März 2027: Beispielstraße 3" in told.out
    assert re.search(
        r"Abholung zwischen \d\d:\d\d und \d\d:\d\d, Ankunft spätestens \d\d:\d\d, "
        r"zurück ab \d\d:\d\d–\d\d:\d\d; \d+ Minuten mehr Fahrt; niemand sonst verschiebt sich\.",
        " ".join(told.out.replace("│", " ").split()),
    ), told.out
    assert "Gültig bis" in told.out


def test_whoever_costs_the_bus_much_is_called_back(fahrten: Fahrten) -> None:
    """From 35 minutes more driving on the dispatcher is told so, and decides."""
    near, far = (fahrten("offer", take(**cells)).out for cells in ({}, FAR))

    advice = "besser erst zusagen, wenn alle angerufen haben"
    assert advice not in " ".join(near.replace("│", " ").split())
    assert advice in " ".join(far.replace("│", " ").split())


def test_an_offer_is_accepted_by_its_number(fahrten: Fahrten) -> None:
    """And the next call says what is promised."""
    request = take()
    best = number(fahrten("offer", request).out)

    accepted = fahrten("offer", request, "--accept", best)

    assert (accepted.code, accepted.out.startswith("Zugesagt: Abholung zwischen")) == (0, True)
    assert accepted.out in fahrten("offer", request).out
    planned = fahrten("plan", DAY)
    assert "1 von 1 Zusage gehalten." in planned.out


def test_an_offer_is_held_for_some_minutes(fahrten: Fahrten) -> None:
    """The best one, or one that was named."""
    request = take()

    best = fahrten("offer", request, "--hold", "15")
    named = fahrten("offer", request, "--hold", "20", "--number", number(best.out))

    for told in (best, named):
        assert told.code == 0, told.err
        assert re.search(r"Frei gehalten bis \d\d:\d\d Uhr: Abholung zwischen", told.out)


def test_an_overtaken_offer_is_told_with_what_can_be_had_instead(fahrten: Fahrten) -> None:
    one, other = take(**GROUP), take(**GROUP, **FAR)
    mine, theirs = (number(fahrten("offer", request).out) for request in (one, other))
    fahrten("offer", one, "--accept", mine)

    told = fahrten("offer", other, "--accept", theirs)

    assert told.code == 1
    assert "Inzwischen ist anderes zugesagt" in told.err
    assert "wurde kein Platz gefunden" in told.out
    proven = fahrten("offer", other, "--prove")
    assert (proven.code, "Es ist bewiesen" in proven.out) == (0, True)


def test_others_who_move_are_named_by_their_ids_only(fahrten: Fahrten) -> None:
    """Not by the name of a neighbour, which is nobody's business."""
    one, other = take(), take(**{**FAR, "termin": "09:40"})
    fahrten("offer", one, "--accept", number(fahrten("offer", one).out))

    told = fahrten("offer", other)

    assert "Erika" not in told.out
    assert "sich r1 " in " ".join(told.out.replace("│", " ").split()), told.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["r99"], 4),
        (["r1", "--accept", "99"], 4),
        (["r1", "--number", "1"], 2),
        (["r1", "--hold", "5", "--accept", "1"], 2),
        (["r1", "--hold", "0"], 2),
    ],
)
def test_slips_of_the_finger_promise_nothing(
    fahrten: Fahrten, arguments: list[str], code: int
) -> None:
    take()

    assert fahrten("offer", *arguments).code == code


def test_an_offer_for_somebody_else_is_refused(fahrten: Fahrten) -> None:
    """A number that was mistyped must not promise anything to another caller."""
    one, other = take(), take(**FAR)
    theirs = number(fahrten("offer", other).out)

    told = fahrten("offer", one, "--accept", theirs)

    assert (told.code, "gilt einem anderen Fahrtwunsch" in told.err) == (4, True)
    assert "Zugesagt" not in fahrten("offer", other).out
