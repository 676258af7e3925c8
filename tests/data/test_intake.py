"""Rows become requests to places; what a region cannot do is said with the column."""

import datetime as dt
from dataclasses import dataclass, field

import pytest

from data.day_input import Booking
from data.errors import Rejected
from data.intake import Intake, take_rows
from data.localities import Localities
from data.region import Region
from routing.errors import GeocoderUnavailable
from routing.geo import Point
from routing.geocoding import Address
from routing.units import HOUR, MINUTE
from scheduler.model import Mobility, PlaceKind, WayBack
from tests.builders_api import TUESDAY, row


def taken(region: Region, **cells: str) -> Booking:
    booking = Intake(region).take(row(2, **cells), "r2")
    assert isinstance(booking, Booking), booking
    return booking


def refused(region: Region, **cells: str) -> list[Rejected]:
    faults = Intake(region).take(row(2, **cells), "r2")
    assert isinstance(faults, list), faults
    return faults


def test_a_row_becomes_a_request_between_a_home_and_a_place(kalletal: Region) -> None:
    """The home gets a number; no name and no street is in the request."""
    booking = taken(kalletal, hilfen="rollstuhl", begleitung="1", dringlichkeit="wichtig")

    request = booking.request
    assert (request.origin, request.destination) == ("home-1", "mvz")
    assert (request.appointment, request.stay) == (9 * HOUR + 30 * MINUTE, 45 * MINUTE)
    assert (request.needs.mobility, request.needs.companions) == (Mobility.WHEELCHAIR, 1)
    assert (request.way_back, request.priority) == (WayBack.AFTER_STAY, 1)
    assert "Beispiel" not in repr(request)
    assert booking.homes["home-1"].label.startswith("Beispielstraße 3")


def test_the_same_address_is_the_same_home(kalletal: Region) -> None:
    """A couple is fetched at one stop, however they write their street."""
    intake = Intake(kalletal)

    first = intake.take(row(2), "r2")
    second = intake.take(row(3, abholort="beispielstr. 3, 32689 Talle"), "r3")
    third = intake.take(row(4, abholort="Beispielstraße 5, Talle"), "r4")

    origins = [each.request.origin for each in (first, second, third) if isinstance(each, Booking)]
    assert origins == ["home-1", "home-1", "home-2"]


def test_the_name_of_a_place_may_be_the_origin(kalletal: Region) -> None:
    """People are fetched from the care home by its name."""
    assert taken(kalletal, abholort="seniorenheim  BEISPIEL").request.origin == "seniorenheim"


def test_a_remark_in_brackets_is_not_part_of_the_address(kalletal: Region) -> None:
    """What the dispatcher adds for the driver does not make the house unknown."""
    booking = taken(kalletal, abholort="Beispielstraße 3, Talle (Hintereingang)")

    assert booking.homes["home-1"].label.startswith("Beispielstraße 3")


def test_an_unknown_address_comes_back_with_similar_ones(kalletal: Region) -> None:
    """Nothing is guessed."""
    (fault,) = refused(kalletal, abholort="Champs-Élysées 3, Paris")

    assert (fault.row, fault.field, fault.value) == (2, "abholort", "Champs-Élysées 3, Paris")
    assert "nicht bekannt" in fault.message


def test_an_address_like_no_other_comes_back_with_an_example_called_so(kalletal: Region) -> None:
    """It is the form of an address, and not the correction of that row."""
    (fault,) = refused(kalletal, abholort="xyzzy qwrtz 7")

    assert fault.message == (
        "Ist in Kalletal nicht bekannt. So sieht eine Adresse aus: Beispielstraße 3, Talle."
    )


@pytest.mark.parametrize("column", ["abholort", "ziel"])
@pytest.mark.parametrize(
    "text",
    [
        "Talle",
        "rinteln",
        "Westorf",
        "HOHENHAUSEN",
        "Luedenhausen",
        "32689 Talle",
        "Talle, Kalletal",
        "Kalletal-Talle",
        "Kalletal OT Talle",
        "Talle (beim Bäcker)",
        "Kalletal",
        "Lemgo",
    ],
)
def test_a_village_alone_is_no_address(kalletal: Region, column: str, text: str) -> None:
    """It is never taken for the one place that has the village in its name."""
    (fault,) = refused(kalletal, **{column: text, "rueckfahrt": "nein"})

    assert (fault.field, fault.value) == (column, text)
    assert fault.message.startswith("Das ist ein Ort ohne Straße. Bitte Straße und Hausnummer")
    assert "Beispielstraße 3, " in fault.message


def test_a_village_alone_is_not_asked_on_the_internet_either(kalletal: Region) -> None:
    """There its middle would be found, where nobody lives."""
    online = Online({"Talle": kalletal.places["mvz"].point})

    faults = Intake(kalletal, online=online).take(row(2, abholort="Talle"), "r2")

    assert isinstance(faults, list)
    assert online.asked == []


def test_a_place_with_a_village_in_its_name_is_found_by_more_than_that(kalletal: Region) -> None:
    """Its whole name, and the part that is its own."""
    intake = Intake(kalletal)

    for text in ("Dorfgemeinschaftshaus Beispiel Talle", "Dorfgemeinschaftshaus Talle"):
        found = intake.find(text)
        assert isinstance(found, Address), found
        assert found.place_id == "dorfhaus-talle"


def test_a_hamlet_without_streets_is_an_address_by_its_name() -> None:
    """Its houses have numbers only; a place of that name there does not change it."""
    here = Point(52.1, 9.0)
    addresses = [
        Address("Beispielhof", "", "", "", "Beispielhof", here),
        Address("Beispielweg 1, Dorf", "Beispielweg", "1", "", "Dorf", here),
        Address("Saal Dorf", "", "", "", "Dorf", here, place_id="saal"),
    ]
    localities = Localities(["Beispielhof", "Weiler"], addresses, municipality="Bad Beispiel")

    assert localities.only("Beispielhof") is None
    assert localities.only("Beispielweg 1, Dorf") is None
    assert localities.only("Dorf 3") is None
    assert [localities.only(text) for text in ("dorf", "12345 Weiler", "Bad Beispiel")] == [
        "Dorf",
        "Weiler",
        "Bad Beispiel",
    ]


def test_an_ambiguous_address_comes_back_with_what_it_may_mean(kalletal: Region) -> None:
    """There is a Beispielstraße 3 in every village."""
    (fault,) = refused(kalletal, abholort="Beispielstraße 3")

    assert "nicht eindeutig" in fault.message
    assert fault.message.count("Beispielstraße 3") > 1


def test_nobody_rides_from_a_place_to_itself(kalletal: Region) -> None:
    """Written twice by mistake."""
    (fault,) = refused(kalletal, abholort="MVZ Kalletal")

    assert (fault.field, "derselbe Ort" in fault.message) == ("ziel", True)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2027-05-27", "Fronleichnam"),  # a holiday in North Rhine-Westphalia, not in Berlin
        ("2027-12-25", "Weihnacht"),
        ("2027-03-06", "Samstag"),
    ],
)
def test_a_day_without_a_bus_is_refused_by_its_date(kalletal: Region, day: str, why: str) -> None:
    """Also the holidays that only this Land has."""
    (fault,) = refused(kalletal, datum=day)

    assert (fault.field, fault.value) == ("datum", day)
    assert why in fault.message


@pytest.mark.parametrize("appointment", ["03:00", "13:59", "23:00", "02:00-04:00"])
def test_an_appointment_outside_opening_hours_is_refused_with_the_hours(
    kalletal: Region, appointment: str
) -> None:
    """The dentist, on a Tuesday, is closed at night and at noon."""
    (fault,) = refused(
        kalletal, ziel="Zahnarztpraxis Dr. Beispiel-Krone", termin=appointment, rueckfahrt="nein"
    )

    assert (fault.field, fault.value) == ("termin", appointment)
    assert "geöffnet" in fault.message


def test_the_end_of_a_day_is_no_time_to_arrive_at_what_is_always_open(kalletal: Region) -> None:
    """It is not said that it were closed then."""
    (fault,) = refused(kalletal, ziel="Klinik Beispiel Rinteln", termin="24:00", rueckfahrt="nein")

    assert fault.field == "termin"
    assert "am nächsten Tag ist das 00:00 Uhr" in fault.message
    assert "geöffnet" not in fault.message


def test_an_appointment_at_closing_time_is_too_late_and_at_opening_time_in_time(
    kalletal: Region,
) -> None:
    """Opening hours hold from their begin until before their end."""
    place = kalletal.places["zahnarzt-hohenhausen"]
    hours = place.on(TUESDAY, country="DE", land="NW").open_hours
    assert hours
    opening, closing = str(hours[0]).split("-")

    assert taken(kalletal, ziel=place.name, termin=opening, rueckfahrt="nein")
    assert refused(kalletal, ziel=place.name, termin=closing, rueckfahrt="nein")


def test_any_pharmacy_means_each_that_opens_on_that_day(kalletal: Region) -> None:
    """Which one is best is the optimizer's to say."""
    pharmacies = taken(kalletal, apotheke="ja").request.pharmacies

    assert set(pharmacies) == {place.id for place in kalletal.places_of(PlaceKind.PHARMACY)}


def test_a_pharmacy_is_found_by_its_name(kalletal: Region) -> None:
    """And kept under its id."""
    booking = taken(kalletal, apotheke="Beispiel-Apotheke am Markt")

    assert booking.request.pharmacies == (booking.pharmacy,) == ("apotheke-markt",)


def test_a_practice_is_no_pharmacy(kalletal: Region) -> None:
    """The message lists those there are."""
    (fault,) = refused(kalletal, apotheke="MVZ Kalletal")

    assert fault.field == "apotheke"
    assert "Beispiel-Apotheke am Markt" in fault.message


def test_every_fault_of_a_row_is_reported_at_once(kalletal: Region) -> None:
    """Address, pharmacy and date in one go."""
    faults = refused(kalletal, datum="2027-05-27", abholort="nirgendwo xyz", apotheke="Aldi xyz")

    assert {fault.field for fault in faults} == {"datum", "abholort", "apotheke"}


def test_rows_of_other_days_are_passed_over_and_bad_ones_spoil_nothing(kalletal: Region) -> None:
    """Three rows: one good, one wrong, one of Wednesday."""
    rows = [row(2), row(3, abholort="nirgendwo xyz"), row(4, datum="2027-03-03")]

    day, rejected = take_rows(Intake(kalletal), rows, day=TUESDAY)

    assert [request.id for request in day.requests] == ["r2"]
    assert [fault.row for fault in rejected] == [3]
    assert day.contacts["r2"].name == "Beispiel, Erika"


def test_a_day_describes_every_place_that_its_requests_name(kalletal: Region) -> None:
    """Homes beside practices, with labels for people."""
    day, _ = take_rows(Intake(kalletal), [row(2)], day=TUESDAY)

    places, labels = day.places(kalletal), day.labels(kalletal)
    assert places["home-1"].kind is PlaceKind.HOME
    assert labels["home-1"].name.startswith("Beispielstraße 3")
    assert labels["mvz"].name == "MVZ Kalletal"
    assert places.keys() == labels.keys()


@dataclass
class Online:
    """A geocoder on the internet that knows one address, and may be out of order."""

    known: dict[str, Point]
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> Point | None:
        """Answer, and remember the question."""
        self.asked.append(text)
        if self.broken:
            message = "no answer"
            raise GeocoderUnavailable(message)
        return self.known.get(text)


def test_the_internet_is_asked_only_for_what_the_region_does_not_know(kalletal: Region) -> None:
    """And each question only once."""
    hill = kalletal.places["mvz"].point
    online = Online({"Waldhütte Beispiel": Point(hill.lat + 0.0005, hill.lon)})
    intake = Intake(kalletal, online=online)

    intake.take(row(2), "r2")
    first = intake.take(row(3, abholort="Waldhütte Beispiel"), "r3")
    intake.take(row(4, abholort="Waldhütte Beispiel"), "r4")

    assert isinstance(first, Booking)
    assert online.asked == ["Waldhütte Beispiel"]


def test_a_geocoder_that_does_not_answer_refuses_one_row_only(kalletal: Region) -> None:
    """An outage is not "not found"."""
    intake = Intake(kalletal, online=Online({}, broken=True))

    faults = intake.take(row(2, abholort="Waldhütte Beispiel"), "r2")

    assert isinstance(faults, list)
    assert "antwortet gerade nicht" in faults[0].message
    assert isinstance(intake.take(row(3), "r3"), Booking)


def test_an_address_far_from_every_road_is_refused_with_the_distance(kalletal: Region) -> None:
    """Beyond 300 m the user is asked."""
    online = Online({"Gipfel Beispiel": Point(47.4211, 10.9853)})

    faults = Intake(kalletal, online=online).take(row(2, abholort="Gipfel Beispiel"), "r2")

    assert isinstance(faults, list)
    assert "von der nächsten Straße" in faults[0].message


def test_ten_thousand_rows_are_taken_in_seconds(kalletal: Region) -> None:
    """Every address is looked up once."""
    begin = dt.datetime.now(dt.UTC)
    intake = Intake(kalletal)
    for number in range(10_000):
        house = 1 + number % 12
        booking = intake.take(row(number, abholort=f"Beispielstraße {house}, Talle"), "r")
        assert isinstance(booking, Booking)

    assert dt.datetime.now(dt.UTC) - begin < dt.timedelta(seconds=20)
