"""The proof against trying everything, and bounds that hold whenever it stops."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from scheduler.optimizer.alternatives import alternatives, never_together
from scheduler.optimizer.branching import Unserved, bounds_of, branch_on
from scheduler.optimizer.exact import Prover
from scheduler.optimizer.graph import shift_graph
from scheduler.optimizer.incumbent import Incumbent
from scheduler.optimizer.labelling import EXACT
from scheduler.optimizer.master import Relaxation
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.pricing import Pricer
from scheduler.problem import Problem
from tests.brute_force import optimum
from tests.builders_optimizer import Mix, random_problem


@dataclass
class Alone:
    """Nobody helps; the proof stops after so many rounds of pricing."""

    rounds: float = np.inf

    def keep_going(self, _: Prover) -> bool:
        """Count down."""
        self.rounds -= 1
        return self.rounds > 0

    def improve(self, _: Prover) -> None:
        """Know nothing better."""


def prover_of(problem: Problem) -> Prover:
    """A proof that begins with nobody served."""
    nobody = Incumbent((), int(problem.journey_weight.sum()), 0.0)
    return Prover(prepare(problem), nobody, whole=True)


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_without_any_search_the_proof_finds_the_optimum(seed: int) -> None:
    """Column generation, cuts and branching alone, on every mix of constraints."""
    problem = random_problem(seed)
    best = optimum(problem)
    prover = prover_of(problem)

    assert prover.run(Alone())
    assert (prover.incumbent.weight, prover.incumbent.cost) == best


def test_preparing_leaves_the_problem_as_it_was() -> None:
    """What shifts can take is narrowed in the instance, not in the problem itself."""
    problem = random_problem(1)
    before = problem.shift_takes.copy()
    prepare(problem)

    assert (problem.shift_takes == before).all()


@pytest.mark.parametrize("calls", [1, 2, 4, 8, 16])
def test_a_bound_holds_whenever_the_proof_is_stopped(calls: int) -> None:
    """Stopped after any number of rounds of pricing, the bound is at most the optimum."""
    for seed in range(15):
        problem = random_problem(seed, Mix(journeys=3, trips=4))
        weight, driving = optimum(problem)
        prover = prover_of(problem)
        prover.run(Alone(rounds=calls))
        assert prover.bound <= weight * prover.penalty + driving + 1e-6


@pytest.mark.parametrize("scale", [1.0, 1e9 / 7, 1e15 / 7])
@pytest.mark.parametrize("seed", range(40))
def test_any_prices_give_a_bound(seed: int, scale: float) -> None:
    """The bound comes from the prices alone: prices at random give one, if a poor one."""
    problem = random_problem(seed, Mix(trips=4))
    draw = np.random.default_rng(seed)
    prover = prover_of(problem)
    instance, master = prover.instance, prover.master
    kinds = len(master.counts)
    prices = Relaxation(
        value=0.0,
        routes=np.zeros(0),
        options=np.zeros(len(problem.option_journey)),
        unserved=np.zeros(problem.journeys),
        trip=scale * draw.integers(0, 400, size=problem.trips).astype(np.float64),
        kind=scale * draw.integers(0, 50, size=kinds).astype(np.float64),
        cut=np.zeros(0),
        weight=float(draw.integers(0, 100)),
    )
    bounds = bounds_of(instance, master.penalty, ())
    least = np.array(
        [
            prover.generation.pricer.price(kind, graph, master.prices(prices, kind), EXACT).least
            for kind, graph in enumerate(prover.generation.graphs)
        ]
    )
    weight, driving = optimum(problem)

    assert master.lower_bound(prices, least, bounds) <= weight * master.penalty + driving + 1e-6


def test_weight_beyond_what_a_branch_allows_is_not_branched_on_again() -> None:
    """At most 3 unserved, 3.5 at a price: demanding 4 as well would contradict the branch."""
    problem = next(p for p in map(random_problem, range(100)) if p.journeys == 3)
    prover = prover_of(problem)
    weights = problem.journey_weight
    half = 0.5 / weights[0]
    relaxation = replace(prover.master.solve(), unserved=np.array([half, 0.0, 0.0]))

    free = bounds_of(prover.instance, prover.penalty, ())
    narrow = bounds_of(prover.instance, prover.penalty, (Unserved(1, yes=False),))

    assert branch_on(prover.master, relaxation, free) == Unserved(1)
    assert branch_on(prover.master, relaxation, narrow) != Unserved(1)


def test_trips_of_different_options_are_alternatives() -> None:
    """An outbound trip shared by two ways home: the ways home never go together."""
    problem = next(
        p
        for p in map(random_problem, range(200))
        if len(p.option_journey) > p.journeys and prepare(p).option_open.all()
    )
    never = never_together(prepare(problem))
    sets = alternatives(never)
    journey = np.flatnonzero(np.bincount(problem.option_journey) > 1)[0]
    first, second = np.flatnonzero(problem.option_journey == journey)[:2]
    one = set(problem.option_trip[slice(*problem.option_start[first : first + 2])].tolist())
    other = set(problem.option_trip[slice(*problem.option_start[second : second + 2])].tolist())
    (home,), (other_home,) = one - other, other - one

    assert never[home, other_home]
    assert sets[home] == sets[other_home]
    assert not never[home, (one & other).pop()]


def test_arcs_are_cut_only_where_no_route_uses_them() -> None:
    """Each leg of each optimal route is still in the graph of its shift."""
    for seed in range(60):
        problem = random_problem(seed)
        prover = prover_of(problem)
        prover.run(Alone())
        instance = prover.instance
        for column in prover.incumbent.routes:
            shift = int(np.flatnonzero(instance.kind == column.kind)[0])
            graph = shift_graph(instance, shift, never_together(instance))
            before = len(graph.trip)
            for visit in column.visits:
                assert graph.arc[before, visit]
                before = visit


def test_the_pricer_counts_its_labels() -> None:
    """The effort of a proof is counted in labels; a search makes at least one."""
    problem = random_problem(3)
    instance = prepare(problem)
    pricer = Pricer(trips=problem.trips, rides=int(instance.most_aboard[0]), kinds=2, size=1000)
    prover = prover_of(problem)
    prices = prover.master.prices(prover.master.solve(), 0)
    pricer.price(0, prover.generation.graphs[0], prices, EXACT)

    assert pricer.calls == 1
    assert pricer.labels >= 1
