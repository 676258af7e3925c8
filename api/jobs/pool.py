"""Worker processes on this machine."""

import logging
import multiprocessing
import queue
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from typing import cast

from api.jobs import work
from api.jobs.crew import (
    LOOK_SECONDS,
    NotBegunError,
    Wanted,
    WorkerLostError,
    always,
    follow,
)
from api.jobs.work import Slate, Task
from scheduler.optimizer.solution import Effort, Progress, Solution, Watch
from scheduler.problem import Problem

log = logging.getLogger("fahrten")


class Hand:
    """
    One worker process, and the slate that it and we write on.

    It has a pool of its own: who dies of a task takes no other task along.
    """

    def __init__(self) -> None:
        # Forking a process with threads may copy a lock that nobody opens any more.
        context = multiprocessing.get_context("spawn")
        self.slate = cast("Slate", context.RawArray("d", work.SLATE_SIZE))
        self.executor: Executor = ProcessPoolExecutor(
            1, mp_context=context, initializer=work.begin, initargs=(self.slate,)
        )

    def submit(self, task: Task) -> Future[Solution]:
        """Begin with a task; the process starts with the first one."""
        for place in range(work.SLATE_SIZE):
            self.slate[place] = 0.0
        return self.executor.submit(work.work, task)

    def heard(self) -> Progress | None:
        """What the worker told last."""
        return work.read(list(self.slate))

    def stop(self) -> None:
        """Ask for the best so far."""
        self.slate[work.STOP] = 1.0


class Pool:
    """So many processes, each of which solves one problem at a time."""

    def __init__(self, workers: int) -> None:
        self.size = workers
        self._free: queue.Queue[Hand] = queue.Queue()
        for _ in range(workers):
            self._free.put(Hand())

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
        """Wait for a free process, and let it solve; raises as `crew.Crew` says."""
        hand, task = self._wait(wanted), Task(problem, effort, seed, warm_start)
        try:
            future = hand.submit(task)
        except BrokenExecutor:
            # It died while it had nothing to do, so that nobody was told.
            hand = Hand()
            future = hand.submit(task)
        # Whoever waits may leave earlier; the hand is free when it has put everything down.
        future.add_done_callback(lambda _: self._take_back(hand, future))
        try:
            return follow(future, hand, progress, wanted)
        except BrokenExecutor as error:
            raise WorkerLostError from error

    def end(self) -> None:
        """End every process that has nothing to do; the others end with this one."""
        while True:
            try:
                hand = self._free.get_nowait()
            except queue.Empty:
                return
            hand.executor.shutdown()

    def _wait(self, wanted: Wanted) -> Hand:
        while wanted():
            try:
                return self._free.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
        raise NotBegunError

    def _take_back(self, hand: Hand, future: Future[Solution]) -> None:
        if not future.cancelled() and isinstance(future.exception(), BrokenExecutor):
            log.warning("a worker process has died; another one takes its place")
            hand.executor.shutdown(wait=False)
            hand = Hand()
        self._free.put(hand)
