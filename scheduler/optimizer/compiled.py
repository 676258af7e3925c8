"""How kernels are compiled: numba, without the interpreter lock, cached on disk."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """
    Compile *function* at its first call; later processes load it from the cache.

    A function that calls a kernel of another module is not compiled anew when only that other
    module changes: whoever edits kernels empties `__pycache__` by `rm`.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
