"""Areas that claim a territory → an exact coverage of it, with each repair named.

Files of grids are dirty: edges are drawn twice a metre apart, corners are cut off, outlines are
somebody else's. Here all outlines are noded into one exact arrangement (`atoms`); a face that
exactly one area claims is its own; a sliver that several claim, or nobody, goes to the area with
which it shares the longest edge. What is more than a sliver is not decided here: it is a defect.
The outline is the territory's, whatever the areas say.

All geometry is in metres on the lattice of the place (`gridmap.geometry.crs`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.adjacency import SharedEdges, components, shared_edges
from gridmap.geometry.atoms import arrange
from gridmap.geometry.coverage import dissolve
from gridmap.geometry.crs import LATTICE_M, snap
from gridmap.geometry.repair import mend

Polygons = NDArray[np.object_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CaseKind = Literal["gap", "overlap", "outside", "off vertex", "nothing left"]

NOBODY = -1
# An exclave is a part that lies in another area but for this share of it (its edge is redrawn too),
# and that has no more than this share of the other area.
_ENCLOSED_LOSS = 0.02
_ENCLOSED_SHARE = 0.1
_OPEN = -2  # not decided yet


@dataclass(frozen=True)
class Case:
    """A place where areas do not fit together.

    Parameters
    ----------
    kind
        `gap` (nobody's), `overlap` (of several), `outside` (of the territory), `off vertex` (an
        edge meets a frozen outline away from its vertices), `nothing left` (an area without land).
    area_m2, width_m
        Size and mean width; for `off vertex` the width is the distance from the next vertex.
    place
        A point of it, in metres.
    areas
        Indices of the areas that have to do with it.
    given_to
        The area that got it, if it was settled.
    """

    kind: CaseKind
    area_m2: float
    width_m: float
    place: tuple[float, float]
    areas: tuple[int, ...]
    given_to: int | None = None


@dataclass(frozen=True)
class Settlement:
    """What became of the claims.

    Parameters
    ----------
    atoms
        Polygons that cover the territory exactly; empty where there are defects.
    owners
        Index of the area that each atom belongs to.
    outline
        The territory with every vertex that the atoms have on it.
    repairs, defects
        Cases that were settled, and those that were not.
    """

    atoms: Polygons
    owners: Ints
    outline: Any
    repairs: list[Case] = field(default_factory=list)
    defects: list[Case] = field(default_factory=list)


def settle_claims(
    areas: Any, territory: Any, *, tolerance_m: float, leave: bool = False
) -> Settlement:
    """Make an exact coverage of a territory from areas that nearly are one.

    Parameters
    ----------
    areas
        Polygons or multipolygons.
    territory
        Polygon or multipolygon.
    tolerance_m
        Gaps, overlaps and parts outside up to this mean width (2·area/perimeter) are settled.
    leave
        What cannot be settled is left to `NOBODY` and still listed as a defect, so that the atoms
        cover the territory whatever the areas say. What lies outside is cut off.

    Returns
    -------
    Settlement
        With atoms, or with defects; with `leave`, with both.
    """
    territory = snap(territory)
    areas = np.array([_valid(area) for area in np.asarray(snap(areas), dtype=object)], dtype=object)
    defects, repairs = _outside(areas, territory, tolerance_m)
    faces = arrange(territory, areas)
    claims = _claims(faces, areas)
    edges = shared_edges(faces)
    owners, found = _settle(faces, claims, edges, areas, tolerance_m)
    defects += [case for case in found if case.given_to is None]
    repairs += [case for case in found if case.given_to is not None]
    for index in np.setdiff1d(np.arange(len(areas)), owners).tolist():
        place = shapely.get_coordinates(shapely.point_on_surface(areas[index]))
        where = (float(place[0, 0]), float(place[0, 1])) if len(place) else (0.0, 0.0)
        defects.append(Case("nothing left", 0.0, 0.0, where, (index,)))
    if defects and not leave:
        return unsettled(territory, repairs, defects)
    return _gathered(faces, owners, len(areas), repairs, defects)


def unsettled(territory: Any, repairs: list[Case], defects: list[Case]) -> Settlement:
    """What is left when areas do not fit: no atoms, but the reasons."""
    nothing = np.empty(0, dtype=object)
    return Settlement(nothing, np.empty(0, dtype=np.int64), territory, repairs, defects)


def outline_of(areas: Any) -> Any:
    """The outline around areas: their union with its holes filled.

    A hole is land that nobody looks after until somebody says that it is another territory's.
    """
    union = shapely.union_all(np.asarray(snap(areas), dtype=object), grid_size=LATTICE_M)
    filled = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(union)))
    return shapely.union_all(filled)


def _valid(area: Any) -> Any:
    """Snapping may pinch an outline; what it says stays the same."""
    if area.is_valid:
        return area
    mended = mend(area).geometry
    return shapely.Polygon() if mended is None else snap(mended)


def _widths(polygons: Any) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        width = np.asarray(2 * shapely.area(polygons) / shapely.length(polygons), dtype=np.float64)
    return np.nan_to_num(width, copy=False)


def _where(polygon: Any) -> tuple[float, float]:
    x, y = shapely.get_coordinates(shapely.point_on_surface(polygon))[0]
    return (float(x), float(y))


def _outside(areas: Polygons, territory: Any, tolerance_m: float) -> tuple[list[Case], list[Case]]:
    """Parts of areas outside of the territory: defects and repairs."""
    shapely.prepare(territory)
    crossing = np.flatnonzero(~shapely.covered_by(areas, territory) & ~shapely.is_empty(areas))
    defects, repairs = [], []
    for index in crossing.tolist():
        for part in shapely.get_parts(shapely.difference(areas[index], territory)):
            width = float(_widths(part))
            if part.area == 0 or width < LATTICE_M:
                continue
            case = Case("outside", float(part.area), width, _where(part), (index,))
            if width > tolerance_m:
                defects.append(case)
            else:
                repairs.append(given(case, NOBODY))
    return defects, repairs


def given(case: Case, to: int) -> Case:
    """The case, settled in favour of an area (or of nobody in particular)."""
    return Case(case.kind, case.area_m2, case.width_m, case.place, case.areas, to)


@dataclass(frozen=True)
class _Claims:
    """Pairs of a face and an area that claims it, in the order of the faces."""

    face: Ints
    area: Ints
    count: Ints  # for each face


def _claims(faces: Polygons, areas: Polygons) -> _Claims:
    face, area = shapely.STRtree(areas).query(
        shapely.point_on_surface(faces), predicate="intersects"
    )
    order = np.lexsort((area, face))
    face, area = face[order].astype(np.int64), area[order].astype(np.int64)
    return _Claims(face, area, np.bincount(face, minlength=len(faces)))


def _settle(
    faces: Polygons, claims: _Claims, edges: SharedEdges, areas: Polygons, tolerance_m: float
) -> tuple[Ints, list[Case]]:
    """Give every face an owner, and list those that were not clear."""
    owners = np.full(len(faces), _OPEN, dtype=np.int64)
    clear = claims.count[claims.face] == 1
    owners[claims.face[clear]] = claims.area[clear]
    width = _widths(faces)
    cases = _enclosed(faces, claims, owners, width, areas, tolerance_m)
    unclear = np.flatnonzero(owners == _OPEN)
    wide = unclear[width[unclear] > tolerance_m]
    cases += [_case(faces, claims, owners, edges, width, int(i)) for i in wide]
    owners[wide] = NOBODY
    slivers = unclear[width[unclear] <= tolerance_m]
    while True:
        gained = _longest_neighbour(owners, edges, claims)
        settled = slivers[(owners[slivers] == _OPEN) & (gained[slivers] >= 0)]
        if not len(settled):
            break
        for i in settled.tolist():
            case = _case(faces, claims, owners, edges, width, i)
            # Below a step of the lattice it is rounding and not worth a word.
            if width[i] > 2 * LATTICE_M:
                cases.append(given(case, int(gained[i])))
        owners[settled] = gained[settled]
    left = slivers[owners[slivers] == _OPEN]
    cases += [_case(faces, claims, owners, edges, width, int(i)) for i in left]
    owners[left] = NOBODY
    return _without_splinters(faces, owners, edges, tolerance_m), cases


def _enclosed(
    faces: Polygons,
    claims: _Claims,
    owners: Ints,
    width: Floats,
    areas: Polygons,
    tolerance_m: float,
) -> list[Case]:
    """Give an exclave to its area where the area around it was drawn without the hole.

    A part of one area that lies inside another one as a whole, and is small beside it, is what the
    other one has forgotten to leave out; nobody draws an exclave by mistake.
    """
    parts, of = shapely.get_parts(areas, return_index=True)
    size = shapely.area(areas)
    twice = np.flatnonzero((claims.count == 2) & (width > tolerance_m) & (owners == _OPEN))
    if not len(twice):
        return []
    inner = shapely.point_on_surface(faces[twice])
    at, part = shapely.STRtree(parts).query(inner, predicate="intersects")
    face_area = np.zeros(len(parts))
    # All that an exclave has lies twice: what is claimed twice inside of it adds up to it.
    np.add.at(face_area, part, shapely.area(faces[twice][at]))
    whole = face_area >= (1 - _ENCLOSED_LOSS) * shapely.area(parts)
    cases = []
    for position in range(len(twice)):
        found = part[at == position]
        mine = found[whole[found]]
        if len(found) != 2 or len(mine) != 1:
            continue
        owner = int(of[mine[0]])
        other = int(of[found[found != mine[0]][0]])
        if owner == other or shapely.area(parts[mine[0]]) > _ENCLOSED_SHARE * size[other]:
            continue
        i = int(twice[position])
        owners[i] = owner
        case = Case(
            "overlap",
            float(shapely.area(faces[i])),
            float(width[i]),
            _where(faces[i]),
            tuple(sorted((owner, other))),
        )
        cases.append(given(case, owner))
    return cases


def _without_splinters(
    faces: Polygons, owners: Ints, edges: SharedEdges, tolerance_m: float
) -> Ints:
    """Hand over slivers that a neighbour's sliver has cut off from their area."""
    owners = owners.copy()
    label = components(edges, owners)
    piece_area = np.bincount(label, shapely.area(faces))
    largest: dict[int, int] = {}
    for piece, owner in zip(*np.unique([label, owners], axis=1).tolist(), strict=True):
        if owner not in largest or piece_area[piece] > piece_area[largest[owner]]:
            largest[owner] = piece
    apart = np.array(
        [
            owner >= 0 and largest[owner] != piece
            for owner, piece in zip(owners.tolist(), label.tolist(), strict=True)
        ],
        dtype=bool,
    )
    splinters = np.flatnonzero(apart & (_widths(faces) <= tolerance_m))
    owners[splinters] = _OPEN
    anybody = _Claims(np.empty(0, np.int64), np.empty(0, np.int64), np.zeros(len(faces), np.int64))
    while np.any(owners == _OPEN):
        gained = _longest_neighbour(owners, edges, anybody)
        settled = np.flatnonzero((owners == _OPEN) & (gained >= 0))
        if not len(settled):
            break
        owners[settled] = gained[settled]
    return owners


def _case(
    faces: Polygons, claims: _Claims, owners: Ints, edges: SharedEdges, width: Floats, i: int
) -> Case:
    begin, end = np.searchsorted(claims.face, (i, i + 1))
    claimants = claims.area[begin:end]
    if not len(claimants):
        beside = np.concatenate((edges.second[edges.first == i], edges.first[edges.second == i]))
        claimants = np.unique(owners[beside])
        claimants = claimants[claimants >= 0]
    return Case(
        "overlap" if claims.count[i] > 1 else "gap",
        float(shapely.area(faces[i])),
        float(width[i]),
        _where(faces[i]),
        tuple(claimants.tolist()),
    )


def _longest_neighbour(owners: Ints, edges: SharedEdges, claims: _Claims) -> Ints:
    """For each open face the owner with the longest shared edge among those who may have it."""
    first = np.concatenate((edges.first, edges.second))
    second = np.concatenate((edges.second, edges.first))
    length = np.tile(edges.length, 2)
    usable = (owners[first] == _OPEN) & (owners[second] >= 0)
    first, neighbour, length = first[usable], owners[second[usable]], length[usable]
    gained = np.full(len(owners), NOBODY, dtype=np.int64)
    if not len(first):
        return gained
    # An overlap goes to one of its claimants, a gap to anybody beside it.
    wanted = claims.face * np.int64(len(owners) + 1) + claims.area
    mine = np.isin(first * np.int64(len(owners) + 1) + neighbour, wanted)
    allowed = mine | (claims.count[first] == 0)
    first, neighbour, length = first[allowed], neighbour[allowed], length[allowed]
    pairs, number = np.unique(np.column_stack((first, neighbour)), axis=0, return_inverse=True)
    total = np.bincount(number.reshape(-1), length, minlength=len(pairs))
    for at in np.argsort(total, kind="stable"):
        gained[pairs[at, 0]] = pairs[at, 1]
    return gained


def _gathered(
    faces: Polygons, owners: Ints, count: int, repairs: list[Case], defects: list[Case]
) -> Settlement:
    """One atom for each piece of an area, and of what is nobody's."""
    whole = dissolve(faces, np.where(owners == NOBODY, count, owners))
    atoms, of = shapely.get_parts(whole, return_index=True)
    outline = shapely.normalize(shapely.coverage_union_all(atoms))
    of = np.where(of == count, NOBODY, of).astype(np.int64)
    return Settlement(atoms, of, outline, repairs, defects)
