"""Templates are read, written and taken away as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gridmap.errors import Fault, InvalidInput, NotFound
from gridmap.store import audit, database, places, templates
from gridmap.store.database import Connection, Engine
from gridmap.store.templates import Template, as_data, read_template

THINGS = ("building", "unit", "street", "point")


def list_templates(engine: Engine, place: str) -> dict[str, Any]:
    """Templates of a place as data, with the roles, levels and skills that they may name.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        _check_place(connection, place)
        return {
            "place": place,
            "templates": [as_data(item) for item in templates.read_templates(connection, place)],
            "roles": templates.read_roles(connection),
            "skills": templates.read_skills(connection, place),
            "networks": templates.read_levels(connection, place),
        }


def put_template(
    engine: Engine, place: str, data: Mapping[str, Any], *, revision: int | None, actor: str
) -> dict[str, Any]:
    """Store a template; `revision` is the one that the writer saw, None for a new one.

    Raises
    ------
    NotFound
        No such place.
    InvalidInput
        A role, level or network that is not there, one named twice, or a maximum below the
        minimum; each fault names its row.
    Conflict
        Somebody else changed the template meanwhile.
    """
    template = read_template(data)
    with database.transaction(engine, actor=actor) as connection:
        _check_place(connection, place)
        _check(connection, place, template)
        before = templates.read_templates(connection, place, key=template.key)
        templates.write_template(connection, place, template, revision=revision)
        audit.record(
            connection,
            actor=actor,
            action="write template",
            noun="place",
            noun_id=place,
            detail={"before": [as_data(item) for item in before], "after": as_data(template)},
        )
        (stored,) = templates.read_templates(connection, place, key=template.key)
    return as_data(stored)


def delete_template(engine: Engine, place: str, key: str, *, revision: int, actor: str) -> None:
    """Take a template away; what people hold stays.

    Raises
    ------
    NotFound
        No such place or template.
    Conflict
        Somebody else changed it meanwhile.
    """
    with database.transaction(engine, actor=actor) as connection:
        _check_place(connection, place)
        before = templates.read_templates(connection, place, key=key)
        templates.delete_template(connection, place, key, revision=revision)
        audit.record(
            connection,
            actor=actor,
            action="delete template",
            noun="place",
            noun_id=place,
            detail={"before": [as_data(item) for item in before]},
        )


def _check_place(connection: Connection, place: str) -> None:
    if not places.has_place(connection, place):
        raise NotFound(f"There is no place {place!r}")


def _check(connection: Connection, place: str, template: Template) -> None:
    roles = {row["key"] for row in templates.read_roles(connection)}
    networks = templates.read_levels(connection, place)
    faults = []
    seen: set[tuple[str, str, str]] = set()
    for row, item in enumerate(template.roles, start=1):
        key = (item.level, item.network, item.role)
        reasons = {
            "role": None if item.role in roles else f"there is no role {item.role!r}",
            "level": _why_no_level(networks, item.network, item.level),
            "maximum": "less than the minimum"
            if item.maximum is not None and item.maximum < item.minimum
            else None,
        }
        if key in seen:
            reasons["role"] = "named twice for one level"
        seen.add(key)
        faults += [
            Fault(reason, row=row, field=field) for field, reason in reasons.items() if reason
        ]
    if template.area_level is not None:
        reason = _why_no_level(networks, template.area_network, template.area_level)
        if reason or template.area_level in THINGS:
            faults.append(Fault(reason or "areas are those of a grid level", field="area"))
    if faults:
        raise InvalidInput(f"The template {template.key} cannot be stored", faults=tuple(faults))


def _why_no_level(networks: Sequence[dict[str, Any]], network: str, level: str) -> str | None:
    if level in THINGS:
        return "only grids belong to a network" if network else None
    if network and network not in {item["key"] for item in networks}:
        return f"there is no network {network!r}"
    levels = {
        str(one["level"])
        for item in networks
        if (item["key"] == network if network else item["authoritative"])
        for one in item["levels"]
    }
    known = ", ".join(sorted(levels) + list(THINGS))
    return None if level in levels else f"there is no level {level!r}; there are {known}"
