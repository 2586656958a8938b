"""东湖社区: grids of estates, special grids for the lake and the works, three enterprise areas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.demo.cutting.territories import Territories
from gridmap.demo.division import Range
from gridmap.demo.networks import Network, divide_in_range, grid_namer, part_of, shares
from gridmap.demo.places import Place
from gridmap.demo.plans import Fabric, make_grids
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.site import Name
from gridmap.demo.town import Town
from gridmap.geometry.adjacency import components

GRIDS = 26
SPECIAL = (
    (frozenset({"park", "water", "forest"}), Name("东湖公园", "Donghu Park")),
    (frozenset({"industrial"}), Name("滨海产业园", "Binhai Works")),
)
ENTERPRISE_AREAS = 3
Ints = NDArray[np.int64]


def cut(
    place: Place,
    town: Town,
    fabric: Fabric,
    territories: Territories,
    points: list[ResourcePoint],
    rng: np.random.Generator,
) -> list[Network]:
    """Cut grids by households, and enterprise areas by the number of enterprises."""
    del territories
    governance, enterprise = place.networks
    assert governance.households is not None
    labels, special = _set_apart(town, fabric)
    rest = np.flatnonzero(labels < 0)
    pieces = components(part_of(fabric.ground, rest).edges, np.zeros(len(rest), dtype=np.int64))
    bounds = Range(*governance.households)
    weights = np.bincount(pieces, fabric.households[rest]).astype(float)
    counts = shares(weights, GRIDS - special, Range(bounds.low * 1.05, bounds.high * 0.95))
    start = special
    for piece, count in enumerate(counts.tolist()):
        atoms = rest[pieces == piece]
        labels[atoms] = start + divide_in_range(part_of(fabric.ground, atoms), count, bounds, rng)
        start += count
    namer = grid_namer(town, fabric)

    def name(number: int, parent: str, atoms: Ints) -> Name:
        label = int(labels[atoms[0]])
        if label >= special:
            return namer(number, parent, atoms)
        called = SPECIAL[label][1]
        return Name(f"{called.zh}专属网格", f"Special Grid {called.en}")

    grids = make_grids(
        fabric, labels, network=governance.key, level=2, parents=[place.code] * GRIDS, names=name
    )
    for grid in grids[:special]:
        grid.kind = "special"
    areas = _enterprise_areas(fabric, points, rng)
    made = make_grids(
        fabric,
        areas,
        network=enterprise.key,
        level=2,
        parents=[place.code] * ENTERPRISE_AREAS,
        names=lambda number, *_: Name(f"第{number}企业片区", f"Enterprise Area {number}"),
    )
    return [
        Network(governance, grids, [grids[i].code for i in labels.tolist()]),
        Network(enterprise, made, [made[i].code for i in areas.tolist()]),
    ]


def _set_apart(town: Town, fabric: Fabric) -> tuple[Ints, int]:
    """The largest connected ground of each special use; what it cuts off without homes joins it."""
    uses = np.array([town.blocks[b].use for b in fabric.block.tolist()])
    labels = np.full(len(fabric.atoms), -1, dtype=np.int64)
    for number, (wanted, _) in enumerate(SPECIAL):
        able = np.isin(uses, sorted(wanted)) & (fabric.households == 0) & (labels < 0)
        atoms = np.flatnonzero(able)
        piece = components(
            part_of(fabric.ground, atoms).edges, np.zeros(len(atoms), dtype=np.int64)
        )
        largest = int(np.argmax(np.bincount(piece, fabric.ground.area[atoms])))
        labels[atoms[piece == largest]] = number
    rest = np.flatnonzero(labels < 0)
    piece = components(part_of(fabric.ground, rest).edges, np.zeros(len(rest), dtype=np.int64))
    for number in np.flatnonzero(np.bincount(piece, fabric.households[rest]) < 250).tolist():
        atoms = rest[piece == number]
        edges = fabric.ground.edges
        near = np.concatenate(
            (
                edges.second[np.isin(edges.first, atoms)],
                edges.first[np.isin(edges.second, atoms)],
            )
        )
        beside = labels[near][labels[near] >= 0]
        labels[atoms] = int(np.bincount(beside).argmax())
    return labels, len(SPECIAL)


def _enterprise_areas(
    fabric: Fabric, points: list[ResourcePoint], rng: np.random.Generator
) -> Ints:
    """Three compact areas with as many enterprises each."""
    sites = np.array([p.point for p in points if p.category == "enterprise"])
    tree = shapely.STRtree(fabric.atoms)
    _, atom = tree.query(sites, predicate="within")
    count = np.bincount(atom, minlength=len(fabric.atoms)).astype(float)
    each = count.sum() / ENTERPRISE_AREAS
    # A street between blocks is no reason for a boundary here: only distance counts.
    ground = replace(fabric.ground, weight=count, resistance=np.ones_like(fabric.ground.resistance))
    return divide_in_range(ground, ENTERPRISE_AREAS, Range(each, each), rng, tries=30)
