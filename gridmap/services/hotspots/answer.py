"""One question, one answer: GeoJSON with a legend, ranked places, times, and words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.errors import Conflict
from gridmap.geometry.crs import LocalCRS
from gridmap.services.hotspots import changing, counted, crowds, local, scans, surfaces
from gridmap.services.hotspots.case import Case, read_case, read_revisions
from gridmap.services.hotspots.finding import Finding, Spot
from gridmap.services.hotspots.question import (
    Method,
    Question,
    canonical,
    check,
    identify,
    matches,
    read_id,
)
from gridmap.services.hotspots.words import Words
from gridmap.store import database, evidence
from gridmap.store.database import Engine

METHODS: Mapping[Method, Callable[[Case], Finding]] = {
    "getis-ord": local.getis_ord,
    "local-moran": local.local_moran,
    "counts": counted.count,
    "rates": counted.rate,
    "density": surfaces.density,
    "street-density": surfaces.street_density,
    "dbscan": crowds.find_dense,
    "hdbscan": crowds.find_nested,
    "st-dbscan": crowds.find_bursts,
    "scan": scans.scan,
    "bernoulli-scan": scans.bernoulli,
    "space-time-scan": scans.space_time,
    "permutation-scan": scans.permutation,
    "emerging": changing.emerge,
    "near-repeat": crowds.find_repeats,
    "change": changing.change,
}
_MOST_CALENDAR_DAYS = 800
_MOST_IDS = 500  # incidents that a hotspot names, the latest
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Answer:
    """An answer with what tiles and files are drawn from.

    Parameters
    ----------
    id
        Of question and data.
    document
        The answer as GeoJSON, with further members.
    question
        What was asked.
    finding, case
        What it was made from.
    """

    id: str
    document: dict[str, Any]
    question: Question
    finding: Finding
    case: Case


def find_hotspots(engine: Engine, question: Question) -> dict[str, Any]:
    """Answer a question; see `answer_question`."""
    return answer_question(engine, question).document


def answer_question(engine: Engine, question: Question) -> Answer:
    """Answer a question from one state of the database.

    The document is a FeatureCollection whose features have a `class` of the `legend`; `hotspots`
    are the places that stand out, the strongest first; `clock` is 7 × 24 (Monday first), `months`
    12, `calendar` days with their counts, all in the time of the place.

    Raises
    ------
    NotFound
        No such place, or it has no territory.
    InvalidInput
        An empty window, cells that are too small for the place, or nothing to divide by.
    Unavailable
        The method needs `pip install gridmap[analysis]`.
    """
    check(question)
    with (
        database.translated(),
        engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as connection,
    ):
        revisions = evidence.read_revisions(connection)
        case = read_case(connection, question)
    found = METHODS[question.method](case)
    number = identify(question, revisions)
    document = {
        "type": "FeatureCollection",
        "id": number,
        "question": question.as_dict(),
        "canonical": canonical(question),
        "method": question.method,
        "incidents": len(case.incidents),
        "tests": found.tests,
        "cell_size_m": found.cell_size_m,
        "explanation": _explain(case, found).as_dict(),
        "summary": _summarise(case, found).as_dict(),
        "legend": [entry.as_dict() for entry in found.legend],
        "hotspots": [_plain_spot(case, spot) for spot in found.spots],
        **found.tables,
        **_times(case),
        "features": features_of(case.crs, found),
    }
    return Answer(number, document, question, found, case)


def answer_id(engine: Engine, number: str) -> Answer:
    """Answer what an id asks, if the data are still those that it was made from.

    Raises
    ------
    NotFound
        It is no id of ours, or its place is gone.
    Conflict
        The data have changed since: the same question has another id now.
    """
    question, data = read_id(number)
    if not matches(data, read_revisions(engine)):
        raise Conflict(
            "The data have changed since this was asked",
            hint="Ask again with POST /hotspots: the same question has another id now.",
        )
    return answer_question(engine, question)


def ask(engine: Engine, question: Question) -> str:
    """The id of the answer to a question over the data of now."""
    return identify(check(question), read_revisions(engine))


def features_of(crs: LocalCRS, found: Finding) -> list[dict[str, Any]]:
    """What a map shows of a finding, as GeoJSON features."""
    rows = np.arange(len(found.ids)) if found.shown is None else np.flatnonzero(found.shown)
    shapes = crs.publish(found.shapes[rows], decimals=7)
    columns = {name: plain_column(values, rows) for name, values in found.columns.items()}
    return [
        {
            "type": "Feature",
            "id": int(found.ids[row]),
            "geometry": json.loads(text),
            "properties": {
                "class": int(found.kinds[row]),
                **{name: values[number] for name, values in columns.items()},
            },
        }
        for number, (row, text) in enumerate(zip(rows, shapely.to_geojson(shapes), strict=True))
    ]


def plain_column(values: Any, rows: NDArray[np.int64]) -> list[Any]:
    """A column as JSON has it: six digits that matter, and null for what is not known."""
    if isinstance(values, list):
        return [values[row] for row in rows]
    taken = np.asarray(values)[rows]
    if taken.dtype.kind == "f":
        return [float(f"{value:.6g}") if np.isfinite(value) else None for value in taken]
    made: list[Any] = taken.tolist()
    return made


def _plain_spot(case: Case, spot: Spot) -> dict[str, Any]:
    ground = case.crs.publish(spot.shape, decimals=6)
    lon, lat = case.crs.publish(shapely.Point(spot.centre), decimals=6).coords[0]
    return {
        "members": spot.members.tolist()[:_MOST_IDS],
        "incidents": spot.incidents,
        "expected": spot.expected,
        "excess": None if spot.expected is None else round(spot.incidents - spot.expected, 1),
        "class": spot.kind,
        "words": spot.words.as_dict(),
        "centre": [lon, lat],
        "radius_m": round(float((spot.shape.area / np.pi) ** 0.5)),
        "bbox": list(ground.bounds),
        "geometry": json.loads(shapely.to_geojson(ground)),
        "from": spot.begins,
        "to": spot.ends,
        "incident_ids": _incidents_in(case, spot),
    }


def _incidents_in(case: Case, spot: Spot) -> list[int]:
    """Ids of the latest incidents on the ground of a place, and in its time where it has one."""
    points = case.incidents
    near = points.within(*spot.shape.bounds)
    at = points.at[near]
    if spot.begins is not None and spot.ends is not None:
        then = (at >= np.datetime64(spot.begins)) & (at < np.datetime64(spot.ends))
        near, at = near[then], at[then]
    # The latest first: that is what somebody asks about.
    newest = near[np.argsort(at, kind="stable")[::-1]]
    shapely.prepare(spot.shape)
    found: list[int] = []
    for start in range(0, len(newest), _AT_ONCE):
        part = newest[start : start + _AT_ONCE]
        inside = shapely.intersects_xy(spot.shape, points.xy[part])
        found += points.id[part[inside]].tolist()
        if len(found) >= _MOST_IDS:
            break
    return found[:_MOST_IDS]


def _explain(case: Case, found: Finding) -> Words:
    number = len(case.incidents)
    tested = Words(
        f"，{found.tests:,} 次检验" if found.tests else "",
        f", {found.tests:,} tests" if found.tests else "",
    )
    head = Words(f"{number:,} 件事件{tested.zh}。", f"{number:,} incidents{tested.en}. ")
    counted = found.columns.get("count")
    if counted is None or case.question.method in ("rates", "change"):
        return head + found.test
    left_out = number - int(np.sum(counted))
    if left_out:
        head += Words(
            f"{left_out:,} 件不在其中任何一处，不计入。",
            f"{left_out:,} of them lie in none of the areas and are left out.",
        )
    return head + found.test


def _summarise(case: Case, found: Finding) -> Words:
    """One sentence: how many places stand out, and the first of them."""
    if not len(case.incidents):
        return Words("这段时间没有符合条件的事件。", "There are no such incidents in this time.")
    if found.summary is not None:
        return found.summary
    if not found.spots:
        return Words("没有显著突出的地方。", "No place stands out.")
    first = found.spots[0]
    expected = (
        Words("", "")
        if first.expected is None
        else Words(f"（预期 {first.expected:g} 件）", f" ({first.expected:g} expected)")
    )
    several = len(found.spots) != 1
    plural = "s" if first.incidents != 1 else ""
    return Words(
        f"{len(found.spots)} 处突出；最强的一处有 {first.incidents} 件"
        f"{expected.zh}，{first.words.zh}。",
        f"{len(found.spots)} place{'s stand' if several else ' stands'} out; the strongest has"
        f" {first.incidents} incident{plural}{expected.en}, {first.words.en}.",
    )


def _times(case: Case) -> dict[str, Any]:
    """Clock, months and calendar in the place's own time."""
    at = case.incidents.at
    days = int((case.ends - case.begins) / np.timedelta64(1, "D")) + 1
    calendar: dict[str, Any] | None = None
    if days <= _MOST_CALENDAR_DAYS:
        counts = hotspots.day_counts(at, case.begins, case.begins + np.timedelta64(days, "D"))
        calendar = {
            "first": str(case.begins.astype("datetime64[D]")),
            "counts": counts.tolist(),
        }
    return {
        "clock": hotspots.week_clock(at).tolist(),
        "months": hotspots.month_counts(at).tolist(),
        "calendar": calendar,
    }
