"""From a drawn site to a town: streets, water, blocks with their uses, and the ground to build on.

Coordinates are metres of the place's own plane; a site's centre becomes a whole metre of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from gridmap.demo.curves import polygons_of, smooth
from gridmap.demo.names import street_names
from gridmap.demo.site import Area, Name, Site
from gridmap.demo.subdivision import Habit, subdivide
from gridmap.geometry.crs import LocalCRS, local_crs

RURAL = frozenset({"farmland", "forest", "orchard"})
QUARTER_HECTARES = {
    "old": 2.4,
    "houses": 3.2,
    "estate": 3.6,
    "towers": 4.2,
    "commercial": 2.2,
    "industrial": 5.0,
    "village": 4.0,
    "farmland": 9.0,
    "orchard": 9.0,
    "forest": 30.0,
    "park": 6.0,
}
QUARTER_HABIT = Habit(area_m2=0.0, bow=0.05, tilt=5.0, narrow=75.0)
# Lanes inside a quarter: how small the blocks get, and how wide and crooked the lanes are.
LANES: dict[str, tuple[Habit, float]] = {
    "old": (Habit(3600.0, bow=0.10, tilt=8.0, narrow=26.0), 3.6),
    "houses": (Habit(4200.0, bow=0.03, tilt=3.0, narrow=30.0, elongated=1.6), 5.5),
    "village": (Habit(6500.0, bow=0.14, tilt=11.0, narrow=34.0), 4.0),
}
SETBACK_M = {"old": 0.7, "houses": 1.0, "village": 1.8, "commercial": 4.0}
STREAM_SETBACK_M = 7.0


@dataclass(frozen=True)
class Street:
    """A stretch of street between its ends, by its centre line."""

    name: Name | None
    kind: str
    width_m: float
    line: Any


@dataclass(frozen=True)
class WaterBody:
    """A body of water: its surface, and the line that divides what lies on its two sides."""

    name: Name | None
    kind: str
    surface: Any
    divide: Any


@dataclass
class Block:
    """A face between street centre lines, and the parcel that is left of it to build on."""

    face: Any
    parcel: Any
    use: str
    quarter: int
    name: Name | None = None
    floors: tuple[int, int] | None = None
    footprints: list[Any] = field(default_factory=list)
    grounds: list[tuple[str, Name | None, Any]] = field(default_factory=list)
    lanes: list[Any] = field(default_factory=list)


@dataclass
class Town:
    """Everything that stands still."""

    crs: LocalCRS
    centre: Any  # x and y of the site's centre
    territory: Any
    streets: list[Street]
    waters: list[WaterBody]
    blocks: list[Block]
    around: list[tuple[str, Any]]  # land use beyond the territory, for the eye only


def street_code(place: str, number: int) -> str:
    """The code of a street of a place, counted from 0."""
    return f"{place}-D{number + 1:04d}"


def grow(site: Site, rng: np.random.Generator) -> Town:
    """Grow streets, water and blocks from what is drawn; no buildings yet."""
    crs = local_crs(site.longitude)
    centre = np.round(crs.to_metres(np.array([[site.longitude, site.latitude]]))[0])
    streets = _drawn_streets(site, centre)
    waters = _waters(site, centre)
    extent = _placed(shapely.polygons(site.extent), site, centre)
    frame = shapely.envelope(extent.buffer(420))
    lines = [street.line for street in streets] + [water.divide for water in waters]
    drawn = shapely.union_all([*lines, frame.exterior])
    faces = polygons_of(shapely.polygonize(shapely.get_parts(drawn)))
    inside = [face for face in faces if extent.contains(face.representative_point())]
    outside = [face for face in faces if not extent.contains(face.representative_point())]
    quarters, lines = _quarters(site, inside, centre, waters, rng)
    wet = shapely.union_all([water.surface for water in waters]).buffer(4.0)
    streets += [
        replace(street, line=shapely.difference(street.line, wet))
        for street in _grown_streets(lines, quarters)
    ]
    blocks, lanes = _blocks(quarters, rng)
    streets += [replace(lane, line=shapely.difference(lane.line, wet)) for lane in lanes]
    _clear_parcels(blocks, streets, waters)
    view = shapely.envelope(extent).buffer(300, join_style="mitre")
    uses = _Uses(site, centre)
    around = [(uses.of(face).use, shapely.intersection(face, view)) for face in outside]
    return Town(
        crs,
        centre,
        shapely.union_all(inside),
        _named(site, [_clipped(street, view) for street in streets]),
        [replace(water, surface=shapely.intersection(water.surface, view)) for water in waters],
        blocks,
        around,
    )


def _clipped(street: Street, view: Any) -> Street:
    line = shapely.intersection(street.line, view)
    return replace(
        street, line=shapely.line_merge(line) if line.geom_type != "LineString" else line
    )


def _placed(geometry: Any, site: Site, centre: Any) -> Any:
    scaled = affinity.scale(geometry, site.scale, site.scale, origin=(0.0, 0.0))
    return affinity.translate(scaled, *centre)


def _drawn_streets(site: Site, centre: Any) -> list[Street]:
    drawn = [
        _placed(
            shapely.linestrings(
                smooth(np.array(road.points)) if road.smooth else np.array(road.points)
            ),
            site,
            centre,
        )
        for road in site.roads
    ]
    shores = [water.divide for water in _waters(site, centre)]
    return [
        Street(
            road.name, road.kind, road.width_m, _tied(line, [*drawn[:i], *drawn[i + 1 :], *shores])
        )
        for i, (road, line) in enumerate(zip(site.roads, drawn, strict=True))
    ]


def _tied(line: Any, others: list[Any]) -> Any:
    """Draw an end that stops just short of another line on to it: a drawn junction is meant."""
    for end in (0, -1):
        tip = shapely.points(line.coords[end])
        near = shapely.union_all([other for other in others if other.distance(tip) < 25])
        inner = shapely.line_interpolate_point(line, 25 if end == 0 else line.length - 25)
        last = shapely.linestrings([tip.coords[0], inner.coords[0]])
        if near.is_empty or near.intersects(last):
            continue
        foot = np.array(shapely.shortest_line(tip, near).coords[1])
        way = foot - np.array(tip.coords[0])
        if np.linalg.norm(way) < 0.01:
            way = np.array(tip.coords[0]) - np.array(inner.coords[0])
        # 2 cm too far: an end exactly on another line may miss it by the last bit.
        foot = foot + 0.02 * way / np.linalg.norm(way)
        coords = [foot, *line.coords] if end == 0 else [*line.coords, foot]
        line = shapely.linestrings(coords)
    return line


def _waters(site: Site, centre: Any) -> list[WaterBody]:
    found = []
    for stream in site.streams:
        if stream.width_m:
            line = _placed(shapely.linestrings(smooth(np.array(stream.points))), site, centre)
            surface = line.buffer(stream.width_m / 2, cap_style="flat", join_style="round")
            found.append(WaterBody(stream.name, stream.kind, surface, line))
        else:
            shore = smooth(np.array((*stream.points, stream.points[0])))
            surface = _placed(shapely.polygons(shore), site, centre)
            found.append(WaterBody(stream.name, stream.kind, surface, surface.exterior))
    return found


class _Uses:
    """What the ground at a point is used for: as the nearest area, a heavy one reaching further."""

    def __init__(self, site: Site, centre: Any) -> None:
        self._areas = site.areas
        self._xy = np.array([(area.x, area.y) for area in site.areas]) * site.scale + centre
        self._weight = np.array([area.weight for area in site.areas])

    def at(self, xy: Any) -> list[Area]:
        """The area of each of the points (n, 2)."""
        way = np.linalg.norm(xy[:, None, :] - self._xy[None], axis=2) / self._weight
        return [self._areas[i] for i in np.argmin(way, axis=1).tolist()]

    def of(self, face: Any) -> Area:
        """The area of a face, by a point inside it."""
        return self.at(shapely.get_coordinates(face.representative_point()))[0]


def _quarters(
    site: Site, faces: list[Any], centre: Any, waters: list[WaterBody], rng: np.random.Generator
) -> tuple[list[Block], list[Any]]:
    """Cut the faces of the skeleton into quarters and say what each is used for.

    Returns the quarters and the lines that cut them.
    """
    hectares = {**QUARTER_HECTARES, **site.quarter_hectares}
    uses = _Uses(site, centre)
    lakes = shapely.union_all([w.surface for w in waters if w.divide.is_closed])

    def limit(face: Any) -> float:
        """The smallest quarter that any use inside a face asks for, in m²."""
        west, south, east, north = face.bounds
        grid = np.array(np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5)))
        spots = grid.reshape(2, -1).T
        shapely.prepare(face)
        inside = spots[shapely.contains_xy(face, spots[:, 0], spots[:, 1])]
        own = shapely.get_coordinates(face.representative_point())
        return 1e4 * min(hectares[area.use] for area in uses.at(np.vstack((own, inside))))

    quarters: list[Block] = []
    lines: list[Any] = []
    for face in faces:
        if lakes.intersects(face.representative_point()):
            quarters.append(Block(face, face, "water", 0))
            continue
        pieces, cuts = subdivide(face, replace(QUARTER_HABIT, area_m2=limit), rng)
        for piece in pieces:
            area = uses.of(piece)
            quarters.append(Block(piece, piece, area.use, 0, floors=area.floors))
        lines += [part for _, line in cuts for part in shapely.get_parts(line)]
    for wanted in site.institutions:
        spot = shapely.points(np.array([wanted.x, wanted.y]) * site.scale + centre)
        low, high = wanted.hectares
        free = [
            quarter
            for quarter in quarters
            if quarter.name is None
            and quarter.use not in {"water", "forest"}
            and low <= quarter.face.area / 1e4 <= high
        ]
        chosen = min(
            free,
            key=lambda quarter: (
                quarter.face.distance(spot) + 0.05 * quarter.face.centroid.distance(spot)
            ),
        )
        chosen.use, chosen.name = wanted.use, wanted.name
    return quarters, lines


def _grown_streets(lines: list[Any], quarters: list[Block]) -> list[Street]:
    """Streets along the cuts between quarters: as wide as what lies beside them asks for."""
    tree = shapely.STRtree([quarter.face for quarter in quarters])
    streets = []
    for line in lines:
        middle = shapely.line_interpolate_point(line, 0.5, normalized=True).buffer(4)
        uses = {quarters[i].use for i in tree.query(middle, predicate="intersects")}
        if uses <= RURAL | {"park", "water"}:
            streets.append(Street(None, "path", 3.0, line))
        elif uses & (RURAL | {"village"}):
            streets.append(Street(None, "street", 7.0, line))
        else:
            width = 14.0 if line.length > 350 else 11.0 if line.length > 180 else 9.0
            streets.append(Street(None, "street", width, line))
    return streets


def _blocks(quarters: list[Block], rng: np.random.Generator) -> tuple[list[Block], list[Street]]:
    """Cut quarters into blocks by lanes, where their use has lanes."""
    blocks: list[Block] = []
    lanes: list[Street] = []
    for number, quarter in enumerate(quarters):
        if quarter.use not in LANES:
            blocks.append(replace(quarter, quarter=number))
            continue
        habit, width = LANES[quarter.use]
        pieces, lines = subdivide(quarter.face, habit, rng)
        blocks += [
            replace(quarter, face=piece, quarter=number, footprints=[], grounds=[])
            for piece in pieces
        ]
        lanes += [
            Street(None, "lane", width + (1.5 if depth == 0 else 0.0), part)
            for depth, line in lines
            for part in shapely.get_parts(line)
        ]
    return blocks, lanes


def _clear_parcels(blocks: list[Block], streets: list[Street], waters: list[WaterBody]) -> None:
    """Take the ground of streets and water, and a setback, from every block."""
    roads = np.array([street.line.buffer(street.width_m / 2) for street in streets], dtype=object)
    tree = shapely.STRtree(roads)
    wet = [water.surface.buffer(STREAM_SETBACK_M) for water in waters]
    for block in blocks:
        near = tree.query(block.face, predicate="intersects")
        setback = SETBACK_M.get(block.use, 5.0)
        ground = block.face.buffer(-setback)
        if block.use != "water":
            ground = shapely.difference(
                ground, shapely.union_all([*(roads[i].buffer(setback) for i in near), *wet])
            )
        parts = polygons_of(ground)
        block.parcel = parts[0] if parts else shapely.Polygon()


def _named(site: Site, streets: list[Street]) -> list[Street]:
    """Give names to the longest of the streets and lanes that have none."""
    drawn = {street.name.zh for street in streets if street.name is not None}
    names: dict[str, list[Name]] = {
        "street": [name for name in street_names(site) if name.zh not in drawn],
        "lane": list(site.lane_names),
    }
    order = sorted(range(len(streets)), key=lambda i: -streets[i].line.length)
    result = list(streets)
    for i in order:
        street = streets[i]
        if street.name is None and names.get(street.kind) and street.line.length > 45:
            result[i] = replace(street, name=names[street.kind].pop(0))
    return [street for street in result if not street.line.is_empty]
