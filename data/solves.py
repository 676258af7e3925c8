"""
Days that are to be planned: who works at which, how far that is, and what came of it.

Whoever works at one *holds* it (`Lease`), and says so again and again. Whoever has not said so for
`PATIENCE` is taken for dead, and somebody else may take over. If the first was only asleep, it
finds out when it writes, for it no longer holds anything: so each result is written once.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from data.errors import LostLeaseError, NotKeptError
from data.journal import journal_of
from data.request_ids import row_number
from data.tables import KeptSolve

# A heartbeat comes each second; a machine that hangs for this long is taken for dead.
PATIENCE: Final = dt.timedelta(seconds=10)
# So many processes may die of one day before it is their fault no longer, but its.
MOST_ATTEMPTS: Final = 5
WORN_OUT: Final = (
    "Die Berechnung ist mehrmals abgebrochen und wird nicht noch einmal versucht. "
    "Das Protokoll sagt mehr."
)
STOPPED_EARLY: Final = "Die Berechnung wurde angehalten, bevor es einen Plan gab."
PLAN_DAY: Final = "plan_day"


class State(StrEnum):
    """How far it is. *Stopped* was ended early, with the best plan so far if there was one."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN: Final = (State.WAITING, State.RUNNING)
_OPEN: Final = [state.value for state in OPEN]
_RUNNING: Final = State.RUNNING.value


@dataclass(frozen=True)
class Solve:
    """
    A day that is to be planned, or was.

    Parameters
    ----------
    seconds
        The longest time for it; ``None`` for what the settings say.
    actor
        Whoever asked (`data.acting.Deed`).
    stop_asked
        Since when it is to end with the best plan so far.
    attempt
        How many processes have tried.
    step
        Counts every change that can be seen from outside.
    progress
        Numbers only: the best plan so far, its bound, the gap.
    version
        Of the plan that came of it.
    error
        Why none did, in German.
    """

    number: int
    region: str
    date: dt.date
    kind: str
    seconds: float | None
    seed: int
    actor: str
    state: State
    asked: dt.datetime
    begun: dt.datetime | None
    ended: dt.datetime | None
    stop_asked: dt.datetime | None
    attempt: int
    step: int
    progress: Mapping[str, Any] | None
    version: int | None
    error: str | None

    @property
    def id(self) -> str:
        """How it is called outside: "s17"."""
        return f"s{self.number}"

    @property
    def open(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in OPEN


@dataclass(frozen=True)
class Lease:
    """The right of one process (*holder*) to write the result of a solve."""

    number: int
    holder: str
    attempt: int


def ask(
    session: Session,
    region: str,
    day: dt.date,
    *,
    seconds: float | None,
    seed: int,
    actor: str,
    now: dt.datetime,
) -> tuple[Solve, bool]:
    """Ask for a day; if somebody has already, that is the same. Says whether it is new."""
    wanted = select(KeptSolve).filter_by(region=region, date=day).where(KeptSolve.state.in_(_OPEN))
    kept = session.scalar(wanted)
    if kept is not None:
        return _solve(kept), False
    kept = KeptSolve(
        region=region,
        date=day,
        kind=PLAN_DAY,
        seconds=seconds,
        seed=seed,
        actor=actor,
        state=State.WAITING.value,
        asked=now,
        attempt=0,
        step=1,
    )
    session.add(kept)
    session.flush()
    journal_of(session).added("solves", f"s{kept.id}", region=region)
    return _solve(kept), True


def find(session: Session, region: str, solve: str) -> Solve:
    """
    Find a solve of a region by its id.

    Raises
    ------
    NotKeptError
        If the region has none of that id.
    """
    number = row_number(solve.removeprefix("s"))
    kept = session.get(KeptSolve, number) if number is not None else None
    if kept is None or kept.region != region:
        msg = f"Eine Berechnung {solve} gibt es hier nicht, oder nicht mehr."
        raise NotKeptError(msg)
    return _solve(kept)


def of_day(session: Session, region: str, day: dt.date, *, most: int) -> list[Solve]:
    """Find the solves of a day, the newest first."""
    wanted = select(KeptSolve).filter_by(region=region, date=day).order_by(KeptSolve.id.desc())
    return [_solve(kept) for kept in session.scalars(wanted.limit(most))]


def count_open(session: Session) -> dict[State, int]:
    """How many are waiting, and running, in all regions."""
    wanted = select(KeptSolve.state, func.count()).where(KeptSolve.state.in_(_OPEN))
    rows = session.execute(wanted.group_by(KeptSolve.state)).all()
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state.value, 0) for state in OPEN}


def is_work_left(session: Session, now: dt.datetime) -> bool:
    """Whether `claim` would find something."""
    return session.scalar(_claimable(now).limit(1)) is not None


def claim(
    session: Session,
    holder: str,
    *,
    now: dt.datetime,
    busy: Collection[tuple[str, dt.date]] = (),
) -> tuple[Solve, Lease] | None:
    """
    Take the oldest solve that nobody works at, but none of the *busy* regions and days.

    One that too many have died of fails instead.
    """
    for kept in session.scalars(_claimable(now)):
        if (kept.region, kept.date) in busy:
            continue
        if kept.attempt >= MOST_ATTEMPTS:
            _end(kept, State.FAILED, now)
            kept.error = WORN_OUT
            continue
        return take(session, kept.id, holder, now=now)
    return None


def take(session: Session, number: int, holder: str, *, now: dt.datetime) -> tuple[Solve, Lease]:
    """Take a solve that nobody works at."""
    kept = session.get_one(KeptSolve, number)
    kept.state, kept.holder, kept.heartbeat = State.RUNNING.value, holder, now
    kept.begun, kept.progress = now, None
    kept.attempt += 1
    kept.step += 1
    session.flush()
    return _solve(kept), Lease(kept.id, holder, kept.attempt)


def is_left_behind(session: Session, number: int, holder: str, *, working: Collection[int]) -> bool:
    """Whether *holder* holds a solve at which it is not working: its result was taken back."""
    return number not in working and session.get_one(KeptSolve, number).holder == holder


def once_more(session: Session, lease: Lease, *, now: dt.datetime) -> Lease | None:
    """
    Try again what a worker has died of; ``None`` if too many have: then it has failed.

    Raises as `finish` does.
    """
    kept = held(session, lease)
    if kept.attempt < MOST_ATTEMPTS:
        return take(session, lease.number, lease.holder, now=now)[1]
    _end(kept, State.FAILED, now)
    kept.error = WORN_OUT
    return None


def beat(
    session: Session,
    holder: str,
    progress: Mapping[int, Mapping[str, Any] | None],
    *,
    now: dt.datetime,
) -> dict[int, bool]:
    """
    Say that *holder* still works at the solves that *progress* names, and how far each is.

    Returns those that it really holds, and whether they are to be stopped; to the others it has
    no right any more.
    """
    wanted = select(KeptSolve).where(
        KeptSolve.id.in_(list(progress)), KeptSolve.holder == holder, KeptSolve.state == _RUNNING
    )
    held = {}
    for kept in session.scalars(wanted):
        kept.heartbeat = now
        news = progress[kept.id]
        if news is not None and news != kept.progress:
            kept.progress = dict(news)
            kept.step += 1
        held[kept.id] = kept.stop_asked is not None
    return held


def ask_stop(session: Session, region: str, solve: str, *, now: dt.datetime) -> Solve:
    """
    Let a solve end with the best plan so far; one that nobody works at ends without.

    One that has ended stays as it is. Raises as `find` does.
    """
    kept = session.get_one(KeptSolve, find(session, region, solve).number)
    if State(kept.state) in OPEN and kept.stop_asked is None:
        kept.stop_asked = now
        kept.step += 1
        journal_of(session).changed("solves", solve, {"stop_asked"}, region=region)
        if kept.state == State.WAITING:
            _end(kept, State.STOPPED, now)
            kept.error = STOPPED_EARLY
    return _solve(kept)


def finish(
    session: Session, lease: Lease, state: State, *, version: int | None, now: dt.datetime
) -> None:
    """
    Write the result down, in the transaction that keeps the plan.

    Without a *version* there is none, and *error* says so.

    Raises
    ------
    LostLeaseError
        If somebody else has taken over meanwhile; then there must be no result.
    """
    kept = held(session, lease)
    _end(kept, state, now)
    kept.version = version
    kept.error = STOPPED_EARLY if version is None else None


def fail(session: Session, lease: Lease, error: str, *, now: dt.datetime) -> None:
    """Write down in German why there is no plan; raises as `finish` does."""
    kept = held(session, lease)
    _end(kept, State.FAILED, now)
    kept.error = error


def give_back(session: Session, lease: Lease) -> None:
    """Let somebody else do it; that was no attempt. Raises as `finish` does."""
    kept = held(session, lease)
    kept.state, kept.holder, kept.heartbeat = State.WAITING.value, None, None
    kept.begun, kept.progress = None, None
    kept.attempt -= 1
    kept.step += 1


def held(session: Session, lease: Lease) -> KeptSolve:
    """Give the row of a solve to whoever holds it; raises as `finish` does."""
    kept = session.get(KeptSolve, lease.number)
    if (
        kept is None
        or kept.state != State.RUNNING
        or (kept.holder, kept.attempt) != (lease.holder, lease.attempt)
    ):
        msg = f"s{lease.number} is held by somebody else."
        raise LostLeaseError(msg)
    return kept


def _claimable(now: dt.datetime) -> Select[KeptSolve]:
    dead = (KeptSolve.state == _RUNNING) & (KeptSolve.heartbeat <= now - PATIENCE)
    wanted = select(KeptSolve).where(or_(KeptSolve.state == State.WAITING.value, dead))
    return wanted.order_by(KeptSolve.id)


def _end(kept: KeptSolve, state: State, now: dt.datetime) -> None:
    kept.state, kept.ended = state.value, now
    kept.holder = kept.heartbeat = None
    kept.step += 1


def _solve(kept: KeptSolve) -> Solve:
    return Solve(
        number=kept.id,
        region=kept.region,
        date=kept.date,
        kind=kept.kind,
        seconds=kept.seconds,
        seed=kept.seed,
        actor=kept.actor,
        state=State(kept.state),
        asked=kept.asked,
        begun=kept.begun,
        ended=kept.ended,
        stop_asked=kept.stop_asked,
        attempt=kept.attempt,
        step=kept.step,
        progress=kept.progress,
        version=kept.version,
        error=kept.error,
    )
