"""城镇社区: 1+X for the zones, 1+3+N for the party grids, five teams, one with 135 people."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.plans import Grid
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Person, Roster, Target
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
    """A worker for two zones, volunteers for all, and the joint mediation of each party grid."""
    del town, buildings, points, rng
    by_key = {network.spec.key: sorted(network.grids, key=lambda g: g.code) for network in networks}
    _zone_workers(by_key["governance"], roster)
    _teams(by_key["governance"], roster)
    _joint_mediation(by_key["party"], roster)
    _group_heads(by_key["resident-groups"], roster)


def _zone_workers(zones: list[Grid], roster: Roster) -> None:
    worker: Person | None = None
    for i, zone in enumerate(zones):
        where = Target("grid", zone.code, "governance")
        if worker is None or i % 2 == 0:
            near = shapely.centroid(zone.geometry)
            employer = "城镇社区居民委员会"
            worker = roster.hire("grid-worker", near=near, employer=employer, capacity=2)
        if i in OPEN_WORKERS:
            roster.leave_open("grid-worker", where, "借调，待补")
        else:
            roster.assign(worker, "grid-worker", where)


def _teams(zones: list[Grid], roster: Roster) -> None:
    for i in range(MAIN_TEAM_SIZE):
        zone = zones[i % len(zones)]
        volunteer = roster.hire("volunteer", near=shapely.centroid(zone.geometry), team=MAIN_TEAM)
        if i < 4 * len(zones):
            roster.assign(volunteer, "volunteer", Target("grid", zone.code, "governance"))
    for team in OTHER_TEAMS:
        for _ in range(8):
            roster.hire("volunteer", team=team)


def _joint_mediation(grids: list[Grid], roster: Roster) -> None:
    """A secretary and a mediator for each party grid; an officer serves two."""
    officer: Person | None = None
    for i, grid in enumerate(grids):
        where = Target("grid", grid.code, "party")
        near = shapely.centroid(grid.geometry)
        secretary = roster.hire("party-branch-secretary", near=near)
        roster.assign(secretary, "party-branch-secretary", where)
        roster.assign(roster.hire("mediator", near=near), "mediator", where)
        if officer is None or i % 2 == 0:
            officer = roster.hire("police-officer", employer="磨黑派出所", capacity=2)
        roster.assign(officer, "police-officer", where)


def _group_heads(groups: list[Grid], roster: Roster) -> None:
    for i, group in enumerate(groups):
        where = Target("grid", group.code, "resident-groups")
        if i in OPEN_GROUP_HEADS:
            roster.leave_open("resident-group-head", where, "待推选")
            continue
        near = shapely.centroid(group.geometry)
        head = roster.hire("resident-group-head", near=near, within_m=120)
        roster.assign(head, "resident-group-head", where)
