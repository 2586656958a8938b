"""`gridmap map`: a place as one HTML file."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command("map")
@click.option("--place", required=True, metavar="KEY", help="The place, such as nanjie.")
@click.option(
    "--network", default="governance", show_default=True, help="Whose grids are coloured."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The HTML file to write.",
)
def command(place: str, network: str, out: Path) -> None:
    """Write a place as a folium map, one HTML file that opens without a network."""
    from gridmap import maps
    from gridmap.cli.session import open_database
    from gridmap.settings import read_settings

    with open_database(read_settings(os.environ)) as url:
        engine = maps.connect(url)
        try:
            maps.place_map(engine, place, network=network).write(out)
        finally:
            engine.dispose()
    click.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB")
