"""Names and addresses: estates count their buildings, houses have numbers along their street."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.demo.names import estate_names
from gridmap.demo.people import Building
from gridmap.demo.site import Name, Site
from gridmap.demo.town import Block, Street, Town

_ROOMS = {
    "school": (
        ("教学楼", "Teaching Building"),
        ("综合楼", "Main Building"),
        ("体育馆", "Sports Hall"),
        ("宿舍楼", "Dormitory"),
    ),
    "hospital": (
        ("门诊楼", "Outpatient Building"),
        ("住院楼", "Inpatient Building"),
        ("医技楼", "Laboratory Building"),
        ("后勤楼", "Service Building"),
    ),
    "government": (
        ("办公楼", "Office Building"),
        ("政务服务厅", "Service Hall"),
        ("会议中心", "Meeting Centre"),
    ),
    "market": (
        ("交易大棚", "Market Hall"),
        ("水产区", "Fish Hall"),
        ("干货区", "Dry Goods Hall"),
        ("熟食区", "Food Hall"),
    ),
    "park": (("游客服务点", "Visitor Pavilion"),),
    "square": (("文化活动室", "Culture Room"),),
}


def name_quarters(site: Site, blocks: list[Block]) -> None:
    """Give estates and villages their names, in reading order of their quarters."""
    pools: dict[str, list[Name]] = {
        "estate": estate_names(site),
        "village": list(site.village_names),
    }
    pools["towers"] = pools["estate"]
    chosen: dict[int, Name] = {}
    for block in sorted(blocks, key=lambda b: (-round(b.face.centroid.y / 150), b.face.centroid.x)):
        if block.name is not None or block.use not in pools or not block.footprints:
            continue
        if block.quarter not in chosen:
            pool = pools[block.use]
            if block.use == "village":
                chosen[block.quarter] = pool[0]
                pool.append(pool.pop(0))
            elif pool:
                chosen[block.quarter] = pool.pop(0)
            else:
                continue
        block.name = chosen[block.quarter]


def name_buildings(town: Town, buildings: list[Building], prefix: str) -> None:
    """Give every building a code, a name and an address."""
    named = [
        s for s in town.streets if s.name is not None and s.kind in {"arterial", "street", "lane"}
    ]
    tree = shapely.STRtree([s.line for s in named])
    points = np.array([b.polygon.centroid for b in buildings])
    nearest = tree.nearest(points)
    _number_along(named, nearest, points, buildings)
    counters: dict[str, int] = {}
    for serial, building in enumerate(buildings, start=1):
        building.code = f"{prefix}-L{serial:04d}"
        block = town.blocks[building.block]
        if block.name is not None and building.form in {"slab", "tower"}:
            number = counters[block.name.zh] = counters.get(block.name.zh, 0) + 1
            building.name = Name(
                f"{block.name.zh}{number}号楼", f"Building {number}, {block.name.en}"
            )
        elif block.name is not None and block.use == "village":
            number = counters[block.name.zh] = counters.get(block.name.zh, 0) + 1
            building.name = Name(f"{block.name.zh}{number}号", f"{number} {block.name.en}")
            building.address = building.name.zh
        elif block.name is not None and block.use in _ROOMS:
            number = counters[block.name.zh] = counters.get(block.name.zh, 0) + 1
            rooms = _ROOMS[block.use]
            zh, en = rooms[(number - 1) % len(rooms)]
            again = "" if number <= len(rooms) else f"{(number - 1) // len(rooms) + 1}号"
            building.name = Name(f"{block.name.zh}{again}{zh}", f"{en}, {block.name.en}")


def _number_along(
    named: list[Street], nearest: np.ndarray, points: np.ndarray, buildings: list[Building]
) -> None:
    """Odd numbers on the left side of each street, even ones on the right."""
    by_street: dict[str, list[tuple[bool, float, int]]] = {}
    for i, s in enumerate(nearest):
        line = shapely.get_parts(named[s].line)[0]
        along = shapely.line_locate_point(line, points[i])
        here = shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0]
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, along + 1.0))[0]
        to = shapely.get_coordinates(points[i])[0] - here
        way = ahead - here
        left = bool(way[0] * to[1] - way[1] * to[0] > 0)
        by_street.setdefault(named[s].name.zh, []).append((left, float(along) + 1e5 * int(s), i))
    english = {s.name.zh: s.name.en for s in named if s.name is not None}
    for street, doors in by_street.items():
        for left in (True, False):
            side = sorted((along, i) for is_left, along, i in doors if is_left == left)
            for rank, (_, i) in enumerate(side):
                number = 2 * rank + (1 if left else 2)
                buildings[i].address = f"{street}{number}号"
                buildings[i].name = Name(f"{street}{number}号", f"{number} {english[street]}")
