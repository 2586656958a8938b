"""Faces between streets, cut again and again by smaller streets until they are small enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gridmap.demo.curves import bowed, cut, long_axis


@dataclass(frozen=True)
class Habit:
    """How streets cut a kind of ground."""

    area_m2: float | Callable[[Any], float]  # pieces smaller than this are left alone
    bow: float = 0.04  # sag of a cut over its length, standard deviation
    tilt: float = 5.0  # degrees off the square, standard deviation
    off_centre: float = 0.1  # where on the long side, standard deviation as a share
    narrow: float = 28.0  # pieces with a shorter short side are refused
    elongated: float = 1.15  # pieces that are squarer than this may be cut either way


def subdivide(
    face: Any, habit: Habit, rng: np.random.Generator, depth: int = 0
) -> tuple[list[Any], list[tuple[int, Any]]]:
    """Cut a face by lines until its pieces are small.

    Returns the pieces, and the lines with their depth in the tree of cuts (0 is the first one).
    """
    limit = habit.area_m2(face) if callable(habit.area_m2) else habit.area_m2
    if face.area < limit * rng.uniform(0.8, 1.5):
        return [face], []
    best: tuple[float, Any, list[Any]] | None = None
    for _ in range(9):
        # Across a bent face a line may run twice: one of its stretches is enough to cut.
        stretches = shapely.get_parts(shapely.intersection(_candidate(face, habit, rng), face))
        stretches = [s for s in stretches if s.geom_type == "LineString" and s.length > 10]
        if not stretches:
            continue
        line = stretches[int(rng.integers(len(stretches)))]
        pieces = cut(face, line)
        if len(pieces) != 2:
            continue
        shorter = min(long_axis(piece)[2] for piece in pieces)
        if shorter < habit.narrow:
            continue
        shape = min(4 * math.pi * piece.area / piece.length**2 for piece in pieces)
        balance = min(piece.area for piece in pieces) / face.area
        score = shape + 0.5 * balance
        if best is None or score > best[0]:
            best = (score, line, pieces)
    if best is None:
        return [face], []
    _, line, pieces = best
    faces, lines = [], [(depth, line)]
    for piece in pieces:
        more_faces, more_lines = subdivide(piece, habit, rng, depth + 1)
        faces += more_faces
        lines += more_lines
    return faces, lines


def _candidate(face: Any, habit: Habit, rng: np.random.Generator) -> Any:
    angle, length, width = long_axis(face)
    along = math.radians(angle)
    if length < width * habit.elongated and rng.random() < 0.5:
        along += math.pi / 2
        length, width = width, length
    middle = shapely.get_coordinates(shapely.oriented_envelope(face))[:4].mean(axis=0)
    shift = np.clip(rng.normal(0, habit.off_centre), -0.25, 0.25) * length
    foot = middle + shift * np.array([math.cos(along), math.sin(along)])
    across = along + math.pi / 2 + math.radians(rng.normal(0, habit.tilt))
    reach = 0.75 * math.hypot(width, 0.3 * length) + 10
    tip = reach * np.array([math.cos(across), math.sin(across)])
    return bowed(foot - tip, foot + tip, rng.normal(0, habit.bow) * width)
