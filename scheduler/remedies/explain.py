"""Why somebody is not in the plan, proven where it can be, and what would help."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.asked import Asked
from scheduler.model import RequestId
from scheduler.optimizer.solution import Effort
from scheduler.plan import Plan, Reason, Unserved
from scheduler.remedies.changes import Change, Kind, Slot
from scheduler.remedies.fitting import Fitting, Remedy
from scheduler.remedies.ladders import (
    WIDER_FOR_OTHERS,
    further_shifts,
    longer_shifts,
    open_shifts,
    own_ladders,
    steps,
)

# Steps of each search; without labels, nothing is proven.
SEARCH = Effort(iterations=500, labels=0)
PROOF = Effort(iterations=500, labels=1_000_000)
# Searches with somebody left out are many, and shorter: this share of the steps.
SHORTER = 2
# So many others who are in the way, and so many whose windows could be wider, are named.
MOST_OTHERS, MOST_WIDER = 5, 3


class Verdict(StrEnum):
    """
    Whether a request fits as it is, beside everybody whom the plan serves.

    `FITS` has a plan, `IMPOSSIBLE` a proof, `NOT_FOUND` neither.
    """

    FITS = "fits"
    IMPOSSIBLE = "impossible"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Explanation:
    """
    The answer to "why not?".

    Parameters
    ----------
    unserved
        The reason that the plan gives.
    plan
        With `Verdict.FITS`, one that serves the request and everybody else; it passed the check.
    remedies
        What would help, each with a plan of its own, by kind.
    """

    unserved: Unserved
    verdict: Verdict
    plan: Plan | None
    remedies: tuple[Remedy, ...]

    @property
    def request(self) -> RequestId:
        """Whom it is about."""
        return self.unserved.request


def explain(
    asked: Asked,
    plan: Plan,
    request: RequestId,
    *,
    slots: Sequence[Slot] = (),
    effort: Effort = SEARCH,
    seed: int = 0,
) -> Explanation:
    """
    Find out whether *request*, which *plan* leaves out, really has no room, and what would help.

    *plan* is one of ``asked.day``, or was: who asks no more is left out, and who was promised a
    ride since is taken along (`Fitting`); its reason is believed. *slots* are free
    appointments. With labels in *effort* the verdict is proven, and that no smaller change helps,
    as far as they reach.

    Raises
    ------
    ValueError
        If *plan* does not leave out *request*.
    BrokenPlanError
        If the checker finds anything wrong with a plan behind the answer.
    """
    unserved = next((each for each in plan.unserved if each.request == request), None)
    if unserved is None:
        msg = f"Request {request} is not among the unserved of the plan of {plan.date}."
        raise ValueError(msg)
    fitting = Fitting(asked, plan, request, effort=effort, seed=seed)
    alone = any(journey.request == request for journey in asked.day.journeys)
    found, impossible = None, not alone or unserved.reason is Reason.NO_ROOM_PROVEN
    if not impossible:
        found, impossible = fitting.unchanged()
    if found is not None:
        return Explanation(unserved, Verdict.FITS, found, ())
    remedies = [*_own(fitting, slots)]
    if alone:
        remedies += _others(fitting)
    verdict = Verdict.IMPOSSIBLE if impossible else Verdict.NOT_FOUND
    return Explanation(unserved, verdict, None, tuple(remedies))


def _own(fitting: Fitting, slots: Sequence[Slot]) -> Iterator[Remedy]:
    """What the request itself could bear, and more driving."""
    ladders = own_ladders(fitting.asked, fitting.request, slots)
    longer = longer_shifts(fitting.asked, fitting.request)
    lacking = open_shifts(fitting.asked, fitting.request)
    further = further_shifts(fitting.asked, fitting.request)
    tried = [
        *map(fitting.least, ladders),
        *map(fitting.climb, longer),
        *map(fitting.fits, lacking),
        *map(fitting.fits, further),
    ]
    yield from (remedy for remedy in tried if remedy is not None)


def _others(fitting: Fitting) -> Iterator[Remedy]:
    """Who is in the way: those who could bear wider windows, and those who weigh no more."""
    shorter = replace(fitting.effort, iterations=fitting.effort.iterations // SHORTER, labels=0)
    short = Fitting(fitting.asked, fitting.plan, fitting.request, effort=shorter, seed=fitting.seed)
    tried = (short.fits(Change(Kind.WITHOUT_OTHER, other)) for other in fitting.served)
    without = [remedy for remedy in tried if remedy is not None]
    # Who is not in the way when away is not in the way with wider windows either.
    ladders = (
        steps(Kind.WIDER_WINDOW, remedy.change.request, WIDER_FOR_OTHERS) for remedy in without
    )
    wider = [remedy for remedy in map(fitting.least, ladders) if remedy is not None]
    yield from sorted(wider, key=lambda each: (each.change.step, each.extra))[:MOST_WIDER]
    weights = _weights(fitting.asked)
    # To whom something was promised, that is not taken away.
    lighter = [
        remedy
        for remedy in without
        if fitting.asked.promise(remedy.change.request) is None
        and weights[remedy.change.request] <= weights[fitting.request]
    ]
    lighter.sort(key=lambda remedy: (weights[remedy.change.request], remedy.extra))
    yield from lighter[:MOST_OTHERS]


def _weights(asked: Asked) -> dict[RequestId, int]:
    priority = asked.policy.priority
    return {request.id: priority.weight(request.priority) for request in asked.requests}
