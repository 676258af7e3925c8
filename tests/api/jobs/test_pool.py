"""Real worker processes: what they answer, how they are stopped, and what their death does."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.jobs.crew import NotBegunError, WorkerLostError
from api.jobs.pool import Pool
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, Progress
from tests.builders_optimizer import Mix, random_problem
from tests.builders_solving import wait_for
from tests.builders_villages import village_problem

PROBLEM = random_problem(11, Mix(journeys=12, trips=18, shifts=3))
HARD = village_problem(3, journeys=40, shifts=4)
SHORT, LONG = Effort(iterations=2_500), Effort(iterations=10**9, seconds=300)


@pytest.fixture
def strangers() -> set[int | None]:
    """Children of this process that other tests have left at work."""
    return {child.pid for child in multiprocessing.active_children()}


@pytest.fixture
def pool(strangers: set[int | None]) -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.end()


def workers(strangers: set[int | None]) -> list[int]:
    """The processes of the pool, of which there is one at most."""
    children = {child.pid for child in multiprocessing.active_children()}
    return [pid for pid in children - strangers if pid is not None]


def kill_worker(strangers: set[int | None]) -> None:
    """As the kernel does when memory runs out."""
    (worker,) = workers(strangers)
    os.kill(worker, signal.SIGKILL)


def test_a_worker_answers_as_we_would(pool: Pool) -> None:
    """The same problem with the same seed, one after the other in the same process."""
    first, second = (pool.solve(PROBLEM, effort=SHORT, seed=5) for _ in range(2))

    assert first.routes == second.routes == solve(PROBLEM, effort=SHORT, seed=5).routes


def test_what_a_worker_tells_is_heard_and_whoever_hears_may_stop_it(pool: Pool) -> None:
    """Long before five minutes are over, with the best so far; and then it takes the next."""
    heard: list[Progress] = []

    def thrice(progress: Progress) -> bool:
        heard.append(progress)
        return len(heard) < 3

    solution = pool.solve(HARD, effort=LONG, progress=thrice)

    assert solution.statistics["seconds"] < 60
    assert heard[0].unserved_weight >= heard[-1].unserved_weight >= solution.unserved_weight
    assert 0 <= heard[-1].unserved <= HARD.journeys
    assert 0 < heard[0].seconds < heard[-1].seconds
    assert pool.solve(PROBLEM, effort=SHORT, seed=5).routes


def test_a_worker_that_is_killed_is_noticed_and_replaced(
    pool: Pool, strangers: set[int | None]
) -> None:
    """In the middle of its work: whoever waited is told, and the next one is served."""

    def kill(progress: Progress) -> bool:
        if progress.iterations and workers(strangers):
            kill_worker(strangers)
        return True

    with pytest.raises(WorkerLostError):
        pool.solve(HARD, effort=LONG, progress=kill)

    assert pool.solve(PROBLEM, effort=SHORT, seed=5).routes


def test_a_worker_that_is_killed_while_idle_is_missed_by_nobody(
    pool: Pool, strangers: set[int | None]
) -> None:
    pool.solve(PROBLEM, effort=SHORT)
    kill_worker(strangers)
    wait_for(lambda: not workers(strangers))

    assert pool.solve(PROBLEM, effort=SHORT, seed=5).routes


def test_a_worker_ends_neither_with_ctrl_c_nor_with_the_service(
    pool: Pool, strangers: set[int | None]
) -> None:
    """Both reach it as well; whoever gave the task says when it is over."""
    signalled = threading.Event()

    def disturb(progress: Progress) -> bool:
        if signalled.is_set():
            return False
        (worker,) = workers(strangers)
        for ending in (signal.SIGINT, signal.SIGTERM):
            os.kill(worker, ending)
        signalled.set()
        return True

    assert pool.solve(HARD, effort=LONG, progress=disturb).routes


def test_who_waits_for_a_free_worker_may_leave(pool: Pool) -> None:
    """What had not begun is not kept."""
    occupied, leave = threading.Event(), threading.Event()

    def occupy(_: Progress) -> bool:
        occupied.set()
        return not leave.is_set()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(pool.solve, HARD, effort=LONG, progress=occupy)
        assert occupied.wait(60)
        second = threads.submit(pool.solve, HARD, effort=LONG, wanted=lambda: not leave.is_set())
        assert not second.done()
        leave.set()

        assert isinstance(second.exception(60), NotBegunError)
        assert first.result(60).routes


def test_an_error_of_whoever_listens_frees_the_worker(pool: Pool) -> None:
    """It does not solve on for nobody."""

    def fail(_: Progress) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pool.solve(HARD, effort=LONG, progress=fail)

    assert pool.solve(PROBLEM, effort=SHORT, seed=5).routes


def test_no_worker_outlives_whoever_gave_it_work(tmp_path: Path) -> None:
    """`kill -9` of the service: nobody computes on for a dead process."""
    program = (
        "import multiprocessing, sys\n"
        "from api.jobs.pool import Pool\n"
        "from scheduler.optimizer.solution import Effort\n"
        "from tests.builders_villages import village_problem\n"
        "def tell(progress):\n"
        "    print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "    return True\n"
        "if __name__ == '__main__':\n"
        "    problem = village_problem(3, journeys=40, shifts=4)\n"
        "    Pool(1).solve(problem, effort=Effort(iterations=10**9, seconds=300), progress=tell)\n"
    )
    file = tmp_path / "parent.py"
    file.write_text(program)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, file], stdout=subprocess.PIPE, env=environment
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert Path(f"/proc/{worker}").exists()
        parent.kill()

    def gone() -> bool:
        stat = Path(f"/proc/{worker}/stat")
        return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"

    wait_for(gone)
