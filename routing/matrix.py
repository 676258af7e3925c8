"""Driving times and distances between all places of a day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class TravelMatrix:
    """
    Driving time and distance for every ordered pair of points.

    The matrices need not be symmetric: one-way streets exist. Times are rounded up to whole
    seconds, so that a detour never looks shorter than the direct drive.

    Parameters
    ----------
    seconds
        Shape ``(n, n)``; ``seconds[i, j]`` is the drive from point i to point j.
    metres
        Shape ``(n, n)``, laid out like *seconds*; the distance along the fastest way.

    Raises
    ------
    ValueError
        If the shapes differ, an entry is negative, or a diagonal is not zero.
    """

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]

    def __post_init__(self) -> None:
        shape = self.seconds.shape
        if len(shape) != 2 or shape[0] != shape[1] or shape != self.metres.shape:
            msg = f"Matrices must be square and of one shape: {shape}, {self.metres.shape}."
            raise ValueError(msg)
        for name, values in (("seconds", self.seconds), ("metres", self.metres)):
            if values.size and (values.min() < 0 or values.diagonal().any()):
                msg = f"Matrix of {name} has a negative entry or a diagonal that is not zero."
                raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.seconds)
