"""Picks up, in the serving process, what is to be solved, and sees to it that it is."""

import logging
import threading
import time
from typing import Literal

from api.errors import BusyError, NoSolverError, StoppedEarlyError
from api.jobs.crew import NoWorkersError
from api.observing import metrics
from api.operations import solving
from api.operations.office import Office
from data import solves
from data.acting import Deed, act
from data.solves import Lease, Solve

log = logging.getLogger("fahrten")

State = Literal["ok", "no_workers", "off", "failing"]

LOOK_SECONDS = 0.5  # between two looks at what is waiting
PAUSE_SECONDS = 3.0  # after something went wrong that may be over by then
SPARE_SECONDS = 5.0  # between the last plan and the end: to write it down, and to answer
STUCK_SECONDS = 120.0  # without a look, somebody should look after us; a guess


class Runner(threading.Thread):
    """Looks for work; each solve then has a thread that waits for its worker."""

    def __init__(self, office: Office) -> None:
        super().__init__(name="runner", daemon=True)
        self._office = office
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        self._looked = time.monotonic()
        self._rest_until = 0.0
        self._alone = False

    @property
    def state(self) -> State:
        """Whether it looks for work, and somebody does it."""
        if self._ended.is_set():
            return "off"
        if not self.is_alive() or time.monotonic() - self._looked > STUCK_SECONDS:
            return "failing"
        return "no_workers" if self._alone else "ok"

    def run(self) -> None:
        """Look for work until `end`."""
        act(Deed("service", "solve"))
        failed, pause = False, LOOK_SECONDS
        while not self._ended.wait(pause):
            self._looked = time.monotonic()
            try:
                while self._pick_up():
                    pass
                failed, pause = False, LOOK_SECONDS
            except Exception as error:  # noqa: BLE001  (the database may answer again)
                if not failed:
                    log.error("nothing can be picked up: %s", type(error).__name__)
                failed, pause = True, PAUSE_SECONDS

    def end(self) -> None:
        """Pick up nothing more, and let what is being solved come to an end."""
        self._ended.set()
        limit = self._office.settings.stop_seconds
        self._office.leases.end(max(limit / 2, limit - SPARE_SECONDS))

    def wait(self, seconds: float) -> None:
        """Wait until everything has come to its end, but not for longer than that."""
        until = time.monotonic() + seconds
        for thread in [self, *self._threads]:
            thread.join(max(0.0, until - time.monotonic()))

    def _pick_up(self) -> bool:
        """Take one solve, if there is one and somebody to do it; say whether to look again."""
        office = self._office
        self._threads = [each for each in self._threads if each.is_alive()]
        with office.store.reading() as session:
            for state, count in solves.count_open(session).items():
                metrics.SOLVES_OPEN.labels(state.value).set(count)
            left = solves.is_work_left(session, office.now())
        resting = self._ended.is_set() or time.monotonic() < self._rest_until
        if not left or resting or len(self._threads) >= office.crew.size:
            return False
        with office.store.writing() as session:
            taken = solves.claim(session, office.leases.holder, now=office.now(), busy=office.busy)
        if taken is None:
            return False
        thread = threading.Thread(target=self._carry_out, args=taken, name=taken[0].id, daemon=True)
        self._threads.append(thread)
        thread.start()
        return True

    def _carry_out(self, solve: Solve, lease: Lease) -> None:
        act(Deed(solve.actor, "solve"))
        metrics.SOLVE_WAIT_SECONDS.observe((self._office.now() - solve.asked).total_seconds())
        try:
            solving.work_at(self._office, solve, lease)
            self._alone = False
        except StoppedEarlyError:
            log.info("%s was stopped before there was a plan", solve.id)
        except (NoSolverError, BusyError) as error:
            self._alone = isinstance(error.__cause__, NoWorkersError)
            self._rest_until = time.monotonic() + PAUSE_SECONDS
            log.warning("%s is not solved: %s", solve.id, type(error).__name__)
        except Exception as error:
            log.error("%s failed", solve.id, exc_info=error)
