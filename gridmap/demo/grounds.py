"""What makes open ground look used: fields, ponds, paths in parks and along the water."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.demo.building import build
from gridmap.demo.curves import polygons_of
from gridmap.demo.layouts import lots
from gridmap.demo.site import Name, Site
from gridmap.demo.town import Block, Street, Town, WaterBody


def furnish(town: Town, site: Site, rng: np.random.Generator) -> None:
    """Build on every block, and lay out parks, fields and riversides."""
    wide = [
        s for s in town.streets if s.kind == "arterial" or (s.kind == "street" and s.width_m >= 20)
    ]
    tree = shapely.STRtree([s.line for s in wide])
    for block in town.blocks:
        near = tree.query(block.face.buffer(2), predicate="intersects")
        fronts = [
            (part, wide[i].width_m)
            for i in sorted(near.tolist())
            for part in shapely.get_parts(shapely.intersection(wide[i].line, block.face.buffer(30)))
            if part.length > 60
        ]
        build(block, site, fronts, rng)
        if not block.footprints and block.use in {"commercial", "industrial", "market"}:
            block.use = "park"  # too small a corner to build on
        if block.use == "park":
            _lay_out_park(block, town, rng)
        elif block.use in {"farmland", "orchard"}:
            _plough(block, rng)
        town.streets += [Street(None, "lane", 5.0, lane) for lane in block.lanes]
    town.streets += _riverside(town)


def _lay_out_park(block: Block, town: Town, rng: np.random.Generator) -> None:
    """A loop of path, and a pond in a large park that has no lake beside it."""
    inner = polygons_of(block.parcel.buffer(-26).buffer(14))
    if not inner or inner[0].area < 2500:
        return
    taken = [f.polygon.buffer(4) for f in block.footprints]
    loop = (
        shapely.difference(inner[0].exterior, shapely.union_all(taken))
        if taken
        else inner[0].exterior
    )
    town.streets += [
        Street(None, "path", 2.5, part)
        for part in shapely.get_parts(
            shapely.simplify(
                shapely.line_merge(loop)
                if loop.geom_type != "LinearRing"
                else shapely.linestrings(loop.coords),
                0.8,
            )
        )
    ]
    wet = shapely.union_all([w.surface for w in town.waters if w.kind != "pond"])
    if block.parcel.area < 9000 or (
        block.name is None and (wet.distance(block.parcel) < 90 or rng.random() < 0.5)
    ):
        return
    middle = shapely.get_coordinates(shapely.point_on_surface(inner[0].buffer(-12)))
    if not len(middle):
        return
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = np.sqrt(block.parcel.area * 0.1 / np.pi) * (
        1
        + 0.22 * np.sin(2 * turn + rng.uniform(0, 6))
        + 0.14 * np.sin(3 * turn + rng.uniform(0, 6))
    )
    blob = shapely.polygons(
        middle[0] + reach[:, None] * np.c_[np.cos(turn) * 1.25, np.sin(turn) * 0.8]
    )
    pond = polygons_of(
        shapely.difference(
            shapely.intersection(blob, inner[0].buffer(-6)), shapely.union_all(taken)
        )
    )
    if pond and pond[0].area > 600:
        name = None
        if block.name is not None:
            name = Name(f"{block.name.zh}人工湖", f"{block.name.en} Pond")
        town.waters.append(WaterBody(name, "pond", pond[0], None))


def _plough(block: Block, rng: np.random.Generator) -> None:
    """Divide open ground into fields with balks between them."""
    size = float(np.clip(block.face.area / 5, 7000, 24000))
    ground = polygons_of(block.parcel.buffer(3))
    for part in ground[:1]:
        for field in lots(part, size, rng):
            plot = polygons_of(shapely.simplify(field.buffer(-1.6), 0.8))
            if not plot or plot[0].area < 400:
                continue
            other = "orchard" if block.use == "farmland" else "farmland"
            kind = other if rng.random() < 0.14 else block.use
            block.grounds.append((kind, None, plot[0]))


def _riverside(town: Town) -> list[Street]:
    """A path on both banks of the water, where nothing stands in its way."""
    built = shapely.union_all(
        [f.polygon for block in town.blocks for f in block.footprints]
    ).buffer(1.5)
    wet = [w.surface for w in town.waters if w.kind in {"river", "canal", "lake"}]
    roads = shapely.union_all(
        [
            s.line.buffer(s.width_m / 2)
            for s in town.streets
            if s.kind in {"arterial", "street", "motorway", "railway"}
        ]
    )
    surfaces = shapely.union_all(wet)
    paths = []
    for water in wet:
        bank = water.buffer(3.6).exterior if water.geom_type == "Polygon" else None
        if bank is None:
            continue
        line = shapely.intersection(bank, town.territory.buffer(-6))
        line = shapely.difference(line, surfaces.buffer(2.5))
        line = shapely.difference(line, shapely.union(built, roads))
        merged: Any = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
        paths += [
            Street(None, "path", 2.5, shapely.simplify(part, 0.5))
            for part in shapely.get_parts(merged)
            if part.geom_type == "LineString" and part.length > 60
        ]
    return paths
