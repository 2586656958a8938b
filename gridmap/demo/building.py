"""What is built on each block, by its use."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.demo.curves import polygons_of, turned
from gridmap.demo.layouts import Footprint, fit, houses, slabs, south_angle, towers
from gridmap.demo.site import Name
from gridmap.demo.town import Block

PLAYGROUND = Name("操场", "Playground")


def build(block: Block, rng: np.random.Generator) -> None:
    """Fill a block with footprints, and with grounds such as a playground."""
    if block.parcel.is_empty or block.parcel.area < 60:
        return
    low, high = block.floors or (0, 0)
    if block.use == "old":
        block.footprints = houses(block.parcel, rng, lot_m2=150, floors=(1, 3))
    elif block.use == "houses":
        block.footprints = houses(
            block.parcel, rng, lot_m2=175, floors=(low or 3, high or 5), empty_share=0.05
        )
    elif block.use == "village":
        block.footprints = houses(
            block.parcel, rng, lot_m2=420, floors=(1, 3), empty_share=0.18, yard=1.0
        )
    elif block.use == "estate":
        green = 0.06 if block.parcel.area > 2.2e4 else 0.0
        block.footprints = slabs(
            block.parcel,
            rng,
            floors=(low or 5, high or 7),
            green_share=green,
            most_units=max(2, min(5, 42 // (2 * (high or 7)))),
        )
    elif block.use == "towers":
        block.footprints = towers(block.parcel, rng, floors=(low or 11, high or 18))
    elif block.use in _INSTITUTIONS:
        _institution(block, rng)


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
    "square": ((_box(24, 12), "hall", 2, (0.0, 0.9)),),
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
        storeys = max(1, floors + int(rng.integers(-1, 2)) if floors > 2 else floors)
        block.footprints.append(Footprint(placed, form, storeys, 0, angle))
