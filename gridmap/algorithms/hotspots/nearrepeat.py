"""Near repeats: does one incident bring another close by and soon after? Knox's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import Floats, Integers, as_points, as_values, refuse

_VALUES_AT_ONCE = 1 << 26  # of shuffled times, 256 to 512 MB


@dataclass(frozen=True)
class KnoxTable:
    """Pairs by band of distance (rows) and of delay (columns); arrays of shape (D, T).

    Bands are half-open and true: (lower, upper] with the limits that were given, the first one
    including 0, so that a pair at exactly 100 m is in the band that ends with 100.

    Parameters
    ----------
    distance_bands, delay_bands
        Upper limits, shapes (D,) and (T,).
    observed
        Number of pairs.
    expected
        Pairs in the distance band · pairs in the delay band / all pairs.
    ratio
        observed / expected; NaN where nothing is expected.
    p_poisson
        P(X > observed) for a Poisson variable with that expectation (Knox's own approximation, as
        pointpats prints it; P(X ≥ observed) is larger).
    p
        (1 + shuffles with at least as many pairs) / (1 + shuffles); NaN without shuffles.
    median, p95
        Median and 95th percentile of the shuffled counts; NaN without shuffles.
    close, soon
        Pairs in each distance band whatever the delay, and in each delay band whatever the
        distance; shapes (D,) and (T,).
    pairs
        All pairs, n (n - 1) / 2.
    shuffles, seed
        Of the permutation test.
    """

    distance_bands: Floats
    delay_bands: Floats
    observed: Integers
    expected: Floats
    ratio: Floats
    p_poisson: Floats
    p: Floats
    median: Floats
    p95: Floats
    close: Integers
    soon: Integers
    pairs: int
    shuffles: int
    seed: int | None


def knox_table(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    times: npt.ArrayLike,
    *,
    distance_bands: npt.ArrayLike,
    delay_bands: npt.ArrayLike,
    shuffles: int = 99,
    seed: int | None = None,
) -> KnoxTable:
    """Knox's table: are there more pairs close in space *and* time than chance would make.

    The permutation test shuffles the times among the places, which keeps both patterns and breaks
    the link between them. Every pair that is close is looked at once, with all shuffles together.

    Parameters
    ----------
    x, y
        Coordinates in metres.
    times
        Times as numbers in any unit (days, hours), or as datetimes: then delays are in days.
    distance_bands
        Upper limits of the bands of distance in metres, ascending, such as [100, 200, 400]; 0 first
        keeps repeats at the same place apart.
    delay_bands
        Upper limits of the bands of delay, ascending, in the unit of `times`.
    shuffles
        Number of shuffles; 0 for none.
    seed
        Of the shuffles; needed with them.

    Raises
    ------
    InvalidInput
        Bands that do not ascend, or a missing seed.
    Unavailable
        numba is not installed.

    Notes
    -----
    Knox (1964), Applied Statistics 13, 25-29; Ratcliffe (2009), Near Repeat Calculator.
    """
    from scipy.special import pdtrc  # noqa: PLC0415

    east, north = as_points(x, y)
    moments = _as_moments(times, east.size)
    near_limits = _bands(distance_bands, "distance_bands")
    soon_limits = _bands(delay_bands, "delay_bands")
    if shuffles and seed is None:
        raise refuse(
            "A permutation test needs a seed.",
            field="seed",
            reason="the same question must give the same answer",
            hint="Give any whole number, and keep it with the answer.",
        )
    close, seen, drawn = _count(east, north, moments, near_limits, soon_limits, shuffles, seed)
    loops = kernels.load("pairs")
    soon = np.diff(loops.count_soon_pairs(np.sort(moments), soon_limits), prepend=0)
    pairs = east.size * (east.size - 1) // 2
    expected = np.outer(close, soon) / max(pairs, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, seen / expected, np.nan)
    if shuffles:
        p = (1 + (drawn >= seen[..., None]).sum(axis=-1)) / (1 + shuffles)
        median, p95 = np.median(drawn, axis=-1), np.percentile(drawn, 95, axis=-1)
    else:
        p, median, p95 = (np.full(seen.shape, np.nan) for _ in range(3))
    return KnoxTable(
        near_limits,
        soon_limits,
        seen,
        expected,
        ratio,
        pdtrc(seen, expected),
        p,
        median,
        p95,
        close,
        soon,
        pairs,
        shuffles,
        seed if shuffles else None,
    )


def _count(
    x: Floats,
    y: Floats,
    moments: Floats,
    near_limits: Floats,
    soon_limits: Floats,
    shuffles: int,
    seed: int | None,
) -> tuple[Integers, Integers, Integers]:
    """Pairs by distance, pairs by both, and those of each shuffle."""
    loops = kernels.load("pairs")
    if not x.size:
        bands = near_limits.size, soon_limits.size
        none = np.zeros(bands, np.int64)
        return none[:, 0], none, np.zeros((*bands, shuffles), np.int64)
    # Whole numbers below 2^24 and their differences are exact in 32 bits, twice as many at once.
    small = moments - moments.min(initial=np.inf)
    exact = bool((small == np.floor(small)).all() and small.max(initial=0) < 1 << 24)
    exact = exact and bool((soon_limits.astype(np.float32) == soon_limits).all())
    kind = np.float32 if exact else np.float64
    given = (small if exact else moments).astype(kind)
    limits = soon_limits.astype(kind)
    rng = np.random.default_rng(seed)
    block = max(_VALUES_AT_ONCE // max(given.size, 1), 1)
    close, both = loops.count_close_pairs(x, y, given[:, None], near_limits, limits)
    parts = [both]
    for start in range(0, shuffles, block):
        variants = np.empty((min(block, shuffles - start), given.size), kind)
        for row in variants:
            row[:] = rng.permutation(given)
        across = np.ascontiguousarray(variants.T)
        parts.append(loops.count_close_pairs(x, y, across, near_limits, limits)[1])
    table = np.diff(np.concatenate(parts, axis=-1), axis=1, prepend=0)
    return close, table[..., 0], table[..., 1:]


def _as_moments(times: npt.ArrayLike, size: int) -> Floats:
    given = np.asarray(times).ravel()
    if given.dtype.kind == "M":
        known = given.astype("datetime64[us]")
        if np.isnat(known).any():
            raise refuse(
                "A time is missing.",
                field="times",
                reason=f"value {int(np.flatnonzero(np.isnat(known))[0])} is NaT",
                hint="Leave out incidents without a time.",
            )
        # Counted from the first one: days since 1970 would lose the microseconds.
        micros = known.astype(np.int64)
        given = (micros - micros.min(initial=np.iinfo(np.int64).max)) / 86_400e6
    return as_values(given, "times", size=size)


def _bands(limits: npt.ArrayLike, field: str) -> Floats:
    bands = as_values(limits, field)
    if not bands.size or bands[0] < 0 or (np.diff(bands) <= 0).any():
        raise refuse(
            "Bands are given by their upper limits, ascending.",
            field=field,
            reason="none, negative, or not ascending",
            hint="Give limits such as [100, 200, 400].",
        )
    return bands
