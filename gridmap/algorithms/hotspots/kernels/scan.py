"""Kulldorff's scan: the best of hundreds of millions of cylinders, most of them never looked at.

The log-likelihood ratio of a cylinder depends on its cases c and its expectation E only: it grows
with c and falls with E. So for a run of circles round one centre, each inside the next, the cases
of the largest with the expectation of the smallest bound all of them: where not even they beat the
best so far in any interval of time, the whole run is skipped; otherwise it is halved.

To beat the best so far, c must exceed a threshold g(E). g is concave, so that between two values of
E the straight line between their thresholds lies below it: for the intervals of one length, one
maximum of c - slope · E decides. Thresholds are read from a table that is renewed when the best has
grown.

Sums over time are kept as running sums: element t of a row holds the steps before t.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats
from gridmap.algorithms.hotspots.kernels.compiler import compiled, compiled_loosely

Small = npt.NDArray[np.int32]
Window = tuple[
    int, int, bool
]  # shortest and longest interval, and whether it ends with the last step

_SAME = 1e-12  # relative difference of equal ratios
_RUN = 3.5  # roots of the expectation by which a run of circles may grow
_STRETCH = 1.0  # the same for lengths of intervals
_NODES = 64  # of the table of thresholds, at E = total · (node / nodes)⁴


@compiled
def poisson_ratio(cases: float, expected: float, total: float) -> float:
    """Log-likelihood ratio of a Poisson cylinder with more cases than expected, else 0."""
    if cases <= expected:
        return 0.0
    ratio = cases * math.log(cases / expected)
    if cases < total:
        ratio += (total - cases) * math.log((total - cases) / (total - expected))
    return ratio


@compiled
def _fill_thresholds(best: float, total: float, table: Floats) -> None:
    """Cases that do not beat `best`, but nearly, at the expectation of each node."""
    table[0] = 0.0
    for node in range(1, _NODES + 1):
        expected = total * (node / _NODES) ** 4
        if node == _NODES or poisson_ratio(total, expected, total) <= best:
            table[node] = np.inf
            continue
        # The ratio is convex in the cases: from above, Newton's steps never cross the root.
        high = min(expected + math.sqrt(2.0 * best * expected) + best, total * (1.0 - 1e-12))
        for _ in range(100):
            excess = poisson_ratio(high, expected, total) - best
            if excess < 0.0:
                break
            climb = math.log(high / expected) - math.log((total - high) / (total - expected))
            step = excess / climb
            high -= step
            if step < 1e-9 * high:
                break
        # A little below the root, and below any rounding.
        table[node] = min(high, total) * (1.0 - 1e-8)


@compiled
def _threshold(table: Floats, expected: float, total: float) -> float:
    """Cases that cannot beat the best at an expectation, read between two nodes of the table."""
    place = math.sqrt(math.sqrt(max(expected, 0.0) / total)) * _NODES
    node = min(int(place), _NODES - 1)
    low, high = table[node], table[node + 1]
    if not high < np.inf:
        return float(low)
    below, above = (node / _NODES) ** 4, ((node + 1) / _NODES) ** 4
    return float(low + (expected / total - below) / (above - below) * (high - low))


@compiled_loosely
def _largest_gap(cases: Floats, expected: Floats, length: int, first: int, slope: float) -> float:
    """Maximum of c - slope · E over the intervals of a length that start at `first` or later."""
    most = -1e300
    for start in range(first, cases.size - length):
        gap = (cases[start + length] - cases[start]) - slope * (
            expected[start + length] - expected[start]
        )
        most = max(most, gap)
    return most


@compiled_loosely
def _range_of(expected: Floats, length: int, first: int) -> tuple[float, float]:
    """Smallest and largest expectation of the intervals of a length."""
    least, most = 1e300, -1e300
    for start in range(first, expected.size - length):
        value = expected[start + length] - expected[start]
        least = min(least, value)
        most = max(most, value)
    return least, most


@compiled
def _promising_length(
    cases: Floats,
    expected: Floats,
    window: Window,
    total: float,
    table: Floats,
    ranges: Floats,
    size: float,
) -> int:
    """Find the first length of interval in which a threshold might be passed, or 0.

    Where time has the same shape everywhere, `ranges` holds the smallest and largest share of each
    length and `size` what is expected in all; otherwise `size` is 0.
    """
    shortest, longest, alive = window
    steps = cases.size - 1
    checked = 0
    for length in range(shortest, longest + 1):
        if length <= checked:
            continue
        first = steps - length if alive else 0
        if size > 0.0:
            least, most = size * ranges[length, 0], size * ranges[length, 1]
        else:
            least, most = _range_of(expected, length, first)
        low = _threshold(table, least, total)
        # Short intervals lie in longer ones: the cases of those bound several lengths at once.
        longer = min(longest, length + int(_STRETCH * length / math.sqrt(max(least, 1e-9))))
        if longer > length:
            start = steps - longer if alive else 0
            if _largest_gap(cases, expected, longer, start, 0.0) <= low:
                checked = longer
                continue
        if not low < np.inf:
            continue
        slope = 0.0
        if most > least * 1.000001:
            high = _threshold(table, most, total)
            if high < np.inf:
                slope = (high - low) / (most - least)
        if _largest_gap(cases, expected, length, first, slope) > low - slope * least:
            return length
    return 0


@compiled
def scan_cylinders(
    starts: Small,
    sites: Small,
    zone_starts: Small,
    zone_ends: Small,
    open_zones: Small,
    counts: Floats,
    expected: Floats,
    shape: Floats,
    window: Window,
    least_cases: float,
) -> tuple[float, int, int, int, int]:
    """Find the cylinder with the largest ratio: ratio, centre, zone, first step, step after it.

    The sites round centre c, nearest first, are sites[starts[c]:starts[c + 1]]; its zones hold the
    first zone_ends[z] of them, for z from zone_starts[c] on, of which `open_zones[c]` may be used.
    `counts` and `expected` are running sums, shape (sites, steps + 1). Where the expectation of a
    site and a step is a product, `shape` holds the running shares of the steps and `expected` only
    the totals of the sites, shape (sites, 1); otherwise `shape` is empty.
    """
    width = counts.shape[1]
    product = shape.size > 0
    total = counts[:, width - 1].sum()
    table = np.zeros(_NODES + 1)
    ranges = np.zeros((width, 2))
    if product:
        for length in range(window[0], window[1] + 1):
            first = width - 1 - length if window[2] else 0
            ranges[length] = _range_of(shape, length, first)
    best, known = 0.0, 0.0
    found = (-1, -1, 0, 0)
    fewest = 0
    # Row z + 1 holds the sums over zone number z of a centre, row 0 nothing.
    cases = np.zeros((open_zones.max() + 1, width))
    means = np.zeros((cases.shape[0], expected.shape[1]))
    mean = np.empty(width)
    last = means.shape[1] - 1
    stack = np.empty((64, 2), np.int64)
    for centre in range(open_zones.size):
        zones = open_zones[centre]
        first_zone = zone_starts[centre]
        position = starts[centre]
        for zone in range(zones):
            end = starts[centre] + zone_ends[first_zone + zone]
            row, means_row = cases[zone + 1], means[zone + 1]
            row[:] = cases[zone]
            means_row[:] = means[zone]
            while position < end:
                site = sites[position]
                for t in range(width):
                    row[t] += counts[site, t]
                for t in range(means_row.size):
                    means_row[t] += expected[site, t]
                position += 1
        # Runs of zones that grow by some roots of their expectation: what chance adds.
        begin = 0
        while begin < zones:
            depth = 1
            stack[0, 0] = begin
            inside = means[begin + 1, last]
            limit = inside + _RUN * math.sqrt(inside)
            begin += 1
            while begin < zones and means[begin + 1, last] <= limit:
                begin += 1
            stack[0, 1] = begin
            while depth > 0:
                depth -= 1
                low, high = stack[depth, 0], stack[depth, 1]
                size = 0.0
                if product:
                    size = means[low + 1, 0]
                    for t in range(width):
                        mean[t] = size * shape[t]
                else:
                    mean[:] = means[low + 1]
                length = _promising_length(cases[high], mean, window, total, table, ranges, size)
                if length == 0:
                    continue
                if high - low > 1:
                    middle = (low + high) // 2
                    stack[depth, 0], stack[depth, 1] = middle, high
                    stack[depth + 1, 0], stack[depth + 1, 1] = low, middle
                    depth += 2
                    continue
                ratio, start, stop = _best_interval(
                    cases[high],
                    mean,
                    (length, window[1], window[2]),
                    total,
                    best * (1.0 - _SAME),
                    least_cases,
                )
                members = zone_ends[first_zone + low]
                # Of equal ones the smallest: sites where nothing is expected add nothing.
                if ratio > best * (1.0 + _SAME) or (ratio > 0.0 and members < fewest):
                    best = max(best, ratio)
                    fewest = members
                    found = (centre, first_zone + low, start, stop)
                    if best > 1.05 * known:
                        known = best
                        _fill_thresholds(known, total, table)
    return best, found[0], found[1], found[2], found[3]


@compiled
def _best_interval(
    cases: Floats,
    expected: Floats,
    window: Window,
    total: float,
    best: float,
    least_cases: float,
) -> tuple[float, int, int]:
    """Find the interval of one circle with the largest ratio, if above `best`; else ratio 0."""
    steps = cases.size - 1
    found = (0.0, 0, 0)
    for length in range(window[0], window[1] + 1):
        for start in range(steps - length if window[2] else 0, steps - length + 1):
            inside = cases[start + length] - cases[start]
            mean = expected[start + length] - expected[start]
            if inside > mean and inside >= least_cases:
                ratio = poisson_ratio(inside, mean, total)
                if ratio > max(found[0], best):
                    found = (ratio, start, start + length)
    return found


@compiled
def scan_circles(
    starts: Small,
    sites: Small,
    zone_starts: Small,
    zone_ends: Small,
    open_zones: Small,
    cases: Floats,
    expected: Floats,
    least_cases: float,
) -> tuple[float, int, int]:
    """Find the circle with the largest Poisson ratio: ratio, centre, zone.

    For E ≤ C / 2 and c ≤ C - E the ratio is at most (c - E)² / (2 E (1 - E / C)): three products
    instead of two logarithms for nearly all circles.
    """
    total = cases.sum()
    best = 0.0
    found = (-1, -1)
    fewest = 0
    for centre in range(open_zones.size):
        position = starts[centre]
        inside, mean = 0.0, 0.0
        for zone in range(zone_starts[centre], zone_starts[centre] + open_zones[centre]):
            while position < starts[centre] + zone_ends[zone]:
                inside += cases[sites[position]]
                mean += expected[sites[position]]
                position += 1
            excess = inside - mean
            if excess <= 0.0 or inside < least_cases:
                continue
            bound = 2.0 * mean * (1.0 - mean / total) * best * (1.0 - 1e-9)
            if excess * excess < bound and 2.0 * mean <= total and inside <= total - mean:
                continue
            ratio = poisson_ratio(inside, mean, total)
            if ratio > best * (1.0 + _SAME) or (
                ratio > best * (1.0 - _SAME) and zone_ends[zone] < fewest
            ):
                best = max(best, ratio)
                fewest = zone_ends[zone]
                found = (centre, zone)
    return best, found[0], found[1]


@compiled
def scan_shares(
    starts: Small,
    sites: Small,
    zone_starts: Small,
    zone_ends: Small,
    open_zones: Small,
    cases: Floats,
    people: Floats,
    least_cases: float,
) -> tuple[float, int, int]:
    """Find the circle with the largest Bernoulli ratio: ratio, centre, zone."""
    all_cases, everyone = cases.sum(), people.sum()
    best = 0.0
    found = (-1, -1)
    fewest = 0
    for centre in range(open_zones.size):
        position = starts[centre]
        inside, population = 0.0, 0.0
        for zone in range(zone_starts[centre], zone_starts[centre] + open_zones[centre]):
            while position < starts[centre] + zone_ends[zone]:
                inside += cases[sites[position]]
                population += people[sites[position]]
                position += 1
            if inside >= least_cases:
                ratio = bernoulli_ratio(inside, population, all_cases, everyone)
                if ratio > best * (1.0 + _SAME) or (
                    ratio > best * (1.0 - _SAME) and zone_ends[zone] < fewest
                ):
                    best = max(best, ratio)
                    fewest = zone_ends[zone]
                    found = (centre, zone)
    return best, found[0], found[1]


@compiled
def bernoulli_ratio(inside: float, population: float, cases: float, everyone: float) -> float:
    """Log-likelihood ratio of a circle with a larger share of cases than elsewhere, else 0."""
    outside, others = cases - inside, everyone - population
    if inside * everyone <= cases * population:
        return 0.0
    return _split(inside, population) + _split(outside, others) - _split(cases, everyone)


@compiled
def _split(part: float, whole: float) -> float:
    """Largest log-likelihood of `part` successes among `whole`."""
    value: float = 0.0
    if part > 0.0:
        value += part * math.log(part / whole)
    if part < whole:
        value += (whole - part) * math.log((whole - part) / whole)
    return value
