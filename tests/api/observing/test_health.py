"""Whether it lives, whether it can work, and how busy it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from api.observing import metrics
from api.operations.office import Office
from api.operations.warming import Warming
from api.settings import Settings
from tests.builders_api import BODY, make_office
from tests.builders_visits import visit

V1 = "/api/v1"
DAY = "2027-03-02"
PARTS = ("database", "region", "kernels")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    office = make_office(tmp_path)
    with visit(office) as client:
        yield client


def figure(name: str, **labels: str) -> float:
    """A figure as it stands now; 0 before it was counted the first time."""
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_process_lives_even_if_nothing_works(tmp_path: Path) -> None:
    """No database, no region: it still answers, and need not be killed for it."""
    settings = Settings(folder=tmp_path, region="atlantis", database="sqlite:////proc/no/such")
    office = Office(settings)
    with visit(office) as client:
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "store" not in vars(office)


def test_a_service_is_ready_when_all_its_parts_are(client: TestClient) -> None:
    """The optimizer need not be compiled yet, only be there."""
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert [answer.json()[part] for part in PARTS] == ["ok", "ok", "cold"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"region": "atlantis"}, ["ok", "failing", "cold"]),
        ({"database": "sqlite:////proc/no/such"}, ["failing", "ok", "cold"]),
        ({"database": "rubbish"}, ["failing", "ok", "cold"]),
        ({"database": "postgresql://nobody@127.0.0.1:1/none"}, ["failing", "ok", "cold"]),
    ],
)
def test_a_service_says_which_part_fails(
    tmp_path: Path, settings: dict[str, str], expected: list[str]
) -> None:
    """503, and nothing about why: that stands in the log."""
    settings = {"folder": str(tmp_path), **settings}
    with visit(Settings.model_validate(settings)) as client:
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert [answer.json()[part] for part in PARTS] == expected


def test_an_old_schema_is_not_ready(tmp_path: Path) -> None:
    """Somebody took it back while the service runs."""
    office = make_office(tmp_path)
    with visit(office) as client:
        office.store.downgrade("0001")
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "failing")


@pytest.fixture
def both(tmp_path: Path, either_database: None) -> Iterator[TestClient]:
    office = make_office(tmp_path)
    with visit(office) as client:
        yield client


def readiness(client: TestClient) -> tuple[int, str]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["database"]


@pytest.mark.both_databases
def test_a_database_that_takes_nothing_any_more_is_not_ready(
    both: TestClient, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, or the server has become a standby: nobody can book."""
    office: Office = both.app.state.office  # type: ignore[attr-defined]  # it is a FastAPI
    assert readiness(both) == (200, "ok")
    if backend == "sqlite":
        full = SimpleNamespace(free=1_000_000)
        monkeypatch.setattr("data.connecting.shutil.disk_usage", lambda _: full)
    else:
        with office.store.engine.begin() as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            )
        office.store.close()

    assert readiness(both) == (503, "failing")
    if backend == "postgresql":
        with office.store.engine.begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
        office.store.close()


def test_a_database_that_is_gone_is_not_ready(client: TestClient, tmp_path: Path) -> None:
    """Somebody has deleted the file, to which the service still writes; it is not made anew."""
    assert readiness(client) == (200, "ok")
    (tmp_path / "fahrten.sqlite3").unlink()

    assert readiness(client) == (503, "failing")
    assert not (tmp_path / "fahrten.sqlite3").exists()


def test_a_busy_database_is_ready(both: TestClient) -> None:
    """Whoever asks does not wait for whoever writes."""
    office: Office = both.app.state.office  # type: ignore[attr-defined]  # it is a FastAPI
    assert readiness(both) == (200, "ok")
    with office.store.writing() as session:
        session.execute(text("SELECT 1"))
        with ThreadPoolExecutor(1) as somebody:
            assert somebody.submit(readiness, both).result(timeout=600) == (200, "ok")


def test_the_optimizer_is_ready_after_its_warm_up(client: TestClient) -> None:
    """As `fahrten serve` does in a thread of its own."""
    warming = Warming()
    warming.run()

    assert warming.state == "ok"


def test_without_the_optimizer_nothing_is_ready(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot be compiled here: no compiler, no place for what it makes."""

    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("scheduler.optimizer.warm_up", broken)
    office = client.app.state.office  # type: ignore[attr-defined]  # it is a FastAPI
    office.warming.run()
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["kernels"]) == (503, "failing")


def test_figures_can_be_read_by_prometheus(client: TestClient) -> None:
    """Every family with its help, and the build."""
    client.get("/nowhere")
    answer = client.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert all(family.documentation for family in families.values())
    (build,) = families["fahrten_build_info"].samples
    assert build.labels["version"]
    assert "process_resident_memory_bytes" in families


def test_requests_are_counted_by_template(client: TestClient) -> None:
    """Two requests of two people are one series; what there is not, is one as well."""
    labels = {"method": "GET", "route": "/api/v1/requests/{request}", "status": "404"}
    nowhere = {"method": "GET", "route": "(none)", "status": "404"}
    before = figure("fahrten_http_requests_total", **labels)
    before_nowhere = figure("fahrten_http_requests_total", **nowhere)

    for path in ("r71", "r72"):
        client.get(f"{V1}/requests/{path}")
    for path in ("/a", "/b", "/c"):
        client.get(path)

    assert figure("fahrten_http_requests_total", **labels) - before == 2
    assert figure("fahrten_http_requests_total", **nowhere) - before_nowhere == 3
    assert b"r71" not in metrics.exposition()


def test_a_day_leaves_its_figures(client: TestClient) -> None:
    """Offered, accepted, planned, and something happened."""
    names = {
        "found": ("fahrten_offers_total", {"result": "found"}),
        "accepted": ("fahrten_offers_total", {"result": "accepted"}),
        "taken": ("fahrten_offer_seconds_count", {"step": "take"}),
        "proven": ("fahrten_solve_seconds_count", {"proven": "yes"}),
        "gaps": ("fahrten_solve_gap_ratio_count", {}),
        "kept": ("fahrten_plans_kept_total", {}),
        "delayed": ("fahrten_events_replanned_total", {"kind": "delayed"}),
        "events": ("fahrten_event_seconds_count", {}),
    }
    before = {key: figure(name, **labels) for key, (name, labels) in names.items()}

    request = client.post(f"{V1}/requests", json=BODY).json()["id"]
    offers = client.post(f"{V1}/requests/{request}/offers").json()["offers"]
    assert client.post(f"{V1}/offers/{offers[0]['id']}/accept").status_code == 200
    planned = client.post(f"{V1}/days/{DAY}/plan", json={}).json()
    shift = planned["routes"][0]["shift"]
    event = {"kind": "delayed", "at": "08:00", "shift": shift, "minutes": 20}
    happened = client.post(f"{V1}/days/{DAY}/events", json=event)
    assert happened.status_code == 201, happened.text

    after = {key: figure(name, **labels) for key, (name, labels) in names.items()}
    assert {key: after[key] - before[key] for key in names} == dict.fromkeys(names, 1)
