"""A call of each route that does something, to be made once and made again."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from tests.builders_api import BODY, table
from tests.builders_calendars import calendar, event
from tests.builders_running import DAY, document

V1 = "/api/v1"

Asked = tuple[str, dict[str, Any]]


def post(client: TestClient, path: str, **sent: Any) -> Any:
    answer = client.post(path, **sent)
    assert answer.is_success, answer.text
    return answer.json()


def taken(client: TestClient) -> str:
    return str(post(client, f"{V1}/requests", json=BODY)["id"])


def offered(client: TestClient) -> list[str]:
    told = post(client, f"{V1}/requests/{taken(client)}/offers")
    return [each["id"] for each in told["offers"]]


def take_request(_: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/requests"
    return (path, {"json": BODY}), (path, {"json": {**BODY, "companions": 1}})


def take_file(_: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/requests/import"
    first, other = (
        {"files": {"file": ("a.csv", table({"termin": time}))}} for time in ("09:30", "10:30")
    )
    return (path, first), (path, other)


def ask_offers(client: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/requests/{taken(client)}/offers"
    return (path, {}), (path, {"json": {"prove_seconds": 1}})


def hold(client: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/offers/{offered(client)[0]}/hold"
    return (path, {"json": {"minutes": 5}}), (path, {"json": {"minutes": 6}})


def accept(client: TestClient) -> tuple[Asked, Asked]:
    first, other = offered(client)[0], offered(client)[0]
    return (f"{V1}/offers/{first}/accept", {}), (f"{V1}/offers/{other}/accept", {})


def rank(client: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/requests/{taken(client)}/appointments"
    first, other = (
        {"json": {"slots": [{"place": "MVZ Kalletal", "appointment": time}]}}
        for time in ("09:40", "10:20")
    )
    return (path, first), (path, other)


def rank_calendars(client: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/requests/{taken(client)}/appointments/import"
    files = {"file": ("mvz.ics", calendar(event()))}
    first, other = (
        {"files": files, "data": {"place": place}}
        for place in ("MVZ Kalletal", "Hausarztpraxis Langenholzhausen (Alte Schule)")
    )
    return (path, first), (path, other)


def plan(client: TestClient) -> tuple[Asked, Asked]:
    taken(client)
    return (f"{DAY}/plan", {"json": {"seconds": 1}}), (f"{DAY}/plan", {"json": {"seed": 1}})


def ask_solve(_: TestClient) -> tuple[Asked, Asked]:
    path = f"{DAY}/solves"
    return (path, {"json": {"seconds": 1}}), (path, {"json": {"seed": 1}})


def stop_solve(client: TestClient) -> tuple[Asked, Asked]:
    for day in ("2027-03-02", "2027-03-03"):
        post(client, f"{V1}/days/{day}/solves")
    return (f"{V1}/solves/s1/stop", {}), (f"{V1}/solves/s2/stop", {})


def happen(client: TestClient) -> tuple[Asked, Asked]:
    taken(client)
    post(client, f"{DAY}/plan", json={"seconds": 1})
    shift = document(client)["routes"][0]["shift"]
    first, other = (
        {"json": {"kind": "delayed", "at": "07:30", "shift": shift, "minutes": minutes}}
        for minutes in (5, 10)
    )
    return (f"{DAY}/events", first), (f"{DAY}/events", other)


def take_back(client: TestClient) -> tuple[Asked, Asked]:
    days = []
    for date in ("2027-03-02", "2027-03-03"):
        request = post(client, f"{V1}/requests", json={**BODY, "date": date})["id"]
        post(client, f"{V1}/days/{date}/plan", json={"seconds": 1})
        days.append(f"{V1}/days/{date}/events")
        told = {"kind": "cancelled", "request": request, "at": "06:00"}
        post(client, days[-1], json=told)
    first, other = ((f"{day}/take-back", {"json": {"version": 2}}) for day in days)
    return first, other


def publish(client: TestClient) -> tuple[Asked, Asked]:
    days = []
    for date in ("2027-03-02", "2027-03-03"):
        post(client, f"{V1}/requests", json={**BODY, "date": date})
        post(client, f"{V1}/days/{date}/plan", json={"seconds": 1})
        days.append(f"{V1}/days/{date}/publish")
    first, other = ((day, {"json": {"version": 1}}) for day in days)
    return first, other


def mark(client: TestClient) -> tuple[Asked, Asked]:
    request = taken(client)
    post(client, f"{DAY}/plan", json={"seconds": 1})
    at = "2027-02-28T18:00:00Z"
    first, other = (
        {"json": {"ticks": [{"request": request, "trip": trip, "mark": "aboard", "at": at} | key]}}
        for trip, key in (
            ("outbound", {"key": "outbound-of-the-first"}),
            ("return", {"key": "return-of-the-first"}),
        )
    )
    return (f"{DAY}/ticks", first), (f"{DAY}/ticks", other)


def take_batch(_: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/requests/batch"
    week = [BODY, {**BODY, "date": "2027-03-03"}]
    return (path, {"json": {"requests": week}}), (path, {"json": {"requests": week[1:]}})


def copy(client: TestClient) -> tuple[Asked, Asked]:
    path = f"{V1}/requests/{taken(client)}/copy"
    return (path, {"json": {"date": "2027-03-09"}}), (path, {"json": {"date": "2027-03-10"}})


def add_person(_: TestClient) -> tuple[Asked, Asked]:
    path, told = f"{V1}/people", {"name": "Beispiel, Erika"}
    return (path, {"json": told}), (path, {"json": {**told, "note": "hört schlecht"}})


def merge_people(client: TestClient) -> tuple[Asked, Asked]:
    for name in ("Beispiel, Erika", "Beispiel, E.", "Beispiel, Erika A."):
        post(client, f"{V1}/people", json={"name": name})
    path = f"{V1}/people/p1/merge"
    return (path, {"json": {"other": "p2"}}), (path, {"json": {"other": "p3"}})


def begin_series(_: TestClient) -> tuple[Asked, Asked]:
    path, told = f"{V1}/series", {**BODY, "weekdays": ["Tu"]}
    return (path, {"json": told}), (path, {"json": {**told, "every_weeks": 2}})


def about_a_date(what: str) -> Callable[[TestClient], tuple[Asked, Asked]]:
    """Two dates of a series, each skipped, driven all the same or changed."""

    def ask(client: TestClient) -> tuple[Asked, Asked]:
        post(client, f"{V1}/series", json={**BODY, "weekdays": ["Tu"]})
        path = f"{V1}/series/s1/{what}"
        first, other = ({"json": {"date": date}} for date in ("2027-03-09", "2027-03-16"))
        return (path, first), (path, other)

    return ask


# A call of each route, and one that differs from it.
CALLS: dict[str, Callable[[TestClient], tuple[Asked, Asked]]] = {
    "/api/v1/requests": take_request,
    "/api/v1/requests/import": take_file,
    "/api/v1/requests/{request}/offers": ask_offers,
    "/api/v1/requests/{request}/appointments": rank,
    "/api/v1/requests/{request}/appointments/import": rank_calendars,
    "/api/v1/offers/{offer}/hold": hold,
    "/api/v1/offers/{offer}/accept": accept,
    "/api/v1/days/{date}/plan": plan,
    "/api/v1/days/{date}/solves": ask_solve,
    "/api/v1/solves/{solve}/stop": stop_solve,
    "/api/v1/days/{date}/events": happen,
    "/api/v1/days/{date}/events/take-back": take_back,
    "/api/v1/days/{date}/publish": publish,
    "/api/v1/days/{date}/ticks": mark,
    "/api/v1/requests/batch": take_batch,
    "/api/v1/requests/{request}/copy": copy,
    "/api/v1/series": begin_series,
    "/api/v1/series/{series_id}/skip": about_a_date("skip"),
    "/api/v1/series/{series_id}/resume": about_a_date("resume"),
    "/api/v1/series/{series_id}/dates": about_a_date("dates"),
    "/api/v1/people": add_person,
    "/api/v1/people/{person}/merge": merge_people,
}


# What cannot be done twice: the second time, it is done already.
ONLY_ONCE = (accept, add_person, merge_people, take_back, begin_series)
