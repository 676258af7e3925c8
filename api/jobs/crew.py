"""Whoever solves for us, and how to follow what they do."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Protocol

from scheduler.optimizer.solution import Effort, Progress, Solution, Watch
from scheduler.problem import Problem

LOOK_SECONDS = 0.25  # between two looks at what a worker tells

# Says whether a solve is still wanted, as long as it has not begun.
Wanted = Callable[[], bool]


def always() -> bool:
    """Let everything be wanted."""
    return True


class WorkerLostError(RuntimeError):
    """A worker has died of a task, or with it. Somebody else may try."""


class NoWorkersError(RuntimeError):
    """There is nobody who could work at the moment."""


class NotBegunError(RuntimeError):
    """A solve is no longer wanted, and had not begun."""


class Crew(Protocol):
    """
    Solves problems somewhere, each as `scheduler.optimizer.solve` would.

    *size* is how many it solves at once.
    """

    @property
    def size(self) -> int:
        """How many problems are solved at once."""
        ...

    def solve(
        self,
        problem: Problem,
        /,
        *,
        effort: Effort,
        seed: int = 0,
        progress: Watch | None = None,
        warm_start: Solution | None = None,
        wanted: Wanted = always,
    ) -> Solution:
        """
        Find the best plan that the *effort* allows; *wanted* is asked until that begins.

        Raises
        ------
        WorkerLostError
            If the worker has died.
        NoWorkersError
            If there are none.
        NotBegunError
            If it was no longer wanted before it had begun.
        """
        ...

    def end(self) -> None:
        """Send everybody home."""
        ...


class Line(Protocol):
    """What connects us with whoever works at a task."""

    def heard(self) -> Progress | None:
        """What was told last; ``None`` if it was nothing yet."""
        ...

    def stop(self) -> None:
        """Ask for the best so far."""
        ...


def follow(
    future: Future[Solution], line: Line, progress: Watch | None, wanted: Wanted
) -> Solution:
    """Wait for a solution, pass on what is told of it, and stop it when that is asked for."""
    begun = False
    try:
        while True:
            done = wait([future], timeout=LOOK_SECONDS).done
            heard = line.heard()
            if heard is not None:
                begun = True
                if progress is not None and not progress(heard):
                    line.stop()
            elif not (begun or done or wanted()):
                raise NotBegunError
            if done:
                return future.result()
    except BaseException:
        line.stop()
        future.cancel()
        raise


class Here:
    """A crew of one: whoever asks. For commands, which have nothing else to do."""

    size = 1

    def solve(
        self,
        problem: Problem,
        /,
        *,
        effort: Effort,
        seed: int = 0,
        progress: Watch | None = None,
        warm_start: Solution | None = None,
        wanted: Wanted = always,
    ) -> Solution:
        """Solve at once, in this thread."""
        from scheduler.optimizer import solve

        if not wanted():
            raise NotBegunError
        return solve(problem, effort=effort, seed=seed, progress=progress, warm_start=warm_start)

    def end(self) -> None:
        """Nobody is to be sent home."""
