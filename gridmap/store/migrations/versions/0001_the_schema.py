"""The schema."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("noun_id", sa.Text(), nullable=True),
        sa.Column(
            "detail",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_table(
        "layer_change",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "xact", name=op.f("pk_layer_change")),
    )
    op.create_table(
        "layer_revision",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_layer_revision")),
    )
    op.create_table(
        "place",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("meridian", sa.SmallInteger(), nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="Asia/Shanghai", nullable=False),
        sa.Column("demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_place")),
    )
    op.create_table(
        "role",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_role")),
    )
    op.create_table(
        "building",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("usage", sa.Text(), server_default="residential", nullable=False),
        sa.Column("floors", sa.Integer(), nullable=True),
        sa.Column("height_m", sa.Double(), nullable=True),
        sa.Column("units", sa.Integer(), server_default="0", nullable=False),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("residents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dossiers", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "floors >= 0 AND units >= 0 AND households >= 0 AND residents >= 0 AND dossiers >= 0",
            name=op.f("ck_building_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_building_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
    )
    op.create_index("ix_building_code", "building", ["code"], unique=False)
    op.create_index("ix_building_geom", "building", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_building_place_id", "building", ["place", "id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("repaired", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_import_run_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), server_default="2", nullable=False),
        sa.Column("channel", sa.Text(), server_default="patrol", nullable=False),
        sa.Column("state", sa.Text(), server_default="reported", nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT", srid=4326, dimension=2, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "channel IN ('patrol', 'hotline', 'resident', 'courier', 'walk-in')",
            name=op.f("ck_incident_channel"),
        ),
        sa.CheckConstraint(
            "state IN ('reported', 'accepted', 'dispatched', 'in progress', 'resolved', 'verified', 'closed', 'rejected')",
            name=op.f("ck_incident_state"),
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_incident_severity")),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_incident_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "reported_at", name=op.f("pk_incident")),
        postgresql_partition_by="RANGE (reported_at)",
    )
    op.create_index("ix_incident_geom", "incident", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_incident_place_id", "incident", ["place", "id"], unique=False)
    op.create_index("ix_incident_reported_at", "incident", ["reported_at"], unique=False)
    op.create_table(
        "land_use",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_land_use_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_land_use")),
    )
    op.create_index("ix_land_use_geom", "land_use", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_land_use_place_id", "land_use", ["place", "id"], unique=False)
    op.create_table(
        "resource_point",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("serves", sa.Text(), nullable=True),
        sa.Column("opening_hours", sa.Text(), nullable=True),
        sa.Column(
            "services",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT", srid=4326, dimension=2, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_resource_point_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_point")),
    )
    op.create_index(
        "ix_resource_point_geom", "resource_point", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_resource_point_place_id", "resource_point", ["place", "id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "skills",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column(
            "teams",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("employer", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("absent", postgresql.TSTZRANGE(), nullable=True),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=4326, dimension=2, spatial_index=False),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_staff_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("place", "code", name=op.f("uq_staff_place_code")),
    )
    op.create_index("ix_staff_geom", "staff", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "street",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="street", nullable=False),
        sa.Column("width_m", sa.Double(), nullable=True),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTILINESTRING",
                srid=4326,
                dimension=2,
                spatial_index=False,
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('motorway', 'arterial', 'street', 'lane', 'path', 'railway')",
            name=op.f("ck_street_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_street_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street")),
    )
    op.create_index("ix_street_geom", "street", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_street_place_id", "street", ["place", "id"], unique=False)
    op.create_table(
        "template",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_template_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint(
            "place", "key", name=op.f("uq_template_place_key"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "territory",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column(
            "valid",
            postgresql.DATERANGE(),
            server_default=sa.text("'[,)'::daterange"),
            nullable=False,
        ),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_territory_code_valid",
        ),
        sa.CheckConstraint(
            "kind IN ('county', 'street', 'town', 'community', 'village')",
            name=op.f("ck_territory_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_territory_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
    )
    op.create_index(
        "ix_territory_geom", "territory", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_territory_place_id", "territory", ["place", "id"], unique=False)
    op.create_table(
        "water",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="water", nullable=False),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(srid=4326, dimension=2, spatial_index=False, nullable=False),
            nullable=False,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "geometrytype(geom) IN ('POLYGON', 'MULTIPOLYGON', 'LINESTRING', 'MULTILINESTRING')",
            name=op.f("ck_water_area_or_line"),
        ),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_water_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water")),
    )
    op.create_index("ix_water_geom", "water", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_water_place_id", "water", ["place", "id"], unique=False)
    op.create_table(
        "atom",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("territory_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POLYGON", srid=4326, dimension=2, spatial_index=False, nullable=False
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territory.id"],
            name=op.f("fk_atom_territory_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_atom")),
    )
    op.create_index("ix_atom_geom", "atom", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_atom_territory_id", "atom", ["territory_id"], unique=False)
    op.create_table(
        "dispatch_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("incident_reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('reported', 'accepted', 'dispatched', 'in progress', 'resolved', 'verified', 'closed', 'rejected')",
            name=op.f("ck_dispatch_event_state"),
        ),
        sa.ForeignKeyConstraint(
            ["incident_id", "incident_reported_at"],
            ["incident.id", "incident.reported_at"],
            name=op.f("fk_dispatch_event_incident_id_incident_reported_at"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_dispatch_event_staff_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_event")),
    )
    op.create_index(
        "ix_dispatch_event_incident_id", "dispatch_event", ["incident_id"], unique=False
    )
    op.create_table(
        "network",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("territory_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("authoritative", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("households_min", sa.Integer(), nullable=True),
        sa.Column("households_max", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_network_place"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territory.id"],
            name=op.f("fk_network_territory_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
        sa.UniqueConstraint("territory_id", "key", name=op.f("uq_network_territory_id_key")),
    )
    op.create_index(
        "uq_network_authoritative",
        "network",
        ["territory_id"],
        unique=True,
        postgresql_where="authoritative",
    )
    op.create_table(
        "template_role",
        sa.Column("template_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("several_areas", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("full_time", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)",
            name=op.f("ck_template_role_counts"),
        ),
        sa.ForeignKeyConstraint(["role"], ["role.key"], name=op.f("fk_template_role_role")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["template.id"],
            name=op.f("fk_template_role_template_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("template_id", "level", "role", name=op.f("pk_template_role")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("residents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dossiers", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_unit_building_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("building_id", "number", name=op.f("uq_unit_building_id_number")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("network_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("based_on", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("network_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("state IN ('published', 'superseded')"),
            using="gist",
            name="ex_plan_one_per_network_and_day",
        ),
        sa.CheckConstraint(
            "(state IN ('published', 'superseded')) = (valid IS NOT NULL)",
            name=op.f("ck_plan_published_has_period"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in review', 'published', 'superseded')", name=op.f("ck_plan_state")
        ),
        sa.CheckConstraint("reviewer <> author", name=op.f("ck_plan_reviewer_is_another")),
        sa.ForeignKeyConstraint(
            ["based_on"], ["plan.id"], name=op.f("fk_plan_based_on"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network.id"], name=op.f("fk_plan_network_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_table(
        "grid",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("lowest", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="comprehensive", nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("locked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=True),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("residents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("buildings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dossiers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("area_m2", sa.Double(), server_default="0", nullable=False),
        sa.Column(
            "properties",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "geom",
            Geometry(geometry_type="MULTIPOLYGON", srid=4326, dimension=2, spatial_index=False),
            nullable=True,
        ),
        sa.Column(
            "mercator",
            Geometry(srid=3857, dimension=2, spatial_index=False),
            sa.Computed("st_transform(geom, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint("kind IN ('comprehensive', 'special')", name=op.f("ck_grid_kind")),
        sa.ForeignKeyConstraint(
            ["place"], ["place.key"], name=op.f("fk_grid_place"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "parent_id"],
            ["grid.plan_id", "grid.id"],
            name=op.f("fk_grid_plan_id_parent_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_grid_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("plan_id", "id", name=op.f("uq_grid_plan_id_id")),
        sa.UniqueConstraint("plan_id", "level", "code", name=op.f("uq_grid_plan_id_level_code")),
    )
    op.create_index("ix_grid_geom", "grid", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_grid_parent_id", "grid", ["parent_id"], unique=False)
    op.create_index("ix_grid_place_id", "grid", ["place", "id"], unique=False)
    op.create_table(
        "plan_comment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("resolved", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=4326, dimension=2, spatial_index=False),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_comment_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_comment")),
    )
    op.create_index("ix_plan_comment_plan_id", "plan_comment", ["plan_id"], unique=False)
    op.create_table(
        "plan_edit",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("change", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inverse", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_edit_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "revision", name=op.f("pk_plan_edit")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=True),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("street_id", sa.BigInteger(), nullable=True),
        sa.Column("resource_point_id", sa.BigInteger(), nullable=True),
        sa.Column("link", sa.Text(), server_default="duty", nullable=False),
        sa.Column("full_time", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("locked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "period",
            postgresql.TSTZRANGE(),
            server_default=sa.text("tstzrange(now(), NULL)"),
            nullable=False,
        ),
        postgresql.ExcludeConstraint(
            (sa.column("staff_id"), "="),
            (sa.column("period"), "&&"),
            where=sa.text("full_time"),
            using="gist",
            name="ex_assignment_no_double_post",
        ),
        sa.CheckConstraint(
            "link IN ('duty', 'home', 'resident', 'working', 'mobile', 'pair')",
            name=op.f("ck_assignment_link"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(grid_id, building_id, unit_id, street_id, resource_point_id) = 1",
            name=op.f("ck_assignment_one_target"),
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_assignment_building_id")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_assignment_grid_id")),
        sa.ForeignKeyConstraint(
            ["resource_point_id"],
            ["resource_point.id"],
            name=op.f("fk_assignment_resource_point_id"),
        ),
        sa.ForeignKeyConstraint(["role"], ["role.key"], name=op.f("fk_assignment_role")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_assignment_staff_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_assignment_street_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_building_id", "assignment", ["building_id"], unique=False)
    op.create_index("ix_assignment_grid_id", "assignment", ["grid_id"], unique=False)
    op.create_index(
        "ix_assignment_resource_point_id", "assignment", ["resource_point_id"], unique=False
    )
    op.create_index("ix_assignment_staff_id", "assignment", ["staff_id"], unique=False)
    op.create_index("ix_assignment_street_id", "assignment", ["street_id"], unique=False)
    op.create_index("ix_assignment_unit_id", "assignment", ["unit_id"], unique=False)
    op.create_table(
        "lineage",
        sa.Column("old_grid_id", sa.BigInteger(), nullable=False),
        sa.Column("new_grid_id", sa.BigInteger(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_lineage_share")),
        sa.ForeignKeyConstraint(
            ["new_grid_id"], ["grid.id"], name=op.f("fk_lineage_new_grid_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["old_grid_id"], ["grid.id"], name=op.f("fk_lineage_old_grid_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("old_grid_id", "new_grid_id", name=op.f("pk_lineage")),
    )
    op.create_index("ix_lineage_new_grid_id", "lineage", ["new_grid_id"], unique=False)
    op.create_table(
        "plan_atom",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("atom_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["atom_id"], ["atom.id"], name=op.f("fk_plan_atom_atom_id")),
        sa.ForeignKeyConstraint(
            ["plan_id", "grid_id"],
            ["grid.plan_id", "grid.id"],
            name=op.f("fk_plan_atom_plan_id_grid_id"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_atom_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "atom_id", name=op.f("pk_plan_atom")),
    )
    op.create_index("ix_plan_atom_atom_id", "plan_atom", ["atom_id"], unique=False)
    op.create_index("ix_plan_atom_grid_id", "plan_atom", ["grid_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_plan_atom_grid_id", table_name="plan_atom")
    op.drop_index("ix_plan_atom_atom_id", table_name="plan_atom")
    op.drop_table("plan_atom")
    op.drop_index("ix_lineage_new_grid_id", table_name="lineage")
    op.drop_table("lineage")
    op.drop_index("ix_assignment_unit_id", table_name="assignment")
    op.drop_index("ix_assignment_street_id", table_name="assignment")
    op.drop_index("ix_assignment_staff_id", table_name="assignment")
    op.drop_index("ix_assignment_resource_point_id", table_name="assignment")
    op.drop_index("ix_assignment_grid_id", table_name="assignment")
    op.drop_index("ix_assignment_building_id", table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("plan_edit")
    op.drop_index("ix_plan_comment_plan_id", table_name="plan_comment")
    op.drop_table("plan_comment")
    op.drop_index("ix_grid_place_id", table_name="grid")
    op.drop_index("ix_grid_parent_id", table_name="grid")
    op.drop_index("ix_grid_geom", table_name="grid", postgresql_using="gist")
    op.drop_table("grid")
    op.drop_table("plan")
    op.drop_table("unit")
    op.drop_table("template_role")
    op.drop_index(
        "uq_network_authoritative", table_name="network", postgresql_where="authoritative"
    )
    op.drop_table("network")
    op.drop_index("ix_dispatch_event_incident_id", table_name="dispatch_event")
    op.drop_table("dispatch_event")
    op.drop_index("ix_atom_territory_id", table_name="atom")
    op.drop_index("ix_atom_geom", table_name="atom", postgresql_using="gist")
    op.drop_table("atom")
    op.drop_index("ix_water_place_id", table_name="water")
    op.drop_index("ix_water_geom", table_name="water", postgresql_using="gist")
    op.drop_table("water")
    op.drop_index("ix_territory_place_id", table_name="territory")
    op.drop_index("ix_territory_geom", table_name="territory", postgresql_using="gist")
    op.drop_table("territory")
    op.drop_table("template")
    op.drop_index("ix_street_place_id", table_name="street")
    op.drop_index("ix_street_geom", table_name="street", postgresql_using="gist")
    op.drop_table("street")
    op.drop_index("ix_staff_geom", table_name="staff", postgresql_using="gist")
    op.drop_table("staff")
    op.drop_index("ix_resource_point_place_id", table_name="resource_point")
    op.drop_index("ix_resource_point_geom", table_name="resource_point", postgresql_using="gist")
    op.drop_table("resource_point")
    op.drop_index("ix_land_use_place_id", table_name="land_use")
    op.drop_index("ix_land_use_geom", table_name="land_use", postgresql_using="gist")
    op.drop_table("land_use")
    op.drop_index("ix_incident_reported_at", table_name="incident")
    op.drop_index("ix_incident_place_id", table_name="incident")
    op.drop_index("ix_incident_geom", table_name="incident", postgresql_using="gist")
    op.drop_table("incident")
    op.drop_table("import_run")
    op.drop_index("ix_building_place_id", table_name="building")
    op.drop_index("ix_building_geom", table_name="building", postgresql_using="gist")
    op.drop_index("ix_building_code", table_name="building")
    op.drop_table("building")
    op.drop_table("role")
    op.drop_table("place")
    op.drop_table("layer_revision")
    op.drop_table("layer_change")
    op.drop_index("ix_audit_at", table_name="audit")
    op.drop_table("audit")
