"""The numbers that the places report, where they are spatial or can be counted."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import permutations

import numpy as np
import pytest
import shapely

from gridmap.geometry.measures import geodesic_area_m2


def levels(place, network):
    grids = place.layer("grids").where(network=network)
    return dict(sorted(Counter(grids.column("level")).items()))


def count(place, layer, **wanted):
    return len(place.layer(layer).where(**wanted))


@pytest.mark.parametrize(
    ("key", "code", "longitude", "latitude", "meridian"),
    [
        ("nanjie", "532325101003", 101.24, 25.50, 102),
        ("xiameiqiao", "431002004", 113.00, 25.80, 114),
        ("wenyuan", "150621005003", 110.03, 40.40, 111),
        ("chengzhen", "530821102001", 101.20, 23.20, 102),
        ("donghu", "350112005001", 119.60, 25.95, 120),
    ],
)
def test_each_place_is_where_it_is(places, key, code, longitude, latitude, meridian):
    place = places(key)
    centre = place.layer("territories").geometries[0].centroid
    assert place.document["code"] == code == place.layer("territories").column("code")[0]
    assert place.document["meridian"] == meridian
    assert abs(centre.x - longitude) < 0.04
    assert abs(centre.y - latitude) < 0.02


# --- nanjie ------------------------------------------------------------------------------------


def test_nanjie_has_1_general_grid_27_grids_and_247_micro_grids(nanjie):
    assert levels(nanjie, "governance") == {1: 1, 2: 27, 3: 247}


def test_nanjie_has_13_stations_14_partners_and_6_new_organisations(nanjie):
    assert count(nanjie, "resource-points", category="station") == 13
    assert count(nanjie, "resource-points", category="partner") == 14
    assert count(nanjie, "resource-points", category="enterprise") == 6


def test_nanjie_has_26_disputes(nanjie):
    assert count(nanjie, "incidents", category="dispute") == 26


def test_nanjie_has_7_colour_teams_and_6_part_time_members_of_its_committee(nanjie):
    teams = nanjie.teams()
    assert teams.pop("社区兼职委员") == 6
    assert len(teams) == 7
    assert {name[0] for name in teams} == set("红橙黄绿青蓝紫")


def test_nanjie_has_100_pairs(nanjie):
    pairs = nanjie.assignments(link="pair")
    assert len({pair["target"]["code"] for pair in pairs}) == len(pairs) == 100


def test_nanjie_staffs_1_1_n(nanjie):
    heads = nanjie.assignments(role="grid-head")
    officers = nanjie.assignments(role="enforcement-officer")
    workers = nanjie.assignments(role="micro-grid-worker")
    assert (len(heads), len(officers), len(workers)) == (26, 26, 242)
    assert len({item["staff"] for item in officers}) == 9
    twice = [staff for staff, n in Counter(item["staff"] for item in workers).items() if n == 2]
    assert len(twice) == 2
    assert [template["key"] for template in nanjie.document["templates"]] == ["1+1+N"]


def test_nanjie_has_special_micro_grids(nanjie):
    special = nanjie.layer("grids").where(level=3, kind="special")
    assert len(special) >= 3
    assert special.total("households") == 0


# --- xiameiqiao --------------------------------------------------------------------------------


def test_xiameiqiao_measures_19_32_square_kilometres(xiameiqiao):
    (area,) = geodesic_area_m2(xiameiqiao.layer("territories").geometries[:1])
    assert area / 1e6 == pytest.approx(19.32, abs=0.005)
    assert shapely.area(xiameiqiao.metric("territories")[0]) / 1e6 == pytest.approx(
        19.32, abs=0.005
    )


def test_xiameiqiao_has_9_communities_and_2_villages_with_35_800_residents(xiameiqiao):
    kinds = Counter(xiameiqiao.layer("territories").column("kind"))
    assert kinds == {"street": 1, "community": 9, "village": 2}
    assert xiameiqiao.layer("buildings").total("residents") == 35_800


def test_xiameiqiao_has_93_grids_of_100_to_200_households(xiameiqiao):
    grids = xiameiqiao.layer("grids").where(network="governance")
    assert len(grids) == 93
    assert min(grids.column("households")) >= 100
    assert max(grids.column("households")) <= 200


def test_xiameiqiao_has_three_networks_and_a_police_network_without_seam(xiameiqiao):
    keys = [network["key"] for network in xiameiqiao.document["networks"]]
    assert keys == ["governance", "party", "service", "police"]
    police_of = {}
    for row in xiameiqiao.layer("atoms").properties:
        police_of.setdefault(row["governance"], set()).add(row["police"])
    assert all(len(beats) == 1 for beats in police_of.values())
    party_of = {}
    for row in xiameiqiao.layer("atoms").properties:
        party_of.setdefault(row["governance"], set()).add(row["party"])
    assert any(len(branches) > 1 for branches in party_of.values())


def test_xiameiqiao_closed_69_hazards_and_138_disputes(xiameiqiao):
    for category, cases in (("hazard", 69), ("dispute", 138)):
        found = xiameiqiao.layer("incidents").where(category=category)
        assert len(found) == cases
        assert set(found.column("state")) == {"closed"}


def test_xiameiqiao_has_7_and_11_volunteer_teams(xiameiqiao):
    teams = xiameiqiao.teams()
    assert len(teams) == 18
    sector = {
        row for row in teams if row[:2] in {"教育", "医疗", "法律", "消防", "环保", "文艺", "科技"}
    }
    assert len(sector) == 7


def test_xiameiqiao_has_93_working_and_186_resident_party_members_in_its_grids(xiameiqiao):
    working = xiameiqiao.assignments(link="working")
    resident = xiameiqiao.assignments(link="resident")
    assert len({item["staff"] for item in working}) == len(working) == 93
    assert len({item["staff"] for item in resident}) == len(resident) == 186
    assert len({item["target"]["code"] for item in working}) == 93


# --- wenyuan -----------------------------------------------------------------------------------


def test_wenyuan_has_14_grids_that_are_14_branches(wenyuan):
    assert levels(wenyuan, "governance") == {2: 14}
    assert levels(wenyuan, "party") == {2: 14, 3: 30}
    grids = wenyuan.layer("grids").where(network="governance")
    branches = wenyuan.layer("grids").where(network="party", level=2)
    assert grids.column("code") == branches.column("code")
    assert shapely.equals_exact(grids.geometries, branches.geometries).all()


def test_wenyuan_has_319_units_each_with_a_head_and_30_group_heads(wenyuan):
    assert sum(len(counts) for counts in wenyuan.layer("buildings").column("unit_counts")) == 319
    heads = wenyuan.assignments(role="unit-head")
    assert len({(h["target"]["code"], h["target"]["unit"]) for h in heads}) == len(heads) == 319
    groups = wenyuan.assignments(role="building-group-head")
    assert len({item["target"]["code"] for item in groups}) == len(groups) == 30


def test_wenyuan_has_7335_dossiers(wenyuan):
    assert wenyuan.layer("buildings").total("dossiers") == 7335
    assert wenyuan.layer("grids").where(network="governance").total("dossiers") == 7335


def test_wenyuan_has_one_full_time_worker_for_each_grid(wenyuan):
    workers = wenyuan.assignments(role="grid-worker", full_time=True)
    assert len({item["staff"] for item in workers}) == len(workers) == 14
    assert len({item["target"]["code"] for item in workers}) == 14


def test_wenyuan_has_24_deliberation_places_in_three_levels(wenyuan):
    places = wenyuan.layer("resource-points").where(category="deliberation")
    assert Counter(places.column("serves")) == {"building": 16, "grid": 7, "community": 1}


def test_wenyuan_has_129_pairs(wenyuan):
    pairs = wenyuan.assignments(link="pair")
    assert len({pair["staff"] for pair in pairs}) == len(pairs) == 129


def test_wenyuan_has_46_hazards_all_settled_and_couriers_report_them(wenyuan):
    hazards = wenyuan.layer("incidents").where(category="hazard")
    assert len(hazards) == 46
    assert set(hazards.column("state")) == {"closed"}
    assert Counter(hazards.column("channel"))["courier"] >= 8


def test_wenyuan_hears_less_and_less_from_the_hotline(wenyuan):
    incidents = wenyuan.layer("incidents").where(channel="hotline")
    months = [datetime.fromisoformat(text) for text in incidents.column("reported_at")]
    first = sum(at < datetime.fromisoformat("2026-05-01T00:00:00+08:00") for at in months)
    assert first > 1.5 * (len(months) - first)


# --- chengzhen ---------------------------------------------------------------------------------


def test_chengzhen_is_cut_three_times_over_the_same_1084_households(chengzhen):
    for network, areas in (("party", 4), ("governance", 15), ("resident-groups", 9)):
        grids = chengzhen.layer("grids").where(network=network)
        assert len(grids) == areas
        assert grids.total("households") == 1084


def test_no_network_of_chengzhen_is_nested_in_another(chengzhen):
    atoms = chengzhen.layer("atoms").properties
    for fine, coarse in permutations(("party", "governance", "resident-groups"), 2):
        over = {}
        for row in atoms:
            over.setdefault(row[fine], set()).add(row[coarse])
        assert any(len(parts) > 1 for parts in over.values()), (fine, coarse)


def test_chengzhen_has_5_teams_one_with_135_people(chengzhen):
    teams = chengzhen.teams()
    assert len(teams) == 5
    assert teams["百名丽人志愿服务队"] == 135


def test_chengzhen_has_5_contact_and_5_resident_units(chengzhen):
    partners = chengzhen.layer("resource-points").where(category="partner")
    endings = Counter(name[-4:] for name in partners.column("name"))
    assert endings == {"（包联）": 5, "（驻地）": 5}
    assert {template["key"] for template in chengzhen.document["templates"]} == {"1+X", "1+3+N"}


# --- donghu ------------------------------------------------------------------------------------


def test_donghu_has_three_enterprise_areas_with_as_many_enterprises(donghu):
    firms = donghu.layer("resource-points").where(category="enterprise").geometries
    areas = donghu.layer("grids").where(network="enterprise").geometries
    assert len(areas) == 3
    _, area = shapely.STRtree(areas).query(firms, predicate="within")
    assert np.bincount(area).tolist() == [9, 9, 9]


def test_donghu_has_3_mediation_platforms_and_3_volunteer_teams(donghu):
    assert count(donghu, "resource-points", category="mediation-room") == 3
    assert len(donghu.teams()) == 3


def test_donghu_has_heads_of_grids_buildings_and_units_and_lane_heads(donghu):
    assert len(donghu.assignments(role="grid-head")) == levels(donghu, "governance")[2] - 1
    lived = [row for row in donghu.layer("buildings").properties if row["households"]]
    blocks = [row for row in lived if len(row["unit_counts"]) > 1 or row["floors"] > 7]
    headed = {item["target"]["code"] for item in donghu.assignments(role="building-head")}
    vacant = {
        item["target"]["code"]
        for item in donghu.document["facts"]["vacancies"]
        if item["role"] == "building-head"
    }
    assert {row["code"] for row in lived} == headed | vacant
    units = sum(len(row["unit_counts"]) for row in blocks)
    assert len(donghu.assignments(role="unit-head")) >= 0.95 * units
    lanes = donghu.assignments(role="lane-head")
    assert len(lanes) >= 20
    assert {item["target"]["kind"] for item in lanes} == {"street"}


def test_donghu_has_special_grids_for_its_lake_and_its_works(donghu):
    special = donghu.layer("grids").where(network="governance", kind="special")
    assert len(special) == 2


def test_donghu_lies_by_the_sea(donghu):
    sea = donghu.layer("water").where(kind="sea").geometries[0]
    town = donghu.layer("territories").geometries[0]
    assert sea.bounds[0] > town.centroid.x
    assert sea.distance(town) < 0.002
