"""A network made by hand."""

import pytest

from routing.coarse import COARSE_CALIBRATION, DETOUR, Link, build
from routing.errors import NetworkError
from routing.geo import Point, great_circle
from routing.network import RoadNetwork

PLACES = {
    "Hohenhausen": Point(52.10694, 8.94861),
    "Bavenhausen": Point(52.08178, 8.94060),
    "Talle": Point(52.09639, 8.90667),
}
LINKS = [
    Link("Hohenhausen", "Bavenhausen", "primary", metres=3_000),
    Link("Bavenhausen", "Talle", "tertiary"),
]


def network(links: list[Link] | None = None) -> RoadNetwork:
    return build(PLACES, links or LINKS, source="Beispiel")


def test_a_link_leads_both_ways() -> None:
    """Two links between three places are four directed edges."""
    built = network()

    assert built.coarse
    assert (built.nodes, built.edges) == (3, 2 * 2)
    assert sorted(zip(built.tail.tolist(), built.head.tolist(), strict=True)) == [
        (0, 1),
        (1, 0),
        (1, 2),
        (2, 1),
    ]


def test_a_measured_length_wins_over_the_straight_line() -> None:
    """3 km at 80 km/h free flow, times 1.25; nobody crosses a road with only two arms."""
    built = network()

    assert built.decimetres[0] == 3_000 * 10
    assert built.milliseconds[0] == 3_000 * 3_600 // 80 * 1.25
    # 3 km * 3600 s/h / 80 km/h = 135 s; 135 s * 1.25 = 168.75 s.
    assert built.milliseconds[0] == 168_750


def test_an_unknown_length_is_the_straight_line_times_the_detour_factor() -> None:
    """Roads bend."""
    straight = great_circle(PLACES["Bavenhausen"], PLACES["Talle"])

    assert network().decimetres[2] == round(straight * DETOUR * 10)


def test_a_crossing_costs_time_where_three_roads_meet() -> None:
    """A third arm at Bavenhausen makes it a crossing, for those who arrive there."""
    triangle = [*LINKS, Link("Talle", "Hohenhausen", "tertiary")]
    places = {**PLACES, "Brosen": Point(52.09556, 8.96028)}
    plain = build(PLACES, triangle, source="Beispiel")
    crossing = build(
        places, [*triangle, Link("Brosen", "Bavenhausen", "tertiary")], source="Beispiel"
    )

    extra = round(COARSE_CALIBRATION.junction_seconds * 1000)
    assert crossing.milliseconds[0] - plain.milliseconds[0] == extra
    assert crossing.milliseconds[1] == plain.milliseconds[1]


def test_a_road_may_be_known_better_than_its_class() -> None:
    """A speed of its own and points on the way."""
    built = network(
        [
            Link("Hohenhausen", "Bavenhausen", "primary", kmh=50, via=[Point(52.1, 8.94)]),
            LINKS[1],
        ]
    )

    assert built.shape(0)[1] == Point(52.1, 8.94)
    assert built.shape(1) == built.shape(0)[::-1]
    expected = built.decimetres[0] / 10 * 3_600 / 50 * 1.25
    assert built.milliseconds[0] == pytest.approx(expected, abs=5)


@pytest.mark.parametrize(
    ("links", "complaint"),
    [
        ([Link("Hohenhausen", "Lemgo", "primary")], "unbekannten Ort: 'Lemgo'"),
        ([Link("Hohenhausen", "Talle", "ferry")], "unbekannte Straßenart 'ferry'"),
        ([Link("Hohenhausen", "Talle", "primary", kmh=0)], "muss 1 bis 200 km/h haben: 0"),
        ([Link("Hohenhausen", "Talle", "primary", metres=0)], "muss eine Länge haben: 0"),
        ([Link("Hohenhausen", "Talle", "primary", metres=900)], "kürzer als die Luftlinie"),
        ([LINKS[0]], "kommt man zu jedem anderen: Talle"),
        ([LINKS[0], Link("Bavenhausen", "Talle", "tertiary", oneway=True)], "kommt.*Talle"),
    ],
)
def test_nonsense_is_refused_by_name(links: list[Link], complaint: str) -> None:
    """Whoever writes the network by hand reads what is wrong with it."""
    with pytest.raises(NetworkError, match=complaint):
        network(links)
