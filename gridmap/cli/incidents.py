"""`gridmap incidents`: incidents out of the database."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.group("incidents", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Write incidents as archives."""


@command.command("export")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The archive's folder; it must not be there yet.",
)
@click.option("--place", "places", multiple=True, metavar="KEY", help="Only this one [all]; again.")
@click.option("--replace", is_flag=True, help="Write an archive again that is there.")
@click.option("--actor", default="local", show_default=True, help="Who takes it, for the audit.")
def export(out: Path, *, places: tuple[str, ...], replace: bool, actor: str) -> None:
    """Write partitioned GeoParquet: DIR/place=KEY/month=2026-03/part-0.parquet.

    Exact places of incidents are personal data: only the owner of the files can read them.
    """
    from gridmap.cli.session import open_database
    from gridmap.services import archives
    from gridmap.settings import read_settings
    from gridmap.store import database

    with open_database(read_settings(os.environ)) as url:
        engine = database.connect_engine(url)
        try:
            done = archives.export_incidents(
                engine,
                out,
                actor=actor,
                places=places,
                replace=replace,
                progress=lambda part, count: click.echo(f"{part}: {count:,}", err=True),
            )
        finally:
            engine.dispose()
    click.echo(f"{done.folder}: {done.incidents:,} incidents of {done.places} places")
