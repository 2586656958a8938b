"""文苑社区: 14 grids that are 14 party branches, and 30 building groups inside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridmap.demo.cutting.territories import Territories
from gridmap.demo.division import Range
from gridmap.demo.networks import Network, divide_in_range, grid_namer, part_of, shares
from gridmap.demo.places import Place
from gridmap.demo.plans import Fabric, make_grids
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.site import Name
from gridmap.demo.town import Town

GRIDS, GROUPS = 14, 30


def cut(
    place: Place,
    town: Town,
    fabric: Fabric,
    territories: Territories,
    points: list[ResourcePoint],
    rng: np.random.Generator,
) -> list[Network]:
    """Cut grids by households; the party network has the same grids, and groups below them."""
    del territories, points
    governance, party = place.networks
    assert governance.households is not None
    labels = divide_in_range(fabric.ground, GRIDS, Range(*governance.households), rng)
    parents = [place.code] * GRIDS
    grids = make_grids(
        fabric,
        labels,
        network=governance.key,
        level=2,
        parents=parents,
        names=grid_namer(town, fabric),
    )
    branches = make_grids(
        fabric,
        labels,
        network=party.key,
        level=2,
        parents=parents,
        names=lambda number, *_: Name(f"第{number}网格党支部", f"Grid Party Branch {number}"),
    )
    households = np.array([grid.counts["households"] for grid in branches], dtype=float)
    mean = float(households.sum()) / GROUPS
    counts = shares(households, GROUPS, Range(mean * 0.62, mean * 1.5))
    finest = np.zeros(len(labels), dtype=np.int64)
    above: list[str] = []
    for branch, count in zip(branches, counts.tolist(), strict=True):
        bounds = Range(
            branch.counts["households"] / count * 0.7, branch.counts["households"] / count * 1.3
        )
        finest[branch.atoms] = len(above) + divide_in_range(
            part_of(fabric.ground, branch.atoms), count, bounds, rng
        )
        above += [branch.code] * count

    def group_name(number: int, parent: str, _: NDArray[np.int64]) -> Name:
        branch = int(parent[12:])
        return Name(f"第{branch}支部第{number}楼栋党小组", f"Building Group {branch}-{number}")

    groups = make_grids(fabric, finest, network=party.key, level=3, parents=above, names=group_name)
    return [
        Network(governance, grids, [grids[i].code for i in labels.tolist()]),
        Network(party, [*branches, *groups], [groups[i].code for i in finest.tolist()]),
    ]
