"""The solves that this process works at: it says so each second, and hears who wants to stop."""

import logging
import math
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data import solves
from data.acting import Deed, act
from data.solves import Lease
from data.store import Store
from scheduler.optimizer.solution import Progress, Watch
from scheduler.plan import Cost, gap_between

log = logging.getLogger("fahrten")

BEAT_SECONDS = 1.0


@dataclass
class Working:
    """
    A solve that somebody in this process works at.

    Parameters
    ----------
    waited_for
        Whether somebody waits for the plan: they get one even if the service ends. What nobody
        waits for is left to whoever comes next.
    also
        Hears how far it is, and may stop it.
    until
        When it has to be over at the latest, because the process ends.
    """

    lease: Lease
    waited_for: bool
    also: Watch | None = None
    progress: Mapping[str, Any] | None = None
    stopping: bool = False
    lost: bool = False
    until: float = math.inf

    def watch(self, progress: Progress) -> bool:
        """Note how far it is; say whether to go on."""
        self.progress = progress_document(progress)
        if self.also is not None and not self.also(progress):
            self.stopping = True
        return self.wanted()

    def wanted(self) -> bool:
        """Whether to go on."""
        return not (self.stopping or self.lost or self.ending)

    @property
    def ending(self) -> bool:
        """Whether this process has no more time for it."""
        return time.monotonic() >= self.until


def progress_document(progress: Progress) -> dict[str, Any]:
    """Write down how far a solve is: in numbers, each called as in a plan's document."""
    cost = Cost(progress.unserved_weight, round(progress.cost))
    bound = Cost(progress.bound_weight, max(0, round(progress.bound_cost)))
    return {
        "elapsed": round(progress.seconds, 1),
        "objective": cost.scalar,
        "bound": bound.scalar,
        "gap": max(0.0, gap_between(cost, bound)),
        "unserved": progress.unserved,
        "unserved_weight": cost.unserved_weight,
        "unserved_weight_bound": bound.unserved_weight,
        "driving_seconds": cost.driving,
        "driving_seconds_bound": bound.driving,
    }


class Leases:
    """
    What this process holds.

    Parameters
    ----------
    store
        Gives the database.
    now
        Gives the present moment, with a time zone.
    """

    def __init__(self, store: Callable[[], Store], now: Callable[[], datetime]) -> None:
        self.holder = uuid.uuid4().hex
        self._store = store
        self._now = now
        self._works: dict[int, Working] = {}
        self._lock = threading.Lock()
        self._awake = threading.Event()
        self._heart: threading.Thread | None = None

    @contextmanager
    def working(
        self, lease: Lease, *, waited_for: bool, also: Watch | None = None
    ) -> Iterator[Working]:
        """Say again and again, as long as the block lasts, that somebody works at a solve."""
        work = Working(lease, waited_for, also)
        with self._lock:
            self._works[lease.number] = work
            if self._heart is None:
                self._awake.clear()
                self._heart = threading.Thread(target=self._live, name="leases", daemon=True)
                self._heart.start()
        try:
            yield work
        finally:
            with self._lock:
                if self._works.get(lease.number) is work:
                    del self._works[lease.number]
                if not self._works:
                    self._awake.set()

    @property
    def working_at(self) -> frozenset[int]:
        """The solves that this process works at."""
        with self._lock:
            return frozenset(self._works)

    def stop(self, number: int) -> None:
        """Stop a solve at once, if it is here; else whoever works at it reads it in its row."""
        with self._lock:
            work = self._works.get(number)
        if work is not None:
            work.stopping = True

    def stop_all(self) -> None:
        """Stop everything that is solved here; the best plans so far are kept."""
        for work in self._all():
            work.stopping = True

    def end(self, grace: float) -> None:
        """End everything: at once what nobody waits for, after *grace* seconds the rest."""
        now = time.monotonic()
        for work in self._all():
            work.until = min(work.until, now + grace if work.waited_for else now)

    def _all(self) -> list[Working]:
        with self._lock:
            return list(self._works.values())

    def _live(self) -> None:
        act(Deed("service", "solve"))
        while True:
            over = self._awake.wait(BEAT_SECONDS)
            with self._lock:
                if over and not self._works:
                    self._heart = None
                    return
                self._awake.clear()
            try:
                self._beat(self._all())
            except Exception as error:  # noqa: BLE001  (the database may answer again)
                log.error("nobody learns what is being solved: %s", type(error).__name__)

    def _beat(self, works: list[Working]) -> None:
        told = {work.lease.number: work.progress for work in works}
        with self._store().writing() as session:
            held = solves.beat(session, self.holder, told, now=self._now())
        for work in works:
            if work.lease.number not in held:
                work.lost = True
            elif held[work.lease.number]:
                work.stopping = True
