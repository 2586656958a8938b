"""文苑社区: one worker for one grid, a secretary a branch, 30 group heads, 319 unit heads."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.plans import Grid
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Roster, Target
from gridmap.demo.town import Town

PAIRS = 129
OPEN_SECRETARIES, OPEN_MEDICS = (9,), (3, 12)


def appoint(
    town: Town,
    buildings: list[Building],
    networks: list[Network],
    points: list[ResourcePoint],
    roster: Roster,
    rng: np.random.Generator,
) -> None:
    """Fill every level of the triangle; a branch without a secretary is named."""
    del town, points
    governance, party = (sorted(network.grids, key=lambda grid: grid.code) for network in networks)
    _grid_workers(governance, roster)
    _branches([grid for grid in party if grid.level == 2], roster)
    for grid in (grid for grid in party if grid.level == 3):
        near = shapely.centroid(grid.geometry)
        head = roster.hire("building-group-head", near=near, within_m=80, employer="离退休干部")
        roster.assign(head, "building-group-head", Target("grid", grid.code, "party"))
    for building in buildings:
        home = shapely.point_on_surface(building.polygon)
        for number in range(1, len(building.households) + 1):
            head = roster.hire("unit-head", home=home)
            roster.assign(head, "unit-head", Target("unit", building.code, unit=number))
    lived = [b for b in buildings if sum(b.households)]
    for number in rng.integers(len(lived), size=PAIRS).tolist():
        member = roster.hire("volunteer", employer="离退休干部")
        roster.pair(member, lived[number].code)


def _grid_workers(grids: list[Grid], roster: Roster) -> None:
    """One full-time worker for one grid, and a medical worker."""
    for i, grid in enumerate(grids):
        near = shapely.centroid(grid.geometry)
        where = Target("grid", grid.code, "governance")
        worker = roster.hire("grid-worker", near=near, employer="文苑社区居民委员会")
        roster.assign(worker, "grid-worker", where, full_time=True)
        if i in OPEN_MEDICS:
            roster.leave_open("medical-worker", where, "卫生服务中心待派")
        else:
            medic = roster.hire("medical-worker", near=near, employer="文苑社区卫生服务中心")
            roster.assign(medic, "medical-worker", where)


def _branches(branches: list[Grid], roster: Roster) -> None:
    for i, grid in enumerate(branches):
        where = Target("grid", grid.code, "party")
        if i in OPEN_SECRETARIES:
            roster.leave_open("party-branch-secretary", where, "换届，待选举")
            continue
        secretary = roster.hire("party-branch-secretary", near=shapely.centroid(grid.geometry))
        roster.assign(secretary, "party-branch-secretary", where)
