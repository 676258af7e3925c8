"""What happened on a day, in the words of the page."""

from datetime import date

import pytest

from api.operations.amending import Amended
from api.operations.announcing import Announcement
from api.operations.days import PlannedDay
from api.operations.happenings import (
    CAUGHT_UP,
    KINDS,
    TAKEN_BACK,
    Happening,
    Substitute,
    happening_document,
)
from api.web.happenings import happened_views, happening_text
from api.web.ringing import RingView
from data.day_input import DayInput
from data.region_file import load_region
from routing.matrix import Roads
from scheduler.events import Cancelled, Delayed, NoShow, OutOfService, Ready
from scheduler.manifest import Contact
from scheduler.optimizer.solution import Effort
from scheduler.planning import plan_day

TUESDAY = date(2027, 3, 2)


@pytest.fixture(scope="module")
def planned() -> PlannedDay:
    """A day on which nobody rides; two people are known."""
    kalletal = load_region("kalletal")
    contacts = {
        "r1": Contact("Beispiel, Erika", "030 23125 103", ""),
        "r2": Contact("Beispiel, Otto", "", ""),
    }
    asked = DayInput(TUESDAY, (), contacts, {})
    shifts, roads = kalletal.shifts(TUESDAY), Roads(kalletal.network)
    day = asked.prepare(kalletal, shifts=shifts, roads=roads)
    return PlannedDay(kalletal, asked, day, plan_day(day, effort=Effort(iterations=1)))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Cancelled("r1"), "Beispiel, Erika sagt ab"),
        (Cancelled("r2", way_back_only=True), "Beispiel, Otto sagt die Rückfahrt ab"),
        (NoShow("r2"), "Beispiel, Otto war nicht da"),
        (Delayed("vormittag", 1200), "Vormittag: 20 Minuten Verspätung"),
        (Ready("r2", 40_500, 0), "Beispiel, Otto kann ab 11:15 Uhr zurück"),
        (OutOfService("nachmittag"), "Nachmittag: fällt aus"),
        (OutOfService("vormittag", vehicle=True), "Vormittag: Bus defekt"),
        (OutOfService("vormittag", driver=True), "Vormittag: Fahrer:in krank"),
        (Substitute("vormittag", "f10"), "Vormittag: Jürgen Beispiel-Jobst übernimmt"),
        (Cancelled("r9"), "Fahrtwunsch r9 sagt ab"),
    ],
)
def test_every_event_has_its_sentence(event: Happening, words: str, planned: PlannedDay) -> None:
    """By name where somebody is known, by number where not any more."""
    assert happening_text(happening_document(event), planned) == words


def test_every_kind_can_be_said(planned: PlannedDay) -> None:
    """Whatever is added to the kinds of events needs a sentence, too."""
    about: dict[str, object] = {"request": "r1", "shift": "vormittag", "at": 1, "late": 60}
    about["driver"] = "f10"
    about |= {"metres": 30, "report": {"kind": "cancelled", "request": "r1"}}
    for kind in [*KINDS.values(), "joined", CAUGHT_UP, TAKEN_BACK]:
        assert happening_text({"kind": kind, **about}, planned)


def test_the_newest_stands_first_with_whom_to_ring(planned: PlannedDay) -> None:
    """And says by how much."""
    nobody = Announcement({}, (), {}, sure=True)
    two = Announcement({"r2": 900}, ("r1",), {}, sure=True)
    views = happened_views(
        [
            Amended(2, 30_000, {"kind": "cancelled", "request": "r2"}, nobody),
            Amended(3, 36_000, {"kind": "out_of_service", "shift": "vormittag"}, two),
        ],
        planned,
    )
    assert [(view.time, view.version) for view in views] == [("10:00", 3), ("08:20", 2)]
    assert views[0].ring == (
        RingView("r1", "Beispiel, Erika", "030 23125 103", "kann nicht mehr gefahren werden"),
        RingView("r2", "Beispiel, Otto", "", "bis zu 15 Minuten später als gesagt"),
    )
