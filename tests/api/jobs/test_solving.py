"""A day that is to be planned: asked for, picked up, planned elsewhere, kept once."""

import datetime as dt
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.errors import BusyError
from api.jobs.pool import Pool
from api.jobs.runner import Runner
from api.operations import planning, solving
from api.operations.office import Office
from data import plans, solves
from data.errors import NotKeptError
from data.solves import PATIENCE, Solve, State
from tests.builders_api import BODY, TUESDAY, make_office
from tests.builders_offers import Clock
from tests.builders_solving import fill, wait_for

V1 = "/api/v1"
DAY = f"{V1}/days/{TUESDAY}"
pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("either_database")]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(either_database: None, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = make_office(tmp_path, clock=clock)
    yield office
    office.close()


@pytest.fixture
def runner(office: Office) -> Iterator[Runner]:
    """Somebody who picks up what is asked for."""
    office.runner = runner = Runner(office)
    runner.start()
    yield runner
    runner.end()
    runner.wait(60)


def ask(client: TestClient, **effort: Any) -> dict[str, Any]:
    answer = client.post(f"{DAY}/solves", json=effort)
    assert answer.status_code == 202, answer.text
    asked: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{V1}/solves/{asked['id']}"
    return asked


def ended(office: Office, solve: str = "s1") -> Solve:
    """Wait for the end of a solve."""

    def find() -> Solve | None:
        found = solving.read(office, office.region(), solve)
        return None if found.open else found

    return wait_for(find)


def running(office: Office, solve: str = "s1") -> Solve:
    """Wait until it is known how far a solve is."""

    def find() -> Solve | None:
        found = solving.read(office, office.region(), solve)
        assert found.open, found
        return found if found.progress else None

    return wait_for(find)


def versions(office: Office) -> int:
    with office.store.reading() as session:
        return plans.newest_version(session, "kalletal", TUESDAY)


@pytest.mark.usefixtures("runner")
def test_what_is_asked_for_is_planned_and_kept(client: TestClient, office: Office) -> None:
    """202 at once; a moment later the plan is there, and what came of it is told."""
    client.post(f"{V1}/requests", json=BODY)

    asked = ask(client, seconds=2, seed=7)
    done = ended(office)

    assert (asked["state"], asked["seconds"], asked["seed"]) == ("waiting", 2, 7)
    assert (done.state, done.version, done.attempt) == (State.DONE, 1, 1)
    told = client.get(f"{V1}/solves/s1").json()
    assert (told["state"], told["version"], told["error"]) == ("done", 1, None)
    assert client.get(f"{DAY}/plan").json()["version"] == 1
    assert [each["id"] for each in client.get(f"{DAY}/solves").json()] == ["s1"]


def test_who_asks_second_gets_the_solve_of_the_first(client: TestClient) -> None:
    """And whoever wants to wait for a plan of their own is told that it is being made."""
    assert ask(client, seed=1) == ask(client, seed=2)
    busy = client.post(f"{DAY}/plan")

    assert (busy.status_code, busy.json()["type"]) == (409, "urn:gesunde-fahrten:busy")


def test_the_same_key_asks_once(client: TestClient, office: Office) -> None:
    """Also when the first has come to its end meanwhile."""
    key = {"Idempotency-Key": "a-key-that-is-random"}
    first = client.post(f"{DAY}/solves", headers=key)
    client.post(f"{V1}/solves/s1/stop")

    again = client.post(f"{DAY}/solves", headers=key)

    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert len(solving.of_day(office, office.region(), TUESDAY)) == 1


@pytest.mark.usefixtures("runner")
def test_who_stops_a_solve_gets_the_best_plan_so_far(client: TestClient, office: Office) -> None:
    """Long before the five minutes are over; how far it was is told meanwhile."""
    fill(office)
    ask(client, seconds=300)
    progress = running(office).progress

    answer = client.post(f"{V1}/solves/s1/stop")
    done = ended(office)

    assert answer.status_code == 202
    assert answer.json()["stopping"]
    assert progress is not None
    assert progress["objective"] >= progress["bound"]
    assert 0 <= progress["gap"] <= 1
    assert (done.state, done.version) == (State.STOPPED, 1)
    plan = planning.read_document(office, office.region(), TUESDAY).plan
    assert plan.cost.scalar <= progress["objective"]


def test_what_nobody_has_begun_is_stopped_without_a_plan(client: TestClient) -> None:
    """Then the day can be asked for again."""
    ask(client)
    stopped = client.post(f"{V1}/solves/s1/stop").json()

    assert (stopped["state"], stopped["version"]) == ("stopped", None)
    assert stopped["error"] == "Die Berechnung wurde angehalten, bevor es einen Plan gab."
    assert ask(client)["id"] == "s2"


@pytest.mark.usefixtures("runner")
def test_a_worker_that_is_killed_is_replaced_and_the_day_planned_again(
    client: TestClient, office: Office
) -> None:
    """One attempt more, one plan; others of the service notice nothing."""
    fill(office)
    ask(client, seconds=5)
    running(office)
    for worker in multiprocessing.active_children():
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
    assert client.post(f"{V1}/requests", json=BODY).status_code == 201

    done = ended(office)

    assert (done.state, done.attempt, done.version) == (State.DONE, 2, 1)


@pytest.mark.usefixtures("runner")
def test_the_solve_of_a_dead_process_is_taken_over_by_another(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    """When its lease has run out, and not before."""
    dead = make_office(tmp_path, clock=clock)
    with dead.store.writing() as session:
        solves.ask(session, "kalletal", TUESDAY, seconds=1, seed=0, actor="x", now=clock())
        solves.take(session, 1, dead.leases.holder, now=clock())
    assert not threading.Event().wait(2)
    assert solving.read(office, office.region(), "s1").attempt == 1

    clock.now += PATIENCE
    done = ended(office)

    assert (done.state, done.attempt, done.version, versions(office)) == (State.DONE, 2, 1, 1)
    dead.close()


def test_who_was_taken_for_dead_and_comes_back_keeps_no_plan(
    client: TestClient, office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process has kept one meanwhile; not even a heartbeat has told the first."""
    monkeypatch.setattr("api.jobs.leases.BEAT_SECONDS", 600.0)
    client.post(f"{V1}/requests", json=BODY)
    ask(client, seconds=1)
    with office.store.writing() as session:
        sleeper = solves.claim(session, "sleeper", now=clock())
    assert sleeper is not None
    clock.now += PATIENCE
    with office.store.writing() as session:
        other = solves.claim(session, "other", now=clock())
    assert other is not None
    solving.work_at(office, *other)

    with pytest.raises(BusyError):
        solving.work_at(office, *sleeper)

    assert versions(office) == 1
    assert solving.read(office, office.region(), "s1").state == State.DONE


def test_several_processes_on_one_database_plan_each_day_once(tmp_path: Path, clock: Clock) -> None:
    """Three services; nine days, each with one version."""
    offices = [make_office(tmp_path, clock=clock) for _ in range(3)]
    region = offices[0].region()
    days = [TUESDAY + dt.timedelta(days=ahead) for ahead in range(9)]
    for day in days:
        solving.ask(offices[0], region, day, seconds=1)
    runners = [Runner(each) for each in offices]
    for runner in runners:
        runner.start()

    done = [ended(offices[0], f"s{number}") for number in range(1, 10)]

    for runner in runners:
        runner.end()
        runner.wait(60)
    assert {(each.state, each.version, each.attempt) for each in done} == {(State.DONE, 1, 1)}
    for each in offices:
        each.close()


def test_the_end_of_the_service_gives_back_what_nobody_waits_for(
    client: TestClient, office: Office, runner: Runner
) -> None:
    """The next one plans it with all the time that was asked for."""
    fill(office)
    ask(client, seconds=300)
    running(office)

    runner.end()
    runner.wait(60)

    given = solving.read(office, office.region(), "s1")
    assert (given.state, given.attempt, given.version) == (State.WAITING, 0, None)
    assert given.progress is None
    assert client.get("/readyz").json()["solver"] == "off"


def test_whoever_waits_for_a_plan_gets_it_although_the_service_ends(
    client: TestClient, office: Office, runner: Runner
) -> None:
    """Within the time that the end may take, with the best plan by then."""
    fill(office)
    planned: list[int] = []
    waiting = threading.Thread(
        target=lambda: planned.append(client.post(f"{DAY}/plan", json={"seconds": 300}).status_code)
    )
    waiting.start()
    wait_for(lambda: solving.of_day(office, office.region(), TUESDAY))
    running(office)
    office.leases.end(grace=0.5)
    waiting.join(60)

    assert planned == [200]
    assert solving.read(office, office.region(), "s1").state == State.STOPPED


@pytest.mark.usefixtures("runner")
def test_what_is_stopped_while_the_worker_is_still_loading_says_so(
    client: TestClient,
    office: Office,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To whoever waits for the plan, on the page and in the log; nobody else was at the day."""
    pool = Pool(1)
    hand = pool._free.get()
    hand.executor.submit(time.sleep, 5)  # as long as kernels are loaded, nothing is heard
    pool._free.put(hand)
    monkeypatch.setattr(office, "_choose_crew", lambda _: pool)
    client.post(f"{V1}/requests", json=BODY)
    ask(client)
    wait_for(lambda: solving.read(office, office.region(), "s1").state is State.RUNNING)

    with caplog.at_level(logging.INFO, "fahrten"):
        client.post(f"{V1}/solves/s1/stop")
        done = ended(office)
        wait_for(lambda: "s1 was stopped before there was a plan" in caplog.text)

    assert (done.state, done.version) == (State.STOPPED, None)
    assert done.error == "Die Berechnung wurde angehalten, bevor es einen Plan gab."
    assert done.error in client.get(f"/tage/{TUESDAY}").text
    assert "BusyError" not in caplog.text
    assert ask(client)["id"] == "s2"
    assert ended(office, "s2").state is State.DONE
    pool.end()


@pytest.mark.usefixtures("runner")
def test_a_region_that_cannot_be_read_fails_and_names_no_cause(
    office: Office,
) -> None:
    """It has been taken away since; others are planned."""
    with office.store.writing() as session:
        for region in ("atlantis", "kalletal"):
            solves.ask(session, region, TUESDAY, seconds=1, seed=0, actor="x", now=office.now())

    assert ended(office, "s2").state == State.DONE
    with office.store.reading() as session:
        failed = solves.find(session, "atlantis", "s1")
    assert (failed.state, failed.version) == (State.FAILED, None)
    assert failed.error is not None
    assert "Protokoll" in failed.error


def test_a_day_that_has_begun_is_not_asked_for(client: TestClient, clock: Clock) -> None:
    """As with a plan that somebody waits for."""
    client.post(f"{V1}/requests", json=BODY)
    client.post(f"{DAY}/plan", json={"seconds": 1})
    clock.now = dt.datetime(2027, 3, 2, 11, tzinfo=dt.UTC)

    refused = client.post(f"{DAY}/solves")

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:gesunde-fahrten:running-day")


def test_a_solve_of_another_region_is_not_there(client: TestClient, office: Office) -> None:
    """Neither to be read nor to be stopped."""
    with office.store.writing() as session:
        solves.ask(session, "lemgo", TUESDAY, seconds=1, seed=0, actor="x", now=office.now())

    assert client.get(f"{V1}/solves/s1").status_code == 404
    assert client.post(f"{V1}/solves/s1/stop").status_code == 404
    with office.store.reading() as session, pytest.raises(NotKeptError):
        solves.find(session, "kalletal", "s1")


def test_who_asked_stands_in_the_audit_and_how_far_it_is_does_not(
    client: TestClient, office: Office, runner: Runner
) -> None:
    """One row for the order; the plan is kept on behalf of whoever asked."""
    client.post(f"{V1}/requests", json=BODY)
    ask(client, seconds=1)
    ended(office)

    rows = client.get(f"{V1}/audit").json()["rows"]
    asked = [row for row in rows if row["touched"].get("added") == {"solves": ["s1"]}]
    kept = [row for row in rows if "plans" in row["touched"].get("added", {})]
    assert [row["action"] for row in asked] == ["POST /api/v1/days/{date}/solves"]
    assert [(row["actor"], row["action"]) for row in kept] == [(asked[0]["actor"], "solve")]
    assert not any("solves" in row["touched"].get("changed", {}) for row in rows)
