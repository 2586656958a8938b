"""What is called significant is chance no more often than the level says.

The incidents of a place are permuted: the same counts in other cells, the same moments at other
incidents, the same places in other hands. Nothing is clustered then but by chance, and an alarm is
false. In 200 permutations (`make test-long`; 40 otherwise) the number of those with an alarm must
be one that a level of 5 % gives with 99 % probability.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridmap.algorithms import hotspots
from gridmap.geometry import cells
from gridmap.geometry.crs import LocalCRS

DATA = Path(__file__).resolve().parents[3] / "data" / "geojson"
LEVEL = 0.05
SHORT, LONG = 40, 200


class Town:
    """The incidents of a place: metres, days, categories, and counts per cell."""

    def __init__(self, key: str, *, larger: float = 1.0) -> None:
        folder = DATA / key
        about = json.loads((folder / "place.json").read_text())
        features = json.loads((folder / "incidents.geojson").read_text())["features"]
        ground = json.loads((folder / "territories.geojson").read_text())["features"]
        crs = LocalCRS(about["meridian"])
        lonlat = np.array([feature["geometry"]["coordinates"] for feature in features])
        self.x, self.y = crs.to_metres(lonlat).T
        at = [feature["properties"]["reported_at"][:19] for feature in features]
        self.days = np.array(at, "datetime64[D]").astype(np.int64)
        self.days -= self.days.min()
        self.kind = np.array([feature["properties"]["category"] for feature in features])
        area = shapely.union_all(
            [crs.project(shapely.from_geojson(json.dumps(f["geometry"]))) for f in ground]
        )
        size = larger * hotspots.choose_cell_size(len(features), area.area)
        self.window = hotspots.tessellate(area.bounds, size)
        self.inside = np.flatnonzero(cells.covered_share(self.window, area) > 0.5)
        self.around = hotspots.cell_neighbours(self.window, self.inside)
        self.centres = cells.centres(self.window, self.inside)
        number = cells.assign(self.window, self.x, self.y)
        at_cell = np.searchsorted(self.inside, number)
        at_cell[at_cell == self.inside.size] = 0
        known = self.inside[at_cell] == number
        self.cell = np.where(known, at_cell, -1)
        self.counts = np.bincount(self.cell[known], minlength=self.inside.size)
        month = np.minimum(self.days // 30, 11)
        slot = self.cell[known] * 12 + month[known]
        self.cube = np.bincount(slot, minlength=self.inside.size * 12).reshape(-1, 12)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town("nanjie")


@pytest.fixture(scope="module")
def coarse_town() -> Town:
    """Fewer cells: what is tried with a hundred replicates takes its time for each of them."""
    return Town("nanjie", larger=3.0)


def getis_ord(town: Town, rng: np.random.Generator) -> bool:
    found = hotspots.getis_ord(rng.permutation(town.counts), town.around, level=LEVEL)
    return bool(found.direction.any())


def getis_ord_by_permutations(town: Town, rng: np.random.Generator) -> bool:
    values = rng.permutation(town.counts) + 0.5  # no whole numbers: no exact test
    found = hotspots.getis_ord(values, town.around, level=LEVEL, permutations=999, seed=1)
    return bool(found.direction.any())


def local_moran(town: Town, rng: np.random.Generator) -> bool:
    found = hotspots.local_moran(rng.permutation(town.counts), town.around, level=LEVEL)
    return bool(found.direction.any())


def moran(town: Town, rng: np.random.Generator) -> bool:
    found = hotspots.moran(rng.permutation(town.counts), town.around, permutations=199, seed=1)
    return found.p <= LEVEL


def general_g(town: Town, rng: np.random.Generator) -> bool:
    found = hotspots.general_g(rng.permutation(town.counts), town.around, permutations=199, seed=1)
    return found.p <= LEVEL


def emerging(town: Town, rng: np.random.Generator) -> bool:
    table = rng.permutation(town.cube.ravel()).reshape(town.cube.shape)
    return bool(hotspots.emerging_hotspots(table, town.around, level=LEVEL).sign.any())


def trends(town: Town, rng: np.random.Generator) -> bool:
    p = hotspots.mann_kendall(rng.permuted(town.cube, axis=1)).p
    return hotspots.benjamini_hochberg(p, level=LEVEL).threshold > 0


def knox(town: Town, rng: np.random.Generator) -> bool:
    table = hotspots.knox_table(
        town.x,
        town.y,
        rng.permutation(town.days),
        distance_bands=[100],
        delay_bands=[7],
        shuffles=99,
        seed=1,
    )
    return bool(table.p[0, 0] <= LEVEL)


def change(town: Town, rng: np.random.Generator) -> bool:
    late = rng.random(town.days.size) < 0.5
    before, after = (
        np.bincount(town.cell[chosen & (town.cell >= 0)], minlength=town.inside.size)
        for chosen in (~late, late)
    )
    return bool(hotspots.change_map(before, after, level=LEVEL).direction.any())


def before_after(town: Town, rng: np.random.Generator) -> bool:
    late = int((rng.random(town.days.size) < 0.5).sum())
    return hotspots.compare_counts(town.days.size - late, late).p <= LEVEL


def probabilities(town: Town, rng: np.random.Generator) -> bool:
    people = town.counts + 5
    share = people / people.sum()
    events = rng.multinomial(400, share)
    found = hotspots.probability_map(events, people)
    p = hotspots.two_sided(found.p_high, found.p_low)
    return hotspots.benjamini_hochberg(p, level=LEVEL).threshold > 0


def _alarm(found) -> bool:
    return bool(found.clusters) and found.clusters[0].p <= LEVEL


def poisson_scan(town: Town, rng: np.random.Generator) -> bool:
    people = town.counts + 5
    cases = rng.multinomial(400, people / people.sum())
    return _alarm(hotspots.poisson_scan(*town.centres.T, cases, people, replicates=99, seed=1))


def bernoulli_scan(town: Town, rng: np.random.Generator) -> bool:
    hers = rng.permutation(town.kind == "environment") & (town.cell >= 0)
    cases = np.bincount(town.cell[hers], minlength=town.inside.size)
    return _alarm(
        hotspots.bernoulli_scan(*town.centres.T, cases, town.counts, replicates=99, seed=1)
    )


def _space_time(town: Town, rng: np.random.Generator) -> np.ndarray:
    month = rng.permutation(np.minimum(town.days // 30, 11))
    known = town.cell >= 0
    slot = town.cell[known] * 12 + month[known]
    return np.bincount(slot, minlength=town.inside.size * 12).reshape(-1, 12)


def space_time_permutation_scan(town: Town, rng: np.random.Generator) -> bool:
    table = _space_time(town, rng)
    return _alarm(
        hotspots.space_time_permutation_scan(
            *town.centres.T, table, longest_steps=3, replicates=99, seed=1
        )
    )


def space_time_poisson_scan(town: Town, rng: np.random.Generator) -> bool:
    people = town.counts + 5
    share = np.repeat(people / people.sum() / 12, 12)
    cases = rng.multinomial(400, share).reshape(-1, 12)
    return _alarm(
        hotspots.space_time_poisson_scan(
            *town.centres.T, cases, people, longest_steps=3, replicates=99, seed=1
        )
    )


SCANS = (
    poisson_scan,
    bernoulli_scan,
    space_time_permutation_scan,
    space_time_poisson_scan,
)
METHODS = (
    getis_ord,
    getis_ord_by_permutations,
    local_moran,
    moran,
    general_g,
    emerging,
    trends,
    knox,
    change,
    before_after,
    probabilities,
    *SCANS,
)


def most_alarms(permutations: int) -> int:
    from scipy.stats import binom

    return int(binom.ppf(0.99, permutations, LEVEL))


@pytest.mark.parametrize("permutations", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_false_alarms_stay_within_the_level(town, coarse_town, method, permutations):
    rng = np.random.default_rng(20261123)
    where = coarse_town if method in SCANS else town
    alarms = sum(method(where, rng) for _ in range(permutations))
    assert alarms <= most_alarms(permutations), f"{alarms} of {permutations}"


@pytest.mark.parametrize("key", ["nanjie", "xiameiqiao", "wenyuan", "chengzhen", "donghu"])
def test_the_planted_clusters_stand_in_the_first_place(key):
    town = Town(key)
    about = json.loads((DATA / key / "place.json").read_text())
    crs = LocalCRS(about["meridian"])
    first = np.datetime64("2025-11-01")
    for cluster in about["clusters"]:
        x, y = crs.to_metres(np.array([[cluster["lon"], cluster["lat"]]]))[0]
        begins, ends = (
            int((np.datetime64(cluster[side][:10], "D") - first).astype(int))
            for side in ("from", "to")
        )
        hers = (town.kind == cluster["category"]) & (town.days >= begins) & (town.days < ends)
        hers &= town.cell >= 0
        cases = np.bincount(town.cell[hers], minlength=town.inside.size)
        found = hotspots.getis_ord(cases, town.around)
        best = np.argmax(np.where(found.direction > 0, np.nan_to_num(found.z), -np.inf))
        assert found.direction[best] == 1
        assert np.hypot(*(town.centres[best] - (x, y))) < 2 * cluster["radius_m"]
        scan = hotspots.bernoulli_scan(
            *town.centres.T, cases, town.counts, largest_share=0.2, replicates=99, seed=1
        )
        assert scan.clusters[0].p == 0.01
        members = town.centres[scan.clusters[0].sites]
        assert np.hypot(*(members.mean(axis=0) - (x, y))) < 2 * cluster["radius_m"]
