"""What is to be staffed, and by whom; all arrays, one row a post or a person.

Costs are whole metre-equivalents: a penalty of 300 is worth a detour of 300 m on foot. Whole
numbers make the optimum and its proof exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gridmap.errors import Fault, InvalidInput

Ints = NDArray[np.int64]
NOBODY = -1


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Posts:
    """Posts to fill.

    Parameters
    ----------
    role
        Number of the role that a post asks for, 0 to 62.
    xy
        (n, 2) easting and northing in metres.
    unfilled
        Price of leaving the post empty, in metre-equivalents.
    skills
        Bit mask of the skills that a post demands; 0 when not given.
    held_by
        Who held it until now (index of a person, -1 nobody); changing costs `Costs.change`.
    locked_to
        Who must hold it (index of a person, -1 free).
    sole
        Posts of which nobody holds two (full-time ones): 1, else 0.
    """

    role: Ints
    xy: NDArray[np.float64]
    unfilled: Ints
    skills: Ints = field(default_factory=_none)
    held_by: Ints = field(default_factory=_none)
    locked_to: Ints = field(default_factory=_none)
    sole: Ints = field(default_factory=_none)

    def __post_init__(self) -> None:
        """Fill in what was not given, and refuse what cannot be."""
        count = len(self.role)
        _default(self, "skills", count, 0)
        _default(self, "held_by", count, NOBODY)
        _default(self, "locked_to", count, NOBODY)
        _default(self, "sole", count, 0)
        _check(self, "post", count, ("role", "unfilled", "skills", "sole"))

    def __len__(self) -> int:
        """How many posts there are."""
        return len(self.role)


@dataclass(frozen=True)
class People:
    """People who may be asked.

    Parameters
    ----------
    role
        Number of the main role.
    xy
        (n, 2) homes, easting and northing in metres.
    capacity
        How many posts a person may hold.
    second_roles
        Bit mask of other roles that a person may take, at `Costs.second_role`.
    skills
        Bit mask of skills.
    absent
        Who is not there.
    busy
        Posts held that are not part of the problem; they take room and make others dearer.
    busy_sole
        How many of those are sole.
    """

    role: Ints
    xy: NDArray[np.float64]
    capacity: Ints
    second_roles: Ints = field(default_factory=_none)
    skills: Ints = field(default_factory=_none)
    absent: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    busy: Ints = field(default_factory=_none)
    busy_sole: Ints = field(default_factory=_none)

    def __post_init__(self) -> None:
        """Fill in what was not given, and refuse what cannot be."""
        count = len(self.role)
        _default(self, "second_roles", count, 0)
        _default(self, "skills", count, 0)
        _default(self, "busy", count, 0)
        _default(self, "busy_sole", count, 0)
        if not len(self.absent):
            object.__setattr__(self, "absent", np.zeros(count, dtype=np.bool_))
        counted = ("role", "capacity", "second_roles", "skills", "busy", "busy_sole")
        _check(self, "person", count, counted)

    def __len__(self) -> int:
        """How many people there are."""
        return len(self.role)


@dataclass(frozen=True)
class Costs:
    """Prices in metre-equivalents, and the limits of a walk."""

    second_role: int = 200
    change: int = 300  # another person than until now
    second_post: int = 400  # each post of a person after the first
    further_post: int = 0  # by how much more each post costs than the one before: evens out load
    detour: float = 1.3  # walk = straight line × detour, where no street network is used
    max_walk_m: int = 2000

    def ladder(self, posts: Ints) -> Ints:
        """What holding so many posts costs a person in all, walks apart: convex in the number."""
        after = np.maximum(posts - 1, 0)
        ladder: Ints = self.second_post * after + self.further_post * (after * (after - 1) // 2)
        return ladder

    def __post_init__(self) -> None:
        """Refuse costs under which the optimum would not be one."""
        for name, value in vars(self).items():
            if value < 0:
                raise InvalidInput(
                    "Costs are not negative", faults=(Fault("less than nothing", field=name),)
                )


def _default(owner: Posts | People, name: str, count: int, value: int) -> None:
    if not len(getattr(owner, name)):
        object.__setattr__(owner, name, np.full(count, value, dtype=np.int64))


def _check(owner: Posts | People, noun: str, count: int, counted: tuple[str, ...]) -> None:
    faults: list[Fault] = []
    for name, values in vars(owner).items():
        if len(values) != count:
            raise InvalidInput(f"{name} has {len(values)} rows for {count} of {noun}")
    for name in counted:
        wrong = np.flatnonzero(getattr(owner, name) < 0)
        faults += [Fault(f"{noun}: less than nothing", row=int(i) + 1, field=name) for i in wrong]
    wrong = np.flatnonzero((owner.role < 0) | (owner.role > 62))
    faults += [Fault(f"{noun}: roles are 0 to 62", row=int(i) + 1, field="role") for i in wrong]
    wrong = np.flatnonzero(~np.isfinite(owner.xy).all(axis=1))
    faults += [Fault(f"{noun}: no place", row=int(i) + 1, field="xy") for i in wrong]
    if faults:
        raise InvalidInput(
            f"{len(faults)} values of {noun} cannot be used", faults=tuple(faults[:50])
        )
