"""Staff an instance: `python -m tests.benchmarks.staffing DIR --out ANSWER.csv --prices PRICES.csv`.

DIR holds slots.csv, staff.csv, yesterday.csv, locks.csv and params.json; without it ten communities
are made up. Further questions:

- `--ill 0.04`: after that share of the people has fallen ill, how many posts change their person
  with the price of a change, and without it;
- `--level`: even out households above the limit of params.json, and by how much that helps.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from gridmap.algorithms import staffing
from gridmap.algorithms.staffing.levelling import Load, level
from gridmap.errors import GridmapError
from tests.benchmarks.staffing_instance import Instance, made_up, read

MADE_UP = 10  # communities


def compile_kernels() -> float:
    """Let the loops be compiled, which is done once and kept on disk; give the seconds."""
    started = time.perf_counter()
    small = made_up(1, 0)
    staffing.assign(small.posts, small.people, small.costs)
    return time.perf_counter() - started


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return share


def main() -> None:
    """Read, assign, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--prices", type=Path)
    parser.add_argument("--ill", type=_share, metavar="SHARE")
    parser.add_argument("--seed", type=int, default=0, help="of who falls ill")
    parser.add_argument("--level", action="store_true")
    given = parser.parse_args()
    compiled = compile_kernels()
    started = time.perf_counter()
    try:
        case = made_up(MADE_UP, given.seed) if given.folder is None else read(given.folder)
        read_at = time.perf_counter()
        pairs = staffing.eligible_pairs(case.posts, case.people, case.costs)
        answer = staffing.assign(case.posts, case.people, case.costs, pairs=pairs)
    except GridmapError as refusal:
        sys.exit(f"staffing: {refusal.message}")
    if given.level:
        answer = even_out(case, answer, pairs)
    solved_at = time.perf_counter()
    if given.out:
        rows = [
            (case.post_names[j], case.people_names[i])
            for j, i in enumerate(answer.person.tolist())
            if i >= 0
        ]
        _write(given.out, ("slot", "staff"), rows)
    if given.prices:
        prices = list(zip(case.post_names, answer.price.tolist(), strict=True))
        _write(given.prices, ("slot", "price"), prices)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(case.posts)} posts, {len(case.people)} people, {len(pairs.person)} pairs: "
        f"cost {answer.cost}, bound {answer.lower_bound}, gap {100 * answer.gap:.4f} %, "
        f"{int((answer.person < 0).sum())} empty; kernels ready in {compiled:.2f} s, "
        f"read {read_at - started:.2f} s, solved {solved_at - read_at:.2f} s, peak {peak:.2f} GiB"
    )

    if given.ill:
        fall_ill(case, answer, share=given.ill, seed=given.seed)


def _write(path: Path, head: tuple[str, str], rows: list[tuple[str, object]]) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(head)
            writer.writerows(rows)
    except OSError as error:
        sys.exit(f"staffing: {path} cannot be written: {error.strerror}")


def even_out(
    case: Instance, answer: staffing.Assignment, pairs: staffing.Pairs
) -> staffing.Assignment:
    """Level the households of workers, and say what it did."""
    load = Load(case.households, limit=case.free_households, price=case.household)
    levelled = level(case.posts, case.people, case.costs, answer, pairs, load)
    before = load.overload(answer.person, len(case.people))
    after = load.overload(levelled.person, len(case.people))
    print(
        f"households above {load.limit}: {before} -> {after} "
        f"({100 * (before - after) / max(before, 1):.0f} % fewer); cost with load "
        f"{answer.cost + load.price * before} -> {levelled.cost}"
    )
    return levelled


def fall_ill(case: Instance, answer: staffing.Assignment, *, share: float, seed: int) -> None:
    """Let some fall ill, staff again with and without stickiness, and count the changes."""
    posts, people, costs = case.posts, case.people, case.costs
    rng = np.random.default_rng(seed)
    present = np.flatnonzero(~people.absent)
    ill = people.absent.copy()
    ill[rng.choice(present, round(share * len(people)), replace=False)] = True
    lock = posts.locked_to
    free = np.where((lock >= 0) & ill[np.maximum(lock, 0)], -1, lock)
    tomorrow = replace(posts, held_by=answer.person, locked_to=free)
    staffed = np.flatnonzero(answer.person >= 0)
    changes, walks = {}, {}
    for name, price in (("without", 0), ("with", costs.change)):
        found = staffing.assign(tomorrow, replace(people, absent=ill), replace(costs, change=price))
        filled = staffed[found.person[staffed] >= 0]
        changes[name] = int((found.person[filled] != answer.person[filled]).sum())
        walks[name] = float(found.walk_m[found.person >= 0].mean())
    fewer = 100 * (1 - changes["with"] / max(changes["without"], 1))
    print(
        f"{int(ill.sum() - people.absent.sum())} fall ill: of {len(staffed)} posts "
        f"{changes['without']} change their person without stickiness, {changes['with']} with "
        f"{costs.change} m ({fewer:.0f} % fewer); mean walk {walks['without']:.0f} m, "
        f"{walks['with']:.0f} m"
    )


if __name__ == "__main__":
    sys.exit(main())
