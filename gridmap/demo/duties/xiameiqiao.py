"""下湄桥街道: a head and a full-time worker for each grid, police for police grids, 18 teams."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Roster, Target
from gridmap.demo.town import Town

SECTOR_TEAMS = tuple(
    f"{name}志愿服务队" for name in ("教育", "医疗", "法律", "消防", "环保", "文艺", "科技")
)
_NORTH, _SOUTH = ("福泉", "金桥", "新泉", "同辉", "丽景"), ("司马洞", "石头峡", "花园洞", "温泉路")
_VILLAGES = ("下湄桥村", "铜坑湖村")
COMMUNITY_TEAMS = tuple(f"{name}志愿服务队" for name in (*_NORTH, *_SOUTH, *_VILLAGES))
OPEN_HEADS, OPEN_WORKERS = (14, 77), (5, 40, 88)


def appoint(
    town: Town,
    buildings: list[Building],
    networks: list[Network],
    points: list[ResourcePoint],
    roster: Roster,
    rng: np.random.Generator,
) -> None:
    """Fill the grids; 93 working and 186 resident party members belong to them as well."""
    del town, buildings, points, rng
    governance, party, _, police = networks
    grids = sorted(governance.grids, key=lambda grid: grid.code)
    teams = [*SECTOR_TEAMS, *COMMUNITY_TEAMS]
    for i, grid in enumerate(grids):
        where = Target("grid", grid.code, "governance")
        near = shapely.centroid(grid.geometry)
        if i in OPEN_HEADS:
            roster.leave_open("grid-head", where, "退休，待任命")
        else:
            roster.assign(roster.hire("grid-head", near=near), "grid-head", where)
        if i in OPEN_WORKERS:
            roster.leave_open("grid-worker", where, "招聘中")
        else:
            worker = roster.hire("grid-worker", near=near, employer="下湄桥街道办事处")
            roster.assign(worker, "grid-worker", where, full_time=True)
        member = roster.hire("volunteer", employer="市直机关", team=teams[i % 7])
        roster.assign(member, "volunteer", where, link="working")
        for k in range(2):
            team = teams[7 + (2 * i + k) % 11]
            member = roster.hire("volunteer", near=near, within_m=150, team=team)
            roster.assign(member, "volunteer", where, link="resident")
    for grid in party.grids:
        secretary = roster.hire(
            "party-branch-secretary", near=shapely.centroid(grid.geometry), within_m=400
        )
        roster.assign(secretary, "party-branch-secretary", Target("grid", grid.code, "party"))
    for grid in police.grids:
        officer = roster.hire("police-officer", employer="下湄桥派出所")
        roster.assign(officer, "police-officer", Target("grid", grid.code, "police"))
