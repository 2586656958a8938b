"""Templates over several networks, pairs with households, events of teams and weekly rotas."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BEFORE = "num_nonnulls(grid_id, building_id, unit_id, street_id, resource_point_id) = 1"
_AFTER = (
    "num_nonnulls(grid_id, building_id, unit_id, street_id, resource_point_id,"
    " household_point_id) = 1"
)


def upgrade() -> None:
    op.add_column(
        "template", sa.Column("area_network", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("template", sa.Column("area_level", sa.Text()))
    op.add_column(
        "template", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column(
        "template_role", sa.Column("network", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "template_role",
        sa.Column("least_households", sa.Integer(), server_default="1", nullable=False),
    )
    op.add_column(
        "template_role",
        sa.Column(
            "kinds",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
    )
    _rekey("template_id, level, role, network")
    op.create_table(
        "household_point",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_point")),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_household_point_place"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_household_point_building_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("place", "code", name=op.f("uq_household_point_place_code")),
    )
    op.create_index("ix_household_point_building_id", "household_point", ["building_id"])
    op.add_column("assignment", sa.Column("household_point_id", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_assignment_household_point_id"),
        "assignment",
        "household_point",
        ["household_point_id"],
        ["id"],
    )
    op.create_index("ix_assignment_household_point_id", "assignment", ["household_point_id"])
    op.drop_constraint(op.f("ck_assignment_one_target"), "assignment")
    op.create_check_constraint(op.f("ck_assignment_one_target"), "assignment", _AFTER)
    _make_events()
    _make_rotas()


def _make_events() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        _updated_at(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_event_place"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("place", "day", "name", name=op.f("uq_event_place_day_name")),
        sa.UniqueConstraint("id", "place", "day", name=op.f("uq_event_id_place_day")),
    )
    op.create_table(
        "event_team",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "team", name=op.f("pk_event_team")),
        sa.ForeignKeyConstraint(
            ["event_id", "place", "day"],
            ["event.id", "event.place", "event.day"],
            name=op.f("fk_event_team_event_id_place_day"),
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_event_team_grid_id")),
        sa.UniqueConstraint(
            "event_id",
            "grid_id",
            name="uq_event_team_grid",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        sa.UniqueConstraint("place", "day", "team", name="uq_event_team_day"),
    )
    op.create_index("ix_event_team_grid_id", "event_team", ["grid_id"])


def _make_rotas() -> None:
    op.create_table(
        "rota",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("weeks", sa.SmallInteger(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("to_time", sa.Time(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        _updated_at(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota")),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_rota_place"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("place", "name", name=op.f("uq_rota_place_name")),
        sa.CheckConstraint(
            "extract(isodow FROM begins) = 1", name=op.f("ck_rota_begins_on_monday")
        ),
        sa.CheckConstraint("until > begins", name=op.f("ck_rota_period")),
        sa.CheckConstraint("weeks BETWEEN 1 AND 52", name=op.f("ck_rota_weeks")),
        sa.CheckConstraint("to_time > from_time", name=op.f("ck_rota_hours")),
    )
    op.create_table(
        "rota_turn",
        sa.Column("rota_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.SmallInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rota_id", "week", "weekday", "team", name=op.f("pk_rota_turn")),
        sa.ForeignKeyConstraint(
            ["rota_id"], ["rota.id"], name=op.f("fk_rota_turn_rota_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "week BETWEEN 0 AND 51 AND weekday BETWEEN 1 AND 7", name=op.f("ck_rota_turn_day")
        ),
    )
    op.create_table(
        "rota_swap",
        sa.Column("rota_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rota_id", "day", "team", name=op.f("pk_rota_swap")),
        sa.ForeignKeyConstraint(
            ["rota_id"], ["rota.id"], name=op.f("fk_rota_swap_rota_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("instead <> team", name=op.f("ck_rota_swap_another")),
        sa.UniqueConstraint(
            "rota_id", "day", "instead", name=op.f("uq_rota_swap_rota_id_day_instead")
        ),
    )


def _updated_at() -> sa.Column[object]:
    return sa.Column(
        "updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _rekey(columns: str) -> None:
    op.execute(
        "ALTER TABLE template_role DROP CONSTRAINT pk_template_role,"
        f" ADD CONSTRAINT pk_template_role PRIMARY KEY ({columns})"
    )


def downgrade() -> None:
    for table in ("rota_swap", "rota_turn", "rota", "event_team", "event"):
        op.drop_table(table)
    # What the older schema cannot say goes.
    op.execute("DELETE FROM assignment WHERE household_point_id IS NOT NULL")
    op.drop_constraint(op.f("ck_assignment_one_target"), "assignment")
    op.create_check_constraint(op.f("ck_assignment_one_target"), "assignment", _BEFORE)
    op.drop_column("assignment", "household_point_id")
    op.drop_table("household_point")
    op.execute(
        "DELETE FROM template_role a USING template_role b WHERE a.template_id = b.template_id"
        " AND a.level = b.level AND a.role = b.role AND a.network > b.network"
    )
    _rekey("template_id, level, role")
    for column in ("kinds", "least_households", "network"):
        op.drop_column("template_role", column)
    for column in ("revision", "area_level", "area_network"):
        op.drop_column("template", column)
