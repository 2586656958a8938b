"""Densities: a smooth surface in the plane, and one along the streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.density import Surface
from gridmap.errors import Fault, InvalidInput
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.finding import Finding, Spot, rank
from gridmap.services.hotspots.ground import outline
from gridmap.services.hotspots.words import Entry, Words, ordered_legend, short

_SAMPLE = 2_000  # points that a bandwidth is chosen from: all pairs are looked at
_PIXELS_PER_SIGMA = 4.0
_MOST_PIXELS = 1_024
# Shares of the highest value at which classes begin; the lowest is not shown at all.
_BANDS = (0.05, 0.15, 0.3, 0.5, 0.75)
_HOT = 4  # from this class on, a region is a hotspot
_REACH_M = 100.0
_LIXEL_M = 20.0
_WIDEST_ON_STREETS_M = 400.0
_CHOSEN = {
    "cross-validation": Words("交叉验证选定", "chosen by cross-validation"),
    "diggle": Words("Diggle 法选定", "chosen by Diggle's rule"),
    "silverman": Words("Silverman 法则选定", "chosen by Silverman's rule"),
    "scott": Words("Scott 法则选定", "chosen by Scott's rule"),
    "arcgis": Words("ArcGIS 法则选定", "chosen as ArcGIS does"),
}


@dataclass(frozen=True)
class Raster:
    """A density with its classes, for tiles; rows from the south, as in `Surface`."""

    surface: Surface
    kinds: NDArray[np.uint8]


def density(case: Case) -> Finding:
    """Kernel density in incidents per km², in bands of its highest value."""
    made = make_raster(case)
    if made is None:
        return _nothing()
    surface, kinds = made.surface, made.kinds
    rows = [_band(surface, kinds == kind) for kind in range(1, len(_BANDS) + 1)]
    filled = [(kind, shape) for kind, shape in enumerate(rows, 1) if not shape.is_empty]
    peak = float(np.nanmax(surface.density)) * 1e6
    limits = [*(share * peak for share in _BANDS), peak]
    spots = _regions(case, surface, kinds)
    return Finding(
        np.array([shape for _, shape in filled], object),
        np.array([kind for kind, _ in filled], np.int64),
        np.array([kind for kind, _ in filled], np.int64),
        {"from_km2": np.array([limits[kind - 1] for kind, _ in filled])},
        ordered_legend(limits, Words("件/平方公里", "incidents per km²")),
        spots,
        _said(
            case, surface.sigma_m, "核密度，边缘已校正。", "Kernel density, corrected at the edges."
        ),
        tables={"settled": {"bandwidth_m": round(surface.sigma_m, 1)}},
    )


def make_raster(case: Case) -> Raster | None:
    """The surface on which density tiles are drawn; None without incidents."""
    xy = case.incidents.xy
    if len(xy) < 2:
        return None
    sigma = choose_bandwidth(case)
    west, south, east, north = case.area.bounds
    pixel = max(sigma / _PIXELS_PER_SIGMA, max(east - west, north - south) / _MOST_PIXELS)
    columns, rows = (max(int(np.ceil(side / pixel)), 4) for side in (east - west, north - south))
    bounds = (west, south, west + columns * pixel, south + rows * pixel)
    mask = _inside(case, bounds, columns, rows)
    surface = hotspots.density_surface(
        xy[:, 0],
        xy[:, 1],
        bounds,
        sigma_m=max(sigma, pixel),
        columns=columns,
        rows=rows,
        kernel=case.question.kernel,
        mask=mask,
    )
    values = np.nan_to_num(surface.density)
    limits = np.array(_BANDS) * max(float(values.max()), 1e-300)
    return Raster(surface, np.searchsorted(limits, values, side="right").astype(np.uint8))


def choose_bandwidth(case: Case) -> float:
    """The standard deviation of the kernel in metres: the given one, or by the rule asked for."""
    question, xy = case.question, case.incidents.xy
    if question.bandwidth_m is not None:
        return question.bandwidth_m
    if len(xy) > _SAMPLE:
        rng = np.random.default_rng(question.seed)
        xy = xy[np.sort(rng.choice(len(xy), _SAMPLE, replace=False))]
    x, y = xy[:, 0], xy[:, 1]
    west, south, east, north = case.area.bounds
    bounds = (
        min(west, float(x.min())), min(south, float(y.min())),
        max(east, float(x.max())), max(north, float(y.max())),
    )  # fmt: skip
    if len(np.unique(xy, axis=0)) < 4:
        sigma = 100.0
    elif question.rule == "silverman":
        sigma = hotspots.silverman_bandwidth(x, y)
    elif question.rule == "scott":
        sigma = float(np.prod(hotspots.scott_bandwidths(x, y)) ** 0.5)
    elif question.rule == "arcgis":
        sigma = hotspots.arcgis_search_radius(x, y) / 8**0.5
    elif question.rule == "diggle":
        sigma = hotspots.diggle_bandwidth(x, y, bounds).sigma_m
    else:
        candidates = np.geomspace(20.0, 1_000.0, 12)
        sigma = hotspots.likelihood_bandwidth(x, y, bounds, candidates=candidates).sigma_m
    return float(np.clip(sigma, 15.0, 2_000.0))


def _inside(
    case: Case, bounds: tuple[float, float, float, float], columns: int, rows: int
) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = south + (np.arange(rows) + 0.5) * (north - south) / rows
    shapely.prepare(case.area)
    across, up = np.meshgrid(x, y)
    inside: NDArray[np.bool_] = shapely.contains_xy(case.area, across, up)
    # Reports at the very border belong to a pixel whose middle may lie outside.
    grown: NDArray[np.bool_] = ndimage.binary_dilation(inside)
    return grown


def _band(surface: Surface, wanted: NDArray[np.bool_]) -> Any:
    return outline(wanted, surface.bounds[:2], surface.pixel_m)


def _regions(case: Case, surface: Surface, kinds: NDArray[np.uint8]) -> list[Spot]:
    """Connected ground at half of the highest density or more, the most incidents first."""
    west, south, _, _ = surface.bounds
    width, height = surface.pixel_m
    label, number = ndimage.label(kinds >= _HOT)
    xy = case.incidents.xy
    column = np.clip(((xy[:, 0] - west) / width).astype(int), 0, label.shape[1] - 1)
    row = np.clip(((xy[:, 1] - south) / height).astype(int), 0, label.shape[0] - 1)
    of_incident = label[row, column]
    mean = len(xy) / float(case.area.area)
    spots = []
    for region in range(1, number + 1):
        mask = label == region
        ground = _band(surface, mask)
        inside = np.flatnonzero(of_incident == region)
        weights = np.where(mask, np.nan_to_num(surface.density), 0)
        y, x = ndimage.center_of_mass(weights)
        highest = float(weights.max())
        spots.append(
            Spot(
                np.empty(0, np.int64),
                ground,
                (west + (x + 0.5) * width, south + (y + 0.5) * height),
                len(inside),
                round(mean * float(ground.area), 1),
                int(kinds[mask].max()),
                highest,
                Words(
                    f"最高 {short(highest * 1e6)} 件/平方公里",
                    f"up to {short(highest * 1e6)} per km²",
                ),
            )
        )
    return rank(spots)


def street_density(case: Case) -> Finding:
    """Density along the streets, in incidents per 100 m; crossings share what arrives."""
    streets = case.areas
    if streets is None or not len(streets.id):
        raise InvalidInput(
            f"{case.question.place} has no streets",
            hint="Ask for the density in the plane instead.",
            faults=(Fault("no streets here", field="method"),),
        )
    graph = hotspots.street_graph(case.crs.project(streets.geom))
    x, y = case.incidents.xy.T
    snapped = hotspots.snap_to_streets(x, y, graph.lines, reach_m=_REACH_M)
    if not len(snapped.edge):
        return _nothing()
    sigma = _bandwidth_along(case)
    made = hotspots.network_density(
        graph.first,
        graph.second,
        graph.length_m,
        snapped.edge,
        np.minimum(snapped.offset_m, graph.length_m[snapped.edge]),
        sigma_m=sigma,
        kernel=case.question.kernel,
        lixel_m=_LIXEL_M,
    )
    # One line a lixel, in bands of the highest value as in the plane.
    values = made.density * 100
    peak = float(values.max())
    kinds = np.searchsorted(np.array(_BANDS) * peak, values, side="right")
    shown = np.flatnonzero(kinds > 0)
    pieces = _cut(graph.lines, made.edge[shown], made.start_m[shown], made.end_m[shown])
    limits = [*(share * peak for share in _BANDS), peak]
    spots = _stretches(case, pieces, kinds[shown], values[shown])
    return Finding(
        pieces,
        shown,
        kinds[shown],
        {"per_100_m": values[shown]},
        ordered_legend(limits, Words("件/百米", "incidents per 100 m of street")),
        spots,
        _said(
            case,
            sigma,
            f"沿街道的核密度：{len(snapped.edge):,} 件移到 {_REACH_M:g} 米内最近的街道上，"
            f"{len(snapped.unsnapped):,} 件附近没有街道，不计入。",
            f"Density along streets: {len(snapped.edge):,} incidents moved to the nearest street"
            f" within {_REACH_M:g} m; {len(snapped.unsnapped):,} without a street are left out.",
        ),
        tables={"settled": {"bandwidth_m": round(sigma, 1)}},
    )


def _bandwidth_along(case: Case) -> float:
    """As in the plane, but no wider than a walk through the neighbourhood."""
    given = case.question.bandwidth_m
    if given is not None and given > _WIDEST_ON_STREETS_M:
        raise InvalidInput(
            f"Along streets a bandwidth is {_WIDEST_ON_STREETS_M:g} m at most",
            hint="Give a smaller one, or none: the data chooses.",
            faults=(Fault(f"{given:g} m", field="bandwidth"),),
        )
    return min(choose_bandwidth(case), _WIDEST_ON_STREETS_M)


def _cut(
    lines: NDArray[Any],
    edge: NDArray[np.int64],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
) -> NDArray[np.object_]:
    a = shapely.get_coordinates(shapely.line_interpolate_point(lines[edge], start))
    b = shapely.get_coordinates(shapely.line_interpolate_point(lines[edge], end))
    made: NDArray[np.object_] = shapely.linestrings(np.stack((a, b), axis=1))
    return made


def _stretches(
    case: Case, pieces: NDArray[Any], kinds: NDArray[Any], values: NDArray[np.float64]
) -> list[Spot]:
    """Hot lixels that lie within a lixel of each other, as one stretch each."""
    hot = np.flatnonzero(kinds >= _HOT)
    if not len(hot):
        return []
    ground = shapely.union_all(shapely.buffer(pieces[hot], _LIXEL_M))
    points = case.incidents
    spots = []
    for part in shapely.get_parts(ground):
        shapely.prepare(part)
        members = hot[shapely.intersects(part, pieces[hot])]
        reach = shapely.buffer(part, _REACH_M / 2)
        shapely.prepare(reach)
        near = points.xy[points.within(*reach.bounds)]
        inside = int(shapely.intersects_xy(reach, near).sum())
        middles = shapely.get_coordinates(shapely.centroid(pieces[members]))
        x, y = np.average(middles, axis=0, weights=values[members])
        highest = float(values[members].max())
        spots.append(
            Spot(
                members,
                part,
                (float(x), float(y)),
                inside,
                None,
                int(kinds[members].max()),
                highest,
                Words(f"最高 {short(highest)} 件/百米", f"up to {short(highest)} per 100 m"),
            )
        )
    return rank(spots)


def _said(case: Case, sigma: float, zh: str, en: str) -> Words:
    question = case.question
    given = question.bandwidth_m is not None
    chosen = Words("给定", "as given") if given else _CHOSEN[question.rule]
    return Words(
        f"{zh}带宽（标准差）{sigma:.0f} 米，{chosen.zh}；不作检验。",
        f"{en} Bandwidth (standard deviation) {sigma:.0f} m, {chosen.en}; no test.",
    )


def _nothing() -> Finding:
    empty = np.empty(0, np.int64)
    legend: list[Entry] = []
    said = Words("事件太少，无法估计密度。", "Too few incidents for a density.")
    return Finding(np.empty(0, object), empty, empty, {}, legend, [], said)
