"""城镇社区: three networks over one community, each complete, none nested in another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridmap.demo.cutting.territories import Territories
from gridmap.demo.division import Range
from gridmap.demo.networks import Network, divide_in_range
from gridmap.demo.places import Place
from gridmap.demo.plans import Fabric, make_grids
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.site import Name
from gridmap.demo.town import Town

AREAS = {"party": 4, "governance": 15, "resident-groups": 9}
NAMES = {
    "party": ("第{}党建网格", "Party Grid {}"),
    "governance": ("第{}治理区域", "Governance Zone {}"),
    "resident-groups": ("第{}居民小组", "Resident Group {}"),
}


def cut(
    place: Place,
    town: Town,
    fabric: Fabric,
    territories: Territories,
    points: list[ResourcePoint],
    rng: np.random.Generator,
) -> list[Network]:
    """Cut the same atoms three times, without regard to each other."""
    del town, territories, points
    networks = []
    total = float(fabric.households.sum())
    for spec in place.networks:
        count = AREAS[spec.key]
        mean = total / count
        labels = divide_in_range(fabric.ground, count, Range(mean * 0.75, mean * 1.3), rng)
        zh, en = NAMES[spec.key]

        def name(number: int, _: str, __: NDArray[np.int64], zh: str = zh, en: str = en) -> Name:
            return Name(zh.format(number), en.format(number))

        grids = make_grids(
            fabric, labels, network=spec.key, level=2, parents=[place.code] * count, names=name
        )
        networks.append(Network(spec, grids, [grids[i].code for i in labels.tolist()]))
    return networks
