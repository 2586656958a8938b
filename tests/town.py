"""A town of squares, small enough to know every answer by heart.

A street (110101001) of two communities side by side, from 100.00 to 100.02 east and from 25.00 to
25.01 north; each has two grids, west and east, and each grid two micro-grids, south and north. The
network `police` cuts the whole street once. Ids grow from the west and from the south.
"""

from __future__ import annotations

import sqlalchemy as sa

from gridmap.store import database

STREET = "110101001000"
WEST, EAST = "110101001001", "110101001002"

_PLACE = """
    INSERT INTO place (key, code, name, name_en, meridian) VALUES
      ('town', '110101001000', '东湖街道', 'Donghu Street', 99),
      ('void', NULL, '空地', NULL, 99)
"""
# Atom n is in column n / 2 from the west and in row n % 2 from the south; a thousandth by division,
# so that equal corners are equal numbers.
_CELLS = """
    SELECT n, ST_MakeEnvelope((100000 + n / 2 * 5) / 1000.0, (25000 + n % 2 * 5) / 1000.0,
                              (100005 + n / 2 * 5) / 1000.0, (25005 + n % 2 * 5) / 1000.0, 4326) AS geom
    FROM generate_series(0, 7) AS n
"""
_TERRITORIES = f"""
    INSERT INTO territory (id, place, code, name, name_en, kind, parent, valid, geom)
    OVERRIDING SYSTEM VALUE
    SELECT id, 'town', code, name, name_en, kind, parent, valid::daterange, ST_Multi(ST_Union(geom))
    FROM (VALUES
      (1, '110101001000', '东湖街道', 'Donghu Street', 'street', NULL, '[,)', 0, 7),
      (2, '110101001001', '西社区', 'West', 'community', '110101001000', '[,)', 0, 3),
      (3, '110101001002', '东社区', 'East', 'community', '110101001000', '[,)', 4, 7),
      (4, '110101001009', '旧社区', 'Old', 'community', NULL, '[2000-01-01,2001-01-01)', 0, 7)
    ) AS t (id, code, name, name_en, kind, parent, valid, first, last)
    JOIN ({_CELLS}) AS c ON c.n BETWEEN first AND last
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
_ATOMS = f"""
    INSERT INTO atom (id, territory_id, geom) OVERRIDING SYSTEM VALUE
    SELECT 500 + n, 2 + n / 4, geom FROM ({_CELLS}) AS c
"""
_NETWORKS = """
    INSERT INTO network (id, place, territory_id, key, name, name_en, authoritative, levels)
    OVERRIDING SYSTEM VALUE VALUES
      (1, 'town', 2, 'governance', '治理网', 'governance', true,
       '[{"level": 2, "name": "网格", "name_en": "grid"}, {"level": 3, "name": "微网格", "name_en": "micro-grid"}]'),
      (2, 'town', 3, 'governance', '治理网', 'governance', true,
       '[{"level": 2, "name": "网格", "name_en": "grid"}, {"level": 3, "name": "微网格", "name_en": "micro-grid"}]'),
      (3, 'town', 1, 'police', '警格', 'police', false,
       '[{"level": 1, "name": "警格", "name_en": "beat"}]')
"""
_PLANS = """
    INSERT INTO plan (id, network_id, name, state, valid, author) OVERRIDING SYSTEM VALUE VALUES
      (1, 1, '2025', 'published', '[2025-01-01,)', 'a'),
      (2, 2, '2025', 'published', '[2025-01-01,)', 'a'),
      (3, 3, '2025', 'published', '[2025-01-01,)', 'a'),
      (4, 1, '草案', 'draft', NULL, 'a')
"""
# Grids 10 to 13 from the west; micro-grids 100 to 107, south before north.
_GRIDS = """
    INSERT INTO grid (id, plan_id, place, network, level, lowest, code, name, name_en, parent, valid,
                      households, geom) OVERRIDING SYSTEM VALUE
    SELECT 10 + n, 1 + n / 2, 'town', 'governance', 2, false,
           '11010100100' || 1 + n / 2 || '00' || 1 + n % 2, '第' || n + 1 || '网格', 'Grid ' || n + 1,
           '11010100100' || 1 + n / 2, '[2025-01-01,)'::daterange, 100 + n, ST_Multi(ST_Union(a.geom))
    FROM generate_series(0, 3) AS n JOIN atom AS a ON (a.id - 500) / 2 = n GROUP BY n
"""
_MICRO_GRIDS = """
    INSERT INTO grid (id, plan_id, place, network, level, lowest, code, name, name_en, parent,
                      parent_id, valid, geom) OVERRIDING SYSTEM VALUE
    SELECT 100 + n, 1 + n / 4, 'town', 'governance', 3, true,
           g.code || '00' || 1 + n % 2, '第' || n + 1 || '微网格', 'Micro-grid ' || n + 1, g.code,
           g.id, '[2025-01-01,)'::daterange, ST_Multi(a.geom)
    FROM generate_series(0, 7) AS n JOIN grid AS g ON g.id = 10 + n / 2
    JOIN atom AS a ON a.id = 500 + n
"""
_POLICE = """
    INSERT INTO grid (id, plan_id, place, network, level, lowest, code, name, name_en, parent, valid,
                      geom) OVERRIDING SYSTEM VALUE
    SELECT 200, 3, 'town', 'police', 1, true, '110101001000901', '一警格', 'Beat 1', '110101001000',
           '[2025-01-01,)'::daterange, geom FROM territory WHERE id = 1
    UNION ALL
    SELECT 201, 4, 'town', 'governance', 3, true, '110101001001999', '草案网格', 'Draft', NULL,
           NULL, geom FROM territory WHERE id = 2
"""
_LINKS = """
    INSERT INTO plan_atom (plan_id, atom_id, grid_id)
    SELECT 1 + n / 4, 500 + n, 100 + n FROM generate_series(0, 7) AS n
    UNION ALL SELECT 3, 500 + n, 200 FROM generate_series(0, 7) AS n
    UNION ALL SELECT 4, 500 + n, 201 FROM generate_series(0, 3) AS n
"""
# A building of 20 m in the middle of each micro-grid, and one of another city.
_BUILDINGS = """
    INSERT INTO building (id, place, code, name, name_en, address, floors, units, households,
                          residents, geom) OVERRIDING SYSTEM VALUE
    SELECT 1000 + n, 'town', 'B' || lpad(n::text, 4, '0'), '幸福小區' || n || '號樓',
           'Happy Garden ' || n, '幸福路' || n || '号', 6, 2, 10 + n, 30 + n,
           ST_Multi(ST_Expand(ST_Centroid(g.geom), 0.0001))
    FROM generate_series(0, 7) AS n JOIN grid AS g ON g.id = 100 + n
    UNION ALL
    SELECT 2000, NULL, NULL, '=HYPERLINK("x")', NULL, NULL, NULL, 0, 0, 0,
           ST_Multi(ST_MakeEnvelope(110, 30, 110.0002, 30.0002, 4326))
"""
_UNITS = """
    INSERT INTO unit (id, building_id, number, households) OVERRIDING SYSTEM VALUE
    VALUES (1, 1000, 1, 5), (2, 1000, 2, 5)
"""
_POINTS = """
    INSERT INTO resource_point (id, place, code, name, name_en, category, services, geom)
    OVERRIDING SYSTEM VALUE VALUES
      (1, 'town', 'R1', '党群服务中心', 'Service centre', 'service-centre', '{咨询,调解}',
       ST_SetSRID(ST_MakePoint(100.0030, 25.0025), 4326)),
      (2, 'town', 'R2', '卫生服务站', 'Clinic', 'clinic', '{}',
       ST_SetSRID(ST_MakePoint(100.0025, 25.0029), 4326)),
      (3, 'town', 'R3', 'ＡＥＤ', 'AED', 'aed', '{}',
       ST_SetSRID(ST_MakePoint(100.0190, 25.0025), 4326))
"""
_STREETS = """
    INSERT INTO street (id, place, name, name_en, geom) OVERRIDING SYSTEM VALUE VALUES
      (1, 'town', '东湖路', 'Donghu Road', ST_GeomFromText('MULTILINESTRING((100 25.005, 100.01 25.005))', 4326)),
      (2, 'town', '东湖路', 'Donghu Road', ST_GeomFromText('MULTILINESTRING((100.01 25.005, 100.02 25.005))', 4326)),
      (3, 'town', NULL, NULL, ST_GeomFromText('MULTILINESTRING((100 25, 100 25.01))', 4326))
"""
_WATER = """
    INSERT INTO water (id, place, name, kind, geom) OVERRIDING SYSTEM VALUE VALUES
      (1, 'town', '东湖', 'lake', ST_MakeEnvelope(100.001, 25.001, 100.002, 25.002, 4326)),
      (2, NULL, NULL, 'river', ST_GeomFromText('LINESTRING(179.5 25, 180 25.01)', 4326))
"""
# One a day at noon in Beijing, from the first of October.
_INCIDENTS = """
    INSERT INTO incident (id, place, code, category, severity, reported_at, title, geom)
    OVERRIDING SYSTEM VALUE
    SELECT n, 'town', 'E' || lpad(n::text, 5, '0'), CASE WHEN n % 3 = 0 THEN 'dispute' ELSE 'hazard' END,
           1 + n % 4, timestamptz '2026-10-01 12:00+08' + (n - 1) * interval '1 day', '井盖' || n,
           ST_SetSRID(ST_MakePoint(100 + n * 0.0005, 25.0075), 4326)
    FROM generate_series(1, 30) AS n
"""
_STAFF = """
    INSERT INTO role (key, name, name_en, rank) VALUES
      ('grid-head', '网格长', 'grid head', 1), ('micro-grid-worker', '微网格员', 'micro-grid worker', 2),
      ('unit-head', '单元长', 'unit head', 4), ('building-head', '楼栋长', 'building head', 5),
      ('police-officer', '民警', 'police officer', 10);
    INSERT INTO staff (id, place, code, name, roles, geom) OVERRIDING SYSTEM VALUE
    SELECT n, 'town', 'S' || n, (ARRAY['赵一', '钱二', '孙三', '李四', '周五', '吴六'])[n], '{grid-head}',
           ST_SetSRID(ST_MakePoint(100.0123, 25.0045), 4326)
    FROM generate_series(1, 6) AS n;
    INSERT INTO assignment (staff_id, role, grid_id, building_id, unit_id, period) VALUES
      (1, 'grid-head', 10, NULL, NULL, '[2025-01-01,)'),
      (2, 'micro-grid-worker', 100, NULL, NULL, '[2025-01-01,)'),
      (3, 'building-head', NULL, 1000, NULL, '[2025-01-01,)'),
      (4, 'unit-head', NULL, NULL, 2, '[2025-01-01,)'),
      (5, 'police-officer', 200, NULL, NULL, '[2025-01-01,)'),
      (6, 'grid-head', 10, NULL, NULL, '[2020-01-01,2021-01-01)')
"""


def insert(engine: sa.Engine) -> None:
    """Store the town."""
    with database.transaction(engine, actor="test") as connection:
        for statement in (
            _PLACE, _TERRITORIES, _ATOMS, _NETWORKS, _PLANS, _GRIDS, _MICRO_GRIDS, _POLICE, _LINKS,
            _BUILDINGS, _UNITS, _POINTS, _STREETS, _WATER, _INCIDENTS, _STAFF,
        ):  # fmt: skip
            for part in statement.split(";\n"):
                connection.execute(sa.text(part))
        connection.execute(sa.text("ANALYZE"))
