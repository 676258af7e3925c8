"""What a worker does, in its own process: numbers in, numbers out. It knows nobody, and no key."""

import multiprocessing
import os
import signal
import threading
from collections.abc import MutableSequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Final, TypeAlias

from scheduler.optimizer.solution import Effort, Progress, Solution, Watch
from scheduler.problem import Problem


@dataclass(frozen=True, eq=False)
class Task:
    """A problem, and how hard to try."""

    problem: Problem
    effort: Effort
    seed: int = 0
    warm_start: Solution | None = None


def carry_out(task: Task, tell: Watch) -> Solution:
    """Solve; *tell* hears how far it is, and says whether to go on."""
    # It takes a second to import, and the process that only hands out tasks does not need it.
    from scheduler.optimizer import solve

    return solve(
        task.problem,
        effort=task.effort,
        seed=task.seed,
        progress=tell,
        warm_start=task.warm_start,
    )


# Memory that a worker shares with whoever hands out its tasks: whether it is to stop, whether
# something was told yet, and what. Nobody waits for a lock that somebody dead may hold; at worst a
# number is read that is newer than the one beside it.
Slate: TypeAlias = MutableSequence[float]

STOP, TOLD, FIRST = 0, 1, 2
FIELDS: Final = (
    "iterations",
    "seconds",
    "unserved",
    "unserved_weight",
    "cost",
    "bound_weight",
    "bound_cost",
)
SLATE_SIZE: Final = FIRST + len(FIELDS)
_WHOLE: Final = {"iterations", "unserved", "unserved_weight", "bound_weight"}

_slate: Slate = [0.0] * SLATE_SIZE


def begin(slate: Slate) -> None:
    """
    Begin to work for another process, and end with it.

    The other one says when to stop: Ctrl+C and the end of the service reach us as well, and must
    not take away a plan that is to be kept.
    """
    global _slate  # noqa: PLW0603  (one worker, one slate)
    _slate = slate
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101  (only workers come here)
    wait([parent.sentinel])
    os._exit(1)


def work(task: Task) -> Solution:
    """Carry out a task that came to this process."""
    return carry_out(task, _tell)


def _tell(progress: Progress) -> bool:
    write(_slate, progress)
    return not _slate[STOP]


def write(slate: Slate, progress: Progress) -> None:
    """Put on the slate how far it is."""
    for place, name in enumerate(FIELDS, start=FIRST):
        slate[place] = float(getattr(progress, name))
    slate[TOLD] = 1.0


def read(numbers: "Slate | list[float]") -> Progress | None:
    """Read what was told last; ``None`` if it was nothing yet."""
    if not numbers[TOLD]:
        return None
    told = dict(zip(FIELDS, numbers[FIRST:], strict=True))
    return Progress(**{k: int(v) if k in _WHOLE else v for k, v in told.items()})  # type: ignore[arg-type]
