"""What may be told in public: counts that say nothing about one household.

A table of counts per area is published with some of its cells hidden. Three rules:

* **few**: an area with fewer than `LEAST_HOUSEHOLDS` households, or fewer than `LEAST_INCIDENTS`
  incidents (0 too: that nothing happened tells something as well), is hidden;
* **complement**: whoever knows the total gets the sum of what is hidden by subtraction. So what is
  hidden together has at least two areas, as many incidents and as many households as an area that
  is shown; the smallest of the others are hidden until that holds;
* **fixed questions**: one partition of the ground, months of the calendar that are over, all
  incidents. Nothing can be chosen, because two answers that overlap could be subtracted.

Source: Hundepool and others (2012), Statistical Disclosure Control, chapter 4.
"""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import numpy.typing as npt

from gridmap.errors import Fault, InvalidInput

LEAST_HOUSEHOLDS = 8
LEAST_INCIDENTS = 5

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)

Flags = npt.NDArray[np.bool_]


def shown_areas(
    counts: npt.ArrayLike,
    households: npt.ArrayLike,
    *,
    least_incidents: int = LEAST_INCIDENTS,
    least_households: int = LEAST_HOUSEHOLDS,
) -> Flags:
    """Say which areas of one total may be shown with their count.

    Parameters
    ----------
    counts
        Incidents of each area, whole numbers of at least 0, shape (n,); what lies in no area is an
        area too, with 0 households.
    households
        Households of each area, shape (n,).
    least_incidents, least_households
        The rule for one area.

    Returns
    -------
    numpy.ndarray
        True where the count is shown; all False where nothing can be shown safely.

    Raises
    ------
    InvalidInput
        Different lengths, fractions, or negative numbers.
    """
    incidents, homes = (_whole(values, name) for values, name in _named(counts, households))
    if incidents.size != homes.size:
        raise InvalidInput(
            "There is one number of households for each count.",
            faults=(Fault(f"{homes.size} values for {incidents.size}", field="households"),),
        )
    shown: Flags = (incidents >= least_incidents) & (homes >= least_households)
    # The smallest first, so that the least is lost; ties by their order, always the same.
    waiting = [at for at in np.lexsort((homes, incidents)) if shown[at]]
    for at in waiting:
        hidden = ~shown
        if not hidden.any() or (
            hidden.sum() >= 2
            and incidents[hidden].sum() >= least_incidents
            and homes[hidden].sum() >= least_households
        ):
            return shown
        shown[at] = False
    return shown


def _named(
    counts: npt.ArrayLike, households: npt.ArrayLike
) -> tuple[tuple[npt.ArrayLike, str], ...]:
    return (counts, "counts"), (households, "households")


def _whole(values: npt.ArrayLike, field: str) -> npt.NDArray[np.int64]:
    given = np.asarray(values, np.float64).ravel()
    if not np.isfinite(given).all() or (given < 0).any() or (given != np.floor(given)).any():
        raise InvalidInput(
            f"{field} are whole numbers of at least 0.",
            faults=(Fault("negative, a fraction, or no number", field=field),),
        )
    return given.astype(np.int64)


def public_month(text: str, today: date) -> tuple[date, date]:
    """First day of a month such as `2026-03`, and of the one after: only one that is over.

    Parameters
    ----------
    text
        Year and month.
    today
        The day at the place.

    Raises
    ------
    InvalidInput
        No month, or one that is not over: its count would change from day to day, and the
        difference of two days is somebody's incident.
    """
    try:
        first = date.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else "")
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError:
        raise InvalidInput(
            "A month is written as 2026-03",
            faults=(Fault("no year and month", field="month"),),
        ) from None
    if following > today:
        raise InvalidInput(
            f"{text} is not over yet",
            hint="Public counts are of whole months.",
            faults=(Fault("not over", field="month"),),
        )
    return first, following
