"""New drafts of a territory: as a whole, or of the blocks between its streets and its water."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from gridmap.algorithms.codes import GENERAL, reading_order
from gridmap.errors import Conflict, Fault, InvalidInput, NotFound
from gridmap.geometry import blocks
from gridmap.geometry.claims import Settlement
from gridmap.geometry.coverage import dissolve
from gridmap.geometry.crs import LocalCRS
from gridmap.store import audit, database, imports, plans, raw_land
from gridmap.store.database import Connection, Engine
from gridmap.store.imports import PlaceRow, TerritoryRow
from gridmap.store.plans import NewGrid
from gridmap.store.raw_land import NetworkRow

Source = Literal["territory", "blocks"]
Given = Literal["nobody", "one", "each"]

_MOST_CHILDREN = 999
_LEVELS = [{"level": 2, "name": "网格", "name_en": "grid"}]
_UNASSIGNED = ("未划分", "Unassigned")


@dataclass(frozen=True)
class NewPlan:
    """What a draft is made of.

    Parameters
    ----------
    place, network
        Keys; a network that the territory does not have yet is made, with one level.
    name
        Of the draft.
    source
        `territory`: the whole of it; `blocks`: what lies between its streets and its water.
    given
        To whom the land belongs at first: to `nobody`, to `one` grid, or `each` block is a grid.
    territory
        Code; needed where the place has several that could be meant.
    """

    place: str
    network: str
    name: str
    source: Source = "territory"
    given: Given = "nobody"
    territory: str | None = None


def make_plan(engine: Engine, wanted: NewPlan, *, actor: str) -> int:
    """Make a draft from nothing but a territory and its lines; give its id.

    The arranging happens outside of any transaction; the territory is looked at again afterwards.

    Raises
    ------
    NotFound
        No such place or territory.
    InvalidInput
        Several territories could be meant; a street meets a frozen outline where nothing can be
        joined to it; more blocks than a grid has numbers.
    Conflict
        The territory was changed meanwhile.
    """
    with database.translated(), engine.connect() as connection:
        place, territory, network = _look(connection, wanted)
        lines = raw_land.read_lines(connection, territory.id) if wanted.source == "blocks" else None
    crs = LocalCRS(place.meridian)
    settled = _cut(crs, territory, lines)
    with database.transaction(engine, actor=actor) as connection:
        again = _look(connection, wanted)[1]
        if again.frozen != territory.frozen or not shapely.equals_exact(
            again.geometry, territory.geometry, 0.0
        ):
            raise Conflict(
                f"The territory {territory.code} was changed while the plan was made",
                hint="Make it again.",
            )
        if not territory.frozen:
            imports.set_outline(connection, territory.id, crs.publish(settled.outline))
        plan_id = _store(connection, wanted, actor, place, territory, network, settled, crs)
        audit.record(
            connection,
            actor=actor,
            action="draft",
            noun="plan",
            noun_id=str(plan_id),
            detail={"source": wanted.source, "given": wanted.given, "atoms": len(settled.atoms)},
        )
    return plan_id


def _look(connection: Connection, wanted: NewPlan) -> tuple[PlaceRow, TerritoryRow, NetworkRow]:
    place = imports.read_place(connection, wanted.place)
    if place is None:
        raise NotFound(f"There is no place {wanted.place!r}")
    known = imports.read_place_territories(connection, wanted.place)
    networks = raw_land.read_networks(connection, wanted.place, wanted.network)
    if wanted.territory is not None:
        found = [item for item in known if item.code == wanted.territory]
        if not found:
            raise NotFound(f"The place {wanted.place} has no territory {wanted.territory}")
    else:
        # The one that the network cuts already; in a new network, the only one there is.
        found = [item for item in known if item.id in networks] or known
    if len(found) != 1:
        listed = ", ".join(f"{item.code} {item.name}" for item in found[:20])
        raise InvalidInput(
            f"Several territories of {wanted.place} could be meant: {listed}"
            if found
            else f"The place {wanted.place} has no territory",
            hint="Name one by its code." if found else "Import its territory first.",
            faults=(Fault("which one?", field="territory"),),
        )
    return place, found[0], networks.get(found[0].id, NetworkRow(None, _LEVELS))


def _cut(crs: LocalCRS, territory: TerritoryRow, lines: Any | None) -> Settlement:
    area = crs.receive(territory.geometry)
    if lines is None:
        return blocks.whole(area, frozen=territory.frozen)
    settled = blocks.cut_blocks(area, crs.receive(lines), frozen=territory.frozen)
    if settled.defects:
        places = crs.to_degrees(np.array([case.place for case in settled.defects])).tolist()
        raise InvalidInput(
            f"{len(places)} streets meet the frozen outline of {territory.code} where it has no "
            "vertex near",
            hint="Start from the whole territory, or from its published plan, and draw the lines.",
            faults=tuple(
                Fault(f"{case.width_m:.1f} m from the next vertex", place=(at[0], at[1]))
                for case, at in zip(settled.defects[:50], places, strict=False)
            ),
        )
    return settled


def _store(
    connection: Connection,
    wanted: NewPlan,
    actor: str,
    place: PlaceRow,
    territory: TerritoryRow,
    network: NetworkRow,
    settled: Settlement,
    crs: LocalCRS,
) -> int:
    network_id = network.id or plans.find_or_insert_network(
        connection,
        place=place.key,
        territory_id=territory.id,
        key=wanted.network,
        name=wanted.network,
        name_en=None,
        authoritative=False,
        levels=network.levels,
    )
    plan_id = plans.insert_plan(connection, network_id=network_id, name=wanted.name, author=actor)
    atom_ids = plans.insert_atoms(
        connection, [territory.id] * len(settled.atoms), crs.publish(settled.atoms)
    )
    owners = settled.owners if wanted.given == "each" else np.zeros_like(settled.owners)
    grids = list(_grids(wanted, territory.code, network.levels, settled.atoms, owners, crs))
    ids = plans.insert_grids(
        connection, plan_id=plan_id, place=place.key, network=wanted.network, grids=grids
    )
    lowest = [grid for grid in grids if grid.level == grids[-1].level]
    plans.link_atoms(
        connection,
        plan_id,
        (
            (atom, ids[lowest[owner].key])
            for atom, owner in zip(atom_ids, owners.tolist(), strict=True)
        ),
    )
    plans.recount(connection, plan_id)
    for table in ("grid", "atom", "plan_atom"):
        imports.analyze(connection, table)
    return plan_id


def _grids(
    wanted: NewPlan,
    territory_code: str,
    levels: list[dict[str, Any]],
    atoms: Any,
    owners: Any,
    crs: LocalCRS,
) -> Iterator[NewGrid]:
    """One grid at each level, and at the lowest one a grid for each owner, from the top down."""
    ordered = sorted(levels, key=lambda item: int(item["level"]))
    whole = crs.publish(dissolve(atoms, np.zeros_like(owners)))[0]
    kind = "unassigned" if wanted.given == "nobody" else "comprehensive"
    code, key = territory_code.ljust(12, "0"), None
    for level in ordered[:-1]:
        parent, up = code, key
        code, key = _code(code, GENERAL if level["level"] == 1 else 1, kind), str(level["level"])
        name, name_en = _named(level, None, kind)
        yield NewGrid(
            key, level["level"], code, name, up, parent, _multi(whole), name_en=name_en, kind=kind
        )
    last = ordered[-1]
    areas = crs.publish(dissolve(atoms, owners))
    order = reading_order(shapely.get_coordinates(shapely.point_on_surface(areas)))
    if len(order) > _MOST_CHILDREN:
        raise InvalidInput(
            f"{len(order):,} blocks are more than {_MOST_CHILDREN} grids",
            hint="Give the blocks to nobody or to one grid, and draw on.",
        )
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(1, len(order) + 1)
    for at, area in enumerate(areas):
        of_many = int(number[at]) if wanted.given == "each" else None
        name, name_en = _named(last, of_many, kind)
        yield NewGrid(
            f"{last['level']} {at}",
            last["level"],
            _code(code, int(number[at]), kind),
            name,
            key,
            code,
            _multi(area),
            name_en=name_en,
            kind=kind,
        )


def _code(parent: str, number: int, kind: str) -> str:
    return f"{parent}X00" if kind == "unassigned" else f"{parent}{number:03d}"


def _named(level: dict[str, Any], number: int | None, kind: str) -> tuple[str, str | None]:
    if kind == "unassigned":
        return _UNASSIGNED
    english = level.get("name_en")
    if number is None:
        return str(level["name"]), english
    return f"第{number}{level['name']}", f"{english} {number}" if english else None


def _multi(area: Any) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(shapely.get_parts(area).tolist())
