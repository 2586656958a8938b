"""What the rules of each layer add to what a file says, and what they refuse.

`complete` gets the properties of a page as they were read, fills in what follows from others, and
gives the reasons for rows that break a rule.
"""

from __future__ import annotations

from typing import Any

from gridmap.services.transfer.mapping import Attributes
from gridmap.services.transfer.report import LayerLedger
from gridmap.services.transfer.words import CATEGORY_NAMES

Refused = dict[int, tuple[str, str]]  # index → property and reason
_ZERO = ("units", "households", "residents", "dossiers")


def complete(layer: str, read: Attributes, count: int, ledger: LayerLedger) -> Refused:
    """Fill in and check; give the refused rows."""
    refused = dict(read.faults)
    rule = _RULES.get(layer)
    if rule:
        rule(read.columns, count, ledger, refused)
    return refused


def _require(columns: dict[str, list[Any]], name: str, refused: Refused, reason: str) -> None:
    for i, value in enumerate(columns[name]):
        if value is None:
            refused.setdefault(i, (name, reason))


def _of_buildings(
    columns: dict[str, list[Any]], _count: int, _ledger: LayerLedger, _refused: Refused
) -> None:
    for name in _ZERO:
        if name in columns:
            columns[name] = [value or 0 for value in columns[name]]


def _of_points(
    columns: dict[str, list[Any]], count: int, ledger: LayerLedger, refused: Refused
) -> None:
    _require(columns, "category", refused, "has no category")
    names = columns.setdefault("name", [None] * count)
    for i, name in enumerate(names):
        category = columns["category"][i]
        if name is None and category is not None:
            names[i] = CATEGORY_NAMES.get(category, category)
            ledger.defaults["name"] += 1


def _of_land_use(
    columns: dict[str, list[Any]], _count: int, _ledger: LayerLedger, refused: Refused
) -> None:
    _require(columns, "kind", refused, "has no kind of use")


def _of_incidents(
    columns: dict[str, list[Any]], count: int, _ledger: LayerLedger, refused: Refused
) -> None:
    _require(columns, "reported_at", refused, "has no time of report")
    _require(columns, "category", refused, "has no category")
    columns["severity"] = [None if value is None else int(value) for value in columns["severity"]]
    for name in ("due_at", "closed_at"):
        for i, value in enumerate(columns.get(name, ())):
            start = columns["reported_at"][i]
            if value is not None and start is not None and value < start:
                what = "was due" if name == "due_at" else "was closed"
                refused.setdefault(i, (name, f"{what} before it was reported"))
    if "state" in columns and "closed_at" in columns:
        for i in range(count):
            if columns["closed_at"][i] is not None and columns["state"][i] == "reported":
                columns["state"][i] = "closed"


def _of_territories(
    columns: dict[str, list[Any]], count: int, ledger: LayerLedger, refused: Refused
) -> None:
    names = columns["name"]
    _require(columns, "name", refused, "has no name")
    kinds = columns.setdefault("kind", [None] * count)
    parents = columns.setdefault("parent", [None] * count)
    for i, code in enumerate(columns["code"]):
        full = _twelve_digits(code)
        if full is None:
            said = "has no code" if code is None else f"{code!r} is no code of 12 digits"
            refused.setdefault(i, ("code", said))
            continue
        if full != code:
            ledger.defaults["code filled up to 12 digits"] += 1
        columns["code"][i] = full
        if kinds[i] is None:
            kinds[i] = kind_of(full, names[i] or "")
            ledger.defaults["kind by code and name"] += 1
        if parents[i] is None:
            parents[i] = _parent_of(full)
        else:
            parent = _twelve_digits(parents[i])
            if parent is None:
                refused.setdefault(i, ("parent", f"{parents[i]!r} is no code of 12 digits"))
            parents[i] = parent


def _twelve_digits(code: str | None) -> str | None:
    """A code of a county (6 digits) or street (9) is the one of 12 with zeros behind."""
    if code is None or not (code.isascii() and code.isdigit()) or len(code) not in {6, 9, 12}:
        return None
    return code.ljust(12, "0")


def kind_of(code: str, name: str) -> str:
    """Kind of a territory by its 12 digits, and by its name where they leave it open."""
    if code.endswith("000000"):
        return "county"
    if code.endswith("000"):
        return "street" if name.endswith(("街道", "街道办事处")) else "town"
    return "village" if name.endswith(("村", "村委会", "村民委员会")) else "community"


def _parent_of(code: str) -> str | None:
    if code.endswith("000000"):
        return None
    return code[:6] + "000000" if code.endswith("000") else code[:9] + "000"


_RULES = {
    "buildings": _of_buildings,
    "resource-points": _of_points,
    "land-use": _of_land_use,
    "incidents": _of_incidents,
    "territories": _of_territories,
}
