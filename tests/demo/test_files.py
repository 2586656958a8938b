"""What holds for all five places: exact plans, buildings on their atoms, codes, sums, times."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import numpy as np
import pytest
import shapely

from gridmap.algorithms.codes import check_code, reading_order
from gridmap.geometry.adjacency import broken_groups, shared_edges
from gridmap.geometry.coverage import dissolve, find_defects, is_exact
from gridmap.geometry.measures import geodesic_area_m2

LINES = {"motorway", "arterial", "street", "lane", "path", "railway"}
WATERS = {"river", "canal", "lake", "pond", "sea"}
GROUNDS = {
    "residential", "commercial", "industrial", "park", "farmland", "forest", "school", "hospital",
    "square", "village", "government", "orchard",
}  # fmt: skip
USAGES = {
    "residential", "commercial", "office", "school", "hospital", "industrial", "public",
    "village-house",
}  # fmt: skip
POINTS = {
    "service-centre", "station", "police-post", "legal-aid", "mediation-room", "deliberation",
    "clinic", "aed", "hydrant", "partner", "enterprise", "school", "shelter", "market", "library",
    "elderly-care",
}  # fmt: skip
CATEGORIES = {
    "dispute", "hazard", "environment", "facility", "order", "service", "traffic", "fire",
}  # fmt: skip
ROLES = {
    "grid-head", "grid-worker", "micro-grid-worker", "building-head", "unit-head",
    "enforcement-officer", "police-officer", "mediator", "medical-worker", "volunteer",
    "lane-head", "party-branch-secretary", "building-group-head", "resident-group-head",
}  # fmt: skip


def owner_numbers(place, network):
    codes = place.layer("atoms").column(network)
    return np.unique(codes, return_inverse=True)


def test_the_atoms_cover_the_territory_exactly_in_metres_and_in_degrees(place):
    atoms, territories = place.metric("atoms"), place.metric("territories")
    assert find_defects(atoms, territories[0]) == []
    published = place.layer("atoms").geometries
    assert is_exact(published, place.layer("territories").geometries[0], unit=1e-9)


def test_every_level_of_every_network_covers_the_territory_exactly(place):
    grids = place.layer("grids")
    for network in place.document["networks"]:
        outline = place.layer("territories").where(code=network["territory"]).geometries[0]
        for level in network["levels"]:
            areas = grids.where(network=network["key"], level=level["level"]).geometries
            assert is_exact(areas, outline, unit=1e-9), (network["key"], level)


def test_the_lowest_grids_are_unions_of_their_atoms_bit_for_bit(place):
    atoms, grids = place.layer("atoms"), place.layer("grids")
    for network in place.document["networks"]:
        lowest = max(level["level"] for level in network["levels"])
        codes, numbers = owner_numbers(place, network["key"])
        shapes = dissolve(atoms.geometries, numbers)
        listed = grids.where(network=network["key"], level=lowest)
        by_code = dict(zip(listed.column("code"), listed.geometries, strict=True))
        assert set(by_code) == set(codes.tolist())
        for code, shape in zip(codes.tolist(), shapes, strict=True):
            assert shapely.equals_exact(shapely.normalize(by_code[code]), shapely.normalize(shape))


def test_children_make_their_parents_exactly(place):
    grids = place.layer("grids")
    for network in place.document["networks"]:
        inside = grids.where(network=network["key"])
        children = defaultdict(list)
        for shape, row in zip(inside.geometries, inside.properties, strict=True):
            children[row["parent"]].append((shape, row))
        for shape, row in zip(inside.geometries, inside.properties, strict=True):
            if row["code"] in children and row["level"] < 3:
                below = [
                    child for child in children[row["code"]] if child[1]["level"] > row["level"]
                ]
                if below:
                    assert is_exact([child for child, _ in below], shape, unit=1e-9)
                    total = sum(child["households"] for _, child in below)
                    assert total == row["households"]


def test_communities_cover_the_street_and_atoms_know_theirs(place):
    territories, atoms = place.layer("territories"), place.layer("atoms")
    assert set(atoms.column("territory")) <= set(territories.column("code"))
    if len(territories) > 1:
        assert is_exact(territories.geometries[1:], territories.geometries[0], unit=1e-9)
    for network in place.document["networks"]:
        for row in atoms.properties:
            assert row[network["key"]].startswith(row["territory"])


def test_every_area_hangs_together(place):
    edges = shared_edges(place.metric("atoms"))
    for name in ["territory", *(network["key"] for network in place.document["networks"])]:
        assert broken_groups(edges, owner_numbers(place, name)[1]).tolist() == []


def test_a_building_lies_in_exactly_one_atom(place):
    buildings = place.layer("buildings").geometries
    tree = shapely.STRtree(place.layer("atoms").geometries)
    inside, _ = tree.query(buildings, predicate="within")
    assert np.array_equal(np.sort(inside), np.arange(len(buildings)))
    touched, _ = tree.query(buildings, predicate="intersects")
    assert len(touched) == len(buildings)


def test_no_building_meets_another_nor_water(place):
    buildings = place.layer("buildings").geometries
    assert shapely.is_valid(buildings).all()
    first, second = shapely.STRtree(buildings).query(buildings, predicate="intersects")
    assert np.array_equal(first, second)
    wet, _ = shapely.STRtree(place.layer("water").geometries).query(
        buildings, predicate="intersects"
    )
    assert len(wet) == 0


def test_no_building_stands_on_a_street(place):
    streets = place.layer("streets")
    lines = place.crs.project(streets.geometries)
    driven = np.array([row["kind"] != "path" for row in streets.properties])
    widths = np.array([row["width_m"] for row in streets.properties])
    ground = shapely.buffer(lines[driven], widths[driven] / 2 - 0.3)
    buildings = place.crs.project(place.layer("buildings").geometries)
    hit, _ = shapely.STRtree(ground).query(buildings, predicate="intersects")
    assert len(hit) == 0


def test_footprints_are_plausible(place):
    area = shapely.area(place.crs.project(place.layer("buildings").geometries))
    assert area.min() > 30
    assert area.max() < 4500
    for row, size in zip(place.layer("buildings").properties, area, strict=True):
        assert 1 <= row["floors"] <= 34
        assert 3 < row["height_m"] < 110
        if row["usage"] == "village-house":
            assert size < 260


def test_counts_of_buildings_are_those_of_their_units(place):
    for row in place.layer("buildings").properties:
        sums = np.array(row["unit_counts"], dtype=int).reshape(-1, 3).sum(axis=0).tolist()
        assert [row["households"], row["residents"], row["dossiers"]] == sums
        assert row["residents"] >= row["households"]
        if row["usage"] not in {"residential", "village-house"}:
            assert sums == [0, 0, 0]


def test_every_network_sums_to_all_buildings(place):
    buildings, grids = place.layer("buildings"), place.layer("grids")
    for network in place.document["networks"]:
        for level in network["levels"]:
            areas = grids.where(network=network["key"], level=level["level"])
            for name in ("households", "residents", "dossiers"):
                assert areas.total(name) == buildings.total(name)
            assert areas.total("buildings") == len(buildings)
    assert place.document["facts"]["households"] == buildings.total("households")
    assert place.document["facts"]["residents"] == buildings.total("residents")


def test_counts_of_grids_are_those_of_the_buildings_inside(place):
    buildings, grids = place.layer("buildings"), place.layer("grids")
    points = shapely.point_on_surface(buildings.geometries)
    for network in place.document["networks"]:
        lowest = max(level["level"] for level in network["levels"])
        areas = grids.where(network=network["key"], level=lowest)
        number, area = shapely.STRtree(areas.geometries).query(points, predicate="within")
        assert np.array_equal(np.sort(number), np.arange(len(buildings)))
        counted = np.bincount(
            area, np.array(buildings.column("households"))[number], minlength=len(areas)
        )
        assert counted.astype(int).tolist() == areas.column("households")


def test_every_comprehensive_grid_has_a_building_and_is_in_range(place):
    grids = place.layer("grids")
    for network in place.document["networks"]:
        lowest = max(level["level"] for level in network["levels"])
        for row in grids.where(network=network["key"], level=lowest).properties:
            if row["kind"] == "special":
                assert row["households"] == 0
                continue
            assert row["buildings"] > 0
            if network["households_min"] is not None:
                assert network["households_min"] <= row["households"] <= network["households_max"]


def test_codes_are_well_formed_unique_and_extend_their_parents(place):
    for row in place.layer("territories").properties:
        check_code(row["code"])
        assert row["parent"] == row["code"][:-3]
    territories = set(place.layer("territories").column("code"))
    grids = place.layer("grids").properties
    assert len({(row["network"], row["code"]) for row in grids}) == len(grids)
    for row in grids:
        check_code(row["code"], digits=18 if row["level"] == 3 else 15)
        assert row["code"].startswith(row["parent"][:12])
        if row["level"] == 3:
            assert row["code"][:15] == row["parent"]
        assert row["code"][:12] in territories


def test_numbers_run_from_west_to_east_and_from_north_to_south(place):
    grids = place.layer("grids")
    families = defaultdict(list)
    for shape, row in zip(place.metric("grids"), grids.properties, strict=True):
        families[row["network"], row["level"], row["code"][:-3]].append((row["code"], shape))
    for family in families.values():
        codes = [code for code, _ in sorted(family)]
        points = shapely.get_coordinates(
            shapely.point_on_surface(np.array([shape for _, shape in sorted(family)]))
        )
        assert np.array_equal(reading_order(points), np.arange(len(codes)))
        start = 0 if codes == [f"{codes[0][:-3]}000"] else 1
        assert [int(code[-3:]) for code in codes] == list(range(start, start + len(codes)))


def test_areas_of_grids_are_geodesic_to_a_part_in_a_hundred_thousand(place):
    grids = place.layer("grids")
    areas = geodesic_area_m2(grids.geometries)
    assert areas == pytest.approx(grids.column("area_m2"), rel=1e-5, abs=0.1)


def test_words_are_those_of_the_contract(place):
    assert set(place.layer("streets").column("kind")) <= LINES
    assert set(place.layer("water").column("kind")) <= WATERS
    assert set(place.layer("land-use").column("kind")) <= GROUNDS
    assert set(place.layer("buildings").column("usage")) <= USAGES
    assert set(place.layer("resource-points").column("category")) <= POINTS
    assert set(place.layer("incidents").column("category")) <= CATEGORIES
    for roles in place.layer("staff").column("roles"):
        assert roles
        assert set(roles) <= ROLES


def test_names_are_in_chinese_and_in_english(place):
    for name in ("territories", "buildings", "grids", "resource-points"):
        for row in place.layer(name).properties:
            assert any("一" <= letter <= "鿿" for letter in row["name"]) or row["name"][0].isdigit()
            assert row["name_en"].isascii() or "–" in row["name_en"] or "ü" in row["name_en"]
    names = place.layer("buildings").column("name")
    assert len(set(names)) == len(names)


def test_there_is_a_hierarchy_of_streets_with_names(place):
    kinds = Counter(place.layer("streets").column("kind"))
    assert kinds["arterial"] < kinds["street"]
    assert {"arterial", "street", "path"} <= set(kinds)
    for row in place.layer("streets").properties:
        if row["kind"] in {"arterial", "motorway", "railway"}:
            assert row["name"]
    codes = place.layer("streets").column("code")
    assert len(set(codes)) == len(codes)


def test_points_lie_in_the_territory(place):
    outline = place.layer("territories").geometries[0]
    shapely.prepare(outline)
    for name in ("resource-points", "staff", "incidents"):
        assert shapely.intersects(outline, place.layer(name).geometries).all()


def test_incidents_keep_their_times(place):
    begin = datetime.fromisoformat("2025-11-01T00:00:00+08:00")
    end = datetime.fromisoformat("2026-11-01T00:00:00+08:00")
    incidents = place.layer("incidents")
    assert 1500 <= len(incidents) <= 6000
    reported = [datetime.fromisoformat(text) for text in incidents.column("reported_at")]
    assert reported == sorted(reported)
    assert all(at.utcoffset() == timedelta(hours=8) for at in reported)
    assert begin <= reported[0]
    assert reported[-1] < end
    for at, row in zip(reported, incidents.properties, strict=True):
        assert at < datetime.fromisoformat(row["due_at"])
        assert 1 <= row["severity"] <= 4
        if row["closed_at"] is None:
            assert row["state"] not in {"closed", "rejected"}
            assert at > end - timedelta(days=60)
        else:
            assert row["state"] in {"closed", "rejected"}
            assert at < datetime.fromisoformat(row["closed_at"]) <= end
    codes = incidents.column("code")
    assert len(set(codes)) == len(codes)


def test_the_year_has_a_rhythm(place):
    incidents = place.layer("incidents")
    at = [datetime.fromisoformat(text) for text in incidents.column("reported_at")]
    hours = np.bincount([moment.hour for moment in at], minlength=24)
    assert hours[8:20].sum() > 4 * hours[:6].sum()
    service = [
        m.weekday() for m, c in zip(at, incidents.column("category"), strict=True) if c == "service"
    ]
    week = np.bincount(service, minlength=7)
    assert week[5:].mean() < 0.7 * week[:5].mean()


def test_most_cases_are_closed_on_time_and_some_are_not(place):
    closed = [row for row in place.layer("incidents").properties if row["closed_at"]]
    on_time = sum(
        datetime.fromisoformat(row["closed_at"]) <= datetime.fromisoformat(row["due_at"])
        for row in closed
    )
    assert 0.75 < on_time / len(closed) < 0.97


def test_planted_clusters_are_there_and_stand_out(place):
    incidents = place.layer("incidents")
    xy = shapely.get_coordinates(place.crs.project(incidents.geometries))
    at = np.array([datetime.fromisoformat(text) for text in incidents.column("reported_at")])
    category = np.array(incidents.column("category"))
    assert len(place.document["clusters"]) == 2
    for cluster in place.document["clusters"]:
        centre = place.crs.to_metres(np.array([[cluster["lon"], cluster["lat"]]]))[0]
        begin = datetime.fromisoformat(cluster["from"])
        end = datetime.fromisoformat(cluster["to"])
        same = category == cluster["category"]
        near = np.linalg.norm(xy - centre, axis=1) <= cluster["radius_m"]
        during = (at >= begin) & (at < end)
        assert (same & near & during).sum() >= cluster["incidents"]
        outline = place.metric("territories")[0]
        disc = shapely.Point(centre).buffer(cluster["radius_m"]).intersection(outline)
        share = disc.area / outline.area * (end - begin).days / 365
        assert cluster["incidents"] > 4 * share * same.sum()


def test_assignments_point_to_what_is_there(place):
    staff = dict(
        zip(place.layer("staff").column("code"), place.layer("staff").properties, strict=True)
    )
    known = {
        "grid": {(row["network"], row["code"]) for row in place.layer("grids").properties},
        "building": set(place.layer("buildings").column("code")),
        "street": set(place.layer("streets").column("code")),
        "point": set(place.layer("resource-points").column("code")),
    }
    units = dict(
        zip(
            place.layer("buildings").column("code"),
            (len(counts) for counts in place.layer("buildings").column("unit_counts")),
            strict=True,
        )
    )
    buildings = place.layer("buildings")
    households = dict(zip(buildings.column("code"), buildings.column("households"), strict=True))
    full_time = Counter()
    for item in place.document["assignments"]:
        assert item["role"] in staff[item["staff"]]["roles"]
        target = item["target"]
        if target["kind"] == "unit":
            assert 1 <= target["unit"] <= units[target["code"]]
        elif target["kind"] == "household":
            assert 1 <= target["number"] <= households[target["code"]]
        elif target["kind"] == "grid":
            assert (target["network"], target["code"]) in known["grid"]
        else:
            assert target["code"] in known[target["kind"]]
        full_time[item["staff"]] += item["full_time"]
    assert max(full_time.values()) <= 1
    assert len(set(staff)) == len(staff)


def test_vacancies_are_named_and_really_vacant(place):
    vacancies = place.document["facts"]["vacancies"]
    assert vacancies
    held = [(item["role"], item["target"]) for item in place.document["assignments"]]
    for vacancy in vacancies:
        assert (vacancy["role"], vacancy["target"]) not in held
        assert vacancy["reason"]


def test_staff_live_in_buildings(place):
    homes = place.layer("staff").geometries
    tree = shapely.STRtree(place.crs.project(place.layer("buildings").geometries))
    _, distance = tree.query_nearest(
        place.crs.project(homes), return_distance=True, all_matches=False
    )
    assert distance.max() < 0.5


def test_all_files_together_are_small(folder):
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 14_000_000
