"""Staff with homes, roles and teams, and the posts that they hold. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gridmap.demo.people import Building

_SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"  # noqa: E501
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文建国志红春梅海波晓东雪琴国庆永生家豪子涵梓轩雨欣思远佳怡俊辉慧琳云飞丹凤学义立新天宝光荣金凤德福秋月玲珍成林正清瑞祥兴旺长青"  # noqa: E501

SKILLS = {
    "grid-head": ("组织协调", "群众工作"),
    "grid-worker": ("信息采集", "隐患排查"),
    "micro-grid-worker": ("信息采集",),
    "enforcement-officer": ("行政执法",),
    "police-officer": ("治安", "调解"),
    "mediator": ("调解", "法律"),
    "medical-worker": ("急救", "慢病随访"),
    "volunteer": ("志愿服务",),
    "building-head": ("邻里互助",),
    "unit-head": ("邻里互助",),
    "lane-head": ("环境整治",),
    "party-branch-secretary": ("组织协调", "党建"),
    "building-group-head": ("群众工作", "党建"),
    "resident-group-head": ("群众工作", "调解"),
}


@dataclass
class Person:
    """Somebody with a home, roles and teams."""

    code: str
    name: str
    roles: list[str]
    skills: list[str]
    employer: str | None
    home: Any
    capacity: int = 1
    teams: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """What a post is for: a grid of a network, a building, a unit, a street or a resource point.

    A household that somebody is paired with has the building's code and a number, and no name.
    """

    kind: str
    code: str
    network: str | None = None
    unit: int | None = None
    number: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """As the place's file has it."""
        known = {
            "kind": self.kind,
            "network": self.network,
            "code": self.code,
            "unit": self.unit,
            "number": self.number,
        }
        return {key: value for key, value in known.items() if value is not None}


@dataclass(frozen=True)
class Assignment:
    """A person in a role on a target."""

    person: Person
    role: str
    target: Target
    link: str = "duty"
    full_time: bool = False


class Roster:
    """The staff of a place as it is hired, and the posts that are filled or left open."""

    def __init__(self, buildings: list[Building], prefix: str, rng: np.random.Generator) -> None:
        self.people: list[Person] = []
        self.assignments: list[Assignment] = []
        self.vacancies: list[dict[str, Any]] = []
        self._paired: dict[str, int] = {}
        self._rng, self._prefix, self._names = rng, prefix, set[str]()
        lived = [b for b in buildings if sum(b.households)]
        self._homes = shapely.get_coordinates(
            shapely.point_on_surface(np.array([b.polygon for b in lived]))
        )
        self._weights = np.array([sum(b.households) for b in lived], dtype=float)

    def hire(
        self,
        role: str,
        *,
        near: Any = None,
        within_m: float = 250.0,
        employer: str | None = None,
        capacity: int = 1,
        team: str | None = None,
        home: Any = None,
    ) -> Person:
        """Somebody who lives near a point, or anywhere in the place."""
        person = Person(
            f"{self._prefix}-S{len(self.people) + 1:04d}",
            self._name(),
            [role],
            list(SKILLS[role]),
            employer,
            home if home is not None else self._home(near, within_m),
            capacity,
            [team] if team else [],
        )
        self.people.append(person)
        return person

    def assign(
        self,
        person: Person,
        role: str,
        target: Target,
        *,
        link: str = "duty",
        full_time: bool = False,
    ) -> None:
        """Put a person on a post."""
        if role not in person.roles:
            person.roles.append(role)
        self.assignments.append(Assignment(person, role, target, link, full_time))

    def pair(self, person: Person, building: str) -> None:
        """Pair a volunteer with a household of a building, which has a number and no name."""
        number = self._paired[building] = self._paired.get(building, 0) + 1
        self.assign(person, "volunteer", Target("household", building, number=number), link="pair")

    def leave_open(self, role: str, target: Target, why: str) -> None:
        """Name a post that nobody holds."""
        self.vacancies.append({"role": role, "target": target.as_dict(), "reason": why})

    def _home(self, near: Any, within_m: float) -> Any:
        weights = self._weights
        if near is not None:
            distance = np.linalg.norm(self._homes - shapely.get_coordinates(near)[0], axis=1)
            weights = weights * np.exp(-0.5 * (distance / within_m) ** 2)
            if weights.sum() <= 0:
                return shapely.points(self._homes[int(np.argmin(distance))])
        chosen = self._rng.choice(len(weights), p=weights / weights.sum())
        return shapely.points(self._homes[chosen])

    def _name(self) -> str:
        """A name that nobody else on the roster has; two characters of three are common."""
        while True:
            letters = [str(self._rng.choice(list(_SURNAMES)))]
            letters += [
                str(letter)
                for letter in self._rng.choice(
                    list(_GIVEN), size=1 if self._rng.random() < 0.2 else 2
                )
            ]
            name = "".join(letters)
            if name not in self._names and (
                len(name) == 2 or name[1] != name[2] or self._rng.random() < 0.2
            ):
                self._names.add(name)
                return name
