"""Which areas have everybody that a template asks for, and what is missing, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from gridmap.errors import NotFound
from gridmap.store import assignments, database, places
from gridmap.store.database import Engine
from gridmap.store.needs import Area, Need, merge, read_requirements
from gridmap.store.templates import Template, read_templates

MOST_NAMED = 5  # posts that a sentence names


def completeness(engine: Engine, place: str, *, at: datetime) -> dict[str, Any]:
    """Compare what a place's templates ask for with who holds it at a time.

    Returns
    -------
    `templates`: for each its areas with what each lacks, a sentence in both languages, and targets
    and complete ones by level; `vacancies`: what is missing, once however many templates ask for
    it, with target and place; `over_capacity`: people with more posts than they can hold;
    `double_posts`: people with a post on several things that only one person each may hold;
    `surplus`: posts with more people than the maximum; `away` and `unskilled`: posts whose holder
    is absent, or lacks a skill that is asked for.

    Somebody who is absent keeps the post: it counts as filled, and every figure says how many are
    away. A vacancy is a post that is to be given to somebody; an absence is one to stand in for.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        if not places.has_place(connection, place):
            raise NotFound(f"There is no place {place!r}")
        templates = read_templates(connection, place)
        asked = read_requirements(connection, place, at)
        people = assignments.read_people(connection, place, at)
    needs = merge(asked)
    names = {person["id"]: person["name"] for person in people}
    asking: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    by_template: dict[str, list[Need]] = defaultdict(list)
    for need in asked:
        by_template[need.template].append(need)
        asking[need.kind, need.target_id, need.role].append(need.template)
    return {
        "place": place,
        "at": at.isoformat(),
        "templates": [_template(item, by_template[item.key]) for item in templates],
        "vacancies": [
            _post(need)
            | {
                "template": need.template,
                "templates": asking[need.kind, need.target_id, need.role],
                "missing": need.missing,
            }
            for need in needs
            if need.missing
        ],
        "over_capacity": [
            {"staff_id": person["id"], "name": person["name"], "posts": person["posts"]}
            for person in people
            if person["posts"] > person["capacity"]
        ],
        "double_posts": _double_posts(needs, names),
        "surplus": [
            _post(need) | {"held": need.held, "maximum": need.maximum}
            for need in needs
            if need.maximum is not None and need.held > need.maximum
        ],
        "away": _holders(needs, names, "away"),
        "unskilled": _holders(needs, names, "unskilled"),
    }


def _holders(
    needs: Sequence[Need], names: dict[int, str], which: Literal["away", "unskilled"]
) -> list[dict[str, Any]]:
    return [
        _post(need) | {"staff_id": number, "staff_name": names.get(number)}
        for need in needs
        for number in getattr(need, which)
    ]


def _post(need: Need) -> dict[str, Any]:
    return {
        "role": need.role,
        "role_name": need.role_name,
        "role_name_en": need.role_name_en,
        "kind": need.kind,
        "target_id": need.target_id,
        "level": need.level,
        "network": need.network,
        "code": need.code,
        "name": need.name,
        "name_en": need.name_en,
        "lon": need.lon,
        "lat": need.lat,
        "households": need.households,
        "full_time": need.full_time,
        "skills": list(need.skills),
        "area": need.area.name,
    }


def _template(template: Template, needs: Sequence[Need]) -> dict[str, Any]:
    areas: dict[int | None, Area] = {}
    missing: dict[int | None, list[Need]] = defaultdict(list)
    levels: dict[tuple[str, str], dict[int, bool]] = defaultdict(dict)
    for need in needs:
        areas.setdefault(need.area.id, need.area)
        if need.missing:
            missing[need.area.id].append(need)
        targets = levels[need.level, need.network]
        targets[need.target_id] = targets.get(need.target_id, True) and not need.missing
    lacking = [need for area in areas for need in missing[area]]
    complete = sum(not missing[area] for area in areas)
    away = sum(len(need.away) for need in needs)
    return {
        "key": template.key,
        "name": template.name,
        "name_en": template.name_en,
        "areas": len(areas),
        "complete": complete,
        "away": away,
        "sentence": _sentence_zh(template.key, len(areas), complete, lacking, away),
        "sentence_en": _sentence_en(template.key, len(areas), complete, lacking, away),
        "levels": [
            {
                "level": level,
                "network": network,
                "targets": len(targets),
                "complete": sum(targets.values()),
            }
            for (level, network), targets in sorted(levels.items())
        ],
        "incomplete": [
            {
                "id": number,
                "code": area.code,
                "name": area.name,
                "name_en": area.name_en,
                "missing": [_post(need) | {"missing": need.missing} for need in missing[number]],
            }
            for number, area in areas.items()
            if missing[number]
        ],
    }


def _sentence_en(key: str, areas: int, complete: int, lacking: Sequence[Need], away: int) -> str:
    """Say it as "13 of 14 triangles complete; missing: unit head of building 7 unit 2"."""
    said = f"{complete} of {areas} {key} complete"
    absent = f"; {away} in post {'is' if away == 1 else 'are'} absent" if away else ""
    if not lacking:
        return said + absent
    named = [
        f"{need.role_name_en} of {need.name_en or need.name or need.code}"
        + (f" ({need.missing})" if need.missing > 1 else "")
        for need in lacking[:MOST_NAMED]
    ]
    if len(lacking) > MOST_NAMED:
        named.append(f"and {len(lacking) - MOST_NAMED} more")
    return f"{said}; missing: {', '.join(named)}{absent}"


def _sentence_zh(key: str, areas: int, complete: int, lacking: Sequence[Need], away: int) -> str:
    said = f"{key}：{areas} 个中 {complete} 个齐全"
    absent = f"；在任者中 {away} 人目前不在岗" if away else ""
    if not lacking:
        return said + absent
    named = "、".join(
        f"{need.name or need.code}{need.role_name}"
        + (f"（{need.missing} 人）" if need.missing > 1 else "")
        for need in lacking[:MOST_NAMED]
    )
    rest = f"等 {len(lacking)} 个岗位" if len(lacking) > MOST_NAMED else ""
    return f"{said}；缺 {named}{rest}{absent}"


def _double_posts(needs: Sequence[Need], names: dict[int, str]) -> list[dict[str, Any]]:
    """People with a role on several things, where each wants somebody of its own."""
    held: dict[tuple[int, str], list[Need]] = defaultdict(list)
    for need in needs:
        if not need.several_areas:
            for number in need.held_by:
                held[number, need.role].append(need)
    return [
        {
            "staff_id": number,
            "name": names.get(number),
            "role": role,
            "targets": [
                {
                    "kind": need.kind,
                    "id": need.target_id,
                    "code": need.code,
                    "name": need.name,
                    "name_en": need.name_en,
                }
                for need in posts
            ],
        }
        for (number, role), posts in held.items()
        if len(posts) > 1
    ]
