"""`gridmap staff`: vacancies and proposals on the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gridmap.store.database import Engine


@click.group("staff")
def command() -> None:
    """Show vacancies, and propose the best staffing of a place."""


@contextmanager
def _engine() -> Iterator[Engine]:
    from gridmap.cli.session import open_database
    from gridmap.settings import read_settings
    from gridmap.store.database import connect_engine

    with open_database(read_settings(os.environ)) as url:
        engine = connect_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


@command.command("vacancies")
@click.option("--place", required=True, metavar="KEY")
@click.option("--json", "as_json", is_flag=True, help="The machine's form.")
def vacancies(place: str, *, as_json: bool) -> None:
    """Compare what the templates of a place ask for with who holds it."""
    from gridmap.services import staffing

    with _engine() as engine:
        found = staffing.completeness(engine, place, at=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for template in found["templates"]:
        click.echo(template["sentence_en"])
        for level in template["levels"]:
            click.echo(
                f"{template['key']}  level {level['level']}: "
                f"{level['complete']} of {level['targets']} complete"
            )
    for item in found["vacancies"]:
        skills = f", with {', '.join(item['skills'])}" if item["skills"] else ""
        click.echo(
            f"missing {item['missing']} {item['role']}: {item['name']} ({item['code']}){skills}"
        )
    for word, which in (("absent", "away"), ("without the skills", "unskilled")):
        for item in found[which]:
            click.echo(f"{word}: {item['staff_name']}, {item['role']} of {item['name']}")


def _split(demand: str) -> tuple[str, str]:
    role, equals, skill = demand.partition("=")
    if not (role and equals and skill):
        raise click.BadParameter(f"{demand!r} is not ROLE=SKILL", param_hint="--skill")
    return role, skill


@command.command("propose")
@click.option("--place", required=True, metavar="KEY")
@click.option("--max-walk", default=2000, show_default=True, help="Metres.")
@click.option("--level", type=int, metavar="HOUSEHOLDS", help="Even out load above so many.")
@click.option(
    "--skill", "demands", multiple=True, metavar="ROLE=SKILL", help="Posts of a role demand it."
)
@click.option("--json", "as_json", is_flag=True, help="The machine's form.")
def propose(
    place: str, max_walk: int, level: int | None, demands: tuple[str, ...], *, as_json: bool
) -> None:
    """Find the best staffing, with its proof; nothing is stored."""
    from gridmap.services import staffing

    with _engine() as engine:
        found = staffing.propose(
            engine,
            place,
            at=datetime.now(UTC),
            options=staffing.Options(
                max_walk_m=max_walk,
                level_households=level,
                demands=tuple(
                    staffing.Demand(role, (skill,))
                    for role, skill in (_split(demand) for demand in demands)
                ),
            ),
        )
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    proof = "proved optimal" if found.cost == found.lower_bound else f"bound {found.lower_bound}"
    click.echo(
        f"{found.posts} posts, {found.kept} keep their person, {len(found.changes)} change, "
        f"{len(found.empty)} stay empty; mean walk {found.mean_walk_m} m "
        f"({found.distance}); {proof}"
    )
    for item in found.changes:
        click.echo(f"{item['role']} of {item['name']}: {item['to_name'] or 'nobody'}")
    if found.overload is not None:
        click.echo(f"households above {level}: {found.overload_before} -> {found.overload}")
    for item in found.empty:
        click.echo(f"empty: {item['role']} of {item['name']}: {item['sentence']}")


@command.command("event")
@click.option("--place", required=True, metavar="KEY")
@click.option("--day", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="2026-12-07")
@click.option("--name", required=True)
@click.option("--team", "teams", multiple=True, help="All free volunteer teams without it.")
def event(place: str, day: datetime, name: str, teams: tuple[str, ...]) -> None:
    """Send teams to different grids on a day, and store it."""
    from gridmap.services.staffing import events

    with _engine() as engine:
        made = events.plan_event(
            engine, place, name=name, day=day.date(), teams=list(teams) or None, actor="cli"
        )
    for item in made["teams"]:
        click.echo(f"{item['team']}: {item['name']} ({item['code']})")


@command.command("on-duty")
@click.option("--place", required=True, metavar="KEY")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Today without it.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366))
def on_duty(place: str, day: datetime | None, days: int) -> None:
    """Show who patrols on a day and on those after it."""
    from gridmap.services.staffing import rotas

    with _engine() as engine:
        found = rotas.on_duty(engine, place, day=day.date() if day else None, days=days)
    if not any(each["shifts"] for each in found["days"]):
        click.echo("Nobody is on duty in these days.")
    for each in found["days"]:
        for shift in each["shifts"]:
            instead = f" for {shift['instead_of']}" if shift["instead_of"] else ""
            click.echo(
                f"{each['day']}  {shift['from_time']:%H:%M}-{shift['to_time']:%H:%M}"
                f"  {shift['team']}{instead}  ({shift['rota']})"
            )
