r"""
Our answers to the literature's instances beside those of other programs, in the same time.

    python -m benchmarks.rivals FILE... --seconds S [--seed N] [--only ours,ortools,...]
        [--one-depot] [--known TABLE.csv] [--json OUT]

For each file and each program: what it found within S CPU seconds on one core, timed and checked
by us (`benchmarks.judging`), how many rides are too long in it, and how far it is from what is
known. A program that is not installed is named as such. The rivals are OR-Tools' routing library,
which is a dependency of this project anyway, and three that are not:

    .venv/bin/python -m pip install --no-deps --require-hashes --target /tmp/rivals \
        -r requirements/rivals.txt
    PYTHONPATH=/tmp/rivals .venv/bin/python -m benchmarks.rivals ...

(numpy and pandas, which they also want, are in .venv already; matplotlib is for pictures only).
They never go into .venv: the group *rivals* of pyproject.toml pins them, `make lock` the hashes.

Each answer is found in a process of its own, so nobody profits from, or pays for, another's
memory and threads. VROOM and vrp-cli stop by the clock on the wall only; they get as much longer
as the machine is busy when they begin, and the column of CPU seconds says what that came to. VROOM
ends by itself when it has nothing more to try.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from benchmarks import command
from benchmarks.answering import answer
from benchmarks.formats.case import Case
from benchmarks.judging import Verdict, judge
from benchmarks.known import Known
from benchmarks.literature import make_parser, read_inputs
from scheduler.optimizer import warm_up

Routes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Rival:
    """A program, and what it takes to have it: a module to import, of a package to install."""

    name: str
    module: str
    package: str
    search: Callable[[Case, float, int], Routes | None]

    def missing(self) -> bool:
        """Whether it is not installed."""
        return find_spec(self.module) is None

    def title(self) -> str:
        """Its name and version; ours has none."""
        return f"{self.name} {version(self.package)}" if self.package else self.name


@dataclass(frozen=True)
class Result:
    """What one program made of one instance; *trouble* says why there is no verdict."""

    instance: str
    rival: str
    verdict: Verdict | None
    seconds: float
    routes: Routes
    trouble: str = ""


def _ours(case: Case, seconds: float, seed: int) -> Routes:
    return tuple(route.visits for route in answer(case, seconds=seconds, seed=seed).routes)


def _ortools(case: Case, seconds: float, seed: int) -> Routes | None:
    from benchmarks.ortools_routing import search

    return search(case.problem, seconds=seconds, seed=seed)


def _other(module: str) -> Callable[[Case, float, int], Routes | None]:
    def search(case: Case, seconds: float, seed: int) -> Routes | None:
        found: Routes | None = importlib.import_module(module).search(
            case.problem, seconds=seconds, seed=seed, vehicles_first=case.vehicles_first
        )
        return found

    return search


RIVALS = (
    Rival("ours", "scheduler.optimizer", "", _ours),
    Rival("ortools", "ortools", "ortools", _ortools),
    Rival("vroom", "vroom", "pyvroom", _other("benchmarks.others.vroom_solver")),
    Rival("pyvrp", "pyvrp", "pyvrp", _other("benchmarks.others.pyvrp_solver")),
    Rival("vrp-cli", "vrp_cli", "vrp-cli", _other("benchmarks.others.vrp_cli_solver")),
)


def compare(case: Case, rival: Rival, *, seconds: float, seed: int) -> Result:
    """Let one program answer one instance in a process of its own, and judge the answer."""
    if rival.missing():
        return Result(case.name, rival.name, None, 0.0, (), "not installed")
    with ProcessPoolExecutor(1) as pool:
        try:
            routes, spent, trouble = pool.submit(_timed, rival.name, case, seconds, seed).result()
        except BrokenProcessPool:
            routes, spent, trouble = None, 0.0, "failed: its process died"
    if routes is None:
        return Result(case.name, rival.title(), None, spent, (), trouble)
    return Result(case.name, rival.title(), judge(case.problem, routes), spent, routes)


def table(results: Sequence[Result], known: Mapping[str, Known]) -> list[str]:
    """Rows of a Markdown table, head first."""
    head = (
        "instance", "rival", "cost", "gap", "feasible", "rides too long", "unserved",
        "vehicles", "CPU s",
    )  # fmt: skip
    rows = [head, tuple("---" for _ in head), *(_cells(result, known) for result in results)]
    return ["| " + " | ".join(row) + " |" for row in rows]


def entry(case: Case, result: Result, known: Mapping[str, Known]) -> dict[str, Any]:
    """One result for the JSON; *routes* are the file's numbers of points."""
    verdict = result.verdict
    return {
        "instance": result.instance,
        "rival": result.rival,
        "trouble": result.trouble,
        "cost": verdict.cost if verdict else None,
        "gap": _gap(result, known),
        "feasible": verdict.feasible if verdict else False,
        "long_rides": verdict.long_rides if verdict else None,
        "unserved": verdict.unserved if verdict else None,
        "vehicles": verdict.vehicles if verdict else None,
        "faults": list(verdict.faults) if verdict else [],
        "seconds": round(result.seconds, 2),
        "routes": [case.numbers[list(visits)].tolist() for visits in result.routes],
    }


def main() -> int:
    """Compare on all files; 1 if an answer of ours is wrong, 2 if a file is."""
    arguments = _arguments()
    cases, known = read_inputs(arguments)
    warm_up()
    rivals = [rival for rival in RIVALS if rival.name in arguments.only]
    results, entries = [], []
    print("\n".join(table([], known)), flush=True)
    for case in cases:
        for rival in rivals:
            result = compare(case, rival, seconds=arguments.seconds, seed=arguments.seed)
            results.append(result)
            entries.append(entry(case, result, known))
            print(table([result], known)[-1], flush=True)
    command.write_json(arguments.json, entries)
    wrong = [r for r in results if r.rival == "ours" and r.verdict and not r.verdict.feasible]
    return 1 if any(result.verdict and not result.verdict.unserved for result in wrong) else 0


def _timed(name: str, case: Case, seconds: float, seed: int) -> tuple[Routes | None, float, str]:
    """In the worker: routes, CPU seconds with all threads, and why there are no routes."""
    rival = next(rival for rival in RIVALS if rival.name == name)
    importlib.import_module(rival.module)
    begin = time.process_time()
    try:
        routes = rival.search(case, seconds, seed)
    except BaseException as error:  # noqa: BLE001  a panic of Rust is no Exception, and no pickle
        said = str(error).strip().splitlines() or [type(error).__name__]
        return None, time.process_time() - begin, f"failed: {said[0]}"
    return routes, time.process_time() - begin, "" if routes else "no answer"


def _cells(result: Result, known: Mapping[str, Known]) -> tuple[str, ...]:
    verdict, seconds = result.verdict, f"{result.seconds:.1f}"
    if verdict is None:
        return (result.instance, result.rival, result.trouble, "", "", "", "", "", seconds)
    gap = _gap(result, known)
    return (
        result.instance,
        result.rival,
        f"{verdict.cost:.2f}",
        "" if gap is None else f"{gap:+.2%}",
        "yes" if verdict.feasible else "NO",
        str(verdict.long_rides),
        str(verdict.unserved),
        str(verdict.vehicles),
        seconds,
    )


def _gap(result: Result, known: Mapping[str, Known]) -> float | None:
    """Nothing for a plan that leaves somebody at home: it may be as short as it likes."""
    verdict, best = result.verdict, known.get(result.instance)
    if verdict is None or best is None or verdict.unserved:
        return None
    return best.gap(verdict.cost, verdict.vehicles)


def _names(text: str) -> list[str]:
    """Read names with commas between them."""
    names = text.split(",")
    unknown = set(names) - {rival.name for rival in RIVALS}
    if unknown:
        msg = f"no such rival: {', '.join(map(repr, sorted(unknown)))}"
        raise argparse.ArgumentTypeError(msg)
    return names


def _arguments() -> argparse.Namespace:
    parser = make_parser("rivals", __doc__)
    parser.add_argument("--seed", type=command.seed, default=0)
    parser.add_argument("--only", type=_names, default=[rival.name for rival in RIVALS])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
