"""The log of a served day: one object per line, found again by its id, and it names nobody."""

import datetime as dt
import json
import logging
import sqlite3
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.observing import logs
from api.observing.requests import HEADER
from data.reading import Mistake, RegionError
from tests.builders_api import BODY, table
from tests.builders_serving import Served, next_service_day, serving

V1 = "/api/v1"
NAME, PHONE, NOTE = "Markerfrau", "0471 998877", "Markernotiz"
STREET = "Beispielstraße"  # where she lives; every address of the sample is in one
PLANTED = (NAME, PHONE, "998877", NOTE, STREET, "Beispielstr", "Talle", "1941", "Markerpraxis")
UUID = "5f2b8c1e-7d34-4a6b-9c0d-1e2f3a4b5c6d"


def live(client: httpx2.Client, day: dt.date) -> dict[str, int]:
    """Take, offer, promise, plan, print, cancel; returns the status of each step."""
    body = {**BODY, "date": day.isoformat(), "name": f"{NAME}, Zoë", "phone": PHONE, "note": NOTE}
    statuses = {}

    def do(step: str, method: str, path: str, **more: Any) -> httpx2.Response:
        answer = client.request(method, path, **more)
        statuses[step] = answer.status_code
        return answer

    taken = do("take", "POST", f"{V1}/requests", json=body)
    request = taken.json()["id"]
    offers = do("offer", "POST", f"{V1}/requests/{request}/offers").json()["offers"]
    do("accept", "POST", f"{V1}/offers/{offers[0]['id']}/accept")
    do("change", "PUT", f"{V1}/requests/{request}", json=body)
    file = table({"datum": day.isoformat(), "name": f"{NAME}, Udo", "hinweis": NOTE})
    do("import", "POST", f"{V1}/requests/import", files={"file": (f"{NAME}.csv", file)})
    do("plan", "POST", f"{V1}/days/{day}/plan", json={})
    sheets = do("sheets", "GET", f"{V1}/days/{day}/manifests").json()
    shift = next(each["shift"] for each in sheets if each["stops"])
    do("pdf", "GET", f"{V1}/days/{day}/manifests/{shift}", headers={"accept": "application/pdf"})
    do("page", "GET", f"/tage/{day}", headers={"accept": "text/html"})
    do("search", "GET", f"{V1}/addresses", params={"q": f"{STREET} 3 Talle"})
    do("search", "GET", f"{V1}/places", params={"q": "Markerpraxis"})
    return statuses


def go_wrong(client: httpx2.Client, folder: Path) -> list[int]:
    """Errors of all kinds, each with something planted in it."""
    json_type = {"content-type": "application/json"}
    answers = [
        client.get(f"/{NAME}"),
        client.get(f"{V1}/requests/{NAME}"),
        client.get(f"{V1}/requests", params={"date": NAME}),
        client.get(f"{V1}/places", params={"region": NAME}),
        client.get(f"{V1}/addresses", params={"q": NAME}, headers={HEADER: NAME}),
        client.request(NAME.upper(), f"{V1}/requests"),
        client.patch(f"{V1}/requests/{NAME}"),
        client.post(f"{V1}/requests", content=f'{{"{NAME}": '.encode(), headers=json_type),
        client.post(f"{V1}/requests", json={"name": NAME, NOTE: PHONE}),
        client.post(f"{V1}/requests", json={**BODY, "name": NAME, "origin": f"{NAME}gasse 7"}),
        client.post(f"{V1}/requests/import", files={"file": (f"{NAME}.csv", NAME.encode())}),
        client.get(f"{V1}/health", headers={"user-agent": NAME, "referer": NAME, "cookie": NAME}),
    ]
    with sqlite3.connect(folder / "fahrten.sqlite3") as other:
        other.execute("PRAGMA foreign_keys=OFF")
        other.execute("DROP TABLE notes")
    other.close()
    body = {**BODY, "name": NAME, "phone": PHONE, "note": NOTE}
    answers.append(client.post(f"{V1}/requests", json=body))
    return [answer.status_code for answer in answers]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("lived")
    with serving(folder) as served:
        with served.client() as client:
            statuses = live(client, next_service_day())
            statuses |= {str(n): status for n, status in enumerate(go_wrong(client, folder))}
        served.end()
        yield served, statuses


def test_the_log_of_a_served_day_names_nobody(lived: tuple[Served, dict[str, int]]) -> None:
    """Plan, offers, sheets and errors of all kinds; the day really was lived."""
    served, statuses = lived

    steps = {name: status for name, status in statuses.items() if not name.isdigit()}
    assert steps == {name: 201 if name == "take" else 200 for name in steps}
    assert sorted(statuses[str(n)] for n in range(13)) == [
        *(200, 200),
        *(404, 404, 404),
        *(405, 405),
        *(422, 422, 422, 422, 422),
        500,
    ]
    text = served.log.read_text("utf-8")
    assert [planted for planted in PLANTED if planted.lower() in text.lower()] == []


def test_every_line_of_the_log_is_one_object(lived: tuple[Served, dict[str, int]]) -> None:
    """With moment, level and text; nothing else is written to stderr."""
    for line in lived[0].lines():
        assert {"event", "level", "logger", "timestamp"} <= line.keys()


def test_every_request_has_its_line(lived: tuple[Served, dict[str, int]]) -> None:
    """Method, template, status and milliseconds, and what was done carries the same id."""
    lines = lived[0].lines()
    answered = [line for line in lines if line["logger"] == "fahrten.http"]

    found = {(line["method"], line["route"], line["status"]) for line in answered}
    assert {
        ("POST", "/api/v1/requests", 201),
        ("PUT", "/api/v1/requests/{request}", 200),
        ("GET", "/api/v1/days/{date}/manifests/{shift}", 200),
        ("GET", "/api/v1/requests/{request}", 404),
        ("GET", "(none)", 404),
        ("OTHER", "/api/v1/requests", 405),
        ("POST", "/api/v1/requests", 500),
    } <= found
    assert all(line["milliseconds"] > 0 for line in answered)
    (took,) = (line for line in lines if line["event"].startswith("took request r1 "))
    (post,) = (line for line in answered if line["status"] == 201)
    assert took["request_id"] == post["request_id"]


def test_a_fault_of_the_program_is_found_in_the_code(lived: tuple[Served, dict[str, int]]) -> None:
    """The log has the type of the exception and where it arose, but not its message."""
    (fault,) = (line for line in lived[0].lines() if "where" in line)

    assert fault["exception"] == "OperationalError"
    assert any(frame.startswith("api/operations/requests.py:") for frame in fault["where"])
    assert "no such table" not in json.dumps(fault)


def test_a_request_keeps_the_id_that_the_proxy_gave_it(tmp_path: Path) -> None:
    """In the header, the problem document and the log; what could be a name is not taken."""
    with serving(tmp_path) as served, served.client() as client:
        kept = client.get("/api/v1/nothing", headers={HEADER: UUID})
        made = [client.get("/healthz", headers={HEADER: each}) for each in (NAME, "", "1" * 65)]
        served.end()

    assert kept.headers[HEADER] == kept.json()["request_id"] == UUID
    assert UUID in {line.get("request_id") for line in served.lines()}
    ids = [answer.headers[HEADER] for answer in made]
    assert len(set(ids)) == 3
    assert all(len(each) == 32 for each in ids)


def told(record: logging.LogRecord) -> str:
    return logs.formatter("json", stream=sys.stderr).format(record)


def make_record(name: str, message: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, values, None)


@pytest.mark.parametrize(
    ("name", "message", "kept"),
    [
        ("asyncio", f"Task exception was never retrieved\nValueError('{NAME}')", "Task exception"),
        ("uvicorn.error", "Cancel %s running task(s)", "Cancel %s running"),
        ("pandas.io", f"cannot read {NAME}", "not repeated"),
        ("sqlalchemy.pool", "Exception %r in the pool", "in the pool"),
    ],
)
def test_libraries_are_not_repeated(name: str, message: str, kept: str) -> None:
    """Only what is a constant in their code."""
    line = told(make_record(name, message, *[NAME] * message.count("%")))

    assert kept in line
    assert NAME not in line


def test_broken_files_of_a_region_are_counted() -> None:
    """The roster has drivers' names and phones."""
    error = RegionError([Mistake("roster.toml", "driver 3", NAME, f"Ist {NAME}?")])

    assert logs.cause(error) == "1 mistakes in roster.toml; `fahrten region list` shows them"


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Put back what `logs.configure_service` changes in this process."""
    hooks = sys.excepthook, threading.excepthook, warnings.showwarning
    unraisable, raising = sys.unraisablehook, logging.raiseExceptions
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    sys.excepthook, threading.excepthook, warnings.showwarning = hooks
    sys.unraisablehook, logging.raiseExceptions = unraisable, raising
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("uvicorn").setLevel(logging.NOTSET)
    logging.getLogger("alembic").setLevel(logging.NOTSET)


@pytest.mark.usefixtures("own_logging")
def test_what_nobody_caught_is_logged_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An exception at the top or in a thread, and a warning of a library."""
    logs.configure_service("json")

    def fail() -> None:
        raise ValueError(NAME)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    warnings.showwarning(UserWarning(NAME), UserWarning, "/lib/pandas/frame.py", 12)
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    lines = capsys.readouterr().err.splitlines()

    assert [json.loads(line)["event"] for line in lines] == [
        "ended by ValueError",
        "UserWarning at pandas/frame.py:12",
        "ended by ValueError",
    ]
    assert NAME not in "".join(lines)


class Careless:
    """Whose end nobody waits for."""

    def __del__(self) -> None:
        raise ValueError(NAME)


@pytest.mark.usefixtures("own_logging")
def test_what_python_itself_would_print_is_logged_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An exception where none can be raised, and a record that does not fit its text."""
    logs.configure_service("json")
    careless = Careless()
    del careless
    logging.getLogger("pandas").warning("%d rows", NAME)
    said = capsys.readouterr().err

    assert json.loads(said.splitlines()[0])["event"] == "ended by ValueError"
    assert NAME not in said


def test_text_is_for_people() -> None:
    """Moment, level, text, and then the rest."""
    record = make_record("fahrten", "planned %s", "2027-03-02")
    line = logs.formatter("text", stream=sys.stderr).format(record)

    assert line.endswith("Z error planned 2027-03-02")
