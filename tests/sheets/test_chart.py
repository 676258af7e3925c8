"""The small map of a tour: everything on it, nothing over anything, black and white."""

import os
import re
import xml.etree.ElementTree as ET
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.sheets import tourenblatt_html, tourenblatt_pdf
from api.sheets.chart import HEIGHT, WIDTH, Chart, ChartStop, draw_chart
from api.sheets.chart_labels import Box, Labels
from api.sheets.wording import OPENSTREETMAP
from routing.geo import Point
from tests.builders_sheets import MVZ as PLACE
from tests.builders_sheets import full_morning, header, manifest, nobody_rides, stop

GOLDEN = Path(__file__).with_name("golden") / "chart.svg"
DEPOT, HOME, MVZ = Point(52.1, 8.95), Point(52.13, 8.9), Point(52.105, 8.947)
SVG = "{http://www.w3.org/2000/svg}"


def chart(*stops: ChartStop, villages: dict[str, Point] | None = None) -> Chart:
    """Three roads, and a bus that drives straight from stop to stop."""
    tour = stops or (
        ChartStop(DEPOT, ""),
        ChartStop(HOME, "1"),
        ChartStop(MVZ, "2"),
        ChartStop(HOME, "3"),
        ChartStop(DEPOT, ""),
    )
    return draw_chart(
        roads=[
            ("primary", [DEPOT, HOME]),
            ("residential", [MVZ, Point(52.106, 8.948)]),
            ("tertiary", [Point(52.5, 8.9), Point(52.51, 8.9)]),
        ],
        line=[stop.point for stop in tour],
        stops=tour,
        villages={"Hohenhausen": DEPOT, "Bentorf": HOME} if villages is None else villages,
        source=OPENSTREETMAP,
    )


def texts(drawn: Chart) -> list[str]:
    return [each.text or "" for each in ET.fromstring(drawn.svg).iter(f"{SVG}text")]  # noqa: S314


def rings(drawn: Chart) -> list[Box]:
    """Where the numbers stand."""
    found = []
    for each in ET.fromstring(drawn.svg).iter(f"{SVG}rect"):  # noqa: S314  (our own)
        x, y, wide, high = (int(each.attrib[name]) for name in ("x", "y", "width", "height"))
        found.append(Box(x, y, x + wide, y + high))
    return found


def test_a_map_is_drawn_as_it_was_once_approved() -> None:
    """``GOLDEN=write`` as for the Tourenblatt, then look at it in a browser."""
    drawn = chart().svg.replace("><", ">\n<") + "\n"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(drawn, encoding="utf-8")

    assert drawn == GOLDEN.read_text(encoding="utf-8")


def test_each_halt_has_its_number_and_halts_at_one_place_share_a_dot() -> None:
    """Who fetches somebody and brings her home stands there twice."""
    assert set(texts(chart())) == {"1, 3", "2", "Hohenhausen", "Bentorf", "1 km"}


def test_halts_of_two_villages_never_share_a_dot() -> None:
    """Where the map is small, half a kilometre is no more than the dot."""
    next_door = Point(MVZ.lat + 0.0005, MVZ.lon)
    stops = [
        ChartStop(MVZ, "1", "Hohenhausen"),
        ChartStop(Point(MVZ.lat + 0.0003, MVZ.lon), "2", "Hohenhausen"),
        ChartStop(next_door, "3", "Bentorf"),
        ChartStop(Point(52.3, 8.9), "4", "Erder"),
    ]

    assert {"1, 2", "3", "4"} <= set(texts(chart(*stops)))


def test_a_name_stands_nearer_to_its_own_halts_than_to_any_other() -> None:
    """Else the driver takes the depot for Talle."""
    for east in range(1, 12):
        talle = Point(DEPOT.lat, DEPOT.lon + east * 0.001)
        stops = [
            ChartStop(DEPOT, "", "Hohenhausen"),
            ChartStop(talle, "1", "Talle"),
            ChartStop(HOME, "2", "Bentorf"),
            ChartStop(DEPOT, "", "Hohenhausen"),
        ]
        # The middle of the village is beyond the depot.
        drawn = chart(*stops, villages={"Talle": Point(DEPOT.lat, DEPOT.lon - 0.001)})
        dots = [
            (int(each.attrib["cx"]), int(each.attrib["cy"]))
            for each in ET.fromstring(drawn.svg).iter(f"{SVG}circle")  # noqa: S314  (our own)
        ]
        square = re.search(r'd="M(\d+) (\d+)h34v34h-34Z"', drawn.svg)
        assert square is not None
        depot = int(square[1]) + 17, int(square[2]) + 17
        box = written(drawn, "Talle")
        if box is not None:
            assert box.away(dots[0]) < min(box.away(depot), box.away(dots[1]))


def written(drawn: Chart, name: str) -> Box | None:
    """Where a name stands, about; nowhere if there was no room for it."""
    for each in ET.fromstring(drawn.svg).iter(f"{SVG}text"):  # noqa: S314  (our own)
        if each.text == name:
            return Box.around((int(each.attrib["x"]), int(each.attrib["y"]) - 10), 35, 14)
    return None


def test_of_many_halts_at_one_place_all_are_named() -> None:
    """A run is told by its ends, the others go on in the next line; none is left to be guessed."""
    crowd = [ChartStop(MVZ, str(number)) for number in range(1, 31)]

    assert "1–30" in texts(chart(*crowd))
    assert {"1, 3, 5, 7,", "9, 11, 13"} <= set(texts(chart(*crowd[0:14:2])))


def test_villages_with_a_halt_are_black_and_come_before_the_others() -> None:
    """Where there is room for one name only, it is theirs."""
    close = {"Nebenan": MVZ, "Bentorf": Point(MVZ.lat, MVZ.lon + 0.0001)}
    stops = [ChartStop(MVZ, "1", "Bentorf"), ChartStop(HOME, "2", "Bentorf")]
    drawn = draw_chart(roads=[], line=[MVZ, HOME], stops=stops, villages=close, source="")
    black = re.findall(r'fill="#000"[^>]*>([^<]+)</text>', drawn.svg)

    assert "Bentorf" in black
    assert "Nebenan" not in black
    names = [text for text in texts(drawn) if text in close]
    assert names[-1] == "Bentorf", "drawn last, on top of the others"


def test_the_square_of_the_depot_is_covered_by_no_ring() -> None:
    """A halt next door leaves it to be seen."""
    svg = chart(ChartStop(DEPOT, ""), ChartStop(DEPOT, "1"), ChartStop(DEPOT, "")).svg

    assert svg.rindex("h34v34h-34Z") > svg.rindex("<rect")


def test_a_road_that_is_not_on_the_paper_is_not_in_the_file() -> None:
    """The network of a whole region has thousands."""
    paths = [each.attrib["d"] for each in ET.fromstring(chart().svg).iter(f"{SVG}path")]  # noqa: S314
    far = [path for path in paths if any(abs(int(n)) > 3000 for n in re.findall(r"-?\d+", path))]

    assert far == []


def test_there_is_no_colour_no_style_and_no_script() -> None:
    """A strict content security policy lets it stand in a page; any printer prints it."""
    svg = chart().svg

    assert "style" not in svg
    assert "<script" not in svg
    assert set(re.findall(r"#([0-9a-f]+)", svg.replace("#frame", ""))) == {
        "fff",
        "000",
        "b0b0b0",
        "505050",
    }


def test_names_of_villages_are_never_markup() -> None:
    """A map from elsewhere may call a village anything."""
    drawn = chart(villages={"<b>Tal & Berg</b>": DEPOT})

    assert "<b>Tal & Berg</b>" in texts(drawn)


def test_a_bus_that_stays_in_one_place_has_a_map_too() -> None:
    """All halts at one door: the village around it is drawn, not a point of no size."""
    drawn = chart(ChartStop(MVZ, "1"), ChartStop(MVZ, "2"))

    assert "1, 2" in texts(drawn)
    assert "1 km" in texts(drawn)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(52.0, 52.2), st.floats(8.85, 9.1)), min_size=2, max_size=14, unique=True
    )
)
def test_numbers_lie_on_the_paper_and_not_on_each_other(where: list[tuple[float, float]]) -> None:
    """Wherever fourteen people live."""
    stops = [ChartStop(Point(*each), str(number)) for number, each in enumerate(where, 1)]
    boxes = rings(chart(*stops))
    paper = Box(0, 0, WIDTH, HEIGHT)

    assert all(box.within(paper) for box in boxes)
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert {stop.number for stop in stops} <= named(chart(*stops))


def named(drawn: Chart) -> set[str]:
    """All numbers on a map: "1–3, 5," names four."""
    found = set()
    for text in texts(drawn):
        for each in text.rstrip(",").split(", "):
            first, _, last = each.partition("–")
            if first.isdigit():
                found |= {str(number) for number in range(int(first), int(last or first) + 1)}
    return found


def test_a_label_that_finds_no_room_is_written_over_others() -> None:
    """A number must not be missing, a name may."""
    labels = Labels(Box(0, 0, 100, 100), [])
    labels.keep_free(Box(0, 0, 100, 100))

    assert labels.number((50, 50), ["7"], 30).lines == ("7",)
    assert labels.name((50, 50), "Talle") is None


def test_the_printed_map_can_be_read_aloud_and_says_whose_it_is() -> None:
    """PDF/UA wants words for every picture, OpenStreetMap its name below the map."""
    made = tourenblatt_pdf(full_morning(), chart=chart())
    first = " ".join(pypdf.PdfReader(BytesIO(made)).pages[0].extract_text().split())

    assert alternative_texts(made) == [chart().words]
    assert chart().words == (
        "Karte der Tour mit 3 Halten. Die Reihenfolge und die Anschriften stehen bei den Halten."
    )
    assert f"Viereck: Standort. Zahlen: Halte. {OPENSTREETMAP}" in first
    assert b"pdfuaid:part" in made


def alternative_texts(made: bytes) -> list[str]:
    """What stands for the pictures of a tagged PDF."""
    reader = pypdf.PdfReader(BytesIO(made))
    found = []
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    while waiting:
        each = waiting.pop()
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, dict):
            if "/Alt" in each:
                found.append(str(each["/Alt"]))
            waiting += [each["/K"]] if "/K" in each else []
    return found


@pytest.mark.parametrize("build", [full_morning, nobody_rides])
def test_the_same_map_gives_the_same_bytes(build: object) -> None:
    """The map is part of the paper that is printed again."""
    assert callable(build)
    assert tourenblatt_pdf(build(), chart=chart()) == tourenblatt_pdf(build(), chart=chart())


def test_the_page_shows_the_same_map() -> None:
    """Inline, so that it needs no second request in a valley; and nowhere without a tour."""
    page = tourenblatt_html(full_morning(), chart=chart())

    assert chart().svg in page
    assert f'role="img" aria-label="{chart().words}"' in page
    assert OPENSTREETMAP in page
    assert "<svg" not in tourenblatt_html(nobody_rides(), chart=chart())
    assert "<svg" not in tourenblatt_html(manifest(stop(1, "08:00", "08:00", PLACE), head=header()))
