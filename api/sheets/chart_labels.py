"""Where names and numbers stand on a small map: near what they name, and never on each other."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, pi, sin

Dot = tuple[int, int]

# How far a number may stand from its halt, and in how many directions it is tried.
_RADII = (34, 42, 50, 60, 72, 86, 102, 120, 140, 165, 190, 220)
_DIRECTIONS = 24
_ANGLES = [2 * pi * step / _DIRECTIONS for step in range(_DIRECTIONS)]
_CIRCLE = [(cos(angle), sin(angle)) for angle in _ANGLES]
# A name farther away than this would name something else; that of a village where the bus stops
# is not to be missed.
_CLOSE = 72
_STOPPED_AT = 120
# What hiding a piece of the way costs, as if the number stood so much farther away.
_HIDDEN = 25
# Width of a letter of Lato in parts of the type size; of others than these, the width of a digit.
_LETTER = 0.58
_NARROW = {" ": 0.2, ",": 0.24, "i": 0.26, "l": 0.26, "t": 0.36, "r": 0.38}
# Of bold numbers; on a screen they may be of another typeface, and none in use has wider ones.
_DIGIT = 0.7
_BETWEEN = {" ": 0.35, ",": 0.38}
_PADDING = 7
_VILLAGE_SIZE = 28


@dataclass(frozen=True)
class Box:
    """A rectangle on the paper; its edges belong to it."""

    left: int
    top: int
    right: int
    bottom: int

    def __contains__(self, dot: Dot) -> bool:
        return self.left <= dot[0] <= self.right and self.top <= dot[1] <= self.bottom

    @classmethod
    def around(cls, dot: Dot, wide: int, high: int | None = None) -> "Box":
        """Give the rectangle that reaches *wide* to the sides of a dot and *high* up and down."""
        x, y = dot
        high = wide if high is None else high
        return cls(x - wide, y - high, x + wide, y + high)

    @classmethod
    def of(cls, dots: Sequence[Dot]) -> "Box":
        """Give the smallest that holds all *dots*."""
        xs, ys = [x for x, _ in dots], [y for _, y in dots]
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def middle(self) -> Dot:
        """The dot in the middle."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def away(self, dot: Dot) -> float:
        """How far a dot is from the nearest of its edges; 0 inside."""
        across = max(self.left - dot[0], 0, dot[0] - self.right)
        return hypot(across, max(self.top - dot[1], 0, dot[1] - self.bottom))

    def within(self, other: "Box") -> bool:
        """Whether all of it lies in the *other*."""
        return (self.left, self.top) in other and (self.right, self.bottom) in other


@dataclass(frozen=True)
class Label:
    """A text in its *box*, line by line, and the dot that it names."""

    lines: tuple[str, ...]
    size: int
    box: Box
    anchor: Dot


class Labels:
    """The paper, and what is taken of it; labels leave the *way* to be seen where they can."""

    def __init__(self, paper: Box, way: Sequence[Dot]) -> None:
        self.paper = paper
        self._way = way
        self._taken: list[Box] = []

    def keep_free(self, box: Box) -> None:
        """Let no label stand there."""
        self._taken.append(box)

    def number(self, dot: Dot, lines: Sequence[str], size: int) -> Label:
        """Put numbers near their halt; where there is no room at all, beside it over others."""
        halves = [_half(line, size, _BETWEEN, _DIGIT) for line in lines]
        wide = max(wide for wide, _ in halves)
        high = halves[0][1] + (len(lines) - 1) * line_height(size) // 2
        box = self._cheapest(_spots(dot, wide, high), wide, high)
        if box is None:
            spots = [(far, Box.around(spot, wide, high)) for far, spot in _spots(dot, wide, high)]
            within = [each for each in spots if each[1].within(self.paper)]
            _, box = min(within or spots, key=self._cost)
        self._taken.append(box)
        return Label(tuple(lines), size, box, dot)

    def name(
        self, dot: Dot, text: str, *, halts: Collection[Dot] = (), others: Collection[Dot] = ()
    ) -> Label | None:
        """
        Write the name of a village over its middle or close to it, or not at all.

        It is nearer to its own *halts*, or to its middle, than to those of *others*. Of a village
        with halts it may stand farther away, and beside one of them.
        """
        wide, high = _half(text, _VILLAGE_SIZE)
        high -= _PADDING
        own, far = halts or [dot], _STOPPED_AT if halts else _CLOSE
        spots = [
            (radius, spot)
            for middle in dict.fromkeys((dot, *halts))
            for radius, spot in ((0, middle), *_spots(middle, wide, high))
            if radius <= far and _tells(Box.around(spot, wide, high), own, others)
        ]
        spots.sort(key=lambda each: each[0])
        box = self._cheapest(spots, wide, high)
        if box is None:
            return None
        self._taken.append(box)
        return Label((text,), _VILLAGE_SIZE, box, dot)

    def _cheapest(self, spots: Iterable[tuple[int, Dot]], wide: int, high: int) -> Box | None:
        """Find the best free place of *spots*, which begin with the nearest."""
        best, least = None, inf
        for radius, spot in spots:
            if radius >= least:
                break  # whatever is farther away costs more
            box = Box.around(spot, wide, high)
            if self._free(box) and (cost := self._cost((radius, box))) < least:
                best, least = box, cost
        return best

    def _cost(self, spot: tuple[int, Box]) -> int:
        radius, box = spot
        return radius + _HIDDEN * sum(dot in box for dot in self._way)

    def _free(self, box: Box) -> bool:
        return box.within(self.paper) and not any(box.meets(taken) for taken in self._taken)


def _tells(box: Box, own: Collection[Dot], others: Collection[Dot]) -> bool:
    """Whether a name there can only be that of its own dots."""
    near = min(map(box.away, own))
    return all(near < box.away(dot) for dot in others)


def line_height(size: int) -> int:
    """How far the lines of a label are apart."""
    return round(size * 1.1)


def _half(
    text: str, size: int, narrow: Mapping[str, float] = _NARROW, other: float = _LETTER
) -> tuple[int, int]:
    """Half the width and height of a text with air around it; at least a circle."""
    high = size // 2 + _PADDING
    letters = sum(narrow.get(letter, other) for letter in text)
    return max(high, round(letters * size / 2) + _PADDING), high


def _spots(dot: Dot, wide: int, high: int) -> Iterator[tuple[int, Dot]]:
    """Around a dot, on ellipses as flat as the label is."""
    for radius in _RADII:
        for across, up in _CIRCLE:
            x = dot[0] + round((radius + wide - high) * across)
            yield radius, (x, dot[1] - round(radius * up))
