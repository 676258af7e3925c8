"""
Workers of a Dask cluster, perhaps on other machines: they need this program, and nothing beside.

The scheduler of the cluster forgets everything when it dies; what is to be solved stands in our
database. We and a worker talk through two of its variables: what the worker tells, and what we say.
"""

import logging
import threading
import time
import uuid
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from api.jobs import work
from api.jobs.crew import NoWorkersError, Wanted, WorkerLostError, always, follow
from api.jobs.work import Task, carry_out
from scheduler.optimizer.solution import Effort, Progress, Solution, Watch
from scheduler.problem import Problem

if TYPE_CHECKING:
    from distributed import Client, Variable

log = logging.getLogger("fahrten")

CONNECT_SECONDS = 5.0
ASK_SECONDS = 5.0  # for what takes milliseconds, unless the scheduler has died
TALK_SECONDS = 0.5  # between two times that one side tells the other something
# Whoever hears nothing of us for so long solves for nobody: we are dead, or have asked another.
SILENCE_SECONDS = 8.0
SIZE_SECONDS = 10.0  # so long it is believed how many workers there are


class FarLine:
    """Our end of the line to a worker."""

    def __init__(self, client: "Client", name: str) -> None:
        from distributed import Variable

        self._told = Variable(_told(name), client=client)
        self._said = Variable(_said(name), client=client)
        self._beats = 0
        self._stop = False
        self._heard: Progress | None = None
        self._talked = 0.0
        # Whoever asks for a variable that there is not has to wait.
        _set(self._told, [0.0] * work.SLATE_SIZE)

    def talk(self) -> None:
        """Say that we are there, and listen."""
        self._talked = time.monotonic()
        self._beats += 1
        _set(self._said, [self._beats, self._stop])
        news = _get(self._told)
        if news is not None:
            self._heard = work.read(news)

    def heard(self) -> Progress | None:
        """What the worker told last."""
        if time.monotonic() - self._talked >= TALK_SECONDS:
            self.talk()
        return self._heard

    def stop(self) -> None:
        """Ask for the best so far."""
        self._stop = True
        _set(self._said, [self._beats, True])

    def close(self) -> None:
        """Leave nothing behind."""
        for variable in (self._told, self._said):
            variable.delete()


class Cluster:
    """The workers of one scheduler, such as ``tcp://10.0.0.5:8786``."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._size = (1, 0.0)

    @property
    def size(self) -> int:
        """How many problems are solved at once; 1 as long as nobody knows."""
        size, until = self._size
        if time.monotonic() >= until:
            try:
                size = max(1, sum(self._connect().nthreads().values()))
            except _broken():
                size = 1
            self._size = size, time.monotonic() + SIZE_SECONDS
        return size

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
        """Let a worker of the cluster solve; raises as `crew.Crew` says."""
        client, name = self._connect(), f"fahrten-{uuid.uuid4().hex}"
        line = FarLine(client, name)
        try:
            line.talk()
            executor = client.get_executor(pure=False)
            future = executor.submit(work_far, Task(problem, effort, seed, warm_start), name)
            return follow(future, line, progress, wanted)
        except _broken() as error:
            log.warning("the cluster has lost a solve: %s", type(error).__name__)
            self._drop(client)
            raise WorkerLostError from error
        finally:
            if client.status == "running":
                line.close()

    def end(self) -> None:
        """Leave the cluster; it stays."""
        if self._client is not None:
            self._drop(self._client)

    def _connect(self) -> "Client":
        from distributed import Client

        with self._lock:
            if self._client is not None and self._client.status == "running":
                return self._client
            try:
                self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
            except (OSError, TimeoutError) as error:
                raise NoWorkersError from error
            return self._client

    def _drop(self, client: "Client") -> None:
        with self._lock:
            if self._client is client:
                self._client = None
        try:
            client.close(timeout=1)
        except (OSError, TimeoutError, RuntimeError):
            log.warning("the cluster could not be left in an orderly way")


class _NearLine:
    """The worker's end of the line."""

    def __init__(self, name: str) -> None:
        from distributed import Variable

        self._told, self._said = Variable(_told(name)), Variable(_said(name))
        self._beats = -1
        self._heard = self._talked = time.monotonic()
        self._go_on = True

    def tell(self, progress: Progress) -> bool:
        """Tell how far it is, now and then; say whether somebody still wants it."""
        now = time.monotonic()
        if now - self._talked < TALK_SECONDS:
            return self._go_on
        slate = [0.0] * work.SLATE_SIZE
        work.write(slate, progress)
        _set(self._told, slate)
        said = _get(self._said)
        self._talked = time.monotonic()
        if said is not None and said[0] != self._beats:
            self._beats, self._heard = said[0], self._talked
        silent = self._talked - self._heard >= SILENCE_SECONDS
        self._go_on = not silent and not (said is not None and said[1])
        return self._go_on


def work_far(task: Task, name: str) -> Solution:
    """Carry out a task in a worker of the cluster."""
    return carry_out(task, _NearLine(name).tell)


def _told(name: str) -> str:
    return f"{name}-told"


def _said(name: str) -> str:
    return f"{name}-said"


def _set(variable: "Variable", value: Any) -> None:
    """Say something; if nobody listens, what is solved is lost, and that is noticed there."""
    try:
        variable.set(value, timeout=ASK_SECONDS, callback_timeout=ASK_SECONDS)
    except _broken():
        log.warning("the scheduler of the cluster does not answer")


def _get(variable: "Variable") -> Any:
    """Hear what was said last; ``None`` if nobody answers."""
    try:
        return variable.get(timeout=1, callback_timeout=ASK_SECONDS)
    except _broken():
        return None


def _broken() -> tuple[type[BaseException], ...]:
    """What happens when a scheduler or its workers die."""
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    return (
        CancelledError,
        CommClosedError,
        FutureCancelledError,
        KilledWorker,
        NoWorkersError,
        OSError,
        TimeoutError,
    )
