"""Alternatives for a draft: its grids cut anew, several times, with their figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import partition
from gridmap.algorithms.partition.partitioning import subset
from gridmap.errors import Fault, InvalidInput, NotFound
from gridmap.services.plans.partition.ground import KEPT_FROM, Ground, read_ground
from gridmap.store import database
from gridmap.store.database import Engine

Ints = NDArray[np.int64]

MOST_ALTERNATIVES = 6
_MICRO_STEPS = 4_000

# What the alternatives lean to, one after the other, so that there is something to choose from.
EMPHASES: dict[str, partition.Weights] = {
    "balanced": partition.Weights(),
    "streets": partition.Weights(off_street_per_km=6.0),
    "shape": partition.Weights(off_street_per_km=0.0),
}


@dataclass(frozen=True)
class Wanted:
    """What is asked of a partition.

    Parameters
    ----------
    minimum, maximum
        Households of a grid.
    grids
        Exactly so many, those that stay included; None for what suits shapes best.
    level
        Of the grids; None for 2, or the lowest.
    keep
        Ids of grids that stay, beside the locked and the special ones.
    micro_minimum, micro_maximum
        Households of a micro-grid, where the plan has them below; by default a quarter of
        `maximum`, and a third of that.
    seed, seconds, alternatives
        Chance, the longest time in all, and how many.
    """

    minimum: int
    maximum: int
    grids: int | None = None
    level: int | None = None
    keep: tuple[int, ...] = ()
    micro_minimum: int | None = None
    micro_maximum: int | None = None
    seed: int = 1
    seconds: float = 60.0
    alternatives: int = 3

    def __post_init__(self) -> None:
        """Refuse what is no question."""
        partition.SizeRange(self.minimum, self.maximum)
        if not 1 <= self.alternatives <= MOST_ALTERNATIVES:
            raise InvalidInput(
                f"1 to {MOST_ALTERNATIVES} alternatives can be had",
                faults=(Fault("too many or too few", field="alternatives"),),
            )
        self.micro_size()

    def micro_size(self) -> partition.SizeRange:
        """The range of micro-grids."""
        most = self.micro_maximum or max(1, self.maximum // 4)
        return partition.SizeRange(self.micro_minimum or max(1, most // 3), most)


@dataclass(frozen=True)
class Alternative:
    """One way to cut the draft.

    Parameters
    ----------
    emphasis
        One of `EMPHASES`.
    micro
        Per face the number of its micro-grid within its grid, or None where the plan has none.
    """

    emphasis: str
    seed: int
    plan: partition.Plan
    micro: Ints | None
    notes: tuple[str, ...] = ()

    def summary(self) -> dict[str, Any]:
        """Figures of the whole, ready for JSON."""
        return {
            "emphasis": self.emphasis,
            "seed": self.seed,
            "repeatable": self.plan.in_time,
            "totals": self.plan.totals(),
            "micro_grids": self._count_micro(),
            "misses": [
                {"grid": miss.grid, "households": miss.households, "reason": miss.reason}
                for miss in self.plan.misses
            ],
            "notes": [*self.plan.notes, *self.notes],
        }

    def _count_micro(self) -> int | None:
        if self.micro is None:
            return None
        return len(np.unique(np.column_stack((self.plan.grid, self.micro)), axis=0))


@dataclass
class Proposal:
    """A draft's ground and the alternatives that were found for it, one after the other."""

    ground: Ground
    wanted: Wanted
    alternatives: list[Alternative] = field(default_factory=list)

    def features(self, at: int) -> list[dict[str, Any]]:
        """The grids of one alternative as GeoJSON features in degrees, with their figures."""
        if not 0 <= at < len(self.alternatives):
            raise NotFound(f"There is no alternative {at + 1}")
        plan = self.alternatives[at].plan
        figures = plan.figures
        misses = {miss.grid: miss.reason for miss in plan.misses}
        polygons = self.ground.faces.polygons
        listed = []
        for index, number in enumerate(figures.grid.tolist()):
            area = shapely.coverage_union_all(polygons[plan.grid == number])
            shape = shapely.MultiPolygon(shapely.get_parts(area).tolist())
            listed.append(
                {
                    "type": "Feature",
                    "id": number,
                    "geometry": shapely.geometry.mapping(self.ground.crs.publish(shape)),
                    "properties": {
                        "number": number,
                        "stays": number >= KEPT_FROM,
                        "households": int(figures.households[index]),
                        "deviation": round(float(figures.deviation[index]), 4),
                        "compactness": round(float(figures.compactness[index]), 4),
                        "area_m2": round(float(figures.area_m2[index]), 1),
                        "reason": misses.get(number),
                    },
                }
            )
        return listed


def propose(
    engine: Engine,
    plan_id: int,
    wanted: Wanted,
    *,
    progress: Callable[[float], None],
    elapsed: Callable[[], float] | None = None,
) -> Proposal:
    """Cut a draft's grids anew, `wanted.alternatives` times; nothing is stored.

    Parameters
    ----------
    progress
        Told the share that is done; it may raise to stop the work.
    elapsed
        Seconds since the start; the search ends at `wanted.seconds`.

    Raises
    ------
    NotFound, Conflict, InvalidInput
        As `read_ground` says, or so many grids cannot be.
    """
    with database.translated(), engine.connect() as connection:
        begun = _read(connection, plan_id, wanted)
    progress(0.05)
    atoms = begun.atoms()
    fixed = partition.Fixed(begun.kept, frozenset(np.unique(begun.kept[begun.kept >= 0]).tolist()))
    proposal = Proposal(begun, wanted)
    names = list(EMPHASES)
    has_micro = any(row.level > begun.level for row in begun.grids.values())
    share = 0.95 / wanted.alternatives

    for number in range(wanted.alternatives):
        start = 0.05 + share * number
        seed = wanted.seed + number // len(names)
        calls = 0

        def used(start: float = start, number: int = number) -> float:
            nonlocal calls
            calls += 1
            # The search asks about 1,300 times until its schedule ends.
            progress(start + share * min(calls / 1_500, 0.9))
            if elapsed is None:
                return 0.0
            return elapsed() / (wanted.seconds * (number + 1) / wanted.alternatives)

        emphasis = names[number % len(names)]
        plan = partition.partition(
            atoms,
            partition.SizeRange(wanted.minimum, wanted.maximum),
            rng=np.random.default_rng(seed),
            grids=wanted.grids,
            fixed=fixed,
            elapsed=used,
            weights=EMPHASES[emphasis],
        )
        plan = replace(plan, misses=_in_buildings(begun, plan))
        micro = None
        if has_micro:
            micro = _cut_micro(atoms, plan, wanted.micro_size(), seed, used)
        proposal.alternatives.append(Alternative(emphasis, seed, plan, micro, begun.notes))
        progress(start + share)
    return proposal


def _in_buildings(begun: Ground, plan: partition.Plan) -> tuple[partition.Miss, ...]:
    """Reasons in words of the ground: an atom that is too large may be one building."""
    said = []
    for miss in plan.misses:
        inside = plan.grid == miss.grid
        largest = int(np.argmax(np.where(inside, begun.households, -1)))
        most = int(begun.households[largest])
        if miss.grid >= KEPT_FROM or most <= plan.size.maximum:
            said.append(miss)
            continue
        reason = (
            f"one building has {most} households alone; no cut passes through a building"
            if begun.homes[largest] == 1
            else f"one block has {most} households and could not be cut between its buildings"
        )
        said.append(replace(miss, reason=reason))
    return tuple(said)


def _read(connection: database.Connection, plan_id: int, wanted: Wanted) -> Ground:
    begun = read_ground(
        connection,
        plan_id,
        level=wanted.level,
        keep=wanted.keep,
        whole_above=wanted.maximum,
        minimum=wanted.minimum,
    )
    if all(row.level <= begun.level for row in begun.grids.values()):
        return begun
    # Micro-grids are smaller than many blocks: those are cut between their buildings too.
    return read_ground(
        connection,
        plan_id,
        level=wanted.level,
        keep=wanted.keep,
        whole_above=wanted.micro_size().maximum,
        minimum=wanted.minimum,
    )


def _cut_micro(
    atoms: partition.Atoms,
    plan: partition.Plan,
    size: partition.SizeRange,
    seed: int,
    used: Callable[[], float],
) -> Ints:
    """Micro-grids inside each grid that does not stay, numbered from 1 in each."""
    micro = np.zeros(len(atoms), dtype=np.int64)
    rng = np.random.default_rng(seed)
    for number in np.unique(plan.grid).tolist():
        if number >= KEPT_FROM:
            continue
        used()
        inside = plan.grid == number
        if int(atoms.households[inside].sum()) <= size.maximum:
            micro[inside] = 1
            continue
        # Water may part a grid's micro-grids, never the grid: it hangs together without crossing.
        part = subset(atoms, inside)
        micro[inside] = partition.partition(part, size, rng=rng, steps=_MICRO_STEPS).grid
    return micro
