"""Staff an instance: `python -m tests.benchmarks.staffing DIR --out ANSWER.csv --prices PRICES.csv`.

DIR holds slots.csv, staff.csv, yesterday.csv, locks.csv and params.json. Further questions:

- `--ill 0.04`: after that share of the people has fallen ill, how many posts change their person
  with the price of a change, and without it;
- `--level`: even out households above the limit of params.json, and by how much that helps.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from gridmap.algorithms import staffing
from gridmap.algorithms.staffing.levelling import Load, level


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def read(
    folder: Path,
) -> tuple[list[str], list[str], staffing.Posts, staffing.People, staffing.Costs]:
    """Read an instance: names of posts, names of people, and the problem."""
    params = json.loads((folder / "params.json").read_text(encoding="utf-8"))
    slots, staff = _rows(folder / "slots.csv"), _rows(folder / "staff.csv")
    people_at = {row["staff"]: i for i, row in enumerate(staff)}
    posts_at = {row["slot"]: j for j, row in enumerate(slots)}
    roles = {name: i for i, name in enumerate(dict.fromkeys(row["role"] for row in slots + staff))}

    def holders(name: str) -> np.ndarray:
        found = np.full(len(slots), -1, dtype=np.int64)
        for row in _rows(folder / name):
            found[posts_at[row["slot"]]] = people_at[row["staff"]]
        return found

    def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
        return np.array([int(row[name]) for row in rows], dtype=np.int64)

    posts = staffing.Posts(
        role=np.array([roles[row["role"]] for row in slots], dtype=np.int64),
        xy=np.array([(float(row["x"]), float(row["y"])) for row in slots]),
        unfilled=np.array([params["unfilled"][row["role"]] for row in slots], dtype=np.int64),
        skills=column(slots, "req"),
        held_by=holders("yesterday.csv"),
        locked_to=holders("locks.csv"),
    )
    people = staffing.People(
        role=np.array([roles[row["role"]] for row in staff], dtype=np.int64),
        xy=np.array([(float(row["hx"]), float(row["hy"])) for row in staff]),
        capacity=column(staff, "capacity"),
        second_roles=np.array(
            [1 << roles[row["second_role"]] if row["second_role"] else 0 for row in staff],
            dtype=np.int64,
        ),
        skills=column(staff, "skills"),
        absent=column(staff, "absent").astype(bool),
    )
    costs = staffing.Costs(
        second_role=params["secondary_role_pen"],
        change=params["change_pen"],
        second_post=params["second_unit_pen"],
        detour=params["detour"],
        max_walk_m=params["max_walk_m"],
    )
    return list(posts_at), list(people_at), posts, people, costs


def main() -> None:
    """Read, assign, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--prices", type=Path)
    parser.add_argument("--ill", type=float, metavar="SHARE")
    parser.add_argument("--seed", type=int, default=0, help="of who falls ill")
    parser.add_argument("--level", action="store_true")
    given = parser.parse_args()
    started = time.perf_counter()
    post_names, people_names, posts, people, costs = read(given.folder)
    read_at = time.perf_counter()
    pairs = staffing.eligible_pairs(posts, people, costs)
    answer = staffing.assign(posts, people, costs, pairs=pairs)
    if given.level:
        answer = even_out(given.folder, posts, people, costs, answer, pairs)
    solved_at = time.perf_counter()
    with given.out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("slot", "staff"))
        writer.writerows(
            (post_names[j], people_names[i]) for j, i in enumerate(answer.person.tolist()) if i >= 0
        )
    if given.prices:
        with given.prices.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(("slot", "price"))
            writer.writerows(zip(post_names, answer.price.tolist(), strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(posts)} posts, {len(people)} people: cost {answer.cost}, bound {answer.lower_bound}, "
        f"gap {100 * answer.gap:.4f} %, {int((answer.person < 0).sum())} empty; "
        f"read {read_at - started:.2f} s, solved {solved_at - read_at:.2f} s, peak {peak:.2f} GiB"
    )

    if given.ill:
        fall_ill(posts, people, costs, answer, share=given.ill, seed=given.seed)


def even_out(
    folder: Path,
    posts: staffing.Posts,
    people: staffing.People,
    costs: staffing.Costs,
    answer: staffing.Assignment,
    pairs: staffing.Pairs,
) -> staffing.Assignment:
    """Level the households of workers, and say what it did."""
    params = json.loads((folder / "params.json").read_text(encoding="utf-8"))
    households = np.array(
        [
            int(row["households"]) if row["role"] == "worker" else 0
            for row in _rows(folder / "slots.csv")
        ]
    )
    load = Load(
        households,
        limit=params["overload_free_households"],
        price=params["overload_pen_per_household"],
    )
    levelled = level(posts, people, costs, answer, pairs, load)
    before = load.overload(answer.person, len(people))
    after = load.overload(levelled.person, len(people))
    print(
        f"households above {load.limit}: {before} -> {after} "
        f"({100 * (before - after) / max(before, 1):.0f} % fewer); cost with load "
        f"{answer.cost + load.price * before} -> {levelled.cost}"
    )
    return levelled


def fall_ill(
    posts: staffing.Posts,
    people: staffing.People,
    costs: staffing.Costs,
    answer: staffing.Assignment,
    *,
    share: float,
    seed: int,
) -> None:
    """Let some fall ill, staff again with and without stickiness, and count the changes."""
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
