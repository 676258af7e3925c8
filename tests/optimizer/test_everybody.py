"""Whether everybody can be served: the search, the proof, and that both are the same each time."""

import pytest

from scheduler.formulate import make_problem
from scheduler.optimizer.everybody import serve_everybody
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort
from tests.builders_random_days import can_serve_all, random_day

PROOF = Effort(iterations=200, labels=200_000)


@pytest.mark.parametrize("seed", range(12))
def test_the_answer_is_that_of_trying_everything(seed: int) -> None:
    """Routes if and only if there are any, and otherwise a proof; never both."""
    day = random_day(900 + seed, requests=3, shifts=1)
    problem = make_problem(day)
    answer = serve_everybody(problem, start=(), effort=PROOF)

    assert (answer.routes is not None) == can_serve_all(day)
    assert answer.impossible == (answer.routes is None)
    if answer.routes is not None:
        instance = prepare(problem)
        visits = [visit for route in answer.routes for visit in route.visits]
        served = {int(problem.visit_trip[visit]) for visit in visits}
        journeys = {
            int(problem.option_journey[option])
            for option in range(len(problem.option_journey))
            if served.issuperset(
                problem.option_trip[slice(*problem.option_start[option : option + 2])].tolist()
            )
        }
        assert journeys == set(range(problem.journeys))
        for shift, route in enumerate(answer.routes):
            assert feasible(instance, shift, route.visits)


def test_without_labels_nothing_is_proven() -> None:
    """The search alone may find nothing, and then says no more than that."""
    problems = [make_problem(random_day(seed, requests=4, shifts=1)) for seed in range(6)]
    answers = [serve_everybody(each, start=(), effort=Effort(300, 0)) for each in problems]
    proofs = [serve_everybody(each, start=(), effort=PROOF) for each in problems]

    silent = [a.routes is None and not a.impossible for a in answers]
    assert any(silent)
    assert all(p.impossible for p, quiet in zip(proofs, silent, strict=True) if quiet)


def test_a_limit_of_seconds_ends_the_search() -> None:
    """Long before its steps are made; and the proof has what the search leaves of them."""
    problems = [make_problem(random_day(seed, requests=4, shifts=1)) for seed in range(6)]
    endless = Effort(iterations=10**12, labels=0, seconds=0.02)
    proof = Effort(iterations=200, labels=200_000, seconds=60.0)

    silent = [serve_everybody(each, start=(), effort=endless).routes is None for each in problems]
    proven = [serve_everybody(each, start=(), effort=proof).impossible for each in problems]

    assert any(silent)
    assert proven == silent


def test_the_same_seed_gives_the_same_routes() -> None:
    """No clock decides."""
    problem = make_problem(random_day(3, requests=4, shifts=2))
    effort = Effort(iterations=400, labels=0)
    once, again = (serve_everybody(problem, start=(), effort=effort, seed=7) for _ in range(2))

    assert once == again
