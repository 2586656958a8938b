"""The files of a place, in the form that `gridmap.services.places` loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridmap.demo.generate import Made
from gridmap.demo.geojson import BASE_DECIMALS, write_document, write_features
from gridmap.demo.incidents import Cluster
from gridmap.demo.places import TIME_ZONE
from gridmap.demo.site import Name
from gridmap.demo.town import RURAL, street_code
from gridmap.geometry.coverage import dissolve
from gridmap.geometry.measures import ground_area_m2

Feature = tuple[Any, dict[str, Any]]

# What the ground is used for, in the words of the map.
LAND_USE = {
    "old": "residential",
    "houses": "residential",
    "estate": "residential",
    "towers": "residential",
    "market": "commercial",
    "works": "industrial",
}


def write(made: Made, folder: Path) -> None:
    """Write all files of a place into its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    crs = made.town.crs
    write_features(folder / "territories.geojson", _territories(made), crs)
    write_features(folder / "streets.geojson", _streets(made), crs, decimals=BASE_DECIMALS)
    write_features(folder / "water.geojson", _water(made), crs, decimals=BASE_DECIMALS)
    write_features(folder / "land-use.geojson", _land_use(made), crs, decimals=BASE_DECIMALS)
    write_features(folder / "buildings.geojson", _buildings(made), crs, decimals=BASE_DECIMALS)
    write_features(folder / "atoms.geojson", _atoms(made), crs)
    write_features(folder / "grids.geojson", _grids(made), crs)
    write_features(folder / "resource-points.geojson", _points(made), crs, decimals=BASE_DECIMALS)
    write_features(folder / "staff.geojson", _staff(made), crs, decimals=BASE_DECIMALS)
    write_features(folder / "incidents.geojson", _incidents(made), crs, decimals=BASE_DECIMALS)
    write_document(folder / "place.json", _document(made))


def _named(name: Name | None) -> dict[str, Any]:
    return {"name": name.zh if name else None, "name_en": name.en if name else None}


def _territories(made: Made) -> list[Feature]:
    """The place itself, then its communities and villages, as unions of their atoms."""
    place, atoms = made.place, made.fabric.atoms
    whole = dissolve(atoms, np.zeros(len(atoms), dtype=np.int64))[0]
    features = [(whole, _territory(place.code, place.name, place.kind))]
    if place.children:
        shapes = dissolve(atoms, made.territories.of_atom)
        features += [
            (shape, _territory(child.code, child.name, child.kind))
            for shape, child in zip(shapes, place.children, strict=True)
        ]
    return features


def _territory(code: str, name: Name, kind: str) -> dict[str, Any]:
    return {"code": code, **_named(name), "kind": kind, "parent": code[:-3]}


def _streets(made: Made) -> list[Feature]:
    return [
        (
            street.line,
            {
                "code": street_code(made.place.code, number),
                **_named(street.name),
                "kind": street.kind,
                "width_m": round(street.width_m, 1),
            },
        )
        for number, street in enumerate(made.town.streets)
    ]


def _water(made: Made) -> list[Feature]:
    return [(w.surface, {**_named(w.name), "kind": w.kind}) for w in made.town.waters]


def _land_use(made: Made) -> list[Feature]:
    """Ground of blocks without their streets; blocks of one quarter are one piece."""
    features = []
    by_quarter: dict[tuple[int, str], list[Any]] = {}
    for block in made.town.blocks:
        if block.use != "water":
            by_quarter.setdefault((block.quarter, block.use), []).append(block)
    for (_, use), blocks in by_quarter.items():
        kind = LAND_USE.get(use, use)
        if use in RURAL or len(blocks) > 1:
            ground = shapely.union_all([b.face for b in blocks])
        else:
            ground = (
                blocks[0].parcel.buffer(2.5) if not blocks[0].parcel.is_empty else blocks[0].face
            )
        features.append((ground, {**_named(blocks[0].name), "kind": kind}))
        features += [
            (shape, {**_named(name), "kind": what})
            for block in blocks
            for what, name, shape in block.grounds
        ]
    features += [
        (ground, {**_named(None), "kind": LAND_USE.get(use, use)})
        for use, ground in made.town.around
        if not ground.is_empty and use != "water"
    ]
    return features


def _buildings(made: Made) -> list[Feature]:
    return [
        (
            b.polygon,
            {
                "code": b.code,
                **_named(b.name),
                "address": b.address,
                "usage": b.usage,
                "floors": b.floors,
                "height_m": b.height_m,
                "unit_counts": [
                    list(counts)
                    for counts in zip(b.households, b.residents, b.dossiers, strict=True)
                ],
                "households": sum(b.households),
                "residents": sum(b.residents),
                "dossiers": sum(b.dossiers),
            },
        )
        for b in made.buildings
    ]


def _atoms(made: Made) -> list[Feature]:
    return [
        (
            atom,
            {
                "territory": made.territories.codes[made.territories.of_atom[i]],
                **{network.spec.key: network.lowest[i] for network in made.networks},
            },
        )
        for i, atom in enumerate(made.fabric.atoms)
    ]


def _grids(made: Made) -> list[Feature]:
    features = []
    for network in made.networks:
        geometries = np.array([grid.geometry for grid in network.grids], dtype=object)
        areas = ground_area_m2(geometries, made.town.crs)
        features += [
            (
                grid.geometry,
                {
                    "network": grid.network,
                    "level": grid.level,
                    "code": grid.code,
                    **_named(grid.name),
                    "kind": grid.kind,
                    "parent": grid.parent,
                    **grid.counts,
                    "area_m2": round(float(area), 1),
                },
            )
            for grid, area in zip(network.grids, areas, strict=True)
        ]
    return features


def _points(made: Made) -> list[Feature]:
    return [
        (
            p.point,
            {
                "code": p.code,
                **_named(p.name),
                "category": p.category,
                "serves": p.serves,
                "opening_hours": p.hours,
                "services": list(p.services),
                "capacity": p.capacity,
                "organisation": p.organisation,
            },
        )
        for p in made.points
    ]


def _staff(made: Made) -> list[Feature]:
    return [
        (
            p.home,
            {
                "code": p.code,
                "name": p.name,
                "roles": p.roles,
                "skills": p.skills,
                "teams": p.teams,
                "employer": p.employer,
                "capacity": p.capacity,
            },
        )
        for p in made.roster.people
    ]


def _incidents(made: Made) -> list[Feature]:
    return [
        (
            i.point,
            {
                "code": i.code,
                "reported_at": i.at.isoformat(),
                "category": i.category,
                "severity": i.severity,
                "channel": i.channel,
                "state": i.state,
                "title": i.title,
                "due_at": i.due_at.isoformat() if i.due_at else None,
                "closed_at": i.closed_at.isoformat() if i.closed_at else None,
            },
        )
        for i in made.incidents
    ]


def _document(made: Made) -> dict[str, Any]:
    place, crs = made.place, made.town.crs
    return {
        "key": place.key,
        "code": place.code,
        **_named(place.name),
        "meridian": crs.meridian,
        "time_zone": TIME_ZONE,
        "networks": [
            {
                "key": spec.key,
                **_named(spec.name),
                "territory": place.code,
                "authoritative": spec.authoritative,
                "levels": [{"level": level, **_named(name)} for level, name in spec.levels],
                "households_min": spec.households[0] if spec.households else None,
                "households_max": spec.households[1] if spec.households else None,
            }
            for spec in (network.spec for network in made.networks)
        ],
        "templates": [
            {
                "key": template.key,
                **_named(template.name),
                "area": None
                if template.area is None
                else {"network": template.area[0], "level": template.area[1]},
                "roles": [
                    {
                        "level": role.level,
                        "network": role.network,
                        "role": role.role,
                        "minimum": role.minimum,
                        "maximum": role.maximum,
                        "several_areas": role.several_areas,
                        "full_time": role.full_time,
                        "least_households": role.least_households,
                        "kinds": list(role.kinds),
                    }
                    for role in template.roles
                ],
            }
            for template in place.templates
        ],
        "clusters": [_cluster(cluster, made) for cluster in made.clusters],
        "facts": {
            **place.facts,
            "households": sum(sum(b.households) for b in made.buildings),
            "residents": sum(sum(b.residents) for b in made.buildings),
            "vacancies": made.roster.vacancies,
        },
        "assignments": [
            {
                "staff": a.person.code,
                "role": a.role,
                "target": a.target.as_dict(),
                "link": a.link,
                "full_time": a.full_time,
            }
            for a in made.roster.assignments
        ],
    }


def _cluster(cluster: Cluster, made: Made) -> dict[str, Any]:
    lonlat = made.town.crs.to_degrees(np.array([[cluster.x, cluster.y]]))[0]
    return {
        "lon": round(float(lonlat[0]), BASE_DECIMALS),
        "lat": round(float(lonlat[1]), BASE_DECIMALS),
        "radius_m": cluster.radius_m,
        "from": cluster.begin.isoformat(),
        "to": cluster.end.isoformat(),
        "category": cluster.category,
        "incidents": cluster.incidents,
    }
