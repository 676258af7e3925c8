"""Rides that come every week: made ahead, left out or shifted, changed, skipped, ended."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.errors import ErasureRefusedError
from api.operations import forgetting, privacy, reviving
from api.operations.nights import Nights
from api.operations.office import Office
from api.operations.series_making import make_everywhere
from data.tables import Home, KeptSeries, Person, SeriesDate
from tests.builders_api import BODY, make_office
from tests.builders_commands import Fahrten
from tests.builders_offers import Clock, accept

pytestmark = pytest.mark.usefixtures("either_database")

V1 = "/api/v1"
SERIES = f"{V1}/series"
# Tuesdays from 2 March on; today is Sunday, 28 February, and 28 days ahead is 28 March.
WEEKLY = {**BODY, "weekdays": ["Tu"]}
TUESDAYS = ["2027-03-02", "2027-03-09", "2027-03-16", "2027-03-23"]


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Office:
    return make_office(tmp_path, clock=now)


def begin(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post(SERIES, json={**WEEKLY, **changes})
    assert answer.status_code == 201, answer.text
    done: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"{SERIES}/{done['series']['id']}"
    return done


def read(client: TestClient, name: str = "s1") -> dict[str, Any]:
    answer = client.get(f"{SERIES}/{name}")
    assert answer.status_code == 200, answer.text
    series: dict[str, Any] = answer.json()
    return series


def rides(client: TestClient, *dates: str) -> list[tuple[str, str]]:
    """Date and time of the requests of some dates."""
    return [
        (each["date"], each["appointment"])
        for date in dates
        for each in client.get(f"{V1}/requests", params={"date": date}).json()
    ]


def fates(series: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(each["date"], each["fate"], each["on"]) for each in series["dates"]]


def test_a_series_makes_its_requests_as_far_ahead_as_people_may_book(
    client: TestClient, office: Office, now: Clock
) -> None:
    """Four Tuesdays within 28 days; a week later one more, and not twice."""
    done = begin(client)

    assert done["made"] == ["r1", "r2", "r3", "r4"]
    assert fates(done["series"]) == [(date, "made", date) for date in TUESDAYS]
    assert rides(client, *TUESDAYS, "2027-03-30") == [(date, "09:30") for date in TUESDAYS]
    told = client.get(f"{V1}/requests/r1").json()
    assert (told["name"], told["version"], told["promise"]) == ("Beispiel, Erika", 1, None)
    assert make_everywhere(office) == 0
    now.go_on(7 * 24 * 60)
    assert make_everywhere(office) == 1
    assert rides(client, "2027-03-30") == [("2027-03-30", "09:30")]


def test_a_series_reads_as_it_was_told(client: TestClient) -> None:
    """With its note, and every second week; listed by person."""
    told = {
        **WEEKLY,
        "weekdays": ["Tu", "Fr"],
        "every_weeks": 2,
        "last": "2027-06-30",
        "on_closed": "day_before",
        "note": "Hund im Hof",
        "mobility": "wheelchair",
        "companions": 1,
        "pharmacy": "any",
    }
    done = begin(client, **{name: told[name] for name in told})
    other = begin(client, name="Beispiel, Otto")

    series = read(client)
    assert {name: series[name] for name in told} == told
    assert done["series"] == series
    assert [date for date, *_ in fates(series)] == [
        "2027-03-02",
        "2027-03-05",
        "2027-03-16",
        "2027-03-19",
    ]
    assert client.get(f"{V1}/requests/r1").json()["note"] == "Hund im Hof"
    listed = client.get(SERIES).json()
    assert [each["id"] for each in listed] == ["s1", other["series"]["id"]]
    assert client.get(SERIES, params={"person": "p2"}).json() == [listed[1]]
    assert client.get(f"{SERIES}/s9").status_code == 404


# Whit Monday is 17 May 2027, Corpus Christi Thursday, 27 May.
@pytest.mark.parametrize(
    ("weekday", "date", "on_closed", "on"),
    [
        ("Mo", "2027-05-17", "leave_out", None),
        # The days before are a weekend and a Friday.
        ("Mo", "2027-05-17", "day_before", "2027-05-14"),
        ("Mo", "2027-05-17", "day_after", "2027-05-18"),
        ("Th", "2027-05-27", "day_before", "2027-05-26"),
        ("Th", "2027-05-27", "day_after", "2027-05-28"),
    ],
)
def test_a_holiday_is_left_out_or_shifted_as_somebody_chose(
    client: TestClient, now: Clock, weekday: str, date: str, on_closed: str, on: str | None
) -> None:
    """And it is said which, and why."""
    now.now = dt.datetime(2027, 5, 10, 8, 0, tzinfo=dt.UTC)
    first = (dt.date.fromisoformat(date) - dt.timedelta(days=3)).isoformat()
    done = begin(client, date=first, weekdays=[weekday], on_closed=on_closed, appointment="09:30")

    here = next(each for each in done["series"]["dates"] if each["date"] == date)

    assert (here["on"], here["fate"]) == (on, "made" if on else "left_out")
    assert "Feiertag" in here["reason"]
    assert ("Verlegt auf" in here["reason"]) == (on is not None)
    if on:
        assert (on, "09:30") in rides(client, on)
    assert rides(client, date) == []


def test_a_practice_that_is_closed_on_one_weekday_leaves_that_one_out(
    client: TestClient,
) -> None:
    """Tuesdays are driven, Saturdays are not; on Saturdays alone there is no series."""
    done = begin(client, weekdays=["Tu", "Sa"])

    closed = [each for each in done["series"]["dates"] if each["fate"] == "left_out"]
    assert [each["date"] for each in closed][:1] == ["2027-03-06"]
    assert "Samstag" in closed[0]["reason"]
    refused = client.post(SERIES, json={**WEEKLY, "weekdays": ["Sa"]})
    assert (refused.status_code, "Samstag" in refused.text) == (422, True)
    never = client.post(SERIES, json={**WEEKLY, "appointment": "23:30"})
    assert [each["field"] for each in never.json()["errors"]] == ["appointment"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origin": "Nirgendwo 3, Talle"}, "origin"),
        ({"last": "2027-03-01"}, "last"),
        ({"date": "2027-02-01", "last": "2027-02-20"}, "last"),
        ({"date": "2027-03-03", "last": "2027-03-08"}, "last"),
        ({"appointment": None}, "appointment"),
    ],
)
def test_what_is_no_series_is_refused(
    client: TestClient, changes: dict[str, Any], field: str
) -> None:
    """Nothing of it is kept."""
    answer = client.post(SERIES, json={**WEEKLY, **changes})

    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.json()["errors"]]
    assert client.get(SERIES, params={"ended": True}).json() == []


def test_what_was_asked_for_by_hand_is_not_made_twice(client: TestClient) -> None:
    """The ride of next week is there already; the series leaves it alone."""
    client.post(f"{V1}/requests", json={**BODY, "date": "2027-03-09"})

    done = begin(client)

    assert rides(client, "2027-03-09") == [("2027-03-09", "09:30")]
    by_hand = [each["date"] for each in done["series"]["dates"] if each["by_hand"]]
    assert by_hand == ["2027-03-09"]


@pytest.mark.parametrize(
    "changes", [{}, {"weekdays": ["Tu", "Th"], "every_weeks": 2, "note": "anders"}]
)
def test_the_same_ride_is_no_second_series(client: TestClient, changes: dict[str, Any]) -> None:
    """On a day that both have, one bus would come for two; nothing of it is kept."""
    begin(client)

    answer = client.post(SERIES, json={**WEEKLY, **changes})

    assert answer.status_code == 422
    assert [each["message"] for each in answer.json()["errors"]] == [
        "Diese Fahrt kommt an diesen Tagen schon: Serie s1."
    ]
    assert len(client.get(SERIES).json()) == 1
    begin(client, weekdays=["Th"])
    begin(client, appointment="15:00")


def test_a_change_is_followed_by_what_nobody_has_touched(client: TestClient) -> None:
    """One was changed by hand, one cancelled, one promised: that promise is taken back."""
    begin(client)
    accept(client, "r1")
    client.put(f"{V1}/requests/r2", json={**BODY, "date": "2027-03-09", "appointment": "11:00"})
    client.delete(f"{V1}/requests/r3")

    answer = client.put(
        f"{SERIES}/s1", json={**WEEKLY, "appointment": "10:15"}, headers={"If-Match": '"1"'}
    )

    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["changed"], done["kept"], done["made"]) == (["r1", "r4"], ["r2"], [])
    assert [each["request"] for each in done["released"]] == ["r1"]
    assert done["released"][0]["promise"]["trips"][0]["pickup_from"] < "09:30"
    assert rides(client, *TUESDAYS) == [
        ("2027-03-02", "10:15"),
        ("2027-03-09", "11:00"),
        ("2027-03-23", "10:15"),
    ]
    assert client.get(f"{V1}/requests/r1").json()["promise"] is None
    assert answer.headers["ETag"] == '"2"'


def test_another_note_or_phone_takes_no_promise_back(client: TestClient) -> None:
    """The bus goes the same way."""
    begin(client)
    accept(client, "r1")

    done = client.put(f"{SERIES}/s1", json={**WEEKLY, "note": "klingeln"}).json()

    assert (done["released"], done["changed"]) == ([], ["r1", "r2", "r3", "r4"])
    told = client.get(f"{V1}/requests/r1").json()
    assert (told["note"], told["promise"]["state"]) == ("klingeln", "promised")


def test_other_weekdays_cancel_the_old_and_make_the_new(client: TestClient) -> None:
    """From Tuesdays to Wednesdays."""
    begin(client)

    done = client.put(f"{SERIES}/s1", json={**WEEKLY, "weekdays": ["We"]}).json()

    assert done["cancelled"] == ["r1", "r2", "r3", "r4"]
    assert len(done["made"]) == 4
    assert rides(client, *TUESDAYS) == []
    wednesdays = ["2027-03-03", "2027-03-10", "2027-03-17", "2027-03-24"]
    assert [date for date, *_ in fates(done["series"])] == wednesdays
    assert client.get(f"{V1}/requests/r1").json()["outcome"] == "cancelled"


def test_whoever_changes_another_version_changes_nothing(client: TestClient) -> None:
    """Two at one series: the second gets it as it stands."""
    begin(client)
    tag = {"If-Match": '"1"'}
    client.put(f"{SERIES}/s1", json={**WEEKLY, "appointment": "10:15"}, headers=tag)

    answer = client.put(f"{SERIES}/s1", json={**WEEKLY, "appointment": "11:00"}, headers=tag)

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gesunde-fahrten:edited-meanwhile"
    assert answer.json()["stored"] == read(client)
    assert read(client)["appointment"] == "10:15"
    assert client.put(f"{SERIES}/s9", json=WEEKLY).status_code == 404


def test_a_skipped_date_is_cancelled_and_stays_so(
    client: TestClient, office: Office, now: Clock
) -> None:
    """Made or not yet; until somebody wants to ride all the same."""
    begin(client)
    accept(client, "r1")
    first = client.post(f"{SERIES}/s1/skip", json={"date": "2027-03-02"}).json()
    later = client.post(f"{SERIES}/s1/skip", json={"date": "2027-03-30"}).json()
    now.go_on(7 * 24 * 60)
    assert make_everywhere(office) == 0

    assert (first["cancelled"], [each["request"] for each in first["released"]]) == (
        ["r1"],
        ["r1"],
    )
    assert ("2027-03-30", "skipped", None) in fates(later["series"])
    resumed = client.post(f"{SERIES}/s1/resume", json={"date": "2027-03-30"}).json()
    assert len(resumed["made"]) == 1
    assert rides(client, "2027-03-30") == [("2027-03-30", "09:30")]
    past = client.post(f"{SERIES}/s1/resume", json={"date": "2027-03-02"})
    no_date = client.post(f"{SERIES}/s1/skip", json={"date": "2027-03-24"})
    assert (past.status_code, no_date.status_code) == (404, 404)


def test_a_cancellation_that_is_taken_back_counts_for_the_series_as_well(
    client: TestClient, office: Office
) -> None:
    """The date was skipped by mistake, and its request is open again."""
    begin(client)
    before = fates(read(client))
    skipped = client.post(f"{SERIES}/s1/skip", json={"date": "2027-03-02"}).json()
    assert fates(skipped["series"]) != before

    reviving.revive(office, office.region(), "r1")

    assert fates(read(client)) == before
    assert make_everywhere(office) == 0


def test_one_date_is_changed_and_left_alone_then(client: TestClient) -> None:
    """On another day or at another time; made early if it is not there yet."""
    begin(client)
    near = client.post(
        f"{SERIES}/s1/dates",
        json={"date": "2027-03-09", "to": "2027-03-10", "appointment": "10:15"},
    ).json()
    far = client.post(
        f"{SERIES}/s1/dates", json={"date": "2027-04-06", "appointment": "11:00"}
    ).json()
    refused = client.post(f"{SERIES}/s1/dates", json={"date": "2027-03-16", "to": "2027-03-20"})
    client.put(f"{SERIES}/s1", json={**WEEKLY, "appointment": "08:30"})

    assert (near["changed"], far["made"]) == (["r2"], ["r5"])
    assert ("2027-03-09", "made", "2027-03-10") in fates(near["series"])
    assert (refused.status_code, "Samstag" in refused.text) == (422, True)
    assert rides(client, "2027-03-10", "2027-04-06") == [
        ("2027-03-10", "10:15"),
        ("2027-04-06", "11:00"),
    ]
    assert rides(client, "2027-03-16") == [("2027-03-16", "08:30")]


def test_a_series_ends_and_cancels_what_would_come(
    client: TestClient, office: Office, now: Clock
) -> None:
    """After a date, or from tomorrow on; what was changed by hand is named, and stays."""
    begin(client)
    accept(client, "r3")
    client.put(f"{V1}/requests/r4", json={**BODY, "date": "2027-03-23", "note": "mit Koffer"})

    done = client.delete(f"{SERIES}/s1", params={"last": "2027-03-09"}).json()

    assert (done["cancelled"], done["kept"]) == (["r3"], ["r4"])
    assert [each["request"] for each in done["released"]] == ["r3"]
    assert done["series"]["last"] == "2027-03-09"
    assert rides(client, *TUESDAYS) == [(date, "09:30") for date in (*TUESDAYS[:2], TUESDAYS[3])]
    assert make_everywhere(office) == 0
    whole = client.delete(f"{SERIES}/s1").json()
    assert whole["cancelled"] == ["r1", "r2"]
    now.go_on(24 * 60)
    assert client.get(SERIES).json() == []
    assert len(client.get(SERIES, params={"ended": True}).json()) == 1


def test_the_night_makes_what_has_come_near(client: TestClient, office: Office, now: Clock) -> None:
    """Except for whoever has withdrawn their consent, who is forgotten before."""
    begin(client)
    begin(client, name="Beispiel, Otto")
    person = {"name": "Beispiel, Otto", "born": BODY["born"], "phone": BODY["phone"]}
    client.put(f"{V1}/people/p2", json={**person, "consent": "withdrawn"})
    now.go_on(7 * 24 * 60)
    nights = Nights(office)
    nights.end()
    nights.run()

    assert rides(client, "2027-03-30") == [("2027-03-30", "09:30")]
    assert client.get(f"{SERIES}/s2").status_code == 404
    assert client.get(f"{SERIES}/s1").status_code == 200


def test_whoever_is_erased_has_no_series_any_more(client: TestClient, office: Office) -> None:
    """Nor an address in it; while it goes on, they still ride."""
    region = office.region()
    begin(client, date="2027-06-01", note="Hund im Hof", origin="Beispielstraße 5, Talle")
    with pytest.raises(ErasureRefusedError, match="Serie s1"):
        privacy.erase(office, region, "p1")
    report = client.get(f"{V1}/passengers/p1/report").json()
    assert [each["note"] for each in report["series"]] == ["Hund im Hof"]

    privacy.erase(office, region, "p1", cancel_rides=True)

    with office.store.reading() as session:
        for table in (KeptSeries, SeriesDate, Person, Home):
            assert session.scalars(select(table)).unique().all() == []


def test_after_the_weeks_of_the_policy_an_ended_series_is_forgotten(
    client: TestClient, office: Office, now: Clock
) -> None:
    """One that goes on keeps its passenger, and only the dates that are still known."""
    begin(client, last="2027-03-02")
    begin(client, name="Beispiel, Otto")
    now.go_on(9 * 7 * 24 * 60)
    forgetting.forget_old(office)

    with office.store.reading() as session:
        assert [each.id for each in session.scalars(select(KeptSeries)).unique()] == [2]
        dates = session.scalars(select(SeriesDate.date)).all()
        assert len(session.scalars(select(Person)).all()) == 1
    assert dates
    assert min(dates) >= dt.date(2027, 3, 7)


def test_merged_entries_share_their_series(client: TestClient) -> None:
    """The series goes with the requests."""
    begin(client)
    client.post(f"{V1}/people", json={"name": "Beispiel, E."})

    client.post(f"{V1}/people/p2/merge", json={"other": "p1"})

    assert read(client)["person"] == "p2"
    assert [each["id"] for each in client.get(SERIES, params={"person": "p2"}).json()] == ["s1"]


def test_an_address_that_is_gone_is_said_without_naming_it(
    client: TestClient, office: Office, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of the date stands in clear; it is tried again each night."""
    begin(client)
    find = "data.intake.Intake.find"
    monkeypatch.setattr(find, lambda *_: "Ähnlich sind: Beispielstraße 5, Talle.")
    now.go_on(7 * 24 * 60)
    assert make_everywhere(office) == 0
    here = read(client)["dates"][-1]
    monkeypatch.undo()

    assert (here["fate"], here["reason"]) == ("refused", "abholort, ziel")
    assert make_everywhere(office) == 1


def test_the_commands_list_skip_and_end(fahrten: Fahrten, client: TestClient) -> None:
    """In German; whoever was promised something has to be rung."""
    from api.commands import series
    from api.operations.office import Office as AnyOffice
    from api.settings import Settings

    begin(client, on_closed="day_before")
    accept(client, "r1")

    def then(settings: Settings) -> AnyOffice:
        return make_office(settings.folder, clock=Clock())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "Office", then)
        listed = fahrten("series", "list")
        skipped = fahrten("series", "skip", "s1", "2027-03-02")
        resumed = fahrten("series", "resume", "s1", "02.03.2027")
        ended = fahrten("series", "end", "s1", "--last", "2027-03-10")
        made = fahrten("series", "make")
        shown = fahrten("series", "list", "--ended")

    assert "s1: Beispiel, Erika (p1)" in listed.out
    assert "jeden Dienstag ab 02.03.2027, an Feiertagen am Tag davor" in listed.out
    assert "Abgesagt: r1." in skipped.out
    assert "Bitte anrufen: r1 war zugesagt" in " ".join(skipped.out.split())
    assert "Angelegt: r5." in resumed.out
    assert "Abgesagt: r3, r4." in ended.out
    assert "Angelegt: 0 Fahrtwünsche." in made.out
    assert "bis 10.03.2027" in shown.out
