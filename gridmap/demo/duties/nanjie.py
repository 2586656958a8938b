"""南街社区: 1+1+N, seven teams by colour, and a hundred pairs."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Roster, Target
from gridmap.demo.town import Town

COMMITTEE = "南街社区居民委员会"
TEAMS = (
    "红色先锋队", "橙色暖心队", "黄色平安队", "绿色环保队", "青色助学队", "蓝色法治队", "紫色文艺队",
)  # fmt: skip
PAIRS = 100
PART_TIME_COMMITTEE = 6


def appoint(
    town: Town,
    buildings: list[Building],
    networks: list[Network],
    points: list[ResourcePoint],
    roster: Roster,
    rng: np.random.Generator,
) -> None:
    """A head and an enforcement officer for each grid, a worker for each micro-grid, volunteers."""
    del town, points
    grids = sorted((g for g in networks[0].grids if g.level == 2), key=lambda g: g.code)
    micros = sorted((g for g in networks[0].grids if g.level == 3), key=lambda g: g.code)

    def target(code: str) -> Target:
        return Target("grid", code, "governance")

    open_heads, open_officers = {grids[17].code}, {grids[26].code}
    for grid in grids:
        if grid.code in open_heads:
            roster.leave_open("grid-head", target(grid.code), "调离，待补选")
            continue
        head = roster.hire("grid-head", near=shapely.centroid(grid.geometry), employer=COMMITTEE)
        roster.assign(head, "grid-head", target(grid.code), full_time=True)
    # Nine officers look after three neighbouring grids each.
    for i in range(0, 27, 3):
        officer = roster.hire(
            "enforcement-officer", employer="姚安县综合行政执法大队", capacity=3
        )
        for grid in grids[i : i + 3]:
            if grid.code in open_officers:
                roster.leave_open("enforcement-officer", target(grid.code), "轮岗空缺")
            else:
                roster.assign(officer, "enforcement-officer", target(grid.code))
    open_micros = {micros[i].code for i in (11, 64, 120, 178, 231)}
    double = {micros[31].code, micros[152].code}
    last = None
    for micro in micros:
        where = target(micro.code)
        if micro.code in open_micros:
            roster.leave_open("micro-grid-worker", where, "搬离，待推选")
            continue
        if micro.code in double and last is not None:
            last.capacity = 2
            roster.assign(last, "micro-grid-worker", where)
            continue
        last = roster.hire("micro-grid-worker", near=shapely.centroid(micro.geometry), within_m=60)
        roster.assign(last, "micro-grid-worker", where)
    volunteers = []
    for i in range(12 * len(TEAMS)):
        volunteers.append(roster.hire("volunteer", team=TEAMS[i % len(TEAMS)], capacity=2))
    for i, grid in enumerate(grids):
        for volunteer in volunteers[3 * i : 3 * i + 3]:
            roster.assign(volunteer, "volunteer", target(grid.code))
    for _ in range(PART_TIME_COMMITTEE):
        roster.hire("party-branch-secretary", employer="共建单位", team="社区兼职委员")
    lived = [b for b in buildings if sum(b.households) >= 1]
    chosen = rng.choice(len(lived), size=PAIRS, replace=False)
    for i, number in enumerate(chosen.tolist()):
        helper = volunteers[i % len(volunteers)]
        roster.assign(helper, "volunteer", Target("building", lived[number].code), link="pair")
