"""What everybody may know: as a page, as a flyer, as JSON; true, complete, and about nobody."""

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
from fastapi.testclient import TestClient

from api.operations.information import read_information
from api.operations.office import Office
from api.schemas.info import InfoView
from api.sheets.info_view import info_view
from api.sheets.week_words import week
from data.information import Information, gather
from routing.units import HOUR, MINUTE
from scheduler.model import WHOLE_DAY, TimeWindow
from tests.builders_api import BODY, make_office

INFO = "/api/v1/info"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


def known(office: Office, today: date | None = None) -> Information:
    region = office.region()
    if today is None:
        return read_information(office, region)
    return gather(region, office.roads(region), today)


def words(answer: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(answer)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_the_document_is_as_it_is_described(client: TestClient) -> None:
    """The health platform relies on it; no field is there that the schema does not name."""
    answer = client.get(INFO)

    info = InfoView.model_validate(answer.json())
    assert (info.region, info.title, info.as_of) == ("kalletal", "Kalletal", date(2027, 2, 28))
    assert info.booking.phone == "030 23125 000"
    assert (info.booking.lead_minutes, info.booking.horizon_days) == (60, 28)
    assert [day.weekday for day in info.service if day.hours] == ["Mo", "Tu", "We", "Th", "Fr"]
    assert info.wheelchair_places == 1
    assert len(info.villages) == 16
    assert "Lemgo" not in info.villages
    schema = client.get("/api/v1/openapi.json").json()
    described = schema["paths"][INFO]["get"]["responses"]["200"]["content"]["application/json"]
    assert described["schema"]["$ref"].endswith("/InfoView")


def test_pages_of_others_may_read_it(client: TestClient) -> None:
    """The municipality's health platform asks from the browser of whoever looks at it."""
    answer = client.get(INFO, headers={"Origin": "https://gesundheit.example"})

    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "public" in answer.headers["cache-control"]
    # What is not for everybody says so as ever.
    assert "access-control-allow-origin" not in client.get("/api/v1/places").headers


def test_every_practice_pharmacy_and_health_centre_is_in_the_directory(
    client: TestClient, office: Office
) -> None:
    """With its opening hours as they stand in places.csv."""
    places = {each["id"]: each for each in client.get(INFO).json()["destinations"]}

    listed = {"mvz", "practice", "pharmacy", "therapy", "hospital"}
    assert set(places) == {
        place.id for place in office.region().places.values() if place.kind in listed
    }
    mvz = places["mvz"]
    assert mvz["week"][2] == {"weekday": "We", "hours": [{"begin": "08:00", "end": "13:00"}]}
    assert mvz["week"][6] == {"weekday": "Su", "hours": []}
    assert [each["kind"] for each in places.values()][:2] == ["mvz", "practice"]


def test_driving_times_are_those_of_the_roads_and_the_rules(office: Office) -> None:
    """Direct by the network, at most what the policy allows for it; rounded up to minutes."""
    information = known(office)
    region, roads = office.region(), office.roads(office.region())
    mvz = next(each for each in information.destinations if each.place.id == "mvz")
    drive = next(each for each in mvz.drives if each.village == "Talle")
    houses = [house.point for house in region.addresses if house.village == "Talle"]

    direct = [int(roads.travel([home, mvz.place.point]).seconds[0, 1]) for home in houses]

    assert min(direct) // MINUTE <= drive.minutes <= max(direct) // MINUTE + 1
    allowed = region.policy.ride.limit(drive.minutes * MINUTE) // MINUTE
    assert drive.minutes < drive.longest <= allowed
    assert len(mvz.drives) == len(information.villages)


def test_days_without_a_bus_are_told_in_time(client: TestClient) -> None:
    """Holidays of the Land on service days, and the Saturday on which the bus runs."""
    special = client.get(INFO).json()["special_days"]

    assert special[0] == {"date": "2027-03-26", "runs": False, "reason": "Feiertag: Karfreitag"}
    assert {"date": "2027-04-17", "runs": True} | {"reason": special[2]["reason"]} == special[2]
    # The first of May 2027 is a Saturday: no bus would run anyway.
    assert "2027-05-01" not in {day["date"] for day in special}
    assert all("2027-02-28" <= day["date"] <= "2027-06-28" for day in special)


def test_the_next_health_weekend_says_when_the_bus_runs(client: TestClient) -> None:
    """On Saturday a shift of the roster; on Sunday none."""
    (event,) = client.get(INFO).json()["events"]

    assert (event["first"], event["last"]) == ("2027-04-17", "2027-04-18")
    assert event["place"]["name"] == "Dorfgemeinschaftshaus Beispiel Talle"
    assert event["place"]["drives"]
    assert event["bus"] == [
        {"date": "2027-04-17", "hours": [{"begin": "07:30", "end": "12:30"}]},
        {"date": "2027-04-18", "hours": []},
    ]


@pytest.mark.parametrize(("day", "shown"), [(18, 1), (19, 0)])
def test_a_weekend_is_shown_until_it_is_over(office: Office, day: int, shown: int) -> None:
    """On its last day people still go there."""
    assert len(known(office, date(2027, 4, day)).events) == shown


def test_hours_are_those_of_an_ordinary_week(office: Office) -> None:
    """In Holy Week, with two holidays, the page shows no MVZ that is closed on Fridays."""
    in_holy_week, usual = (known(office, date(2027, 3, day)) for day in (24, 10))

    assert in_holy_week.destinations == usual.destinations
    assert in_holy_week.service_week == usual.service_week


def test_what_nobody_has_said_is_told_as_missing(office: Office) -> None:
    """Instead of an empty line, or of hours that are made up."""
    assert week(None) == ["noch nicht angegeben"]
    view = info_view(known(office))
    (event,) = view["events"]

    assert event["place"]["hours"] == ["noch nicht angegeben"]


def windows(*times: tuple[float, float]) -> tuple[TimeWindow, ...]:
    return tuple(TimeWindow(int(begin * HOUR), int(end * HOUR)) for begin, end in times)


@pytest.mark.parametrize(
    ("days", "lines"),
    [
        ([[(8, 12)]] * 5 + [[], []], ["Mo–Fr 08:00–12:00 Uhr"]),
        ([[(8, 12)]] * 2 + [[]] * 5, ["Mo, Di 08:00–12:00 Uhr"]),
        (
            [[(8, 12), (14, 17.5)], [(8, 12)], [(8, 12), (14, 17.5)], [(8, 12)], [(8, 12)], [], []],
            ["Mo, Mi 08:00–12:00 und 14:00–17:30 Uhr", "Di, Do, Fr 08:00–12:00 Uhr"],
        ),
        ([[]] * 7, ["geschlossen"]),
    ],
)
def test_hours_read_as_they_are_written_on_doors(
    days: list[list[tuple[float, float]]], lines: list[str]
) -> None:
    """A line for all weekdays on which they are the same."""
    assert week(tuple(windows(*day) for day in days)) == lines


def test_a_hospital_is_open_round_the_clock() -> None:
    """Not from 00:00 to 24:00."""
    assert week(((WHOLE_DAY,),) * 7) == ["Mo–So rund um die Uhr"]


def test_page_flyer_and_document_say_the_same(client: TestClient) -> None:
    """Phone, fare, villages, places, hours, holidays, weekend: on paper as on the screen."""
    page = client.get("/info").text.replace("\u00ad", "")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#34;", '"')
    flyer = words(client.get("/info/flyer.pdf").content)
    info = client.get(INFO).json()

    def everywhere(*said: str) -> None:
        for each in said:
            assert each in text, each
            assert each in flyer, each

    everywhere(
        "030 23125 000",
        "Mo–Fr 07:30–12:30",
        "Freitag, 26. März 2027",
        "Feiertag: Karfreitag",
        "Beispiel-Gesundheitswochenende",
        "Spätestens 60 Minuten vor der Fahrt",
        *info["villages"],
        *(place["name"] for place in info["destinations"]),
        *(place["address"] for place in info["destinations"]),
        *(place["phone"] for place in info["destinations"]),
    )


def test_the_flyer_is_an_accessible_pdf_on_a5(client: TestClient) -> None:
    """Tagged, German, titled; and the same all day."""
    answer = client.get("/info/flyer.pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))

    assert answer.headers["content-type"] == "application/pdf"
    assert b"pdfuaid:part" in answer.content
    assert reader.trailer["/Root"]["/Lang"] == "de"  # type: ignore[index]
    assert reader.metadata is not None
    assert "Bürgerbus" in str(reader.metadata.title)
    width, height = (float(each) / 72 * 25.4 for each in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (148, 210)
    assert client.get("/info/flyer.pdf").content == answer.content


def test_one_village_can_be_chosen(client: TestClient) -> None:
    """Without any script: a form that asks again."""
    page = client.get("/info", params={"dorf": "Talle"}).text

    assert "von Talle 8 Minuten, mit Umwegen höchstens 27" in page
    assert '<option value="Talle" selected>' in page
    assert "je nach Dorf" not in page


def test_a_village_that_there_is_not_stays_in_its_field_with_the_reason(
    client: TestClient,
) -> None:
    """The rest of the page is there all the same, and nothing of it becomes markup."""
    answer = client.get("/info", params={"dorf": "<b>Berlin</b>"})

    assert answer.status_code == 422
    assert "„&lt;b&gt;Berlin&lt;/b&gt;“ ist keines der Dörfer" in answer.text
    assert "MVZ Kalletal" in answer.text
    assert "<b>Berlin" not in answer.text


def test_nobody_is_in_it(client: TestClient, office: Office) -> None:
    """No passenger, no volunteer, no home; also when the day is planned."""
    client.post("/api/v1/requests", json={**BODY, "note": "Hund im Hof"})
    client.post("/api/v1/days/2027-03-02/plan", json={"seconds": 2})
    region = office.region()
    people = {
        BODY["name"],
        BODY["phone"],
        "Hund im Hof",
        "Beispielstraße 3, Talle",
        *(driver.name for driver in region.roster.drivers.values()),
        *(driver.phone for driver in region.roster.drivers.values()),
    }

    for text in (
        client.get(INFO).text,
        client.get("/info").text,
        words(client.get("/info/flyer.pdf").content),
    ):
        assert [each for each in people if str(each) in text] == []


@pytest.mark.parametrize("path", ["/info", "/info/flyer.pdf", INFO])
def test_another_region_has_its_own(client: TestClient, path: str) -> None:
    """By name; one that there is not is 404."""
    assert client.get(path, params={"region": "kalletal"}).status_code == 200
    assert client.get(path, params={"region": "nirgendwo"}).status_code == 404
    if path == "/info":
        page = client.get(path, params={"region": "kalletal"}).text
        assert '<input type="hidden" name="region" value="kalletal">' in page
        assert 'href="/info/flyer.pdf?region=kalletal"' in page


def booking(office: Office, **changed: object) -> str:
    """The steps of how to ask for a ride."""
    return " ".join(info_view(replace(known(office), **changed))["booking"])  # type: ignore[arg-type]


def week_of(*monday: TimeWindow, saturday: bool = False) -> tuple[tuple[TimeWindow, ...], ...]:
    """The same hours from Monday to Friday, and perhaps on Saturday."""
    return (monday,) * 5 + ((monday if saturday else ()), ())


def test_rides_that_nobody_can_ask_for_in_time_are_told_the_day_before(office: Office) -> None:
    """The telephone is answered from 8:00 and the lead is an hour: 8:00 + 1:00 = 9:00."""
    text = booking(office)

    assert "Fahrten am Montag vor 9 Uhr: bitte anrufen bis Freitag, 16 Uhr." in text
    assert (
        "Fahrten von Dienstag bis Freitag vor 9 Uhr: bitte anrufen bis zum Tag davor, 16 Uhr."
    ) in text
    assert "Liegt ein Feiertag davor: bitte an einem Tag davor anrufen" in text


def test_a_long_lead_makes_no_hour_that_is_on_no_clock(office: Office) -> None:
    """Twenty hours after eight o'clock, no bus runs; with a day, the lead says it all."""
    found = known(office)
    for hours, said in ((20, "Fahrten von Dienstag bis Freitag: bitte anrufen bis"), (24, "")):
        rules = replace(found.region.policy.booking, lead=hours * HOUR)
        region = replace(found.region, policy=replace(found.region.policy, booking=rules))
        text = booking(office, region=region, special_days=())
        assert not re.search(r"(2[4-9]|3\d) Uhr", text)
        assert said in text
        assert ("anrufen bis" in text) == bool(said)


def test_whoever_answers_early_enough_is_rung_on_the_day(office: Office) -> None:
    """6:30 + 1:00 is when the first bus leaves, 7:30."""
    early = week_of(TimeWindow(6 * HOUR + 30 * MINUTE, 12 * HOUR))

    assert "anrufen bis" not in booking(office, phone_week=early, special_days=())
    assert "anrufen bis" not in booking(office, phone_week=None, special_days=())


def test_nobody_is_told_to_ring_when_nobody_answers(office: Office) -> None:
    """The telephone: 8 to 12 and 13 to 16, the bus until 17:30, the lead an hour."""
    text = booking(office)

    # 12:00 + 1:00, 13:00 + 1:00 and 16:00 + 1:00.
    assert "Fahrten zwischen 13 Uhr und 14 Uhr: Rufen Sie bitte bis 12 Uhr an." in text
    assert "Fahrten nach 17 Uhr: Rufen Sie bitte bis 16 Uhr an." in text
    assert (
        "Am Telefon ist jemand Mo–Fr 08:00–12:00 und 13:00–16:00 Uhr. Ohne Anruf holt Sie der Bus "
        "ab, den wir Ihnen als spätesten nennen."
    ) in text
    assert "Liegt ein Feiertag davor: bitte an einem Tag davor anrufen" in text
    all_day = week_of(TimeWindow(6 * HOUR, 18 * HOUR))
    assert "bitte bis" not in booking(office, phone_week=all_day, special_days=())
    unknown = booking(office, phone_week=None, special_days=())
    assert ("bitte bis" in unknown, "Am Telefon ist jemand" in unknown) == (False, False)


def test_on_some_weekdays_only_is_said_of_which(office: Office) -> None:
    """The telephone is answered in the morning; on Friday the bus runs no longer than that."""
    morning, late = TimeWindow(6 * HOUR, 12 * HOUR), TimeWindow(7 * HOUR, 16 * HOUR)
    buses = ((late,),) * 4 + ((TimeWindow(7 * HOUR, 13 * HOUR),), (), ())
    text = booking(office, phone_week=week_of(morning), service_week=buses)

    assert "Mo–Do: Fahrten nach 13 Uhr: Rufen Sie bitte bis 12 Uhr an." in text


def test_a_special_day_is_asked_for_while_somebody_answers(office: Office) -> None:
    """The Saturday of the health weekend: on Friday until four."""
    assert (
        "Fahrten am Samstag, 17. April 2027: bitte anrufen bis Freitag, 16. April 2027, 16 Uhr."
    ) in booking(office)


def test_a_bus_on_a_day_without_telephone_is_asked_for_before(office: Office) -> None:
    """A quarter past the hour is told with its minutes."""
    calls = week_of(TimeWindow(8 * HOUR + 15 * MINUTE, 12 * HOUR))
    buses = week_of(TimeWindow(8 * HOUR, 12 * HOUR), saturday=True)
    text = booking(office, phone_week=calls, service_week=buses)

    assert "Fahrten am Montag vor 9:15 Uhr: bitte anrufen bis Freitag, 12 Uhr." in text
    assert "Fahrten am Samstag: bitte anrufen bis Freitag, 12 Uhr." in text


def test_on_two_mornings_only_it_is_said_on_which_to_ring(office: Office) -> None:
    """Nobody answers on the working day before Wednesday, and none may be on Saturday."""
    bus, calls = (TimeWindow(8 * HOUR, 12 * HOUR),), (TimeWindow(8 * HOUR, 12 * HOUR),)
    monday_and_thursday = (calls, (), (), calls, (), (), ())
    text = booking(office, phone_week=monday_and_thursday, service_week=week_of(*bus))

    for sentence in (
        "Fahrten am Montag vor 9 Uhr: bitte anrufen bis Donnerstag, 12 Uhr.",
        "Fahrten am Donnerstag vor 9 Uhr: bitte anrufen bis Montag, 12 Uhr.",
        "Fahrten am Dienstag und am Mittwoch: bitte anrufen bis Montag, 12 Uhr.",
        "Fahrten am Freitag: bitte anrufen bis Donnerstag, 12 Uhr.",
    ):
        assert sentence in text
    assert "Werktag" not in text


def test_who_rings_a_week_before_is_told_so(office: Office) -> None:
    """On Monday only somebody answers; if that is never, nobody is told to ring."""
    bus, calls = (TimeWindow(8 * HOUR, 12 * HOUR),), (TimeWindow(8 * HOUR, 12 * HOUR),)
    text = booking(office, phone_week=(calls, *[()] * 6), service_week=week_of(*bus))

    assert "Fahrten vor 9 Uhr" not in text
    assert "am Montag vor 9 Uhr: bitte anrufen bis Montag der Woche davor, 12 Uhr." in text
    assert "Fahrten von Dienstag bis Freitag: bitte anrufen bis Montag, 12 Uhr." in text
    never = booking(office, phone_week=((),) * 7, service_week=week_of(*bus), special_days=())
    assert "anrufen bis" not in never


def test_everybody_may_know_how_to_cancel_and_what_is_only_on_request(office: Office) -> None:
    """And until when the special days are listed, and when the last way home is over."""
    view = info_view(known(office, date(2027, 3, 1)))

    assert any(each.startswith("Absagen: Rufen Sie bitte so früh wie") for each in view["booking"])
    assert any(each.startswith("Auf Wunsch hält der Bus") for each in view["aboard"])
    # 1 March 2027 and 120 days.
    assert view["special_until"] == "29. Juni 2027"
    (weekend,) = view["events"]
    assert weekend["bus"] == [
        "Sa 17.04.2027: 07:30–12:30 Uhr. Die letzte Rückfahrt endet vor 12:30 Uhr.",
        "So 18.04.2027: kein Bus",
    ]


def test_the_steps_of_the_flyer_stand_on_one_page(client: TestClient) -> None:
    """Whoever keeps one leaf by the telephone has all of them."""
    pages = pypdf.PdfReader(io.BytesIO(client.get("/info/flyer.pdf").content)).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]

    (steps,) = (text for text in texts if "So bestellen Sie eine Fahrt" in text)
    for words_of in ("Rufen Sie an", "Absagen", "Im Notfall"):
        assert words_of in steps
