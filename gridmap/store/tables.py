"""The whole schema in one picture.

Every geometry is longitude–latitude in EPSG:4326 (CGCS2000 is equal at this accuracy). What a tile
draws has a stored web-mercator twin `mercator`, because transforming it in every tile costs more
than drawing it; it has no index of its own: tiles look up the bounding box in `geom`.

A plan does not store polygons that could disagree with each other. It stores *atoms*, the faces of
one exact arrangement, and one link from each atom to the grid of the lowest level that it belongs
to; grids link to their parents. A grid's own polygon is derived from its atoms.
"""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import (
    ARRAY,
    DATERANGE,
    JSONB,
    TSTZRANGE,
    ExcludeConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PLAN_STATES = ("draft", "in review", "published", "superseded")
# `unassigned` holds what a draft has given to nobody yet; no plan is published with it.
GRID_KINDS = ("comprehensive", "special", "unassigned")
INCIDENT_STATES = (
    "reported",
    "accepted",
    "dispatched",
    "in progress",
    "resolved",
    "verified",
    "closed",
    "rejected",
)
CHANNELS = ("patrol", "hotline", "resident", "courier", "walk-in")


def _identity() -> Column[int]:
    return Column("id", BigInteger, Identity(), primary_key=True)


def _geometry(kind: str, *, nullable: bool = False) -> Column[object]:
    return Column("geom", Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def _mercator() -> Column[object]:
    return Column(
        "mercator",
        Geometry("GEOMETRY", srid=3857, spatial_index=False),
        Computed("st_transform(geom, 3857)", persisted=True),
    )


def _square() -> Column[object]:
    # Which of the 2^20 × 2^20 squares of the web-mercator world the middle lies in: row << 20 |
    # column, from the north-west. Tiles of low zooms count by it without touching geometry.
    return Column("square", BigInteger, Computed("web_square(geom)", persisted=True))


def _counted(table: str, beside: str) -> Index:
    # Low zooms read this index alone, not the rows.
    return Index(f"ix_{table}_square", "square", postgresql_include=[beside])


def _place(*, nullable: bool = True) -> Column[str]:
    return Column("place", Text, ForeignKey("place.key", ondelete="CASCADE"), nullable=nullable)


def _properties() -> Column[object]:
    return Column("properties", JSONB, nullable=False, server_default=text("'{}'::jsonb"))


def _updated_at() -> Column[object]:
    return Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now())


def _gist(table: str, column: str = "geom") -> Index:
    return Index(f"ix_{table}_{column}", column, postgresql_using="gist")


def _name_search(table: str) -> Index:
    return Index(
        f"ix_{table}_search",
        text("gridmap_grams(gridmap_fold(name), gridmap_fold(name_en))"),
        postgresql_using="gin",
        postgresql_where=text("name IS NOT NULL OR name_en IS NOT NULL"),
    )


def _code_search(table: str) -> Index:
    return Index(
        f"ix_{table}_code_search",
        func.lower(text("code")).label("folded"),
        postgresql_ops={"folded": "text_pattern_ops"},
        postgresql_where=text("code IS NOT NULL"),
    )


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


# --- Where: places, territories, the base of the map ------------------------------------------

place = Table(
    "place",
    metadata,
    Column("key", Text, primary_key=True),
    Column("code", Text),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    # Central meridian of the place's Gauss–Krüger zone: all metres are measured in it.
    Column("meridian", SmallInteger, nullable=False),
    Column("time_zone", Text, nullable=False, server_default="Asia/Shanghai"),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    _properties(),
)

territory = Table(
    "territory",
    metadata,
    _identity(),
    _place(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("kind", Text, nullable=False),
    Column("parent", Text),
    Column("valid", DATERANGE, nullable=False, server_default=text("'[,)'::daterange")),
    _properties(),
    _updated_at(),
    _geometry("MULTIPOLYGON"),
    _mercator(),
    _one_of("kind", ("county", "street", "town", "community", "village")),
    # A code changes with time: no two territories have one code on one day.
    ExcludeConstraint(("code", "="), ("valid", "&&"), name="ex_territory_code_valid", using="gist"),
    _gist("territory"),
    _name_search("territory"),
    _code_search("territory"),
    Index("ix_territory_place_id", "place", "id"),
)

street = Table(
    "street",
    metadata,
    _identity(),
    _place(),
    Column("name", Text),
    Column("name_en", Text),
    Column("kind", Text, nullable=False, server_default="street"),
    Column("width_m", Double),
    _properties(),
    _updated_at(),
    _geometry("MULTILINESTRING"),
    _mercator(),
    _one_of("kind", ("motorway", "arterial", "street", "lane", "path", "railway")),
    _gist("street"),
    _name_search("street"),
    Index("ix_street_place_id", "place", "id"),
)

water = Table(
    "water",
    metadata,
    _identity(),
    _place(),
    Column("name", Text),
    Column("name_en", Text),
    Column("kind", Text, nullable=False, server_default="water"),
    _properties(),
    _updated_at(),
    _geometry("GEOMETRY"),
    _mercator(),
    CheckConstraint(
        "geometrytype(geom) IN ('POLYGON', 'MULTIPOLYGON', 'LINESTRING', 'MULTILINESTRING')",
        name="area_or_line",
    ),
    _gist("water"),
    Index("ix_water_place_id", "place", "id"),
)

land_use = Table(
    "land_use",
    metadata,
    _identity(),
    _place(),
    Column("name", Text),
    Column("name_en", Text),
    Column("kind", Text, nullable=False),
    _properties(),
    _updated_at(),
    _geometry("MULTIPOLYGON"),
    _mercator(),
    _gist("land_use"),
    Index("ix_land_use_place_id", "place", "id"),
)

# --- Who lives there: buildings and units; counts only, no names --------------------------------

building = Table(
    "building",
    metadata,
    _identity(),
    _place(),
    Column("code", Text),
    Column("name", Text),
    Column("name_en", Text),
    Column("address", Text),
    Column("usage", Text, nullable=False, server_default="residential"),
    Column("floors", Integer),
    Column("height_m", Double),
    Column("units", Integer, nullable=False, server_default="0"),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("residents", Integer, nullable=False, server_default="0"),
    Column("dossiers", Integer, nullable=False, server_default="0"),
    _properties(),
    _updated_at(),
    _geometry("MULTIPOLYGON"),
    _mercator(),
    _square(),
    CheckConstraint(
        "floors >= 0 AND units >= 0 AND households >= 0 AND residents >= 0 AND dossiers >= 0",
        name="counts",
    ),
    _gist("building"),
    _counted("building", "households"),
    _name_search("building"),
    _code_search("building"),
    Index("ix_building_place_id", "place", "id"),
    Index("ix_building_code", "code"),
)

# A numbered stair of a building; it has no geometry of its own.
unit = Table(
    "unit",
    metadata,
    _identity(),
    Column(
        "building_id", BigInteger, ForeignKey("building.id", ondelete="CASCADE"), nullable=False
    ),
    Column("number", SmallInteger, nullable=False),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("residents", Integer, nullable=False, server_default="0"),
    Column("dossiers", Integer, nullable=False, server_default="0"),
    UniqueConstraint("building_id", "number"),
)

resource_point = Table(
    "resource_point",
    metadata,
    _identity(),
    _place(),
    Column("code", Text),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("category", Text, nullable=False),
    Column("serves", Text),  # the level of area that it serves: street, community, grid, building
    Column("opening_hours", Text),
    Column("services", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("capacity", Integer),
    Column("organisation", Text),
    _properties(),
    _updated_at(),
    _geometry("POINT"),
    _mercator(),
    _square(),
    _gist("resource_point"),
    _counted("resource_point", "id"),
    _name_search("resource_point"),
    _code_search("resource_point"),
    Index("ix_resource_point_place_id", "place", "id"),
)

# --- How it is cut: networks, plans, atoms, grids -----------------------------------------------

network = Table(
    "network",
    metadata,
    _identity(),
    _place(nullable=False),
    Column(
        "territory_id", BigInteger, ForeignKey("territory.id", ondelete="CASCADE"), nullable=False
    ),
    Column("key", Text, nullable=False),  # governance, party, service, police, or one's own
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("authoritative", Boolean, nullable=False, server_default=text("false")),
    # [{"level": 2, "name": "网格", "name_en": "grid"}, …]: the level tree is data, not code.
    Column("levels", JSONB, nullable=False),
    # The size profile of the lowest level of base grids, in households.
    Column("households_min", Integer),
    Column("households_max", Integer),
    UniqueConstraint("territory_id", "key"),
)
Index(
    "uq_network_authoritative",
    network.c.territory_id,
    unique=True,
    postgresql_where=network.c.authoritative,
)

plan = Table(
    "plan",
    metadata,
    _identity(),
    Column("network_id", BigInteger, ForeignKey("network.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("valid", DATERANGE),  # empty for what was never published
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("based_on", BigInteger, ForeignKey("plan.id", ondelete="SET NULL")),
    Column("author", Text, nullable=False),
    Column("reviewer", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("published_at", DateTime(timezone=True)),
    # Hash of the outline and of the atoms, and what the proof found, at publishing.
    Column("certificate", JSONB),
    _one_of("state", PLAN_STATES),
    CheckConstraint("reviewer <> author", name="reviewer_is_another"),
    CheckConstraint(
        "(state IN ('published', 'superseded')) = (valid IS NOT NULL)", name="published_has_period"
    ),
    ExcludeConstraint(
        ("network_id", "="),
        ("valid", "&&"),
        name="ex_plan_one_per_network_and_day",
        using="gist",
        where=text("state IN ('published', 'superseded')"),
    ),
)

# Immutable: an edit makes new atoms and links, and leaves the old ones to the plans that use them.
atom = Table(
    "atom",
    metadata,
    _identity(),
    Column(
        "territory_id", BigInteger, ForeignKey("territory.id", ondelete="CASCADE"), nullable=False
    ),
    # The atom that edits have cut it from, itself where empty: a number only, the row may be gone.
    Column("root", BigInteger),
    _geometry("POLYGON"),
    _gist("atom"),
    Index("ix_atom_territory_id", "territory_id"),
)

grid = Table(
    "grid",
    metadata,
    _identity(),
    Column("plan_id", BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    _place(nullable=False),
    Column("network", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("lowest", Boolean, nullable=False),  # atoms link to grids of the lowest level only
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("kind", Text, nullable=False, server_default="comprehensive"),
    Column("parent_id", BigInteger),
    Column("parent", Text),  # code of the parent, or of the territory
    Column("locked", Boolean, nullable=False, server_default=text("false")),
    # The plan's period, copied here when it is published: the hot paths ask for nothing else.
    Column("valid", DATERANGE),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("residents", Integer, nullable=False, server_default="0"),
    Column("buildings", Integer, nullable=False, server_default="0"),
    Column("dossiers", Integer, nullable=False, server_default="0"),
    Column("area_m2", Double, nullable=False, server_default="0"),
    _properties(),
    _updated_at(),
    _geometry("MULTIPOLYGON", nullable=True),
    _mercator(),
    _one_of("kind", GRID_KINDS),
    UniqueConstraint("plan_id", "level", "code"),
    UniqueConstraint("plan_id", "id"),
    ForeignKeyConstraint(
        ["plan_id", "parent_id"],
        ["grid.plan_id", "grid.id"],
        deferrable=True,
        initially="DEFERRED",
    ),
    _gist("grid"),
    _name_search("grid"),
    _code_search("grid"),
    Index("ix_grid_place_id", "place", "id"),
    Index("ix_grid_parent_id", "parent_id"),
)

plan_atom = Table(
    "plan_atom",
    metadata,
    Column("plan_id", BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("atom_id", BigInteger, ForeignKey("atom.id"), primary_key=True),
    Column("grid_id", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["plan_id", "grid_id"],
        ["grid.plan_id", "grid.id"],
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    ),
    Index("ix_plan_atom_grid_id", "grid_id"),
    Index("ix_plan_atom_atom_id", "atom_id"),
)

# What a transaction links, unlinks and redraws. At COMMIT a deferred trigger proves with it that
# each plan covers its territory and each grid is the union of what belongs to it, then clears it.
plan_change = Table(
    "plan_change",
    metadata,
    _identity(),
    Column("plan_id", BigInteger, nullable=False),
    Column("xact", BigInteger, nullable=False),
    Column("atom_id", BigInteger),
    Column("grid_id", BigInteger),
    Column("sign", SmallInteger, nullable=False),
    Index("ix_plan_change_plan_id_xact", "plan_id", "xact"),
)

plan_proof = Table(
    "plan_proof",
    metadata,
    Column("plan_id", BigInteger, primary_key=True),
    Column("xact", BigInteger, primary_key=True),
)

# The edit log: each row holds the change and its inverse, so undo is without a limit.
plan_edit = Table(
    "plan_edit",
    metadata,
    Column("plan_id", BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("change", JSONB, nullable=False),
    Column("inverse", JSONB, nullable=False),
    Column("undoes", Integer),
)

plan_comment = Table(
    "plan_comment",
    metadata,
    _identity(),
    Column("plan_id", BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("body", Text, nullable=False),
    Column("resolved", Boolean, nullable=False, server_default=text("false")),
    Column("resolved_by", Text),
    _geometry("POINT", nullable=True),
    Index("ix_plan_comment_plan_id", "plan_id"),
)

lineage = Table(
    "lineage",
    metadata,
    Column("old_grid_id", BigInteger, ForeignKey("grid.id", ondelete="CASCADE"), primary_key=True),
    Column("new_grid_id", BigInteger, ForeignKey("grid.id", ondelete="CASCADE"), primary_key=True),
    # What of the old grid went into the new one.
    Column("households", Integer, nullable=False),
    Column("residents", Integer, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("share", Double, nullable=False),  # of the old grid's households, or of its area if none
    CheckConstraint("share >= 0 AND share <= 1", name="share"),
    Index("ix_lineage_new_grid_id", "new_grid_id"),
)

# --- Who looks after it: roles, templates, staff, assignments -----------------------------------

role = Table(
    "role",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False, server_default="0"),  # who answers first
)

staff = Table(
    "staff",
    metadata,
    _identity(),
    _place(nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),  # the first is the main one
    Column("skills", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("teams", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("employer", Text),
    Column("capacity", Integer, nullable=False, server_default="1"),
    Column("absent", TSTZRANGE),
    _properties(),
    _updated_at(),
    _geometry("POINT", nullable=True),  # home: personal data, never in a public layer
    UniqueConstraint("place", "code"),
    _gist("staff"),
)

template = Table(
    "template",
    metadata,
    _identity(),
    _place(),
    Column("key", Text, nullable=False),  # "1+1+N", "1+X", …
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    # The areas that are complete or not: each takes in the posts of all levels that lie in it. An
    # empty network is the authoritative one; without a level it is the highest one asked for.
    Column("area_network", Text, nullable=False, server_default=""),
    Column("area_level", Text),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("place", "key", postgresql_nulls_not_distinct=True),
)

template_role = Table(
    "template_role",
    metadata,
    Column(
        "template_id", BigInteger, ForeignKey("template.id", ondelete="CASCADE"), primary_key=True
    ),
    Column(
        "level", Text, primary_key=True
    ),  # a grid level, "building", "unit", "street" or "point"
    Column("role", Text, ForeignKey("role.key"), primary_key=True),
    # Of a grid level: key of its network; empty for the authoritative one.
    Column("network", Text, primary_key=True, server_default=""),
    Column("minimum", Integer, nullable=False),
    Column("maximum", Integer),
    Column("several_areas", Boolean, nullable=False, server_default=text("false")),
    Column("full_time", Boolean, nullable=False, server_default=text("false")),
    # Only for buildings and units of so many households, and for things of these kinds
    # (categories of points, usages of buildings); all kinds where none is named.
    Column("least_households", Integer, nullable=False, server_default="1"),
    Column("kinds", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    # Skills or languages that whoever holds the post must have.
    Column("skills", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    CheckConstraint("minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)", name="counts"),
)

# A household that somebody is paired with (结对): a number at a building, without a name.
household_point = Table(
    "household_point",
    metadata,
    _identity(),
    _place(nullable=False),
    Column("code", Text, nullable=False),
    Column(
        "building_id", BigInteger, ForeignKey("building.id", ondelete="CASCADE"), nullable=False
    ),
    UniqueConstraint("place", "code"),
    Index("ix_household_point_building_id", "building_id"),
)

assignment = Table(
    "assignment",
    metadata,
    _identity(),
    Column("staff_id", BigInteger, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("role", Text, ForeignKey("role.key"), nullable=False),
    Column("grid_id", BigInteger, ForeignKey("grid.id")),
    Column("building_id", BigInteger, ForeignKey("building.id")),
    Column("unit_id", BigInteger, ForeignKey("unit.id")),
    Column("street_id", BigInteger, ForeignKey("street.id")),
    Column("resource_point_id", BigInteger, ForeignKey("resource_point.id")),
    Column("household_point_id", BigInteger, ForeignKey("household_point.id")),
    Column("link", Text, nullable=False, server_default="duty"),
    Column("full_time", Boolean, nullable=False, server_default=text("false")),
    Column("locked", Boolean, nullable=False, server_default=text("false")),
    Column("period", TSTZRANGE, nullable=False, server_default=text("tstzrange(now(), NULL)")),
    CheckConstraint(
        "num_nonnulls(grid_id, building_id, unit_id, street_id, resource_point_id,"
        " household_point_id) = 1",
        name="one_target",
    ),
    _one_of("link", ("duty", "home", "resident", "working", "mobile", "pair")),
    # One full-time worker, one post at a time: two writers cannot both win.
    ExcludeConstraint(
        ("staff_id", "="),
        ("period", "&&"),
        name="ex_assignment_no_double_post",
        using="gist",
        where=text("full_time"),
    ),
    Index("ix_assignment_staff_id", "staff_id"),
    Index("ix_assignment_grid_id", "grid_id"),
    Index("ix_assignment_building_id", "building_id"),
    Index("ix_assignment_unit_id", "unit_id"),
    Index("ix_assignment_street_id", "street_id"),
    Index("ix_assignment_resource_point_id", "resource_point_id"),
    Index("ix_assignment_household_point_id", "household_point_id"),
)

# --- What they do together: events of one day, patrols by the week -------------------------------

event = Table(
    "event",
    metadata,
    _identity(),
    _place(nullable=False),
    Column("day", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    _updated_at(),
    UniqueConstraint("place", "day", "name"),
    UniqueConstraint("id", "place", "day"),
)

event_team = Table(
    "event_team",
    metadata,
    Column("event_id", BigInteger, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("grid_id", BigInteger, ForeignKey("grid.id"), nullable=False),
    ForeignKeyConstraint(
        ["event_id", "place", "day"],
        ["event.id", "event.place", "event.day"],
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    # Teams go to different grids. Checked at the end of a statement, so that two can change places.
    UniqueConstraint(
        "event_id", "grid_id", name="uq_event_team_grid", deferrable=True, initially="IMMEDIATE"
    ),
    # A team is in one event a day.
    UniqueConstraint("place", "day", "team", name="uq_event_team_day"),
    Index("ix_event_team_grid_id", "grid_id"),
)

rota = Table(
    "rota",
    metadata,
    _identity(),
    _place(nullable=False),
    Column("name", Text, nullable=False),
    Column("begins", Date, nullable=False),  # the Monday of its first week
    Column("until", Date),  # the first day after it
    Column("weeks", SmallInteger, nullable=False),  # after so many weeks it begins again
    Column("from_time", Time, nullable=False),
    Column("to_time", Time, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    _updated_at(),
    UniqueConstraint("place", "name"),
    CheckConstraint("extract(isodow FROM begins) = 1", name="begins_on_monday"),
    CheckConstraint("until > begins", name="period"),
    CheckConstraint("weeks BETWEEN 1 AND 52", name="weeks"),
    CheckConstraint("to_time > from_time", name="hours"),
)

rota_turn = Table(
    "rota_turn",
    metadata,
    Column("rota_id", BigInteger, ForeignKey("rota.id", ondelete="CASCADE"), primary_key=True),
    Column("week", SmallInteger, primary_key=True),  # of the cycle, from 0
    Column("weekday", SmallInteger, primary_key=True),  # 1 is Monday
    Column("team", Text, primary_key=True),
    CheckConstraint("week BETWEEN 0 AND 51", name="week"),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
)

# On one day another team stands in.
rota_swap = Table(
    "rota_swap",
    metadata,
    Column("rota_id", BigInteger, ForeignKey("rota.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("instead", Text, nullable=False),
    CheckConstraint("instead <> team", name="another"),
    UniqueConstraint("rota_id", "day", "instead"),
)

# --- What happens: incidents and their way ------------------------------------------------------

# Partitioned by month of `reported_at`; `store.incidents` makes the months that are written.
incident = Table(
    "incident",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("reported_at", DateTime(timezone=True), primary_key=True),
    _place(),
    Column("code", Text),
    Column("category", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False, server_default="2"),
    Column("channel", Text, nullable=False, server_default="patrol"),
    Column("state", Text, nullable=False, server_default="reported"),
    Column("title", Text),
    Column("description", Text),
    Column("due_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    _properties(),
    _updated_at(),
    _geometry("POINT"),
    _mercator(),
    _square(),
    CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
    _one_of("channel", CHANNELS),
    _one_of("state", INCIDENT_STATES),
    _gist("incident"),
    _counted("incident", "id"),
    _code_search("incident"),
    Index("ix_incident_place_id", "place", "id"),
    Index("ix_incident_reported_at", "reported_at"),
    postgresql_partition_by="RANGE (reported_at)",
)

dispatch_event = Table(
    "dispatch_event",
    metadata,
    _identity(),
    Column("incident_id", BigInteger, nullable=False),
    Column("incident_reported_at", DateTime(timezone=True), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("actor", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("staff_id", BigInteger, ForeignKey("staff.id", ondelete="SET NULL")),
    Column("due_at", DateTime(timezone=True)),
    Column("reason", Text),
    ForeignKeyConstraint(
        ["incident_id", "incident_reported_at"],
        ["incident.id", "incident.reported_at"],
        ondelete="CASCADE",
    ),
    _one_of("state", INCIDENT_STATES),
    Index("ix_dispatch_event_incident_id", "incident_id"),
)

# --- What was done: imports, audit, revisions ---------------------------------------------------

import_run = Table(
    "import_run",
    metadata,
    _identity(),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("actor", Text, nullable=False),
    Column("layer", Text, nullable=False),
    _place(),
    Column("source", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("repaired", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("report", JSONB, nullable=False),
)

# Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE.
audit = Table(
    "audit",
    metadata,
    _identity(),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("noun", Text, nullable=False),
    Column("noun_id", Text),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Index("ix_audit_at", "at"),
)

# A statement trigger on each table of a layer leaves a row here, once a transaction; at COMMIT a
# deferred trigger turns it into one step of `layer_revision`. So writers of one layer wait for each
# other only while they commit, and nobody sees a revision before the rows that it stands for.
layer_change = Table(
    "layer_change",
    metadata,
    Column("source", Text, primary_key=True),
    Column("xact", BigInteger, primary_key=True),
)

# The version in tile URLs and ETags. `source` is the name of a table above.
layer_revision = Table(
    "layer_revision",
    metadata,
    Column("source", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="1"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# The tables behind the layers that are served.
LAYER_TABLES = (
    "territory",
    "street",
    "water",
    "land_use",
    "building",
    "resource_point",
    "grid",
    "incident",
)
