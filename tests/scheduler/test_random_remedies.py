"""Remedies on random tiny days: each makes the request fit, and no smaller one would."""

from dataclasses import replace

from scheduler.asked import Asked
from scheduler.check import check
from scheduler.model import RequestId
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan, Reason, Unserved
from scheduler.planning import plan_day
from scheduler.promises import promise_plan
from scheduler.remedies import Change, Explanation, Kind, Verdict, apply, explain
from scheduler.remedies.fitting import focus
from scheduler.remedies.ladders import (
    FARTHEST,
    WIDER_FOR_OTHERS,
    Ladder,
    longer_shifts,
    own_ladders,
    steps,
)
from tests.builders_random_days import can_serve_all, random_asked

PROOF = Effort(iterations=100, labels=200_000)
SEARCH = Effort(iterations=100, labels=0)
# Days of four requests and one shift on which somebody finds no room beside the others.
CROWDED = (23, 38, 48, 133)


def planned(asked: Asked) -> Plan:
    return plan_day(asked.day, effort=Effort(iterations=1_000, labels=100_000))


def served(plan: Plan) -> set[RequestId]:
    return {visit.request for visit in plan.visits}


def refuted(asked: Asked, plan: Plan, answer: Explanation) -> list[str]:
    """Say which remedies are none: somebody is left out, or the checker finds something."""
    wrong = []
    for remedy in answer.remedies:
        change = remedy.change
        given_up = {change.request} if change.kind is Kind.WITHOUT_OTHER else set()
        wanted = (served(plan) | {answer.request}) - given_up
        if check(remedy.plan, apply(change, asked).day) or not wanted <= served(remedy.plan):
            wrong.append(str(change))
    return wrong


def ladders(asked: Asked, answer: Explanation) -> list[Ladder]:
    """What there was to climb, with steps."""
    mine = *own_ladders(asked, answer.request, ()), *longer_shifts(asked, answer.request)
    own = [ladder for ladder in mine if ladder]
    whose = {remedy.change.request for remedy in answer.remedies} - {answer.request}
    others = [steps(Kind.WIDER_WINDOW, other, WIDER_FOR_OTHERS) for other in sorted(whose)]
    return [ladder for ladder in own + others if ladder[0].kind in FARTHEST]


def test_each_remedy_makes_the_request_fit() -> None:
    """Also where people were promised something; the checker looks at the changed day."""
    kinds = set()
    for seed in range(12):
        asked = random_asked(seed, requests=5, shifts=1 + seed % 2)
        plan = planned(asked)
        if seed % 3 == 0:
            promises = promise_plan(plan, asked.day, width=20 * 60)
            asked = replace(asked, promises=promises)
            plan = planned(asked)
        for unserved in plan.unserved:
            answer = explain(asked, plan, unserved.request, effort=SEARCH)
            assert refuted(asked, plan, answer) == [], seed
            kinds |= {remedy.change.kind for remedy in answer.remedies}
    assert kinds > {Kind.WIDER_WINDOW, Kind.LATER_APPOINTMENT, Kind.EXTRA_SHIFT}


def rung(change: Change) -> tuple[object, ...]:
    """What all changes of one ladder share."""
    return change.kind, change.request, change.shift


def test_no_smaller_remedy_of_its_kind_exists() -> None:
    """On days so small that everything can be tried, search and proof both find the least."""
    climbed = 0
    for seed in CROWDED:
        asked = random_asked(seed, requests=4, shifts=1)
        plan = planned(asked)
        for unserved in plan.unserved:
            answer = explain(asked, plan, unserved.request, effort=PROOF)
            search = explain(asked, plan, unserved.request, effort=SEARCH)
            wanted = served(plan) | {answer.request}
            found = {rung(r.change): r for r in answer.remedies}
            assert [r.change for r in search.remedies] == [r.change for r in answer.remedies]
            for ladder in ladders(asked, answer):
                remedy = found.get(rung(ladder[0]))
                if remedy is None:
                    continue
                assert remedy.least
                climbed += 1
                for smaller in ladder[: ladder.index(remedy.change)]:
                    day = focus(apply(smaller, asked).day, wanted)
                    alone = len(day.journeys) < len(wanted)
                    assert alone or not can_serve_all(day), (seed, smaller)
    assert climbed > 15


def test_verdicts_are_those_of_trying_everything() -> None:
    """With a proof, "impossible" means that no plan takes the request beside the others."""
    verdicts = set()
    for seed in CROWDED:
        asked = random_asked(seed, requests=4, shifts=1)
        # A plan that was made without the last one who can be served alone.
        late = asked.day.journeys[-1].request if asked.day.journeys else None
        if late is None:
            continue
        early = replace(asked, requests=tuple(r for r in asked.requests if r.id != late))
        plan = planned(early)
        plan = replace(plan, unserved=(*plan.unserved, Unserved(late, Reason.NO_ROOM_FOUND)))
        answer = explain(asked, plan, late, effort=PROOF)

        fits = can_serve_all(focus(asked.day, served(plan) | {late}))
        assert answer.verdict is (Verdict.FITS if fits else Verdict.IMPOSSIBLE), seed
        verdicts.add(answer.verdict)
    assert verdicts == {Verdict.FITS, Verdict.IMPOSSIBLE}
