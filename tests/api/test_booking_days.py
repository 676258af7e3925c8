"""Days on which people book in any order, and two who want the last seat at the same moment."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.errors import OvertakenOfferError
from api.operations import days, offers, solving
from api.operations.office import Office
from api.schemas.requests import RequestBody
from tests.builders_api import SAMPLE_DAY, make_office
from tests.builders_databases import BACKENDS
from tests.builders_offers import FAR, GROUP, PLAN, V1, Clock, broken, first, read, take
from tests.builders_visits import visit


@pytest.mark.both_databases
@pytest.mark.usefixtures("either_database")
@pytest.mark.parametrize(
    ("seed", "backend"), list(enumerate(2 * BACKENDS)), indirect=["backend"], ids=str
)
def test_whatever_happens_on_the_telephone_every_promise_is_kept(tmp_path: Path, seed: int) -> None:
    """People book, hold, ring off, cancel and change in any order; the day is planned at times."""
    draw, now = np.random.default_rng(seed), Clock()
    office = make_office(tmp_path, clock=now)
    with visit(office) as client:
        uploaded = client.post(
            f"{V1}/requests/import", files={"file": ("a.csv", SAMPLE_DAY.read_bytes())}
        )
        every = uploaded.json()["added"]
        accepted = 0
        for request in draw.permutation([*every, *every[::3]]):
            now.go_on(minutes=int(draw.integers(4)))
            answer = client.post(f"{V1}/requests/{request}/offers")
            if answer.status_code == 409:
                assert read(client, request)["cancelled"] is not None
                continue
            told = answer.json()["offers"]
            if not told:
                continue
            offer = told[int(draw.integers(len(told)))]
            what = draw.choice(
                ["accept", "hold", "neither", "cancel", "release", "change"],
                p=[0.6, 0.1, 0.1, 0.05, 0.1, 0.05],
            )
            if what in {"accept", "hold"}:
                answer = client.post(f"{V1}/offers/{offer['id']}/{what}")
                # Nobody was faster: what was offered can be promised.
                already = read(client, request)["promise"] is not None and what == "hold"
                assert answer.status_code == 200 or already, answer.text
                accepted += what == "accept"
            elif what == "cancel":
                client.delete(f"{V1}/requests/{request}")
            elif what == "release":
                client.delete(f"{V1}/requests/{request}/promise")
            elif what == "change":
                kept = read(client, request)
                fixed = kept.keys() - RequestBody.model_fields
                body = {key: value for key, value in kept.items() if key not in fixed}
                changed = client.put(f"{V1}/requests/{request}", json={**body, "companions": 2})
                assert changed.status_code == 200, changed.text
            if draw.random() < 0.1:
                plan = client.post(PLAN, json={"seconds": 1}).json()
                assert (
                    broken(plan, client.get(f"{V1}/requests", params={"date": "2027-03-02"}).json())
                    == []
                )
        plan = client.post(PLAN, json={"seconds": 1}).json()
        listed = client.get(f"{V1}/requests", params={"date": "2027-03-02"}).json()

    assert accepted >= 8
    assert sum(each["promise"] is not None for each in listed) >= 5
    assert broken(plan, listed) == []
    assert plan["broken_promises"] == []


@pytest.fixture
def offices(either_database: None, tmp_path: Path) -> Iterator[list[Office]]:
    """Two installations on one database, as two processes are: nothing else is shared."""
    both = [make_office(tmp_path) for _ in range(2)]
    yield both
    for office in both:
        office.close()


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.parametrize("one_process", [True, False])
def test_of_two_who_accept_at_once_only_one_is_promised_the_last_seat(
    offices: list[Office],
    attempt: int,
    one_process: bool,
) -> None:
    """Two threads on a real database, of one process or as if of two."""
    if one_process:
        offices = [offices[0], offices[0]]
    with ExitStack() as stack:
        clients = [stack.enter_context(visit(office)) for office in offices]
        wishes = [take(clients[0], **GROUP), take(clients[0], **GROUP, **FAR)]
        told = [first(client, wish)["id"] for client, wish in zip(clients, wishes, strict=True)]
        start, outcomes = threading.Barrier(2), ["", ""]

        def book(caller: int) -> None:
            office = offices[caller]
            start.wait()
            try:
                offers.accept(office, office.region(), told[caller])
                outcomes[caller] = "promised"
            except OvertakenOfferError:
                outcomes[caller] = "overtaken"

        threads = [threading.Thread(target=book, args=(caller,)) for caller in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        promised = [read(clients[0], wish)["promise"] is not None for wish in wishes]
        plan = clients[0].post(PLAN).json()
        listed = clients[0].get(f"{V1}/requests", params={"date": "2027-03-02"}).json()

    assert sorted(outcomes) == ["overtaken", "promised"], attempt
    assert promised == [outcome == "promised" for outcome in outcomes]
    assert broken(plan, listed) == []


def test_two_who_fit_together_are_both_promised_at_once(offices: list[Office]) -> None:
    """Whoever was overtaken by somebody harmless looks again, and is promised what was told."""
    with visit(offices[0]) as client:
        wishes = [take(client), take(client, appointment="15:00", **FAR)]
        told = [first(client, wish)["id"] for wish in wishes]
        start = threading.Barrier(2)
        faults: list[BaseException] = []

        def book(caller: int) -> None:
            office = offices[caller]
            start.wait()
            try:
                offers.accept(office, office.region(), told[caller])
            except BaseException as fault:  # noqa: BLE001  (told to the main thread)
                faults.append(fault)

        threads = [threading.Thread(target=book, args=(caller,)) for caller in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert faults == []
        assert all(read(client, wish)["promise"] for wish in wishes)


def test_what_is_promised_while_the_day_is_planned_is_in_the_plan(
    offices: list[Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planning takes seconds; the telephone does not wait. The day is planned once more."""
    office = offices[0]
    plan_input = days.plan_input
    with visit(office) as client:
        wishes = [take(client), take(client, appointment="15:00", **FAR)]
        told = [first(client, wish)["id"] for wish in wishes]
        offers.accept(office, office.region(), told[0])
        calls: list[int] = []

        def interrupted(*arguments: Any, **named: Any) -> days.PlannedDay:
            planned = plan_input(*arguments, **named)
            if not calls:
                offers.accept(office, office.region(), told[1])
            calls.append(len(planned.promises))
            return planned

        monkeypatch.setattr(solving, "plan_input", interrupted)
        plan = client.post(PLAN, json={"seconds": 1}).json()
        listed = client.get(f"{V1}/requests", params={"date": "2027-03-02"}).json()

    assert calls == [1, 2]
    assert plan["version"] == 1
    assert broken(plan, listed) == []
