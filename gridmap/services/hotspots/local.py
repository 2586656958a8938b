"""Where more, or less, stands together than chance would have it: Gi* and local Moran's I."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.fdr import confidence_classes
from gridmap.algorithms.hotspots.local import LocalResult
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.counted import populations, shrunken_rates
from gridmap.services.hotspots.finding import Finding, group
from gridmap.services.hotspots.units import Units, make_units
from gridmap.services.hotspots.words import LEVELS, Entry, Words, signed_legend

_PERMUTATIONS = 9_999  # 999 cannot be significant after correcting for more than 50 tests
_TESTS = {
    "exact": Words("精确条件置换检验", "exact conditional permutation"),
    "permutation": Words("条件置换检验（固定种子）", "seeded conditional permutation"),
    "normal": Words("正态近似", "the normal approximation"),
}
_QUADRANTS = {
    1: ("#b2182b", Words("高值被高值包围（热点）", "high among high (a hotspot)")),
    2: ("#92c5de", Words("低值被高值包围（异常低）", "low among high (an outlier)")),
    3: ("#2166ac", Words("低值被低值包围（冷点）", "low among low (a coldspot)")),
    4: ("#f4a582", Words("高值被低值包围（孤立高值）", "high among low (a lone peak)")),
}
# As classes: what ranks as hot is positive, as everywhere.
_CLASS_OF = {1: 3, 4: 1, 2: -1, 3: -3}


def getis_ord(case: Case) -> Finding:
    """Gi* of counts, or of rates where there is a denominator."""
    units = make_units(case)
    counts = units.count(case.incidents.xy)
    values = _values(case, units, counts)
    found = hotspots.getis_ord(
        values,
        units.neighbours,
        test=case.question.test,
        permutations=_PERMUTATIONS,
        seed=case.question.seed,
    )
    high, low = _tails(found)
    kinds = confidence_classes(high, low)
    sure = {kind: Words(f"{level}% 置信", f"{level} % confident") for kind, level in LEVELS.items()}
    return Finding(
        units.shapes,
        units.ids,
        kinds,
        {"count": counts, "z": found.z, "q": found.q, "name": units.names, **_rates(case, values)},
        signed_legend(found.tests, Words("热点", "hot"), Words("冷点", "cold")),
        group(units, counts, kinds, np.full(len(units), counts.mean()), sure),
        _said("Gi* ", "Gi* by ", found, units),
        found.tests,
        shown=(counts > 0) | (kinds != 0),
        cell_size_m=units.size_m,
    )


def local_moran(case: Case) -> Finding:
    """Local Moran's I of counts or rates: clusters and outliers at 95 %, after correction."""
    units = make_units(case)
    counts = units.count(case.incidents.xy)
    values = _values(case, units, counts)
    found = hotspots.local_moran(
        values,
        hotspots.row_standardised(units.neighbours),
        test=case.question.test,
        permutations=_PERMUTATIONS,
        seed=case.question.seed,
    )
    named = found.direction != 0
    kinds = np.zeros(len(units), np.int64)
    for quadrant, kind in _CLASS_OF.items():
        kinds[named & (found.quadrant == quadrant)] = kind
    after = Words(
        f"，95% 置信（已按 {found.tests:,} 次检验校正）",
        f", 95 % confident, after correcting for {found.tests:,} tests",
    )
    legend = [
        Entry(_CLASS_OF[quadrant], colour, words + after)
        for quadrant, (colour, words) in _QUADRANTS.items()
    ]
    legend.append(Entry(0, "#f7f7f7", Words("与随机无显著差别", "no difference from chance")))
    sure = {kind: Words("95% 置信", "95 % confident") for kind in (1, 3)}
    return Finding(
        units.shapes,
        units.ids,
        kinds,
        {"count": counts, "i": found.value, "z": found.z, "q": found.q, "name": units.names},
        sorted(legend, key=lambda entry: -entry.kind),
        group(units, counts, kinds, np.full(len(units), counts.mean()), sure),
        _said("局部 Moran's I，", "Local Moran's I by ", found, units),
        found.tests,
        shown=(counts > 0) | (kinds != 0),
        cell_size_m=units.size_m,
    )


def _values(case: Case, units: Units, counts: NDArray[np.int64]) -> NDArray[Any]:
    if case.question.denominator == "none":
        return counts
    return shrunken_rates(case, units, counts, populations(case, units)).smoothed


def _rates(case: Case, values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    return {} if case.question.denominator == "none" else {"rate": values * 1_000}


def _tails(found: LocalResult) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    tested = np.isfinite(found.p_high) & np.isfinite(found.p_low)
    return np.where(tested, found.p_high, 1.0), np.where(tested, found.p_low, 1.0)


def _said(zh: str, en: str, found: LocalResult, units: Units) -> Words:
    known = next((words for key, words in _TESTS.items() if key in found.test), None)
    test = known or Words(found.test, found.test)
    return units.why + Words(
        f"{zh}{test.zh}，按错误发现率校正。",
        f" {en}{test.en}, corrected for the false discovery rate.",
    )
