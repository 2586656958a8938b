"""南街社区: 1+1+N, seven teams by colour, and a hundred pairs."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.plans import Grid
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Person, Roster, Target
from gridmap.demo.town import Town

COMMITTEE = "南街社区居民委员会"
TEAMS = (
    "红色先锋队",
    "橙色暖心队",
    "黄色平安队",
    "绿色环保队",
    "青色助学队",
    "蓝色法治队",
    "紫色文艺队",
)
TEAM_SIZE, PAIRS, PART_TIME_COMMITTEE = 12, 100, 6
OPEN_HEADS, OPEN_OFFICERS, OPEN_WORKERS = (17,), (26,), (11, 64, 120, 178, 231)
SECOND_POSTS = (31, 152)  # micro-grids whose worker has the one before as well


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
    listed = sorted(networks[0].grids, key=lambda grid: grid.code)
    grids = [grid for grid in listed if grid.level == 2]
    _heads(grids, roster)
    _officers(grids, roster)
    _workers([grid for grid in listed if grid.level == 3], roster)
    volunteers = _volunteers(grids, roster)
    for _ in range(PART_TIME_COMMITTEE):
        roster.hire("party-branch-secretary", employer="共建单位", team="社区兼职委员")
    lived = [b for b in buildings if sum(b.households)]
    for i, number in enumerate(rng.choice(len(lived), size=PAIRS, replace=False).tolist()):
        helper = volunteers[i % len(volunteers)]
        roster.pair(helper, lived[number].code)


def _target(grid: Grid) -> Target:
    return Target("grid", grid.code, "governance")


def _heads(grids: list[Grid], roster: Roster) -> None:
    for i, grid in enumerate(grids):
        if i in OPEN_HEADS:
            roster.leave_open("grid-head", _target(grid), "调离，待补选")
            continue
        head = roster.hire("grid-head", near=shapely.centroid(grid.geometry), employer=COMMITTEE)
        roster.assign(head, "grid-head", _target(grid), full_time=True)


def _officers(grids: list[Grid], roster: Roster) -> None:
    """Nine officers look after three grids each."""
    officer: Person | None = None
    for i, grid in enumerate(grids):
        if officer is None or i % 3 == 0:
            employer = "姚安县综合行政执法大队"
            officer = roster.hire("enforcement-officer", employer=employer, capacity=3)
        if i in OPEN_OFFICERS:
            roster.leave_open("enforcement-officer", _target(grid), "轮岗空缺")
        else:
            roster.assign(officer, "enforcement-officer", _target(grid))


def _workers(micros: list[Grid], roster: Roster) -> None:
    last: Person | None = None
    for i, micro in enumerate(micros):
        if i in OPEN_WORKERS:
            roster.leave_open("micro-grid-worker", _target(micro), "搬离，待推选")
            continue
        if last is None or i not in SECOND_POSTS:
            home = shapely.centroid(micro.geometry)
            last = roster.hire("micro-grid-worker", near=home, within_m=60)
        else:
            last.capacity = 2
        roster.assign(last, "micro-grid-worker", _target(micro))


def _volunteers(grids: list[Grid], roster: Roster) -> list[Person]:
    volunteers = [
        roster.hire("volunteer", team=TEAMS[i % len(TEAMS)], capacity=2)
        for i in range(TEAM_SIZE * len(TEAMS))
    ]
    for i, grid in enumerate(grids):
        for volunteer in volunteers[3 * i : 3 * i + 3]:
            roster.assign(volunteer, "volunteer", _target(grid))
    return volunteers
