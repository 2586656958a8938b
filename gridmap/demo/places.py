"""The five places: codes, names, networks, templates and the numbers that they must show.

The numbers come from what the places themselves report; `facts` keeps those that a map can show or
count. Everything else (streets, people, incidents) is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gridmap.demo.site import Name

TIME_ZONE = "Asia/Shanghai"

LEVELS = {
    1: Name("总网格", "general grid"),
    2: Name("网格", "grid"),
    3: Name("微网格", "micro-grid"),
}


@dataclass(frozen=True)
class NetworkSpec:
    """One way of cutting the place."""

    key: str
    name: Name
    levels: tuple[tuple[int, Name], ...]
    authoritative: bool = False
    households: tuple[int, int] | None = None


@dataclass(frozen=True)
class TemplateRole:
    """How many people of a role an area of a level, a building or a unit needs."""

    level: str
    role: str
    minimum: int
    maximum: int | None
    several_areas: bool = False
    full_time: bool = False


@dataclass(frozen=True)
class Template:
    """Who an area needs, under the name that the place gives it."""

    key: str
    name: Name
    roles: tuple[TemplateRole, ...]


@dataclass(frozen=True)
class Place:
    """One place in numbers."""

    key: str
    code: str
    name: Name
    kind: str
    seed: int
    networks: tuple[NetworkSpec, ...]
    templates: tuple[Template, ...]
    households_an_atom: float
    residents_a_household: float
    house_households: tuple[int, ...] = (1,)
    households: int | None = None
    residents: int | None = None
    children: tuple[tuple[str, Name, str], ...] = ()  # code, name, kind
    facts: dict[str, Any] = field(default_factory=dict)


NANJIE = Place(
    key="nanjie",
    code="532325101003",
    name=Name("南街社区", "Nanjie Community"),
    kind="community",
    seed=20251107,
    networks=(
        NetworkSpec(
            "governance",
            Name("治理网", "Governance network"),
            ((1, LEVELS[1]), (2, LEVELS[2]), (3, LEVELS[3])),
            authoritative=True,
            households=(20, 60),
        ),
    ),
    templates=(
        Template(
            "1+1+N",
            Name("1名网格长+1名执法队员+N", "1 grid head + 1 enforcement officer + N"),
            (
                TemplateRole("2", "grid-head", 1, 1),
                TemplateRole("2", "enforcement-officer", 1, 1, several_areas=True),
                TemplateRole("2", "volunteer", 1, None, several_areas=True),
                TemplateRole("3", "micro-grid-worker", 1, 1),
            ),
        ),
    ),
    households_an_atom=8,
    residents_a_household=2.9,
    house_households=(1, 1, 2, 1, 1, 1),
    facts={
        "general_grids": 1,
        "grids": 27,
        "micro_grids": 247,
        "staffing_template": "1+1+N",
        "stations": 13,
        "partner_party_orgs": 14,
        "new_orgs": 6,
        "part_time_committee": 6,
        "colour_teams": 7,
        "activity_day": 7,
        "disputes": 26,
        "paired_special_people": 100,
        "demands_done": 15,
        "home_services": 37,
    },
)

PLACES: dict[str, Place] = {place.key: place for place in (NANJIE,)}
