"""Resource points of a place in k compact areas of balanced size, drawn without overlap."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.algorithms.areas import CompactAreas, cut_points
from gridmap.errors import InvalidInput
from gridmap.geometry.crs import LATTICE_M, LocalCRS
from gridmap.store import database, places
from gridmap.store.areas import read_ground, read_points
from gridmap.store.database import Engine


def cut(engine: Engine, place: str, *, category: str, k: int, seed: int = 0) -> dict[str, Any]:
    """Cut the points of a category into k areas whose sizes differ by one point at most.

    The areas are cells of a power diagram over the ground of the place: every point is in exactly
    one, and none overlaps another. The same seed gives the same areas.

    Returns
    -------
    `areas`: number (1 to k, from west to east), `count`, `points` (ids), `centre` and `geometry` in
    degrees; `points`: every point with the number of its area.

    Raises
    ------
    NotFound
        No such place.
    InvalidInput
        The place has fewer points of this category than areas were asked for.
    """
    with database.translated(), engine.connect() as connection:
        crs = LocalCRS(places.read_meridian(connection, place))
        points = read_points(connection, place, category)
        ground = read_ground(connection, place)
    if len(points) < k:
        raise InvalidInput(
            f"{len(points)} points of {category} cannot be cut into {k} areas",
            hint="Ask for fewer areas, or for another category.",
        )
    xy = crs.to_metres(np.array([(point["lon"], point["lat"]) for point in points]))
    found = cut_points(xy, k, seed=seed)
    cells = _tile(found, _around(None if ground is None else crs.project(ground), xy))
    centres = crs.to_degrees(found.centre)
    return {
        "place": place,
        "category": category,
        "seed": seed,
        "areas": [
            {
                "number": number + 1,
                "count": int((found.area == number).sum()),
                "points": [points[i]["id"] for i in np.flatnonzero(found.area == number)],
                "centre": [round(float(value), 7) for value in centres[number]],
                "spread_m": _spread(found, xy, number),
                "geometry": shapely.geometry.mapping(crs.publish(cells[number])),
            }
            for number in range(k)
        ],
        "points": [
            point | {"area": int(area) + 1}
            for point, area in zip(points, found.area.tolist(), strict=True)
        ],
    }


def _around(ground: Any, xy: Any) -> Any:
    """The ground in metres, with every point in it, should one lie outside of the territory."""
    points = shapely.multipoints(xy)
    if ground is not None and ground.covers(points):
        return ground
    reach = shapely.buffer(shapely.convex_hull(points), 50.0)
    return reach if ground is None else shapely.union(ground, reach)


def _tile(found: CompactAreas, ground: Any) -> list[Any]:
    """The cells on the lattice, with every shared corner in both neighbours: no overlap, no gap."""
    lines = shapely.boundary([*found.cells(ground), ground])
    faces = shapely.get_parts(
        shapely.polygonize(shapely.get_parts(shapely.union_all(lines, grid_size=LATTICE_M)))
    )
    inner = shapely.point_on_surface(faces)
    faces, inner = faces[shapely.covers(ground, inner)], inner[shapely.covers(ground, inner)]
    step = shapely.get_coordinates(inner)[:, None, :] - found.centre[None, :, :]
    nearest = ((step**2).sum(axis=2) - found.weight).argmin(axis=1)
    return [shapely.coverage_union_all(faces[nearest == one]) for one in range(len(found.centre))]


def _spread(found: CompactAreas, xy: Any, number: int) -> int:
    """Mean distance of an area's points from its centre, in metres."""
    step = xy[found.area == number] - found.centre[number]
    return round(float(np.hypot(step[:, 0], step[:, 1]).mean()))
