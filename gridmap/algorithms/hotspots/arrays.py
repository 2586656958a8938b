"""What the methods accept: arrays checked once, at the door, with the name of what is wrong."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.errors import Fault, InvalidInput

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LARGEST = 1e60  # its fourth power is a number still: moments are finite
_LARGEST_COUNT = 2**53  # whole numbers up to here are exact in float64


def refuse(message: str, *, field: str, reason: str, hint: str) -> InvalidInput:
    """Make the error of one wrong argument."""
    return InvalidInput(message, hint=hint, faults=(Fault(reason, field=field),))


def as_values(values: npt.ArrayLike, field: str, *, size: int | None = None) -> Floats:
    """Finite numbers as a flat, contiguous float64 array."""
    array = np.ascontiguousarray(values, dtype=np.float64).ravel()
    if size is not None and array.size != size:
        raise refuse(
            f"{field} has {array.size} values where {size} are needed.",
            field=field,
            reason=f"{array.size} values instead of {size}",
            hint="Give one value for each.",
        )
    if not np.isfinite(array).all():
        raise refuse(
            f"{field} has values that are not finite numbers.",
            field=field,
            reason=f"value {int(np.flatnonzero(~np.isfinite(array))[0])} is not finite",
            hint="Leave out what is unknown before asking.",
        )
    if array.size and max(array.max(), -array.min()) > LARGEST:
        raise refuse(
            f"{field} has numbers that are too large to be squared.",
            field=field,
            reason=f"value {int(np.argmax(np.abs(array)))} is beyond {LARGEST:g}",
            hint="Leave out what is no measurement.",
        )
    return array


def same_shape(*values: npt.ArrayLike, field: str) -> tuple[Floats, ...]:
    """Numbers or arrays of one length, or single numbers for all."""
    given = tuple(np.asarray(value, np.float64) for value in values)
    try:
        np.broadcast_shapes(*(array.shape for array in given))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in given)
        raise refuse(
            f"{field} has another length than what it is compared with.",
            field=field,
            reason=f"shapes {shapes}",
            hint="Give one value for each, or one for all.",
        ) from None
    return given


def as_counts(values: npt.ArrayLike, field: str, *, size: int | None = None) -> Integers:
    """Whole numbers of at least 0 as a flat, contiguous int64 array."""
    given = np.asarray(values)
    if given.dtype.kind in "iub":
        array = np.ascontiguousarray(given, dtype=np.int64).ravel()
        if size is not None and array.size != size:
            as_values(array, field, size=size)
    else:
        floats = as_values(given, field, size=size)
        if floats.size and floats.max() > _LARGEST_COUNT:
            raise refuse(
                f"{field} has numbers that are too large for counts.",
                field=field,
                reason=f"value {int(np.argmax(floats))} is beyond 2^53",
                hint="Counts are whole numbers.",
            )
        floats = np.maximum(floats, -_LARGEST_COUNT)
        array = floats.astype(np.int64)
        if (array != floats).any():
            raise refuse(
                f"{field} has fractions.",
                field=field,
                reason=f"value {int(np.flatnonzero(array != floats)[0])} is not whole",
                hint="Counts are whole numbers.",
            )
    if array.size and array.min() < 0:
        raise refuse(
            f"{field} has negative numbers.",
            field=field,
            reason=f"value {int(np.argmin(array))} is negative",
            hint="Counts start at 0.",
        )
    return array


def as_points(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Coordinates in metres, x (east) before y (north), of equal length."""
    east = as_values(x, "x")
    return east, as_values(y, "y", size=east.size)


def as_share(value: float, field: str) -> float:
    """A number above 0 and below 1, such as a level or a share."""
    if not 0 < value < 1:
        raise refuse(
            f"{field} is a number between 0 and 1.",
            field=field,
            reason=f"{value!r} is not between 0 and 1",
            hint="Give a share such as 0.05.",
        )
    return float(value)


def as_positive(value: float, field: str, unit: str) -> float:
    """A finite number above 0."""
    if not 0 < value < np.inf:
        raise refuse(
            f"{field} is a positive number of {unit}.",
            field=field,
            reason=f"{value!r} is not positive",
            hint=f"Give it in {unit}.",
        )
    return float(value)
