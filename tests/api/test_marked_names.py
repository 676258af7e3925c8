"""Marked names are planted, and looked for in everything that the program writes."""

import datetime as dt
import logging
import pickle
import struct
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, create_engine, select

from api.jobs.pool import Hand
from api.jobs.work import Task
from api.operations import privacy
from data.geocache import StoredGeocodes
from routing.geo import Point
from scheduler.optimizer.solution import Solution
from tests.builders_api import BODY, TUESDAY, make_office, table
from tests.builders_offers import V1, Clock
from tests.builders_visits import visit

DAY = f"{V1}/days/{TUESDAY}"
NAMES = ("Zzyzxova", "Qwrtzmann")
PHONES = ("0000 4711001", "0000 4711002")
NOTES = ("Xylophon im Flur", "Dudelsack im Keller")
STREETS = ("Beispielstraße 3", "Beispielstraße 5")
QUERY, POINT = "Waldschrathütte", Point(52.123456789, 8.987654321)
MARKS = (*NAMES, *PHONES, *NOTES, *STREETS, "Talle", "1941-05-06", QUERY)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to which temporary files, a log of everything and tasks of workers go as well."""
    folder = tmp_path / "written"
    (folder / "temporary").mkdir(parents=True)
    submit = Hand.submit

    def spy(hand: Hand, task: Task) -> Future[Solution]:
        (folder / "task").write_bytes(pickle.dumps(task))
        return submit(hand, task)

    monkeypatch.setattr(Hand, "submit", spy)
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))
    handler = logging.FileHandler(folder / "log", encoding="utf-8")
    # What the caller of the API logs is not ours.
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield folder
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def work(client: TestClient, clock: Clock) -> list[Any]:
    """Two days of an office, with everything that names somebody."""
    answers = []

    def call(method: str, path: str, **options: Any) -> Any:
        answer = client.request(method, path, **options)
        assert answer.status_code < 400 or options.pop("refused", False), answer.text
        answers.append(answer)
        return answer

    for number in range(2):
        body = {
            **BODY,
            "name": f"{NAMES[number]}, Erika",
            "phone": PHONES[number],
            "note": NOTES[number],
            "origin": f"{STREETS[number]}, Talle",
        }
        key = {"Idempotency-Key": f"a-key-that-is-random-{number}"}
        call("POST", f"{V1}/requests", json=body, headers=key)
        call("PUT", f"{V1}/requests/r{number + 1}", json={**body, "stay_minutes": 50})
    row = {"name": f"{NAMES[0]}, Erika", "telefon": PHONES[0], "hinweis": NOTES[1]}
    call("POST", f"{V1}/requests/import", files={"file": ("liste.csv", table(row))})
    client.post(f"{V1}/requests", json={**BODY, "origin": f"{NAMES[0]}weg, {STREETS[0]}"})
    client.post(f"{V1}/requests/import", files={"file": ("x.csv", table({"termin": NAMES[1]}))})
    client.get(f"{V1}/requests/{NAMES[0]}")
    offers = call("POST", f"{V1}/requests/r1/offers").json()["offers"]
    call("POST", f"{V1}/offers/{offers[0]['id']}/hold")
    call("POST", f"{V1}/offers/{offers[0]['id']}/accept")
    call("POST", f"{DAY}/plan", json={"seconds": 1})
    call("GET", f"{DAY}/solves")
    call("POST", f"{DAY}/publish", json={"version": 1})
    clock.now = dt.datetime(2027, 3, 2, 5, 0, tzinfo=dt.UTC)
    call("POST", f"{DAY}/events", json={"kind": "cancelled", "request": "r2"})
    mark = {
        "key": f"{NAMES[0]}-is-a-key-of-somebody",
        "request": "r1",
        "trip": "outbound",
        "mark": "arrived",
        "at": "2027-03-02T05:00:00Z",
    }
    call("POST", f"{DAY}/ticks", json={"ticks": [mark, {**mark, "request": NAMES[1]}]})
    for page in (
        *("plan", "events", "changes", "manifests"),
        *("versions", "publication", "ticks", "states"),
    ):
        call("GET", f"{DAY}/{page}")
    pages = ("/", f"/days/{TUESDAY}", "/healthz", "/metrics", f"{V1}/figures/2027-03")
    answers += [client.get(path) for path in pages]
    know_people(client, call)
    come_every_week(client, call)
    open_call = {"name": f"{NAMES[0]}, Erika", "telefon": PHONES[0], "hinweis": NOTES[0]}
    call("POST", "/anruf/merken", data={**open_call, "schluessel": f"{NAMES[1]}-{NAMES[0]}"})
    call("POST", f"{V1}/passengers/search", json={"who": NAMES[0]})
    call("GET", f"{V1}/passengers/p1/report")
    return answers


def know_people(client: TestClient, call: Any) -> None:
    """Everything that is told of passengers beside their rides, right and wrong."""
    person = {
        "name": f"{NAMES[0]}, Anna",
        "born": "1941-05-06",
        "phone": PHONES[1],
        "escort": f"{NAMES[1]}, {PHONES[0]}",
        "addresses": [f"{STREETS[0]}, Talle"],
        "note": NOTES[0],
        "consent": "given",
    }
    key = {"Idempotency-Key": f"{NAMES[0]}-is-a-key-of-somebody"}
    made = call("POST", f"{V1}/people", json=person, headers=key).json()["id"]
    tag = {"If-Match": '"1"'}
    call("PUT", f"{V1}/people/{made}", json={**person, "note": NOTES[1]}, headers=tag)
    assert client.put(f"{V1}/people/{made}", json=person, headers=tag).status_code == 409
    assert client.post(f"{V1}/people", json={**person, "note": NOTES[1]}).status_code == 409
    client.post(f"{V1}/people", json={**person, "addresses": [f"{NAMES[0]}weg, Talle"]})
    client.get(f"{V1}/people/{NAMES[0]}")
    call("POST", f"{V1}/people/search", json={"q": f"{NAMES[0][:3]} ann"})
    call("POST", f"{V1}/people/search", json={"q": PHONES[1]})
    call("GET", f"{V1}/people/{made}/usual")
    call("POST", f"{V1}/people/p1/merge", json={"other": made})
    call("POST", f"{V1}/requests/r1/copy", json={"date": "2027-03-09"})
    week = [
        {**BODY, "date": f"2027-03-{day:02}", "name": f"{NAMES[1]}, Otto", "note": NOTES[0]}
        for day in (9, 10)
    ]
    week.append({**BODY, "date": "2027-03-11", "origin": f"{NAMES[0]}weg 3, Talle"})
    call("POST", f"{V1}/requests/batch", json={"requests": week})


def come_every_week(client: TestClient, call: Any) -> None:
    """A series from its begin to its end, right and wrong."""
    told = {
        **BODY,
        "name": f"{NAMES[1]}, Otto",
        "phone": PHONES[1],
        "note": NOTES[1],
        "origin": f"{STREETS[1]}, Talle",
        "date": "2027-04-05",
        "weekdays": ["Mo", "Th"],
        "on_closed": "day_after",
    }
    name = call("POST", f"{V1}/series", json=told).json()["series"]["id"]
    path = f"{V1}/series/{name}"
    call("GET", path)
    call("GET", f"{V1}/series")
    changed = {**told, "note": NOTES[0], "appointment": "10:15"}
    call("PUT", path, json=changed, headers={"If-Match": '"1"'})
    assert client.put(path, json=told, headers={"If-Match": '"1"'}).status_code == 409
    client.post(f"{V1}/series", json={**told, "origin": f"{NAMES[0]}weg 3, Talle"})
    client.get(f"{V1}/series/{NAMES[0]}")
    for what in ("skip", "resume"):
        call("POST", f"{path}/{what}", json={"date": "2027-04-08"})
    one = {"date": "2027-04-12", "appointment": "11:00", "note": NOTES[1]}
    call("POST", f"{path}/dates", json=one)
    call("DELETE", path, params={"last": "2027-04-08"})


@pytest.mark.both_databases
def test_no_mark_is_in_anything_that_is_written(
    database: str, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Log, database with its journals, temporary files; plans, figures and metrics as answers."""
    if not database.startswith("sqlite"):
        monkeypatch.setenv("FAHRTEN_DATABASE", database)
    clock = Clock(dt.datetime(2027, 3, 1, 17, 0, tzinfo=dt.UTC))  # the evening before
    office = make_office(written / "var", clock=clock)
    with visit(office) as client:
        answers = work(client, clock)
        StoredGeocodes(office.store, now=clock).put(QUERY, POINT)
        homes = privacy.report(office, office.region(), "p1").homes.values()
        spots = [repr(home.point.lat) for home in homes] + [repr(POINT.lat)]
        rows = everything(office.store.engine.url.render_as_string(hide_password=False))
        files = {
            str(file.relative_to(written)): file.read_bytes()
            for file in written.rglob("*")
            if file.is_file()
        }
    assert len(homes) == 1

    # The marks are there for whoever may see them: the test would find what it looks for.
    shown = "".join(answer.text for answer in answers)
    assert [mark for mark in (*NAMES, *PHONES, *NOTES, *STREETS) if mark not in shown] == []

    for mark in (*MARKS, *spots):
        spelt = {mark.encode(), mark.encode("latin-1"), ascii(mark)[1:-1].encode()}
        if mark in spots:
            spelt |= {struct.pack(order + "d", float(mark)) for order in "<>"}
        found = [name for name, text in files.items() if any(each in text for each in spelt)]
        assert found == [], mark
        assert mark not in rows
    for file in ("log", "task"):
        assert (written / file).stat().st_size > 0

    nameless = ("plan", "events", "changes", "versions", "publication", "ticks", "states")
    for path in (*(f"{DAY}/{page}" for page in nameless), f"{V1}/figures/2027-03", "/metrics"):
        (text,) = (
            each.text
            for each in answers
            if each.request.url.path == path and each.request.method == "GET"
        )
        assert [mark for mark in MARKS if mark in text] == []


def everything(url: str) -> str:
    """Every row of every table, as the database itself has it."""
    engine = create_engine(url)
    described = MetaData()
    described.reflect(engine)
    with engine.connect() as connection:
        found = "\n".join(
            str(row)
            for described_table in described.tables.values()
            for row in connection.execute(select(described_table))
        )
    engine.dispose()
    assert "home-1" in found
    return found
