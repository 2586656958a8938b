"""What can go wrong, in words of the domain.

::

    GridmapError
    ├── InvalidInput            the caller can mend it: what, where, what to do
    │   ├── UnreadableFile      not a file of the named format
    │   └── TooLarge            more than a stated limit
    ├── NotFound                no such thing, or not one that the caller may see
    ├── Conflict                true when it was asked, not true any more
    ├── NotAllowed              a token is missing or wrong
    └── Unavailable             a thing outside gridmap does not answer
        └── EngineMissing       no PostGIS on this machine

Nothing here knows HTTP; one table in `gridmap.api.problems` maps each class to a status.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where.

    Parameters
    ----------
    reason
        One sentence without a full stop.
    row
        Row of a file, counted from 1, header not counted.
    field
        Name of a parameter, column or member.
    place
        Longitude and latitude in degrees, where there is one.
    """

    reason: str
    row: int | None = None
    field: str | None = None
    place: tuple[float, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Only the members that are known."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class GridmapError(Exception):
    """Any refusal of gridmap: a sentence, what to do about it, and the single faults."""

    def __init__(
        self, message: str, *, hint: str | None = None, faults: tuple[Fault, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.faults = faults


class InvalidInput(GridmapError):  # noqa: N818 - words of the domain, not "…Error"
    """The caller can mend it."""


class UnreadableFile(InvalidInput):
    """The file is not what its name or the caller says."""


class TooLarge(InvalidInput):
    """More than a stated limit."""


class NotFound(GridmapError):  # noqa: N818
    """No such thing, or not one that the caller may see."""


class Conflict(GridmapError):  # noqa: N818
    """It was true when it was asked and is not true any more."""


class NotAllowed(GridmapError):  # noqa: N818
    """A token is missing or wrong."""


class Unavailable(GridmapError):  # noqa: N818
    """Something outside gridmap does not answer; trying again later may help."""


class EngineMissing(Unavailable):
    """There is no PostGIS on this machine; the hint says how to get one."""
