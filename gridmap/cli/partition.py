"""`gridmap partition`: the atoms of a file into grids."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gridmap.services.partition import Answer

_FILE = click.Path(path_type=Path)


@click.command("partition", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=_FILE)
@click.option("--layer", metavar="NAME", help="Layer of the atoms, where the file has several.")
@click.option(
    "--households",
    metavar="COLUMN",
    default="households",
    show_default=True,
    help="Households of each atom.",
)
@click.option(
    "--atom", metavar="COLUMN", default="atom", show_default=True, help="Name of each atom."
)
@click.option("--min", "minimum", type=int, required=True, help="Least households of a grid.")
@click.option("--max", "maximum", type=int, required=True, help="Most households of a grid.")
@click.option("--grids", type=int, metavar="K", help="Exactly so many [what suits shapes best].")
@click.option(
    "--adjacency",
    type=_FILE,
    metavar="CSV",
    help="Who touches whom: a, b, length_m, kind (internal = off the street, river), barrier. "
    "Without it, shared edges are measured.",
)
@click.option(
    "--block",
    metavar="COLUMN",
    help="Block of each atom, where no adjacency says which edges are off the street.",
)
@click.option(
    "--locked",
    type=_FILE,
    metavar="CSV",
    help="What stays: atom, grid, complete (1: the grid takes no more atoms).",
)
@click.option("--crs", metavar="CODE", help="Of the coordinates, where the file does not say it.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--time",
    "seconds",
    type=float,
    metavar="SECONDS",
    help="Processor time of the whole command [what the size needs].",
)
@click.option("--out", type=_FILE, required=True, metavar="CSV", help="The answer: atom, grid.")
@click.option("--figures", type=_FILE, metavar="JSON", help="Figures [beside the answer].")
def command(
    file: Path,
    *,
    layer: str | None,
    households: str,
    atom: str,
    minimum: int,
    maximum: int,
    grids: int | None,
    adjacency: Path | None,
    block: str | None,
    locked: Path | None,
    crs: str | None,
    seed: int,
    seconds: float | None,
    out: Path,
    figures: Path | None,
) -> None:
    """Cut the atoms of FILE into contiguous, compact grids of a range of households.

    The same seed gives the same answer, unless the time ran out. A grid that misses the range is
    listed with its reason.
    """
    from gridmap.errors import InvalidInput

    def elapsed() -> float:
        # A tenth is left for writing the answer.
        return (time.process_time() - compiling) / (0.9 * seconds) if seconds else 0.0

    figures = figures or out.with_suffix(".json")
    if figures == out:
        raise InvalidInput("The answer and its figures need two files", hint="--figures FILE.json")
    for path in (out, figures):
        if not path.parent.is_dir():
            raise InvalidInput(f"There is no folder {path.parent}")

    from gridmap.services.partition import Source, compile_loops, cut_file

    # Processor time counts from the start of the program: imports are part of what is waited for.
    # Compiling is not: it happens once on a machine, and would leave the search no time.
    compiling = compile_loops()
    if compiling:
        click.echo(f"compiled once for this machine: {compiling:.1f} s", err=True)
    answer = cut_file(
        Source(
            file,
            layer=layer,
            households=households,
            atom=atom,
            adjacency=adjacency,
            block=block,
            locked=locked,
            crs=crs,
        ),
        minimum=minimum,
        maximum=maximum,
        grids=grids,
        seed=seed,
        seconds=seconds,
        elapsed=elapsed if seconds else None,
    )
    answer.write(out, figures)
    _report(answer, time.process_time() - compiling)
    click.echo(f"{out} has the grid of each atom, {figures} the figures")


def _report(answer: Answer, seconds: float) -> None:
    """Say in a few lines what came out."""
    totals = answer.plan.totals()
    minimum, maximum = answer.plan.size.minimum, answer.plan.size.maximum
    click.echo(
        f"{totals['grids']} grids, {totals['in_range']} of them with {minimum} to {maximum} "
        f"households ({totals['households_least']} to {totals['households_most']}), "
        f"{totals['not_contiguous']} not contiguous, {totals['enclosing']} around another"
    )
    click.echo(
        f"mean compactness {totals['compactness_mean']} (least {totals['compactness_least']}), "
        f"{totals['off_street_m'] / 1000:.2f} km of boundary off the street"
    )
    ended = "" if answer.plan.in_time else ", ended by the time"
    click.echo(
        f"seed {answer.seed}, {answer.plan.steps} proposals, {seconds:.1f} s of processor{ended}"
    )
    for note in answer.plan.notes:
        click.echo(f"note: {note}")
    for miss in answer.plan.misses:
        click.echo(f"grid {miss.grid} has {miss.households} households: {miss.reason}")
