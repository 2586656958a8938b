"""One edit of a plan: which atoms are cut, which change hands, and nothing else.

A plan is an exact coverage by atoms, each of which belongs to one grid of the lowest level. An edit
never moves an outline; it cuts atoms along lines and gives atoms to other grids. So whatever is
drawn, the result covers the territory without gap and overlap.

All geometry is in metres on the lattice of the place (`gridmap.geometry.crs`).
"""

from gridmap.geometry.edits.adopting import Adopted, adopt
from gridmap.geometry.edits.lines import follow_streets, prepare_line
from gridmap.geometry.edits.nodes import move_node
from gridmap.geometry.edits.parcels import block_of, parcel_lines
from gridmap.geometry.edits.patch import (
    NEW,
    REACH_M,
    SMALLEST_PIECE_M2,
    Change,
    Patch,
    RefusedEdit,
)
from gridmap.geometry.edits.redrawing import redraw_boundary
from gridmap.geometry.edits.splitting import split, split_along_streets, split_evenly
from gridmap.geometry.edits.tidying import Joined, tidy
from gridmap.geometry.edits.transferring import (
    cut_out,
    merge,
    pieces_of,
    transfer,
    transfer_building,
)

__all__ = [
    "NEW",
    "REACH_M",
    "SMALLEST_PIECE_M2",
    "Adopted",
    "Change",
    "Joined",
    "Patch",
    "RefusedEdit",
    "adopt",
    "block_of",
    "cut_out",
    "follow_streets",
    "merge",
    "move_node",
    "parcel_lines",
    "pieces_of",
    "prepare_line",
    "redraw_boundary",
    "split",
    "split_along_streets",
    "split_evenly",
    "tidy",
    "transfer",
    "transfer_building",
]
