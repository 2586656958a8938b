"""What is built on each block, by its use."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.demo.curves import polygons_of
from gridmap.demo.layouts import Footprint, fit, houses, shops, slabs, south_angle, towers
from gridmap.demo.site import Name, Site
from gridmap.demo.town import Block

PLAYGROUND = Name("操场", "Playground")


def build(
    block: Block, site: Site, fronts: list[tuple[Any, float]], rng: np.random.Generator
) -> None:
    """Fill a block with footprints, with grounds such as a playground, and with lanes of its own.

    `fronts` are the wide streets beside the block: centre line and width in metres.
    """
    if block.parcel.is_empty or block.parcel.area < 60:
        return
    low, high = block.floors or (0, 0)
    if block.use == "old":
        block.footprints = houses(block.parcel, rng, lot_m2=site.old_lot_m2, floors=(1, 3))
    elif block.use == "houses":
        block.footprints = houses(
            block.parcel,
            rng,
            lot_m2=site.house_lot_m2,
            floors=(low or 3, high or 5),
            empty_share=0.05,
        )
    elif block.use == "village":
        block.footprints = houses(
            block.parcel, rng, lot_m2=site.village_lot_m2, floors=(1, 3), empty_share=0.18, yard=1.0
        )
    elif block.use in {"estate", "towers"}:
        _estate(block, site, fronts, rng)
    elif block.use in _INSTITUTIONS:
        _institution(block, rng)


def _estate(
    block: Block, site: Site, fronts: list[tuple[Any, float]], rng: np.random.Generator
) -> None:
    parcel = block.parcel
    row: list[Footprint] = []
    for line, width in fronts:
        if parcel.area > 9000 and rng.random() < 0.75:
            taken = shapely.union_all([shop.polygon for shop in row]).buffer(6)
            row += [s for s in shops(parcel, line, width, rng) if not taken.intersects(s.polygon)]
    if row:
        ground = shapely.union_all([shop.polygon for shop in row]).buffer(9, join_style="mitre")
        rest = polygons_of(shapely.difference(parcel, ground))
        parcel = rest[0] if rest else parcel
    low, high = block.floors or (5, 7)
    if block.use == "towers":
        block.footprints = towers(parcel, rng, floors=(low, high)) + row
        _plant(block, shapely.union_all([f.polygon for f in block.footprints]).buffer(3.0), rng)
        return
    green = 0.05 if parcel.area > 2.2e4 else 0.0
    most = max(2, min(5, site.households_a_slab // (2 * high)))
    rows, lanes = slabs(parcel, rng, floors=(low, high), green_share=green, most_units=most)
    block.footprints = rows + row
    built = shapely.union_all([f.polygon for f in block.footprints]).buffer(3.0)
    block.lanes = [
        part
        for lane in lanes
        for part in shapely.get_parts(
            shapely.difference(shapely.intersection(lane, block.face), built)
        )
        if part.length > 40
    ]
    _plant(block, built, rng)


def _plant(block: Block, built: Any, rng: np.random.Generator) -> None:
    """Greens between the rows, where there is room for more than a path."""
    lanes = shapely.union_all([lane.buffer(4.5) for lane in block.lanes])
    room = shapely.difference(block.parcel.buffer(-3), shapely.union(built.buffer(2.0), lanes))
    for part in polygons_of(room.buffer(-5.5).buffer(4.0)):
        if part.area > 600 and rng.random() < 0.8:
            block.grounds.append(("park", None, shapely.simplify(part, 1.5)))


def _box(width: float, depth: float) -> Any:
    return shapely.box(-width / 2, -depth / 2, width / 2, depth / 2)


def _u_shape(width: float, depth: float, wing: float) -> Any:
    court = shapely.box(-width / 2 + wing, -depth / 2, width / 2 - wing, depth / 2 - wing)
    return shapely.difference(_box(width, depth), court)


def _l_shape(width: float, depth: float, wing: float) -> Any:
    return shapely.difference(
        _box(width, depth), shapely.box(-width / 2 + wing, -depth / 2, width / 2, depth / 2 - wing)
    )


def _track(length: float, width: float) -> Any:
    straight = shapely.linestrings([(-(length - width) / 2, 0), ((length - width) / 2, 0)])
    return straight.buffer(width / 2)


# use → (plan, form, floors, wanted corner), in the order in which they take their place
_INSTITUTIONS: dict[str, tuple[tuple[Any, str, int, tuple[float, float]], ...]] = {
    "school": (
        (_track(112, 62), "track", 0, (-0.6, -0.9)),
        (_track(86, 46), "track", 0, (-0.6, -0.9)),
        (_u_shape(62, 40, 11), "hall", 4, (0.2, 0.9)),
        (_l_shape(44, 30, 11), "hall", 4, (0.9, 0.3)),
        (_box(34, 24), "hall", 2, (0.9, -0.7)),
        (_box(46, 11), "hall", 5, (-0.9, 0.9)),
    ),
    "hospital": (
        (_u_shape(66, 44, 15), "hall", 7, (0.0, 0.6)),
        (_box(54, 18), "hall", 10, (0.0, -0.6)),
        (_box(30, 16), "hall", 3, (0.9, -0.2)),
        (_box(24, 14), "hall", 2, (-0.9, -0.6)),
    ),
    "government": (
        (_u_shape(70, 34, 14), "hall", 6, (0.0, 0.7)),
        (_box(40, 15), "hall", 4, (-0.8, -0.3)),
        (_box(40, 15), "hall", 4, (0.8, -0.3)),
    ),
    "market": (
        (_box(64, 36), "block", 2, (0.0, 0.3)),
        (_box(60, 14), "block", 2, (0.0, -0.8)),
        (_box(13, 46), "block", 3, (-0.95, 0.2)),
        (_box(13, 46), "block", 3, (0.95, 0.2)),
    ),
    "commercial": (
        (_box(72, 44), "block", 5, (0.0, 0.4)),
        (_l_shape(60, 40, 15), "block", 4, (-0.9, -0.6)),
        (_box(30, 26), "block", 16, (0.8, -0.6)),
        (_box(50, 14), "block", 4, (0.0, -0.9)),
        (_box(40, 14), "block", 4, (0.0, 0.9)),
        (_box(14, 36), "block", 4, (0.9, 0.4)),
        (_box(14, 36), "block", 4, (-0.9, 0.4)),
    ),
    "industrial": (
        (_box(84, 38), "works", 1, (-0.5, 0.6)),
        (_box(84, 38), "works", 1, (-0.5, -0.1)),
        (_box(60, 28), "works", 1, (0.7, 0.5)),
        (_box(60, 28), "works", 1, (0.7, -0.3)),
        (_box(44, 22), "works", 1, (-0.6, -0.9)),
        (_box(44, 13), "hall", 4, (0.8, -0.9)),
        (_box(36, 20), "works", 1, (0.2, 0.9)),
        (_box(28, 16), "works", 1, (0.1, -0.6)),
    ),
    "park": ((_box(14, 10), "hall", 1, (0.5, 0.5)),),
    "square": (
        (_box(24, 12), "hall", 2, (0.0, 0.9)),
        (_box(44, 20), "green", 0, (-0.8, -0.7)),
        (_box(44, 20), "green", 0, (0.8, -0.7)),
        (_box(20, 30), "green", 0, (-0.8, 0.5)),
        (_box(20, 30), "green", 0, (0.8, 0.5)),
    ),
}


def _institution(block: Block, rng: np.random.Generator) -> None:
    angle = south_angle(block.parcel)
    taken: list[Any] = []
    tracks = 0
    for plan, form, floors, corner in _INSTITUTIONS[block.use]:
        if form == "track" and tracks:
            continue
        clear = 12.0 if form in {"works", "block"} else 8.0
        placed = fit(block.parcel, plan, angle, taken, towards=corner, clear_m=clear)
        if placed is None:
            continue
        taken.append(placed)
        if form == "track":
            tracks += 1
            block.grounds.append(("square", PLAYGROUND, placed))
            continue
        if form == "green":
            block.grounds.append(("park", None, placed))
            continue
        storeys = max(1, floors + int(rng.integers(-1, 2)) if floors > 2 else floors)
        block.footprints.append(Footprint(placed, form, storeys, 0, angle))
