"""From a change of a patch to a difference of rows."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from gridmap.geometry import edits
from gridmap.services.plans.work import EditWork, Ground
from gridmap.store import drafts


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
    like = work.grids[chosen[0]]
    made = drafts.reserve_grids(work.connection, len(change.fresh))
    for number in made:
        work.make(number, like, like.parent_id, lowest=like.lowest, **attributes)
    adopted = edits.adopt(
        ground.patch,
        ground.atoms.grids,
        ground.atoms.roots,
        change,
        made=np.array(made, dtype=np.int64),
        chosen=np.array(chosen, dtype=np.int64),
        reserve=None if like.lowest else partial(drafts.reserve_grids, work.connection),
    )
    _house(work, adopted.parents)
    work.guard(
        (one, other if other in work.grids else None) for one, other in adopted.moves.tolist()
    )
    _write_links(work, ground, adopted)
    work.remove(number for number in adopted.emptied if not _has_other_atoms(work, number))


def _house(work: EditWork, parents: dict[int, int]) -> None:
    """Micro-grids that lie in another grid now, or are new."""
    for number, parent in parents.items():
        if number not in work.grids:
            leaves = [row for row in work.grids.values() if row.lowest]
            like = next((row for row in leaves if row.parent_id == parent), leaves[0])
            work.make(number, like, parent, lowest=True)
    work.rehome({number: parent for number, parent in parents.items() if number in work.grids})


def _write_links(work: EditWork, ground: Ground, adopted: edits.Adopted) -> None:
    """Store the new atoms, and note every link that changes."""
    made = drafts.insert_pieces(
        work.connection,
        work.draft.territory_id,
        work.crs.publish(adopted.polygons),
        adopted.roots.tolist(),
    )
    ids, leaf = ground.atoms.ids, ground.atoms.grids
    links = work.change
    links.unlinked.extend((int(ids[i]), int(leaf[i])) for i in adopted.gone)
    links.unlinked.extend((int(ids[i]), int(leaf[i])) for i in adopted.handed)
    links.linked.extend(zip(made, adopted.leaf.tolist(), strict=True))
    links.linked.extend(
        (int(ids[i]), int(owner))
        for i, owner in zip(adopted.handed, adopted.handed_to, strict=True)
    )


def _has_other_atoms(work: EditWork, number: int) -> bool:
    left = {atom for atom, owner in work.change.unlinked if owner == number}
    return drafts.count_atoms(work.connection, work.draft.id, number) > len(left)
