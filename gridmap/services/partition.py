"""Cut the atoms of a file into grids, without a database.

The file is anything that GDAL reads with polygons and a column of households. Who touches whom
comes from a table beside it, or from the polygons themselves when they are an exact coverage.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from gridmap.algorithms import partition
from gridmap.errors import Fault, InvalidInput, UnreadableFile
from gridmap.geometry.adjacency import shared_edges
from gridmap.geometry.crs import local_crs

Ints = NDArray[np.int64]

_LISTED = 20
_SAME_POINT_M = 1e-3
_WEB_MERCATOR = 3857
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}

# Proposals a second of a middling machine, and what the start of the program takes of the time.
_STEPS_PER_SECOND = 750_000
_START_S = 3.2
_LEAST_STEPS_PER_ATOM = 200


@dataclass(frozen=True)
class Source:
    """Where the atoms and what is known of them stand.

    Parameters
    ----------
    layer
        Name of the layer; None if the file has one only.
    households, atom
        Columns: number of households, and the atom's name in the tables.
    adjacency
        CSV with the columns ``a``, ``b`` (atoms), ``length_m``, and optionally ``kind``
        (``internal`` is off the street, ``river`` cannot be crossed) and ``barrier`` (0 or 1; then
        `kind` says nothing of barriers). None: shared edges are measured.
    block
        Column with the block of each atom: an edge inside a block is off the street. Only without
        `adjacency`.
    locked
        CSV with the columns ``atom``, ``grid`` (a whole number) and optionally ``complete`` (1: no
        atom comes to this grid).
    crs
        What the coordinates are, where the file does not say it.
    """

    path: Path
    layer: str | None = None
    households: str = "households"
    atom: str = "atom"
    adjacency: Path | None = None
    block: str | None = None
    locked: Path | None = None
    crs: str | None = None


@dataclass(frozen=True)
class Answer:
    """A plan of a file's atoms, by their names."""

    names: tuple[Any, ...]
    plan: partition.Plan
    seed: int

    def document(self) -> dict[str, Any]:
        """All figures, the seed, and the reasons of what misses the range; ready for JSON."""
        plan, figures = self.plan, self.plan.figures
        columns = zip(
            figures.grid.tolist(),
            figures.atoms.tolist(),
            figures.households.tolist(),
            figures.deviation.tolist(),
            figures.area_m2.tolist(),
            figures.perimeter_m.tolist(),
            figures.compactness.tolist(),
            figures.encloses.tolist(),
            strict=True,
        )
        return {
            "seed": self.seed,
            "repeatable": plan.in_time,
            "proposals": plan.steps,
            "range": [plan.size.minimum, plan.size.maximum],
            "totals": plan.totals(),
            "misses": [
                {"grid": miss.grid, "households": miss.households, "reason": miss.reason}
                for miss in plan.misses
            ],
            "notes": list(plan.notes),
            "grids": [
                {
                    "grid": grid,
                    "atoms": atoms,
                    "households": households,
                    "deviation": round(deviation, 4),
                    "area_m2": round(area, 2),
                    "perimeter_m": round(perimeter, 2),
                    "compactness": round(compactness, 4),
                    "encloses": encloses,
                }
                for (
                    grid,
                    atoms,
                    households,
                    deviation,
                    area,
                    perimeter,
                    compactness,
                    encloses,
                ) in columns
            ],
        }

    def write(self, table: Path, figures: Path) -> None:
        """Write the grid of each atom (CSV: ``atom,grid``) and the figures (JSON)."""
        with table.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("atom", "grid"))
            writer.writerows(zip(self.names, self.plan.grid.tolist(), strict=True))
        figures.write_text(
            json.dumps(self.document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


def steps_in(seconds: float, atoms: int) -> int:
    """Proposals that a search of so many atoms makes in `seconds` of processor time.

    A fixed rate, not one that is measured: so the same seed gives the same plan on a fast machine
    and on one that is busy, as long as the time suffices at all.
    """
    return max(_LEAST_STEPS_PER_ATOM * atoms, int((seconds - _START_S) * _STEPS_PER_SECOND))


def cut_file(
    source: Source,
    *,
    minimum: int,
    maximum: int,
    grids: int | None = None,
    seed: int = 1,
    seconds: float | None = None,
    elapsed: Callable[[], float] | None = None,
) -> Answer:
    """Cut the atoms of a file into grids of `minimum` to `maximum` households.

    Parameters
    ----------
    seconds
        How long the search should take; by default what its size needs.
    elapsed
        Gives the share of the time that is used up; the search ends at 1.

    Raises
    ------
    UnreadableFile
        The file or a table is missing, or not what its name says.
    InvalidInput
        A column, a value, an atom or a lock that cannot be; or no plan has so many grids.
    Unavailable
        numba is not installed.
    """
    size = partition.SizeRange(minimum, maximum)
    if grids is not None and grids < 1:
        raise InvalidInput(f"{grids} grids are no plan", faults=(Fault("below 1", field="grids"),))
    if seconds is not None and not (math.isfinite(seconds) and seconds > 0):
        raise InvalidInput("The time is above 0 seconds", faults=(Fault("no time", field="time"),))
    names, polygons, households, blocks = _read_atoms(source)
    index = {str(name): at for at, name in enumerate(names)}
    if source.adjacency is None:
        neighbours = _measure_edges(polygons, blocks)
    else:
        neighbours = _read_edges(source.adjacency, index)
    atoms = partition.Atoms(
        households=households,
        area_m2=shapely.area(polygons),
        perimeter_m=shapely.length(polygons),
        centre=shapely.get_coordinates(shapely.point_on_surface(polygons)),
        neighbours=neighbours,
        outlines=partition.trace_outlines(polygons, neighbours),
    )
    plan = partition.partition(
        atoms,
        size,
        rng=np.random.default_rng(seed),
        grids=grids,
        fixed=None if source.locked is None else _read_locks(source.locked, index),
        steps=None if seconds is None else steps_in(seconds, len(atoms)),
        elapsed=elapsed,
    )
    return Answer(tuple(names), plan, seed)


def _read_atoms(source: Source) -> tuple[list[Any], Any, Ints, list[Any] | None]:
    """Names, polygons in metres, households and blocks of the atoms."""
    wanted = [source.atom, source.households]
    if source.block is not None and source.adjacency is None:
        wanted.append(source.block)
    try:
        layer = _only_layer(source)
        info = pyogrio.read_info(source.path, layer=layer)
        missing = [name for name in wanted if name not in info["fields"]]
        if missing:
            raise InvalidInput(
                f"{source.path.name} has no column {missing[0]!r}",
                hint=f"Its columns: {', '.join(info['fields']) or 'none'}.",
                faults=tuple(Fault("no such column", field=name) for name in missing),
            )
        meta, _, geometry, values = pyogrio.raw.read(source.path, layer=layer, columns=wanted)
    except (DataSourceError, DataLayerError) as error:
        raise UnreadableFile(f"{source.path} cannot be read: {error}") from error
    columns = dict(zip(meta["fields"], values, strict=True))
    if geometry is None or len(geometry) == 0:
        raise InvalidInput(f"{source.path.name} has no atoms", hint="Is it the right layer?")
    names = columns[source.atom].tolist()
    _check_names(names)
    polygons = _in_metres(shapely.from_wkb(geometry), source.crs or meta["crs"])
    households = _whole_numbers(columns[source.households], source.households)
    blocks = columns[source.block].tolist() if len(wanted) > 2 and source.block else None
    return names, polygons, households, blocks


def _only_layer(source: Source) -> str | None:
    """The layer that is meant; refuse one that is not there, and to guess among several."""
    listed = [str(name) for name in pyogrio.list_layers(source.path)[:, 0]]
    if source.layer is None and len(listed) > 1:
        raise InvalidInput(
            f"{source.path.name} has {len(listed)} layers",
            hint=f"Name one with --layer: {', '.join(listed)}.",
            faults=(Fault("not named", field="layer"),),
        )
    if source.layer is not None and source.layer not in listed:
        raise InvalidInput(
            f"{source.path.name} has no layer {source.layer!r}",
            hint=f"Its layers: {', '.join(listed)}.",
            faults=(Fault("no such layer", field="layer"),),
        )
    return source.layer


def _check_names(names: Sequence[Any]) -> None:
    seen: set[str] = set()
    faults = []
    for row, name in enumerate(names, start=1):
        if name is None or name != name or str(name) == "":  # noqa: PLR0124 - NaN
            faults.append(Fault("an atom without a name", row=row, field="atom"))
        elif str(name) in seen:
            faults.append(Fault(f"{name} stands here twice", row=row, field="atom"))
        seen.add(str(name))
    _refuse("The atoms have no names of their own", faults)


def _whole_numbers(values: NDArray[Any], field: str) -> Ints:
    """Counts as whole numbers."""
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"The column {field!r} holds no numbers: {error}", faults=(Fault("text", field=field),)
        ) from error
    faults = []
    for row, number in enumerate(numbers.tolist(), start=1):
        if not math.isfinite(number):
            faults.append(Fault("no number", row=row, field=field))
        elif number < 0:
            faults.append(Fault(f"{number:g} is negative", row=row, field=field))
        elif number != int(number):
            faults.append(Fault(f"{number:g} is not whole", row=row, field=field))
    _refuse("Households are counted in whole numbers from 0", faults)
    return numbers.astype(np.int64)


def _in_metres(polygons: Any, crs: str | None) -> Any:
    faults = [
        Fault("no polygon" if kind not in {3, 6} else "an empty polygon", row=row, field="geometry")
        for row, (kind, empty) in enumerate(
            zip(
                shapely.get_type_id(polygons).tolist(),
                (shapely.is_missing(polygons) | shapely.is_empty(polygons)).tolist(),
                strict=True,
            ),
            start=1,
        )
        if kind not in {3, 6} or empty
    ]
    _refuse("Atoms are polygons", faults)
    if crs is None:
        raise InvalidInput(
            "The file does not say what its coordinates are", hint="Say it: --crs EPSG:4547."
        )
    try:
        given = pyproj.CRS(crs)
    except pyproj.exceptions.CRSError as error:
        raise InvalidInput(
            f"{crs!r} is no coordinate system", faults=(Fault("unknown", field="crs"),)
        ) from error
    if given.is_projected and given.to_epsg() != _WEB_MERCATOR:
        factor = given.axis_info[0].unit_conversion_factor
        return polygons if factor == 1 else shapely.transform(polygons, lambda xy: xy * factor)
    to_degrees = pyproj.Transformer.from_crs(given, "EPSG:4326", always_xy=True)

    def degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))

    in_degrees = shapely.transform(polygons, degrees)
    west, _, east, _ = shapely.total_bounds(in_degrees).tolist()
    if not (math.isfinite(west) and -180 <= west <= east <= 180):
        raise InvalidInput(
            "The coordinates are no degrees", hint="Name what they are: --crs EPSG:4547."
        )
    return local_crs((west + east) / 2).project(in_degrees)


def _measure_edges(polygons: Any, blocks: list[Any] | None) -> partition.Neighbours:
    """Shared edges of the polygons; off the street inside a block."""
    edges = shared_edges(polygons, unit=_SAME_POINT_M)
    inside = np.zeros(len(edges.first), dtype=bool)
    if blocks is not None:
        known = [block is not None for block in blocks]
        inside = np.array(
            [
                known[a] and blocks[a] == blocks[b]
                for a, b in zip(edges.first.tolist(), edges.second.tolist(), strict=True)
            ],
            dtype=bool,
        )
    return partition.Neighbours(
        first=edges.first,
        second=edges.second,
        length=edges.length,
        off_street=inside,
        barrier=np.zeros(len(edges.first), dtype=bool),
    )


def _read_table(path: Path, needed: Sequence[str], known: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a CSV with its columns `known`, of which `needed` have to be there."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise InvalidInput(
                    f"{path.name} has no column {missing[0]!r}",
                    hint=f"It needs {', '.join(needed)}; it may have {', '.join(known)}.",
                    faults=tuple(Fault("no such column", field=name) for name in missing),
                )
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path} cannot be read: {error}") from error


def _read_edges(path: Path, index: dict[str, int]) -> partition.Neighbours:
    rows = _read_table(path, ("a", "b", "length_m"), ("kind", "barrier"))
    count = len(rows)
    ends = np.zeros((count, 2), dtype=np.int64)
    length = np.zeros(count)
    off_street, barrier = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    pairs: set[tuple[int, int]] = set()
    faults: list[Fault] = []
    for at, row in enumerate(rows):
        for side, name in enumerate(("a", "b")):
            atom = index.get((row[name] or "").strip())
            if atom is None:
                faults.append(Fault(f"no atom {row[name]!r}", row=at + 1, field=name))
            else:
                ends[at, side] = atom
        first, second = sorted(ends[at].tolist())
        if first == second and not faults:
            faults.append(Fault("an atom beside itself", row=at + 1))
        if (first, second) in pairs and not faults:
            faults.append(Fault("a pair that stands here twice", row=at + 1))
        pairs.add((first, second))
        length[at] = _positive(row["length_m"], at + 1, faults)
        kind = (row.get("kind") or "").strip().lower()
        off_street[at] = kind == "internal"
        if "barrier" in row:
            flag = _FLAGS.get((row["barrier"] or "").strip().lower())
            if flag is None:
                faults.append(
                    Fault(f"{row['barrier']!r} is not 0 or 1", row=at + 1, field="barrier")
                )
            barrier[at] = bool(flag)
        else:
            barrier[at] = kind == "river"
    _refuse(f"{path.name} does not fit the atoms", faults)
    return partition.Neighbours(ends[:, 0], ends[:, 1], length, off_street, barrier)


def _positive(text: str | None, row: int, faults: list[Fault]) -> float:
    try:
        number = float(text or "")
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        faults.append(Fault(f"{text!r} is no length above 0", row=row, field="length_m"))
        return 1.0
    return number


def _read_locks(path: Path, index: dict[str, int]) -> partition.Fixed:
    grid = np.full(len(index), -1, dtype=np.int64)
    complete: set[int] = set()
    faults: list[Fault] = []
    for number, row in enumerate(_read_table(path, ("atom", "grid"), ("complete",)), start=1):
        atom = index.get((row["atom"] or "").strip())
        if atom is None:
            faults.append(Fault(f"no atom {row['atom']!r}", row=number, field="atom"))
            continue
        if not (row["grid"] or "").strip().isdecimal():
            faults.append(
                Fault(f"{row['grid']!r} is no whole number from 0", row=number, field="grid")
            )
            continue
        wanted = int(row["grid"])
        if grid[atom] not in (-1, wanted):
            faults.append(Fault("locked to another grid already", row=number, field="atom"))
        grid[atom] = wanted
        flag = _FLAGS.get((row.get("complete") or "").strip().lower())
        if flag is None:
            faults.append(Fault(f"{row['complete']!r} is not 0 or 1", row=number, field="complete"))
        elif flag:
            complete.add(wanted)
    _refuse(f"{path.name} does not fit the atoms", faults)
    return partition.Fixed(grid, frozenset(complete))


def _refuse(message: str, faults: Sequence[Fault]) -> None:
    if faults:
        more = len(faults) - _LISTED
        raise InvalidInput(
            message,
            hint=f"And {more} more." if more > 0 else None,
            faults=tuple(faults[:_LISTED]),
        )
