"""Where would one more station, or patrol, reach the most incidents that nobody is near to now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from scipy.spatial import KDTree

from gridmap.algorithms.placement import place_at_median, place_to_cover
from gridmap.services.hotspots.case import Case, read_case
from gridmap.services.hotspots.incidents import Metres
from gridmap.services.hotspots.question import Question, check
from gridmap.services.hotspots.units import make_cells
from gridmap.services.hotspots.words import Words
from gridmap.store import database, evidence
from gridmap.store.database import Engine

_MOST_CANDIDATES = 120
_MOST_POINTS = 800  # demand points; incidents in one square are one point where there are more
_DEMAND_CELL_M = 60.0
_PATROL = ("service-centre", "station", "police-post")


@dataclass(frozen=True)
class Wish:
    """What is to be placed.

    Parameters
    ----------
    count
        How many.
    reach_m
        How far one reaches, in a straight line.
    categories
        Resource points that serve already; stations, service centres and police posts by default.
    aim
        `cover`: the most incidents within reach; `median`: the least distance on average.
    """

    count: int = 1
    reach_m: float = 300.0
    categories: tuple[str, ...] = _PATROL
    aim: Literal["cover", "median"] = "cover"


def suggest_places(engine: Engine, question: Question, wish: Wish) -> dict[str, Any]:
    """Suggest places for stations, on ground where incidents happen.

    Candidates are the middles of cells with the most incidents around; what is reached already does
    not count. The optimum among the candidates is proved, or the answer says that it is not.
    """
    check(question)
    with database.translated(), engine.connect() as connection:
        case = read_case(connection, question)
        stations = evidence.read_stations(connection, question.place, wish.categories)
    demand, weights = _demand(case)
    there = np.array([(item["lon"], item["lat"]) for item in stations], np.float64).reshape(-1, 2)
    posts = case.crs.to_metres(there)
    now = KDTree(posts).query(demand)[0] if len(posts) and len(demand) else None
    present = np.full(len(demand), np.inf) if now is None else now
    unmet = present > wish.reach_m
    document: dict[str, Any] = {
        "incidents": int(weights.sum()),
        "reached_now": int(weights[~unmet].sum()),
        "stations": len(stations),
        "reach_m": wish.reach_m,
        "aim": wish.aim,
        "places": [],
        "proved": True,
    }
    candidates = _candidates(case)
    if not len(candidates) or not len(demand):
        return {**document, "summary": _nothing().as_dict()}
    metres = np.hypot(*(candidates[:, None] - demand[None]).transpose(2, 0, 1))
    count = min(wish.count, len(candidates))
    if wish.aim == "cover":
        made = place_to_cover(metres <= wish.reach_m, np.where(unmet, weights, 0), count)
    else:
        finite = np.where(np.isfinite(present), present, metres.max() * 2)
        made = place_at_median(metres, weights, count, present_m=finite)
    open_points = unmet.copy()
    for rank, number in enumerate(made.chosen, 1):
        reached = open_points & (metres[number] <= wish.reach_m)
        lon, lat = case.crs.publish(shapely.Point(candidates[number]), decimals=6).coords[0]
        document["places"].append(
            {"rank": rank, "lon": lon, "lat": lat, "gains": int(weights[reached].sum())}
        )
        open_points &= ~reached
    document["proved"] = made.proved
    document["reached_then"] = int(weights[~open_points].sum())
    return {**document, "summary": _summarise(document).as_dict()}


def _demand(case: Case) -> tuple[Metres, Metres]:
    xy = case.incidents.xy
    if len(xy) <= _MOST_POINTS:
        return xy, np.ones(len(xy))
    side = _DEMAND_CELL_M
    while True:
        corner, number = np.unique(np.floor(xy / side), axis=0, return_counts=True)
        if len(corner) <= _MOST_POINTS:
            return (corner + 0.5) * side, number.astype(np.float64)
        side *= 1.5


def _candidates(case: Case) -> Metres:
    """Middles of the cells with the most incidents in and around them."""
    if not len(case.incidents):
        return np.empty((0, 2))
    units = make_cells(case)
    counts = units.count(case.incidents.xy)
    around = counts + units.touching.sums(counts)
    order = np.argsort(-around, kind="stable")[:_MOST_CANDIDATES]
    inside = shapely.intersects_xy(case.area, units.centres[order])
    chosen: Metres = units.centres[order[inside & (around[order] > 0)]]
    return chosen


def _summarise(document: dict[str, Any]) -> Words:
    total = max(document["incidents"], 1)
    now, then = document["reached_now"] / total, document["reached_then"] / total
    count, reach = len(document["places"]), document["reach_m"]
    proved = (
        Words("已证明最优", "proved to be the best choice")
        if document["proved"]
        else Words("尚未证明最优", "not proved to be the best choice")
    )
    return Words(
        f"现有 {document['stations']} 处，{reach:g} 米内可及 {now:.0%} 的事件；再设 {count} 处可及"
        f" {then:.0%}（{proved.zh}）。",
        f"{document['stations']} stations are within {reach:g} m of {now:.0%} of the incidents;"
        f" with {count} more it is {then:.0%} ({proved.en}).",
    )


def _nothing() -> Words:
    return Words("没有可服务的事件。", "There are no incidents to serve.")
