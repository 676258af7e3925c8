"""How kernels are compiled: numba, without the interpreter lock, cached on disk."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba.core.types import Type, unliteral

P = ParamSpec("P")
R = TypeVar("R")

_njit = cast("Callable[..., Callable[..., Any]]", numba.njit)
_plain = cast("Callable[[Type], Type]", unliteral)

# Kernels cannot make arrays, they work on those that they are given. In return references to
# arrays are never counted (option _nrt), which else takes most of the time of kernels this small.
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
    return _compiled(function)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """As `kernel`, for functions that only kernels call: they compile in half the time."""
    return _compiled(function, no_cpython_wrapper=True)


def _compiled(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    """
    Let numba compile *function* once, whether callers write numbers as literals or not.

    Left alone it takes ``f(0)``, ``f(1)`` and ``f(n)`` for three types of argument, compiles f for
    each of them, and so on for all that f calls.
    """
    dispatcher = _njit(**_OPTIONS, **options)(function)
    choose = dispatcher.get_call_template

    def choose_plain(arguments: Iterable[Type], named: Mapping[str, Type]) -> object:
        plain = {name: _plain(kind) for name, kind in named.items()}
        return choose(tuple(map(_plain, arguments)), plain)

    dispatcher.get_call_template = choose_plain
    return cast("Callable[P, R]", dispatcher)
