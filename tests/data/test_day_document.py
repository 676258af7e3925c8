"""A day that has begun as JSON: what is written is read again."""

import json
from dataclasses import replace
from datetime import date

from data.day_document import day_document, read_day
from data.day_input import DayInput
from data.region import Region
from routing.matrix import Roads
from routing.units import MINUTE
from scheduler.optimizer.solution import Effort
from scheduler.planning import plan_day

TUESDAY = date(2027, 3, 2)


def test_a_day_remembers_which_plan_is_known_and_what_its_changes_count(kalletal: Region) -> None:
    """Else the checker could not tell what a kept plan costs; days of before knew neither."""
    roads, asked = Roads(kalletal.network), DayInput(TUESDAY, (), {}, {})
    day = asked.prepare(kalletal, shifts=kalletal.shifts(TUESDAY), roads=roads)
    plan = plan_day(day, effort=Effort(iterations=1))
    known = {"r1/outbound-1": day.shifts[0].id}
    day = replace(day, planned=known, change=5 * MINUTE)
    document = json.loads(json.dumps(day_document(day)))

    again = read_day(document, plan, asked, region=kalletal, roads=roads)
    assert again.shifts == day.shifts
    assert (again.planned, again.change) == (known, 5 * MINUTE)
    del document["planned"], document["change"]
    before = read_day(document, plan, asked, region=kalletal, roads=roads)
    assert (before.planned, before.change) == ({}, 0)
