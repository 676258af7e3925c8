"""
What it counts beside driving that a shift carries a trip, over all plans that there may be.

Only the trips of one option of each journey are ever carried, each of them by one shift.
"""

import numpy as np

from scheduler.optimizer.instance import Instance
from scheduler.problem import Floats


def least_extra(instance: Instance) -> float:
    """What the trips of any plan count at least that serves every journey which has an open way."""
    cheapest = np.where(instance.takes, instance.extra, np.inf).min(axis=0, initial=np.inf)
    options, able = _of_options(instance, cheapest), instance.option_open
    least = np.full(len(instance.journey_weight), np.inf)
    np.minimum.at(least, instance.option_journey[able], options[able])
    return float(least[np.isfinite(least)].sum())


def most_extra(instance: Instance) -> float:
    """What the trips of any plan count at most."""
    dearest = np.where(instance.takes, instance.extra, 0.0).max(axis=0, initial=0.0)
    options, able = _of_options(instance, dearest), instance.option_open
    most = np.zeros(len(instance.journey_weight))
    np.maximum.at(most, instance.option_journey[able], options[able])
    return float(most.sum())


def _of_options(instance: Instance, trip: Floats) -> Floats:
    """Shape ``(o,)``: the sum over the trips of each option of what each trip counts ``(t,)``."""
    if not len(instance.option_journey):
        return np.zeros(0)
    return np.add.reduceat(trip[instance.option_trip], instance.option_start[:-1])
