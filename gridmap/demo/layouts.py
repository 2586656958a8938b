"""Footprints on a parcel: rows of slabs, towers, lots with houses, and fitted shapes.

A parcel is the ground that streets and water leave; every footprint lies inside it and clear of
the others. Angles are degrees counterclockwise from east. Rows face south as the street allows:
a row turns with its parcel by at most 25°.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from gridmap.demo.curves import cut, grain, long_axis, polygons_of, turned


@dataclass(frozen=True)
class Footprint:
    """The ground plan of one building, before anybody lives in it."""

    polygon: Any
    form: str  # slab, tower, house, hall, works, block
    floors: int
    units: int = 0
    angle: float = 0.0


def south_angle(parcel: Any) -> float:
    """The angle of rows on a parcel."""
    angle = grain(parcel)
    return angle if abs(angle) <= 25 else angle * 0.35


def slabs(
    parcel: Any,
    rng: np.random.Generator,
    *,
    floors: tuple[int, int],
    green_share: float = 0.0,
    unit_width_m: float = 14.0,
    most_units: int = 5,
) -> tuple[list[Footprint], list[Any]]:
    """Parallel rows of slabs with 2 to 5 stairs each, a green in the middle of large parcels.

    Returns the slabs, and the lanes inside the estate.
    """
    angle = south_angle(parcel)
    centre = shapely.get_coordinates(shapely.centroid(parcel))[0]
    origin = (float(centre[0]), float(centre[1]))
    flat, lanes = _with_lanes(turned(parcel, -angle, origin), rng)
    green = shapely.centroid(flat).buffer(np.sqrt(parcel.area * green_share / np.pi))
    storeys = int(rng.integers(floors[0], floors[1] + 1))
    depth = float(rng.uniform(11.5, 13.5))
    pitch = depth + max(11.0, storeys * 3.0 * rng.uniform(0.8, 1.0))
    found = []
    for part in polygons_of(flat):
        west, south, east, north = part.bounds
        rows = max(1, int((north - south + pitch - depth) / pitch))
        spare = north - south - (rows * pitch - (pitch - depth))
        wider = spare / (rows + 1) if spare > 0 else 0.0
        for row in range(rows):
            y = south + wider + row * (pitch + wider * 0.9)
            for begin, end in _free_runs(part, west, east, y, y + depth):
                for x, units in _slab_run(begin, end, unit_width_m, most_units, rng):
                    plan = _slab_plan(
                        x, y + rng.uniform(-1.0, 1.0), units, unit_width_m, depth, rng
                    )
                    if not part.contains(plan) or (green_share and plan.intersects(green)):
                        continue
                    height = storeys + int(rng.random() < 0.15 and floors[1] > storeys)
                    plan = turned(plan, angle, origin)
                    found.append(Footprint(plan, "slab", height, units, angle))
    return found, [turned(lane, angle, origin) for lane in lanes]


def _with_lanes(flat: Any, rng: np.random.Generator) -> tuple[Any, list[Any]]:
    """Keep strips free for lanes where a parcel is wide or deep; the lanes run through them."""
    west, south, east, north = flat.bounds
    lanes = []
    if east - west > 135:
        x = (west + east) / 2 + rng.uniform(-0.12, 0.12) * (east - west)
        flat = shapely.difference(flat, shapely.box(x - 5, south - 1, x + 5, north + 1))
        lanes.append(shapely.linestrings([(x, south - 30), (x, north + 30)]))
    if north - south > 150:
        y = (south + north) / 2 + rng.uniform(-0.12, 0.12) * (north - south)
        flat = shapely.difference(flat, shapely.box(west - 1, y - 5, east + 1, y + 5))
        lanes.append(shapely.linestrings([(west - 30, y), (east + 30, y)]))
    return flat, lanes


def shops(parcel: Any, front: Any, width_m: float, rng: np.random.Generator) -> list[Footprint]:
    """A row of shops of two or three floors along a wide street, with gaps to walk through."""
    ribbon = shapely.intersection(parcel, front.buffer(width_m / 2 + 5.0 + 11.0))
    if ribbon.is_empty:
        return []
    gaps = []
    at = float(rng.uniform(10, 40))
    while at < front.length:
        here = shapely.get_coordinates(
            shapely.line_interpolate_point(front, np.array([max(at - 1, 0), at + 1]))
        )
        way = here[1] - here[0]
        left = np.array([-way[1], way[0]]) / max(float(np.linalg.norm(way)), 1e-9)
        middle = here.mean(axis=0)
        line = shapely.linestrings([middle - left * 60, middle + left * 60])
        gaps.append(line.buffer(float(rng.uniform(3.0, 6.0)), cap_style="flat"))
        at += float(rng.uniform(38, 62))
    pieces = polygons_of(shapely.difference(ribbon, shapely.union_all(gaps)))
    found = []
    for piece in shapely.simplify(np.array(pieces, dtype=object), 0.6):
        _, length, depth = long_axis(piece)
        if (
            piece.geom_type == "Polygon"
            and 16 < length < 70
            and 7 < depth < 15
            and piece.area > 0.72 * length * depth
        ):
            found.append(Footprint(piece, "block", int(rng.integers(2, 4)), 0, grain(piece)))
    return found


def _slab_plan(
    x: float, y: float, units: int, width: float, depth: float, rng: np.random.Generator
) -> Any:
    """A slab, in a third of the cases with its western stair set back."""
    length = units * width
    body = shapely.box(x, y, x + length, y + depth)
    if units < 3 or rng.random() > 0.35:
        return body
    step = shapely.box(x, y + depth - 2.2, x + width, y + depth)
    return shapely.difference(body, step)


def _free_runs(
    flat: Any, west: float, east: float, low: float, high: float
) -> list[tuple[float, float]]:
    """Stretches of a horizontal strip that lie inside the parcel over their full height."""
    strip = shapely.box(west, low, east, high)
    blocked = sorted(
        (part.bounds[0], part.bounds[2])
        for part in polygons_of(shapely.difference(strip, flat))
        if part.area > 0.05
    )
    runs, at = [], west
    for begin, end in blocked:
        if begin - at > 20:
            runs.append((at, begin))
        at = max(at, end)
    if east - at > 20:
        runs.append((at, east))
    return runs


def _slab_run(
    begin: float, end: float, width: float, most_units: int, rng: np.random.Generator
) -> list[tuple[float, int]]:
    """Place slabs of 2 to `most_units` stairs on a stretch with gaps of 7 to 11 m."""
    gap = float(rng.uniform(7.0, 11.0))
    room = end - begin
    placed: list[tuple[float, int]] = []
    at = begin
    while True:
        left = end - at
        most = int(left / width)
        if most < 2:
            break
        units = int(min(most, most_units, rng.choice([2, 3, 3, 4, 4, 5])))
        rest = left - units * width - gap
        if rest < 2 * width and most <= most_units:
            units = most
        placed.append((at, units))
        at += units * width + gap
    if not placed:
        return []
    used = placed[-1][0] + placed[-1][1] * width - begin
    shift = (room - used) / 2
    return [(x + shift, units) for x, units in placed]


def towers(
    parcel: Any, rng: np.random.Generator, *, floors: tuple[int, int], pitch_m: float = 52.0
) -> list[Footprint]:
    """Point towers in staggered rows, each about 27 × 20 m with notches for light."""
    angle = south_angle(parcel)
    centre = shapely.get_coordinates(shapely.centroid(parcel))[0]
    origin = (float(centre[0]), float(centre[1]))
    flat = turned(parcel, -angle, origin)
    west, south, east, north = flat.bounds
    found = []
    y, row = south + 12.0, 0
    while y < north:
        x = west + 16.0 + (row % 2) * pitch_m * 0.4
        while x < east:
            plan = affinity.translate(_tower_plan(rng), x, y)
            if flat.contains(plan.envelope):
                storeys = int(rng.integers(floors[0], floors[1] + 1))
                found.append(Footprint(turned(plan, angle, origin), "tower", storeys, 1, angle))
                x += pitch_m * rng.uniform(0.95, 1.1)
            else:
                x += 4.0
        y += pitch_m * rng.uniform(0.9, 1.05)
        row += 1
    return found


def _tower_plan(rng: np.random.Generator) -> Any:
    width, depth = rng.uniform(25, 29), rng.uniform(18, 22)
    body = shapely.box(-width / 2, -depth / 2, width / 2, depth / 2)
    notch = shapely.box(-2.6, depth / 2 - 4.5, 2.6, depth / 2)
    sides = [
        shapely.box(-width / 2, -2.2, -width / 2 + 3.2, 2.2),
        shapely.box(width / 2 - 3.2, -2.2, width / 2, 2.2),
    ]
    return shapely.difference(body, shapely.union_all([notch, *sides]))


def houses(
    parcel: Any,
    rng: np.random.Generator,
    *,
    lot_m2: float,
    floors: tuple[int, int],
    empty_share: float = 0.06,
    yard: float = 0.0,
) -> list[Footprint]:
    """Lots cut from the parcel, one house on each.

    Parameters
    ----------
    lot_m2
        Typical lot.
    empty_share
        Share of lots without a house.
    yard
        0 for a closed street front, 1 for houses that stand free in their yards.
    """
    found = []
    for lot in lots(parcel, lot_m2, rng):
        if rng.random() < empty_share:
            continue
        plan = _house_plan(lot, rng, yard)
        if plan is None:
            continue
        storeys = int(rng.integers(floors[0], floors[1] + 1))
        found.append(Footprint(plan, "house", storeys, 1, grain(plan)))
    return found


def lots(parcel: Any, lot_m2: float, rng: np.random.Generator) -> list[Any]:
    """Cut a parcel across its long side again and again, until the lots are small enough."""
    if parcel.area < lot_m2 * rng.uniform(1.2, 1.9):
        return [parcel]
    angle, length, _ = long_axis(parcel)
    turn = np.radians(angle)
    middle = shapely.get_coordinates(shapely.oriented_envelope(parcel))[:4].mean(axis=0)
    along = np.array([np.cos(turn), np.sin(turn)])
    foot = middle + along * length * rng.normal(0, 0.05)
    across = turn + np.pi / 2 + rng.normal(0, 0.025)
    tip = np.array([np.cos(across), np.sin(across)]) * (length + 5)
    pieces = cut(parcel, shapely.linestrings([foot - tip, foot + tip]))
    if len(pieces) < 2:
        return [parcel]
    return [lot for piece in pieces for lot in lots(piece, lot_m2, rng)]


def _house_plan(lot: Any, rng: np.random.Generator, yard: float) -> Any:
    """A rectangle, a lot-filling plan or an L around a yard; None where a lot is too small."""
    inner = polygons_of(lot.buffer(-0.8, join_style="mitre"))
    if not inner or inner[0].area < 38:
        return None
    plan = inner[0]
    angle, length, width = long_axis(plan)
    if width < 5.5 or plan.area / max(length * width, 1) < 0.6:
        return None
    if yard > 0:
        centre = shapely.get_coordinates(shapely.point_on_surface(plan))[0]
        size = np.array([rng.uniform(10, 14), rng.uniform(8.5, 11)])
        box = shapely.box(*(centre - size / 2), *(centre + size / 2))
        turn = angle + rng.normal(0, 4 * yard)
        box = turned(box, turn, (float(centre[0]), float(centre[1])))
        if rng.random() < 0.35:
            wing = turned(
                shapely.box(
                    centre[0] - size[0] / 2,
                    centre[1] - size[1] / 2 - 4.5,
                    centre[0] - size[0] / 2 + 4.5,
                    centre[1] - size[1] / 2,
                ),
                turn,
                (float(centre[0]), float(centre[1])),
            )
            box = shapely.union(box, wing)
        fits = polygons_of(shapely.intersection(box, plan))
        if not fits or fits[0].area < 55:
            return None
        return _tidy(fits[0])
    if plan.area > 190 and rng.random() < 0.7:
        xy = shapely.get_coordinates(shapely.oriented_envelope(plan))
        corner = xy[int(rng.integers(4))]
        court = turned(
            shapely.box(
                corner[0] - length * 0.45,
                corner[1] - width * 0.55,
                corner[0] + length * 0.45,
                corner[1] + width * 0.55,
            ),
            angle,
            (float(corner[0]), float(corner[1])),
        )
        rest = polygons_of(shapely.difference(plan, court))
        if rest and rest[0].area > 70:
            plan = rest[0]
    return _tidy(plan)


def _tidy(plan: Any) -> Any:
    """Drop corners that are hardly corners."""
    return shapely.simplify(plan, 0.35)


def fit(
    parcel: Any,
    plan: Any,
    angle: float,
    taken: list[Any],
    *,
    towards: tuple[float, float] = (0.0, 0.0),
    clear_m: float = 6.0,
) -> Any:
    """Move a plan, drawn around the origin, to a free spot of the parcel.

    `towards` says which corner is wanted, each part from -1 (west, south) to 1 (east, north) in the
    turned parcel. Returns None where it fits nowhere.
    """
    centre = shapely.get_coordinates(shapely.centroid(parcel))[0]
    origin = (float(centre[0]), float(centre[1]))
    free = turned(parcel, -angle, origin)
    if taken:
        others = shapely.union_all(taken).buffer(clear_m, join_style="mitre")
        free = shapely.difference(free, turned(others, -angle, origin))
    west, south, east, north = free.bounds if not free.is_empty else (0.0, 0.0, 0.0, 0.0)
    wanted = np.array(
        [
            (west + east) / 2 + towards[0] * (east - west) / 2,
            (south + north) / 2 + towards[1] * (north - south) / 2,
        ]
    )
    x0, y0, x1, y1 = plan.bounds
    xs = np.arange(west - x0, east - x1 + 0.01, 4.0)
    ys = np.arange(south - y0, north - y1 + 0.01, 4.0)
    if not len(xs) or not len(ys):
        return None
    spots = np.array(np.meshgrid(xs, ys)).reshape(2, -1).T
    spots = spots[np.argsort(np.linalg.norm(spots - wanted, axis=1), kind="stable")]
    shapely.prepare(free)
    for x, y in spots:
        moved = affinity.translate(plan, x, y)
        if free.contains(moved):
            return turned(moved, angle, origin)
    return None
