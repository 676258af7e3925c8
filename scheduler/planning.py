"""Plan a day: numbers, optimizer, stops with times, and the check that nothing gets past."""

from scheduler.check import check
from scheduler.day import Day
from scheduler.errors import BrokenPlanError
from scheduler.formulate import make_plan, make_problem
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, Watch
from scheduler.plan import Plan


def plan_day(day: Day, *, effort: Effort, seed: int = 0, watch: Watch | None = None) -> Plan:
    """
    Find the best plan of *day* that *effort* allows.

    Raises
    ------
    BrokenPlanError
        If the checker finds anything wrong with it: no such plan ever leaves the program.
    """
    solution = solve(make_problem(day), effort=effort, seed=seed, progress=watch)
    plan = make_plan(day, solution, seed=seed)
    violations = check(plan, day)
    if violations:
        found = "\n".join(f"{each.rule} at {each.where}: {each.message}" for each in violations)
        msg = f"The plan of {day.date} breaks {len(violations)} promises:\n{found}"
        raise BrokenPlanError(msg)
    return plan
