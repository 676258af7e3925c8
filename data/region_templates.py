"""What a new region begins with: files that work at once, and say what to change in them."""

from collections.abc import Mapping, Sequence
from datetime import date

TIMEZONES = {
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "CH": "Europe/Zurich",
    "LI": "Europe/Vaduz",
    "LU": "Europe/Luxembourg",
}

# A P-Schein is given for five years (FeV § 48).
LICENCE_YEARS = 5


def region_toml(*, title: str, country: str, land: str) -> str:
    """Write region.toml."""
    timezone = TIMEZONES.get(country, TIMEZONES["DE"])
    return f"""\
# Explained in docs/new-municipality.md. Please change what is marked with "<-".

title = {quoted(title)}
country = "{country}"
land = "{land}"              # Feiertage dieses Bundeslandes: BB BE BW BY HB HE HH MV NI NW ...
timezone = "{timezone}"

dispatch_phone = "030 23125 000"   # <- die Nummer, unter der Fahrten bestellt werden
emergency_phone = "112"

[service]
weekdays = ["Mo", "Tu", "We", "Th", "Fr"]

# Days on which the bus runs although it would not, or the other way round:
# [[service.exception]]
# date = 2027-04-17
# runs = true
# reason = "Gesundheitswochenende"

# What the information page for everybody (/info) and its flyer say beyond the rules:
# [info]
# fare = "2 Euro für jede Fahrt"                  # <-
# phone_hours = "Mo-Fr 08:00-12:00; PH off"       # <- wann das Telefon besetzt ist
# website = "https://..."
# booking = ["Noch ein Satz dazu, wie man eine Fahrt bestellt."]

# A health weekend; "place" is an id of places.csv:
# [[event]]
# name = "Gesundheitswochenende"
# from = 2027-04-17
# until = 2027-04-18
# place = "mehrzweckhalle"
# hours = "10 bis 16 Uhr"
# text = "Was es dort gibt."
"""


def fleet_toml(*, depot: str) -> str:
    """Write fleet.toml with one usual Bürgerbus."""
    return f"""\
# The vehicles. Each [[vehicle.configuration]] is one way to arrange the seats.

[[vehicle]]
id = "bus-1"
name = "Bürgerbus 1"               # <-
depot = "{depot}"                    # an id of places.csv
remark = "Ein Rollstuhlplatz (DIN 75078); dafür entfallen zwei Sitze."

[[vehicle.configuration]]
seats = 8
wheelchairs = 0

[[vehicle.configuration]]
seats = 6
wheelchairs = 1
"""


def roster_toml(*, today: date) -> str:
    """Write roster.toml with two half-days and four invented volunteers who take turns."""
    until = date(today.year + LICENCE_YEARS, 12, 31)
    drivers = "\n".join(
        f"""\
[[driver]]
id = "f{number:02d}"
name = "{name}"    # <-
phone = "030 23125 {500 + number}"
takes_wheelchairs = true
licence_until = {until}
"""
        for number, name in enumerate(
            ("Anna Beispiel", "Bernd Beispiel", "Christa Beispiel", "Dieter Beispiel"), 1
        )
    )
    return f"""\
# Volunteers and their shifts. On each weekday the drivers of a shift take turns, week by week;
# whose P-Schein has run out is passed over. The people here are invented: please replace them.

[[shift]]
id = "vormittag"
name = "Vormittag"
vehicle = "bus-1"
from = "07:30"
until = "12:30"
break = {{ from = "09:00", until = "11:00", minutes = 15 }}

{_turns("f01", "f02")}
[[shift]]
id = "nachmittag"
name = "Nachmittag"
vehicle = "bus-1"
from = "13:00"
until = "17:30"
break = {{ from = "14:00", until = "16:00", minutes = 15 }}

{_turns("f03", "f04")}
# On one date somebody else drives, or (without "driver") the shift falls out:
# [[exception]]
# date = 2027-03-12
# shift = "nachmittag"
# driver = "f01"
# reason = "Vertretung"

{drivers}"""


def _turns(*drivers: str) -> str:
    names = ", ".join(f'"{driver}"' for driver in drivers)
    lines = [f"{weekday} = [{names}]" for weekday in ("Mo", "Tu", "We", "Th", "Fr")]
    return "\n".join(["[shift.drivers]", *lines, ""])


def readme(
    *, title: str, source: str, today: date, counts: Mapping[str, int], warnings: Sequence[str]
) -> str:
    """Write README.md: where the region comes from, and what was left out."""
    found = "\n".join(f"- {count} {what}" for what, count in counts.items())
    left_out = "\n".join(f"- {warning}" for warning in warnings) or "- nothing"
    return f"""\
# Region {title}

Made on {today} from: {source}

Map data © OpenStreetMap contributors, Open Database License 1.0
(https://www.openstreetmap.org/copyright). `network.npz`, `addresses.csv` and `places.csv` are
derived from them and stay under that licence; show this notice with every map and route.

{found}

Invented, to be replaced: the volunteers of `roster.toml`, the bus of `fleet.toml`, the dispatch
phone of `region.toml`, and where the bus stands (`depot` in `places.csv`).

## Left out or changed

{left_out}
"""


def quoted(text: str) -> str:
    r"""
    Write a text as a TOML string.

    >>> print(quoted('Sankt "Beispiel"'))
    "Sankt \"Beispiel\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else " " for letter in escaped) + '"'
