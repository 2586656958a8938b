"""Regular cells over an area: hexagons or squares, for analysis.

Coordinates are metres of a metric CRS, x (east) before y (north); the local one of a place is in
`gridmap.geometry.crs`. A cell is known in two ways:

* its **number** inside one `Tessellation`, 0 … `count` - 1, row by row from the south-west: what
  arrays are indexed by;
* its **key**, one 64-bit integer of its column and row counted from the origin: the same cell has
  the same key in every tessellation with the same shape, size and origin, so that a key can be
  stored with an incident, and counts of different windows can be added.

A point belongs to the cell whose centre is nearest; nothing is ever compared with a polygon. Both
shapes are Voronoi cells of their centres, so this is exact. A point on a border belongs to one cell
only, always the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.errors import Fault, InvalidInput, TooLarge

Shape = Literal["hexagon", "square"]
Numbers = npt.NDArray[np.int64]

MAX_CELLS = 50_000_000
_BLOCK = 16_384  # points that stay in the first caches while some twenty passes run over them
_HALF = 1 << 31  # keys hold a column and a row of 32 bits each


@dataclass(frozen=True)
class Tessellation:
    """A window of `columns` × `rows` cells, whose south-west cell is (`first_column`, `first_row`).

    Parameters
    ----------
    shape
        `hexagon` (a corner points north; odd rows are shifted half a cell to the east) or `square`.
    size_m
        Distance between the centres of neighbouring cells, in metres: the side of a square, the
        distance between opposite sides of a hexagon.
    first_column, first_row
        Column and row of the south-west cell, counted from the origin.
    columns, rows
        Cells in a row, and rows.
    origin
        Centre of the cell (0, 0), x and y in metres.
    """

    shape: Shape
    size_m: float
    first_column: int
    first_row: int
    columns: int
    rows: int
    origin: tuple[float, float] = (0.0, 0.0)

    @property
    def count(self) -> int:
        """Number of cells in the window."""
        return self.columns * self.rows

    @property
    def row_height_m(self) -> float:
        """Distance between neighbouring rows in metres."""
        return self.size_m * (math.sqrt(3) / 2 if self.shape == "hexagon" else 1.0)

    @property
    def cell_area_m2(self) -> float:
        """Area of one cell in square metres."""
        return self.size_m * self.row_height_m


def tessellate(
    bounds: tuple[float, float, float, float],
    size_m: float,
    *,
    shape: Shape = "hexagon",
    origin: tuple[float, float] = (0.0, 0.0),
) -> Tessellation:
    """Lay a window of cells that covers a box, its border included.

    Parameters
    ----------
    bounds
        (west, south, east, north) in metres.
    size_m
        Distance between the centres of neighbouring cells, in metres.
    shape, origin
        See `Tessellation`.

    Raises
    ------
    InvalidInput
        The box is empty or not finite, or the size is not positive.
    TooLarge
        More than 50 million cells.
    """
    west, south, east, north = bounds
    if not (math.isfinite(size_m) and size_m > 0):
        raise InvalidInput(
            "The size of a cell is a positive number of metres.",
            hint="Give a size such as 200.",
            faults=(Fault(f"{size_m!r} is not positive", field="size_m"),),
        )
    if not all(map(math.isfinite, bounds)) or east < west or north < south:
        raise InvalidInput(
            "The box is not (west, south, east, north).",
            hint="Order the four numbers so that west ≤ east and south ≤ north, in metres.",
            faults=(Fault(f"{bounds!r} is not a box", field="bounds"),),
        )
    height = size_m * (math.sqrt(3) / 2 if shape == "hexagon" else 1.0)
    # A hexagon reaches 2/3 of a row above its centre, and odd rows start half a cell further east.
    # A billionth more, for a border of the box that is a border of cells up to rounding.
    reach, shift = (2 / 3, 0.5) if shape == "hexagon" else (0.5, 0.0)
    reach += 1e-9
    first_column = math.floor((west - origin[0]) / size_m + 0.5 - shift - 1e-9)
    last_column = math.floor((east - origin[0]) / size_m + 0.5 + 1e-9)
    first_row = math.ceil((south - origin[1]) / height - reach)
    last_row = math.floor((north - origin[1]) / height + reach)
    columns, rows = last_column - first_column + 1, last_row - first_row + 1
    if columns * rows > MAX_CELLS:
        raise TooLarge(
            f"{columns * rows:,} cells are more than {MAX_CELLS:,}.",
            hint="Take larger cells or a smaller area.",
            faults=(Fault("too small for this area", field="size_m"),),
        )
    return Tessellation(shape, float(size_m), first_column, first_row, columns, rows, origin)


def assign(tessellation: Tessellation, x: npt.ArrayLike, y: npt.ArrayLike) -> Numbers:
    """Number of the cell of each point, or -1 outside the window (and for NaN).

    For hexagons the centres are two rectangular lattices, even and odd rows; a point goes to the
    nearer of its two candidates, which is rounding in axial coordinates without its branches.

    Parameters
    ----------
    tessellation
        The cells.
    x, y
        Coordinates in metres, of the same length.
    """
    east = np.ascontiguousarray(x, dtype=np.float64).ravel()
    north = np.ascontiguousarray(y, dtype=np.float64).ravel()
    if east.size != north.size:
        raise InvalidInput(
            "x and y have different lengths.",
            hint="Give one x and one y for each point.",
            faults=(Fault(f"{east.size} and {north.size} values", field="y"),),
        )
    numbers = np.empty(east.size, np.int64)
    place = _place_in_hexagons if tessellation.shape == "hexagon" else _place_in_squares
    buffers = np.empty((8, min(_BLOCK, max(east.size, 1))))
    with np.errstate(invalid="ignore"):
        for start in range(0, east.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            size = east[block].size
            column, row = place(tessellation, east[block], north[block], buffers[:, :size])
            column -= tessellation.first_column
            row -= tessellation.first_row
            inside = (column >= 0) & (column < tessellation.columns)
            inside &= (row >= 0) & (row < tessellation.rows)
            row *= tessellation.columns
            row += column
            # NaN fails every comparison, so that it is replaced before it becomes an integer.
            np.copyto(row, -1.0, where=~inside)
            numbers[block] = row
    return numbers


_Floats = npt.NDArray[np.float64]


def _place_in_squares(
    cells: Tessellation, x: _Floats, y: _Floats, buffers: _Floats
) -> tuple[_Floats, _Floats]:
    column, row = buffers[0], buffers[1]
    np.subtract(x, cells.origin[0], out=column)
    np.subtract(y, cells.origin[1], out=row)
    both = buffers[:2]
    both *= 1 / cells.size_m
    both += 0.5
    np.floor(both, out=both)
    return column, row


def _place_in_hexagons(
    cells: Tessellation, x: _Floats, y: _Floats, buffers: _Floats
) -> tuple[_Floats, _Floats]:
    u, v, column, row, odd_column, odd_row, odd_square, scratch = buffers
    np.subtract(x, cells.origin[0], out=u)
    u *= 1 / cells.size_m
    np.subtract(y, cells.origin[1], out=v)
    v *= 1 / (2 * cells.row_height_m)  # rows come in pairs, one even and one odd
    # The candidate of the odd rows, and its squared distance in cells: v counts √3 times as much.
    np.floor(u, out=odd_column)
    np.floor(v, out=odd_row)
    np.subtract(u, odd_column, out=odd_square)
    odd_square -= 0.5
    odd_square *= odd_square
    np.subtract(v, odd_row, out=scratch)
    scratch -= 0.5
    scratch *= scratch
    scratch *= 3
    odd_square += scratch
    # The candidate of the even rows.
    u += 0.5
    v += 0.5
    np.floor(u, out=column)
    np.floor(v, out=row)
    u -= column
    u -= 0.5
    u *= u
    v -= row
    v -= 0.5
    v *= v
    v *= 3
    u += v
    odd = odd_square < u
    np.copyto(column, odd_column, where=odd)
    np.copyto(row, odd_row, where=odd)
    row *= 2
    row += odd
    return column, row


def columns_and_rows(
    tessellation: Tessellation, numbers: npt.ArrayLike | None = None
) -> tuple[Numbers, Numbers]:
    """Columns and rows, counted from the origin, of cells (all of them by default)."""
    wanted = _numbers(tessellation, numbers)
    row, column = np.divmod(wanted, tessellation.columns)
    return column + tessellation.first_column, row + tessellation.first_row


def numbers_at(tessellation: Tessellation, columns: npt.ArrayLike, rows: npt.ArrayLike) -> Numbers:
    """Numbers of the cells at columns and rows counted from the origin; -1 outside the window."""
    column = np.asarray(columns, np.int64) - tessellation.first_column
    row = np.asarray(rows, np.int64) - tessellation.first_row
    inside = (column >= 0) & (column < tessellation.columns)
    inside &= (row >= 0) & (row < tessellation.rows)
    return np.where(inside, row * tessellation.columns + column, -1)


def keys(tessellation: Tessellation, numbers: npt.ArrayLike | None = None) -> Numbers:
    """Keys of cells: the same for every window of the same shape, size and origin."""
    column, row = columns_and_rows(tessellation, numbers)
    # Rows in the upper half, so that keys sort as numbers do. The sum stays inside 63 bits.
    return (row << 32) + (column + _HALF)


def numbers_of(tessellation: Tessellation, cell_keys: npt.ArrayLike) -> Numbers:
    """Numbers of the cells with the keys; -1 for a key outside the window."""
    key = np.asarray(cell_keys, np.int64)
    return numbers_at(tessellation, (key & 0xFFFFFFFF) - _HALF, key >> 32)


def centres(tessellation: Tessellation, numbers: npt.ArrayLike | None = None) -> _Floats:
    """Centres of cells, shape (n, 2), x and y in metres."""
    column, row = columns_and_rows(tessellation, numbers)
    x = column.astype(np.float64)
    if tessellation.shape == "hexagon":
        x += 0.5 * (row & 1)
    return np.column_stack(
        (
            x * tessellation.size_m + tessellation.origin[0],
            row * tessellation.row_height_m + tessellation.origin[1],
        )
    )


def polygons(
    tessellation: Tessellation, numbers: npt.ArrayLike | None = None
) -> npt.NDArray[np.object_]:
    """Polygons of cells in metres, counter-clockwise; corners of neighbours are the same numbers.

    Each corner is computed from its own place in the lattice of corners and not from the centre of
    one of its cells, so that the polygons are an exact coverage.
    """
    column, row = columns_and_rows(tessellation, numbers)
    if tessellation.shape == "square":
        across, up = np.array([1, 1, -1, -1]), np.array([-1, 1, 1, -1])
        right, top = 2 * column, 2 * row
        half_width, half_height = tessellation.size_m / 2, tessellation.size_m / 2
    else:
        # In units of half a width and a third of a row.
        across, up = np.array([0, 1, 1, 0, -1, -1]), np.array([-2, -1, 1, 2, 1, -1])
        right, top = 2 * column + (row & 1), 3 * row
        half_width, half_height = tessellation.size_m / 2, tessellation.row_height_m / 3
    x = (right[:, None] + across) * half_width + tessellation.origin[0]
    y = (top[:, None] + up) * half_height + tessellation.origin[1]
    rings = np.stack((x, y), axis=-1)
    rings = np.concatenate((rings, rings[:, :1]), axis=1)
    made: npt.NDArray[np.object_] = np.asarray(shapely.polygons(rings), dtype=object)
    return made


def covered_share(tessellation: Tessellation, area: shapely.Geometry) -> npt.NDArray[np.float64]:
    """Share of each cell, 0 to 1, that lies in an area: shape (`count`,).

    The cells of an analysis are those with a share above 0; `share * cell_area_m2` is the
    denominator of a density near the border.

    Parameters
    ----------
    tessellation
        The cells.
    area
        Polygon or multipolygon in the same metres.
    """
    shapes = polygons(tessellation)
    shapely.prepare(area)
    inside = shapely.contains_properly(area, shapes)
    crossing = np.flatnonzero(shapely.intersects(area, shapes) & ~inside)
    share: _Floats = inside.astype(np.float64)
    parts = shapely.area(shapely.intersection(area, shapes[crossing]))
    share[crossing] = np.minimum(parts / tessellation.cell_area_m2, 1.0)
    return share


def _numbers(tessellation: Tessellation, numbers: npt.ArrayLike | None) -> Numbers:
    if numbers is None:
        return np.arange(tessellation.count, dtype=np.int64)
    wanted = np.asarray(numbers, np.int64).ravel()
    if wanted.size and (wanted.min() < 0 or wanted.max() >= tessellation.count):
        raise InvalidInput(
            "There is no such cell in the window.",
            hint=f"Numbers go from 0 to {tessellation.count - 1}.",
            faults=(Fault("outside the window", field="numbers"),),
        )
    return wanted
