"""Instances of the staffing benchmark: read from a folder of CSV files, or made up."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gridmap.algorithms import staffing
from gridmap.errors import Fault, InvalidInput, NotFound

Rows = list[dict[str, str]]
COLUMNS = {
    "slots.csv": ("slot", "role", "x", "y", "households", "req"),
    "staff.csv": ("staff", "role", "second_role", "capacity", "skills", "hx", "hy", "absent"),
    "yesterday.csv": ("slot", "staff"),
    "locks.csv": ("slot", "staff"),
}
PARAMS = ("unfilled", "secondary_role_pen", "change_pen", "second_unit_pen", "detour", "max_walk_m")
SIDE_M = 1650.0  # of a made-up community


@dataclass(frozen=True)
class Instance:
    """Names, the problem, and what levelling asks for: households of each post, and its prices."""

    post_names: list[str]
    people_names: list[str]
    posts: staffing.Posts
    people: staffing.People
    costs: staffing.Costs
    households: Any
    free_households: int = 110
    household: int = 15


def read(folder: Path) -> Instance:
    """Read slots.csv, staff.csv, yesterday.csv, locks.csv and params.json of a folder.

    Raises
    ------
    NotFound
        The folder or a file is not there.
    InvalidInput
        A column or a parameter is missing, a value is no number, or a name is not known or given
        twice; each fault names its row.
    """
    params = _params(folder / "params.json")
    slots, staff, yesterday, locks = (_rows(folder / name) for name in COLUMNS)
    posts_at = _index(slots, "slot", "slots.csv")
    people_at = _index(staff, "staff", "staff.csv")
    names = [row["role"] for row in slots + staff] + [row["second_role"] for row in staff]
    roles = {name: i for i, name in enumerate(dict.fromkeys(filter(None, names)))}
    _refuse(
        "params.json",
        [
            Fault(f"nothing says what leaving a post of {row['role']!r} empty costs", row=number)
            for number, row in enumerate(slots, start=1)
            if row["role"] not in params["unfilled"]
        ],
    )

    def holders(rows: Rows, name: str) -> Any:
        _refuse(
            name,
            [
                Fault(f"there is no {column} {row[column]!r}", row=number, field=column)
                for number, row in enumerate(rows, start=1)
                for column, known in (("slot", posts_at), ("staff", people_at))
                if row[column] not in known
            ],
        )
        found = np.full(len(slots), -1, dtype=np.int64)
        for row in rows:
            found[posts_at[row["slot"]]] = people_at[row["staff"]]
        return found

    def whole(rows: Rows, column: str, name: str) -> Any:
        return np.array(_numbers(rows, column, name, int), dtype=np.int64)

    def spots(rows: Rows, columns: tuple[str, str], name: str) -> Any:
        return np.array([_numbers(rows, column, name, float) for column in columns]).T

    posts = staffing.Posts(
        role=np.array([roles[row["role"]] for row in slots], dtype=np.int64),
        xy=spots(slots, ("x", "y"), "slots.csv"),
        unfilled=np.array([params["unfilled"][row["role"]] for row in slots], dtype=np.int64),
        skills=whole(slots, "req", "slots.csv"),
        held_by=holders(yesterday, "yesterday.csv"),
        locked_to=holders(locks, "locks.csv"),
    )
    people = staffing.People(
        role=np.array([roles[row["role"]] for row in staff], dtype=np.int64),
        xy=spots(staff, ("hx", "hy"), "staff.csv"),
        capacity=whole(staff, "capacity", "staff.csv"),
        second_roles=np.array(
            [1 << roles[row["second_role"]] if row["second_role"] else 0 for row in staff],
            dtype=np.int64,
        ),
        skills=whole(staff, "skills", "staff.csv"),
        absent=whole(staff, "absent", "staff.csv").astype(bool),
    )
    costs = staffing.Costs(
        second_role=params["secondary_role_pen"],
        change=params["change_pen"],
        second_post=params["second_unit_pen"],
        detour=params["detour"],
        max_walk_m=params["max_walk_m"],
    )
    is_worker = np.array([row["role"] == "worker" for row in slots])
    return Instance(
        list(posts_at),
        list(people_at),
        posts,
        people,
        costs,
        np.where(is_worker, whole(slots, "households", "slots.csv"), 0),
        params.get("overload_free_households", 110),
        params.get("overload_pen_per_household", 15),
    )


def made_up(communities: int, seed: int) -> Instance:
    """A city of communities with 27 grids, 247 micro-grids and 400 people each; seeded."""
    rng = np.random.default_rng(seed)
    wide = math.ceil(math.sqrt(communities))
    corner = np.array([(c % wide, c // wide) for c in range(communities)]) * SIDE_M
    # Roles: head, officer, worker, volunteer; grids ask for the first two, micro-grids for the rest.
    roles = np.repeat([0, 1, 2, 3], [27, 27, 247, 247])
    prices = np.array([20_000, 20_000, 20_000, 1_500])[roles]
    home_roles = np.repeat([0, 1, 2, 3], [30, 18, 190, 162])
    count, number = len(roles) * communities, len(home_roles) * communities
    home = rng.random((number, 2)) * SIDE_M + np.repeat(corner, len(home_roles), axis=0)
    main = np.tile(home_roles, communities)
    role = np.tile(roles, communities)
    return Instance(
        [f"P{j}" for j in range(count)],
        [f"S{i}" for i in range(number)],
        staffing.Posts(
            role=role,
            xy=rng.random((count, 2)) * SIDE_M + np.repeat(corner, len(roles), axis=0),
            unfilled=np.tile(prices, communities),
            skills=np.where(role == 2, (rng.random(count) < 0.12).astype(np.int64), 0),
        ),
        staffing.People(
            role=main,
            xy=home,
            capacity=np.where(np.isin(main, (1, 2)), rng.integers(1, 3, number), 1),
            second_roles=np.where((main == 3) & (rng.random(number) < 0.15), 1 << 2, 0),
            skills=(rng.random(number) < 0.25).astype(np.int64),
            absent=rng.random(number) < 0.04,
        ),
        staffing.Costs(),
        np.where(role == 2, rng.integers(15, 100, count), 0),
    )


def _params(path: Path) -> dict[str, Any]:
    if not path.parent.is_dir():
        raise NotFound(f"There is no folder {path.parent}")
    try:
        params = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}") from error
    except ValueError as error:
        raise InvalidInput(f"{path.name} is no JSON: {error}") from error
    missing = [name for name in PARAMS if name not in params]
    if missing:
        raise InvalidInput(f"{path.name} lacks {', '.join(missing)}")
    return dict(params)


def _rows(path: Path) -> Rows:
    if not path.is_file():
        raise NotFound(f"There is no file {path}")
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in COLUMNS[path.name] if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput(f"{path.name} lacks the columns {', '.join(missing)}")
        rows = list(reader)
    _refuse(
        path.name,
        [
            Fault("too few values", row=number)
            for number, row in enumerate(rows, start=1)
            if None in row.values()
        ],
    )
    return rows


def _index(rows: Rows, column: str, name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    faults = []
    for number, row in enumerate(rows):
        if row[column] in found:
            faults.append(Fault(f"{row[column]!r} is there twice", row=number + 1, field=column))
        found[row[column]] = number
    _refuse(name, faults)
    return found


def _numbers(rows: Rows, column: str, name: str, kind: Callable[[str], Any]) -> list[Any]:
    values, faults = [], []
    for number, row in enumerate(rows, start=1):
        try:
            values.append(kind(row[column]))
        except ValueError:
            faults.append(Fault(f"{row[column]!r} is no number", row=number, field=column))
    _refuse(name, faults)
    return values


def _refuse(name: str, faults: Sequence[Fault]) -> None:
    if faults:
        first = faults[0]
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise InvalidInput(f"{name}, row {first.row}: {first.reason}{more}", faults=tuple(faults))
