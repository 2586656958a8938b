"""Find GCJ-02 or BD-09 that was read as WGS 84, and WGS 84 that was shifted once too often.

Nothing in a file tells; what is stored already does. A sample of the import is compared with the
territory of its place and with the streets and buildings around it, once as it was read and once
for each other datum that it could be in. Features of the right datum lie in their territory, on
their streets, on their buildings, and buildings do not stand on streets.

A datum wins when clearly more features fit under it than as the file was read (an exact sign test
over those for which it makes a difference, and a least share). Where nothing is stored nearby,
nothing can be said, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import InvalidInput
from gridmap.geometry.crs import LocalCRS, local_crs
from gridmap.geometry.datum import Datum
from gridmap.services.transfer.pages import Geometries
from gridmap.services.transfer.references import Reference
from gridmap.services.transfer.screening import Bounds

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
# table, west-south-east-north → geometries of the table there
ReadNear = Callable[[str, Bounds], Geometries]

_SAMPLE = 400
_LEAST = 30  # features to compare, and things to compare them with
_WINDOW_DEG = 0.02
_CHANCE = 1e-6
_NAMES: dict[str, str] = {
    "wgs84": "WGS 84",
    "cgcs2000": "CGCS2000",
    "gcj02": "GCJ-02",
    "bd09": "BD-09",
}
# Around a datum's own offset others are tried: coarsely for the peak, then finely for its place.
_REACH_M = 240.0
_COARSE_M = 40.0
_FINE_M = 10.0
_SEARCHED = 150
# How near the best of them must be to the datum's own to confirm it.
_AGREES_M = 90.0


@dataclass(frozen=True)
class Evidence:
    """One comparison: the share of the sample that fits under each datum."""

    compared_with: str
    sampled: int
    fits: dict[str, float]
    winner: Datum | None
    shift_m: tuple[float, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The form of a report."""
        return {
            "compared_with": self.compared_with,
            "sampled": self.sampled,
            "fits": {name: round(share, 3) for name, share in self.fits.items()},
        }


def check_datum(
    degrees: Geometries,
    *,
    table: str,
    reference: Reference,
    territory: Any | None,
    read_near: ReadNear,
) -> dict[str, Any]:
    """Compare an import with what is stored around it.

    Parameters
    ----------
    degrees
        Features of the first page, in the file's own degrees; None where refused.
    table
        Table of the layer that they are for.
    reference
        What they were taken for.
    territory
        Area of their place in WGS 84, if it has one.
    read_near
        Reads what a table has in a bounding box.

    Returns
    -------
    For the report: `verdict` (*no sign of another datum*, *nothing to compare with*, *too few to
    compare*, *overridden*, *not needed*) and
    what was compared.

    Raises
    ------
    InvalidInput
        It looks like another datum, and the user has not said which one it is.
    """
    told: Datum = "wgs84" if reference.datum in {None, "cgcs2000"} else reference.datum
    sample = degrees[~shapely.is_missing(degrees)]
    if len(sample) < _LEAST:
        return {"verdict": "too few to compare"}
    if not (reference.is_degrees or reference.crs.to_epsg() == 3857):
        # Nobody projects GCJ-02 into a national grid.
        return {"verdict": "not needed"}
    found: list[Evidence] = []
    for evidence in _compare(sample, table, reference, told, territory, read_near):
        found.append(evidence)
        if evidence.winner is not None:
            break
    listed = [evidence.as_dict() for evidence in found]
    if not found:
        return {"verdict": "nothing to compare with"}
    last = found[-1]
    if last.winner is None:
        return {"verdict": "no sign of another datum", "comparisons": listed}
    if reference.datum is not None:
        return {"verdict": "overridden", "looks_like": last.winner, "comparisons": listed}
    raise _refusal(last, told)


def _refusal(evidence: Evidence, told: Datum) -> InvalidInput:
    assert evidence.winner is not None
    name = _NAMES[evidence.winner]
    shift = ""
    if evidence.shift_m is not None:
        east, north = evidence.shift_m
        shift = (
            f": it lies {np.hypot(east, north):,.0f} m off ({abs(east):,.0f} m "
            f"{'east' if east > 0 else 'west'}, {abs(north):,.0f} m "
            f"{'north' if north > 0 else 'south'}), as {name} does"
        )
    return InvalidInput(
        f"The file looks like {name} read as {_NAMES[told]}{shift}. Compared with "
        f"{evidence.compared_with}, {evidence.fits[told]:.0%} of {evidence.sampled} features fit "
        f"as read, {evidence.fits[evidence.winner]:.0%} as {name}",
        hint=f"Give --datum {evidence.winner}; or --datum wgs84 if you know that it is WGS 84.",
    )


def _compare(
    sample: Geometries,
    table: str,
    reference: Reference,
    told: Datum,
    territory: Any | None,
    read_near: ReadNear,
) -> Iterator[Evidence]:
    others: list[Datum] = [name for name in ("wgs84", "gcj02", "bd09") if name != told]
    if territory is not None:
        chosen = sample[np.linspace(0, len(sample) - 1, min(len(sample), _SAMPLE)).astype(int)]
        shapely.prepare(territory)
        fits = {
            name: np.asarray(
                shapely.intersects(territory, _points(reference.to_wgs84(chosen, name)))
            )
            for name in (told, *others)
        }
        yield _judged("the territory of the place", fits, told, others, least_fit=0.98)
    for window in _windows(sample, reference, read_near):
        yield from window.compare(table, told, others)


def _points(geometry: Any) -> Any:
    return shapely.point_on_surface(geometry)


def _judged(
    what: str,
    fits: dict[Datum, Bools],
    told: Datum,
    others: list[Datum],
    *,
    least_fit: float,
) -> Evidence:
    """Decide whether another datum fits clearly better than the one that was told."""
    shares: dict[str, float] = {name: float(np.mean(good)) for name, good in fits.items()}
    winner: Datum | None = None
    for name in sorted(others, key=lambda other: -shares[other]):
        gained = int(np.count_nonzero(fits[name] & ~fits[told]))
        lost = int(np.count_nonzero(fits[told] & ~fits[name]))
        clear = gained - lost >= 0.08 * len(fits[told]) and shares[name] >= least_fit
        if clear and _sign_test(gained, lost) < _CHANCE:
            winner = name
            break
    return Evidence(what, len(fits[told]), shares, winner)


def _sign_test(gained: int, lost: int) -> float:
    """Chance of at least `gained` heads in `gained + lost` throws of a fair coin."""
    throws = gained + lost
    if throws == 0:
        return 1.0
    return float(sum(comb(throws, heads) for heads in range(gained, throws + 1)) / 2**throws)


class _Window:
    """A few square kilometres: the features of the import there, and what is stored there."""

    def __init__(
        self, sample: Geometries, stored: dict[str, Geometries], crs: LocalCRS, reference: Reference
    ) -> None:
        self.sample = sample
        self.crs = crs
        self.reference = reference
        self.trees = {
            table: shapely.STRtree(crs.project(found))
            for table, found in stored.items()
            if len(found) >= _LEAST
        }

    def under(self, datum: Datum) -> Geometries:
        """The features in metres, if the file is in `datum`."""
        return np.asarray(self.crs.project(self.reference.to_wgs84(self.sample, datum)))

    def compare(self, table: str, told: Datum, others: list[Datum]) -> Iterator[Evidence]:
        """Compare with each kind of thing that the layer has to do with."""
        for what, stored, fit in _COMPARISONS[table]:
            tree = self.trees.get(stored)
            if tree is None:
                continue
            fits = {name: fit(tree, self.under(name)) for name in (told, *others)}
            evidence = _judged(what, fits, told, others, least_fit=0.25)
            if evidence.winner is None:
                yield evidence
                continue
            # Right coordinates fit best where they are, and clearly worse some metres away; where
            # everything is wrong, one offset is as good as another.
            here = _peak(tree, fit, self.under(told))
            there = _peak(tree, fit, self.under(evidence.winner))
            agrees = np.hypot(*there.offset_m) <= _AGREES_M and there.height > here.height
            off = _mean_shift(self.under(told), self.under(evidence.winner))
            yield Evidence(
                what,
                evidence.sampled,
                evidence.fits,
                evidence.winner if agrees else None,
                (off[0] - there.offset_m[0], off[1] - there.offset_m[1]),
            )


def _mean_shift(told: Geometries, moved: Geometries) -> tuple[float, float]:
    """How far the features lie from where the other datum has them, in metres."""
    xy = shapely.get_coordinates(told).mean(axis=0) - shapely.get_coordinates(moved).mean(axis=0)
    return (float(xy[0]), float(xy[1]))


@dataclass(frozen=True)
class _Peak:
    """Where around a position most features fit, and how many more than further away."""

    offset_m: tuple[float, float]  # east, north
    height: float


def _peak(
    tree: shapely.STRtree, fit: Callable[[Any, Geometries], Bools], sample: Geometries
) -> _Peak:
    few = sample[np.linspace(0, len(sample) - 1, min(len(sample), _SEARCHED)).astype(int)]

    def shares(centre: tuple[float, float], reach: float, step: float) -> tuple[Floats, Floats]:
        steps = np.arange(-reach, reach + step / 2, step)
        east, north = np.meshgrid(centre[0] + steps, centre[1] + steps)
        offsets = np.column_stack((east.ravel(), north.ravel()))
        found = [
            np.mean(fit(tree, shapely.transform(few, lambda xy, by=by: xy + by))) for by in offsets
        ]
        return offsets, np.array(found)

    def best(offsets: Floats, found: Floats) -> tuple[float, float]:
        # The middle of the best ones: fits within some metres are all alike.
        east, north = offsets[found == found.max()].mean(axis=0)
        return (float(east), float(north))

    offsets, found = shares((0.0, 0.0), _REACH_M, _COARSE_M)
    away = np.hypot(offsets[:, 0], offsets[:, 1])
    near = found[away <= _AGREES_M].max()
    height = near - found[away > _AGREES_M].mean()
    top = (
        offsets[away <= _AGREES_M][found[away <= _AGREES_M].argmax()]
        if near == found.max()
        else (best(offsets, found))
    )
    fine = shares((float(top[0]), float(top[1])), _COARSE_M, _FINE_M)
    return _Peak(best(*fine), float(height))


def _windows(sample: Geometries, reference: Reference, read_near: ReadNear) -> Iterator[_Window]:
    """Windows around features that have something stored nearby; at most three."""
    centres = shapely.get_coordinates(shapely.centroid(reference.to_wgs84(sample)))
    made = 0
    for i in np.linspace(0, len(sample) - 1, 8).astype(int):
        longitude, latitude = centres[i]
        inside = np.flatnonzero(
            (np.abs(centres[:, 0] - longitude) < _WINDOW_DEG / 2)
            & (np.abs(centres[:, 1] - latitude) < _WINDOW_DEG / 2)
        )
        if len(inside) < _LEAST:
            continue
        bounds = (
            longitude - _WINDOW_DEG,
            latitude - _WINDOW_DEG,
            longitude + _WINDOW_DEG,
            latitude + _WINDOW_DEG,
        )
        stored = {table: read_near(table, bounds) for table in ("street", "building")}
        chosen = inside[np.linspace(0, len(inside) - 1, min(len(inside), _SAMPLE)).astype(int)]
        window = _Window(sample[chosen], stored, local_crs(float(longitude)), reference)
        if window.trees:
            yield window
            made += 1
        if made == 3:
            return


def _touches(tree: shapely.STRtree, geometry: Geometries) -> Bools:
    hit = np.zeros(len(geometry), dtype=bool)
    hit[tree.query(geometry, predicate="intersects")[0]] = True
    return hit


def _touches_none(tree: shapely.STRtree, geometry: Geometries) -> Bools:
    return ~_touches(tree, geometry)


def _lies_on(tree: shapely.STRtree, geometry: Geometries) -> Bools:
    """A point of the feature lies in or within 10 m of something."""
    points = _points(geometry)
    near = np.zeros(len(points), dtype=bool)
    near[tree.query(points, predicate="dwithin", distance=10.0)[0]] = True
    return near


def _runs_along(tree: shapely.STRtree, geometry: Geometries) -> Bools:
    """Most vertices of the feature are within 8 m of something."""
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    near = np.zeros(len(xy), dtype=bool)
    near[tree.query(shapely.points(xy), predicate="dwithin", distance=8.0)[0]] = True
    return np.asarray(np.bincount(owner, near) >= 0.6 * np.bincount(owner))


_Fit = Callable[[shapely.STRtree, Geometries], Bools]
_AREAS: tuple[tuple[str, str, _Fit], ...] = (("the streets there", "street", _runs_along),)
_POINTS: tuple[tuple[str, str, _Fit], ...] = (
    ("the buildings there", "building", _lies_on),
    ("the streets there", "street", _lies_on),
)
_COMPARISONS: dict[str, tuple[tuple[str, str, _Fit], ...]] = {
    "building": (
        ("the buildings there", "building", _lies_on),
        ("the streets there", "street", _touches_none),
    ),
    "street": (
        ("the streets there", "street", _runs_along),
        ("the buildings there", "building", _touches_none),
    ),
    "resource_point": _POINTS,
    "incident": _POINTS,
    "territory": _AREAS,
    "land_use": _AREAS,
    "water": _AREAS,
    "grid": _AREAS,
}
