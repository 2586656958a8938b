"""Drafts of plans: made, drawn on, taken back, proved and published.

Every change is one transaction: the draft is locked, the edit computed on the atoms near it, the
difference of rows written with its inverse into the log, polygons and counts derived again. The
same function answers a preview, which writes nothing.
"""

from gridmap.services.plans.editing import (
    merge_grids,
    redo,
    redraw_boundary,
    rename_grid,
    split_grid,
    transfer_area,
    undo,
)
from gridmap.services.plans.outcome import Outcome
from gridmap.services.plans.publishing import check, make_draft, publish

__all__ = [
    "Outcome",
    "check",
    "make_draft",
    "merge_grids",
    "publish",
    "redo",
    "redraw_boundary",
    "rename_grid",
    "split_grid",
    "transfer_area",
    "undo",
]
