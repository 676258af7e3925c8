"""
The small map on a Tourenblatt: the region's own roads, the way of the bus, the numbers of halts.

An SVG without colour, script or style, so that typst sets it and a page under a strict content
security policy shows it. All lengths are in tenths of a millimetre on paper.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from math import ceil, cos, dist, inf, isqrt, radians
from xml.sax.saxutils import escape

from api.sheets.chart_labels import Box, Dot, Label, Labels, line_height
from routing.geo import Point
from routing.units import KILOMETRE, Metres

WIDTH, HEIGHT = 980, 720
# On each side: a number in its ring has room around the outermost halt.
_MARGIN = 60
# A ride within one village is drawn with the village around it.
_SMALLEST: Metres = 2 * KILOMETRE
_METRES_PER_DEGREE = 111_195  # of latitude, on a sphere of the radius in routing.geo
# Streets are drawn where a millimetre is at most so many metres; elsewhere they blacken the map.
_STREETS_UP_TO = 60
_MOST_STREETS = 1500
_WIDE = {"motorway": 12, "trunk": 12, "primary": 10, "secondary": 8, "tertiary": 5}
_STREET = 3
# Points of a line that are nearer to each other than this are one.
_FINEST = 4
_FINEST_WAY = 20
_SCALES: tuple[Metres, ...] = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)

_NUMBER = 35  # type size; 10 points
_ON_A_LINE = 4  # numbers, or more where there are many
# Halts of one village that are nearer to each other have one dot and one label.
_ONE_DOT = 26


_SVG = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    f'width="{WIDTH / 10:g}mm" height="{HEIGHT / 10:g}mm" font-family="Lato, sans-serif">'
)


@dataclass(frozen=True)
class ChartStop:
    """A halt of the tour, and in which village; *number* is "" where the bus begins and ends."""

    point: Point
    number: str
    village: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawn map, *words* for those who do not see it, and whose roads these are."""

    svg: str
    words: str
    source: str


def draw_chart(
    *,
    roads: Iterable[tuple[str, Sequence[Point]]],
    line: Sequence[Point],
    stops: Sequence[ChartStop],
    villages: Mapping[str, Point],
    source: str,
) -> Chart:
    """
    Draw the way of one shift.

    Parameters
    ----------
    roads
        Road class and shape of every road of the region.
    line
        The way of the bus along the roads, from its first stop to its last.
    villages
        Names and places; those come first that matter most, for not all may find room. Names of
        those with a halt have room before anything else, and are black.
    """
    frame = _Frame.around([*line, *(stop.point for stop in stops)])
    labels = Labels(Box(0, 0, WIDTH, HEIGHT), _dots(frame, line, _FINEST_WAY))
    halts = _halts(frame, stops)
    for dot, _ in halts:
        labels.keep_free(Box.around(dot, 14))
    depots = {frame.dot(stop.point): stop.village for stop in stops if not stop.number}
    for dot in depots:
        labels.keep_free(Box.around(dot, 22))
    scale = _scale_bar(frame, labels)
    on_paper = {
        name: dot for name, point in villages.items() if (dot := frame.dot(point)) in labels.paper
    }
    of_village: dict[str, list[Dot]] = {name: [] for name in on_paper}
    for dot, name in (*halts, *depots.items()):
        of_village.setdefault(name, []).append(dot)
    stopped_at = {name for _, name in halts}

    elsewhere = {
        name: [dot for each in of_village if each not in {"", name} for dot in of_village[each]]
        for name in on_paper
    }

    def room(name: str) -> float:
        every = (dist(*pair) for pair in product(of_village[name], elsewhere[name]))
        return min(every, default=inf)

    def named(names: Iterable[str]) -> list[Label]:
        found = (
            labels.name(on_paper[name], name, halts=of_village[name], others=elsewhere[name])
            for name in names
        )
        return [label for label in found if label is not None]

    # Whose halts are closest to those of others has the least choice.
    first = named(sorted((name for name in on_paper if name in stopped_at), key=room))
    numbers = [labels.number(dot, _listed(there), _NUMBER) for (dot, _), there in halts.items()]
    others = named(name for name in on_paper if name not in stopped_at)
    parts = [
        _SVG,
        f'<clipPath id="frame"><path d="M0 0H{WIDTH}V{HEIGHT}H0Z"/></clipPath>',
        f'<path d="M0 0H{WIDTH}V{HEIGHT}H0Z" fill="#fff"/>',
        '<g clip-path="url(#frame)" fill="none" stroke-linecap="round" stroke-linejoin="round">',
        *_road_lines(frame, roads),
        *(_line(frame, line, colour, width) for colour, width in (("#fff", 20), ("#000", 12))),
        "</g>",
        *(_village(label, _OTHER) for label in others),
        *(_leader(label) for label in numbers),
        *(_village(label, _BLACK) for label in first),
        *(_number(label) for label in numbers),
        # The square of the depot is covered by nothing but the dot of a halt next door.
        *map(_square, depots),
        *(_circle(dot) for dot, _ in halts),
        scale,
        f'<path d="M2 2H{WIDTH - 2}V{HEIGHT - 2}H2Z" fill="none" stroke="#000" stroke-width="3"/>',
        "</svg>",
    ]
    return Chart("".join(parts), _words(stops), source)


@dataclass(frozen=True)
class _Frame:
    """Which part of the globe is on the paper, and how large."""

    north: float
    west: float
    metres_per_tenth: float
    squeeze: float  # of a degree of longitude against one of latitude

    @classmethod
    def around(cls, points: Sequence[Point]) -> "_Frame":
        """Take as much as is needed, at the middle of the paper."""
        south, north = min(p.lat for p in points), max(p.lat for p in points)
        west, east = min(p.lon for p in points), max(p.lon for p in points)
        squeeze = cos(radians((south + north) / 2))
        high = max((north - south) * _METRES_PER_DEGREE, _SMALLEST)
        wide = max((east - west) * _METRES_PER_DEGREE * squeeze, _SMALLEST)
        scale = max(high / (HEIGHT - 2 * _MARGIN), wide / (WIDTH - 2 * _MARGIN))
        degree = _METRES_PER_DEGREE / scale  # in tenths of a millimetre
        return cls(
            north=(south + north) / 2 + HEIGHT / 2 / degree,
            west=(west + east) / 2 - WIDTH / 2 / degree / squeeze,
            metres_per_tenth=scale,
            squeeze=squeeze,
        )

    def dot(self, point: Point) -> Dot:
        """Where a point is on the paper."""
        degree = _METRES_PER_DEGREE / self.metres_per_tenth
        x = (point.lon - self.west) * degree * self.squeeze
        return round(x), round((self.north - point.lat) * degree)


def _halts(frame: _Frame, stops: Sequence[ChartStop]) -> dict[tuple[Dot, str], list[str]]:
    """Numbers of the halts at each dot, and in which village; two villages share none."""
    halts: dict[tuple[Dot, str], list[str]] = {}
    for stop in stops:
        if stop.number:
            here = frame.dot(stop.point), stop.village
            there = (
                (dot, village)
                for dot, village in halts
                if village == stop.village and dist(dot, here[0]) <= _ONE_DOT
            )
            halts.setdefault(next(there, here), []).append(stop.number)
    return halts


def _listed(numbers: Sequence[str]) -> list[str]:
    """Name all halts, line by line: 1, 2, 3, 5 is "1–3, 5"."""
    runs: list[str] = []
    for _, members in groupby(enumerate(numbers), key=lambda each: int(each[1]) - each[0]):
        run = [number for _, number in members]
        runs += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else run
    rows = ceil(len(runs) / max(_ON_A_LINE, isqrt(2 * len(runs))))
    wide = ceil(len(runs) / rows)
    lines = [runs[at : at + wide] for at in range(0, len(runs), wide)]
    return [", ".join(line) + "," * (line is not lines[-1]) for line in lines]


def _road_lines(frame: _Frame, roads: Iterable[tuple[str, Sequence[Point]]]) -> Iterator[str]:
    paths: dict[int, list[str]] = defaultdict(list)
    for road_class, shape in roads:
        path = _path(frame, shape)
        if path:
            paths[_WIDE.get(road_class.removesuffix("_link"), _STREET)].append(path)
    close = frame.metres_per_tenth * 10 <= _STREETS_UP_TO
    if not close or len(paths[_STREET]) > _MOST_STREETS:
        paths.pop(_STREET, None)
    for width in sorted(paths):
        if paths[width]:
            yield f'<path d="{"".join(paths[width])}" stroke="#b0b0b0" stroke-width="{width}"/>'


def _line(frame: _Frame, line: Sequence[Point], colour: str, width: int) -> str:
    return f'<path d="{_path(frame, line)}" stroke="{colour}" stroke-width="{width}"/>'


def _path(frame: _Frame, shape: Sequence[Point]) -> str:
    """Draw a line as far as it is on the paper; "" if it is not."""
    dots = _dots(frame, shape, _FINEST)
    if not dots or not Box.of(dots).meets(Box(0, 0, WIDTH, HEIGHT)):
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in dots)


def _dots(frame: _Frame, shape: Sequence[Point], finest: int) -> list[Dot]:
    """Go along a line in steps that are not too small to be seen."""
    dots: list[Dot] = []
    for point in shape:
        dot = frame.dot(point)
        if not dots or dist(dot, dots[-1]) >= finest:
            dots.append(dot)
    if len(dots) == 1:
        dots.append(frame.dot(shape[-1]))
    return dots


def _village(label: Label, colour: str) -> str:
    return _text(label, f'fill="{colour}" stroke="#fff" stroke-width="8" {_HALO}')


_BLACK, _OTHER = "#000", "#505050"
_HALO = 'stroke-linejoin="round" paint-order="stroke"'


def _leader(label: Label) -> str:
    (x, y), (there_x, there_y) = label.anchor, label.box.middle
    return f'<path d="M{x} {y}L{there_x} {there_y}" stroke="#000" stroke-width="3"/>'


def _circle(dot: Dot) -> str:
    x, y = dot
    return f'<circle cx="{x}" cy="{y}" r="10" fill="#000" stroke="#fff" stroke-width="3"/>'


def _square(dot: Dot) -> str:
    x, y = dot
    return f'<path d="M{x - 17} {y - 17}h34v34h-34Z" stroke="#fff" stroke-width="3"/>'


def _number(label: Label) -> str:
    box = label.box
    ring = (
        f'<rect x="{box.left}" y="{box.top}" width="{box.right - box.left}" '
        f'height="{box.bottom - box.top}" rx="{min(box.bottom - box.top, 2 * _NUMBER) // 2}" '
        'fill="#fff" stroke="#000" stroke-width="4"/>'
    )
    return ring + _text(label, 'font-weight="bold"')


def _text(label: Label, look: str) -> str:
    x, middle = label.box.middle
    high = line_height(label.size)
    top = middle - (len(label.lines) - 1) * high // 2 + round(label.size * 0.36)
    return "".join(
        f'<text x="{x}" y="{top + at * high}" text-anchor="middle" font-size="{label.size}" {look}>'
        f"{escape(line)}</text>"
        for at, line in enumerate(label.lines)
    )


def _scale_bar(frame: _Frame, labels: Labels) -> str:
    """Draw a length that one can compare with, at the lower left."""
    metres = max(m for m in _SCALES if m / frame.metres_per_tenth <= WIDTH / 3 or m == _SCALES[0])
    length = round(metres / frame.metres_per_tenth)
    text = f"{metres // KILOMETRE} km" if metres >= KILOMETRE else f"{metres} m"
    y = HEIGHT - 22
    labels.keep_free(Box(10, y - 40, 30 + length, HEIGHT))
    return (
        f'<path d="M20 {y - 12}v12h{length}v-12" fill="none" stroke="#000" stroke-width="4"/>'
        f'<text x="{20 + length / 2:g}" y="{y - 8}" text-anchor="middle" font-size="30" '
        f'stroke="#fff" stroke-width="8" {_HALO}>{text}</text>'
    )


def _words(stops: Sequence[ChartStop]) -> str:
    halts = sum(bool(stop.number) for stop in stops)
    return (
        f"Karte der Tour mit {halts} {'Halt' if halts == 1 else 'Halten'}. "
        "Die Reihenfolge und die Anschriften stehen bei den Halten."
    )
