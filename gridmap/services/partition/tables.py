"""Tables beside the atoms: who touches whom, and what is locked."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gridmap.algorithms import partition
from gridmap.errors import Fault, InvalidInput, UnreadableFile
from gridmap.services.partition.source import refuse

_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


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


def read_edges(path: Path, index: dict[str, int]) -> partition.Neighbours:
    """Read who touches whom; `index` is the number of each atom by its name.

    Raises
    ------
    UnreadableFile
        No such file, or no CSV in UTF-8.
    InvalidInput
        A column is missing, an atom unknown, a pair there twice, a length not above 0.
    """
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
    refuse(f"{path.name} does not fit the atoms", faults)
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


def read_locks(path: Path, index: dict[str, int]) -> partition.Fixed:
    """Read which atoms stay in which grid, and which grids are complete.

    Raises
    ------
    UnreadableFile
        No such file, or no CSV in UTF-8.
    InvalidInput
        A column is missing, an atom unknown or locked to two grids, a grid no whole number.
    """
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
    refuse(f"{path.name} does not fit the atoms", faults)
    return partition.Fixed(grid, frozenset(complete))
