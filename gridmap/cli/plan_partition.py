"""`gridmap plan partition`: a draft's grids cut anew, from the command line."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gridmap.services.plans.partition import Proposal


@click.command("partition")
@click.argument("plan", type=click.IntRange(min=1))
@click.option("--min", "minimum", type=int, required=True, help="Least households of a grid.")
@click.option("--max", "maximum", type=int, required=True, help="Most households of a grid.")
@click.option("--grids", type=int, metavar="K", help="Exactly so many [what suits shapes best].")
@click.option("--level", type=int, help="Of the grids [2].")
@click.option("--keep", type=int, multiple=True, metavar="GRID", help="Id of a grid that stays.")
@click.option("--micro-min", "micro_minimum", type=int, help="Least households of a micro-grid.")
@click.option("--micro-max", "micro_maximum", type=int, help="Most households of a micro-grid.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--time", "seconds", type=float, default=60.0, show_default=True, metavar="SECONDS")
@click.option("--alternatives", type=click.IntRange(1, 6), default=3, show_default=True)
@click.option("--accept", "chosen", type=click.IntRange(1, 6), help="Store this alternative.")
@click.option("--actor", metavar="NAME", default="local", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The machine's form.")
def partition_plan(
    plan: int, *, chosen: int | None, actor: str, as_json: bool, keep: tuple[int, ...], **asked: int
) -> None:
    """Find several ways to cut a draft's grids anew; with --accept, store one as one edit."""
    from gridmap.cli.session import open_database
    from gridmap.services.plans import partition
    from gridmap.settings import read_settings
    from gridmap.store.database import connect_engine

    wanted = partition.Wanted(keep=keep, **asked)
    if chosen is not None and chosen > wanted.alternatives:
        raise click.UsageError(f"There are only {wanted.alternatives} alternatives")
    began = time.monotonic()
    with open_database(read_settings(os.environ)) as url:
        engine = connect_engine(url)
        watched = sys.stderr.isatty()

        def progress(share: float) -> None:
            if watched:
                click.echo(f"\rcutting {share:4.0%}", nl=share == 1, err=True)

        found = partition.propose(
            engine, plan, wanted, progress=progress, elapsed=lambda: time.monotonic() - began
        )
        revision = None
        if chosen is not None:
            revision = partition.accept(
                engine, found, chosen - 1, revision=None, actor=actor
            ).revision
        engine.dispose()
    if as_json:
        listed = [item.summary() for item in found.alternatives]
        click.echo(json.dumps({"alternatives": listed, "revision": revision}, ensure_ascii=False))
        return
    _report(found)
    if revision is not None:
        click.echo(f"alternative {chosen} is revision {revision} of plan {plan}")


def _report(found: Proposal) -> None:
    for number, item in enumerate(found.alternatives, start=1):
        totals = item.plan.totals()
        click.echo(
            f"{number}  {item.emphasis:<9} {totals['grids']} grids, {totals['in_range']} in range "
            f"({totals['households_least']} to {totals['households_most']} households), "
            f"compactness {totals['compactness_mean']:.3f}, "
            f"{totals['off_street_m'] / 1000:.1f} km off the street"
        )
        for miss in item.plan.misses:
            click.echo(f"   grid {miss.grid}: {miss.households} households, {miss.reason}")
    for note in found.alternatives[0].summary()["notes"]:
        click.echo(f"note: {note}")
