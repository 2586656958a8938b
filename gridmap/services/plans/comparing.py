"""Which grids differ between two plans, and who is affected; two networks laid over each other."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.geometry.crs import LocalCRS
from gridmap.geometry.lineage import Shares
from gridmap.services.plans.inheriting import lay_over
from gridmap.store import comparisons, database, documents, plans
from gridmap.store.database import Connection, Engine

# Less of a grid than this is the rounding of an edge that both plans have drawn.
LEAST_SHARE = 0.0005
LEAST_M2 = 4.0
# A grid is cut by another network where a second area has more than this share of it.
CUT_SHARE = 0.01

Pair = dict[str, Any]


def compare(engine: Engine, plan_id: int, other: int | None = None) -> dict[str, Any]:
    """What changes from another plan to this one, at every level that both have.

    Parameters
    ----------
    other
        The plan to compare with; by default the one before it, or in force, or copied from.

    Returns
    -------
    `old` and `new` (the plans), `levels` (for each the counts, the `changed` grids with where
    their households came from, and what moved), `moved` (a GeoJSON collection of the land that
    changes hands, with from, to, households and open incidents), and `posts` (who holds a post on
    a grid that changes).

    Raises
    ------
    NotFound
        No such plan.
    Conflict
        There is no other plan to compare with.
    """
    with database.translated(), engine.connect() as connection:
        plan = plans.read_plan(connection, plan_id)
        old = other if other is not None else comparisons.find_counterpart(connection, plan_id)
        if old is None:
            raise Conflict(
                f"There is no plan before plan {plan_id}", hint="Name one to compare with."
            )
        before = plans.read_plan(connection, old)
        if before.place != plan.place:
            raise InvalidInput("The two plans are of different places")
        overlay = lay_over(connection, old, plan_id, LocalCRS(plan.meridian))
        labels = tuple(comparisons.read_labels(connection, number) for number in (old, plan_id))
        incidents = comparisons.count_incidents(connection, old, plan_id)
        levels, moved = [], []
        for level in overlay.levels():
            pairs = _pairs(overlay.at(level, level), incidents)
            told, gone = _level(level, pairs, labels[0], labels[1])
            levels.append(told)
            moved += gone
        land = comparisons.read_common_land(
            connection, [(item["old_id"], item["new_id"]) for item in moved]
        )
        posts = comparisons.read_posts(connection, sorted({item["old_id"] for item in moved}))
        return {
            "old": documents.describe_plan(connection, old),
            "new": documents.describe_plan(connection, plan_id),
            "levels": levels,
            "moved": {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": land[item["old_id"], item["new_id"]],
                        "properties": item,
                    }
                    for item in moved
                ],
            },
            "posts": posts,
        }


def _pairs(found: Shares, incidents: dict[tuple[int, int], tuple[int, int]]) -> list[Pair]:
    """Pairs of grids with what they have in common, without roundings."""
    of_old = found.of_old()
    of_new = Shares(found.new, found.old, found.households, found.residents, found.area_m2).of_old()
    listed = []
    for i in range(len(found)):
        old, new = int(found.old[i]), int(found.new[i])
        households, area = int(found.households[i]), float(found.area_m2[i])
        if households == 0 and area < LEAST_M2:
            continue
        counted, open_ = incidents.get((old, new), (0, 0))
        listed.append(
            {
                "old_id": old,
                "new_id": new,
                "households": households,
                "residents": int(found.residents[i]),
                "area_m2": round(area, 1),
                "share": float(of_old[i]),
                "share_of_new": float(of_new[i]),
                "incidents": counted,
                "open_incidents": open_,
            }
        )
    return listed


def _level(
    level: int, pairs: list[Pair], old: dict[int, Any], new: dict[int, Any]
) -> tuple[dict[str, Any], list[Pair]]:
    """The changed grids of a level, and the pairs whose land changes hands."""
    sources: dict[int, list[Pair]] = defaultdict(list)
    heirs: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        sources[pair["new_id"]].append(pair)
        heirs[pair["old_id"]].append(pair)
    main_heir = {key: max(rows, key=_weight)["new_id"] for key, rows in heirs.items()}
    main_source = {key: max(rows, key=_weight)["old_id"] for key, rows in sources.items()}
    moved = [
        {
            "level": level,
            "from": old[pair["old_id"]]["name"],
            "to": new[pair["new_id"]]["name"],
            **pair,
        }
        for pair in pairs
        if main_heir[pair["old_id"]] != pair["new_id"]
        or main_source[pair["new_id"]] != pair["old_id"]
    ]
    changed = [
        {**_label(new[number]), "change": change, "from": rows}
        for number, rows in sources.items()
        if (change := _change(number, rows, heirs, old, new)) is not None
    ]
    inherited = set(main_source.values())
    gone = [
        {**_label(old[number]), "change": "gone", "to": rows}
        for number, rows in heirs.items()
        if number not in inherited
    ]
    told = {
        "level": level,
        "grids_before": sum(item["level"] == level for item in old.values()),
        "grids_after": sum(item["level"] == level for item in new.values()),
        "households_moved": sum(item["households"] for item in moved),
        "residents_moved": sum(item["residents"] for item in moved),
        "open_incidents_moved": sum(item["open_incidents"] for item in moved),
        "changed": sorted(changed, key=lambda item: item["code"]),
        "gone": sorted(gone, key=lambda item: item["code"]),
    }
    return told, moved


def _weight(pair: Pair) -> tuple[float, float]:
    return (pair["households"], pair["area_m2"])


def _change(
    number: int,
    rows: list[Pair],
    heirs: dict[int, list[Pair]],
    old: dict[int, Any],
    new: dict[int, Any],
) -> str | None:
    """In one word what happened to a grid of the new plan; None where it is the same."""
    if len(rows) == 1 and len(heirs[rows[0]["old_id"]]) == 1:
        before = old[rows[0]["old_id"]]
        same = all(before[name] == new[number][name] for name in ("code", "name", "kind"))
        return None if same else "renamed"
    whole = [row for row in rows if row["share"] > 1 - LEAST_SHARE]
    if len(rows) == 1:
        return "split"
    return "merged" if len(whole) == len(rows) else "redrawn"


def _label(grid: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "code", "name", "name_en", "kind", "households", "residents", "area_m2")
    return {name: grid[name] for name in names}


def cross_networks(
    engine: Engine,
    *,
    place: str,
    one: str,
    other: str,
    one_level: int | None = None,
    other_level: int | None = None,
    day: date | None = None,
) -> dict[str, Any]:
    """Lay the plans of two networks of a place over each other, as they are in force on a day.

    Parameters
    ----------
    one, other
        Keys of networks.
    one_level, other_level
        Levels of their grids; by default level 2, or else the lowest.

    Returns
    -------
    `one` and `other` (network, level and grids), `pairs` (the share matrix, only what is not
    nothing), `uncovered` (grids of one that lie in no grid of the other, with the share that is
    left out) and `cut` (grids that lie in several of the other).

    Raises
    ------
    NotFound
        A network has no plan in force on that day.
    """
    if one == other:
        raise InvalidInput("A crosswalk is between two networks")
    with database.translated(), engine.connect() as connection:
        sides = [
            _side(connection, place, key, level, day)
            for key, level in ((one, one_level), (other, other_level))
        ]
        pairs: list[Pair] = []
        for mine, meridian in sides[0]["plans"]:
            for theirs, _ in sides[1]["plans"]:
                overlay = lay_over(connection, mine, theirs, LocalCRS(meridian))
                found = overlay.at(sides[0]["level"], sides[1]["level"])
                pairs += [
                    {
                        (
                            "one_id"
                            if name == "old_id"
                            else "other_id"
                            if name == "new_id"
                            else name
                        ): value
                        for name, value in pair.items()
                        if name not in {"share", "share_of_new", "incidents", "open_incidents"}
                    }
                    for pair in _pairs(found, {})
                ]
    for side, key in zip(sides, ("one_id", "other_id"), strict=True):
        _measure(side, pairs, key)
    pairs.sort(key=lambda pair: (sides[0]["grids"][pair["one_id"]]["code"], -pair["share_of_one"]))
    return {
        "place": place,
        "one": _told(sides[0]),
        "other": _told(sides[1]),
        "pairs": pairs,
        "uncovered": [
            {"network": side["network"], **item} for side in sides for item in side["uncovered"]
        ],
        "cut": [{"network": side["network"], **item} for side in sides for item in side["cut"]],
    }


def _side(
    connection: Connection, place: str, network: str, level: int | None, day: date | None
) -> dict[str, Any]:
    found = comparisons.find_plans_in_force(connection, place, network, day)
    grids: dict[int, Any] = {}
    for number, _ in found:
        grids |= comparisons.read_labels(connection, number)
    levels = {item["level"] for item in grids.values()}
    if level is None and levels:
        level = 2 if 2 in levels else max(levels)
    if level not in levels:
        when = "today" if day is None else f"on {day}"
        raise NotFound(
            f"The network {network!r} of {place!r} has no plan in force {when}"
            + (f" with level {level}" if level is not None else "")
        )
    return {
        "network": network,
        "level": level,
        "plans": found,
        "grids": {key: item for key, item in grids.items() if item["level"] == level},
    }


def _measure(side: dict[str, Any], pairs: list[Pair], key: str) -> None:
    """Add the shares of one side to the pairs, and find its grids that are cut or left out."""
    of_grid: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_grid[pair[key]].append(pair)
    side["uncovered"], side["cut"] = [], []
    for number, grid in side["grids"].items():
        rows = of_grid[number]
        covered = sum(row["area_m2"] for row in rows)
        households = sum(row["households"] for row in rows)
        for row in rows:
            row[f"share_of_{key.removesuffix('_id')}"] = (
                row["households"] / households if households else row["area_m2"] / covered
            )
        # The plane is a little larger than the ellipsoid; within a zone by less than 1 in 1,000.
        left = 1 - covered / grid["area_m2"] if grid["area_m2"] else 0.0
        if left > CUT_SHARE:
            side["uncovered"].append({**_label(grid), "share": round(left, 4)})
        parts = [row for row in rows if row[f"share_of_{key.removesuffix('_id')}"] > CUT_SHARE]
        if len(parts) > 1:
            side["cut"].append({**_label(grid), "parts": len(parts)})


def _told(side: dict[str, Any]) -> dict[str, Any]:
    return {
        "network": side["network"],
        "level": side["level"],
        "plans": [number for number, _ in side["plans"]],
        "grids": [_label(item) for item in side["grids"].values()],
    }
