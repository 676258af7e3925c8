"""Small invented files in the literature's formats, with figures that a pencil can check."""

from pathlib import Path

# Two requests along a line: fetch at 1 and 2, bring to 5 and 6, home: 2 x 6 = 12.
LINE = """
 0  0 0  0  0   0 100
 1  1 0  1  1   0  50
 2  2 0  1  1   0  50
 3  5 0  1 -1   0 100
 4  6 0  1 -1   0 100
"""
LINE_END = " 5  0 0 0 0 0 100"

# East at 10, west at 30, east at 50. One vehicle: 10 + 20 + 20 + 10 = 60; two: 20 + 20 = 40.
ZIGZAG = """
3 10 1
0   0 0  0  0 100 0 0 0
1  10 0  6 10  10 0 0 4
2 -10 0  6 30  30 0 0 5
3  10 0  6 50  50 0 0 6
4  10 0 -6 10  12 0 1 0
5 -10 0 -6 30  32 0 2 0
6  10 0 -6 50  52 0 3 0
"""

# North of two of the four depots, one request each: 1 + 2 + 3 = 6 and 6 again. The first vehicle
# has a patient seat and a stretcher, on which the accompanying person of request 1 may sit.
NORTH = """
2 2
480 0 1 1 0
480 2 2 1 1
0  0  0 0  0  0  0 0 0 0 480
1 -5 -4 3 30  1  1 0 0 0 1440
2  5  6 3 30  0  0 0 1 0 1440
3 -5 -2 3  0 -1 -1 0 0 0 1440
4  5  8 3  0  0  0 0 -1 0 1440
5  0  0 0  0  0  0 0 0 0 480
"""


def write(folder: Path, text: str, *, name: str = "beispiel") -> Path:
    """A file with this text, without the line break at its begin."""
    path = folder / f"{name}.txt"
    path.write_text(text.removeprefix("\n"))
    return path


def cordeau(folder: Path, *, end_depot: bool = True, points: str = LINE) -> Path:
    """An instance as in a and b, or as in pr (twice the requests, no second depot)."""
    head, end = ("2 2 100 2 20", LINE_END) if end_depot else ("2 4 100 2 20", "")
    return write(folder, head + points + end + "\n", name="a-beispiel" if end_depot else "pr")
