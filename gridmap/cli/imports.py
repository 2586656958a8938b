"""`gridmap import`: a file into a layer, and what became of its rows."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gridmap.errors import InvalidInput

if TYPE_CHECKING:
    from gridmap.services.transfer.report import LayerLedger, Report

_LISTED = 20
_SWITCH_S = 0.0005
_LAYERS = (
    "territories, grids, micro-grids, buildings, resource-points, incidents, streets, water, "
    "land-use; osm for all that an OpenStreetMap extract has"
)


@click.command("import", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layer", metavar="LAYER", help=f"Where to: {_LAYERS}.")
@click.option("--place", metavar="KEY", help="Place of the features; made when it is new.")
@click.option("--place-name", metavar="NAME", help="Name of a new place.")
@click.option("--source-layer", metavar="NAME", help="Layer in a GeoPackage, dataset in a zip.")
@click.option(
    "--map",
    "mapped",
    metavar="COLUMN=PROPERTY",
    multiple=True,
    help="Use a column for a property; =properties keeps it as it is, =- drops it. Repeatable.",
)
@click.option("--crs", metavar="CODE", help="What the coordinates are, such as EPSG:4549.")
@click.option(
    "--datum",
    type=click.Choice(["wgs84", "cgcs2000", "gcj02", "bd09"]),
    help="What degrees are: gcj02 for Amap and Tencent, bd09 for Baidu.",
)
@click.option("--swap-axes", is_flag=True, help="The file has latitude before longitude.")
@click.option("--encoding", metavar="NAME", help="Of the texts of a shapefile or CSV, e.g. GBK.")
@click.option("--time-zone", metavar="NAME", help="Of times that name none [Asia/Shanghai].")
@click.option("--skip-bad", is_flag=True, help="Store the good rows although others are refused.")
@click.option("--again", is_flag=True, help="Import a file that was imported before.")
@click.option("--replace", is_flag=True, help="Delete what the layer has of the place first.")
@click.option("--dry-run", is_flag=True, help="Do all of it, and store nothing.")
@click.option(
    "--network",
    metavar="KEY",
    default="governance",
    show_default=True,
    help="For grids: the network that they cut the territory for.",
)
@click.option("--name", metavar="NAME", help="For grids: name of the plan.")
@click.option("--territory", metavar="CODE", help="For grids: the territory that they cut.")
@click.option(
    "--tolerance",
    "tolerance_m",
    type=float,
    default=1.0,
    metavar="METRES",
    help="For grids: gaps and overlaps up to this mean width are settled [1].",
)
@click.option(
    "--leave",
    is_flag=True,
    help="For grids: make a draft in which what cannot be decided is nobody's, and list it.",
)
@click.option("--publish", is_flag=True, help="For grids: publish the plan from today on.")
@click.option("--actor", metavar="NAME", default="local", help="Who imports, for the audit.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(file: Path, mapped: tuple[str, ...], as_json: bool, actor: str, **given: Any) -> None:  # noqa: FBT001
    """Load FILE into a layer, all or nothing.

    FILE is GeoJSON (also one feature a line), GeoPackage, Shapefile (also zipped), FlatGeobuf,
    GeoParquet, CSV with coordinates or WKT, or an OpenStreetMap extract (.osm.pbf). Columns are
    found by their names in English and Chinese.
    """
    import gc
    import os

    # Modules and pages make no circles of references; looking for some takes a third of the time
    # of reading.
    gc.disable()

    from gridmap.cli.session import open_database
    from gridmap.services.transfer import ImportOptions, ImportRefused, import_file
    from gridmap.settings import read_settings
    from gridmap.store.database import connect_engine

    # The thread that sends rows waits for the one that reads them no longer than this.
    sys.setswitchinterval(_SWITCH_S)
    options = ImportOptions(mapped=_pairs(mapped), **given)
    options.check()
    with open_database(read_settings(os.environ)) as url:
        engine = connect_engine(url)
        try:
            with _Progress() as progress:
                report = import_file(engine, file, options, actor=actor, progress=progress)
        except ImportRefused as refused:
            _show(refused.report, as_json=as_json)
            raise InvalidInput(refused.message, hint=refused.hint) from refused
        finally:
            engine.dispose()
    _show(report, as_json=as_json)


def _pairs(mapped: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for item in mapped:
        column, equals, target = item.rpartition("=")
        if not equals or not column or not target:
            raise InvalidInput(f"--map {item!r} is not COLUMN=PROPERTY")
        pairs[column] = target
    return pairs


class _Progress:
    """One line on stderr, from the first second on, rewritten where a person looks at it."""

    def __init__(self) -> None:
        self.started = self.last = time.monotonic()
        self.shown = False

    def __enter__(self) -> Callable[[int, int | None, str], None]:
        """Give the function that is told how far it is."""
        return self.tell

    def __exit__(self, *_: object) -> None:
        """End the line."""
        if self.shown:
            click.echo(err=True)

    def tell(self, done: int, total: int | None, what: str) -> None:
        """Show it, at most five times a second."""
        now = time.monotonic()
        is_terminal = sys.stderr.isatty()
        if now - self.started < 1 or now - self.last < (0.2 if is_terminal else 5.0):
            return
        self.last, self.shown = now, True
        share = f" of {total:,}" if total else ""
        click.echo(
            f"\r{done:,}{share} {what}, {now - self.started:.0f} s "
            if is_terminal
            else f"{done:,}{share} {what}, {now - self.started:.0f} s",
            nl=not is_terminal,
            err=True,
        )


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
        return
    click.echo(f"{report.file} ({report.format})")
    for name, text in _head(report):
        click.echo(f"  {name:<12} {text}")
    for ledger in report.layers.values():
        _show_layer(ledger)
    _show_plan(report.plan)
    _show_cases("repaired", [vars(item) for item in report.repairs], report.repaired)
    _show_cases("refused", [vars(item) for item in report.refusals], report.refused)
    _show_left(report)
    for note in report.notes:
        click.echo(f"  {note}.")
    if report.stored:
        runs = ", ".join(str(ledger.import_run) for ledger in report.layers.values())
        click.echo(f"Stored in {report.seconds:.1f} s (import {runs}).")
    else:
        click.echo(f"Nothing was stored: {report.why_not}.")


def _head(report: Report) -> list[tuple[str, str]]:
    lines = []
    place = report.place
    if place and place["key"]:
        new = f", new, meridian {place['meridian']}°" if place["created"] else ""
        how = ", by its territory" if place["how"] == "territory" else ""
        name = f" {place['name']}" if place["name"] and place["name"] != place["key"] else ""
        lines.append(("place", f"{place['key']}{name}{new}{how}"))
    elif place and place["how"] == "none":
        lines.append(("place", "none; no territory contains the rows"))
    reference = report.reference
    datum = f", datum {reference['datum']}" if reference["datum"] else ""
    lines.append(("coordinates", f"{reference['crs']}, from {reference['from']}{datum}"))
    for layer, found in report.datum_check.items():
        shown = dict.fromkeys(one["compared_with"] for one in found.get("comparisons", ()))
        text = found["verdict"] + (f" (compared with {', '.join(shown)})" if shown else "")
        lines.append(("datum check", f"{layer}: {text}" if len(report.datum_check) > 1 else text))
    return lines


def _show_layer(ledger: LayerLedger) -> None:
    counts = [f"{ledger.accepted:,} of {ledger.rows:,} rows accepted"]
    counts.extend(
        f"{getattr(ledger, name):,} {name}"
        for name in ("repaired", "refused", "deleted")
        if getattr(ledger, name)
    )
    click.echo(f"  {ledger.layer}: {', '.join(counts)}")
    kept = [use.column for use in ledger.columns if use.used_as == "properties"]
    for use in ledger.columns:
        if use.used_as != "properties":
            click.echo(f"    {use.column} → {use.used_as} ({use.why})")
    if kept:
        more = f" and {len(kept) - _LISTED} more" if len(kept) > _LISTED else ""
        click.echo(f"    kept in properties: {', '.join(kept[:_LISTED])}{more}")
    for name, count in ledger.defaults.items():
        click.echo(f"    {name}: {count:,} rows took the default")
    for (name, value), count in ledger.unknown_values.most_common(_LISTED):
        click.echo(f"    {name}: no word for {value!r} ({count:,} rows)")
    for reason, count in ledger.left_out.most_common(_LISTED):
        examples = ", ".join(ledger.left_out_examples[reason][:2])
        click.echo(f"    left out: {count:,} {reason} ({examples} …)")


def _show_plan(plan: dict[str, Any] | None) -> None:
    if not plan:
        return
    levels = ", ".join(f"{count:,} of level {level}" for level, count in plan["levels"].items())
    click.echo(
        f"  plan {plan['id'] or ''} {plan['name']} ({plan['state']}) of network {plan['network']}: "
        f"{levels}, {plan['atoms']:,} atoms, {plan['buildings']:,} buildings inside"
    )


def _show_left(report: Report) -> None:
    if not report.left:
        return
    click.echo("  left open (nobody's in the draft, or cut off):")
    for item in report.left[:_LISTED]:
        rows = ", ".join(str(row) for row in item.rows) or "–"
        where = f" at {item.place[0]:.6f} {item.place[1]:.6f}" if item.place else ""
        click.echo(f"    rows {rows}: {item.kind}, {item.what}{where}")
    if len(report.left) > _LISTED:
        click.echo(f"    … and {len(report.left) - _LISTED:,} more")


def _show_cases(title: str, cases: list[dict[str, Any]], count: int) -> None:
    if not count:
        return
    click.echo(f"  {title}:")
    for case in cases[:_LISTED]:
        name = case["label"] or f"row {case['row']}"
        what = case.get("what") or case["reason"]
        parts = [f"    {name}: "]
        if case.get("field"):
            parts.append(f"{case['field']} ")
        parts.append(what)
        if case.get("area_change_m2"):
            parts.append(f", {case['area_change_m2']:+,.2f} m²")
        if case["place"]:
            parts.append(f" at {case['place'][0]:.6f} {case['place'][1]:.6f}")
        click.echo("".join(parts))
    if count > _LISTED:
        click.echo(f"    … and {count - min(len(cases), _LISTED):,} more")
