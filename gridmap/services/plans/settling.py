"""From a change of a patch to a difference of rows, micro-grids and loose pieces settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.geometry import edits, nesting
from gridmap.services.plans.work import EditWork, Ground
from gridmap.store import drafts

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Faces:
    """The atoms of a patch after an edit: first those that were kept, then the added ones."""

    polygons: NDArray[np.object_]
    upper: Ints
    before: Ints  # lowest grid that the ground belonged to
    roots: Ints
    kept: Ints  # index of each kept atom in the patch


def adopt(
    work: EditWork,
    ground: Ground,
    change: edits.Change,
    chosen: list[int],
    **attributes: Any,
) -> None:
    """Note a change of a patch as a difference of rows.

    Parameters
    ----------
    chosen
        Grids whose ground changes; new ones stand beside the first of them.
    attributes
        Of the grids that are made at the level of the edit, where they differ from the first's.
    """
    faces, made = _faces(work, ground, change)
    named = {*chosen, *made}
    inside = np.isin(faces.upper, list(named))
    after = faces.before.copy()
    like = work.grids[chosen[0]]
    for number in made:
        work.make(number, like, like.parent_id, lowest=like.lowest, **attributes)
    if like.lowest:
        after[inside] = faces.upper[inside]
    else:
        spare = drafts.reserve_grids(work.connection, len(made) + 4)
        settled = nesting.settle(
            faces.polygons[inside], faces.before[inside], faces.upper[inside], first_new=spare[0]
        )
        after[inside] = settled.leaf
        _house(work, settled.parent)
    work.guard(
        (int(one), int(other) if int(other) in work.grids else None)
        for one, other in np.unique(np.column_stack((faces.before, after)), axis=0)
    )
    _write_links(work, ground, faces, after)
    gone = set(faces.before.tolist()) - set(after.tolist())
    work.remove(number for number in sorted(gone) if not _has_other_atoms(work, number))


def _faces(work: EditWork, ground: Ground, change: edits.Change) -> tuple[_Faces, list[int]]:
    """The patch after a change, and the numbers of grids that it makes."""
    wanted = np.concatenate((change.added_owner, change.moved_to))
    fresh = sorted({int(item) for item in wanted if item <= edits.NEW}, reverse=True)
    made = drafts.reserve_grids(work.connection, len(fresh))
    after = change.apply(ground.patch)
    upper = after.owners.copy()
    for placeholder, number in zip(fresh, made, strict=True):
        upper[after.owners == placeholder] = number
    kept = np.setdiff1d(np.arange(len(ground.atoms.ids)), change.removed)
    return (
        _Faces(
            after.atoms,
            upper,
            change.origins(ground.atoms.grids),
            change.origins(ground.atoms.roots),
            kept,
        ),
        made,
    )


def _house(work: EditWork, parents: dict[int, int]) -> None:
    """Micro-grids that lie in another grid now, or are new."""
    for number, parent in parents.items():
        if number not in work.grids:
            leaves = [row for row in work.grids.values() if row.lowest]
            like = next((row for row in leaves if row.parent_id == parent), leaves[0])
            work.make(number, like, parent, lowest=True)
    work.rehome({number: parent for number, parent in parents.items() if number in work.grids})


def _write_links(work: EditWork, ground: Ground, faces: _Faces, after: Ints) -> None:
    """Join what hangs together again, store the new atoms, and note every link that changes."""
    stays = len(faces.kept)
    is_kept = np.arange(len(after)) < stays
    tidied = edits.tidy(faces.polygons, after, faces.roots, ~is_kept | (after != faces.before))
    alone = tidied.group < 0
    first_of = [int(np.argmax(tidied.group == number)) for number in range(len(tidied.polygons))]
    fresh = np.flatnonzero(alone & ~is_kept)
    source = np.concatenate((fresh, np.array(first_of, dtype=np.int64))).astype(np.int64)
    polygons = np.concatenate((faces.polygons[fresh], tidied.polygons))
    made = drafts.insert_pieces(
        work.connection,
        work.draft.territory_id,
        work.crs.publish(polygons),
        faces.roots[source].tolist(),
    )
    ids, leaf = ground.atoms.ids, ground.atoms.grids
    stayed = faces.kept[alone[:stays]]
    gone = np.setdiff1d(np.arange(len(ids)), stayed)
    now = after[:stays][alone[:stays]]
    handed = now != leaf[stayed]
    links = work.change
    links.unlinked.extend((int(ids[i]), int(leaf[i])) for i in gone)
    links.unlinked.extend((int(ids[i]), int(leaf[i])) for i in stayed[handed])
    links.linked.extend(zip(made, after[source].tolist(), strict=True))
    links.linked.extend(
        (int(ids[i]), int(owner)) for i, owner in zip(stayed[handed], now[handed], strict=True)
    )


def _has_other_atoms(work: EditWork, number: int) -> bool:
    left = {atom for atom, owner in work.change.unlinked if owner == number}
    return drafts.count_atoms(work.connection, work.draft.id, number) > len(left)
