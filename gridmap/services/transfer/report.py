"""What an import did: the ledger that is kept while it runs, and the report that is given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gridmap.errors import Fault, InvalidInput

# Single cases that a report lists; the counts are of all.
MOST_LISTED = 1_000
_EXAMPLES = 5


@dataclass(frozen=True)
class Repair:
    """A feature that was changed on the way.

    Parameters
    ----------
    layer
        Public name of the layer.
    row
        Row of the file, counted from 1.
    what
        What was wrong and what was done.
    area_change_m2
        Area after minus area before, where an area was repaired.
    place
        Longitude and latitude in degrees.
    label
        The feature's own name in its source, such as `way/1234`.
    kind, area_m2, given_to
        Of a place where grids did not fit together: `gap`, `overlap`, `outside` or `off vertex`,
        its size, and the code (or name) of the grid that got it.
    """

    layer: str
    row: int
    what: str
    area_change_m2: float | None = None
    place: tuple[float, float] | None = None
    label: str | None = None
    kind: str | None = None
    area_m2: float | None = None
    given_to: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Only the members that are known."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Left:
    """A place of a draft that was not decided: it is nobody's, or was cut off.

    Parameters
    ----------
    kind
        `gap`, `overlap`, `outside`, `nothing left`, `different` (from the union of what belongs to
        it) or `unreadable` (a row that is no area).
    what
        The same in words.
    area_m2
        Its size.
    rows
        Rows of the file that have to do with it.
    """

    kind: str
    what: str
    area_m2: float | None = None
    place: tuple[float, float] | None = None
    rows: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Only the members that are known."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Refusal:
    """A feature that cannot be stored, and why."""

    layer: str
    row: int
    reason: str
    field: str | None = None
    place: tuple[float, float] | None = None
    label: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Only the members that are known."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def as_fault(self) -> Fault:
        """The same in the shape of every error."""
        reason = f"{self.label}: {self.reason}" if self.label else self.reason
        return Fault(reason, row=self.row, field=self.field, place=self.place)


@dataclass(frozen=True)
class ColumnUse:
    """How one column of the file was used.

    `used_as` is a property of the layer, `geometry`, `properties` (kept as it is) or `nothing`.
    """

    column: str
    used_as: str
    why: str


@dataclass
class LayerLedger:
    """The rows of one layer: what became of them."""

    layer: str
    rows: int = 0
    accepted: int = 0
    repaired: int = 0
    deleted: int = 0
    columns: list[ColumnUse] = field(default_factory=list)
    # Values of an enumeration that gridmap has no word for: (property, value) → rows.
    unknown_values: Counter[tuple[str, str]] = field(default_factory=Counter)
    defaults: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    left_out_examples: dict[str, list[str]] = field(default_factory=dict)
    import_run: int | None = None
    refused_rows: set[int] = field(default_factory=set)

    @property
    def refused(self) -> int:
        """How many rows are not good; a row may be so for several reasons."""
        return len(self.refused_rows)

    def leave_out(self, reason: str, *examples: str, count: int = 1) -> None:
        """Count features that are not of this layer's kind, or that the source has not whole."""
        self.left_out[reason] += count
        listed = self.left_out_examples.setdefault(reason, [])
        listed.extend(examples[: _EXAMPLES - len(listed)])

    def as_dict(self) -> dict[str, Any]:
        """The machine form; see `Report.as_dict`."""
        return {
            "layer": self.layer,
            "rows": self.rows,
            "accepted": self.accepted,
            "repaired": self.repaired,
            "refused": self.refused,
            "deleted": self.deleted,
            "columns": [vars(column) for column in self.columns],
            "unknown_values": [
                {"property": name, "value": value, "rows": count}
                for (name, value), count in self.unknown_values.most_common(MOST_LISTED)
            ],
            "defaults": dict(self.defaults),
            "left_out": [
                {"reason": reason, "count": count, "examples": self.left_out_examples[reason]}
                for reason, count in self.left_out.most_common(MOST_LISTED)
            ],
            "import_run": self.import_run,
        }


@dataclass
class Report:
    """What an import did, or would have done.

    `stored` says whether the database has changed. An import is all or nothing: without
    `skip_bad`, one refused row is enough for `stored` to be false.
    """

    file: str
    sha256: str
    format: str
    source_layer: str | None = None
    stored: bool = False
    why_not: str | None = None
    place: dict[str, Any] | None = None
    reference: dict[str, Any] = field(default_factory=dict)
    datum_check: dict[str, Any] = field(default_factory=dict)
    layers: dict[str, LayerLedger] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    plan: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def ledger(self, layer: str) -> LayerLedger:
        """The ledger of a layer; made when it is first asked for."""
        return self.layers.setdefault(layer, LayerLedger(layer))

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    def repair(self, repairs: Iterable[Repair]) -> None:
        """Count repairs, and list the first ones."""
        for repair in repairs:
            self.ledger(repair.layer).repaired += 1
            if len(self.repairs) < MOST_LISTED:
                self.repairs.append(repair)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Count refused rows, and list the first reasons."""
        for refusal in refusals:
            ledger = self.ledger(refusal.layer)
            ledger.refused_rows.add(refusal.row)
            if len(self.refusals) < MOST_LISTED:
                self.refusals.append(refusal)

    @property
    def rows(self) -> int:
        """Features of the file that were meant for a layer."""
        return sum(ledger.rows for ledger in self.layers.values())

    @property
    def accepted(self) -> int:
        """Rows that are good, stored or not."""
        return sum(ledger.accepted for ledger in self.layers.values())

    @property
    def repaired(self) -> int:
        """Repairs made."""
        return sum(ledger.repaired for ledger in self.layers.values())

    @property
    def refused(self) -> int:
        """Rows that are not good."""
        return sum(ledger.refused for ledger in self.layers.values())

    def as_dict(self) -> dict[str, Any]:
        """The machine form, the same for every import.

        ``file, sha256, format, source_layer``
            Name, hash (hexadecimal) and kind of the file; the layer inside of it, or null.
        ``stored, why_not``
            Whether the database has changed, and if not, why.
        ``place``
            ``{key, name, how, created, meridian}``; ``how`` is *given*, *territory* or *none*.
        ``reference``
            ``{crs, from, datum}``: what coordinates were taken for, and who said so.
        ``datum_check``
            ``{verdict, compared_with, sampled, …}``; see `datum_check`.
        ``rows, accepted, repaired, refused``
            Sums over the layers.
        ``layers``
            For each: ``{layer, rows, accepted, repaired, refused, deleted, columns:[{column,
            used_as, why}], unknown_values:[{property, value, rows}], defaults:{property: rows},
            left_out:[{reason, count, examples}], import_run}``.
        ``repairs``
            ``[{layer, row, what, area_change_m2?, place?, label?, kind?, area_m2?, given_to?}]``,
            at most 1,000.
        ``left``
            For a draft with open questions: ``[{kind, what, area_m2?, place?, rows}]``, all of
            them, the largest first.
        ``refusals``
            ``[{layer, row, reason, field?, place?, label?}]``, at most 1,000.
        ``plan``
            For grids: ``{id, network, state, territory, levels, atoms, …}``, else null.
        ``notes, seconds``
            What else there is to say; how long it took.
        """
        return {
            "file": self.file,
            "sha256": self.sha256,
            "format": self.format,
            "source_layer": self.source_layer,
            "stored": self.stored,
            "why_not": self.why_not,
            "place": self.place,
            "reference": self.reference,
            "datum_check": self.datum_check,
            "rows": self.rows,
            "accepted": self.accepted,
            "repaired": self.repaired,
            "refused": self.refused,
            "layers": [ledger.as_dict() for ledger in self.layers.values()],
            "repairs": [repair.as_dict() for repair in self.repairs],
            "refusals": [refusal.as_dict() for refusal in self.refusals],
            "left": [item.as_dict() for item in self.left],
            "plan": self.plan,
            "notes": self.notes,
            "seconds": round(self.seconds, 3),
        }


class ImportRefused(InvalidInput):
    """Nothing was stored, because rows are not good; the report says which and why."""

    def __init__(self, message: str, *, report: Report, hint: str | None = None) -> None:
        faults = tuple(refusal.as_fault() for refusal in report.refusals)
        super().__init__(message, hint=hint, faults=faults)
        self.report = report
