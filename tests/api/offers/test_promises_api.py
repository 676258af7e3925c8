"""Promises over HTTP: taken back, released, and kept by numbers only."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, text

from api.operations.office import Office
from data.tables import KeptOffer, KeptPromise, KeptRequest, StandingPlan
from tests.builders_api import BODY
from tests.builders_offers import (
    FAR,
    GROUP,
    PLAN,
    V1,
    Clock,
    accept,
    ask,
    broken,
    first,
    problem,
    read,
    take,
)

pytestmark = pytest.mark.usefixtures("either_database")


def test_a_promise_is_taken_back_and_its_seats_are_free(client: TestClient) -> None:
    one, other = take(client, **GROUP), take(client, **GROUP, **FAR)
    promised = accept(client, one)
    assert ask(client, other)["offers"] == []

    released = client.delete(f"{V1}/requests/{one}/promise").json()

    assert released["promise"] is None
    assert released["released"] == promised["promise"]
    assert len(ask(client, other)["offers"]) == 1
    answer = client.delete(f"{V1}/requests/{one}/promise")
    assert answer.status_code == 404
    assert "nichts zugesagt" in answer.json()["detail"]


def test_a_cancelled_request_gives_its_seats_back(client: TestClient) -> None:
    """And its offers are worth nothing any more."""
    one, other = take(client, **GROUP), take(client, **GROUP, **FAR)
    promised = accept(client, one)
    mine = first(client, one)

    cancelled = client.delete(f"{V1}/requests/{one}").json()

    assert (cancelled["promise"], cancelled["released"]) == (None, promised["promise"])
    assert len(ask(client, other)["offers"]) == 1
    assert problem(client, f"offers/{mine['id']}/accept")[0] == 404
    status, told = problem(client, f"requests/{one}/offers")
    assert (status, told["type"]) == (409, "urn:gesunde-fahrten:cancelled")


@pytest.mark.parametrize(
    "changes",
    [
        {"appointment": "10:00"},
        {"origin": "Beispielstraße 2, Varenholz"},
        {"companions": 1},
        {"mobility": "wheelchair"},
        {"pharmacy": "any"},
        {"date": "2027-03-03"},
        {"way_back": "none", "stay_minutes": None},
    ],
)
def test_asking_for_another_ride_takes_the_promise_back_and_says_so(
    client: TestClient, changes: dict[str, Any]
) -> None:
    request = take(client)
    promised = accept(client, request)
    offer = first(client, request)

    changed = client.put(f"{V1}/requests/{request}", json={**BODY, **changes}).json()

    assert (changed["promise"], changed["released"]) == (None, promised["promise"])
    assert read(client, request)["promise"] is None
    assert problem(client, f"offers/{offer['id']}/accept")[0] == 404
    assert accept(client, request)["promise"] is not None


def test_another_phone_or_note_leaves_the_promise_alone(client: TestClient) -> None:
    request = take(client)
    promised = accept(client, request)
    body = {**BODY, "phone": "030 23125 104", "note": "Hund im Hof", "priority": "vital"}

    changed = client.put(f"{V1}/requests/{request}", json=body).json()

    assert (changed["promise"], changed["released"]) == (promised["promise"], None)


def test_what_stands_about_promises_names_nobody(client: TestClient, office: Office) -> None:
    """Pseudonymous ids only: neither name, nor phone, nor address."""
    request = take(client, origin="Beispielstraße 3, Talle")
    accept(client, request)

    with office.store.reading() as session:
        rows = [
            row
            for table in ("promises", "offers", "standing_plans")
            for row in session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  (ours)
        ]

    told = str(rows)
    assert request in told
    assert not any(word in told for word in ("Erika", "Beispiel", "23125", "Talle"))


def test_deleting_a_request_deletes_what_it_was_promised(
    client: TestClient, office: Office
) -> None:
    """As retention will do it, whatever way it is done."""
    accept(client, take(client))
    accept(client, take(client, appointment="10:00"))

    with office.store.writing() as session:
        session.delete(session.get(KeptRequest, 1))
        session.execute(delete(KeptRequest).where(KeptRequest.id == 2))

    with office.store.reading() as session:
        assert session.scalars(select(KeptPromise)).all() == []
        assert session.scalars(select(KeptOffer)).all() == []


def test_long_forgotten_offers_are_cleared_away(
    client: TestClient, office: Office, now: Clock
) -> None:
    request = take(client, date="2027-03-10")
    ask(client, request)
    now.go_on(minutes=2 * 24 * 60)
    ask(client, request)

    with office.store.reading() as session:
        assert len(session.scalars(select(KeptOffer)).all()) == 1


def test_a_day_that_was_damaged_is_planned_anew(client: TestClient, office: Office) -> None:
    """The promises count; the plan that keeps them can be made again."""
    promised = [accept(client, take(client, appointment=at)) for at in ("09:30", "15:00")]
    with office.store.writing() as session:
        (standing,) = session.scalars(select(StandingPlan))
        standing.document = {**standing.document, "routes": []}

    late = accept(client, take(client, appointment="10:30", **FAR))

    assert broken(client.post(PLAN).json(), [*promised, late]) == []
