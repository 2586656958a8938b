"""`gridmap demo`: load the five places; `gridmap demo generate`: make their files again."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("demo", invoke_without_command=True)
@click.option("--replace", is_flag=True, help="Load those again that are stored already.")
@click.pass_context
def command(context: click.Context, *, replace: bool) -> None:
    """Load the five places into the database, or generate their files again."""
    if context.invoked_subcommand is not None:
        return
    import os

    from gridmap.cli.session import open_database
    from gridmap.services.places import load_demo
    from gridmap.settings import read_settings
    from gridmap.store.database import connect_engine

    settings = read_settings(os.environ)
    with open_database(settings) as url:
        engine = connect_engine(url)
        try:
            loaded = load_demo(engine, replace=replace, progress=click.echo)
        finally:
            engine.dispose()
    click.echo(f"{loaded} places loaded." if loaded else "The places are loaded already.")
    click.echo("Next: gridmap serve")


@command.command("generate")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/geojson"),
    show_default=True,
    help="Folder that gets one folder for each place.",
)
@click.option("--place", "keys", multiple=True, help="Key of a place; may be given again.")
def generate(out: Path, keys: tuple[str, ...]) -> None:
    """Generate the five places from their seeds: the same bytes each time."""
    import time

    from gridmap.demo.files import write
    from gridmap.demo.generate import make
    from gridmap.demo.places import PLACES
    from gridmap.errors import NotFound

    for key in keys:
        if key not in PLACES:
            raise NotFound(f"There is no place {key!r}", hint=f"Places: {', '.join(PLACES)}.")
    for key in keys or tuple(PLACES):
        started = time.perf_counter()
        made = make(key)
        write(made, out / key)
        click.echo(
            f"{made.place.name.zh} {key}: {len(made.buildings)} buildings, "
            f"{sum(len(n.grids) for n in made.networks)} areas, {len(made.incidents)} incidents "
            f"in {time.perf_counter() - started:.1f} s"
        )
