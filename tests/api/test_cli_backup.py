"""`fahrten backup` while a service runs and people type, and `fahrten restore` after it."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.builders_api import BODY
from tests.builders_commands import Fahrten
from tests.builders_serving import Served, next_service_day, serving

V1 = "/api/v1"
BACKUPS = 3


def write_all_the_time(served: Served, stopped: threading.Event) -> list[str]:
    """Take requests; those that were acknowledged, in this order."""
    body = {**BODY, "date": next_service_day().isoformat()}
    taken: list[str] = []
    with served.client() as client:
        while not stopped.is_set():
            answer = client.post(f"{V1}/requests", json=body)
            assert answer.status_code == 201
            taken.append(answer.json()["id"])
    return taken


def requests_in(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT id FROM requests ORDER BY id").fetchall()
    connection.close()
    return [f"r{number}" for (number,) in rows]


def test_a_working_service_is_backed_up_and_restored(tmp_path: Path, fahrten: Fahrten) -> None:
    """Each backup has everything that was acknowledged before it began, and has no gap."""
    folder = tmp_path / "var"  # where the command looks as well
    stopped = threading.Event()
    with serving(folder) as served, ThreadPoolExecutor(1) as pool:
        typing = pool.submit(write_all_the_time, served, stopped)
        before = []
        for number in range(BACKUPS):
            with served.client() as client:
                body = {**BODY, "date": next_service_day().isoformat()}
                before.append(client.post(f"{V1}/requests", json=body).json()["id"])
            run = fahrten("backup", tmp_path / f"{number}.sicherung")
            assert run.code == 0, run.err
            assert "Zur Probe wiederhergestellt: vollständig." in run.out
        refused = fahrten("restore", tmp_path / "0.sicherung", "--replace")
        stopped.set()
        acknowledged = typing.result()
        assert served.end() == 0

    assert refused.code != 0
    assert "wird gerade benutzt" in refused.err
    everything = requests_in(folder / "fahrten.sqlite3")
    assert set(acknowledged) | set(before) == set(everything)
    for number, last in enumerate(before):
        run = fahrten("restore", tmp_path / f"{number}.sicherung", "--replace")
        assert run.code == 0, run.err
        found = requests_in(folder / "fahrten.sqlite3")
        assert last in found
        assert found == everything[: len(found)]


def test_a_restored_installation_works_on(tmp_path: Path, fahrten: Fahrten) -> None:
    """On a new machine: restore, bring the key, serve, read, write."""
    with serving(tmp_path / "old") as served, served.client() as client:
        body = {**BODY, "date": next_service_day().isoformat()}
        assert client.post(f"{V1}/requests", json=body).status_code == 201
        served.end()
    (tmp_path / "var").mkdir()
    (tmp_path / "old.key").rename(tmp_path / "var.key")
    (tmp_path / "old" / "fahrten.sqlite3").rename(tmp_path / "var" / "fahrten.sqlite3")
    assert fahrten("backup", tmp_path / "sicherung").code == 0
    (tmp_path / "var" / "fahrten.sqlite3").unlink()
    run = fahrten("restore", tmp_path / "sicherung")

    assert run.code == 0, run.err
    assert "aufbewahrt" not in run.out
    with serving(tmp_path / "var") as served, served.client() as client:
        assert client.get(f"{V1}/requests/r1").json()["name"] == BODY["name"]
        assert client.post(f"{V1}/requests", json=body).json()["id"] == "r2"


def test_what_is_no_backup_is_told_in_one_line(tmp_path: Path, fahrten: Fahrten) -> None:
    """A spreadsheet, or nothing at all."""
    (tmp_path / "tabelle.csv").write_text("Name;Telefon\n")
    for name, said in (("tabelle.csv", "ist keine Sicherung"), ("nichts", "ist nicht zu lesen")):
        run = fahrten("restore", tmp_path / name)

        assert run.code != 0
        assert said in run.err
        assert len(run.err.splitlines()) == 1
