"""Offers over HTTP: what is told, held, promised, expired and overtaken."""

import pytest
from fastapi.testclient import TestClient

from scheduler.clock import clock
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

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("either_database")]


def test_an_offer_tells_when_the_bus_comes_and_what_it_costs(client: TestClient) -> None:
    """Half an hour in which to be ready, twice; there in time; and nobody else is moved yet."""
    offer = first(client, take(client))

    out, back = offer["trips"]
    assert (out["kind"], back["kind"]) == ("outbound", "return")
    for trip in (out, back):
        width = clock(trip["pickup_until"]) - clock(trip["pickup_from"])
        assert 0 < width <= 40 * 60  # 30 minutes, told in steps of five
        assert trip["pickup_from"] <= trip["planned_pickup"] <= trip["pickup_until"]
        assert trip["planned_arrival"] <= trip["arrive_latest"]
    assert out["arrive_latest"] <= "09:30" <= back["pickup_from"]
    assert (out["destination"], back["origin"]) == ("mvz", "mvz")
    assert offer["extra_driving_minutes"] > 0
    assert offer["minutes_aboard"] > 0
    assert offer["moved"] == []
    assert offer["expires"] == "2027-02-28T18:10:00Z"


def test_an_offer_that_costs_the_bus_much_is_marked(client: TestClient) -> None:
    """From 35 minutes more driving on, as the policy of Kalletal has it; it can be accepted."""
    near, far = (first(client, take(client, **changes)) for changes in ({}, FAR))

    assert near["extra_driving_minutes"] < 35 < far["extra_driving_minutes"]
    assert (near["call_back"], far["call_back"]) == (False, True)
    assert client.post(f"{V1}/offers/{far['id']}/accept").status_code == 200


def test_an_offer_alone_promises_nothing(client: TestClient) -> None:
    request = take(client)
    ask(client, request)

    assert read(client, request)["promise"] is None


def test_an_accepted_offer_is_promised_as_it_was_told(client: TestClient) -> None:
    """And a second try, because the answer was lost, changes nothing."""
    request = take(client)
    offer = first(client, request)

    promised, again = (client.post(f"{V1}/offers/{offer['id']}/accept").json() for _ in range(2))

    assert promised == again == read(client, request)
    assert promised["promise"]["state"] == "promised"
    assert promised["promise"]["trips"] == [
        {key: value for key, value in trip.items() if not key.startswith("planned")}
        for trip in offer["trips"]
    ]


def test_a_plan_of_the_day_keeps_what_was_promised(client: TestClient) -> None:
    """Others come along, and everybody is still fetched as told; also after planning twice."""
    promised = [accept(client, take(client, appointment=at)) for at in ("09:30", "10:15", "15:00")]
    for at in ("09:45", "10:30", "11:00", "15:15"):
        take(client, appointment=at, origin="Beispielstraße 2, Varenholz", name="Beispiel, Otto")

    for _ in range(2):
        plan = client.post(PLAN, json={"seconds": 2}).json()
        assert broken(plan, promised) == []
        assert plan["broken_promises"] == []
        assert (
            len({v["request"] for r in plan["routes"] for s in r["stops"] for v in s["visits"]}) > 3
        )
    assert client.get(PLAN).json()["broken_promises"] == []
    assert client.get(f"{V1}/days/2027-03-02/manifests").status_code == 200


def test_what_is_promised_after_planning_fits_beside_the_rest(client: TestClient) -> None:
    """The plan of the day becomes the one that later offers start from."""
    early = accept(client, take(client))
    client.post(PLAN, json={"seconds": 2})
    late = accept(client, take(client, appointment="10:00", **FAR))

    plan = client.post(PLAN, json={"seconds": 2}).json()

    assert broken(plan, [early, late]) == []


def test_an_overtaken_offer_is_409_with_what_can_be_offered_instead(client: TestClient) -> None:
    """Both were offered the whole bus; the first to accept gets it."""
    one, other = take(client, **GROUP), take(client, **GROUP, **FAR)
    mine, theirs = first(client, one), first(client, other)
    assert client.post(f"{V1}/offers/{mine['id']}/accept").status_code == 200

    for what in ("accept", "hold"):
        status, told = problem(client, f"offers/{theirs['id']}/{what}")

        assert (status, told["type"]) == (409, "urn:gesunde-fahrten:overtaken-offer")
        assert "Inzwischen ist anderes zugesagt" in told["detail"]
        assert told["offers"] == []
        assert "kein Platz" in told["message"]
    assert read(client, other)["promise"] is None


def test_an_expired_offer_is_410_with_fresh_ones(client: TestClient, now: Clock) -> None:
    request = take(client)
    offer = first(client, request)
    now.go_on(minutes=10)

    status, told = problem(client, f"offers/{offer['id']}/accept")

    assert (status, told["type"]) == (410, "urn:gesunde-fahrten:expired-offer")
    (fresh,) = told["offers"]
    assert fresh["trips"] == offer["trips"]
    assert client.post(f"{V1}/offers/{fresh['id']}/accept").status_code == 200


def test_a_hold_keeps_others_off_until_it_expires(client: TestClient, now: Clock) -> None:
    """Five minutes to ask the daughter."""
    one, other = take(client, **GROUP), take(client, **GROUP, **FAR)
    held = client.post(f"{V1}/offers/{first(client, one)['id']}/hold", json={"minutes": 5}).json()

    assert held["promise"]["state"] == "on_hold"
    assert held["promise"]["until"] == "2027-02-28T18:05:00Z"
    assert ask(client, other)["offers"] == []
    now.go_on(minutes=5)
    assert read(client, one)["promise"] is None
    assert len(ask(client, other)["offers"]) == 1


def test_a_held_offer_can_be_accepted_until_the_hold_ends(client: TestClient, now: Clock) -> None:
    """Longer than an offer is good for without a hold."""
    request = take(client)
    offer = first(client, request)
    client.post(f"{V1}/offers/{offer['id']}/hold", json={"minutes": 30})
    now.go_on(minutes=29)

    promised = client.post(f"{V1}/offers/{offer['id']}/accept").json()

    assert promised["promise"]["state"] == "promised"
    now.go_on(minutes=60)
    assert read(client, request)["promise"] == promised["promise"]


def test_a_promise_is_not_lost_for_a_hold(client: TestClient) -> None:
    """Another offer may be accepted instead, and takes its place."""
    request = take(client, appointment=None, arrive_from="08:00", arrive_until="11:30")
    before = accept(client, request)
    other = ask(client, request)["offers"][1]

    status, told = problem(client, f"offers/{other['id']}/hold")
    assert (status, told["type"]) == (409, "urn:gesunde-fahrten:already-promised")
    assert read(client, request) == before

    instead = client.post(f"{V1}/offers/{other['id']}/accept").json()
    assert instead["promise"]["trips"] != before["promise"]["trips"]
    assert broken(client.post(PLAN).json(), [instead]) == []


def test_without_an_offer_the_reason_is_told(client: TestClient) -> None:
    """The same reasons as on the page of the day."""
    told = ask(client, take(client, appointment="07:40", destination="Klinik Beispiel Lemgo"))

    assert told["offers"] == []
    assert "Zu dieser Zeit ist kein Dienst" in told["message"]


def test_that_nothing_fits_can_be_proven(client: TestClient) -> None:
    one, other = take(client, **GROUP), take(client, **GROUP, **FAR)
    accept(client, one)

    found, proven = ask(client, other), ask(client, other, prove_seconds=10)

    assert (found["offers"], found["proven"]) == ([], False)
    assert (proven["offers"], proven["proven"]) == ([], True)
    assert "bewiesen" in proven["message"]


@pytest.mark.parametrize(
    ("hour", "offers"),
    [(6, 1), (7, 0), (9, 0)],
)
def test_nobody_is_offered_a_bus_at_shorter_notice_than_the_policy_allows(
    client: TestClient, now: Clock, hour: int, offers: int
) -> None:
    """An hour; the bus to the appointment at 9:30 leaves before nine. Kalletal is an hour ahead."""
    request = take(client)
    now.now = now.now.replace(month=3, day=2, hour=hour, minute=45)

    told = ask(client, request)

    assert len(told["offers"]) == offers
    assert offers or "zu spät" in told["message"]


def test_free_appointments_are_ranked_by_what_they_cost(client: TestClient) -> None:
    """With the neighbour of the first passenger; a closed practice comes last, with the reason."""
    accept(client, take(client))
    request = take(client, appointment="11:30", name="Beispiel, Otto")
    slots = [
        {"place": "Klinik Beispiel Lemgo", "appointment": "11:00"},
        {"place": "mvz", "appointment": "03:00"},
        {"place": "MVZ Kalletal", "appointment": "09:30"},
        {"place": "MVZ Kalletal", "appointment": "11:00", "date": "2027-03-01"},
    ]

    answer = client.post(f"{V1}/requests/{request}/appointments", json={"slots": slots})

    assert answer.status_code == 200, answer.text
    ranked = answer.json()
    told = [(each["place"], each["date"], each["appointment"]) for each in ranked]
    assert told[0] == ("mvz", "2027-03-02", "09:30")
    assert set(told[1:3]) == {
        ("mvz", "2027-03-01", "11:00"),
        ("klinik-lemgo", "2027-03-02", "11:00"),
    }
    assert told[3] == ("mvz", "2027-03-02", "03:00")
    costs = [each["extra_driving_minutes"] for each in ranked]
    assert costs[:3] == sorted(costs[:3])
    assert costs[0] < 5  # next door, at the same time
    assert "geschlossen" in ranked[3]["message"]
    assert read(client, request)["promise"] is None


def test_an_appointment_at_no_known_place_is_refused(client: TestClient) -> None:
    slots = [{"place": "Zauberer von Oz", "appointment": "09:30"}]

    status, told = problem(client, f"requests/{take(client)}/appointments", slots=slots)

    assert (status, told["errors"][0]["field"]) == (422, "destination")


@pytest.mark.parametrize("offer", ["o99", "o2147483648", "o999999999999999999999", "r1", "o²", "o"])
def test_an_offer_that_is_not_there_is_404(client: TestClient, offer: str) -> None:
    for what in ("accept", "hold"):
        assert problem(client, f"offers/{offer}/{what}")[0] == 404


def test_requests_without_their_route_are_404(client: TestClient) -> None:
    assert problem(client, "requests/r99/offers")[0] == 404
    slots = [{"place": "mvz", "appointment": "09:30"}]
    assert problem(client, "requests/r99/appointments", slots=slots)[0] == 404
