"""
Large days: one long annealing, with the shifts dealt into parts that are searched side by side.

From round to round the parts are others: shifts whose passengers are near each other in space and
time are together, whom chance adds (`grouping.py`). A round of a part is the same search as on a
small day, on a small instance (`parts.py`); kernels run without the interpreter's lock, so that
threads are enough for all cores. How a day is dealt does not depend on the cores, nor, as long as
iterations are counted and not seconds, does the plan.
"""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from scheduler.errors import ProblemError
from scheduler.optimizer.grouping import affinity, groups, offers
from scheduler.optimizer.heuristic import HABITS, LOOK_SECONDS, Heuristic
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.lns import (
    POOL_FULL,
    UNSOUND,
    construct,
    driving_of,
    improve,
    keep_best,
    make_best,
    measure,
    restart,
)
from scheduler.optimizer.parts import Part, Plan, cut_out, put_back, routes_of
from scheduler.optimizer.pool import empty, make_pool
from scheduler.optimizer.search import Search, make_search

# From so many journeys on a day is large, and so many shifts it must have to be dealt.
LARGE, FEWEST_SHIFTS = 200, 4
# Parts have about so many journeys; there are two at least.
PART_JOURNEYS = 300
# Rounds of one annealing, and its steps for each journey where the effort knows no end.
ROUNDS, STEPS = 24, 400
# Acceptance at the begin and at the end, in average drives between two visits; dearer than that
# on a small day, where a plan starts over from its best many times.
HOT, COLD = 5.0, 0.05
# A step takes out up to this many journeys: dozens at once hardly ever find better places.
MOST = 10
# Routes seen in a round, which nobody asks for afterwards.
ROUTES = 1 << 14
# Overlooking places makes a search forget what it knows of all other routes.
CALM = HABITS._replace(overlook=np.zeros(2))
# Orders of `recreate` for the first plans: cheapest first, by the second, by the third route.
ORDERS = (1, 2, 3)


def is_large(instance: Instance) -> bool:
    """Whether a day is worth dealing into parts."""
    return len(instance.journey_weight) >= LARGE and len(instance.kind) >= FEWEST_SHIFTS


def search_large(search: Heuristic) -> None:
    """Spend the effort of *search* on its large day, until all is spent or it is finished."""
    if not search.instance.option_open.any():
        return
    _construct(search)
    cores = search.effort.cores or _cores()
    with ThreadPoolExecutor(cores, thread_name_prefix="part") as threads:
        while not _spent(search):
            _Annealing(search, threads, cores).run()


def _cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows and macOS do not say
        return os.cpu_count() or 1


def _spent(search: Heuristic) -> bool:
    return search.finished() or search.iterations >= search.effort.iterations


def _construct(search: Heuristic) -> None:
    """Serve as many as possible beside those whom the plan serves, in each of the `ORDERS`."""
    begin = search.best.nodes.copy(), search.best.length.copy()
    for order in ORDERS:
        if search.iterations and _spent(search):
            return
        restart(search.instance, search.search, *begin)
        if not construct(search.instance, search.search, search.best, order):
            raise ProblemError(_UNSOUND)
        search.iterations += 1
        search.look()


_UNSOUND = "seconds breaks the triangle inequality: a shorter route takes longer."


@dataclass(frozen=True)
class _Slot:
    """
    What a part may spend in a round: from where to where the annealing goes meanwhile.

    *begin* and *end* are shares of it; *steps* that many, or less if the moment *until* comes.
    """

    begin: float
    end: float
    steps: int
    since: float
    until: float

    def passed(self, done: int) -> float:
        """The share of the slot that is over after *done* steps."""
        share = done / self.steps
        if self.until < np.inf:
            now = time.monotonic()
            share = max(share, (now - self.since) / max(1e-9, self.until - self.since))
        return min(1.0, share)


@dataclass(frozen=True)
class _Result:
    """A part after a round: as it is, and at its best."""

    now: Part
    best: Part
    steps: int


class _Annealing:
    """One cooling down over all that is left of the effort, or over a fixed number of steps."""

    def __init__(self, search: Heuristic, threads: ThreadPoolExecutor, cores: int) -> None:
        self.search, self.threads, self.cores = search, threads, cores
        self.dice = np.random.default_rng([search.seed, search.rounds])
        self.near = search.search.near
        self.steps = STEPS * len(search.instance.journey_weight)
        self.steps = min(self.steps, search.effort.iterations - search.iterations)
        if search.effort.seconds is not None:
            # Then the clock decides.
            self.steps = search.effort.iterations - search.iterations
        self.stop = threading.Event()

    def run(self) -> None:
        """Round after round; each begins with what the one before has left."""
        search, begun = self.search, self.search.seconds
        plan: Plan = search.plan()
        for number in range(ROUNDS):
            if _spent(search):
                return
            search.rounds += 1
            results = self._round(plan, number, begun)
            bests = [result.best for result in results]
            search.iterations += sum(result.steps for result in results)
            search.take_plan(put_back(search.instance, plan, bests))
            plan = put_back(search.instance, plan, [result.now for result in results])
            search.take_plan(plan)
            search.look()

    def _round(self, plan: Plan, number: int, begun: float) -> list[_Result]:
        """Deal the day, search all parts, and look around meanwhile."""
        search = self.search
        parts = self._deal(plan)
        left = search.effort.iterations - search.iterations
        steps = max(1, -(-min(left, -(-self.steps // ROUNDS)) // len(parts)))
        turns = -(-len(parts) // self.cores)
        since, until = time.monotonic(), np.inf
        if search.effort.seconds is not None:
            over = begun + (search.effort.seconds - begun) * (number + 1) / ROUNDS
            until = since + max(0.0, over - search.seconds)
        jobs = []
        for which, part in enumerate(parts):
            turn = which // self.cores
            slot = _Slot(
                begin=number / ROUNDS,
                end=(number + 1) / ROUNDS,
                steps=steps,
                since=since + (until - since) * turn / turns if until < np.inf else since,
                until=since + (until - since) * (turn + 1) / turns if until < np.inf else until,
            )
            seed = int(self.dice.integers(2**62))
            jobs.append(self.threads.submit(_anneal, part, slot, seed, self.stop))
        try:
            while wait(jobs, timeout=LOOK_SECONDS).not_done:
                search.look()
                if search.finished():
                    self.stop.set()
        except BaseException:
            # Whoever watches may raise; nobody must go on searching then.
            self.stop.set()
            raise
        return [job.result() for job in jobs]

    def _deal(self, plan: Plan) -> list[Part]:
        instance = self.search.instance
        count = max(2, round(len(instance.journey_weight) / PART_JOURNEYS))
        likeness, close = affinity(instance, plan, self.near)
        size = np.array([1 + len(visits) for visits in plan])
        dealt = groups(likeness, size, count=count, dice=self.dice)
        offered = offers(instance, plan, close, dealt, self.dice)
        return [
            cut_out(instance, plan, shifts, journeys)
            for shifts, journeys in zip(dealt, offered, strict=True)
        ]


def _anneal(part: Part, slot: _Slot, seed: int, stop: threading.Event) -> _Result:
    """Search a part from its routes on, cooling as *slot* says."""
    instance = part.instance
    if not instance.option_open.any():
        return _Result(now=part, best=part, steps=1)
    search, pool = make_search(instance, seed=seed), make_pool(instance, routes=ROUTES)
    best = make_best(instance, search)
    nodes, length = best.nodes.copy(), best.length.copy()
    for shift, visits in enumerate(part.routes):
        end = nodes[shift, 1]
        nodes[shift, 1 : len(visits) + 1] = visits
        nodes[shift, len(visits) + 1], length[shift] = end, len(visits)
    if not restart(instance, search, nodes, length):
        msg = "A route that had a schedule has none any more."
        raise RuntimeError(msg)
    keep_best(search, best, *measure(instance, search, 0))
    drive = driving_of(instance, best) / max(1, int(length.sum()))
    drive = drive or float(instance.drive.mean())
    done, chunk = 0, 50
    while done < slot.steps and (passed := slot.passed(done)) < 1.0 and not stop.is_set():
        share = slot.begin + (slot.end - slot.begin) * passed
        heat = drive * HOT * (COLD / HOT) ** share
        began = time.monotonic()
        steps = min(chunk, slot.steps - done)
        made, why = improve(instance, search, pool, best, steps, 0, 1, heat, heat, MOST, CALM)
        if why == UNSOUND:
            raise ProblemError(_UNSOUND)
        if why == POOL_FULL:
            empty(pool)
        done += max(made, 1)
        if slot.until < np.inf:
            spent = max(1e-6, time.monotonic() - began) / max(made, 1)
            chunk = int(max(1, min(1000, LOOK_SECONDS / spent)))
    return _Result(
        now=part._replace(routes=_now(search)),
        best=part._replace(routes=routes_of(best.nodes, best.length)),
        steps=done,
    )


def _now(search: Search) -> list[tuple[int, ...]]:
    """The plan that a search has come to, which need not be its best."""
    rows = 2 * np.arange(len(search.side)) + search.side
    return routes_of(search.routes.nodes[rows], search.routes.length[rows])
