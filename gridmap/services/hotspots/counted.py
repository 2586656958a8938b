"""Counts, and rates by those at risk: few people are no hotspot, and many are no alarm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.fdr import confidence_classes
from gridmap.algorithms.hotspots.rates import SmoothedRates
from gridmap.errors import Fault, InvalidInput
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.finding import Finding, Spot, group, quantile_classes, rank
from gridmap.services.hotspots.units import Units, make_units
from gridmap.services.hotspots.words import LEVELS, Words, ordered_legend, signed_legend

PEOPLE = {
    "households": Words("户", "households"),
    "residents": Words("人", "residents"),
    "buildings": Words("栋", "buildings"),
}
_SMOOTHED = {
    "none": Words("未平滑", "not smoothed"),
    "global": Words("全局经验贝叶斯平滑", "smoothed by global empirical Bayes"),
    "local": Words("局部经验贝叶斯平滑", "smoothed by local empirical Bayes"),
}


def count(case: Case) -> Finding:
    """How many there are: counted, not tested."""
    units = make_units(case)
    counts = units.count(case.incidents.xy)
    kinds, limits = quantile_classes(counts.astype(np.float64))
    shares = counts / max(int(counts.sum()), 1)
    order = np.argsort(-counts, kind="stable")[:50]
    spots = [
        Spot(
            np.array([number]),
            units.shapes[number],
            (float(units.centres[number, 0]), float(units.centres[number, 1])),
            int(counts[number]),
            round(float(counts.mean()), 1),
            int(kinds[number]),
            float(counts[number]),
            Words(f"占全部的 {shares[number]:.1%}", f"{shares[number]:.1%} of all"),
        )
        for number in order
        if counts[number] > 0
    ]
    said = Words(
        "仅计数，未检验；分类按分位数。", " Counted only, not tested; classes by quantiles."
    )
    return Finding(
        units.shapes,
        units.ids,
        kinds,
        {"count": counts, "density_km2": counts / units.area_m2 * 1e6, "name": units.names},
        ordered_legend(limits, Words("件", "incidents")),
        rank(spots),
        units.why + said,
        shown=counts > 0,
        summary=_most(counts, shares),
        cell_size_m=units.size_m,
    )


def _most(counts: NDArray[np.int64], shares: NDArray[np.float64]) -> Words:
    """How many the fullest unit has; nothing is said of chance."""
    top = int(np.argmax(counts)) if len(counts) else 0
    most, share = (int(counts[top]), float(shares[top])) if len(counts) else (0, 0.0)
    return Words(
        f"最多的一处有 {most:,} 件，占全部的 {share:.1%}（仅计数，未检验）。",
        f"The fullest has {most:,}, {share:.1%} of all (counted, not tested).",
    )


def rate(case: Case) -> Finding:
    """Rates per thousand, smoothed; tested against one rate for all (Choynowski), corrected."""
    units = make_units(case)
    counts = units.count(case.incidents.xy)
    people = populations(case, units)
    at_risk = people > 0
    left_out = int(counts[~at_risk].sum())
    counted = np.where(at_risk, counts, 0)
    smoothed = shrunken_rates(case, units, counted, people)
    tested = hotspots.probability_map(counted[at_risk], people[at_risk])
    kinds = np.zeros(len(units), np.int8)
    expected = np.zeros(len(units))
    kinds[at_risk] = confidence_classes(tested.p_high, tested.p_low)
    expected[at_risk] = tested.expected
    tests = int(at_risk.sum())
    name = PEOPLE[denominator_of(case)]
    sure = {kind: Words(f"{level}% 置信", f"{level} % confident") for kind, level in LEVELS.items()}
    overall = counted.sum() / max(float(people.sum()), 1.0) * 1_000
    said = Words(
        f"每千{name.zh}事件率，总体 {overall:.1f}；{_SMOOTHED[case.question.smoothing].zh}；"
        f"按泊松分布检验是否高于总体，按错误发现率校正。",
        f" Incidents per 1,000 {name.en}, {overall:.1f} overall;"
        f" {_SMOOTHED[case.question.smoothing].en}; tested against one rate for all (Poisson),"
        " corrected for the false discovery rate.",
    )
    if left_out:
        said += Words(
            f"另有 {left_out:,} 件落在没有{name.zh}数的地方，不计入。",
            f" {left_out:,} incidents where there are no {name.en} are left out.",
        )
    return Finding(
        units.shapes,
        units.ids,
        kinds,
        {
            "count": counts,
            "people": people,
            "rate": smoothed.smoothed * 1_000,
            "raw_rate": smoothed.raw * 1_000,
            "name": units.names,
        },
        signed_legend(
            tests,
            Words("高于总体", "above the overall rate"),
            Words("低于总体", "below the overall rate"),
            none=Words("与总体无显著差别", "like the overall rate"),
        ),
        group(units, counted, kinds, expected, sure),
        units.why + said,
        tests,
        shown=at_risk,
        cell_size_m=units.size_m,
    )


def denominator_of(case: Case) -> str:
    """What is divided by: households where nothing is named, but buildings for a scan of space.

    That one asks where more happens than could be expected, and things happen where nobody lives.
    """
    asked = case.question.denominator
    if asked != "none":
        return asked
    return "buildings" if case.question.method == "scan" else "households"


def populations(case: Case, units: Units) -> NDArray[np.float64]:
    """Households, residents or buildings of each unit.

    A cell is smaller than the way of people who are at risk in it: it has the mean of itself and
    the cells that touch it, so that a market square between houses is not divided by nobody.

    Raises
    ------
    InvalidInput
        The place has none of them.
    """
    homes, name = case.homes, denominator_of(case)
    weights = None
    if homes is not None and name != "buildings":
        weights = homes.households if name == "households" else homes.residents
    if homes is None or not len(homes.xy) or (weights is not None and not weights.any()):
        raise InvalidInput(
            f"{case.question.place} has no {name} to divide by",
            hint="Ask for counts instead.",
            faults=(Fault("nothing to divide by", field="denominator"),),
        )
    people = units.sum(homes.xy, weights)
    if units.size_m is None:
        return people
    around: NDArray[np.float64] = people + units.touching.sums(people)
    return around / (units.touching.degrees + 1)


def shrunken_rates(
    case: Case, units: Units, counts: NDArray[np.int64], people: NDArray[np.float64]
) -> SmoothedRates:
    """Rates drawn towards the mean where there are few people; 0 where there are none."""
    at_risk = people > 0
    events = np.where(at_risk, counts, 0)
    if case.question.smoothing == "local":
        made = hotspots.smooth_rates_locally(events, people, units.touching)
    else:
        made = hotspots.smooth_rates(events, people)
    kept = made.raw if case.question.smoothing == "none" else made.smoothed
    return SmoothedRates(made.raw, np.where(np.isfinite(kept), kept, 0.0), made.mean, made.variance)
