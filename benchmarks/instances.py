"""
Reads the literature's instances, whatever their format.

| first lines | format |
|---|---|
| 5 numbers, then 7 | Cordeau (2006) a and b, Cordeau & Laporte (2003) pr |
| 3 numbers (or 2), then 9 | Li & Lim (2001), pickup and delivery |
| 2 numbers, then 5 | Malheiros et al. (2021), several depots and kinds of places |
"""

from pathlib import Path

from benchmarks.formats import cordeau, heterogeneous, li_lim
from benchmarks.formats.case import Case
from benchmarks.formats.text import InstanceError, read_rows
from scheduler.problem import Problem

__all__ = ["Case", "InstanceError", "read_case", "read_cordeau"]


def read_case(path: Path, *, one_depot: bool = False) -> Case:
    """
    Read an instance; the numbers of words in its first two lines tell its format.

    *one_depot* matters to the heterogeneous format only: see there.

    Raises
    ------
    InstanceError
        If the file has none of the formats, or contradicts its own.
    """
    rows = read_rows(path)
    widths = tuple(len(row.words) for row in rows[:2])
    if widths == (len(cordeau.HEAD), len(cordeau.FIELDS)):
        return cordeau.read(rows)
    if widths[1:] == (len(li_lim.FIELDS),) and widths[0] in {2, len(li_lim.HEAD)}:
        return li_lim.read(rows)
    if widths == (len(heterogeneous.HEAD), len(heterogeneous.VEHICLE)):
        return heterogeneous.read(rows, one_depot=one_depot)
    numbers = " and ".join(str(width) for width in widths)
    msg = (
        f"{path} has {numbers} words in its first lines; known are 5 and 7 (Cordeau a, b, pr),"
        f" 3 and 9 (Li & Lim), 2 and 5 (Malheiros et al., heterogeneous)."
    )
    raise InstanceError(msg)


def read_cordeau(path: Path) -> Problem:
    """Read the problem of an instance of Cordeau (a, b) or of Cordeau and Laporte (pr)."""
    return cordeau.read(read_rows(path)).problem
