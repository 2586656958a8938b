"""What a question is answered from: incidents in metres and local time, ground, homes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import NotFound
from gridmap.geometry.crs import LocalCRS
from gridmap.services.hotspots.incidents import Incidents, Metres, read_incidents
from gridmap.services.hotspots.question import Question
from gridmap.services.hotspots.words import Words
from gridmap.store import database, evidence, places, points
from gridmap.store.database import Connection, Engine
from gridmap.store.evidence import Areas

_BY_PEOPLE = {"rates", "scan", "space-time-scan"}
_LEVELS = {"grids": 2, "micro-grids": 3}


@dataclass(frozen=True)
class Homes:
    """A point in each building (x, y in metres), and who lives there."""

    xy: Metres
    households: NDArray[np.float64]
    residents: NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A question with its evidence.

    Parameters
    ----------
    question
        With its denominator settled.
    name
        Of the place.
    crs
        The metric plane of the place.
    area
        Its ground, in metres.
    begins, ends
        The window in the time of the place.
    incidents
        Those of the window.
    others
        Those of the baseline (`change`) or the controls (`bernoulli-scan`); none otherwise.
    homes, areas
        Read where the question needs them.
    """

    question: Question
    name: Words
    crs: LocalCRS
    area: Any
    begins: np.datetime64
    ends: np.datetime64
    incidents: Incidents
    others: Incidents | None = None
    homes: Homes | None = None
    areas: Areas | None = None


def read_case(connection: Connection, question: Question) -> Case:
    """Read what a question needs, from one state of the database.

    Raises
    ------
    NotFound
        No such place, or it has no territory.
    """
    crs = LocalCRS(places.read_meridian(connection, question.place))
    zone = ZoneInfo(places.read_time_zone(connection, question.place))
    ground = points.read_ground(connection, question.place)
    if ground is None:
        raise NotFound(f"{question.place} has no territory")

    def read(begins: datetime, ends: datetime, categories: tuple[str, ...]) -> Incidents:
        return read_incidents(connection, question, (begins, ends), categories, crs, zone)

    incidents = read(question.begins, question.ends, question.categories)
    others = None
    if question.method == "change":
        others = read(*question.baseline, question.categories)
    elif question.method == "bernoulli-scan":
        control = (question.control,) if question.control else ()
        everyone = read(question.begins, question.ends, control)
        others = everyone.chosen(~np.isin(everyone.id, incidents.id))
    return Case(
        question,
        Words(*evidence.read_name(connection, question.place)),
        crs,
        crs.project(shapely.from_wkb(ground)),
        _local_moment(question.begins, zone),
        _local_moment(question.ends, zone),
        incidents,
        others,
        _read_homes(connection, crs, question) if _needs_homes(question) else None,
        _read_areas(connection, question),
    )


def last_days(engine: Engine, place: str, days: int) -> tuple[datetime, datetime]:
    """The window of the last whole days up to the latest incident, in the time of the place.

    Raises
    ------
    NotFound
        No such place, or it has no incidents.
    """
    with database.translated(), engine.connect() as connection:
        zone = ZoneInfo(places.read_time_zone(connection, place))
        latest = evidence.read_latest(connection, place)
    if latest is None:
        raise NotFound(f"{place} has no incidents")
    ends = datetime.combine(latest + timedelta(days=1), time(), zone)
    return ends - timedelta(days=days), ends


def read_revisions(engine: Engine) -> tuple[int, ...]:
    """Revisions of everything that an answer may depend on."""
    with database.translated(), engine.connect() as connection:
        return evidence.read_revisions(connection)


def _local_moment(moment: datetime, zone: ZoneInfo) -> np.datetime64:
    return np.datetime64(moment.astimezone(zone).replace(tzinfo=None), "s")


def _needs_homes(question: Question) -> bool:
    return question.denominator != "none" or question.method in _BY_PEOPLE


def _read_homes(connection: Connection, crs: LocalCRS, question: Question) -> Homes:
    found = evidence.read_homes(connection, question.place)
    return Homes(crs.to_metres(found.lonlat), found.households, found.residents)


def _read_areas(connection: Connection, question: Question) -> Areas | None:
    if question.method == "street-density" or question.unit == "streets":
        return evidence.read_streets(connection, question.place)
    if question.unit == "buildings":
        return evidence.read_buildings(connection, question.place)
    if question.unit in _LEVELS:
        level = _LEVELS[question.unit]
        return evidence.read_grids(connection, question.place, question.network, level)
    return None
