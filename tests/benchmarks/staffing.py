"""Staff an instance: `python -m tests.benchmarks.staffing DIR --out ANSWER.csv --prices PRICES.csv`.

DIR holds slots.csv, staff.csv, yesterday.csv, locks.csv and params.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from gridmap.algorithms import staffing


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
    given = parser.parse_args()
    started = time.perf_counter()
    post_names, people_names, posts, people, costs = read(given.folder)
    read_at = time.perf_counter()
    answer = staffing.assign(posts, people, costs)
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


if __name__ == "__main__":
    sys.exit(main())
