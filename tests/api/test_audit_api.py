"""Whoever asks over HTTP or by a command stands in the audit, for each change and each name."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.cli import command_named
from api.operations import auditing, forgetting
from api.operations.office import Office
from api.operations.requests import take_file
from api.settings import load_settings
from data.audit_chain import Fault, Wrong
from tests.builders_api import BODY, KEY, make_office
from tests.builders_commands import Fahrten, write
from tests.builders_offers import V1
from tests.builders_visits import visit

OTTO = {"name": "Beispiel, Otto", "origin": "Beispielstraße 5, Talle"}


@pytest.fixture
def office(tmp_path: Path, either_database: None) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def client(office: Office) -> TestClient:
    return visit(office)


def audit(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{V1}/audit", params=query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def test_each_call_has_its_row_with_what_it_touched(client: TestClient) -> None:
    """The template of the route, never what was sent; with the id of its lines in the log."""
    taken = client.post(f"{V1}/requests", json={**BODY, "note": "Hund im Hof"})
    client.get(f"{V1}/requests", params={"date": str(BODY["date"])})
    client.get(f"{V1}/places")

    listed, added = audit(client)

    assert added["action"] == "POST /api/v1/requests"
    assert added["actor"] == "anybody"
    assert added["request_id"] == taken.headers["X-Request-ID"]
    assert added["touched"]["added"]["requests"] == ["r1"]
    assert listed["action"] == "GET /api/v1/requests"
    assert listed["touched"] == {
        "read": {"homes": ["home-1"], "people": ["p1"], "requests": ["r1"]}
    }
    assert client.get(f"{V1}/audit/verify").json() == {
        "whole": True,
        "rows": 2,
        "head": f"2 {listed['hash']}",
        "fault": None,
    }


def test_rows_are_found_by_person_request_and_day_and_come_in_pages(client: TestClient) -> None:
    """And not those of a person whose number begins alike, nor those of another region."""
    for number in range(11):
        client.post(f"{V1}/requests", json={**BODY, "name": f"Beispiel, {number}"})
    client.get(f"{V1}/requests/r1")

    assert [row["number"] for row in audit(client, person="p1")] == [12, 1]
    assert [row["number"] for row in audit(client, request="r11")] == [11]
    assert len(audit(client, since="2027-02-28")) == 12
    assert audit(client, since="2027-03-01") == []
    page = client.get(f"{V1}/audit", params={"most": 5}).json()
    assert [row["number"] for row in page["rows"]] == [12, 11, 10, 9, 8]
    assert [row["number"] for row in audit(client, most=5, before=page["next"])] == [7, 6, 5, 4, 3]
    with client.app.state.office.store.writing() as session:  # type: ignore[attr-defined]
        session.execute(text("SELECT 1"))
    assert len(audit(client)) == 12


def test_an_answer_that_is_given_again_has_a_row_that_leads_to_the_first(
    office: Office, client: TestClient
) -> None:
    """It may name people, and who they are stands in the row of the call that it repeats."""
    key = {"Idempotency-Key": "a-key-that-is-random"}
    answers = [client.post(f"{V1}/requests", json=BODY, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()

    again, first = auditing.show(office, office.region(), most=9, installation=True)

    (name,) = first.touched["added"]["answers"]
    assert first.touched["added"]["people"] == ["p1"]
    assert again.touched == {"read": {"answers": [name]}}


def test_a_refused_change_that_shows_both_versions_has_a_row(client: TestClient) -> None:
    """Nothing was changed, and yet a name was given out."""
    client.post(f"{V1}/requests", json=BODY)
    client.put(f"{V1}/requests/r1", json={**BODY, "note": "Hund"})
    before = len(audit(client))
    refused = client.put(f"{V1}/requests/r1", json=BODY, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["stored"]["name"]) == (409, BODY["name"])

    rows = audit(client)[: len(audit(client)) - before]

    assert {kind for row in rows for kind in row["touched"]} == {"read"}
    assert all(row["touched"]["read"]["people"] == ["p1"] for row in rows)


def test_a_report_says_who_has_opened_the_data(client: TestClient) -> None:
    """The newest first, and not when somebody else was read."""
    client.post(f"{V1}/requests", json=BODY)
    client.post(f"{V1}/requests", json={**BODY, **OTTO})
    client.get(f"{V1}/requests/r2")
    client.post(f"{V1}/passengers/search", json={"who": "Erika"})

    told = client.get(f"{V1}/passengers/p1/report").json()["readings"]

    assert [each["action"] for each in told] == [
        "GET /api/v1/passengers/{who}/report",
        "POST /api/v1/passengers/search",
        "POST /api/v1/requests",
    ]
    assert {each["actor"] for each in told} == {"anybody"}


def test_the_night_removes_old_rows_and_notes_the_head(
    office: Office, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The log, kept elsewhere, is a witness; what is wrong stays to be looked into."""
    caplog.set_level("INFO", logger="fahrten")
    client.post(f"{V1}/requests", json=BODY)
    client.get(f"{V1}/requests/r1")
    month = 30 * 24 * 3600
    later = office.now().timestamp() + (office.settings.audit_months + 1) * month
    moment = type(office.now()).fromtimestamp(later, tz=office.now().tzinfo)
    forgetting.forget_old(office, now=moment)

    head = str(auditing.head(office))
    assert f"head {head}" in caplog.text
    assert auditing.verify(office, head).fault is None
    assert audit(client)[-1]["number"] > 1

    backend = office.store.engine.dialect.name
    with office.store.engine.begin() as connection:
        if backend == "sqlite":
            connection.execute(text("DROP TRIGGER audit_stays_as_it_is"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE audit SET actor = 'account:9'"))
    forgetting.forget_old(office, now=moment)
    assert "audit is changed from row" in caplog.text
    assert client.get(f"{V1}/audit/verify").json()["fault"]["wrong"] == "changed"


def test_the_commands_show_verify_and_note(fahrten: Fahrten, tmp_path: Path) -> None:
    """A head that was noted is compared, from the line itself or from a file."""
    office = Office(load_settings())
    file = write(tmp_path, {"datum": "2099-03-03"})
    take_file(office, office.region(), file.read_bytes(), file.name)
    fahrten("privacy", "report", "p1")

    shown = fahrten("audit", "show", "--person", "p1")
    document = fahrten("audit", "show", "--json", "--since", "2020-01-01").document
    head = fahrten("audit", "head").out.strip()
    noted = tmp_path / "kopf"
    noted.write_text(f'{{"event": "audit is whole, 0 rows of it too old; head {head}"}}')
    digest = head.split()[1]

    assert "command, fahrten privacy report: gelesen" in shown.out
    assert document["rows"][0]["hash"] == digest
    for told in (noted, head, digest):
        done = fahrten("audit", "verify", "--from", told)
        assert (done.code, done.err) == (0, "")
        assert f"Kopf: {head}" in done.out
    for wrong in ("f" * 64, f"99 {digest}"):
        refused = fahrten("audit", "verify", "--from", wrong)
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert "fehlt" in refused.err
    assert "kein Kopf" in fahrten("audit", "verify", "--from", "kopf?").err
    assert "Eingesehen: " in fahrten("privacy", "report", "p1").out


def test_old_keys_are_kept_while_the_audit_is_wrong(fahrten: Fahrten, tmp_path: Path) -> None:
    """Only they can tell what was proven."""
    office = Office(load_settings())
    file = write(tmp_path, {"datum": "2099-03-03"})
    take_file(office, office.region(), file.read_bytes(), file.name)
    assert fahrten("key", "rotate").code == 0
    with office.store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_stays_as_it_is"))
        connection.execute(text("UPDATE audit SET actor = 'account:9' WHERE id = 1"))

    refused = fahrten("key", "forget")

    assert refused.code == 1
    assert refused.err == (
        "Fehler: Prüfprotokoll, Zeile 1: Sie wurde verändert, oder eine davor.\n"
    )
    assert auditing.verify(office).fault == Fault(1, Wrong.CHANGED)


def test_a_command_is_named_without_what_is_handed_to_it() -> None:
    """A name may stand there."""
    assert command_named(["privacy", "report", "Beispiel, Erika"]) == "fahrten privacy report"
    assert command_named(["key", "rotate"]) == "fahrten key rotate"
    assert command_named(["plan", "2027-03-02", "--seed", "key"]) == "fahrten plan"
    assert command_named([]) == "fahrten"


WRITER = """
import sys
from pathlib import Path
from api.operations.office import Office
from api.operations import requests
from api.settings import Settings
from data.acting import Deed, act
from tests.builders_api import CELLS, NOW
folder, actor, database, key = sys.argv[1:]
office = Office(Settings(folder=Path(folder), database=database, key=key), clock=lambda: NOW)
office.store
act(Deed(actor, "test"))
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    stored = requests.take(office, office.region(), {**CELLS, "name": f"{actor} {number}"})
    requests.read(office, office.region(), stored.id)
"""


def test_two_processes_that_write_at_once_give_one_chain(office: Office, tmp_path: Path) -> None:
    """Without gaps or forks, with every row of both."""
    url = office.store.engine.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-c", WRITER, str(tmp_path)]
    actors = ("account:1", "account:2")
    both = [
        subprocess.Popen(
            [*arguments, actor, url, KEY.get_secret_value()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for actor in actors
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=600)
        assert process.returncode == 0

    rows = auditing.show(office, office.region(), most=1000)

    assert sorted(row.actor for row in rows) == [*(actors[:1] * 40), *(actors[1:] * 40)]
    verified = auditing.verify(office)
    assert (verified.rows, verified.head.number, verified.fault) == (80, 80, None)


def names_in(document: Any) -> set[str]:
    """Every marked name of an answer."""
    said = json.dumps(document)
    return {name for name in ("Anna", "Bert", "Cleo") if name in said}


Calls = list[tuple[str, int, int]]
CALLS = st.lists(
    st.tuples(
        st.sampled_from(("take", "change", "cancel", "read", "list", "search", "report", "crash")),
        st.integers(0, 2),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    office = make_office(tmp_path_factory.mktemp("shared"))
    return visit(office)


def call(client: TestClient, what: str, who: str, request: str) -> Any:
    body = {**BODY, "name": f"Beispiel, {who}"}
    calls: dict[str, Callable[[], Any]] = {
        "take": lambda: client.post(f"{V1}/requests", json=body),
        "change": lambda: client.put(f"{V1}/requests/{request}", json={**body, "note": who}),
        "cancel": lambda: client.delete(f"{V1}/requests/{request}"),
        "read": lambda: client.get(f"{V1}/requests/{request}"),
        "list": lambda: client.get(f"{V1}/requests", params={"date": str(BODY["date"])}),
        "search": lambda: client.post(f"{V1}/passengers/search", json={"who": who}),
        "report": lambda: client.get(f"{V1}/passengers/{request}/report"),
    }
    return calls[what]()


def crash(office: Office) -> None:
    """Somebody writes, and the process fails before the commit."""
    with office.store.writing() as session:
        session.execute(text("UPDATE requests SET companions = 5"))
        session.flush()
        raise ZeroDivisionError


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls=CALLS)
def test_every_change_and_every_name_that_is_given_out_has_its_row(
    shared: TestClient, calls: Calls
) -> None:
    """Whatever is called in which order, and the chain holds after each."""
    office: Office = shared.app.state.office  # type: ignore[attr-defined]
    people: dict[str, str] = {}
    for what, number, request in calls:
        who = ("Anna", "Bert", "Cleo")[number]
        before = auditing.head(office).number
        if what == "crash":
            with pytest.raises(ZeroDivisionError):
                crash(office)
            assert auditing.head(office).number == before
            continue
        answer = call(shared, what, who, f"r{request}")
        new = [row for row in audit(shared) if row["number"] > before]
        touched = [row["touched"] for row in new]
        for each in shared.post(f"{V1}/passengers/search", json={"who": "Beispiel"}).json():
            people[each["name"].removeprefix("Beispiel, ")] = each["id"]
        if answer.status_code < 300:
            given_out = {people[name] for name in names_in(answer.json())}
            read = {name for each in touched for name in each.get("read", {}).get("people", ())}
            assert given_out <= read
            if what in {"take", "change", "cancel"}:
                named = answer.json()["id"]
                assert f'"{named}"' in json.dumps(touched)
        assert all(row["request_id"] == answer.headers["X-Request-ID"] for row in new)
        assert auditing.verify(office).fault is None


def test_what_fails_on_the_way_to_the_disk_leaves_neither_change_nor_row(
    office: Office, client: TestClient
) -> None:
    """If the row cannot be written, the change is not there either."""
    client.post(f"{V1}/requests", json=BODY)
    with office.store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    try:
        with pytest.raises(DBAPIError):
            client.delete(f"{V1}/requests/r1")
    finally:
        with office.store.engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO audit"))

    assert client.get(f"{V1}/requests/r1").json()["outcome"] is None
    assert client.get(f"{V1}/audit/verify").json()["rows"] == 2
