"""
Column generation: the linear program of a branch, and the routes that are still missing in it.

Routes are looked for where that costs least: first among those known, then by quick rules of
`labelling`, at last by the exact one, which alone proves that none is missing.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from scheduler.optimizer.alternatives import alternatives, never_together
from scheduler.optimizer.cuts import violated_triples
from scheduler.optimizer.graph import Graph, shift_graph
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.labelling import EXACT, ROUGH
from scheduler.optimizer.master import Bounds, Master, Relaxation, between
from scheduler.optimizer.pricing import WORTH, Priced, Pricer

CUTS_PER_ROUND, CUTS_PER_TRIP = 40, 6
# Cuts that cost nothing in so many rounds are dropped.
PATIENCE = 3
# More routes than this do not stand in the linear program for long.
MOST_ACTIVE = 2_000
# So many known routes enter the linear program at a time.
MOST_KNOWN = 200
# ... and all of them are looked at before every so many rounds of pricing.
KNOWN_EVERY = 4
# So much of the prices before remains in the next ones: without that they swing to and fro.
CALM = 0.6
# After so many labels without a bound one is computed, then after twice as many, and so on.
FIRST_LOOK = 3_000_000

# Told the bound so far; says whether to go on.
KeepGoing = Callable[[float], bool]


class Generation:
    """The linear program of the branch last narrowed to, with whatever routes it needs."""

    def __init__(self, instance: Instance, *, penalty: float) -> None:
        never = never_together(instance)
        self.master = Master(instance, penalty=penalty, sets=alternatives(never))
        kinds = range(len(self.master.counts))
        first = [int(np.flatnonzero(instance.kind == kind)[0]) for kind in kinds]
        self.graphs = [shift_graph(instance, shift, never) for shift in first]
        self.pricer = Pricer(
            trips=self.master.trips,
            rides=int(instance.most_aboard[0]),
            kinds=instance.load.shape[1],
        )
        self._narrowed = self.graphs
        self._bounds: Bounds | None = None
        self._allowed = np.zeros(0, np.bool_)
        self._look = FIRST_LOOK

    def narrow(self, graphs: list[Graph], bounds: Bounds, fixed: Sequence[int] = ()) -> None:
        """Turn to the branch that *graphs* and *bounds* leave, with some routes *fixed* in it."""
        self._narrowed, self._bounds = graphs, bounds
        self._allowed = self.master.columns.obey(graphs)
        self._allowed[list(fixed)] = True
        self.master.narrow(bounds, self._allowed, fixed)

    def run(
        self, *, keep_going: KeepGoing, cutoff: float = np.inf, last: int = EXACT
    ) -> tuple[float, Relaxation | None]:
        """
        Add routes until none is missing, or a bound reaches *cutoff*.

        *last* is the last rule of pricing to try; only `EXACT` gives bounds. Returns the best
        bound of the branch and the linear program's optimum; ``None`` if it did not get there.
        """
        best, rule, rounds = -np.inf, ROUGH, 0
        calm: Relaxation | None = None
        while True:
            relaxation = self.master.solve()
            if not keep_going(best):
                return best, None
            if rounds % KNOWN_EVERY == 0 and self._enter(relaxation, 0):
                continue
            rounds += 1
            self._forget(relaxation)
            calm = relaxation if calm is None or rule == EXACT else between(calm, relaxation, CALM)
            known = len(self.master.columns)
            priced = self._price(
                calm,
                EXACT if last == EXACT and self._must_look() else rule,
                partial(keep_going, best),
            )
            complete = all(each.complete for each in priced)
            best = max(best, self._bound(calm, priced))
            if best >= cutoff:
                return best, relaxation
            if self._enter(relaxation, known):
                continue
            if calm is not relaxation:
                calm = None
            elif self._enter(relaxation, 0):
                continue
            elif rule < last:
                rule += 1
            else:
                return best, relaxation if complete or rule != EXACT else None

    def _must_look(self) -> bool:
        """Whether it is high time for a bound."""
        if self.pricer.labels < self._look:
            return False
        self._look = 2 * self.pricer.labels
        return True

    def _price(self, prices: Relaxation, rule: int, more: Callable[[], bool]) -> list[Priced]:
        """Search the kinds of shifts for routes worth adding, as long as *more* says so."""
        priced: list[Priced] = []
        for kind, graph in enumerate(self._narrowed):
            if kind and not more():
                priced.append(Priced([], 0.0, complete=False, proof=False))
            else:
                charged = self.master.prices(prices, kind)
                priced.append(self.pricer.price(kind, graph, charged, rule))
                self.master.columns.add(priced[-1].columns)
        return priced

    def _bound(self, prices: Relaxation, priced: list[Priced]) -> float:
        """A bound of the branch, if pricing has found the least reduced cost there is."""
        if self._bounds is None or not all(each.proof for each in priced):
            return -np.inf
        least = np.array([each.least for each in priced])
        return self.master.lower_bound(prices, least, self._bounds)

    def _enter(self, relaxation: Relaxation, first: int) -> bool:
        """Take in known routes, from number *first* on, that are worth it; False if none are."""
        master = self.master
        more = master.columns.obey(self._narrowed, first=len(self._allowed))
        self._allowed = np.concatenate([self._allowed, more])
        free = self._allowed.copy()
        free[master.active] = False
        rows = first + np.flatnonzero(free[first:])
        reduced = master.reduced(relaxation, rows, WORTH)
        best = np.argsort(reduced, kind="stable")[:MOST_KNOWN]
        return master.enter(rows[best[reduced[best] < WORTH]]) > 0

    def _forget(self, relaxation: Relaxation) -> None:
        """Take the dearest routes out of the linear program, if there are too many."""
        master = self.master
        if len(master.active) <= MOST_ACTIVE:
            return
        reduced = master.reduced(relaxation, master.active, np.inf)
        dear = reduced > max(-WORTH, np.partition(reduced, MOST_ACTIVE // 2)[MOST_ACTIVE // 2])
        master.leave(dear & (relaxation.routes[master.active] <= 0.0))

    def cut(self, relaxation: Relaxation) -> bool:
        """Add the cuts that are broken most; False if there are none."""
        self.master.drop_idle_cuts(relaxation, patience=PATIENCE)
        used = np.flatnonzero(relaxation.routes > 1e-6)
        triples = violated_triples(
            self.master.serves_set(used),
            relaxation.routes[used],
            most=CUTS_PER_ROUND,
            per_trip=CUTS_PER_TRIP,
        )
        self.master.add_cuts(triples)
        return bool(triples)
