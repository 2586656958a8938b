"""The exact distribution of a sum of counts drawn without replacement.

Under the null hypothesis of a conditional permutation test the *k* neighbours of a cell are a
simple random sample, without replacement, of the counts of the other *n* - 1 cells. The question is
how likely their sum is to be at least what was seen. No permutation is needed to answer it.

Let φ_r(f) be the characteristic function of the sum of *r* counts drawn from all *n*: it is the
elementary symmetric polynomial e_r of the numbers ω^(f·y_1) … ω^(f·y_n), ω = exp(-2πi/L), divided
by C(n, r). The power sums p_m(f) = Σ_i ω^(f·m·y_i) are one Fourier transform of the histogram of
counts, read at m·f; Newton's identities turn power sums into e_1 … e_k; an inverse transform gives
the probabilities, summed up from above the survival function SF_r(t) = P(sum of r ≥ t).

The cell's own count y is not among those drawn. Taking it out again:

    P(sum of k others ≥ t) = Σ_r (-1)^r · C(n, k-r) / C(n-1, k) · SF_(k-r)(t - r·y)

Equal to the enumeration of all samples up to rounding (absolute error below 1e-12), at the cost of
k² · L operations, whatever n is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.errors import Fault, TooLarge

_Spectrum = npt.NDArray[np.complex128]

MAX_WORK = 2_000_000_000  # multiplications, some ten seconds
MAX_NEIGHBOURS = 600  # exp(-600) is still a number
_NEWTON_LARGEST = 60
_NEWTON_GROWTH = 100.0  # of rounding errors; above it the slower, stable product is taken
_SPECTRUM_SIZE = 1 << 25  # complex numbers held at once, 512 MB


@dataclass(frozen=True)
class Plan:
    """What an exact answer would cost."""

    largest: int  # neighbours, after taking complements
    length: int  # points of the Fourier transform
    work: int  # multiplications
    newton: bool

    @property
    def feasible(self) -> bool:
        """Say whether it is worth it."""
        return (
            self.work <= MAX_WORK
            and self.length * (self.largest + 2) <= _SPECTRUM_SIZE
            and self.largest <= MAX_NEIGHBOURS
        )


def plan(counts: Integers, degrees: Integers) -> Plan:
    """Work out the size of the transform and the way to the symmetric polynomials.

    Parameters
    ----------
    counts
        Whole numbers ≥ 0, shape (n,).
    degrees
        Number of neighbours of each cell.
    """
    n = counts.size
    folded = np.minimum(degrees, n - 1 - degrees)
    largest = int(folded.max(initial=0))
    # No sum is larger than that of the largest counts: a longer transform has no wrap-around.
    longest = _largest_sum(counts, largest) - int(counts.min()) * largest + 1 if n else 1
    newton = largest <= _NEWTON_LARGEST and (
        ((n + largest) / (n - largest)) ** largest <= _NEWTON_GROWTH
    )
    factors = 1 if newton else int(np.unique(counts).size)
    work = longest * largest * (largest + 1) // 2 * factors
    return Plan(largest, longest, work, newton)


def _largest_sum(counts: Integers, how_many: int) -> int:
    """Sum of the largest counts."""
    if int(counts.max()) > 4 * counts.size + 1000:
        split = counts.size - how_many
        return int(np.partition(counts, split)[split:].sum()) if how_many else 0
    # Selecting among millions of equal counts is slow where a histogram is not.
    histogram = np.bincount(counts)
    values = np.flatnonzero(histogram)[::-1]
    left = how_many - np.concatenate(([0], np.cumsum(histogram[values])[:-1]))
    return int((values * np.clip(left, 0, histogram[values])).sum())


def neighbour_sum_tails(
    counts: Integers,
    degrees: Integers,
    sums: Integers,
    *,
    population: Integers | None = None,
    todo: Plan | None = None,
) -> tuple[Floats, Floats]:
    """P(sum ≥ seen) and P(sum ≤ seen) for each cell, over all samples of the other cells.

    Parameters
    ----------
    counts
        Whole number ≥ 0 of each cell, shape (n,).
    degrees
        Number of neighbours of each cell, 0 … n - 1.
    sums
        Sum of the counts of the neighbours of each cell.
    population
        What is drawn from: all counts, those of the cells asked about among them. By default the
        counts themselves.
    todo
        The plan of the same population and degrees, where it is known.

    Returns
    -------
    tuple
        Upper and lower tail, shape (n,); NaN for a cell without neighbours. Never smaller than
        1 / C(n-1, k), the probability of a single sample.

    Raises
    ------
    TooLarge
        `plan` says that it is not feasible (hundreds of neighbours, or counts in the millions).
    """
    if counts.size == 0:
        return np.empty(0), np.empty(0)
    everyone = counts if population is None else population
    n = everyone.size
    todo = plan(everyone, degrees) if todo is None else todo
    if not todo.feasible:
        raise TooLarge(
            "An exact answer would take too long with so many neighbours and such large counts.",
            hint="Take fewer neighbours, coarser counts, or a test by permutations.",
            faults=(Fault(f"{todo.work:,} multiplications", field="counts"),),
        )
    lowest = int(everyone.min())
    own = counts - lowest  # subtracting a constant makes the transform shorter
    seen = sums - degrees * lowest
    # With more than half of the others as neighbours, look at those that are not.
    fold = 2 * degrees > n - 1
    size = degrees
    if fold.any():
        size = np.where(fold, n - 1 - degrees, degrees)
        seen = np.where(fold, everyone.sum() - n * lowest - own - seen, seen)
    survival = _survival(everyone - lowest, todo)
    high, low = _look_up(survival, n, own, size, seen)
    if fold.any():
        high, low = np.where(fold, low, high), np.where(fold, high, low)
    floor = _single_sample(n, size)
    for tail in (high, low):
        np.clip(tail, floor, 1.0, out=tail)
        tail[degrees == 0] = np.nan
    return high, low


def _single_sample(n: int, size: Integers) -> Floats:
    from scipy.special import gammaln  # noqa: PLC0415

    sizes = np.arange(int(size.max(initial=0)) + 1)
    smallest: Floats = np.exp(gammaln(sizes + 1) + gammaln(n - sizes) - gammaln(n))
    return smallest[size]


def _survival(values: Integers, todo: Plan) -> Floats:
    """SF_r(t) for r = 0 … largest, t = 0 … length; shape (largest + 1, length + 1)."""
    from scipy import fft  # noqa: PLC0415

    length = fft.next_fast_len(todo.length, real=True)
    histogram = np.bincount(values, minlength=length).astype(np.float64)
    if todo.newton:
        spectra = _by_newton(fft.fft(histogram[:length]), todo.largest, values.size)
    else:
        spectra = _by_product(histogram, todo.largest, length, values.size)
    survival = np.zeros((todo.largest + 1, length + 1))
    for r, spectrum in enumerate(spectra):
        chance = fft.irfft(spectrum, length)
        survival[r, :length] = np.cumsum(chance[::-1])[::-1]
    return survival


def _by_newton(powers: _Spectrum, largest: int, n: int) -> list[_Spectrum]:
    """φ_0 … φ_k: e_k = (1/k) Σ_m (-1)^(m-1) e_(k-m) p_m, each divided by C(n, r)."""
    length = powers.size
    half = np.arange(length // 2 + 1)
    power = [powers[(m * half) % length] for m in range(1, largest + 1)]
    spectra: list[_Spectrum] = [np.ones(half.size, np.complex128)]
    for k in range(1, largest + 1):
        total = np.zeros(half.size, np.complex128)
        share = 1.0
        for m in range(1, k + 1):
            # C(n, k - m) / C(n, k), one factor at a time, with the sign of the term.
            share *= (k - m + 1) / (n - k + m) * (-1.0 if m > 1 else 1.0)
            total += share * spectra[k - m] * power[m - 1]
        spectra.append(total / k)
    return spectra


def _by_product(histogram: Floats, largest: int, length: int, n: int) -> list[_Spectrum]:
    """The same φ_r as a product over the different counts, whose terms all have one sign.

    Drawing every cell with chance p = k/n on its own makes, for cells with the same count, a
    binomial number of draws; given that r cells were drawn in all, they are a simple random sample.
    """
    half = np.arange(length // 2 + 1)
    chance = largest / n
    joint: _Spectrum = np.zeros((largest + 1, half.size), np.complex128)
    joint[0] = 1.0
    for value in np.flatnonzero(histogram):
        drawn = _binomial(int(histogram[value]), chance, largest)
        turn = np.exp(-2j * np.pi / length * ((value * half) % length))
        factor = np.cumprod(np.broadcast_to(turn, (largest, half.size)), axis=0)
        for r in range(largest, 0, -1):
            joint[r] *= drawn[0]
            for taken in range(1, min(r, drawn.size - 1) + 1):
                joint[r] += drawn[taken] * factor[taken - 1] * joint[r - taken]
        joint[0] *= drawn[0]
    # At f = 0 stands the chance that r are drawn in all.
    return list(joint / joint[:, :1].real)


def _binomial(trials: int, chance: float, largest: int) -> Floats:
    """Chances of 0 … largest (at most `trials`) successes."""
    taken = np.arange(1, min(trials, largest) + 1)
    ratios = (trials - taken + 1) / taken * (chance / (1 - chance))
    none = np.exp(trials * np.log1p(-chance))
    made: Floats = none * np.cumprod(np.concatenate(([1.0], ratios)))
    return made


def _look_up(
    survival: Floats, n: int, values: Integers, size: Integers, seen: Integers
) -> tuple[Floats, Floats]:
    """Both tails of each cell; equal questions are answered once."""
    top = int(values.max()) + 1
    span = int(seen.max()) + 1
    question = (size * top + values) * span + seen
    slots = (int(size.max()) + 1) * top * span
    if slots <= 4 * question.size:
        asked = np.flatnonzero(np.bincount(question, minlength=slots))
        back = np.zeros(slots, np.int64)
        back[asked] = np.arange(asked.size)
        inverse = back[question]
    else:
        asked, inverse = np.unique(question, return_inverse=True)
    rest, total = np.divmod(asked, span)
    k, own = np.divmod(rest, top)
    high = _without_own(survival, n, k, own, total)
    low = 1.0 - _without_own(survival, n, k, own, total + 1)
    return high[inverse], low[inverse]


def _without_own(survival: Floats, n: int, k: Integers, own: Integers, total: Integers) -> Floats:
    """P(sum of k others ≥ total), the cell's own count taken out of the samples again."""
    last = survival.shape[1] - 1
    answer = np.zeros(k.size)
    share = n / np.maximum(n - k, 1.0)  # C(n, k) / C(n-1, k)
    for r in range(survival.shape[0]):
        open_ = (r <= k) & (share > 1e-18)  # smaller terms are below rounding
        if not open_.any():
            break
        left = np.where(open_, k - r, 0)
        at = np.clip(total - r * own, 0, last)
        term = np.where(open_, share, 0.0) * survival[left, at]
        answer += -term if r % 2 else term
        share = share * (k - r) / (n - k + r + 1)
    return answer
