"""`gridmap plan`: plans as documents on the command line."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gridmap.cli.plan_partition import partition_plan
from gridmap.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import datetime

    from gridmap.store.database import Engine

_JSON = click.option("--json", "as_json", is_flag=True, help="The machine's form.")
_PLAN = click.argument("plan", type=click.IntRange(min=1))
_LISTED = 20


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


_ACTOR = click.option("--actor", metavar="NAME", default=_me, help="Who does it [your login].")


@click.group("plan")
def command() -> None:
    """Make, list, check, review and publish plans."""


command.add_command(partition_plan)


@contextmanager
def engine_of_settings() -> Iterator[Engine]:
    """An engine on the database of the settings, for the time of one command."""
    from gridmap.cli.session import open_database
    from gridmap.settings import read_settings
    from gridmap.store.database import connect_engine

    with open_database(read_settings(os.environ)) as url:
        engine = connect_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


@command.command("list")
@click.option("--place", metavar="KEY")
@click.option("--network", metavar="KEY")
@_JSON
def list_(place: str | None, network: str | None, *, as_json: bool) -> None:
    """List plans of every state, the newest first."""
    from gridmap.services import plans

    with engine_of_settings() as engine:
        found = plans.list_plans(engine, place=place, network=network)
    if as_json:
        _print(found)
        return
    for item in found:
        _say(item)


def _say(item: dict[str, Any]) -> None:
    since = f"from {item['valid_from']}" if item["valid_from"] else ""
    until = f" to {item['valid_to']}" if item["valid_to"] else ""
    click.echo(
        f"{item['id']:>6}  {item['state']:<10}  {item['place']}/{item['network']}  {item['name']}"
        f"  by {item['author']}  {since}{until}".rstrip()
    )


@command.command("create")
@click.option("--name", required=True, help="Of the draft.")
@click.option("--from", "base", type=click.IntRange(min=1), help="Id of the plan to copy.")
@click.option("--place", metavar="KEY", help="For a new cut: the place.")
@click.option("--network", metavar="KEY", default="governance", help="[governance]")
@click.option("--territory", metavar="CODE", help="Where the place has several.")
@click.option("--blocks", is_flag=True, help="Cut along streets and water.")
@click.option(
    "--give",
    type=click.Choice(["nobody", "one", "each"]),
    default="nobody",
    help="Whose the land is at first: nobody's, one grid's, or each block a grid [nobody].",
)
@click.option("--file", type=click.Path(path_type=Path), help="Areas of a file, repaired.")
@click.option("--source-layer", metavar="NAME", help="Layer of the file.")
@click.option("--tolerance", "tolerance_m", type=float, default=1.0, metavar="METRES", help="[1]")
@_ACTOR
@_JSON
def create(*, actor: str, as_json: bool, **given: Any) -> None:
    """Make a draft: of another plan, of a territory or its blocks, or of a file.

    What a file leaves open – gaps, overlaps and parts outside that are more than slivers – is
    nobody's in the draft, and listed.
    """
    from gridmap.services import plans

    sources = [name for name in ("base", "file") if given[name] is not None]
    if len(sources) > 1:
        raise InvalidInput("Choose one of --from and --file")
    if given["base"] is None and given["place"] is None:
        raise InvalidInput("Say what the draft is made of: --from PLAN, or --place KEY")
    report = None
    with engine_of_settings() as engine:
        if given["base"] is not None:
            number = plans.make_draft(
                engine, based_on=given["base"], name=given["name"], actor=actor
            )
        elif given["file"] is not None:
            report = _import(engine, given, actor)
            number = report["plan"]["id"]
        else:
            wanted = plans.NewPlan(
                given["place"],
                given["network"],
                given["name"],
                "blocks" if given["blocks"] else "territory",
                given["give"],
                given["territory"],
            )
            number = plans.make_plan(engine, wanted, actor=actor)
        made = plans.read(engine, number)
    if as_json:
        _print({"plan": made, "report": report})
        return
    _say(made)
    if report:
        _say_report(report)


def _import(engine: Engine, given: dict[str, Any], actor: str) -> dict[str, Any]:
    from gridmap.services.transfer import ImportOptions, import_file

    options = ImportOptions(
        layer="grids",
        place=given["place"],
        network=given["network"],
        name=given["name"],
        territory=given["territory"],
        source_layer=given["source_layer"],
        tolerance_m=given["tolerance_m"],
        leave=True,
        again=True,
    )
    return import_file(engine, given["file"], options, actor=actor).as_dict()


def _say_report(report: dict[str, Any]) -> None:
    for title, cases in (("repaired", report["repairs"]), ("left open", report["left"])):
        if not cases:
            continue
        click.echo(f"{len(cases)} {title}:")
        for case in cases[:_LISTED]:
            rows = case.get("rows") or [case.get("row")]
            where = f" at {case['place'][0]:.6f} {case['place'][1]:.6f}" if "place" in case else ""
            click.echo(f"  rows {', '.join(map(str, rows))}: {case['what']}{where}")
        if len(cases) > _LISTED:
            click.echo(f"  … and {len(cases) - _LISTED:,} more; --json has them all")


@command.command("check")
@_PLAN
@_JSON
def check(plan: int, *, as_json: bool) -> None:
    """Prove that a plan has no gap and no overlap, or list where it has."""
    from gridmap.services import plans

    with engine_of_settings() as engine:
        defects = plans.check(engine, plan)
    if as_json:
        listed = [
            {"kind": item.kind, "place": item.place, "area_m2": item.area} for item in defects
        ]
        _print({"exact": not defects, "defects": listed})
    elif not defects:
        click.echo("No gap, no overlap.")
    for item in [] if as_json else defects:
        lon, lat = item.place
        click.echo(f"{item.kind} of {item.area:.2f} m² at {lon:.6f} {lat:.6f}")
    if defects:
        raise SystemExit(1)


@command.command("submit")
@_PLAN
@_ACTOR
def submit(plan: int, *, actor: str) -> None:
    """Give a draft to review."""
    from gridmap.services import plans

    with engine_of_settings() as engine:
        plans.submit(engine, plan, revision=None, actor=actor)
        _say(plans.read(engine, plan))


@command.command("return")
@_PLAN
@click.option("--reason", help="Becomes a comment; only the author needs none.")
@_ACTOR
def send_back(plan: int, reason: str | None, *, actor: str) -> None:
    """Send a plan back from review."""
    from gridmap.services import plans

    with engine_of_settings() as engine:
        plans.send_back(engine, plan, reason=reason, actor=actor)
        _say(plans.read(engine, plan))


@command.command("publish")
@_PLAN
@click.option(
    "--starts",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="First day of the plan: today or later.",
)
@_ACTOR
def publish(plan: int, starts: datetime, *, actor: str) -> None:
    """Publish a plan that is in review; the actor is the reviewer, not the author."""
    from gridmap.services import plans

    with engine_of_settings() as engine:
        plans.publish(engine, plan, starts=starts.date(), revision=None, actor=actor)
        _say(plans.read(engine, plan))
