"""Who drives on one date, decided by a dispatcher, and kept apart from the files."""

import datetime as dt
from dataclasses import replace

import pytest

from data import retention, shift_changes
from data.region import Region
from data.roster import Decision, ShiftChange
from data.store import Store
from tests.builders_api import TUESDAY

SATURDAY = dt.date(2027, 3, 6)


def decided(region: Region, *changes: ShiftChange) -> Region:
    return replace(region, roster=region.roster.changed(changes))


def test_somebody_else_drives(kalletal: Region) -> None:
    """On that date, and on no other; the order of the turn stays."""
    usual = [shift.driver for shift in kalletal.shifts(TUESDAY)]

    region = decided(kalletal, ShiftChange(TUESDAY, "vormittag", Decision.DRIVEN, "f01"))

    assert [shift.driver for shift in region.shifts(TUESDAY)] == ["f01", usual[1]]
    later = TUESDAY + dt.timedelta(weeks=3)  # three of them take turns
    assert [shift.driver for shift in region.shifts(later)] == usual


def test_nobody_drives_while_somebody_is_looked_for(kalletal: Region) -> None:
    """It is no shift to plan with, and still one that the roster lists."""
    region = decided(kalletal, ShiftChange(TUESDAY, "vormittag", Decision.OPEN))

    assert [shift.id for shift in region.shifts(TUESDAY)] == ["nachmittag"]
    assert [shift.id for shift in region.idle_shifts(TUESDAY)] == ["vormittag"]
    morning = region.roster.on(TUESDAY)[0]
    assert (morning.pattern.id, morning.driver) == ("vormittag", None)


def test_a_shift_falls_out(kalletal: Region) -> None:
    region = decided(kalletal, ShiftChange(TUESDAY, "vormittag", Decision.OUT))

    assert [each.pattern.id for each in region.roster.on(TUESDAY)] == ["nachmittag"]


def test_a_decision_is_taken_back(kalletal: Region) -> None:
    region = decided(kalletal, ShiftChange(TUESDAY, "vormittag", Decision.AS_FILED, None, 2))

    assert region.shifts(TUESDAY) == kalletal.shifts(TUESDAY)
    assert region.roster.changes_on(TUESDAY) == ()
    assert region.roster.change(TUESDAY, "vormittag").version == 2


def test_a_decision_goes_before_an_exception_of_the_files(kalletal: Region) -> None:
    """On 12 March somebody stands in by the files; who is ill by now does not."""
    day = dt.date(2027, 3, 12)
    assert kalletal.shifts(day)[1].driver == "f18"

    region = decided(kalletal, ShiftChange(day, "nachmittag", Decision.DRIVEN, "f25"))

    assert region.shifts(day)[1].driver == "f25"


def test_on_a_day_without_service_nobody_drives(kalletal: Region) -> None:
    region = decided(kalletal, ShiftChange(SATURDAY, "vormittag", Decision.DRIVEN, "f01"))

    assert region.shifts(SATURDAY) == ()


@pytest.mark.parametrize("driver", ["f09", "f99"])
def test_who_may_not_drive_does_not(kalletal: Region, driver: str) -> None:
    """The P-Schein of f09 ends on 31 January 2027, and f99 is in no file: the shift is open."""
    region = decided(kalletal, ShiftChange(TUESDAY, "vormittag", Decision.DRIVEN, driver))

    assert region.roster.on(TUESDAY)[0].driver is None


def test_of_two_who_decide_at_once_only_one_is_heard(store: Store) -> None:
    nothing = ShiftChange(TUESDAY, "vormittag")
    with store.writing() as session:
        kept = shift_changes.keep(session, "kalletal", nothing, Decision.DRIVEN, "f01")
        again = shift_changes.keep(session, "kalletal", nothing, Decision.OUT)

    assert kept == ShiftChange(TUESDAY, "vormittag", Decision.DRIVEN, "f01", 1)
    assert again is None
    with store.reading() as session:
        assert shift_changes.read_all(session, "kalletal") == [kept]


def test_a_version_is_never_given_twice(store: Store) -> None:
    """Also not when the files were to hold again in between."""
    change = ShiftChange(TUESDAY, "vormittag")
    with store.writing() as session:
        for decision in (Decision.OUT, Decision.AS_FILED, Decision.OUT):
            following = shift_changes.keep(session, "kalletal", change, decision)
            assert following is not None
            change = following

    assert change.version == 3


def test_it_is_told_whether_somebody_has_decided_since(store: Store, kalletal: Region) -> None:
    """A plan is kept only for those who still drive."""
    with store.writing() as session:
        assert shift_changes.still(session, kalletal, TUESDAY)
        shift_changes.keep(session, "kalletal", ShiftChange(TUESDAY, "vormittag"), Decision.OUT)

        assert not shift_changes.still(session, kalletal, TUESDAY)
        assert shift_changes.still(session, kalletal, TUESDAY + dt.timedelta(days=1))


def test_decisions_go_with_the_plans_of_their_day(store: Store) -> None:
    """Who drove is forgotten when nobody is to know any more who rode."""
    with store.writing() as session:
        for day in (TUESDAY, SATURDAY):
            shift_changes.keep(session, "kalletal", ShiftChange(day, "vormittag"), Decision.OUT)
        retention.forget_before(session, "kalletal", SATURDAY)

        assert [each.date for each in shift_changes.read_all(session, "kalletal")] == [SATURDAY]
