"""`gridmap db`: the life of the database."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from gridmap.errors import InvalidInput
from gridmap.settings import Settings, read_settings

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Start, stop, upgrade, back up and restore the database.

    Without GRIDMAP_DATABASE_URL it is a private PostGIS in the data folder.
    """


@command.command()
@_AS_JSON
def status(as_json: bool) -> None:  # noqa: FBT001
    """Say what the database does, without starting it."""
    settings = read_settings(os.environ)
    _tell(_status(settings), as_json=as_json)


@command.command()
@_AS_JSON
def start(as_json: bool) -> None:  # noqa: FBT001
    """Start the embedded database and keep it until `gridmap db stop`."""
    from gridmap.cli.session import open_database
    from gridmap.store import embedded

    settings = _embedded_only("start")
    embedded.start(settings.data_dir)
    with open_database(settings):
        pass
    _tell(_status(settings), as_json=as_json)


@command.command()
@click.option("--force", is_flag=True, help="Stop it although other processes use it.")
def stop(force: bool) -> None:  # noqa: FBT001
    """Stop the embedded database."""
    from gridmap.store import embedded

    settings = _embedded_only("stop")
    was_running = embedded.stop(settings.data_dir, force=force)
    click.echo("The database is stopped." if was_running else "The database was not running.")


@command.command()
@_AS_JSON
def upgrade(as_json: bool) -> None:  # noqa: FBT001
    """Bring the schema to the newest revision; nothing happens if it is."""
    from gridmap.cli.session import open_database
    from gridmap.store import database

    with open_database(read_settings(os.environ)):
        _tell({"revision": database.newest()}, as_json=as_json)


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_AS_JSON
def backup(file: Path, as_json: bool) -> None:  # noqa: FBT001
    """Write the whole database into FILE while others go on."""
    from gridmap.cli.session import open_database
    from gridmap.store import backup as backups

    with open_database(read_settings(os.environ)) as url:
        made = backups.backup(url, file)
    _tell({"file": str(made.file), "bytes": made.size, "revision": made.revision}, as_json=as_json)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up the rows that are there.")
@_AS_JSON
def restore(file: Path, replace: bool, as_json: bool) -> None:  # noqa: FBT001
    """Put the backup FILE into the database: all of it or nothing."""
    from gridmap.cli.session import open_database
    from gridmap.store import backup as backups
    from gridmap.store import database

    with open_database(read_settings(os.environ)) as url:
        made = backups.restore(url, file, replace=replace)
    _tell(
        {
            "file": str(made.file),
            "bytes": made.size,
            "revision of the file": made.revision,
            "revision": database.newest(),
        },
        as_json=as_json,
    )


def _embedded_only(verb: str) -> Settings:
    settings = read_settings(os.environ)
    if settings.database_url:
        raise InvalidInput(
            f"GRIDMAP_DATABASE_URL is set: gridmap does not {verb} the server of somebody else",
            hint="Unset it for the embedded database.",
        )
    return settings


def _status(settings: Settings) -> dict[str, Any]:
    from gridmap.store import database, embedded

    if settings.database_url:
        facts = database.describe(settings.database_url)
        return {"kind": "server", "running": True, **facts, "newest revision": database.newest()}
    found = embedded.status(settings.data_dir)
    told: dict[str, Any] = {
        "kind": "embedded",
        "running": found.is_running,
        "kept": found.is_kept,
        "data folder": str(found.data_dir),
    }
    if found.version:
        told["version of the data"] = found.version
    if found.url:
        told |= {"process": found.pid, "users": list(found.users), "url": found.url}
        told |= database.describe(found.url)
    return {**told, "newest revision": database.newest()}


def _tell(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        named = {name.replace(" ", "_"): value for name, value in facts.items()}
        click.echo(json.dumps(named, ensure_ascii=False))
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        click.echo(f"{name:<{width}}  {_shown(value)}")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
