"""What became of the requests of a month: each way apart, over the API and as commands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.commands import outcomes
from api.operations import requests
from api.operations.office import Office
from api.settings import Settings, load_settings
from tests.builders_api import CELLS, NOW, make_office
from tests.builders_commands import Fahrten
from tests.builders_offers import PLAN, V1, Clock, accept, take
from tests.builders_visits import visit

pytestmark = pytest.mark.usefixtures("either_database")

NONE = dict.fromkeys(
    (
        *(
            "asked",
            "served",
            "ridden",
            "left_out",
            "denied",
            "gave_up",
            "cancelled",
            "cancelled_same_day",
        ),
        *("cancelled_late", "no_show", "unplanned", "unmet"),
    ),
    0,
)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def client(tmp_path: Path, now: Clock) -> Iterator[TestClient]:
    office = make_office(tmp_path, clock=now)
    with visit(office) as client:
        yield client


def figures(client: TestClient, month: str = "2027-03") -> dict[str, Any]:
    answer = client.get(f"{V1}/figures/{month}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert (told.pop("month"), told.pop("region")) == (month, "kalletal")
    return told


def test_every_way_in_which_requests_end_is_counted_apart(client: TestClient, now: Clock) -> None:
    """Three are cancelled on different moments, three for a reason, one has no room."""
    rides = take(client)
    too_many = take(client, companions=7, mobility="wheelchair")  # 8 seats beside a wheelchair
    early, same_day, late, denied, gave_up, no_show = (take(client) for _ in range(6))
    client.delete(f"{V1}/requests/{denied}", params={"because": "denied"})
    client.delete(f"{V1}/requests/{gave_up}", params={"because": "unmet"})
    client.delete(f"{V1}/requests/{early}")
    client.post(PLAN, json={"seconds": 2})
    take(client, name="Beispiel, Otto")  # after the plan
    now.now = now.now.replace(month=3, day=2, hour=7)  # 8:00 in Kalletal, to be there at 9:30
    client.delete(f"{V1}/requests/{same_day}")
    now.go_on(45)
    client.delete(f"{V1}/requests/{late}")
    client.delete(f"{V1}/requests/{no_show}", params={"because": "no_show"})

    told = figures(client)

    assert told == {
        **dict.fromkeys(NONE, 1),
        "asked": 9,
        "ridden": 0,
        "unmet": 2,
    }
    assert sum(told.values()) - told["asked"] - told["unmet"] == told["asked"]
    plan = client.get(PLAN).json()
    assert [each["request"] for each in plan["unserved"]] == [too_many]
    assert rides in str(plan["routes"])


def test_other_months_and_other_regions_are_others(client: TestClient) -> None:
    """A month is that of the ride, from the first day to the last."""
    take(client, date="2027-03-01")
    take(client, date="2027-03-31")
    take(client, date="2027-04-01")

    counted = [figures(client, month)["asked"] for month in ("2027-02", "2027-03", "2027-04")]
    assert counted == [0, 2, 1]
    assert figures(client, "2027-12") == NONE


def test_who_was_promised_something_is_not_served_before_there_is_a_plan(
    client: TestClient,
) -> None:
    accept(client, take(client))

    assert figures(client) == {**NONE, "asked": 1, "unplanned": 1}


@pytest.mark.parametrize("month", ["2027-13", "2027", "1027-03", "März", "2027-3"])
def test_what_is_no_month_is_refused(client: TestClient, month: str) -> None:
    assert client.get(f"{V1}/figures/{month}").status_code == 422


@pytest.fixture
def request_ids(fahrten: Fahrten, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Four requests, two days before the ride."""
    monkeypatch.setattr(outcomes, "Office", office_then)
    office = office_then(load_settings())
    taken = [requests.take(office, office.region(), CELLS).id for _ in range(4)]
    office.close()
    return taken


def office_then(settings: Settings) -> Office:
    return Office(settings, clock=lambda: NOW)


def test_the_commands_cancel_and_count(fahrten: Fahrten, request_ids: list[str]) -> None:
    """In German, and without names; cancelled twice, the first word counts."""
    plain, denied, unmet, no_show = request_ids

    told = [
        fahrten("cancel", plain).out,
        fahrten("cancel", denied, "--denied").out,
        fahrten("cancel", unmet, "--unmet").out,
        fahrten("cancel", no_show, "--no-show").out,
        fahrten("cancel", plain, "--denied").out,
    ]

    assert [text.strip() for text in told] == [
        f"{plain} fährt nicht mit: rechtzeitig abgesagt.",
        f"{denied} fährt nicht mit: abgelehnt.",
        f"{unmet} fährt nicht mit: nichts gefunden, verzichtet.",
        f"{no_show} fährt nicht mit: nicht angetroffen.",
        f"{plain} fährt nicht mit: rechtzeitig abgesagt.",
    ]
    table = fahrten("figures", "--month", "03.2027")
    assert "März 2027" in table.out
    rows = dict(re.findall(r"│ (\S.*?) +│ +(\d+) │", table.out))
    assert rows["Fahrtwünsche"] == "4"
    assert [rows[name] for name in ("abgelehnt", "nicht angetroffen", "zu spät abgesagt")] == [
        *("1", "1", "0")
    ]
    assert "Erika" not in table.out
    assert fahrten("figures", "--month", "2027-03", "--json").document["gave_up"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["cancel", "r99"], 4),
        (["cancel", "r1", "--denied", "--unmet"], 2),
        (["figures", "--month", "2027-13"], 2),
        (["figures", "--month", "gestern"], 2),
        (["figures"], 2),
    ],
)
def test_slips_of_the_finger_count_nothing(
    fahrten: Fahrten, request_ids: list[str], arguments: list[str], code: int
) -> None:
    assert fahrten(*arguments).code == code
