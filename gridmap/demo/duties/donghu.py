"""东湖社区: heads of grids, buildings and units, lane heads on streets, three volunteer teams."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Person, Roster, Target
from gridmap.demo.town import Town, street_code

TEAMS = ("党员先锋志愿队", "平安东湖志愿队", "暖心邻里志愿队")
HOUSES_A_HEAD = 12
PLACE = "350112005001"


def appoint(
    town: Town,
    buildings: list[Building],
    networks: list[Network],
    points: list[ResourcePoint],
    roster: Roster,
    rng: np.random.Generator,
) -> None:
    """Heads at all three levels; a house needs no unit head of its own."""
    del rng
    governance, enterprise = networks
    for i, grid in enumerate(sorted(governance.grids, key=lambda grid: grid.code)):
        where = Target("grid", grid.code, "governance")
        if i == 11:
            roster.leave_open("grid-head", where, "挂职期满，待任命")
            continue
        head = roster.hire(
            "grid-head", near=shapely.centroid(grid.geometry), employer="东湖社区居民委员会"
        )
        roster.assign(head, "grid-head", where, full_time=True)
    for grid in enterprise.grids:
        secretary = roster.hire("party-branch-secretary", employer="两新组织联合党支部")
        roster.assign(secretary, "party-branch-secretary", Target("grid", grid.code, "enterprise"))
    _heads_of_buildings(buildings, roster)
    _lane_heads(town, roster)
    for team in TEAMS:
        for _ in range(20):
            roster.hire("volunteer", team=team)
    for point in points:
        if point.category == "mediation-room":
            mediator = roster.hire("mediator", near=point.point)
            roster.assign(mediator, "mediator", Target("point", point.code))


def _heads_of_buildings(buildings: list[Building], roster: Roster) -> None:
    """One head for a block of flats, one for a dozen houses; one for each unit of a block."""
    blocks = [b for b in buildings if b.households and b.form != "house"]
    for i, building in enumerate(blocks):
        home = shapely.point_on_surface(building.polygon)
        where = Target("building", building.code)
        if i % 61 == 30:
            roster.leave_open("building-head", where, "待推选")
        else:
            roster.assign(roster.hire("building-head", home=home), "building-head", where)
        for number in range(1, len(building.households) + 1):
            unit = Target("unit", building.code, unit=number)
            if (i * 7 + number) % 97 == 0:
                roster.leave_open("unit-head", unit, "待推选")
            else:
                roster.assign(roster.hire("unit-head", home=home), "unit-head", unit)
    head: Person | None = None
    houses = [b for b in buildings if b.households and b.form == "house"]
    for i, building in enumerate(houses):
        if head is None or i % HOUSES_A_HEAD == 0:
            head = roster.hire(
                "building-head",
                home=shapely.point_on_surface(building.polygon),
                capacity=HOUSES_A_HEAD,
            )
        roster.assign(head, "building-head", Target("building", building.code))


def _lane_heads(town: Town, roster: Roster) -> None:
    """A head for every named street and lane; arterials belong to the city."""
    heads: dict[str, Person] = {}
    for number, street in enumerate(town.streets):
        if street.name is None or street.kind not in {"street", "lane"}:
            continue
        if street.name.zh not in heads:
            middle = shapely.line_interpolate_point(
                shapely.get_parts(street.line)[0], 0.5, normalized=True
            )
            heads[street.name.zh] = roster.hire("lane-head", near=middle)
        roster.assign(
            heads[street.name.zh], "lane-head", Target("street", street_code(PLACE, number))
        )
