"""How kernels are compiled: numba, without the interpreter lock, cached on disk."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

# Kernels cannot make arrays, they work on those that they are given. In return references to
# arrays are never counted (option _nrt), which else takes most of the time of kernels this small.
_njit = cast("Callable[..., Callable[..., object]]", numba.njit)
_OPTIONS = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """
    Compile *function* at its first call; later processes load it from the cache.

    A function that calls a kernel of another module is not compiled anew when only that other
    module changes: whoever edits kernels empties `__pycache__` by `rm`.
    """
    return cast("Callable[P, R]", _njit(**_OPTIONS)(function))


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """As `kernel`, for functions that only kernels call: they compile in half the time."""
    return cast("Callable[P, R]", _njit(**_OPTIONS, no_cpython_wrapper=True)(function))
