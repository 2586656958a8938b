"""`gridmap`: the groups of commands, each imported when it is asked for."""

from __future__ import annotations

import importlib
import sys

import click

from gridmap import errors

# name of the command → (module, one line of help); the module has an attribute `command`.
COMMANDS = {
    "db": ("gridmap.cli.db", "Start, stop, upgrade, back up and restore the database."),
    "demo": ("gridmap.cli.demo", "Load the five places; generate them again."),
    "hotspots": ("gridmap.cli.hotspots", "Find where incidents pile up more than chance."),
    "import": ("gridmap.cli.imports", "Load a file into a layer."),
    "incidents": ("gridmap.cli.incidents", "Write incidents as GeoParquet archives."),
    "map": ("gridmap.cli.map", "Write a place as a folium map, one HTML file."),
    "plan": ("gridmap.cli.plan", "Make, list, check, review and publish plans."),
    "partition": ("gridmap.cli.partition", "Cut the atoms of a file into grids."),
    "staff": ("gridmap.cli.staff", "Show vacancies, and propose the best staffing."),
    "serve": ("gridmap.cli.serve", "Serve tiles, features and the page."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, without an import."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gridmap")
def gridmap() -> None:
    """The map under grid-based community governance (网格化治理)."""


def main() -> None:
    """Run, and turn an error of the domain into a message and exit status 1."""
    try:
        gridmap(prog_name="gridmap")
    except errors.GridmapError as error:
        click.echo(f"gridmap: {error.message}", err=True)
        for fault in error.faults:
            where = ", ".join(
                f"{key} {value}" for key, value in fault.as_dict().items() if key != "reason"
            )
            click.echo(f"  {where}: {fault.reason}" if where else f"  {fault.reason}", err=True)
        if error.hint:
            click.echo(error.hint, err=True)
        sys.exit(1)
