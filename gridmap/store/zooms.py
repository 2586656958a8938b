"""What of each layer a tile draws at which zoom, in one table.

Nothing is left out silently: below its zoom a layer is merged into squares or clusters that carry
`count`, or its smaller kinds wait for a nearer zoom, and `note` says so in TileJSON. The reasons
and the figures stand in docs/decisions/0004-tile-path.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EXTENT = 4096  # units of a tile's side
BUFFER = 64  # units drawn beyond each side: 8 pixels of 512, more than any line is wide
DEEPEST = 22  # the last zoom that is answered
DRAWN_TO = 18  # the last zoom that a client should ask for; nearer ones enlarge it (4 cm a unit)

SQUARES = 64  # a side, of the merged buildings of a tile: 8 pixels of 512 each
CLUSTERS = 16  # a side, of the merged points of a tile


@dataclass(frozen=True)
class Zooms:
    """How a layer thins out towards low zooms.

    Parameters
    ----------
    note
        What is drawn from which zoom, for the reader of TileJSON.
    first
        The first zoom at which anything is drawn.
    steps
        Conditions in SQL over the layer's table and the zooms from which they hold.
    merged_below
        Rows are merged and counted below this zoom, …
    merged_as
        … into squares (polygons) or clusters (points).
    sums
        Columns whose sum a square carries beside `count`.
    whole_from
        Below this zoom shapes smaller than a pixel of 512 in both directions are not drawn.
    """

    note: str
    first: int = 0
    steps: tuple[tuple[int, str], ...] = ()
    merged_below: int = 0
    merged_as: Literal["squares", "clusters"] = "squares"
    sums: tuple[str, ...] = ()
    whole_from: int = 0

    def is_merged(self, zoom: int) -> bool:
        """Say whether rows are merged at a zoom."""
        return zoom < self.merged_below

    def condition(self, zoom: int) -> str | None:
        """Find the condition that holds at a zoom."""
        holding = [condition for start, condition in self.steps if start <= zoom]
        return holding[-1] if holding else None


_SMALL = "below zoom 14 shapes smaller than a pixel are not drawn"
_CLUSTERED = (
    "each point from zoom 14; below it, points of one sixteenth of a tile's side are one point in"
    " their middle with their number in `count`, and a point that is alone stays itself"
)

ZOOMS: dict[str, Zooms] = {
    "territories": Zooms(f"every territory; {_SMALL}", whole_from=14),
    "grids": Zooms(
        f"level 1 at every zoom, level 2 from zoom 10, the lower levels from zoom 12; {_SMALL}",
        steps=((0, "level <= 1"), (10, "level <= 2"), (12, "true")),
        whole_from=14,
    ),
    "micro-grids": Zooms("every micro-grid from zoom 12", first=12),
    "buildings": Zooms(
        "each building from zoom 13; below it, squares of 1/64 of a tile's side with the number of"
        " their buildings in `count` and the sum of their `households`, and no id",
        merged_below=13,
        sums=("households",),
    ),
    "resource-points": Zooms(_CLUSTERED, merged_below=14, merged_as="clusters"),
    "incidents": Zooms(_CLUSTERED, merged_below=14, merged_as="clusters"),
    "streets": Zooms(
        "motorways and arterials at every zoom, railways from zoom 9, streets from zoom 12, lanes"
        f" and paths from zoom 14; {_SMALL}",
        steps=(
            (0, "kind IN ('motorway', 'arterial')"),
            (9, "kind IN ('motorway', 'arterial', 'railway')"),
            (12, "kind IN ('motorway', 'arterial', 'railway', 'street')"),
            (14, "true"),
        ),
        whole_from=14,
    ),
    "water": Zooms(f"all water; {_SMALL}", whole_from=14),
    "land-use": Zooms(f"from zoom 9; {_SMALL}", first=9, whole_from=14),
}
