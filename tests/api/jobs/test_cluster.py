"""A real Dask cluster on this machine: the same code, the same answers, the same promises."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from fastapi.testclient import TestClient

from api.jobs.cluster import Cluster
from api.jobs.crew import NotBegunError, NoWorkersError
from api.jobs.runner import Runner
from api.jobs.work import Task
from api.operations import solving
from api.operations.office import Office
from api.settings import Settings
from data.solves import State
from scheduler.optimizer import solve
from scheduler.optimizer.solution import Effort, Progress
from tests.builders_api import BODY, KEY, NOW, TUESDAY
from tests.builders_optimizer import Mix, random_problem
from tests.builders_serving import free_port
from tests.builders_solving import fill, wait_for
from tests.builders_villages import village_problem
from tests.builders_visits import visit

V1 = "/api/v1"
PROBLEM = random_problem(11, Mix(journeys=12, trips=18, shifts=3))
HARD = village_problem(3, journeys=40, shifts=4)
SHORT, LONG = Effort(iterations=2_500), Effort(iterations=10**9, seconds=300)


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    """One worker, in a process of its own."""
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


@pytest.fixture
def cluster(dask: LocalCluster) -> Iterator[Cluster]:
    cluster = Cluster(dask.scheduler_address)
    yield cluster
    cluster.end()


def kill_worker(dask: LocalCluster) -> int:
    """Kill the only worker there is; the number of its process."""
    (nanny,) = dask.workers.values()
    process = int(nanny.process.process.pid)
    os.kill(process, signal.SIGKILL)
    return process


def see_to_another_worker(dask: LocalCluster, killed: int) -> None:
    """Now and then a nanny goes with its worker; then somebody has to start another one."""
    deadline = time.monotonic() + 60
    while not is_there(dask, killed):
        if time.monotonic() > deadline:
            dask.scale(0)
            dask.scale(1)
            deadline += 60
        time.sleep(0.2)


def is_there(dask: LocalCluster, killed: int) -> bool:
    """Whether the scheduler knows a worker in another process than the one that was killed."""
    known = dask.scheduler_info["workers"]
    return any(
        nanny.worker_address in known and nanny.process.process.pid != killed
        for nanny in list(dask.workers.values())
        if nanny.process is not None and nanny.process.process is not None
    )


def test_a_worker_of_the_cluster_answers_as_we_would(cluster: Cluster) -> None:
    assert cluster.size == 1
    there = cluster.solve(PROBLEM, effort=SHORT, seed=5)

    assert there.routes == solve(PROBLEM, effort=SHORT, seed=5).routes


def test_what_it_tells_is_heard_and_whoever_hears_may_stop_it(cluster: Cluster) -> None:
    heard: list[Progress] = []

    def some(progress: Progress) -> bool:
        heard.append(progress)
        return len(heard) < 5

    solution = cluster.solve(HARD, effort=LONG, progress=some)

    assert solution.statistics["seconds"] < 60
    assert heard[-1].unserved_weight >= solution.unserved_weight
    assert heard[-1].seconds > 0


def test_a_worker_that_is_killed_is_replaced_by_the_cluster(
    cluster: Cluster, dask: LocalCluster
) -> None:
    """Its nanny starts another one, and the scheduler gives that the task."""
    killed: list[int] = []

    def kill(_progress: Progress) -> bool:
        if not killed:
            killed.append(kill_worker(dask))
            see_to_another_worker(dask, killed[0])
        return True

    solution = cluster.solve(HARD, effort=Effort(seconds=2), progress=kill)

    assert killed
    assert len(solution.routes) == HARD.shifts


def test_nobody_computes_on_for_a_dead_process(
    cluster: Cluster, dask: LocalCluster, tmp_path: Path
) -> None:
    """The only worker is free again long before the five minutes are over."""
    program = (
        "from api.jobs.cluster import Cluster\n"
        "from scheduler.optimizer.solution import Effort\n"
        "from tests.builders_villages import village_problem\n"
        "def tell(progress):\n"
        "    print('begun', flush=True)\n"
        "    return True\n"
        "problem = village_problem(3, journeys=40, shifts=4)\n"
        f"Cluster({dask.scheduler_address!r}).solve(\n"
        "    problem, effort=Effort(iterations=10**9, seconds=300), progress=tell)\n"
    )
    (tmp_path / "client.py").write_text(program)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, tmp_path / "client.py"], stdout=subprocess.PIPE, env=environment
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"begun\n"
        client.kill()

    assert cluster.solve(PROBLEM, effort=SHORT, seed=5).routes


def test_what_is_not_wanted_any_more_is_not_begun(cluster: Cluster) -> None:
    with pytest.raises(NotBegunError):
        cluster.solve(HARD, effort=LONG, wanted=lambda: False)

    assert cluster.solve(PROBLEM, effort=SHORT, seed=5).routes


def test_a_cluster_that_does_not_answer_has_no_workers() -> None:
    """One is believed to be there, so that somebody tries."""
    nobody = Cluster(f"tcp://127.0.0.1:{free_port()}")

    assert nobody.size == 1
    with pytest.raises(NoWorkersError):
        nobody.solve(PROBLEM, effort=SHORT)


def test_a_task_is_numbers() -> None:
    """What goes over the network: arrays and counts, and no text beside their names."""
    text = pickle.dumps(Task(HARD, LONG)).decode("latin-1")

    assert "home" not in text
    assert "r1" not in text


def office_with(folder: Path, cluster: str) -> Office:
    settings = Settings(
        folder=folder, regions=folder / "regions", seconds=2, key=KEY, cluster=cluster
    )
    return Office(settings, clock=lambda: NOW)


@pytest.fixture
def office(
    either_database: None, tmp_path: Path, dask: LocalCluster, request: pytest.FixtureRequest
) -> Iterator[Office]:
    office = office_with(tmp_path, dask.scheduler_address)
    office.runner = Runner(office)
    yield office
    office.runner.end()
    office.runner.wait(60)
    office.crew.end()
    office.close()


@pytest.mark.both_databases
def test_a_day_is_planned_by_the_cluster(office: Office, dask: LocalCluster) -> None:
    """Also if its worker is killed meanwhile; on either database."""
    assert office.runner is not None
    fill(office)
    with visit(office) as client:
        assert client.post(f"{V1}/days/{TUESDAY}/solves").status_code == 202
        office.runner.start()
        wait_for(lambda: client.get(f"{V1}/solves/s1").json()["progress"])
        see_to_another_worker(dask, kill_worker(dask))

        done = wait_for(lambda: ended(client))

    assert (done["state"], done["version"]) == ("done", 1)


def ended(client: TestClient) -> dict[str, Any] | None:
    told: dict[str, Any] = client.get(f"{V1}/solves/s1").json()
    return told if told["ended"] else None


def test_while_the_cluster_is_away_days_wait(tmp_path: Path, dask: LocalCluster) -> None:
    """That is no failed attempt; who waits is told, the rest goes on, and readyz says so."""
    away = office_with(tmp_path, f"tcp://127.0.0.1:{free_port()}")
    away.runner = Runner(away)
    away.runner.start()
    with visit(away) as client:
        client.post(f"{V1}/days/{TUESDAY}/solves")
        wait_for(lambda: client.get("/readyz").json()["solver"] == "no_workers")
        refused = client.post(f"{V1}/days/2027-03-03/plan")
        assert client.get("/readyz").status_code == 200
        assert client.post(f"{V1}/requests", json=BODY).status_code == 201
    waiting = solving.read(away, away.region(), "s1")
    away.close()

    assert (refused.status_code, refused.json()["type"]) == (503, "urn:gesunde-fahrten:no-solver")
    assert (waiting.state, waiting.attempt) == (State.WAITING, 0)
