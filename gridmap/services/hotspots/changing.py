"""How it came to be so: emerging hot spots of a space-time cube, and the change between windows."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.changes import BeforeAfter
from gridmap.algorithms.hotspots.fdr import confidence_classes
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.finding import Finding, Spot, components, group, rank
from gridmap.services.hotspots.steps import Steps, make_steps
from gridmap.services.hotspots.units import Units, make_units
from gridmap.services.hotspots.words import LEVELS, Entry, Words, signed_legend

_PATTERNS = (
    ("no_pattern", "#f0f0f0", "无规律", "no pattern"),
    ("new", "#d7191c", "新出现", "new"),
    ("consecutive", "#e6550d", "连续", "consecutive"),
    ("intensifying", "#7f0000", "加剧", "intensifying"),
    ("persistent", "#b30000", "持续", "persistent"),
    ("diminishing", "#fc8d59", "减弱", "diminishing"),
    ("sporadic", "#fdcc8a", "零星", "sporadic"),
    ("oscillating", "#c994c7", "反复", "oscillating"),
    ("historical", "#dfc27d", "历史", "historical"),
)
_NOTHING_BEFORE = Words(
    "对比的那段时间没有任何这类事件的记录，无从比较：请缩短时间，或另选对比期。",
    "There is no such incident at all in the time before, so nothing is compared: take a shorter"
    " window, or another time to compare with.",
)
_COLD = ("#2b83ba", "#3182bd", "#08306b", "#08519c", "#74a9cf", "#bdd7e7", "#9e9ac8", "#a6bddb")


def emerge(case: Case) -> Finding:
    """Emerging hot spots: seventeen categories of how each cell came to be hot or cold."""
    units = make_units(case)
    steps = make_steps(case)
    table = cube_of(case, units, steps)
    found = hotspots.emerging_hotspots(table, units.neighbours)
    kinds = found.category.astype(np.int64)
    counts = table.sum(axis=1)
    tests = int(table.size)
    return Finding(
        units.shapes,
        units.ids,
        kinds,
        {
            "count": counts,
            "trend_z": found.trend.z,
            "hot_steps": (found.sign > 0).sum(axis=1),
            "name": units.names,
            "steps": _as_text(found.sign),
            "counts": [",".join(map(str, row)) for row in table.tolist()],
        },
        _legend(set(np.unique(kinds).tolist()), tests),
        _hot_groups(units, table, found.sign, kinds, steps),
        units.why
        + steps.words
        + Words(
            "时空立方体：每格每步以 Gi* 精确检验，趋势以 Mann–Kendall 检验。",
            " Space-time cube: Gi* of each cell and step, exactly tested and corrected;"
            " trends by Mann–Kendall.",
        ),
        tests,
        {"steps": steps.days, "totals": table.sum(axis=0).tolist()},
        shown=(counts > 0) | (kinds != 0),
        cell_size_m=units.size_m,
    )


def cube_of(case: Case, units: Units, steps: Steps) -> NDArray[np.int64]:
    """Counts of each unit and step, shape (units, steps)."""
    cube = hotspots.build_cube(units.place_of(case.incidents.xy), steps.number(case.incidents.at))
    table: NDArray[np.int64] = hotspots.dense_counts(cube, len(units), steps.count)
    return table


def _as_text(sign: NDArray[np.int8]) -> list[str]:
    """One letter a step: h hot, c cold, and a dot for neither."""
    letters = np.array(["c", ".", "h"])[sign.astype(int) + 1]
    return ["".join(row) for row in letters]


def _legend(there: set[int], tests: int) -> list[Entry]:
    legend = []
    for code in range(17):
        if code not in there:
            continue
        _, colour, zh, en = _PATTERNS[code if code <= 8 else code - 8]
        if code == 0:
            words = Words(zh, en)
        elif code <= 8:
            words = Words(f"{zh}热点", f"{en} hot spot")
        else:
            colour = _COLD[code - 9]
            words = Words(f"{zh}冷点", f"{en} cold spot")
        if code:
            words += Words(
                f"（95% 置信，已按 {tests:,} 次检验校正）",
                f" (95 % confident, after correcting for {tests:,} tests)",
            )
        legend.append(Entry(code, colour, words))
    return sorted(legend, key=lambda entry: (entry.kind == 0, entry.kind))


def _hot_groups(
    units: Units,
    table: NDArray[np.int64],
    sign: NDArray[np.int8],
    kinds: NDArray[np.int64],
    steps: Steps,
) -> list[Spot]:
    """Cells that are hot in some step and touch each other, as one place each."""
    hot = (kinds >= 1) & (kinds <= 8)
    label = components(units.touching, hot)
    mean = float(table.mean())
    spots = []
    for number in np.unique(label[hot]):
        members = np.flatnonzero(hot & (label == number))
        is_hot = sign[members] > 0
        while_hot = np.where(is_hot, table[members], 0)
        bins = int(is_hot.sum())
        counted = int(while_hot.sum())
        when = np.flatnonzero(is_hot.any(axis=0))
        strongest = members[np.argmax(while_hot.sum(axis=1))]
        code = int(kinds[strongest])
        weights = while_hot.sum(axis=1) + 1e-9
        x, y = np.average(units.centres[members], axis=0, weights=weights)
        _, _, zh, en = _PATTERNS[code]
        spots.append(
            Spot(
                members,
                shapely.union_all(units.shapes[members]),
                (float(x), float(y)),
                counted,
                round(mean * bins, 1),
                code,
                # By the strongest step: what is always so does not outrank what flares up.
                float((while_hot.sum(axis=0) - mean * is_hot.sum(axis=0)).max()),
                Words(f"{zh}热点，{len(when)} 步为热", f"{en} hot spot, hot in {len(when)} steps"),
                steps.day(int(when[0])),
                steps.day(int(when[-1]) + 1),
            )
        )
    return rank(spots)


def change(case: Case) -> Finding:
    """Change between two windows, cell by cell, exactly tested and corrected."""
    units = make_units(case)
    others = case.others
    after = units.count(case.incidents.xy)
    before = units.count(others.xy) if others is not None else np.zeros(len(units), np.int64)
    begins, ends = case.question.baseline
    length = (ends - begins).total_seconds() / 86_400
    # A single cell has too few to tell a change; with those that touch it there are enough.
    around = units.size_m is not None
    found = hotspots.change_map(
        before + units.touching.sums(before) if around else before,
        after + units.touching.sums(after) if around else after,
        exposure_before=length,
        exposure_after=case.question.days,
    )
    tested = np.isfinite(found.p)
    kinds = confidence_classes(
        np.where(tested, found.p_rise, np.nan), np.where(tested, found.p_fall, np.nan)
    )
    kinds = np.where(tested, kinds, 0).astype(np.int8)
    tests = int(tested.sum())
    total = hotspots.compare_counts(
        int(before.sum()), int(after.sum()),
        exposure_before=length, exposure_after=case.question.days,
    )  # fmt: skip
    sure = {kind: Words(f"{level}% 置信", f"{level} % confident") for kind, level in LEVELS.items()}
    # Where nothing at all is known of the time before, all that is there now would be a rise.
    unknown = bool(after.any()) and not before.any()
    expected = before * (case.question.days / max(length, 1e-9))
    return Finding(
        units.shapes,
        units.ids,
        kinds,
        {
            "before": before,
            "count": after,
            "ratio": np.where(np.isfinite(found.ratio), found.ratio, np.nan),
            "q": found.q,
            "name": units.names,
        },
        signed_legend(
            tests,
            Words("增加", "more than before"),
            Words("减少", "fewer than before"),
            none=Words("变化不显著", "no significant change"),
        ),
        [] if unknown else group(units, after, kinds, expected, sure),
        units.why + _where(around=around) + _totals(int(before.sum()), int(after.sum()), total),
        tests,
        {"change": _as_dict(int(before.sum()), int(after.sum()), total, (begins, ends))},
        shown=tested,
        cell_size_m=units.size_m,
        summary=_NOTHING_BEFORE if unknown else None,
    )


def _where(*, around: bool) -> Words:
    if not around:
        return Words("", "")
    return Words("每格与相邻格一并检验。", "Each cell is tested with those that touch it.")


def _totals(before: int, after: int, total: BeforeAfter) -> Words:
    ratio = "–" if not np.isfinite(total.ratio) else f"{total.ratio:.2f}"
    low, high = (f"{value:.2f}" if np.isfinite(value) else "∞" for value in (total.low, total.high))
    return Words(
        f"全域由 {before:,} 件到 {after:,} 件，每日率之比 {ratio}（95% 区间 {low}–{high}，"
        f"p = {total.p:.3g}）；逐格以条件二项检验，按错误发现率校正。",
        f" Overall {before:,} before and {after:,} after: rate ratio {ratio} (95 % interval"
        f" {low} to {high}, p = {total.p:.3g}); each cell by the conditional binomial test,"
        " corrected for the false discovery rate.",
    )


def _as_dict(
    before: int, after: int, total: BeforeAfter, window: tuple[Any, Any]
) -> dict[str, Any]:
    def number(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    return {
        "before": before,
        "after": after,
        "ratio": number(total.ratio),
        "low": number(total.low),
        "high": number(total.high),
        "p": number(total.p),
        "baseline": [moment.isoformat() for moment in window],
    }
