"""`/plans/{id}/edits`: everything that can be done to a draft, each one request; undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Annotated, Any, Literal

import shapely
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gridmap.api.plans import Actor, Database, GridId, Line, Name, PlanId, Position, Ring
from gridmap.services import plans

router = APIRouter(prefix="/plans", tags=["Plans"])

Id = Annotated[int, Field(ge=1, le=2**62)]
Level = Annotated[int, Field(ge=1, le=9)]
Snapping = Annotated[
    bool, Field(description="Lay the line onto the streets that it runs along (within 15 m).")
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Edit(_Body):
    revision: Annotated[int, Field(ge=0, description="The revision that the editor saw.")]
    preview: Annotated[bool, Field(description="Tell the consequences and store nothing.")] = False


class Redraw(_Edit):
    """Make a drawn line the boundary between two grids of one level."""

    kind: Literal["redraw"]
    grids: tuple[GridId, GridId]
    line: Line
    along_streets: Snapping = False


class MoveNode(_Edit):
    """Move a point where three grids of a level or more meet; all of them follow."""

    kind: Literal["node"]
    level: Level
    node: Position
    to: Position


class Split(_Edit):
    """Split a grid: along a drawn line, along its streets, or into parts of equal households.

    The largest piece keeps its code.
    """

    kind: Literal["split"]
    grid: GridId
    line: Line | None = None
    along_streets: Snapping = False
    streets: Annotated[bool, Field(description="Split along every street inside.")] = False
    parts: Annotated[int | None, Field(ge=2, le=30)] = None

    @model_validator(mode="after")
    def _one_way(self) -> Split:
        if (self.line is not None) + self.streets + (self.parts is not None) != 1:
            raise ValueError("say one of line, streets and parts")
        return self


class Merge(_Edit):
    """Merge grids of one level into one of them."""

    kind: Literal["merge"]
    grids: Annotated[list[GridId], Field(min_length=1, max_length=1000)]
    into: GridId


class Transfer(_Edit):
    """Give ground to a grid.

    What lies in a lasso (every block whose middle does), the block around a point, a building with
    the ground around it, or a whole grid of the level below.
    """

    kind: Literal["transfer"]
    to: GridId
    lasso: Ring | None = None
    block: Position | None = None
    building: Id | None = None
    grid: GridId | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Transfer:
        if [self.lasso, self.block, self.building, self.grid].count(None) != 3:
            raise ValueError("say one of lasso, block, building and grid")
        return self


class Paint(_Edit):
    """Give to a grid what a brush has passed over."""

    kind: Literal["paint"]
    to: GridId
    line: Line
    width_m: Annotated[float, Field(ge=0, le=200, allow_inf_nan=False)] = 0.0
    blocks: Annotated[bool, Field(description="Whole blocks instead of atoms.")] = False


class Special(_Edit):
    """Cut a special grid – a school, a hospital, a park – out of others."""

    kind: Literal["special"]
    level: Level
    name: Name
    area: Ring | None = None
    land_use: Id | None = None
    building: Id | None = None

    @model_validator(mode="after")
    def _one_area(self) -> Special:
        if [self.area, self.land_use, self.building].count(None) != 2:
            raise ValueError("say one of area, land_use and building")
        return self


class Rename(_Edit):
    """Give a grid another name."""

    kind: Literal["rename"]
    grid: GridId
    name: Name


class Renumber(_Edit):
    """Number the grids of a level and all below them anew: west to east, then north to south."""

    kind: Literal["renumber"]
    level: Level


class Lock(_Edit):
    """Lock grids, so that no edit changes them, or unlock them."""

    kind: Literal["lock"]
    grids: Annotated[list[GridId], Field(min_length=1, max_length=1000)]
    locked: bool = True


Edit = Annotated[
    Redraw | MoveNode | Split | Merge | Transfer | Paint | Special | Rename | Renumber | Lock,
    Field(discriminator="kind"),
]


class Step(_Body):
    """Undo or redo from a revision."""

    revision: Annotated[int, Field(ge=0)]


def _rendered(outcome: plans.Outcome) -> dict[str, Any]:
    # Not `asdict`: it would copy every coordinate of every area.
    return {item.name: getattr(outcome, item.name) for item in fields(outcome)}


@router.post("/{plan_id}/edits")
def edit(plan_id: PlanId, body: Edit, engine: Database, actor: Actor) -> dict[str, Any]:
    """Carry out one edit, or tell its consequences (`preview`) and store nothing."""
    operation, said = _CALLS[body.kind](body)
    outcome: plans.Outcome = operation(
        engine, plan_id, **said, revision=body.revision, actor=actor, preview=body.preview
    )
    return _rendered(outcome)


_Call = tuple[Callable[..., plans.Outcome], dict[str, Any]]


def _redraw(body: Redraw) -> _Call:
    one, other = body.grids
    line = shapely.LineString(body.line)
    said = {"one": one, "other": other, "line": line, "along_streets": body.along_streets}
    return plans.redraw_boundary, said


def _move_node(body: MoveNode) -> _Call:
    ends = {"node": shapely.Point(body.node), "to": shapely.Point(body.to)}
    return plans.move_node, {"level": body.level, **ends}


def _split(body: Split) -> _Call:
    if body.line is not None:
        line = shapely.LineString(body.line)
        said = {"grid": body.grid, "line": line, "along_streets": body.along_streets}
        return plans.split_grid, said
    if body.parts is not None:
        return plans.split_grid_evenly, {"grid": body.grid, "parts": body.parts}
    return plans.split_grid_by_streets, {"grid": body.grid}


def _merge(body: Merge) -> _Call:
    return plans.merge_grids, {"grids": body.grids, "into": body.into}


def _transfer(body: Transfer) -> _Call:
    if body.lasso is not None:
        return plans.transfer_area, {"to": body.to, "lasso": shapely.Polygon(body.lasso)}
    if body.block is not None:
        return plans.transfer_block, {"to": body.to, "point": shapely.Point(body.block)}
    if body.building is not None:
        return plans.transfer_building, {"to": body.to, "building": body.building}
    return plans.transfer_grid, {"to": body.to, "grid": body.grid}


def _paint(body: Paint) -> _Call:
    line = shapely.LineString(body.line)
    return plans.paint, {
        "to": body.to,
        "line": line,
        "width_m": body.width_m,
        "blocks": body.blocks,
    }


def _special(body: Special) -> _Call:
    area = None if body.area is None else shapely.Polygon(body.area)
    return plans.cut_out_special, {
        "level": body.level,
        "name": body.name,
        "area": area,
        "land_use": body.land_use,
        "building": body.building,
    }


def _rename(body: Rename) -> _Call:
    return plans.rename_grid, {"grid": body.grid, "name": body.name}


def _renumber(body: Renumber) -> _Call:
    return plans.renumber, {"level": body.level}


def _lock(body: Lock) -> _Call:
    return plans.lock_grids, {"grids": body.grids, "locked": body.locked}


_CALLS: dict[str, Callable[[Any], _Call]] = {
    "redraw": _redraw,
    "node": _move_node,
    "split": _split,
    "merge": _merge,
    "transfer": _transfer,
    "paint": _paint,
    "special": _special,
    "rename": _rename,
    "renumber": _renumber,
    "lock": _lock,
}


@router.post("/{plan_id}/undo")
def undo(plan_id: PlanId, body: Step, engine: Database, actor: Actor) -> dict[str, Any]:
    """Take the last edit back that is not taken back yet, whoever made it."""
    return _rendered(plans.undo(engine, plan_id, revision=body.revision, actor=actor))


@router.post("/{plan_id}/redo")
def redo(plan_id: PlanId, body: Step, engine: Database, actor: Actor) -> dict[str, Any]:
    """Make the last undone edit again."""
    return _rendered(plans.redo(engine, plan_id, revision=body.revision, actor=actor))
