"""Plan a day: numbers, optimizer, stops with times, and the check that nothing gets past."""

from scheduler.check import check
from scheduler.day import Day
from scheduler.errors import BrokenPlanError
from scheduler.formulate import make_plan, make_problem, make_routes
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, RoutePlan, Solution, Solver, Watch
from scheduler.plan import Plan
from scheduler.steady import steadied


def plan_day(
    day: Day,
    *,
    effort: Effort,
    seed: int = 0,
    watch: Watch | None = None,
    start: Plan | None = None,
    solver: Solver = solve,
) -> Plan:
    """
    Find the best plan of *day* that *effort* allows.

    It is never worse than *start*, a plan of the same or a similar day, as far as that can still
    be driven. The *solver* may be somewhere else: it sees numbers only, and what it gives back is
    checked here.

    Raises
    ------
    BrokenPlanError
        If the checker finds anything wrong with it: no such plan ever leaves the program.
    """
    problem = make_problem(day)
    known = None
    if start is not None:
        known = Solution(make_routes(start, day), 0, 0.0, 0, 0.0, proven=False)
    solution = solver(problem, effort=effort, seed=seed, progress=watch, warm_start=known)
    others = () if known is None else (known.routes,)
    return checked_plan(day, steadied(day, problem, solution, *others), seed=seed)


def unproven_plan(day: Day, routes: tuple[RoutePlan, ...]) -> Plan:
    """Write *routes* of *day* out, with no bound but nothing; raises as `plan_day` does."""
    return checked_plan(day, Solution(routes, 0, 0.0, 0, 0.0, proven=False))


def checked_plan(day: Day, solution: Solution, *, seed: int = 0) -> Plan:
    """Write *solution* of *day* out and let the checker see it; raises as `plan_day` does."""
    return accept(day, make_plan(day, solution, seed=seed))


def accept(day: Day, plan: Plan) -> Plan:
    """Let the checker see *plan*; raises as `plan_day` does."""
    violations = check(plan, day)
    if violations:
        found = "\n".join(f"{each.rule} at {each.where}: {each.message}" for each in violations)
        msg = f"The plan of {day.date} breaks {len(violations)} promises:\n{found}"
        raise BrokenPlanError(msg)
    return plan
