"""
Have a day planned: ask for it, work at it, stop it, see how far it is.

What is asked for is a row first (`data.solves`) and work second, so that it is done, and done
once, whichever process dies meanwhile.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from api.errors import (
    BusyError,
    NoSolverError,
    OutdatedPlanError,
    RunningDayError,
    StoppedEarlyError,
)
from api.jobs.crew import NotBegunError, NoWorkersError, WorkerLostError
from api.jobs.leases import Working
from api.observing import metrics
from api.operations.begun import refuse_running
from api.operations.days import PlannedDay, input_key, plan_input
from api.operations.office import Office
from data import decisions, plans, promises, requests, solves
from data.acting import current_deed
from data.errors import LostLeaseError
from data.plans import StoredPlan
from data.promises import Standing
from data.region import Region
from data.solves import Lease, Solve, State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.optimizer.solution import Watch

log = logging.getLogger("fahrten")

# So often a day is planned anew because something was promised meanwhile.
TRIES = 3
_RECENT = 20
_FAULT = "Im Programm ist ein Fehler aufgetreten; das Protokoll sagt mehr."
_ENDING = (
    "Der Dienst wird gerade beendet. Geplant wird weiter, sobald er wieder läuft; "
    "bitte dann den Tagesplan ansehen."
)
_NOBODY = (
    "Im Moment ist kein Rechner zu erreichen, der planen könnte. Geplant wird, sobald wieder "
    "einer da ist."
)


def ask(
    office: Office, region: Region, day: date, *, seconds: float | None = None, seed: int = 0
) -> Solve:
    """
    Ask for a plan of a day, made in the background; if somebody has already, that is the same.

    Raises
    ------
    api.errors.RunningDayError
        If the day has begun.
    """
    refuse_running(office, region, day)
    with office.store.writing() as session:
        asked, _ = solves.ask(
            session,
            region.name,
            day,
            seconds=seconds,
            seed=seed,
            actor=current_deed().actor,
            now=office.now(),
        )
    return asked


def begin(office: Office, region: Region, day: date) -> None:
    """
    Have a day planned in the background, or at once where nobody would pick it up.

    Raises as `ask`, or as `plan_kept`.
    """
    if office.runner is None:
        plan_kept(office, region, day)
    else:
        ask(office, region, day)


def read(office: Office, region: Region, solve: str) -> Solve:
    """Read how far a solve is; `NotKeptError` if there is none."""
    with office.store.reading() as session:
        return solves.find(session, region.name, solve)


def of_day(office: Office, region: Region, day: date) -> list[Solve]:
    """Read the solves of a day, the newest first."""
    with office.store.reading() as session:
        return solves.of_day(session, region.name, day, most=_RECENT)


def stop(office: Office, region: Region, solve: str) -> Solve:
    """End a solve early, with the best plan so far; `NotKeptError` if there is none."""
    with office.store.writing() as session:
        stopping = solves.ask_stop(session, region.name, solve, now=office.now())
    office.leases.stop(stopping.number)
    return stopping


def stop_day(office: Office, region: Region, day: date) -> None:
    """End what is being solved of a day, if something is."""
    for solve in of_day(office, region, day)[:1]:
        stop(office, region, solve.id)


def plan_kept(
    office: Office,
    region: Region,
    day: date,
    *,
    seconds: float | None = None,
    seed: int = 0,
    watch: "Watch | None" = None,
) -> PlannedDay:
    """
    Plan a day from the requests in the database, and keep the plan as its next version.

    All promises are kept; if that is no longer possible, as many as can be, and
    `PlannedDay.broken` names the others. What is promised while the day is being planned makes
    it be planned once more.

    Raises
    ------
    api.errors.BusyError
        If the day is being planned already, or promises come in faster than it can be planned.
    api.errors.RunningDayError
        If the day has begun.
    api.errors.NoSolverError
        If there is nobody to solve; what was asked is done later.
    api.errors.StoppedEarlyError
        If somebody has stopped it before there was a plan.
    """
    with office.planning(region, day):
        refuse_running(office, region, day)
        # At once: an answer that is kept with the plan must not keep this back until then.
        with office.store.at_once(), office.store.writing() as session:
            asked, fresh = solves.ask(
                session,
                region.name,
                day,
                seconds=seconds,
                seed=seed,
                actor=current_deed().actor,
                now=office.now(),
            )
            holder, working = office.leases.holder, office.leases.working_at
            if not fresh and not solves.is_left_behind(
                session, asked.number, holder, working=working
            ):
                raise BusyError(_busy(day))
            solve, lease = solves.take(session, asked.number, holder, now=office.now())
        with (
            office.leases.working(lease, waited_for=True, also=watch) as work,
            _written_down(office, solve, work),
        ):
            return _solve(office, region, solve, work)


def work_at(office: Office, solve: Solve, lease: Lease) -> None:
    """
    Work at a solve that this process has picked up, and write down what came of it.

    Raises as `plan_kept`, or whatever else went wrong.
    """
    with (
        office.leases.working(lease, waited_for=False) as work,
        _written_down(office, solve, work),
        ExitStack() as alone,
    ):
        region = office.region(solve.region)
        try:
            alone.enter_context(office.planning(region, solve.date))
        except BusyError as error:
            raise NotBegunError from error
        _solve(office, region, solve, work)


@contextmanager
def _written_down(office: Office, solve: Solve, work: Working) -> Iterator[None]:
    """See to it that the row knows how the block ended."""
    try:
        yield
    except NotBegunError:
        if work.lost:
            raise _taken_over(solve) from None
        if not work.stopping or work.ending:
            raise _given_back(office, work, _ENDING) from None
        _end(office, work)
        raise StoppedEarlyError(solves.STOPPED_EARLY) from None
    except NoWorkersError as error:
        raise _given_back(office, work, _NOBODY) from error
    except LostLeaseError as error:
        raise _taken_over(solve) from error
    except NoSolverError:
        raise
    except Exception as error:
        _write(office, work, partial(solves.fail, error=_told(error), now=office.now()))
        metrics.SOLVES.labels("failed").inc()
        raise
    except BaseException:  # whoever waited for it in a command has left
        _end(office, work)
        raise


def _solve(office: Office, region: Region, solve: Solve, work: Working) -> PlannedDay:
    """Plan, once more if a worker dies of it."""
    while True:
        try:
            return _tries(office, region, solve, work)
        except WorkerLostError:
            _once_more(office, work)


def _tries(office: Office, region: Region, solve: Solve, work: Working) -> PlannedDay:
    """Plan until what was planned is still what is wanted."""
    for _ in range(TRIES):
        region = office.region(region.name)  # somebody may have been put on a shift meanwhile
        refuse_running(office, region, solve.date)
        with office.store.reading() as session:
            newest = plans.newest_version(session, region.name, solve.date)
            day_input, rejected = requests.day_input(session, region, solve.date)
            standing = promises.read_standing(session, region.name, solve.date, now=office.now())
        planned = plan_input(
            office,
            region,
            day_input,
            promises=standing.every,
            start=standing.plan,
            rejected=rejected,
            seconds=solve.seconds,
            seed=solve.seed,
            watch=work.watch,
            solver=partial(office.crew.solve, wanted=work.wanted),
        )
        if work.ending and not work.waited_for:
            raise NotBegunError
        kept = _keep(office, planned, standing, newest, work)
        if kept is not None:
            metrics.PLANS_KEPT.inc()
            metrics.SOLVES.labels("done").inc()
            return replace(planned, version=kept.version, created=kept.created)
    msg = (
        f"Während der {solve.date:%d.%m.%Y} geplant wurde, ist immer wieder etwas dazugekommen. "
        "Bitte gleich noch einmal versuchen."
    )
    raise BusyError(msg)


def _keep(
    office: Office, planned: PlannedDay, standing: Standing, newest: int, work: Working
) -> StoredPlan | None:
    """
    Keep a plan, unless something happened meanwhile of which it does not know.

    That is another promise, a version after the *newest* one, that somebody was erased, that others
    drive, that a bus is another, or that a place is open at other times. Raises `LostLeaseError`
    if another process was faster.
    """
    # It knows the optimizer, which takes a second to import.
    from data.books import carry

    region, now = planned.region, office.now()
    points = {name: place.point for name, place in planned.day.places.items()}
    carrying = None if planned.broken else carry(standing, planned.plan, planned.day)
    early = (work.stopping or work.ending) and not planned.plan.proven
    with office.store.writing() as session:
        solves.held(session, work.lease)
        if plans.newest_version(session, region.name, planned.plan.date) != newest:
            return None
        if not decisions.still(session, region, planned.plan.date):
            return None
        if not requests.all_known(session, (each.id for each in planned.input.requests)):
            return None  # somebody was erased, and the bus is not to come to where they lived
        if carrying and not promises.keep(session, standing, carrying, points=points, now=now):
            return None
        kept = plans.keep(
            session,
            planned.document,
            region=region.name,
            day=planned.plan.date,
            requests=planned.input.requests,
            promises=planned.promises,
            input_key=input_key(region, planned.input, standing.firm),
            now=now,
        )
        state = State.STOPPED if early else State.DONE
        solves.finish(session, work.lease, state, version=kept.version, now=now)
        return kept


def _once_more(office: Office, work: Working) -> None:
    """Try again after a worker has died, unless too many have."""
    with office.store.at_once(), office.store.writing() as session:
        again = solves.once_more(session, work.lease, now=office.now())
    if again is None:
        metrics.SOLVES.labels("failed").inc()
        raise NoSolverError(solves.WORN_OUT)
    work.lease, work.progress = again, None


def _given_back(office: Office, work: Working, why: str) -> NoSolverError:
    """Let somebody else do it, some other time."""
    _write(office, work, solves.give_back)
    metrics.SOLVES.labels("given_back").inc()
    return NoSolverError(why)


def _end(office: Office, work: Working) -> None:
    stopped = partial(solves.finish, state=State.STOPPED, version=None, now=office.now())
    _write(office, work, stopped)
    metrics.SOLVES.labels("stopped").inc()


def _write(office: Office, work: Working, what: "Callable[[Session, Lease], None]") -> None:
    """Write down what became of a solve, unless that is no longer our business."""
    try:
        with office.store.at_once(), office.store.writing() as session:
            what(session, work.lease)
    except LostLeaseError:
        log.warning("s%d: somebody else has taken it over", work.lease.number)


def _told(error: Exception) -> str:
    """What may stand in the row: only what is known to name nobody."""
    told = (BusyError, RunningDayError, OutdatedPlanError)
    return str(error) if isinstance(error, told) else _FAULT


def _taken_over(solve: Solve) -> BusyError:
    return BusyError(
        f"Der {solve.date:%d.%m.%Y} wird inzwischen von einem anderen Prozess geplant."
    )


def _busy(day: date) -> str:
    return f"Der {day:%d.%m.%Y} wird gerade geplant. Bitte gleich noch einmal versuchen."
