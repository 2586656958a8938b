"""Points into k compact areas of balanced size.

Every point goes to one of k centres so that the sum of squared distances is least and no area has
more than one point more than another (capacity-constrained k-means: Bradley, Bennett and Demiriz,
2000). With centres and sizes given, the best assignment is that of a *power diagram*: the areas are
convex cells that do not overlap (Aurenhammer, Hoffmann and Aronov, Algorithmica 1998). So the cells
drawn around the points are exact too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import csr_array

from gridmap.errors import Fault, InvalidInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ROUNDS = 50
MOST_POINTS = 5_000


@dataclass(frozen=True)
class CompactAreas:
    """The area of each point, the centre of each area, and the weights of the power diagram.

    Parameters
    ----------
    area
        (n) number of the area of each point, 0 to k − 1, from west to east.
    centre
        (k, 2) centres in metres.
    weight
        (k) square metres: a place belongs to the area with the least |x − centre|² − weight.
    """

    area: Ints
    centre: Floats
    weight: Floats

    def cells(self, ground: shapely.Geometry) -> list[shapely.Geometry]:
        """Cut a ground (metres) into one cell per area: convex where the ground is, no overlap."""
        # Where three cells meet, cuts by three lines leave corners a nanometre apart.
        return [
            shapely.remove_repeated_points(
                shapely.intersection(ground, self._halfplanes(one, ground)), 1e-6
            )
            for one in range(len(self.centre))
        ]

    def _halfplanes(self, one: int, ground: shapely.Geometry) -> shapely.Geometry:
        west, south, east, north = ground.bounds
        size = 4.0 * max(east - west, north - south, 1.0)
        cell: shapely.Geometry = shapely.box(west - size, south - size, east + size, north + size)
        for other in range(len(self.centre)):
            if other == one:
                continue
            step = self.centre[other] - self.centre[one]
            length = float(np.hypot(*step))
            if length == 0:  # areas of points on one spot share their ground
                continue
            along = step / length
            # The radical axis: where both powers are equal.
            reach = (length**2 + self.weight[one] - self.weight[other]) / (2 * length)
            middle = self.centre[one] + along * reach
            side = np.array((-along[1], along[0])) * 4 * size
            far = along * 4 * size
            keep = shapely.Polygon(
                [middle + side, middle - side, middle - side - far, middle + side - far]
            )
            cell = shapely.intersection(cell, keep)
        return cell


def cut_points(xy: Floats, k: int, *, seed: int = 0) -> CompactAreas:
    """Cut points into k compact areas whose sizes differ by one point at most.

    Parameters
    ----------
    xy
        (n, 2) easting and northing in metres.
    k
        Number of areas, 1 to n.
    seed
        Of the first centres; the same seed gives the same areas.

    Raises
    ------
    InvalidInput
        k is not between 1 and the number of points, there are too many points, or one is no number.
    """
    xy = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    wrong = np.flatnonzero(~np.isfinite(xy).all(axis=1))
    if len(wrong):
        raise InvalidInput(
            "A point has no place",
            faults=tuple(Fault("no number", row=int(row) + 1) for row in wrong[:50]),
        )
    if not 1 <= k <= len(xy):
        raise InvalidInput(f"{len(xy)} points cannot be cut into {k} areas")
    if len(xy) > MOST_POINTS:
        raise InvalidInput(f"At most {MOST_POINTS} points can be cut at once")
    rng = np.random.default_rng(seed)
    best: tuple[float, Ints, Floats] | None = None
    for _ in range(4):
        area, centre = _settle(xy, _spread(xy, k, rng))
        cost = float(((xy - centre[area]) ** 2).sum())
        if best is None or cost < best[0] - 1e-6:
            best = (cost, area, centre)
    assert best is not None
    _, area, centre = best
    order = np.lexsort((-centre[:, 1], centre[:, 0]))
    number = np.empty(k, dtype=np.int64)
    number[order] = np.arange(k)
    area, centre = number[area], centre[order]
    return CompactAreas(area, centre, _weights(xy, area, centre))


def _spread(xy: Floats, k: int, rng: np.random.Generator) -> Floats:
    """First centres far from each other (k-means++: Arthur and Vassilvitskii, 2007)."""
    chosen = [int(rng.integers(len(xy)))]
    while len(chosen) < k:
        gap = np.min([((xy - xy[i]) ** 2).sum(axis=1) for i in chosen], axis=0)
        total = gap.sum()
        if total > 0:
            chosen.append(int(rng.choice(len(xy), p=gap / total)))
        else:
            chosen.append(next(i for i in range(len(xy)) if i not in chosen))
    return xy[chosen].copy()


def _settle(xy: Floats, centre: Floats) -> tuple[Ints, Floats]:
    area = np.full(len(xy), -1, dtype=np.int64)
    for _ in range(_ROUNDS):
        found = _assign(xy, centre)
        if np.array_equal(found, area):
            break
        area = found
        centre = np.array([xy[area == one].mean(axis=0) for one in range(len(centre))])
    return area, centre


def _assign(xy: Floats, centre: Floats) -> Ints:
    """The cheapest assignment with sizes n // k, and one more for the n % k cheapest areas."""
    k, n = len(centre), len(xy)
    cost = ((xy[:, None, :] - centre[None, :, :]) ** 2).sum(axis=2)
    size, more = divmod(n, k)
    seats = np.repeat(np.arange(k), size)
    if more:
        # Each area may have one seat more; who takes too many of those is priced out below.
        seats = np.concatenate((seats, np.arange(k)))
    rows, columns = linear_sum_assignment(_with_empty_rows(cost[:, seats], len(seats) - n, k, more))
    area = np.empty(n, dtype=np.int64)
    real = rows < n
    area[rows[real]] = seats[columns[real]]
    return area


def _with_empty_rows(cost: Floats, empty: int, k: int, more: int) -> Floats:
    """Rows that take the extra seats nobody needs, and only those."""
    if not more or empty <= 0:
        return cost
    forbidden = float(cost.max()) * (len(cost) + 1) + 1.0
    rows = np.full((empty, cost.shape[1]), forbidden)
    rows[:, -k:] = 0.0
    return np.vstack((cost, rows))


def _weights(xy: Floats, area: Ints, centre: Floats) -> Floats:
    """Weights under which every point lies in the cell of its area, as far inside as can be.

    They are prices of the assignment: the weight of another area may not be above that of a
    point's own by more than the point would lose there. Of all that keep this, those are taken
    under which the tightest of these limits has most room (a small linear program), so that the
    cells' edges run between the points and not through them.
    """
    k = len(centre)
    cost = ((xy[:, None, :] - centre[None, :, :]) ** 2).sum(axis=2)
    one, other = np.nonzero(~np.eye(k, dtype=bool))
    if not len(one):
        return np.zeros(k)
    gain = np.empty((k, k))
    for number in range(k):
        members = cost[area == number]
        gain[number] = (members - members[:, [number]]).min(axis=0)
    scale = max(float(np.abs(gain).max()), 1.0)
    row = np.arange(len(one))
    limits = csr_array(
        (
            np.concatenate((np.ones(len(one)), -np.ones(len(one)), np.ones(len(one)))),
            (np.tile(row, 3), np.concatenate((other, one, np.full(len(one), k)))),
        ),
        shape=(len(one), k + 1),
    )
    worth = np.zeros(k + 1)
    worth[k] = -1.0
    bounds = [(0.0, 0.0)] + [(None, None)] * (k - 1) + [(0.0, 1.0)]
    found = linprog(worth, limits, gain[one, other] / scale, bounds=bounds)
    if not found.success:  # rounding left no room at all: points of two areas on one spot
        found = linprog(worth, limits, gain[one, other] / scale + 1e-9, bounds=bounds)
    weight: Floats = found.x[:k] * scale
    return weight
