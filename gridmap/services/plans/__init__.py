"""Drafts of plans: made, drawn on, taken back, proved and published.

Every change is one transaction: the draft is locked, the edit computed on the atoms near it, the
difference of rows written with its inverse into the log, polygons and counts derived again. The
same function answers a preview, which writes nothing.
"""

from gridmap.services.plans.checking import Finding, Report, inspect
from gridmap.services.plans.comparing import compare, cross_networks
from gridmap.services.plans.drawing import (
    cut_out_special,
    move_node,
    redraw_boundary,
    split_grid,
    split_grid_by_streets,
    split_grid_evenly,
)
from gridmap.services.plans.editing import redo, undo
from gridmap.services.plans.handing import (
    merge_grids,
    paint,
    transfer_area,
    transfer_block,
    transfer_building,
    transfer_grid,
)
from gridmap.services.plans.making import NewPlan, make_plan
from gridmap.services.plans.naming import lock_grids, rename_grid, renumber
from gridmap.services.plans.outcome import Outcome
from gridmap.services.plans.publishing import check, make_draft, publish
from gridmap.services.plans.reading import list_plans, read, read_areas, read_lineage, read_log
from gridmap.services.plans.reviewing import (
    comment,
    read_certificate,
    read_comments,
    resolve_comment,
    send_back,
    submit,
)

__all__ = [
    "Finding",
    "NewPlan",
    "Outcome",
    "Report",
    "check",
    "comment",
    "compare",
    "cross_networks",
    "cut_out_special",
    "inspect",
    "list_plans",
    "lock_grids",
    "make_draft",
    "make_plan",
    "merge_grids",
    "move_node",
    "paint",
    "publish",
    "read",
    "read_areas",
    "read_certificate",
    "read_comments",
    "read_lineage",
    "read_log",
    "redo",
    "redraw_boundary",
    "rename_grid",
    "renumber",
    "resolve_comment",
    "send_back",
    "split_grid",
    "split_grid_by_streets",
    "split_grid_evenly",
    "submit",
    "transfer_area",
    "transfer_block",
    "transfer_building",
    "transfer_grid",
    "undo",
]
