"""Plans with a change: search, proof, and the check that nothing gets past."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from routing.units import Seconds
from scheduler.asked import Asked
from scheduler.check import check
from scheduler.day import Day
from scheduler.errors import BrokenPlanError
from scheduler.formulate import make_plan, make_problem, make_routes
from scheduler.model import Journey, RequestId, Trip, TripId
from scheduler.optimizer import solve
from scheduler.optimizer.everybody import Everybody, serve_everybody
from scheduler.optimizer.solution import Effort, RoutePlan, Solution
from scheduler.plan import Plan
from scheduler.remedies.changes import Change, Kind, apply
from scheduler.remedies.ladders import Ladder

# Stands between the name of a trip and the rung of the ladder that it belongs to.
_MARK = "@"
# Steps that a plan found is improved for: the first one found drives farther than it has to.
POLISH = 400


@dataclass(frozen=True)
class Remedy:
    """
    A change with which the request fits.

    Parameters
    ----------
    day, plan
        The day made anew with the change, and a plan of it that the checker has passed: it serves
        the request and everybody who was served before (but whom `Kind.WITHOUT_OTHER` names).
    extra
        Seconds of driving more than before; less than 0 if the plan is a better one.
    least
        Whether every smaller change of this kind is proven not to be enough. Otherwise the
        search has found none.
    """

    change: Change
    day: Day
    plan: Plan
    extra: Seconds
    least: bool


class Fitting:
    """
    Looks for plans that serve *request* and everybody whom *plan* serves.

    Whoever does not ask any more is served no more; whoever was promised a ride since *plan*, and
    is not among its unserved, is.

    *effort* counts steps and labels of each search by itself.
    """

    def __init__(
        self, asked: Asked, plan: Plan, request: RequestId, *, effort: Effort, seed: int
    ) -> None:
        self.asked, self.plan, self.request = asked, plan, request
        self.effort, self.seed = effort, seed
        asking = {each.id for each in asked.requests}
        left_out = {each.request for each in plan.unserved}
        riding = [visit.request for visit in plan.visits if visit.request in asking]
        promised = [each.request for each in asked.promises if each.request not in left_out]
        self.served = tuple(dict.fromkeys([*riding, *promised]))

    def unchanged(self) -> tuple[Plan | None, bool]:
        """A plan with the request as it is; or ``None``, and whether it is proven that none is."""
        day = focus(self.asked.day, {*self.served, self.request})
        found = self._serve(day, self.effort)
        if found.routes is None:
            return None, found.impossible
        return self._complete(self.asked.day, _plan(day, found.routes), set()), False

    def least(self, ladder: Ladder) -> Remedy | None:
        """The lowest rung of *ladder*, changes to one request, with which the request fits."""
        if not ladder:
            return None
        whose = ladder[0].request
        rungs = [apply(change, self.asked).ways(whose) for change in ladder]
        everybody = focus(self.asked.day, {*self.served, self.request})
        found, proven = None, True
        while any(rungs):
            day = _with_rungs(everybody, whose, rungs)
            answer = self._serve(day, self.effort)
            if answer.routes is None:
                proven = answer.impossible
                break
            found = _plan(day, answer.routes)
            rungs = rungs[: _rung(found, whose)]
        if found is None:
            return None
        return self._remedy(ladder[len(rungs)], found, least=proven)

    def climb(self, ladder: Ladder) -> Remedy | None:
        """Like `least`, with rungs that are days of their own, each with more room than before."""
        if not ladder:
            return None
        low, high, proven = 0, len(ladder) - 1, True
        best, _ = self._try(ladder[high], replace(self.effort, labels=0))
        while best is not None and low < high:
            middle = (low + high) // 2
            found, impossible = self._try(ladder[middle], self.effort)
            if found is not None:
                best, high = found, middle
            else:
                low, proven = middle + 1, impossible
        return best and replace(best, least=proven)

    def fits(self, change: Change) -> Remedy | None:
        """A plan with *change*, which has no smaller one of its kind; ``None`` if none is found."""
        return self._try(change, replace(self.effort, labels=0))[0]

    def _try(self, change: Change, effort: Effort) -> tuple[Remedy | None, bool]:
        """A plan with *change*; or ``None``, and whether it is proven that there is none."""
        day = focus(apply(change, self.asked).day, {*self.served, self.request})
        if self.request not in {journey.request for journey in day.journeys}:
            return None, True
        answer = self._serve(day, effort)
        if answer.routes is None:
            return None, answer.impossible
        return self._remedy(change, _plan(day, answer.routes), least=True), False

    def _serve(self, day: Day, effort: Effort) -> Everybody:
        start = make_routes(self.plan, day)
        return serve_everybody(make_problem(day), start=start, effort=effort, seed=self.seed)

    def _remedy(self, change: Change, plan: Plan, *, least: bool) -> Remedy:
        day = apply(change, self.asked).day
        given_up = {change.request} if change.kind is Kind.WITHOUT_OTHER else set()
        plan = self._complete(day, _without_marks(plan), given_up)
        extra = plan.cost.driving - self.plan.cost.driving
        return Remedy(change, day, plan, extra, least)

    def _complete(self, day: Day, plan: Plan, given_up: set[RequestId]) -> Plan:
        """
        Make *plan*, of those who matter here, one of *day*, and improve and check it.

        Raises
        ------
        BrokenPlanError
            If the checker finds anything wrong, or somebody is left out: a fault here.
        """
        wanted = {*self.served, self.request} - given_up
        narrow = focus(day, wanted)
        better = solve(
            make_problem(narrow),
            effort=Effort(iterations=POLISH, labels=0),
            seed=self.seed,
            warm_start=_solution(make_routes(plan, narrow)),
        )
        complete = _plan(day, make_routes(make_plan(narrow, better), day), seed=self.seed)
        faults = [f"{each.rule} at {each.where}: {each.message}" for each in check(complete, day)]
        left = wanted - {visit.request for visit in complete.visits}
        if faults or left:
            msg = f"A plan for {self.request} leaves out {sorted(left)}; faults: {faults}"
            raise BrokenPlanError(msg)
        return complete


def focus(day: Day, requests: Collection[RequestId]) -> Day:
    """Leave only *requests* of a day, all of the same weight."""
    kept = [journey for journey in day.journeys if journey.request in requests]
    return replace(
        day,
        journeys=tuple(replace(journey, weight=1) for journey in kept),
        trips=tuple(trip for trip in day.trips if trip.request in requests),
        refused=(),
    )


def _with_rungs(day: Day, request: RequestId, rungs: Sequence[Sequence[Sequence[Trip]]]) -> Day:
    """Let *request* be served in each way of each rung; its trips are marked with theirs."""
    trips: dict[TripId, Trip] = {}
    options: list[tuple[TripId, ...]] = []
    for number, ways in enumerate(rungs):
        for way in ways:
            marked = [replace(trip, id=f"{trip.id}{_MARK}{number}") for trip in way]
            trips.update((trip.id, trip) for trip in marked)
            options.append(tuple(trip.id for trip in marked))
    return replace(
        day,
        journeys=(
            *(journey for journey in day.journeys if journey.request != request),
            Journey(request, tuple(options), 1),
        ),
        trips=(*(trip for trip in day.trips if trip.request != request), *trips.values()),
    )


def _rung(plan: Plan, request: RequestId) -> int:
    """On which rung *plan* serves *request*."""
    visit = next(visit for visit in plan.visits if visit.request == request)
    return int(visit.trip.rpartition(_MARK)[2])


def _without_marks(plan: Plan) -> Plan:
    """Call all trips by their own names again."""

    def plain(trip: TripId) -> TripId:
        name, mark, number = trip.rpartition(_MARK)
        return name if mark and number.isdecimal() else trip

    routes = tuple(
        replace(
            route,
            stops=tuple(
                replace(
                    stop,
                    visits=tuple(replace(visit, trip=plain(visit.trip)) for visit in stop.visits),
                    aboard=tuple(plain(trip) for trip in stop.aboard),
                )
                for stop in route.stops
            ),
        )
        for route in plan.routes
    )
    return replace(plan, routes=routes)


def _plan(day: Day, routes: Sequence[RoutePlan], *, seed: int = 0) -> Plan:
    return make_plan(day, _solution(routes), seed=seed)


def _solution(routes: Sequence[RoutePlan]) -> Solution:
    """Routes of which nothing is known yet."""
    return Solution(tuple(routes), 0, 0.0, 0, 0.0, proven=False)
