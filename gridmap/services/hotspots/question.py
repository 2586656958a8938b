"""A question: a set of parameters, their canonical form, and the id that is made of it.

An id carries the whole question and the state of the data that it was asked of, so that nothing has
to be stored: any worker, and any later day, can answer it again, as long as the data are the same.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from gridmap.algorithms.hotspots.zones import Windows
from gridmap.errors import Fault, InvalidInput, NotFound

Unit = Literal["hexagon", "square", "grids", "micro-grids", "buildings", "streets"]
Method = Literal[
    "getis-ord",
    "local-moran",
    "counts",
    "rates",
    "density",
    "street-density",
    "dbscan",
    "hdbscan",
    "st-dbscan",
    "scan",
    "bernoulli-scan",
    "space-time-scan",
    "permutation-scan",
    "emerging",
    "near-repeat",
    "change",
]
Denominator = Literal["none", "households", "residents", "buildings"]
Smoothing = Literal["none", "global", "local"]
Test = Literal["auto", "permutation", "normal"]
Kernel = Literal["quartic", "gaussian", "epanechnikov", "triangular", "uniform"]
Rule = Literal["cross-validation", "diggle", "silverman", "scott", "arcgis"]

LONGEST_ID = 2_000
_MOST_BYTES = 4_000  # of an unpacked id
_EARLIEST, _LATEST = 1900, 2200


@dataclass(frozen=True)
class Question:
    """What is asked: a place, a half-open window, which incidents, counted in what, and how.

    Parameters
    ----------
    place
        Key of a place.
    begins, ends
        The window, with zones; `ends` is excluded.
    categories, channels
        Those that count; none for all.
    least_severity
        1 to 4.
    unit
        What incidents are counted in. Areas of people are those of today's plan of `network`.
    size_m
        Distance between the centres of cells in metres; None: the data choose.
    rings
        How far a cell's neighbourhood reaches; None: the data choose.
    method
        The statistic.
    denominator
        What counts are divided by, or what is expected in proportion to.
    smoothing
        Of rates, by empirical Bayes.
    test
        `auto` is exact wherever there is an exact test.
    kernel, bandwidth_m, rule
        Of densities; the rule chooses the bandwidth where none is given.
    radius_m, delay_days, least_points
        Of clusters and near repeats; None: the data choose.
    baseline_begins, baseline_ends
        The window to compare with (`change`); None: the one of equal length before.
    control
        Category of the controls (`bernoulli-scan`); None: all other incidents.
    step_days
        Length of a time step; None: by the length of the window.
    windows
        What a scan looks through: circles, or grid-shaped rectangles.
    largest_share
        Largest share of what is expected inside a window of a scan.
    replicates, seed
        Of random replicates; the same seed gives the same answer.
    """

    place: str
    begins: datetime
    ends: datetime
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    least_severity: int = 1
    unit: Unit = "hexagon"
    size_m: float | None = None
    rings: int | None = None
    method: Method = "getis-ord"
    network: str | None = None
    denominator: Denominator = "none"
    smoothing: Smoothing = "global"
    test: Test = "auto"
    kernel: Kernel = "quartic"
    bandwidth_m: float | None = None
    rule: Rule = "cross-validation"
    radius_m: float | None = None
    delay_days: float | None = None
    least_points: int | None = None
    baseline_begins: datetime | None = None
    baseline_ends: datetime | None = None
    control: str | None = None
    step_days: int | None = None
    windows: Windows = "circles"
    largest_share: float = 0.1
    replicates: int = 199
    seed: int = 1

    @property
    def days(self) -> float:
        """Length of the window in days."""
        return (self.ends - self.begins) / timedelta(days=1)

    @property
    def baseline(self) -> tuple[datetime, datetime]:
        """The window that this one is compared with."""
        if self.baseline_begins is not None and self.baseline_ends is not None:
            return self.baseline_begins, self.baseline_ends
        return self.begins - (self.ends - self.begins), self.begins

    def as_dict(self) -> dict[str, Any]:
        """Every parameter, as JSON has it."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


def check(question: Question) -> Question:
    """Refuse what cannot be asked.

    Raises
    ------
    InvalidInput
        An empty window, half a baseline, or times that no calendar of ours has.
    """
    windows = [(question.begins, question.ends, "to")]
    given = question.baseline_begins, question.baseline_ends
    if (given[0] is None) != (given[1] is None):
        raise InvalidInput(
            "A window to compare with has a beginning and an end",
            faults=(Fault("one of the two is missing", field="baseline_to"),),
        )
    if given[0] is not None and given[1] is not None:
        windows.append((given[0], given[1], "baseline_to"))
    for begins, ends, field in windows:
        if begins.year < _EARLIEST or ends.year > _LATEST:
            raise InvalidInput(
                f"The window is not between the years {_EARLIEST} and {_LATEST}",
                faults=(Fault("out of range", field=field),),
            )
        if ends <= begins:
            raise InvalidInput(
                "The window ends before it begins",
                faults=(Fault("not after its beginning", field=field),),
            )
    return question


def canonical(question: Question) -> dict[str, Any]:
    """Only what differs from the defaults, lists in order: equal questions, equal forms."""
    in_order = replace(
        question,
        categories=tuple(sorted(set(question.categories))),
        channels=tuple(sorted(set(question.channels))),
    )
    return {
        item.name: _plain(value)
        for item in fields(in_order)
        if (value := getattr(in_order, item.name)) != item.default
    }


def identify(question: Question, revisions: tuple[int, ...]) -> str:
    """The id of an answer: the question itself, and a fingerprint of the data it was asked of."""
    text = json.dumps(
        canonical(question), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()
    return f"{packed}.{_fingerprint(revisions)}"


def read_id(number: str) -> tuple[Question, str]:
    """The question in an id, and the fingerprint of the data that it was asked of.

    Raises
    ------
    NotFound
        It is no id of ours.
    """
    missing = NotFound("There is no such answer", hint="Ask with POST /hotspots for its id.")
    packed, dot, data = number.rpartition(".")
    if not dot or len(number) > LONGEST_ID:
        raise missing
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(raw, _MOST_BYTES)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise missing
        question = _from_plain(json.loads(text))
    except (ValueError, TypeError, KeyError, zlib.error, binascii.Error):
        raise missing from None
    return check(question), data


def matches(data: str, revisions: tuple[int, ...]) -> bool:
    """Say whether an id's data are those of these revisions."""
    return data == _fingerprint(revisions)


def _fingerprint(revisions: tuple[int, ...]) -> str:
    return hashlib.blake2b(repr(revisions).encode(), digest_size=6).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _from_plain(given: dict[str, Any]) -> Question:
    """Take apart what `canonical` has made; anything else is a ValueError or TypeError."""
    made: dict[str, Any] = dict(given)
    for name in ("begins", "ends", "baseline_begins", "baseline_ends"):
        if name in made:
            made[name] = datetime.fromisoformat(made[name])
            if made[name].tzinfo is None:
                raise ValueError(name)
    for name in ("categories", "channels"):
        if name in made:
            made[name] = tuple(map(str, made[name]))
    if not all(_is_allowed(name, value) for name, value in made.items()):
        raise ValueError(given)
    return Question(**made)


def _is_allowed(name: str, value: Any) -> bool:
    if name in _WORDS:
        return value in _WORDS[name]
    if name in LIMITS:
        low, high = LIMITS[name]
        kinds = (int,) if name in _WHOLE else (int, float)
        return type(value) in kinds and low <= value <= high
    return name not in _TEXTS or isinstance(value, str)


_TEXTS = ("place", "network", "control")
_WHOLE = ("least_severity", "rings", "least_points", "step_days", "replicates", "seed")
_WORDS: dict[str, tuple[str, ...]] = {
    "unit": get_args(Unit),
    "method": get_args(Method),
    "denominator": get_args(Denominator),
    "smoothing": get_args(Smoothing),
    "test": get_args(Test),
    "kernel": get_args(Kernel),
    "rule": get_args(Rule),
    "windows": get_args(Windows),
}
LIMITS: dict[str, tuple[float, float]] = {
    "least_severity": (1, 4),
    "size_m": (20, 5_000),
    "rings": (1, 5),
    "bandwidth_m": (10, 5_000),
    "radius_m": (5, 5_000),
    "delay_days": (0.1, 366),
    "least_points": (2, 10_000),
    "step_days": (1, 366),
    "largest_share": (0.01, 0.5),
    "replicates": (0, 999),
    "seed": (0, 2**31),
}
