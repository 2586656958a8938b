"""The five places: codes, names, networks, templates and the numbers that they must show.

The numbers come from what the places themselves report; `facts` keeps those that a map can show or
count. Everything else (streets, people, incidents) is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gridmap.demo.site import Name

TIME_ZONE = "Asia/Shanghai"

GENERAL = (1, Name("总网格", "general grid"))
GRID = (2, Name("网格", "grid"))
MICRO = (3, Name("微网格", "micro-grid"))


@dataclass(frozen=True)
class NetworkSpec:
    """One way of cutting the place; `households` is the size profile of its lowest level."""

    key: str
    name: Name
    levels: tuple[tuple[int, Name], ...]
    authoritative: bool = False
    households: tuple[int, int] | None = None


@dataclass(frozen=True)
class TemplateRole:
    """How many people of a role an area of a level, a building or a unit needs.

    An empty `network` is the authoritative one; only buildings and units of `least_households`, and
    things of `kinds` if any are named, need somebody.
    """

    level: str
    role: str
    minimum: int
    maximum: int | None
    several_areas: bool = False
    full_time: bool = False
    network: str = ""
    least_households: int = 1
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """Who an area needs, under the name that the place gives it.

    `area` is the network and level of the areas that are complete or not; without it they are those
    of the highest level asked for.
    """

    key: str
    name: Name
    roles: tuple[TemplateRole, ...]
    area: tuple[str, str] | None = None


@dataclass(frozen=True)
class Child:
    """A community or village of a place, the spot where it began, and how it grew.

    `lag_m` is the head start in metres that it gives to its neighbours.
    """

    code: str
    name: Name
    kind: str
    x: float
    y: float
    lag_m: float = 0.0


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
    units: int | None = None
    children: tuple[Child, ...] = ()
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
            (GENERAL, GRID, MICRO),
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

XIAMEIQIAO = Place(
    key="xiameiqiao",
    code="431002004",
    name=Name("下湄桥街道", "Xiameiqiao Sub-district"),
    kind="street",
    seed=20251932,
    networks=(
        NetworkSpec(
            "governance",
            Name("治理网", "Governance network"),
            (GRID,),
            authoritative=True,
            households=(100, 200),
        ),
        NetworkSpec(
            "party", Name("党建网", "Party network"), ((2, Name("党建网格", "party grid")),)
        ),
        NetworkSpec(
            "service", Name("服务网", "Service network"), ((2, Name("服务片区", "service area")),)
        ),
        NetworkSpec(
            "police", Name("警务网", "Police network"), ((2, Name("警格", "police grid")),)
        ),
    ),
    templates=(
        Template(
            "1+1+N",
            Name("1名网格长+1名专职网格员+N", "1 grid head + 1 grid worker + N"),
            (
                TemplateRole("2", "grid-head", 1, 1),
                TemplateRole("2", "grid-worker", 1, 1, full_time=True),
                TemplateRole("2", "volunteer", 2, None, several_areas=True),
            ),
        ),
        Template(
            "党建网格",
            Name("每个党建网格1名书记", "1 branch secretary for each party grid"),
            (TemplateRole("2", "party-branch-secretary", 1, 1, network="party"),),
            area=("party", "2"),
        ),
        Template(
            "警格",
            Name("每个警格1名民警", "1 police officer for each police grid"),
            (TemplateRole("2", "police-officer", 1, 1, network="police"),),
            area=("police", "2"),
        ),
    ),
    households_an_atom=40,
    residents_a_household=35_800 / 12_000,
    house_households=(1, 1, 1, 2),
    households=12_000,
    residents=35_800,
    children=(
        Child("431002004001", Name("福泉社区", "Fuquan Community"), "community", -1450, 1020),
        Child("431002004002", Name("金桥社区", "Jinqiao Community"), "community", -1120, 700),
        Child("431002004003", Name("司马洞社区", "Simadong Community"), "community", -1650, -120),
        Child("431002004004", Name("石头峡社区", "Shitouxia Community"), "community", -930, -480),
        Child("431002004005", Name("新泉社区", "Xinquan Community"), "community", -480, 900),
        Child("431002004006", Name("同辉社区", "Tonghui Community"), "community", 60, 880),
        Child("431002004007", Name("花园洞社区", "Huayuandong Community"), "community", -1330, 330),
        Child("431002004008", Name("丽景社区", "Lijing Community"), "community", -930, 100),
        Child("431002004009", Name("温泉路社区", "Wenquan Road Community"), "community", 0, -420),
        Child("431002004200", Name("下湄桥村", "Xiameiqiao Village"), "village", 1250, 600),
        Child("431002004201", Name("铜坑湖村", "Tongkenghu Village"), "village", 500, -1250),
    ),
    facts={
        "communities": 9,
        "villages": 2,
        "area_km2": 19.32,
        "population": 35_800,
        "grids": 93,
        "grid_households_min": 100,
        "grid_households_max": 200,
        "party_members_working": 93,
        "party_members_resident": 186,
        "networks": 3,
        "hazards": 69,
        "disputes": 138,
        "resolution_rate": 100,
        "activities": 970,
        "volunteer_teams_sector": 7,
        "volunteer_teams_community": 11,
        "threshold_grid": "小事不出网格、大事不出警格",
    },
)

WENYUAN = Place(
    key="wenyuan",
    code="150621005003",
    name=Name("文苑社区", "Wenyuan Community"),
    kind="community",
    seed=20257335,
    networks=(
        NetworkSpec(
            "governance",
            Name("治理网", "Governance network"),
            (GRID,),
            authoritative=True,
            households=(350, 700),
        ),
        NetworkSpec(
            "party",
            Name("党建网", "Party network"),
            (
                (2, Name("网格党支部", "grid party branch")),
                (3, Name("楼栋党小组", "building group")),
            ),
        ),
    ),
    templates=(
        Template(
            "铁三角",
            Name(
                "铁三角：党支部书记+网格员+单元长",
                "Iron triangle: branch secretary, grid worker, unit heads",
            ),
            (
                TemplateRole("2", "party-branch-secretary", 1, 1, network="party"),
                TemplateRole("2", "grid-worker", 1, 1, full_time=True),
                TemplateRole("3", "building-group-head", 1, 1, network="party"),
                TemplateRole("unit", "unit-head", 1, 1),
            ),
            area=("", "2"),
        ),
        Template(
            "混合工作组",
            Name(
                "网格员+医务工作者，警格民警和志愿者联动",
                "Worker and medic, with police and volunteers",
            ),
            (
                TemplateRole("2", "grid-head", 0, 1),
                TemplateRole("2", "grid-worker", 1, 1, full_time=True),
                TemplateRole("2", "police-officer", 0, 1, several_areas=True),
                TemplateRole("2", "medical-worker", 1, 1, several_areas=True),
                TemplateRole("2", "volunteer", 0, None, several_areas=True),
            ),
        ),
    ),
    households_an_atom=40,
    residents_a_household=2.46,
    households=7335,
    units=319,
    facts={
        "grids": 14,
        "grid_party_branches": 14,
        "org_levels": 4,
        "unit_heads": 319,
        "household_dossiers": 7335,
        "building_group_heads": 30,
        "paired_members": 129,
        "deliberation_places": 24,
        "deliberation_levels": 3,
        "unit_chat_groups": 42,
        "deliberations": 56,
        "issues_solved": 53,
        "hazards_2024": 46,
        "errands_2024": 72,
        "visit_rules": 4,
    },
)

CHENGZHEN = Place(
    key="chengzhen",
    code="530821102001",
    name=Name("城镇社区", "Chengzhen Community"),
    kind="community",
    seed=20251084,
    networks=(
        NetworkSpec(
            "governance",
            Name("治理网", "Governance network"),
            ((2, Name("治理区域", "governance zone")),),
            authoritative=True,
            households=(50, 100),
        ),
        NetworkSpec(
            "party", Name("党建网", "Party network"), ((2, Name("党建网格", "party grid")),)
        ),
        NetworkSpec(
            "resident-groups",
            Name("居民小组", "Resident groups"),
            ((2, Name("居民小组", "resident group")),),
        ),
    ),
    templates=(
        Template(
            "1+X",
            Name("1名网格员+X名志愿者", "1 grid worker + X volunteers"),
            (
                TemplateRole("2", "grid-worker", 1, 1, several_areas=True),
                TemplateRole("2", "volunteer", 1, None, several_areas=True),
            ),
        ),
        Template(
            "1+3+N",
            Name(
                "1名调解员+民警、法律顾问、组长+N",
                "1 mediator + police, adviser and group head + N",
            ),
            (
                TemplateRole("2", "mediator", 1, 1, several_areas=True, network="party"),
                TemplateRole("2", "police-officer", 1, 1, several_areas=True, network="party"),
                TemplateRole("2", "resident-group-head", 1, 1, network="resident-groups"),
                TemplateRole("2", "volunteer", 1, None, several_areas=True),
            ),
            area=("party", "2"),
        ),
    ),
    households_an_atom=5,
    residents_a_household=3.1,
    house_households=(1, 2, 2, 1, 2),
    households=1084,
    facts={
        "party_grids": 4,
        "governance_zones": 15,
        "resident_groups": 9,
        "households": 1084,
        "party_member_households": 175,
        "volunteers_main_team": 135,
        "volunteer_teams": 5,
        "partner_units_contact": 5,
        "partner_units_resident": 5,
        "rule_no_blank_no_overlap": "不留空白区域、不交叉重叠",
        "staffing_template": "1+X",
        "mediation_template": "1+3+N",
    },
)

DONGHU = Place(
    key="donghu",
    code="350112005001",
    name=Name("东湖社区", "Donghu Community"),
    kind="community",
    seed=20250365,
    networks=(
        NetworkSpec(
            "governance",
            Name("治理网", "Governance network"),
            (GRID,),
            authoritative=True,
            households=(300, 650),
        ),
        NetworkSpec(
            "enterprise",
            Name("企业网", "Enterprise network"),
            ((2, Name("企业片区", "enterprise area")),),
        ),
    ),
    templates=(
        Template(
            "网格-楼栋-单元",
            Name("网格长+楼栋长+单元长", "Grid head, building heads, unit heads"),
            (
                TemplateRole("2", "grid-head", 1, 1),
                TemplateRole("building", "building-head", 1, 1, several_areas=True),
                # A house needs no head beside the head of its dozen houses.
                TemplateRole("unit", "unit-head", 1, 1, several_areas=True, least_households=5),
                TemplateRole("street", "lane-head", 1, 1, several_areas=True),
            ),
        ),
        Template(
            "企业片区",
            Name("每个企业片区1名书记", "1 branch secretary for each enterprise area"),
            (TemplateRole("2", "party-branch-secretary", 1, 1, network="enterprise"),),
            area=("enterprise", "2"),
        ),
        Template(
            "调解平台",
            Name("每个调解室1名调解员", "1 mediator for each mediation room"),
            (TemplateRole("point", "mediator", 1, None, kinds=("mediation-room",)),),
        ),
    ),
    households_an_atom=60,
    residents_a_household=2.7,
    facts={
        "org_levels": 4,
        "spatial_levels": 3,
        "enterprise_areas": 3,
        "dispute_platforms": 3,
        "volunteer_teams": 3,
        "duty_cycle": 365,
        "lists": 3,
    },
)

PLACES: dict[str, Place] = {
    place.key: place for place in (NANJIE, XIAMEIQIAO, WENYUAN, CHENGZHEN, DONGHU)
}
