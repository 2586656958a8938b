"""`gridmap hotspots`: where incidents pile up, from the database or from an archive."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from gridmap.errors import InvalidInput

if TYPE_CHECKING:
    import geopandas as gpd

    from gridmap.services import archives

_METHODS = ("counts", "getis-ord", "local-moran", "emerging", "trend")
_DRIVERS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG"}
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("hotspots", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--place", "places", multiple=True, metavar="KEY", help="Place; again in archives.")
@click.option(
    "--archive", metavar="DIR|PATTERN", help="GeoParquet instead of the database, see `incidents`."
)
@click.option(
    "--method",
    type=click.Choice(_METHODS),
    default="getis-ord",
    show_default=True,
    help="What is told of each cell.",
)
@click.option(
    "--size", type=click.FloatRange(min=1), metavar="METRES", help="Of cells [the data chooses]."
)
@click.option("--shape", type=click.Choice(["hexagon", "square"]), default="hexagon")
@click.option(
    "--rings", type=click.IntRange(1, 5), default=1, show_default=True, help="Of neighbours."
)
@click.option("--from", "begins", type=_DAY, metavar="DAY", help="First day [of the first month].")
@click.option("--to", "ends", type=_DAY, metavar="DAY", help="Day after the last one.")
@click.option("--category", "categories", multiple=True, metavar="NAME", help="Only these; again.")
@click.option("--channel", "channels", multiple=True, metavar="NAME", help="Only these; again.")
@click.option("--severity", type=click.IntRange(1, 4), default=1, help="The least that counts.")
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="False discovery rate.",
)
@click.option(
    "--area",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Polygons of the ground [the archive's places].",
)
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", metavar="tcp://…", help="Of the running Dask cluster.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Cells as .geojson, .gpkg or .parquet.",
)
def command(
    *,
    places: tuple[str, ...],
    archive: str | None,
    size: float | None,
    severity: int,
    area: Path | None,
    begins: datetime | None,
    ends: datetime | None,
    engine: str,
    scheduler: str | None,
    out: Path,
    **asked: Any,
) -> None:
    """Find where incidents pile up more than chance, cell by cell, and write the cells to a file.

    Counts are per cell and month. With --engine dask the workers of a running cluster count an
    archive, and the answer equals that of this machine to the last digit.
    """
    _check(places, archive, area, engine, scheduler, out)
    from gridmap.services import archives

    question = archives.Question(
        begins=_day(begins), ends=_day(ends), size_m=size, least_severity=severity, **asked
    )
    began = time.perf_counter()
    with ExitStack() as stack:
        if archive is not None:
            ground = None if area is None else _read_area(area)
            source = archives.open_archive(archive, places=places, area=ground)
        else:
            source = _open_place(stack, places[0], question)
        count: Any = archives.count_here
        if engine == "dask":
            count = partial(archives.count_on_dask, scheduler=cast("str", scheduler))
        answer = archives.analyse(source, question, partial(count, progress=_show))
    _write(answer.cells, out)
    _report(answer, source.rows, engine, time.perf_counter() - began)
    click.echo(f"{out} has {len(answer.cells):,} cells")


def _check(
    places: tuple[str, ...],
    archive: str | None,
    area: Path | None,
    engine: str,
    scheduler: str | None,
    out: Path,
) -> None:
    """Refuse before anything is imported or counted."""
    if archive is None and len(places) != 1:
        raise InvalidInput("Which incidents?", hint="--place KEY, or --archive DIR.")
    if archive is None and area is not None:
        raise InvalidInput("--area goes with --archive", hint="A place has its own ground.")
    if (engine == "dask") != (scheduler is not None):
        raise InvalidInput(
            "--engine dask and --scheduler ADDRESS go together",
            hint="--engine dask --scheduler tcp://10.0.0.5:8786",
        )
    if engine == "dask" and archive is None:
        raise InvalidInput(
            "A cluster counts archives, not the database",
            hint="Write one by `gridmap incidents export --out DIR`, then give --archive DIR.",
        )
    if out.suffix.lower() not in {*_DRIVERS, ".parquet"}:
        raise InvalidInput(f"{out} has no known ending", hint="Use .geojson, .gpkg or .parquet.")
    if not out.parent.is_dir():
        raise InvalidInput(f"There is no folder {out.parent}")
    try:
        _beside(out).touch()
        _beside(out).unlink()
    except OSError as error:
        raise InvalidInput(
            f"{out} cannot be written: {error.strerror}", hint="Name a file in a folder of yours."
        ) from error


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _open_place(stack: ExitStack, place: str, question: archives.Question) -> archives.Source:
    from gridmap.cli.session import open_database
    from gridmap.services.archives import open_place
    from gridmap.settings import read_settings
    from gridmap.store import database

    url = stack.enter_context(open_database(read_settings(os.environ)))
    engine = database.connect_engine(url)
    stack.callback(engine.dispose)
    return open_place(
        engine,
        place,
        begins=question.begins,
        ends=question.ends,
        categories=question.categories,
        channels=question.channels,
        least_severity=question.least_severity,
    )


def _read_area(path: Path) -> Any:
    """Polygons of a file as one shape in degrees."""
    import geopandas as gpd

    frame = gpd.read_file(path)
    if frame.crs is None:
        raise InvalidInput(f"{path} does not say its CRS", hint="Give a file that says it.")
    ground = frame.to_crs("EPSG:4326").union_all()
    if not ground.area:
        raise InvalidInput(f"{path} has no polygon")
    return ground


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.stem}.being-written{out.suffix}")


def _write(cells: gpd.GeoDataFrame, out: Path) -> None:
    """Write beside the file and put it in place when it is complete."""
    making = _beside(out)
    try:
        if out.suffix.lower() == ".parquet":
            cells.to_parquet(making, write_covering_bbox=True, schema_version="1.1.0")
        else:
            driver = _DRIVERS[out.suffix.lower()]
            cells.to_file(making, driver=driver, layer="hotspots", engine="pyogrio")
        making.replace(out)
    finally:
        making.unlink(missing_ok=True)


def _show(done: int, batches: int) -> None:
    click.echo(f"\rcounted {done} of {batches} batches", err=True, nl=done == batches)


def _report(answer: archives.Answer, rows: int, engine: str, seconds: float) -> None:
    click.echo(
        f"{answer.incidents:,} incidents (of {rows:,}) from {answer.begins} to {answer.ends}, "
        f"{answer.steps} months, cells of {answer.size_m:g} m"
    )
    found = ", ".join(f"{number:,} {name}" for name, number in answer.found.items())
    click.echo(f"{answer.method}, test: {answer.test}; {found or 'nothing is tested'}")
    click.echo(f"engine {engine}, {seconds:.1f} s")
