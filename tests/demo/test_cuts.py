"""Cuts pass between buildings and through none, also where no straight line passes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridmap.demo.cuts import CLEARANCE_M, cut_between
from gridmap.demo.layouts import houses, slabs, towers
from gridmap.geometry.atoms import arrange


def pieces_of(face, buildings, weights, limit):
    lines = cut_between(face, buildings, weights, limit)
    assert not any(line.intersects(b) for line in lines for b in buildings)
    return arrange(face, np.array(lines, dtype=object)), lines


@pytest.mark.parametrize("seed", range(5))
def test_every_building_is_inside_one_piece_and_pieces_are_small(seed):
    rng = np.random.default_rng(seed)
    face = shapely.box(0, 0, 260, 200)
    found, _ = slabs(face.buffer(-12), rng, floors=(6, 6))
    buildings = np.array([f.polygon for f in found])
    weights = np.full(len(buildings), 36.0)
    pieces, lines = pieces_of(face, buildings, weights, 40)
    inside, piece = shapely.STRtree(pieces).query(buildings, predicate="within")
    assert np.array_equal(np.sort(inside), np.arange(len(buildings)))
    assert np.bincount(piece, weights[inside], minlength=len(pieces)).max() <= 40
    gap = min(line.distance(b) for line in lines for b in buildings)
    assert gap >= CLEARANCE_M - 1e-6


def test_rows_of_houses_are_cut_along_their_lots():
    rng = np.random.default_rng(7)
    face = shapely.box(0, 0, 90, 70)
    buildings = np.array(
        [f.polygon for f in houses(face.buffer(-4), rng, lot_m2=180, floors=(2, 3))]
    )
    pieces, _ = pieces_of(face, buildings, np.ones(len(buildings)), 6)
    counts = [int(shapely.contains(piece, buildings).sum()) for piece in pieces]
    assert sum(counts) == len(buildings)
    assert max(counts) <= 6
    assert min(counts) >= 1


def test_where_no_straight_line_passes_the_cut_turns_aside():
    rng = np.random.default_rng(8)
    face = shapely.box(0, 0, 200, 160)
    plans = [f.polygon for f in towers(face.buffer(-30), rng, floors=(18, 18))]
    row = [shapely.box(4, 6 + 50 * i, 14, 52 + 50 * i) for i in range(3)]
    cross = [shapely.box(30 + 58 * i, 146, 84 + 58 * i, 156) for i in range(3)]
    buildings = np.array([*plans, *row, *cross])
    weights = np.array([70.0] * len(plans) + [0.0] * (len(row) + len(cross)))
    pieces, _ = pieces_of(face, buildings, weights, 150)
    homes = [float(weights[shapely.contains(piece, buildings)].sum()) for piece in pieces]
    assert sum(homes) == weights.sum()
    assert max(homes) < weights.sum()


def test_what_is_small_enough_is_left_alone():
    face = shapely.box(0, 0, 50, 50)
    two = np.array([shapely.box(5, 5, 15, 15), shapely.box(30, 30, 40, 40)])
    assert cut_between(face, two, np.array([3.0, 3.0]), 6) == []
    assert cut_between(face, two[:1], np.array([90.0]), 6) == []
