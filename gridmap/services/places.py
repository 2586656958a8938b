"""Load a prepared place, all or nothing: the folder of GeoJSON that `gridmap demo` writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from gridmap.errors import Fault, InvalidInput, NotFound, UnreadableFile
from gridmap.geometry import coverage
from gridmap.geometry.crs import LocalCRS
from gridmap.store import audit, database, incidents, places, plans, staffing, templates
from gridmap.store.database import Connection, Engine
from gridmap.store.loading import copy_rows, reserve_ids

# Layers that are loaded as they are: file → table, properties that are columns of the same name.
_BASE = {
    "streets": ("street", ("name", "name_en", "kind", "width_m")),
    "water": ("water", ("name", "name_en", "kind")),
    "land-use": ("land_use", ("name", "name_en", "kind")),
}
_BUILDING = (
    "code", "name", "name_en", "address", "usage", "floors", "height_m",
    "households", "residents", "dossiers",
)  # fmt: skip
_RESOURCE_POINT = (
    "code", "name", "name_en", "category", "serves", "opening_hours", "services", "capacity",
    "organisation",
)  # fmt: skip
_STAFF = ("code", "name", "roles", "skills", "teams", "employer", "capacity")
_INCIDENT = (
    "code", "reported_at", "category", "severity", "channel", "state", "title", "due_at",
    "closed_at",
)  # fmt: skip
_COUNTS = ("households", "residents", "buildings", "dossiers")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Feature:
    """One feature of a file: its geometry in degrees and its properties."""

    geometry: Any
    properties: dict[str, Any]


@dataclass
class _Loaded:
    """Ids by code of what is stored already, for those that point to it."""

    territories: dict[str, int] = field(default_factory=dict)
    grids: dict[tuple[str, str], int] = field(default_factory=dict)
    buildings: dict[str, int] = field(default_factory=dict)
    units: dict[tuple[str, int], int] = field(default_factory=dict)
    streets: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    households: dict[tuple[str, int], int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)


DEMO = ("nanjie", "xiameiqiao", "wenyuan", "chengzhen", "donghu")


def demo_folder() -> Path:
    """Where the five places lie: inside an installed wheel, or beside the package in a clone."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "demo" / "geojson"
    return inside if inside.is_dir() else package.parent / "data" / "geojson"


def load_demo(
    engine: Engine,
    *,
    actor: str = "demo",
    replace: bool = False,
    progress: Progress = lambda _text: None,
) -> int:
    """Load those of the five places that are not stored yet; give how many were.

    Each place is a transaction of its own: what was loaded stays when a later one fails. Errors
    are those of `load_place`.
    """
    folder = demo_folder()
    return sum(
        load_place(engine, folder / key, actor=actor, replace=replace, progress=progress)
        for key in DEMO
    )


def load_place(
    engine: Engine,
    folder: Path,
    *,
    actor: str,
    replace: bool = False,
    progress: Progress = lambda _text: None,
) -> bool:
    """Load one place; give False when it is stored already and is not to be replaced.

    Raises
    ------
    UnreadableFile
        A file is missing or no GeoJSON.
    InvalidInput
        A plan is no exact coverage of its territory, or a stated count is not what the buildings
        add up to.
    """
    document = _read_json(folder / "place.json")
    key = document["key"]
    with database.transaction(engine, actor=actor) as connection:
        if places.has_place(connection, key):
            if not replace:
                return False
            places.delete_place(connection, key)
        progress(f"{document['name']}: streets, water and buildings")
        places.insert_place(
            connection,
            key=key,
            code=document.get("code"),
            name=document["name"],
            name_en=document.get("name_en"),
            meridian=document["meridian"],
            time_zone=document.get("time_zone", "Asia/Shanghai"),
            demo=True,
            properties={name: document[name] for name in ("facts", "clusters") if name in document},
        )
        loaded = _Loaded()
        _load_territories(connection, folder, key, loaded)
        _load_base(connection, folder, key, loaded)
        _load_buildings(connection, folder, key, loaded)
        _load_points(connection, folder, key, loaded)
        progress(f"{document['name']}: plans and their proof")
        _load_plans(connection, folder, document, loaded, actor)
        progress(f"{document['name']}: staff and incidents")
        _load_staff(connection, folder, document, loaded)
        _load_incidents(connection, folder, key)
        audit.record(connection, actor=actor, action="load", noun="place", noun_id=key)
        # Without statistics of what is new, the first questions take the wrong index.
        places.analyze(connection)
    return True


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{path} cannot be read: {error}") from error


def _read(folder: Path, name: str) -> list[Feature]:
    document = _read_json(folder / f"{name}.geojson")
    try:
        return [
            Feature(shape(item["geometry"]), item["properties"]) for item in document["features"]
        ]
    except (KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise UnreadableFile(f"{folder / name}.geojson is no GeoJSON: {error!r}") from error


def _multi(geometry: Any) -> Any:
    """Give polygons and lines the multi-part form of their column."""
    if geometry.geom_type == "Polygon":
        return shapely.MultiPolygon([geometry])
    if geometry.geom_type == "LineString":
        return shapely.MultiLineString([geometry])
    return geometry


def _copy_features(
    connection: Connection,
    table: str,
    key: str,
    features: Sequence[Feature],
    columns: Sequence[str],
    *,
    times: Sequence[str] = (),
) -> list[int]:
    """Store features, their properties `columns` as columns of the same name; give their ids."""
    ids: list[int] = reserve_ids(connection, table, len(features)).tolist()

    def value(properties: dict[str, Any], name: str) -> Any:
        raw = properties.get(name)
        return datetime.fromisoformat(raw) if raw is not None and name in times else raw

    copy_rows(
        connection,
        table,
        ("id", "place", *columns, "geom"),
        (
            (
                number,
                key,
                *(value(item.properties, name) for name in columns),
                _multi(item.geometry),
            )
            for number, item in zip(ids, features, strict=True)
        ),
    )
    return ids


def _by_code(features: Sequence[Feature], ids: Sequence[int]) -> dict[str, int]:
    return {
        item.properties["code"]: number
        for item, number in zip(features, ids, strict=True)
        if item.properties.get("code")
    }


def _load_territories(connection: Connection, folder: Path, key: str, loaded: _Loaded) -> None:
    features = _read(folder, "territories")
    columns = ("code", "name", "name_en", "kind", "parent")
    loaded.territories = _by_code(
        features, _copy_features(connection, "territory", key, features, columns)
    )


def _load_base(connection: Connection, folder: Path, key: str, loaded: _Loaded) -> None:
    for name, (table, columns) in _BASE.items():
        features = _read(folder, name)
        ids = _copy_features(connection, table, key, features, columns)
        if name == "streets":
            loaded.streets = _by_code(features, ids)


def _load_buildings(connection: Connection, folder: Path, key: str, loaded: _Loaded) -> None:
    features = _read(folder, "buildings")
    for item in features:
        item.properties["units"] = len(item.properties["unit_counts"])
    ids = _copy_features(connection, "building", key, features, (*_BUILDING, "units"))
    loaded.buildings = _by_code(features, ids)

    def units() -> Iterator[tuple[str, int, tuple[int, int, int, int, int]]]:
        for item, building_id in zip(features, ids, strict=True):
            for number, counts in enumerate(item.properties["unit_counts"], start=1):
                yield item.properties["code"], number, (building_id, number, *counts)

    listed = list(units())
    unit_ids = reserve_ids(connection, "unit", len(listed)).tolist()
    copy_rows(
        connection,
        "unit",
        ("id", "building_id", "number", "households", "residents", "dossiers"),
        ((number, *row) for number, (_, _, row) in zip(unit_ids, listed, strict=True)),
    )
    loaded.units = {
        (code, number): unit_id for unit_id, (code, number, _) in zip(unit_ids, listed, strict=True)
    }


def _load_points(connection: Connection, folder: Path, key: str, loaded: _Loaded) -> None:
    features = _read(folder, "resource-points")
    loaded.points = _by_code(
        features, _copy_features(connection, "resource_point", key, features, _RESOURCE_POINT)
    )


def _load_plans(
    connection: Connection,
    folder: Path,
    document: dict[str, Any],
    loaded: _Loaded,
    actor: str,
) -> None:
    key = document["key"]
    atoms = _read(folder, "atoms")
    outlines = {item.properties["code"]: item.geometry for item in _read(folder, "territories")}
    atom_ids = plans.insert_atoms(
        connection,
        [loaded.territories[item.properties["territory"]] for item in atoms],
        [item.geometry for item in atoms],
    )
    grids = _read(folder, "grids")
    for network in document["networks"]:
        members = [item for item in grids if item.properties["network"] == network["key"]]
        linked = [
            (atom_id, item)
            for atom_id, item in zip(atom_ids, atoms, strict=True)
            if network["key"] in item.properties
        ]
        certificate = _prove(
            network,
            outlines[network["territory"]],
            [item.geometry for _, item in linked],
            LocalCRS(document["meridian"]),
        )
        network_id = plans.find_or_insert_network(
            connection,
            place=key,
            territory_id=loaded.territories[network["territory"]],
            key=network["key"],
            name=network["name"],
            name_en=network.get("name_en"),
            authoritative=bool(network.get("authoritative")),
            levels=network["levels"],
            households_min=network.get("households_min"),
            households_max=network.get("households_max"),
        )
        plan_id = plans.insert_plan(
            connection, network_id=network_id, name=f"{network['name']} 2025", author=actor
        )
        codes = {item.properties["code"] for item in members}
        grid_ids = plans.insert_grids(
            connection,
            plan_id=plan_id,
            place=key,
            network=network["key"],
            grids=[_new_grid(item, codes) for item in members],
        )
        loaded.grids.update({(network["key"], code): number for code, number in grid_ids.items()})
        plans.link_atoms(
            connection,
            plan_id,
            ((atom_id, grid_ids[item.properties[network["key"]]]) for atom_id, item in linked),
        )
        plans.recount(connection, plan_id)
        _check_counts(connection, plan_id, members)
        plans.publish(
            connection,
            plan_id,
            starts=date(2025, 11, 1),
            reviewer=None,
            certificate=certificate,
        )


def _new_grid(item: Feature, codes: set[str]) -> plans.NewGrid:
    properties = item.properties
    parent = properties.get("parent")
    return plans.NewGrid(
        key=properties["code"],
        level=properties["level"],
        code=properties["code"],
        name=properties["name"],
        name_en=properties.get("name_en"),
        kind=properties.get("kind") or "comprehensive",
        parent_key=parent if parent in codes else None,
        parent_code=parent,
        geometry=_multi(item.geometry),
    )


def _prove(
    network: dict[str, Any], outline: Any, atoms: Sequence[Any], crs: LocalCRS
) -> dict[str, Any]:
    """Prove that the atoms of a network cover its territory exactly; the result is kept.

    Degrees of nine decimals come back to the lattice point that they were published from, so the
    proof on the lattice holds for what is stored.
    """
    *faces, edge = (crs.receive(item) for item in (*atoms, outline))
    defects = coverage.find_defects(faces, edge)
    if defects:
        raise InvalidInput(
            f"The plan of network {network['key']} is no exact coverage of its territory",
            faults=tuple(
                Fault(
                    f"{defect.kind} of {defect.area:.2f} m²",
                    place=crs.publish(shapely.Point(defect.place)).coords[0],
                )
                for defect in defects[:20]
            ),
        )
    return {"proof": "segment cancellation", "atoms": len(atoms), "defects": 0}


def _check_counts(connection: Connection, plan_id: int, members: Sequence[Feature]) -> None:
    """Refuse a file that states other counts than its own buildings add up to."""
    stored = plans.read_counts(connection, plan_id)
    faults = tuple(
        Fault(f"the file says {stated}, its buildings say {counted}", field=f"{code}.{name}")
        for item in members
        for code in [item.properties["code"]]
        for name in _COUNTS
        for stated, counted in [(item.properties.get(name), stored[code][name])]
        if stated is not None and stated != counted
    )
    if faults:
        raise InvalidInput("The counts of grids do not add up", faults=faults[:20])


def _load_staff(
    connection: Connection, folder: Path, document: dict[str, Any], loaded: _Loaded
) -> None:
    staffing.ensure_roles(connection)
    features = _read(folder, "staff")
    loaded.staff = _by_code(
        features, _copy_features(connection, "staff", document["key"], features, _STAFF)
    )
    for template in document.get("templates", ()):
        templates.write_template(connection, document["key"], templates.read_template(template))
    listed = document.get("assignments", ())
    _load_households(connection, document["key"], listed, loaded)
    staffing.insert_assignments(connection, (_assignment(item, loaded) for item in listed))


def _load_households(
    connection: Connection, place: str, listed: Sequence[dict[str, Any]], loaded: _Loaded
) -> None:
    """Give each household that somebody is paired with a number at its building, and no name."""
    pairs = {
        (item["target"]["code"], item["target"]["number"])
        for item in listed
        if item["target"]["kind"] == "household"
    }
    try:
        rows = [(loaded.buildings[code], f"{code}-H{number}") for code, number in sorted(pairs)]
    except KeyError as error:
        raise NotFound(f"A household lies in the building {error}, which is not there") from error
    ids = staffing.insert_households(connection, place, rows)
    loaded.households = dict(zip(sorted(pairs), ids, strict=True))


def _assignment(item: dict[str, Any], loaded: _Loaded) -> tuple[Any, ...]:
    target = item["target"]
    code = target["code"]
    kinds = ("grid", "building", "unit", "street", "point", "household")
    if target["kind"] not in kinds:
        raise InvalidInput(f"An assignment points to a {target['kind']!r}", hint=f"Kinds: {kinds}.")
    try:
        found = {
            "grid": lambda: loaded.grids[target["network"], code],
            "building": lambda: loaded.buildings[code],
            "unit": lambda: loaded.units[code, target["unit"]],
            "street": lambda: loaded.streets[code],
            "point": lambda: loaded.points[code],
            "household": lambda: loaded.households[code, target["number"]],
        }[target["kind"]]()
        person = loaded.staff[item["staff"]]
    except KeyError as error:
        raise NotFound(f"The assignment {item} points to {error}, which is not there") from error
    targets = tuple(found if kind == target["kind"] else None for kind in kinds)
    return (
        person,
        item["role"],
        *targets,
        item.get("link", "duty"),
        bool(item.get("full_time")),
    )


def _load_incidents(connection: Connection, folder: Path, key: str) -> None:
    features = _read(folder, "incidents")
    if not features:
        return
    reported = [datetime.fromisoformat(item.properties["reported_at"]) for item in features]
    incidents.ensure_months(connection, min(reported), max(reported))
    _copy_features(
        connection,
        "incident",
        key,
        features,
        _INCIDENT,
        times=("reported_at", "due_at", "closed_at"),
    )
