"""城镇社区: 1+X for the zones, 1+3+N for the party grids, five teams of which one has 135 people."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Roster, Target
from gridmap.demo.town import Town

MAIN_TEAM, MAIN_TEAM_SIZE = "百名丽人志愿服务队", 135
OTHER_TEAMS = ("盐马先锋队", "平安巡逻队", "银发调解队", "绿色家园队")
OPEN_WORKERS, OPEN_GROUP_HEADS = (10,), (6,)


def appoint(
    town: Town,
    buildings: list[Building],
    networks: list[Network],
    points: list[ResourcePoint],
    roster: Roster,
    rng: np.random.Generator,
) -> None:
    """A worker for two or three zones, volunteers for all, and the joint mediation of each grid."""
    del town, buildings, points, rng
    by_key = {network.spec.key: sorted(network.grids, key=lambda g: g.code) for network in networks}
    zones, grids, groups = by_key["governance"], by_key["party"], by_key["resident-groups"]
    worker = None
    for i, zone in enumerate(zones):
        where = Target("grid", zone.code, "governance")
        near = shapely.centroid(zone.geometry)
        if i in OPEN_WORKERS:
            roster.leave_open("grid-worker", where, "借调，待补")
        else:
            if worker is None or i % 2 == 0:
                worker = roster.hire(
                    "grid-worker", near=near, employer="城镇社区居民委员会", capacity=2
                )
            roster.assign(worker, "grid-worker", where)
    for i in range(MAIN_TEAM_SIZE):
        zone = zones[i % len(zones)]
        volunteer = roster.hire(
            "volunteer", near=shapely.centroid(zone.geometry), team=MAIN_TEAM
        )
        if i < 4 * len(zones):
            roster.assign(volunteer, "volunteer", Target("grid", zone.code, "governance"))
    for team in OTHER_TEAMS:
        for _ in range(8):
            roster.hire("volunteer", team=team)
    for grid in grids:
        where = Target("grid", grid.code, "party")
        near = shapely.centroid(grid.geometry)
        secretary = roster.hire("party-branch-secretary", near=near)
        roster.assign(secretary, "party-branch-secretary", where)
        roster.assign(roster.hire("mediator", near=near), "mediator", where)
    officers = [roster.hire("police-officer", employer="磨黑派出所", capacity=2) for _ in range(2)]
    for i, grid in enumerate(grids):
        roster.assign(
            officers[i // 2], "police-officer", Target("grid", grid.code, "party")
        )
    for i, group in enumerate(groups):
        where = Target("grid", group.code, "resident-groups")
        if i in OPEN_GROUP_HEADS:
            roster.leave_open("resident-group-head", where, "待推选")
            continue
        head = roster.hire(
            "resident-group-head", near=shapely.centroid(group.geometry), within_m=120
        )
        roster.assign(head, "resident-group-head", where)
