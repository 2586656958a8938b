"""Communities and villages of a place: around the spots where they began, along what divides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gridmap.demo.division import Range, improve
from gridmap.demo.networks import coarsened
from gridmap.demo.places import Child, Place
from gridmap.demo.plans import Fabric
from gridmap.demo.town import Town

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Territories:
    """The community or village of each atom, as an index into `codes`."""

    codes: tuple[str, ...]
    of_atom: Ints


def settle_territories(
    place: Place, town: Town, fabric: Fabric, centre: Any, scale: float
) -> Territories:
    """Give every quarter to the community that is nearest by the way over its neighbours.

    Arterials, railways and above all rivers make the way longer, so boundaries come to lie on them.
    Ways from one start never cross those from another: every territory hangs together.
    """
    if not place.children:
        return Territories((place.code,), np.zeros(len(fabric.atoms), dtype=np.int64))
    quarter = np.array([town.blocks[b].quarter for b in fabric.block.tolist()])
    _, node = np.unique(quarter, return_inverse=True)
    ground = coarsened(fabric.ground, node)
    count = len(ground.weight)
    middle = np.array(
        [
            shapely.get_coordinates(shapely.centroid(shapely.union_all(fabric.atoms[node == i])))[0]
            for i in range(count)
        ]
    )
    edges = ground.edges
    way = np.linalg.norm(middle[edges.first] - middle[edges.second], axis=1)
    way = way / np.power(ground.resistance, 2.0)
    seeds = [_nearest(middle, child, centre, scale) for child in place.children]
    assert len(set(seeds)) == len(seeds), "two communities begin in one quarter"
    # One more node, tied to every start: a start that is tied by a longer way grows less.
    first = np.concatenate((edges.first, np.full(len(seeds), count)))
    second = np.concatenate((edges.second, seeds))
    lag = np.array([child.lag_m for child in place.children]) + 1.0
    graph = coo_array(
        (np.concatenate((way, lag)), (first, second)), shape=(count + 1, count + 1)
    ).tocsr()
    _, before = dijkstra(graph, directed=False, indices=count, return_predecessors=True)
    owner = np.full(count, -1, dtype=np.int64)
    for number, seed in enumerate(seeds):
        assert before[seed] == count, f"{place.children[number].name.zh} is overrun by a neighbour"
        owner[seed] = number
    for i in range(count):
        path = [i]
        while owner[path[-1]] < 0:
            path.append(int(before[path[-1]]))
        owner[path] = owner[path[-1]]
    # Straighten: a quarter that juts out goes to the neighbour that it lies in.
    owner = improve(ground, owner, Range(0.0, np.inf), np.random.default_rng(place.seed))
    return Territories(tuple(child.code for child in place.children), owner[node])


def _nearest(middle: NDArray[np.float64], child: Child, centre: Any, scale: float) -> int:
    spot = np.array([child.x, child.y]) * scale + centre
    return int(np.argmin(np.linalg.norm(middle - spot, axis=1)))
