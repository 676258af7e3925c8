"""A call that is repeated under its key gets the same answer, and nothing is done twice."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, select

from api.operations import forgetting, privacy, repeating, requests
from api.operations.office import Office
from data import answers
from data.acting import Deed, acting
from data.answers import Answer, Keyed
from data.errors import AnswerErasedError
from data.store import Store
from data.tables import KeptAnswer, Table
from tests.builders_api import BODY, make_office
from tests.builders_offers import Clock
from tests.builders_once import (
    CALLS,
    ONLY_ONCE,
    V1,
    Asked,
    accept,
    ask_offers,
    begin_series,
    copy,
    happen,
    mark,
    plan,
    post,
    take_batch,
    take_file,
    taken,
)
from tests.builders_visits import visit

pytestmark = pytest.mark.usefixtures("either_database")

KEY = "1f0c6a52-9d3e-4c1b-8a7f-5e2d4b6c8a90"
HEADERS = {"Idempotency-Key": KEY}
TOGETHER = 5


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Iterator[Office]:
    office = make_office(tmp_path, clock=now)
    yield office
    office.close()


def everything(store: Store, *but: str) -> dict[str, list[Any]]:
    """Every row of every table, apart from answers, who was told them, and some tables."""
    described = MetaData()
    described.reflect(store.engine, only=list(Table.metadata.tables))
    with store.engine.connect() as connection:
        return {
            name: list(connection.execute(select(each).order_by(*each.primary_key)))
            for name, each in described.tables.items()
            if name not in {"answers", "audit", *but}
        }


def same(one: Any, other: Any) -> bool:
    kept = ("content-type", "location", "etag")
    return bool(
        one.status_code == other.status_code
        and one.content == other.content
        and all(one.headers.get(name) == other.headers.get(name) for name in kept)
    )


def test_every_post_takes_a_key(client: TestClient) -> None:
    """A new route must be in the table above, so that the tests below call it."""
    paths = client.get(f"{V1}/openapi.json").json()["paths"]
    posts = {path: each["post"] for path, each in paths.items() if "post" in each}
    # They change nothing; a POST only because a name must not stand in an address.
    del posts["/api/v1/passengers/search"], posts["/api/v1/people/search"]
    # Once there are accounts, one has to sign in: tests.api.doors.test_accounts repeats these.
    for path in ("accounts", "accounts/{account}/password", "tokens"):
        del posts[f"/api/v1/{path}"]
    # Where links lead, it has to be known: tests.api.doors.test_links.
    del posts["/api/v1/days/{date}/links/{shift}/renew"]

    assert posts.keys() == CALLS.keys()
    for path, operation in posts.items():
        names = {each["name"].lower() for each in operation["parameters"]}
        assert "idempotency-key" in names, path


@pytest.mark.parametrize("path", CALLS)
def test_a_repeated_call_gets_the_same_answer_and_does_nothing(
    client: TestClient, office: Office, tmp_path: Path, now: Clock, path: str
) -> None:
    """Also in another process, some days later; another body is refused."""
    (url, asked), (other_url, other) = CALLS[path](client)
    first = client.post(url, headers=HEADERS, **asked)
    done = everything(office.store)
    assert first.is_success, first.text

    now.go_on(minutes=3)
    assert same(client.post(url, headers=HEADERS, **asked), first)
    refused = client.post(other_url, headers=HEADERS, **other)
    office.close()
    now.go_on(minutes=5 * 24 * 60)
    again = make_office(tmp_path, clock=now)
    with visit(again) as restarted:
        assert same(restarted.post(url, headers=HEADERS, **asked), first)

    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:gesunde-fahrten:reused-key"
    assert everything(office.store) == done
    office.close()


@pytest.mark.parametrize("path", [path for path, call in CALLS.items() if call not in ONLY_ONCE])
def test_under_another_key_it_is_another_call(client: TestClient, path: str) -> None:
    """The difference between "again, please" and "one more, please"."""
    (_, _), (url, other) = CALLS[path](client)
    answers = [
        client.post(url, headers={"Idempotency-Key": f"{KEY}-{number}"}, **other)
        for number in range(2)
    ]

    assert all(each.is_success for each in answers), [each.text for each in answers]


def test_a_keyed_answer_reads_like_any_other(client: TestClient) -> None:
    """Status, body and headers are those of a call without a key."""
    without = client.post(f"{V1}/requests", json=BODY)
    keyed = client.post(f"{V1}/requests", json=BODY, headers=HEADERS)

    assert (without.status_code, keyed.status_code) == (201, 201)
    assert keyed.text == without.text.replace('"id":"r1"', '"id":"r2"')
    assert keyed.headers["location"] == f"{V1}/requests/r2"
    own = {"location", "content-length", "x-request-id"}
    assert keyed.headers.keys() == without.headers.keys()
    assert all(keyed.headers[name] == without.headers[name] for name in keyed.headers.keys() - own)


def test_what_was_refused_can_be_tried_again_under_the_same_key(client: TestClient) -> None:
    """Nothing was done, so there is nothing to remember."""
    bad = client.post(f"{V1}/requests", json={**BODY, "appointment": "03:00"}, headers=HEADERS)
    missing = client.post(f"{V1}/requests/r9/offers", headers=HEADERS)
    good = client.post(f"{V1}/requests", json=BODY, headers=HEADERS)

    assert (bad.status_code, missing.status_code, good.status_code) == (422, 404, 201)


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "two words are too many"])
def test_a_key_that_others_might_choose_is_refused(client: TestClient, key: str) -> None:
    """It is also what the answer is sealed with."""
    answer = client.post(f"{V1}/requests", json=BODY, headers={"Idempotency-Key": key})

    assert answer.status_code == 422
    assert client.get(f"{V1}/requests", params={"date": "2027-03-02"}).json() == []


@pytest.mark.parametrize("path", ["/api/v1/requests", "/api/v1/days/{date}/plan"])
def test_if_the_answer_cannot_be_kept_nothing_was_done(
    client: TestClient, office: Office, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends the program between the two: both are one transaction, but not the order."""
    (url, asked), _ = CALLS[path](client)
    before = everything(office.store, "solves")

    class PowerCutError(Exception):
        pass

    def cut(*_: object, **__: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(answers, "keep", cut)
        with pytest.raises(PowerCutError):
            client.post(url, headers=HEADERS, **asked)
    assert everything(office.store, "solves") == before

    assert client.post(url, headers=HEADERS, **asked).is_success
    assert everything(office.store, "solves") != before


def test_the_key_of_somebody_else_gives_nothing_away(office: Office) -> None:
    """Neither the answer, nor that the key is known."""
    done = list[str]()

    def ask(actor: str, asked: bytes = b"asked") -> str:
        def work() -> Answer:
            done.append(actor)
            return Answer(200, {}, actor.encode())

        with acting(Deed(actor, "POST /")):
            return repeating.once(office, Keyed(KEY, asked), work).body.decode()

    assert [ask("account:1"), ask("account:2"), ask("account:1")] == [
        "account:1",
        "account:2",
        "account:1",
    ]
    assert ask("account:3", b"something else") == "account:3"
    assert done == ["account:1", "account:2", "account:3"]


def test_of_many_that_come_at_once_one_is_done(client: TestClient) -> None:
    """All get its answer."""
    start = Barrier(TOGETHER)

    def send(_: int) -> Any:
        start.wait()
        return client.post(f"{V1}/requests", json=BODY, headers=HEADERS)

    with ThreadPoolExecutor(TOGETHER) as pool:
        received = list(pool.map(send, range(TOGETHER)))

    assert all(same(each, received[0]) for each in received)
    assert received[0].status_code == 201
    listed = client.get(f"{V1}/requests", params={"date": "2027-03-02"}).json()
    assert [each["id"] for each in listed] == ["r1"]


def test_many_keys_at_once_keep_nobody_waiting_for_ever(client: TestClient) -> None:
    """More calls than the service has threads, each of which has to have the lock."""

    def send(number: int) -> str:
        headers = {"Idempotency-Key": f"{KEY}-{number}"}
        return str(client.post(f"{V1}/requests", json=BODY, headers=headers).json()["id"])

    with ThreadPoolExecutor(60) as pool:
        assert len(set(pool.map(send, range(60)))) == 60


def test_answers_are_forgotten_after_some_days(
    client: TestClient, office: Office, now: Clock
) -> None:
    """FAHRTEN_ANSWER_DAYS; then the key is as good as new, and its row is gone."""
    client.post(f"{V1}/requests", json=BODY, headers=HEADERS)
    now.go_on(minutes=office.settings.answer_days * 24 * 60)
    later = {**BODY, "date": str(dt.date(2027, 3, 9))}

    again = client.post(f"{V1}/requests", json=later, headers=HEADERS)

    assert again.json()["id"] == "r2"
    with office.store.reading() as session:
        assert session.scalars(select(KeptAnswer.given)).all() == [now()]


def test_a_kept_answer_tells_nobody_anything(client: TestClient, office: Office) -> None:
    """Neither whom it is about nor under which key it can be had."""
    client.post(f"{V1}/requests", json=BODY, headers=HEADERS)

    with office.store.reading() as session:
        (kept,) = session.scalars(select(KeptAnswer)).all()
    shown = f"{kept.name} {kept.proof} {kept.sealed!r}"
    for secret in ("Beispiel", "23125", "Talle", KEY):
        assert secret not in shown


def erase(client: TestClient, who: str) -> None:
    gone = client.delete(f"{V1}/passengers/{who}", params={"cancel_rides": True})
    assert gone.is_success, gone.text


def assert_erased(answer: Any) -> None:
    assert (answer.status_code, answer.json()["type"]) == (
        410,
        "urn:gesunde-fahrten:erased-answer",
    )
    assert "gelöscht" in answer.json()["detail"]
    assert "Beispiel" not in answer.text


def test_who_is_erased_cannot_be_read_again_by_the_key(client: TestClient, office: Office) -> None:
    """Nor is the call done again, which would bring them back; others have their answers."""
    other = {**BODY, "name": "Idem, Ina", "origin": "Beispielstraße 5, Talle"}
    calls = {f"{KEY}-{number}": told for number, told in enumerate((BODY, other, BODY))}

    def send(key: str) -> Any:
        return client.post(f"{V1}/requests", json=calls[key], headers={"Idempotency-Key": key})

    before = {key: send(key) for key in calls}
    erase(client, "p1")

    erika, ina, again = (send(key) for key in calls)
    for gone in (erika, again):
        assert_erased(gone)
    assert same(ina, before[f"{KEY}-1"])
    assert client.get(f"{V1}/people/p3").status_code == 404
    with office.store.reading() as session:
        kept = session.scalars(select(KeptAnswer).order_by(KeptAnswer.sealed)).all()
    assert [bool(each.sealed) for each in kept] == [False, False, True]
    assert kept[2].about == ["home-2", "p2", "r2"]


@pytest.mark.parametrize(
    "call", [ask_offers, plan, take_file, take_batch, copy, begin_series, happen, accept]
)
def test_whatever_was_answered_about_somebody_goes_with_them(
    client: TestClient, call: Callable[[TestClient], tuple[Asked, Asked]]
) -> None:
    """Plans have the points of homes, offers and marks the numbers of requests."""
    (url, asked), _ = call(client)
    assert client.post(url, headers=HEADERS, **asked).is_success

    erase(client, "p1")

    assert_erased(client.post(url, headers=HEADERS, **asked))


def test_what_was_answered_of_marks_goes_with_who_rode(client: TestClient, now: Clock) -> None:
    """Nobody is opened for a mark; it has the number of a request, and when that was brought."""
    (url, asked), _ = mark(client)
    now.go_on(minutes=2 * 24 * 60)
    asked["json"]["ticks"][0]["at"] = now().isoformat()
    (answer,) = client.post(url, headers=HEADERS, **asked).json()
    assert answer["kept"], answer

    again = {"Idempotency-Key": f"{KEY}-again"}
    assert client.post(url, headers=again, **asked).json()[0]["known"]
    now.go_on(minutes=24 * 60)
    erase(client, "p1")

    for headers in (HEADERS, again):
        assert_erased(client.post(url, headers=headers, **asked))


def test_who_was_renamed_since_goes_with_the_old_name(client: TestClient) -> None:
    """The request is somebody else's by now, and the answer had the first name."""
    assert post(client, f"{V1}/people", json={"name": BODY["name"]})["id"] == "p1"
    told = {name: value for name, value in BODY.items() if name not in {"born", "phone"}}
    client.post(f"{V1}/requests", json=told, headers=HEADERS)
    changed = client.put(f"{V1}/requests/r1", json={**told, "name": "Idem, Ina"})
    assert changed.is_success, changed.text

    erase(client, "p1")

    assert_erased(client.post(f"{V1}/requests", json=told, headers=HEADERS))


def test_who_was_merged_goes_with_whom_they_became(client: TestClient) -> None:
    """What was answered about the entry that is gone is about the one that stayed."""
    post(client, f"{V1}/people", json={"name": "Beispiel, Erika"})
    told = {"name": "Beispiel, E."}
    client.post(f"{V1}/people", json=told, headers=HEADERS)
    merging = {"Idempotency-Key": f"{KEY}-merging"}
    post(client, f"{V1}/people/p1/merge", json={"other": "p2"}, headers=merging)
    assert client.post(f"{V1}/people", json=told, headers=HEADERS).json()["id"] == "p2"

    erase(client, "p1")

    assert_erased(client.post(f"{V1}/people", json=told, headers=HEADERS))
    assert_erased(client.post(f"{V1}/people/p1/merge", json={"other": "p2"}, headers=merging))


def test_who_is_erased_while_the_answer_is_made_is_not_kept_in_it(office: Office) -> None:
    """Whoever has asked gets it, and nobody after them."""
    with visit(office) as client:
        taken(client)

    def work() -> Answer:
        read = requests.read(office, office.region(), "r1")
        with ThreadPoolExecutor(1) as pool:
            erasing = pool.submit(privacy.erase, office, office.region(), "p1", cancel_rides=True)
            erasing.result()
        return Answer(200, {}, read.row.name.encode())

    keyed = Keyed(KEY, b"asked")
    assert repeating.once(office, keyed, work).body == b"Beispiel, Erika"

    with pytest.raises(AnswerErasedError):
        repeating.once(office, keyed, work)


def test_an_answer_from_before_it_was_noted_whom_it_is_about_goes_with_anybody(
    client: TestClient, office: Office
) -> None:
    """It may be about them."""
    post(client, f"{V1}/people", json={"name": "Idem, Ina"})
    client.post(f"{V1}/requests", json=BODY, headers=HEADERS)
    with office.store.writing() as session:
        session.scalars(select(KeptAnswer)).one().about = None

    erase(client, "p1")

    assert_erased(client.post(f"{V1}/requests", json=BODY, headers=HEADERS))


def test_answers_that_are_too_old_are_gone_in_the_night(
    client: TestClient, office: Office, backend: str, tmp_path: Path
) -> None:
    """Whether or not anybody calls with a key; in the files, too."""
    client.post(f"{V1}/requests", json=BODY, headers=HEADERS)
    with office.store.reading() as session:
        (kept,) = session.scalars(select(KeptAnswer)).all()
    end = kept.given + dt.timedelta(days=office.settings.answer_days)

    def left(now: dt.datetime) -> tuple[int, bool]:
        assert not forgetting.forget_old(office, now=now).failed
        with office.store.reading() as session:
            rows = len(session.scalars(select(KeptAnswer.name)).all())
        files = b"".join(each.read_bytes() for each in tmp_path.glob("fahrten.sqlite3*"))
        return rows, kept.sealed in files

    assert left(end - dt.timedelta(seconds=1)) == (1, backend == "sqlite")
    assert left(end) == (0, False)
