"""A day that runs, on each database."""

from pathlib import Path

import pytest

from api.operations import amending, planning
from scheduler.check import check
from scheduler.clock import clock
from scheduler.events import Delayed
from tests.builders_api import TUESDAY, make_office
from tests.builders_running import plan_rows


@pytest.mark.both_databases
@pytest.mark.usefixtures("either_database")
def test_what_happened_is_kept_with_the_day_as_it_became(tmp_path: Path) -> None:
    """Written by one office, read by another."""
    plan_rows(tmp_path, 8)
    office = make_office(tmp_path)
    region = office.region()
    shift = planning.read_plan(office, region, TUESDAY).plan.routes[0].shift
    amending.amend(office, region, TUESDAY, Delayed(shift, 600), at=clock("08:00"))
    office.close()

    again = make_office(tmp_path)
    (kept,) = amending.happened(again, region, TUESDAY)
    planned = planning.read_plan(again, region, TUESDAY)
    again.close()

    assert (kept.version, kept.at, kept.happened["kind"]) == (2, clock("08:00"), "delayed")
    assert planned.amended
    assert check(planned.plan, planned.day) == []
