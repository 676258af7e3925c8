"""The service as a whole: health, search, one shape of errors, a complete description."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.operations.office import Office
from api.settings import Settings
from tests.builders_api import BODY, make_office
from tests.builders_visits import visit

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    with visit(office, raise_server_exceptions=False) as client:
        yield client


def operations(client: TestClient) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_a_healthy_service_says_so(client: TestClient) -> None:
    """Database and region, with the version of the program."""
    answer = client.get("/api/v1/health")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert "kalletal" in answer.json()["regions"]


def test_a_service_without_its_region_is_unfit(tmp_path: Path) -> None:
    """503, so that whoever watches it notices."""
    settings = Settings(folder=tmp_path, region="atlantis")
    with visit(settings) as client:
        answer = client.get("/api/v1/health")

    assert answer.status_code == 503
    assert (answer.json()["region"], answer.json()["database"]) == ("failing", "ok")


def test_a_service_without_its_database_is_unfit(tmp_path: Path) -> None:
    """A folder stands where the file should be."""
    (tmp_path / "fahrten.sqlite3").mkdir()
    with visit(Settings(folder=tmp_path)) as client:
        answer = client.get("/api/v1/health")

    assert answer.status_code == 503
    assert (answer.json()["region"], answer.json()["database"]) == ("ok", "failing")


@pytest.mark.parametrize("text", ["MVZ", "mvz kalletal", "Roter Lith"])
def test_places_are_found_by_name_and_street(client: TestClient, text: str) -> None:
    """The likeliest first."""
    found = client.get("/api/v1/places", params={"q": text}).json()

    assert found[0]["id"] == "mvz"
    assert "Mo" in found[0]["opening_hours"]


def test_places_are_listed_by_kind(client: TestClient) -> None:
    """Without a text all of them, in alphabetical order."""
    found = client.get("/api/v1/places", params={"kind": "pharmacy"}).json()

    assert len(found) == 3
    assert [each["name"] for each in found] == sorted(each["name"] for each in found)
    assert {each["kind"] for each in found} == {"pharmacy"}


def test_addresses_are_found_in_spite_of_typing_errors(client: TestClient) -> None:
    """As somebody types on the phone."""
    found = client.get("/api/v1/addresses", params={"q": "beispilstr 3 talle"}).json()

    assert found[0]["label"].startswith("Beispielstraße 3")
    assert "Talle" in found[0]["label"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("PATCH", "/api/v1/requests", 405),
        ("GET", "/api/v1/requests", 422),
        ("GET", "/api/v1/requests?date=morgen", 422),
        ("GET", "/api/v1/days/morgen/plan", 422),
        ("GET", "/api/v1/days/2027-03-02/plan", 404),
        ("GET", "/api/v1/days/2027-03-02/manifests", 404),
        ("GET", "/api/v1/days/2027-03-02/manifests/vormittag", 404),
        ("GET", "/api/v1/places?kind=disco", 422),
        ("GET", "/api/v1/places?region=atlantis", 404),
        ("GET", "/api/v1/addresses", 422),
        ("POST", "/api/v1/requests/import", 422),
        ("POST", "/api/v1/requests", 422),
    ],
)
def test_every_error_has_one_shape(client: TestClient, method: str, path: str, status: int) -> None:
    """RFC 9457, with an English title for programs and a German detail for people."""
    answer = client.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() == {
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "request_id",
        "errors",
    }
    assert problem["status"] == status
    assert problem["instance"] == path.split("?", maxsplit=1)[0]
    assert problem["type"].startswith("urn:gesunde-fahrten:")


def test_broken_json_has_the_same_shape(client: TestClient) -> None:
    """Also what is not even a document."""
    answer = client.post(
        "/api/v1/requests", content=b"{", headers={"content-type": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:gesunde-fahrten:invalid-input"


def test_a_fault_of_the_program_tells_strangers_nothing(
    client: TestClient, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """The table is gone: neither answer nor log repeats what was sent."""
    with office.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE imported")
        connection.exec_driver_sql("DROP TABLE notes")
        connection.exec_driver_sql("DROP TABLE requests")

    with caplog.at_level(logging.DEBUG):
        answer = client.post("/api/v1/requests", json=BODY)

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    for text in (answer.text, caplog.text):
        assert "Beispiel" not in text
        assert "Talle" not in text
    assert "failed" in caplog.text


def test_logs_count_and_do_not_name(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """Today's log can be shown to a stranger."""
    with caplog.at_level(logging.DEBUG, logger="fahrten"):
        created = client.post("/api/v1/requests", json=BODY).json()
        client.put(f"/api/v1/requests/{created['id']}", json=BODY)
        client.delete(f"/api/v1/requests/{created['id']}")

    told = [record.getMessage() for record in caplog.records if record.name == "fahrten"]
    assert told == [
        "took request r1 for 2027-03-02",
        "changed request r1 for 2027-03-02",
        "cancelled request r1",
    ]


def test_every_error_of_a_route_is_in_its_description(client: TestClient) -> None:
    """Each with the problem document, none with FastAPI's own."""
    for path, method, operation in operations(client):
        assert operation["summary"], (path, method)
        for status, response in operation["responses"].items():
            if int(status) >= 400 and int(status) != 503:
                assert list(response["content"]) == ["application/problem+json"], (path, status)
    text = client.get("/api/v1/openapi.json").text
    assert "HTTPValidationError" not in text


def test_every_document_of_the_description_has_an_example(client: TestClient) -> None:
    """A body, a parameter: each shows what it looks like."""
    description = client.get("/api/v1/openapi.json").json()

    schemas = description["components"]["schemas"]
    for name in ("RequestBody", "RequestView", "PlanBody", "Problem"):
        assert schemas[name]["examples"], name
    for path, _, operation in operations(client):
        for parameter in operation.get("parameters", []):
            if parameter["required"]:
                schema = parameter["schema"]
                assert (
                    "examples" in parameter
                    or "examples" in schema
                    or parameter["name"] == "request"
                ), (path, parameter["name"])


def test_every_reference_of_the_description_leads_somewhere(client: TestClient) -> None:
    """Programs that are generated from it compile."""
    description = client.get("/api/v1/openapi.json").json()
    schemas = description["components"]["schemas"]

    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(reference := node.get("$ref"), str):
                yield reference
            for value in node.values():
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    for reference in walk(description):
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_every_route_is_in_the_handbook(client: TestClient) -> None:
    """docs/api.md names each method and path."""
    handbook = (DOCS / "api.md").read_text(encoding="utf-8")

    for path, method, _ in operations(client):
        assert f"`{method.upper()} {path}`" in handbook


def test_every_setting_is_in_the_handbook() -> None:
    """docs/operations.md names each variable with its default."""
    handbook = (DOCS / "operations.md").read_text(encoding="utf-8")

    for name in Settings.model_fields:
        assert f"`FAHRTEN_{name.upper()}`" in handbook
