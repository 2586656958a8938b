"""Staffing templates: which roles an area of each level needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from gridmap.errors import Conflict, NotFound
from gridmap.store import tables

_ROLE_COLUMNS = (
    "level", "network", "role", "minimum", "maximum", "several_areas", "full_time",
    "least_households",
)  # fmt: skip


@dataclass(frozen=True)
class TemplateRole:
    """How many people of a role each thing of a level needs.

    Parameters
    ----------
    level
        A number of a grid level, or "building", "unit", "street", "point".
    network
        Of a grid level; empty for the authoritative one.
    minimum, maximum
        People; no maximum is any number.
    several_areas
        Whether one person may hold it on several things.
    least_households
        Buildings and units of fewer need nobody.
    kinds
        Only grids and streets of these kinds, buildings of these usages, points of these
        categories; all where none is named.
    skills
        Skills or languages that whoever holds it must have, all of them.
    """

    level: str
    role: str
    minimum: int
    maximum: int | None
    network: str = ""
    several_areas: bool = False
    full_time: bool = False
    least_households: int = 1
    kinds: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """Who an area needs, under the name that a place gives it.

    `area_network` and `area_level` say which areas are complete or not; without a level, those of
    the highest grid level that is asked for. `revision` counts its changes from 1.
    """

    key: str
    name: str
    name_en: str | None
    roles: tuple[TemplateRole, ...]
    area_network: str = ""
    area_level: str | None = None
    revision: int = 1


def read_template(data: Mapping[str, Any]) -> Template:
    """A template from its form as data; members that are not there have their defaults."""
    area = data.get("area") or {}
    return Template(
        data["key"],
        data["name"],
        data.get("name_en"),
        tuple(
            TemplateRole(
                level=str(item["level"]),
                role=item["role"],
                minimum=item["minimum"],
                maximum=item.get("maximum"),
                network=item.get("network") or "",
                several_areas=bool(item.get("several_areas")),
                full_time=bool(item.get("full_time")),
                least_households=item.get("least_households", 1),
                kinds=tuple(item.get("kinds", ())),
                skills=tuple(item.get("skills", ())),
            )
            for item in data["roles"]
        ),
        area.get("network") or "",
        str(area["level"]) if area.get("level") is not None else None,
    )


def as_data(template: Template) -> dict[str, Any]:
    """The form in which `read_template` reads it."""
    return {
        "key": template.key,
        "name": template.name,
        "name_en": template.name_en,
        "area": None
        if template.area_level is None
        else {"network": template.area_network, "level": template.area_level},
        "revision": template.revision,
        "roles": [_role_as_data(role) for role in template.roles],
    }


def _role_as_data(role: TemplateRole) -> dict[str, Any]:
    return {**asdict(role), "kinds": list(role.kinds), "skills": list(role.skills)}


def read_templates(
    connection: sa.Connection, place: str, *, key: str | None = None
) -> list[Template]:
    """All templates of a place in the order in which they were made, or the one of a key."""
    template, role = tables.template, tables.template_role
    question = sa.select(template).where(template.c.place == place).order_by(template.c.id)
    if key is not None:
        question = question.where(template.c.key == key)
    found = connection.execute(question).all()
    rows = connection.execute(
        sa.select(role)
        .join(tables.role, tables.role.c.key == role.c.role)
        .where(role.c.template_id.in_([row.id for row in found]))
        .order_by(role.c.level, role.c.network, tables.role.c.rank, role.c.role)
    ).all()
    return [
        Template(
            row.key,
            row.name,
            row.name_en,
            tuple(
                TemplateRole(
                    **{name: getattr(one, name) for name in _ROLE_COLUMNS},
                    kinds=tuple(one.kinds),
                    skills=tuple(one.skills),
                )
                for one in rows
                if one.template_id == row.id
            ),
            row.area_network,
            row.area_level,
            row.revision,
        )
        for row in found
    ]


def write_template(
    connection: sa.Connection, place: str, template: Template, *, revision: int | None = None
) -> int:
    """Store a template, in the place of the one with its key; give its revision.

    `revision` is that which the writer saw; None where there was none.

    Raises
    ------
    Conflict
        Somebody else made or changed it meanwhile.
    """
    table = tables.template
    held = connection.execute(
        sa.select(table.c.id, table.c.revision)
        .where(table.c.place == place, table.c.key == template.key)
        .with_for_update()
    ).one_or_none()
    if (None if held is None else held.revision) != revision:
        raise _changed(template.key, held and held.revision)
    values = {
        "name": template.name,
        "name_en": template.name_en,
        "area_network": template.area_network,
        "area_level": template.area_level,
    }
    if held is None:
        number, made = connection.execute(
            sa.insert(table)
            .values(place=place, key=template.key, **values)
            .returning(table.c.id, table.c.revision)
        ).one()
    else:
        number, made = held.id, held.revision + 1
        connection.execute(
            sa.update(table).where(table.c.id == number).values(revision=made, **values)
        )
        connection.execute(
            sa.delete(tables.template_role).where(tables.template_role.c.template_id == number)
        )
    connection.execute(
        sa.insert(tables.template_role),
        [{"template_id": number, **_role_as_data(role)} for role in template.roles],
    )
    return int(made)


def delete_template(connection: sa.Connection, place: str, key: str, *, revision: int) -> None:
    """Delete a template; what people hold stays.

    Raises
    ------
    NotFound
        No such template.
    Conflict
        Somebody else changed it meanwhile.
    """
    table = tables.template
    held = connection.execute(
        sa.select(table.c.id, table.c.revision)
        .where(table.c.place == place, table.c.key == key)
        .with_for_update()
    ).one_or_none()
    if held is None:
        raise NotFound(f"{place} has no template {key!r}")
    if held.revision != revision:
        raise _changed(key, held.revision)
    connection.execute(sa.delete(table).where(table.c.id == held.id))


def _changed(key: str, revision: int | None) -> Conflict:
    if revision is None:
        return Conflict(f"The template {key} is not there any more", hint="Save it as a new one.")
    return Conflict(
        f"The template {key} was changed meanwhile; its revision is {revision} now",
        hint="Look at the new one and change it again.",
    )


def read_levels(connection: sa.Connection, place: str) -> list[dict[str, Any]]:
    """The networks of a place with their levels; of one name in several territories, the first."""
    rows = connection.execute(
        sa.text("""
            SELECT DISTINCT ON (key) key, name, name_en, authoritative, levels
            FROM network WHERE place = :place ORDER BY key, id
        """),
        {"place": place},
    )
    return [row._asdict() for row in rows]


def read_skills(connection: sa.Connection, place: str) -> list[str]:
    """Skills and languages that people of a place have, the most frequent first."""
    return list(
        connection.execute(
            sa.text("""
                SELECT skill FROM staff s, unnest(s.skills) AS skill WHERE s.place = :place
                GROUP BY skill ORDER BY count(*) DESC, skill
            """),
            {"place": place},
        ).scalars()
    )


def read_roles(connection: sa.Connection) -> list[dict[str, Any]]:
    """All roles, who answers first for a place first."""
    rows = connection.execute(sa.select(tables.role).order_by(tables.role.c.rank))
    return [row._asdict() for row in rows]
