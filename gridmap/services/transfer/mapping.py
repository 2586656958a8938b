"""Columns of a file → properties of a layer.

What a file says is never lost: a column without a use goes into `properties` as it is, and so does
a value that was translated into one of gridmap's words. The exceptions are columns that look like
data of persons, which gridmap does not keep unless the user maps them explicitly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

import numpy as np

from gridmap.errors import Fault, InvalidInput, TooLarge
from gridmap.services.transfer import values
from gridmap.services.transfer.pages import Page
from gridmap.services.transfer.report import ColumnUse, LayerLedger
from gridmap.services.transfer.vocabulary import FIELDS, Field, is_personal, plain

KEEP = "properties"
DROP = "-"
COORDINATES = ("lon", "lat", "wkt")
_MOST_COLUMNS = 500
_MOST_NAME = 200
_MOST_JSON = 100_000
_DBASE_NAME_BYTES = 10


@dataclass
class Attributes:
    """The properties of a page's features.

    Parameters
    ----------
    columns
        Property → one value for each feature.
    kept
        What goes into `properties`: one object for each feature, or None if no feature has any.
    faults
        Index of a feature → property and reason.
    """

    columns: dict[str, list[Any]]
    kept: list[dict[str, Any]] | None
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)


class ColumnMapping:
    """How the columns of one file are used for one layer.

    Parameters
    ----------
    layer
        Public name of the layer.
    mapped
        What the user said: column → property, `properties` to keep it as it is, `-` to drop it.
    zone
        Time zone of times that say none.
    short_names
        Column names of the file are cut after ten bytes.
    lenient
        Values that cannot be read are left out instead of refusing the row.

    Raises
    ------
    InvalidInput
        A target that the layer does not have.
    """

    def __init__(
        self,
        layer: str,
        mapped: Mapping[str, str],
        *,
        zone: tzinfo,
        short_names: bool = False,
        lenient: bool = False,
    ) -> None:
        self.layer = layer
        self.fields = FIELDS[layer]
        self.mapped = dict(mapped)
        self.zone = zone
        self.short_names = short_names
        self.lenient = lenient
        targets = {item.name for item in self.fields} | {KEEP, DROP, *COORDINATES}
        for column, target in self.mapped.items():
            if target not in targets:
                raise InvalidInput(
                    f"--map {column}={target}: {layer} has no property {target!r}",
                    hint=f"Properties: {', '.join(sorted(targets - {DROP}))}; - drops a column.",
                )

    def check_columns(self, names: Sequence[str]) -> None:
        """Refuse names that no column can have, and `--map` of columns that there are not.

        Raises
        ------
        InvalidInput, TooLarge
        """
        if len(names) > _MOST_COLUMNS:
            raise TooLarge(f"The file has {len(names)} columns, more than {_MOST_COLUMNS}")
        for name in names:
            _, faults = values.read_texts([name])
            if faults or len(name) > _MOST_NAME:
                raise InvalidInput(
                    f"The name of a column, {name[:40]!a}…, is none",
                    faults=(Fault(faults.get(0, "is too long"), field=ascii(name[:40])),),
                )
        missing = [column for column in self.mapped if column not in names]
        if missing:
            raise InvalidInput(
                f"The file has no column {', '.join(missing)}",
                hint=f"It has {', '.join(list(names)[:50])}.",
            )

    def sources(self, names: Sequence[str]) -> tuple[dict[str, list[str]], list[ColumnUse]]:
        """Say which columns each property takes, the best first, and how each column is used."""
        taken: dict[str, list[str]] = {}
        used: dict[str, ColumnUse] = {}
        self._use_as_told(names, taken, used)
        for item in self.fields:
            if item.name in taken:
                continue
            found = [name for name in self._named(item, names) if name not in used]
            if found:
                taken[item.name] = found
            for i, column in enumerate(found):
                why = "by its name" if i == 0 else f"where {found[0]} says nothing"
                used[column] = ColumnUse(column, item.name, why)
            if not found:
                self._compose(item, names, taken, used)
        for column in names:
            if column not in used and is_personal(self.layer, column):
                why = "looks like data of persons; --map COLUMN=properties keeps it"
                used[column] = ColumnUse(column, "nothing", why)
            elif column not in used:
                used[column] = ColumnUse(column, KEEP, "kept as it is")
        return taken, [used[column] for column in names]

    def _use_as_told(
        self, names: Sequence[str], taken: dict[str, list[str]], used: dict[str, ColumnUse]
    ) -> None:
        for column in names:
            target = self.mapped.get(column)
            if target == DROP:
                used[column] = ColumnUse(column, "nothing", "dropped with --map")
            elif target is not None:
                used[column] = ColumnUse(column, target, "given with --map")
                if target not in {KEEP, *COORDINATES}:
                    taken[target] = [column]

    def _named(self, item: Field, names: Sequence[str]) -> list[str]:
        by_plain = {plain(name): name for name in reversed(names)}
        found = [by_plain[wanted] for wanted in item.names if wanted in by_plain]
        if not found and self.short_names:
            cut = {
                wanted.encode()[:_DBASE_NAME_BYTES].decode(errors="ignore")
                for wanted in item.names
                if len(wanted.encode()) > _DBASE_NAME_BYTES
            }
            found = [name for key, name in by_plain.items() if key in cut]
        return found

    @staticmethod
    def _compose(
        item: Field,
        names: Sequence[str],
        taken: dict[str, list[str]],
        used: dict[str, ColumnUse],
    ) -> None:
        parts = [
            next((name for name in names if plain(name) in choice and name not in used), None)
            for choice in item.composed
        ]
        together = [name for name in parts if name is not None]
        if together:
            taken[item.name] = [" + ".join(together)]
            for name in together:
                used[name] = ColumnUse(name, item.name, "together")

    def apply(self, page: Page, ledger: LayerLedger) -> Attributes:
        """Read the properties of a page's features."""
        names = list(page.columns)
        taken, uses = self.sources(names)
        known = {use.column for use in ledger.columns}
        ledger.columns.extend(use for use in uses if use.column not in known)
        kept: dict[str, Sequence[Any]] = {
            use.column: _as_list(page.columns[use.column]) for use in uses if use.used_as == KEEP
        }
        read = Attributes({}, None)
        for item in self.fields:
            if item.name in taken:
                self._fill(item, taken[item.name], page, read, kept, ledger)
            elif item.default is not None:
                read.columns[item.name] = [item.default] * len(page)
                if len(page):
                    ledger.defaults[item.name] += len(page)
            elif item.required:
                read.columns[item.name] = [None] * len(page)
        if kept:
            read.kept = self._kept(kept, len(page), read.faults)
        return read

    def _fill(
        self,
        item: Field,
        columns: list[str],
        page: Page,
        read: Attributes,
        kept: dict[str, Sequence[Any]],
        ledger: LayerLedger,
    ) -> None:
        if item.kind == "word":
            read.columns[item.name] = self._words(item, columns, page, read, kept, ledger)
            return
        filled: list[Any] | None = None
        for column in columns:
            raw = _column(page, column)
            found, faults = self._read(item, raw)
            for i, reason in faults.items():
                if self.lenient:
                    kept.setdefault(column, [None] * len(page))
                    kept[column][i] = raw[i]  # type: ignore[index]
                    ledger.unknown_values[item.name, str(raw[i])[:60]] += 1
                else:
                    read.faults.setdefault(i, (item.name, reason))
            if filled is None:
                filled = found
            else:
                filled = [
                    old if old is not None else new for old, new in zip(filled, found, strict=True)
                ]
        assert filled is not None
        read.columns[item.name] = filled

    def _read(self, item: Field, raw: values.Column) -> values.Read:
        if item.kind == "text":
            return values.read_texts(raw)
        if item.kind == "code":
            return values.read_codes(raw)
        if item.kind == "count":
            return values.read_counts(raw)
        if item.kind == "number":
            return values.read_numbers(raw)
        if item.kind == "time":
            return values.read_times(raw, self.zone)
        found, faults = values.read_lists(raw)
        return [value or [] for value in found], faults

    def _words(
        self,
        item: Field,
        columns: list[str],
        page: Page,
        read: Attributes,
        kept: dict[str, Sequence[Any]],
        ledger: LayerLedger,
    ) -> list[Any]:
        filled: list[str | None] = [None] * len(page)
        unknown: dict[int, str] = {}
        for column in columns:
            raw = _column(page, column)
            found, missing = values.translate(raw, self._known_words(item, column))
            for i, value in enumerate(missing):
                if value is not None and filled[i] is None:
                    unknown.setdefault(i, value)
            filled = (
                found
                if column == columns[0]
                else [old or new for old, new in zip(filled, found, strict=True)]
            )
            changed = [
                None if value is None or value == word else value
                for value, word in zip(_as_list(raw), found, strict=True)
            ]
            if any(value is not None for value in changed):
                kept[column] = changed
        self._say_unknown(item, {i: unknown[i] for i in unknown if filled[i] is None}, read, ledger)
        empty = filled.count(None)
        if item.default is not None and empty:
            ledger.defaults[item.name] += empty
            filled = [item.default if word is None else word for word in filled]
        return filled

    def _known_words(self, item: Field, column: str) -> Mapping[str, str]:
        words = item.words.get(plain(column), {})
        if words and column not in self.mapped:
            return words
        return {**words, **item.words.get("*", {})}

    @staticmethod
    def _say_unknown(
        item: Field, unknown: dict[int, str], read: Attributes, ledger: LayerLedger
    ) -> None:
        for i, value in unknown.items():
            ledger.unknown_values[item.name, value] += 1
            if item.strict:
                allowed = ", ".join(item.allowed)
                read.faults.setdefault(i, (item.name, f"{value!r} is none of {allowed}"))

    @staticmethod
    def _kept(
        kept: dict[str, Sequence[Any]], count: int, faults: dict[int, tuple[str, str]]
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [{} for _ in range(count)]
        for name, column in kept.items():
            _, bad = values.read_texts(
                [value if isinstance(value, str) else None for value in column]
            )
            for i, reason in bad.items():
                faults.setdefault(i, (name, reason))
            for i, value in enumerate(column):
                if value is None or value == "" or i in bad:
                    continue
                if isinstance(value, str | int | bool):
                    rows[i][name] = value
                    continue
                try:
                    rows[i][name] = _json_value(value)
                except ValueError as error:
                    faults.setdefault(i, (name, str(error)))
        return rows


def _column(page: Page, column: str) -> values.Column:
    """A column, or several put together as an address is."""
    if column in page.columns:
        return page.columns[column]
    parts = [values.read_texts(page.columns[name])[0] for name in column.split(" + ")]
    joined = []
    for row in zip(*parts, strict=True):
        there = [part for part in row if part]
        space = " " if "".join(there).isascii() else ""
        joined.append(space.join(there) or None)
    return joined


def _as_list(column: Sequence[Any] | Any) -> list[Any]:
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "f":
            return [None if value != value else value for value in column.tolist()]  # noqa: PLR0124 - NaN
        return column.tolist()  # type: ignore[no-any-return]
    return list(column)


def _json_value(value: Any) -> Any:
    """A value as JSON has it.

    Raises
    ------
    ValueError
        It has no form in JSON, or in PostgreSQL's.
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
        text.encode()
    except RecursionError as error:
        raise ValueError("is nested too deep") from error
    except UnicodeEncodeError as error:
        raise ValueError("holds characters that are none") from error
    except ValueError as error:
        raise ValueError("holds a number that is not finite") from error
    if "\\u0000" in text:
        raise ValueError("holds the character NUL")
    if len(text) > _MOST_JSON:
        raise ValueError(f"has {len(text):,} characters, more than {_MOST_JSON:,}")
    return json.loads(text)
