"""Whatever is drawn, the plan stays an exact coverage of its territory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from gridmap.geometry import coverage, edits
from gridmap.geometry.adjacency import shared_edges
from gridmap.geometry.crs import LATTICE_M, LocalCRS

PLACE = Path(__file__).resolve().parents[2] / "data" / "geojson" / "nanjie"


def squares(side: int = 4, size: float = 64.0) -> edits.Patch:
    """`side` × `side` squares; the left half is grid 0, the right half grid 1."""
    atoms = [
        shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size)
        for x in range(side)
        for y in range(side)
    ]
    owners = np.array([0 if x < side / 2 else 1 for x in range(side) for _ in range(side)])
    outline = shapely.box(0, 0, side * size, side * size).segmentize(4).boundary
    # Every atom at the rim has the outline's vertices.
    rim = shapely.get_coordinates(outline)
    noded = [
        shapely.set_precision(
            shapely.snap(atom.segmentize(4), shapely.MultiPoint(rim), 1e-9), LATTICE_M
        )
        for atom in atoms
    ]
    return edits.Patch(np.array(noded, dtype=object), owners, outline)


def area_of(patch: edits.Patch, grid: int) -> float:
    return float(shapely.area(patch.atoms[patch.owners == grid]).sum())


def ground(patch: edits.Patch) -> shapely.Polygon:
    return shapely.Polygon(patch.outline)


def test_a_line_beside_the_old_boundary_becomes_the_new_one() -> None:
    patch = squares()
    line = shapely.LineString([(150, -10), (150, 266)])
    after = edits.redraw_boundary(patch, line, 0, 1).apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    # The ends go to the outline's nearest vertices, at 148 or 152.
    assert area_of(after, 0) == pytest.approx(150 * 256, abs=2 * 256)
    assert area_of(after, 0) + area_of(after, 1) == 256 * 256


def test_a_bulge_with_both_ends_on_the_boundary_changes_hands() -> None:
    patch = squares()
    line = shapely.LineString([(128, 60), (100, 60), (100, 120), (128, 120)])
    after = edits.redraw_boundary(patch, line, 0, 1).apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    assert area_of(after, 1) == 128 * 256 + 28 * 60


def test_a_line_may_cross_the_old_boundary_more_than_once() -> None:
    patch = squares()
    line = shapely.LineString([(128, 20), (110, 60), (146, 120), (110, 180), (128, 220)])
    after = edits.redraw_boundary(patch, line, 0, 1).apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    moved = shapely.symmetric_difference(
        shapely.union_all(after.atoms[after.owners == 0]),
        shapely.union_all(patch.atoms[patch.owners == 0]),
    )
    assert moved.area > 1500


def test_a_split_makes_a_new_grid_and_the_largest_piece_keeps_its_number() -> None:
    patch = squares()
    change = edits.split(patch, shapely.LineString([(-5, 60), (130, 60)]), 0)
    after = change.apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    assert set(after.owners.tolist()) == {0, 1, edits.NEW}
    assert area_of(after, 0) > area_of(after, edits.NEW) == pytest.approx(128 * 60, abs=300)


def test_a_merge_empties_the_other_grid() -> None:
    patch = squares()
    after = edits.merge(patch, np.array([0, 1]), 0).apply(patch)
    assert set(after.owners.tolist()) == {0}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ([(0, 0), (0, 0)], "no length"),
        ([(128, 20), (100, 60), (100, 20), (128, 60)], "crosses itself"),
        ([(60, 60), (90, 90)], "separates nothing"),
        ([(5000, 0), (5000, 50)], "does not pass"),
        ([(0, np.nan), (1, 1)], "no number"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_a_line_that_cannot_be_meant_is_refused_in_words(line: list[tuple], said: str) -> None:
    with pytest.raises(edits.RefusedEdit, match=said):
        edits.redraw_boundary(squares(), shapely.LineString(line), 0, 1)


def nanjie(level: int) -> tuple[edits.Patch, shapely.Polygon]:
    crs = LocalCRS(json.loads((PLACE / "place.json").read_text())["meridian"])
    features = json.loads((PLACE / "atoms.geojson").read_text())["features"]
    codes = [item["properties"]["governance"][: 15 if level == 2 else None] for item in features]
    names = sorted(set(codes))
    territories = json.loads((PLACE / "territories.geojson").read_text())["features"]
    outline = crs.receive(
        next(
            shape(item["geometry"])
            for item in territories
            if item["properties"]["code"] == "532325101003"
        )
    )
    atoms = np.array([crs.receive(shape(item["geometry"])) for item in features], dtype=object)
    return edits.Patch(
        atoms, np.array([names.index(code) for code in codes]), outline.boundary
    ), outline


def sloppy_line(
    patch: edits.Patch, one: int, other: int, rng: np.random.Generator
) -> shapely.LineString | None:
    """A line along the boundary of two grids as a hand draws it: some metres off, ends too."""
    sides = [shapely.coverage_union_all(patch.atoms[patch.owners == grid]) for grid in (one, other)]
    border = shapely.line_merge(shapely.intersection(sides[0].boundary, sides[1].boundary))
    parts = [part for part in shapely.get_parts(border) if part.length > 30]
    if not parts:
        return None
    along = max(parts, key=lambda part: part.length)
    begin, end = sorted(rng.random(2))
    if end - begin < 0.3:
        begin, end = 0.0, 1.0
    shares = np.linspace(begin, end, rng.integers(3, 6))
    points = [
        shapely.get_coordinates(along.interpolate(share, normalized=True))[0] for share in shares
    ]
    spread = [1.5, *[12.0] * (len(points) - 2), 1.5]
    line = shapely.LineString(
        [point + rng.normal(0, by, 2) for point, by in zip(points, spread, strict=True)]
    )
    return line if line.is_simple else None


@pytest.mark.parametrize("level", [2, 3])
def test_a_walk_of_sloppy_lines_keeps_the_proof_and_is_accepted(level: int) -> None:
    patch, territory = nanjie(level)
    rng = np.random.default_rng(20260101 + level)
    drawn = accepted = 0
    while drawn < 60:
        edges = shared_edges(patch.atoms)
        first, second = patch.owners[edges.first], patch.owners[edges.second]
        pairs = np.unique(
            np.sort(np.column_stack((first, second))[first != second], axis=1), axis=0
        )
        one, other = pairs[rng.integers(len(pairs))]
        line = sloppy_line(patch, one, other, rng)
        if line is None:
            continue
        drawn += 1
        try:
            patch = edits.redraw_boundary(patch, line, int(one), int(other)).apply(patch)
        except edits.RefusedEdit:
            continue
        accepted += 1
        assert coverage.is_exact(patch.atoms, territory)
    assert accepted >= 0.93 * drawn
