"""Grids into a plan: an exact coverage of a territory, with all its levels.

Reading and arranging happen outside of any transaction; what was seen before (the territory, the
published plan) is looked at again when the result is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gridmap.errors import Conflict, InvalidInput
from gridmap.geometry.claims import Settlement
from gridmap.geometry.crs import LocalCRS, meridian_of
from gridmap.services.transfer import settling
from gridmap.services.transfer.completing import kind_of
from gridmap.services.transfer.grid_levels import LEVEL_NAMES, GridRow, Tree, build_tree, number
from gridmap.services.transfer.grid_rows import common_code, new_grids
from gridmap.services.transfer.leaving import drop_faulty, join_rows
from gridmap.services.transfer.preparing import Batch
from gridmap.services.transfer.report import Left, Refusal
from gridmap.services.transfer.run import NotStored, Run
from gridmap.store import database, imports, plans
from gridmap.store.database import Connection
from gridmap.store.imports import PlaceRow, TerritoryRow

_MOST_GRIDS = 200_000
_NETWORK_NAMES = {
    "governance": ("治理网", "governance network"),
    "party": ("党建网", "party network"),
    "service": ("服务网", "service network"),
    "police": ("警网", "police network"),
}
# A territory is the one that grids cut when nearly all of them lie in it.
_LEAST_SHARE = 0.95


@dataclass(frozen=True)
class _Seen:
    """What was read before the arranging."""

    place: PlaceRow | None
    territories: list[TerritoryRow]


class GridImport(Run):
    """Reads all rows, arranges them, and stores a plan."""

    def do(self, names: tuple[str, ...]) -> None:
        """Import into grids or micro-grids.

        Raises
        ------
        ImportRefused
            Rows are not good, or the areas do not fit together.
        """
        (self.layer,) = names
        seen = self._look(names)
        batches = self._read(names, seen)
        rows = self._rows(batches)
        crs = LocalCRS(self._meridian(seen, batches))
        tree = self._tree(rows, crs)
        self._stop_if_bad()
        self.report.left += [
            Left("unreadable", item.reason, place=item.place, rows=(item.row,))
            for item in self.report.refusals
        ]
        known = self._territory(seen, tree)
        settlement = self._arrange(tree, known, crs)
        if not len(settlement.atoms):
            self.report.why_not = "the areas do not fit together"
            self._give_up()
        self._stop_if_bad()
        try:
            with database.transaction(self.engine, actor=self.actor) as connection:
                self.check_earlier(connection, names)
                plan_id = self._write(connection, seen, known, tree, settlement, crs)
                self.decide()
                self.record(connection, noun="plan", noun_id=str(plan_id))
        except NotStored:
            self._give_up()
        else:
            self.report.stored = True

    def _stop_if_bad(self) -> None:
        try:
            if self.report.refused or not self.report.accepted:
                self.decide()
        except NotStored:
            self._give_up()
        if self.report.refused and not self.options.leave:
            # A grid that is left out leaves a gap: there is nothing to skip.
            self.report.why_not = "rows are not good"
            self._give_up()

    def _give_up(self) -> None:
        self.give_up(
            "Mend the areas; --tolerance METRES settles wider gaps and overlaps, and --leave makes "
            "a draft in which what cannot be decided is nobody's. A plan is whole: --skip-bad is "
            "not for grids."
        )

    def _look(self, names: tuple[str, ...]) -> _Seen:
        if self.options.place is None:
            raise InvalidInput("Grids belong to a place; say which one", hint="Give --place KEY.")
        with database.transaction(self.engine, actor=self.actor) as connection:
            place = self.find_place(connection)
            self.check_earlier(connection, names)
            found = imports.read_place_territories(connection, place.key) if place else []
        return _Seen(place, found)

    def _read(self, names: tuple[str, ...], seen: _Seen) -> list[Batch]:
        near = None
        if seen.territories:
            outlines = np.array([item.geometry for item in seen.territories], dtype=object)
            west, south, east, north = shapely.total_bounds(outlines).tolist()
            near = (west, south, east, north)
        batches = []
        done = 0
        for batch in self.prepare(names, seen.place, near).batches():
            self.take(batch)
            batches.append(batch)
            done += batch.ledger.rows
            self.progress(done, self.source.rows, "rows")
            if done > _MOST_GRIDS:
                raise InvalidInput(f"The file has more than {_MOST_GRIDS:,} grids")
        with database.transaction(self.engine, actor=self.actor) as connection:
            for batch in batches[:1]:
                self.check_datum(connection, batch)
        return batches

    def _rows(self, batches: list[Batch]) -> list[GridRow]:
        rows = []
        for batch in batches:
            columns = batch.columns
            for i, row in enumerate(batch.rows):

                def value(name: str, i: int = i, columns: dict[str, list[Any]] = columns) -> Any:
                    return columns[name][i] if name in columns else None

                rows.append(
                    GridRow(
                        row,
                        value("level") or 0,
                        value("code"),
                        value("name"),
                        parent=value("parent"),
                        parent_name=value("parent_name"),
                        general=value("general"),
                        name_en=value("name_en"),
                        kind=value("kind") or "comprehensive",
                        properties=value("properties") or {},
                        area=batch.geometry[i],
                    )
                )
        return rows

    def _meridian(self, seen: _Seen, batches: list[Batch]) -> int:
        if seen.place:
            return seen.place.meridian
        centres = [shapely.bounds(batch.geometry)[:, [0, 2]].mean(axis=1) for batch in batches]
        middle = np.concatenate([*centres, np.empty(0)])
        return meridian_of(float(np.median(middle))) if len(middle) else 0

    def _tree(self, rows: list[GridRow], crs: LocalCRS) -> Tree:
        areas = np.array([row.area for row in rows], dtype=object)
        for row, area in zip(rows, crs.receive(areas), strict=True):
            row.area = area
        if self.options.leave:
            rows, joined = join_rows(rows, self.layer)
            self.report.repair(joined)
        tree = build_tree(rows, self.layer)
        self._refuse(
            [Refusal(self.layer, row, reason) for row, reason in sorted(tree.faults.items())]
        )
        if self.options.leave:
            drop_faulty(tree)
            if not tree.levels:
                raise InvalidInput(f"No row of {self.report.file} is a grid")
        return tree

    def _refuse(self, refusals: list[Refusal]) -> None:
        self.report.refuse(refusals)
        self.report.ledger(self.layer).accepted -= len({item.row for item in refusals})

    def _territory(self, seen: _Seen, tree: Tree) -> TerritoryRow | None:
        """The territory that the grids cut; None if it is to be made from their outline."""
        wanted = self.options.territory
        if wanted is not None:
            return next((item for item in seen.territories if item.code == wanted), None)
        if not seen.territories:
            return None
        meridian = self.report.place["meridian"] if self.report.place else 0
        inner = LocalCRS(meridian).unproject(
            shapely.point_on_surface(np.array([grid.area for grid in tree.lowest], dtype=object))
        )
        shares = {}
        for item in seen.territories:  # the smallest first
            shapely.prepare(item.geometry)
            shares[item.code] = float(np.mean(shapely.intersects(item.geometry, inner)))
            if shares[item.code] >= _LEAST_SHARE:
                return item
        best = max(shares, key=lambda code: shares[code])
        raise InvalidInput(
            f"The grids lie in no territory of the place: {shares[best]:.0%} of them in {best}",
            hint="Name the territory with --territory CODE.",
        )

    def _arrange(self, tree: Tree, known: TerritoryRow | None, crs: LocalCRS) -> Settlement:
        self.progress(0, None, "areas arranged")
        arranged = settling.arrange(
            tree,
            crs,
            layer=self.layer,
            territory=known.geometry if known else None,
            frozen=known is not None and known.frozen,
            tolerance_m=self.options.tolerance_m,
            leave=self.options.leave,
        )
        self.report.left += arranged.left
        self._refuse(arranged.refusals)
        self.report.repair(arranged.repairs)
        return arranged.settlement

    def _write(
        self,
        connection: Connection,
        seen: _Seen,
        known: TerritoryRow | None,
        tree: Tree,
        settlement: Settlement,
        crs: LocalCRS,
    ) -> int:
        place = seen.place or self.create_place(
            connection,
            crs.unproject(np.array([settlement.outline], dtype=object)),
            meridian=crs.meridian,
        )
        territory_id, code = self._hold_territory(connection, place, known, tree, settlement, crs)
        published = imports.has_published_plan(connection, territory_id, self.options.network)
        if self.options.publish and published:
            raise Conflict(
                f"The network {self.options.network} has a published plan",
                hint="Import without --publish, then have the draft reviewed and published: that "
                "also carries people and figures over.",
            )
        areas = settling.areas_by_level(tree, settlement)
        given = number(tree, {level: np.array(list_) for level, list_ in areas.items()}, code)
        if given:
            self.report.note(f"{given:,} grids had no code and were numbered")
        network_id = self._network(connection, place, territory_id, tree)
        plan_id = plans.insert_plan(
            connection,
            network_id=network_id,
            name=self.options.name or self.report.file,
            author=self.actor,
        )
        atom_ids = plans.insert_atoms(
            connection, [territory_id] * len(settlement.atoms), crs.publish(settlement.atoms)
        )
        ids = plans.insert_grids(
            connection,
            plan_id=plan_id,
            place=place.key,
            network=self.options.network,
            grids=new_grids(tree, areas, code, crs),
        )
        keys = [grid.key for grid in tree.lowest]
        plans.link_atoms(
            connection,
            plan_id,
            ((atom, ids[keys[of]]) for atom, of in zip(atom_ids, settlement.owners, strict=True)),
        )
        plans.recount(connection, plan_id)
        if self.options.publish:
            plans.publish(
                connection,
                plan_id,
                starts=imports.read_today(connection),
                reviewer=None,
                certificate={
                    "proof": "segment cancellation",
                    "defects": 0,
                    "atoms": len(settlement.atoms),
                    "import": self.report.sha256,
                },
            )
        self._say_plan(connection, plan_id, tree, settlement, code, is_new=known is None)
        for table in ("grid", "atom", "plan_atom"):
            imports.analyze(connection, table)
        return plan_id

    def _hold_territory(
        self,
        connection: Connection,
        place: PlaceRow,
        known: TerritoryRow | None,
        tree: Tree,
        settlement: Settlement,
        crs: LocalCRS,
    ) -> tuple[int, str]:
        """Id and code of the territory, with the outline of the plan."""
        outline = crs.publish(settlement.outline)
        if known is None:
            code = self.options.territory or common_code(tree)
            if code is None:
                raise InvalidInput(
                    "The place has no territory, and the codes of the grids do not say its code",
                    hint="Give --territory CODE, 12 digits; it is made from the grids' outline.",
                )
            if imports.find_territory_codes(connection, [code]):
                raise Conflict(
                    f"The territory {code} belongs to another place",
                    hint="Import into that place, or name another territory with --territory.",
                )
            self.report.note(f"The territory {code} was made from the outline of the grids")
            made = imports.insert_territory(
                connection,
                place=place.key,
                code=code,
                name=place.name,
                kind=kind_of(code, place.name),
                outline=outline,
            )
            return made, code
        now = {item.id: item for item in imports.read_place_territories(connection, place.key)}
        current = now.get(known.id)
        if (
            current is None
            or current.frozen != known.frozen
            or not shapely.equals_exact(current.geometry, known.geometry, 0.0)
        ):
            raise Conflict(
                f"The territory {known.code} was changed while the grids were arranged",
                hint="Import again.",
            )
        if not known.frozen:
            imports.set_outline(connection, known.id, outline)
        return known.id, known.code

    def _network(
        self, connection: Connection, place: PlaceRow, territory_id: int, tree: Tree
    ) -> int:
        key = self.options.network
        name, name_en = _NETWORK_NAMES.get(key, (key, None))
        return plans.find_or_insert_network(
            connection,
            place=place.key,
            territory_id=territory_id,
            key=key,
            name=name,
            name_en=name_en,
            authoritative=key == "governance"
            and not imports.has_authoritative_network(connection, territory_id),
            levels=[
                dict(
                    zip(
                        ("level", "name", "name_en"),
                        (level, *LEVEL_NAMES.get(level, (f"{level}级", f"level {level}"))),
                        strict=True,
                    )
                )
                for level in sorted(tree.levels)
            ],
        )

    def _say_plan(
        self,
        connection: Connection,
        plan_id: int,
        tree: Tree,
        settlement: Settlement,
        code: str,
        *,
        is_new: bool,
    ) -> None:
        counts = plans.read_counts(connection, plan_id)
        lowest = [counts[grid.code or ""] for grid in tree.lowest]
        self.report.plan = {
            "id": plan_id,
            "name": self.options.name or self.report.file,
            "network": self.options.network,
            "state": "published" if self.options.publish else "draft",
            "territory": {"code": code, "created": is_new},
            "levels": {str(level): len(tree.levels[level]) for level in sorted(tree.levels)},
            "atoms": len(settlement.atoms),
            "buildings": sum(item["buildings"] for item in lowest),
            "households": sum(item["households"] for item in lowest),
            "left": len(self.report.left),
        }
