"""The answer: the grid of each atom, and the figures."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridmap.algorithms import partition


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
