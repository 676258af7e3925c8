"""If promises have to be broken, no plan breaks less: compared with trying everything."""

import os

import numpy as np
import pytest

from routing.units import MINUTE
from scheduler import least_broken
from scheduler.events import Delayed, OutOfService, happen
from scheduler.promises import STEP
from scheduler.replan import replan
from scheduler.under_way import freeze
from tests.builders_running_days import (
    SMALL,
    can_come,
    extended_as,
    fate_of,
    fates,
    key,
    promised,
)

DAYS = int(os.environ.get("FAHRTEN_TEST_DAYS", "30"))
# Later than this nobody is served on these days, so that all there is can be tried.
STEPS = 3


@pytest.mark.parametrize("seed", range(DAYS))
def test_no_plan_breaks_less(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bus is late, or falls out, on a day of three; whatever breaks less cannot be driven."""
    monkeypatch.setattr(least_broken, "STEPS", STEPS)
    day, plan = promised(seed, requests=3, shifts=1 + seed % 2)
    draw = np.random.default_rng(seed)
    begins = sorted(visit.begin for visit in plan.visits)
    if not begins:
        pytest.skip("a day on which nobody rides")
    now = int(draw.integers(begins[0] - 30 * MINUTE, begins[-1]))
    shift = str(draw.choice([each.id for each in day.shifts]))
    late = int(draw.integers(1, 9)) * 5 * MINUTE
    event = OutOfService(shift) if draw.random() < 0.2 else Delayed(shift, late)
    under_way = happen(freeze(day, plan, now), event)

    result = replan(under_way, effort=SMALL)

    under_way = extended_as(under_way, result)
    fate = fate_of(under_way, result, step=STEP)
    assert result.sure
    assert can_come(under_way, fate)
    less = [
        each
        for each in fates(under_way, steps=STEPS)
        if key(under_way, each) < key(under_way, fate)
    ]
    assert [each for each in less if can_come(under_way, each)] == []
