"""How the loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a loop at its first call and keep the machine code beside the source.

    Division follows IEEE 754 (no check for 0), the interpreter's lock is released, and nothing is
    reordered: the same numbers on every machine.
    """
    made = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast("Callable[_P, _R]", made)


def compiled_loosely(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile with maxima and comparisons of floats in any order, for loops without NaN.

    Only what cannot change a result is allowed: no reassociation of sums, no contraction.
    """
    flags = {"nnan", "ninf", "nsz"}
    made = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=flags)(function)
    return cast("Callable[_P, _R]", made)
