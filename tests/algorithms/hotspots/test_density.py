"""Kernel density: rasters against exact sums, sums against spatstat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

KERNELS = ["gaussian", "quartic", "epanechnikov", "triangular", "uniform"]
BOX = (0.0, 0.0, 1000.0, 500.0)


@pytest.fixture(scope="module")
def spatstat(read_table):
    """Patterns by name: x, y, bounds."""
    table = read_table("spatstat_kde/bandwidths.csv")
    patterns = {}
    for row, name in enumerate(table["set"]):
        points = read_table(f"spatstat_kde/{name}.csv")
        bounds = tuple(float(table[key][row]) for key in ("xmin", "ymin", "xmax", "ymax"))
        patterns[str(name)] = (points["x"], points["y"], bounds)
    return patterns


def test_densities_at_points_equal_spatstat(spatstat, read_table):
    table = read_table("spatstat_kde/density_at_first5_points.csv")
    for row, name in enumerate(table["set"]):
        kernel = str(table["kernel"][row]).replace("disc", "uniform")
        corrected = table["edge"][row] == "TRUE"
        x, y, bounds = spatstat[str(name)]
        point, sigma = int(table["point"][row]) - 1, table["sigma"][row]
        density = hotspots.density_at_points(
            x, y, sigma_m=sigma, kernel=kernel, leave_one_out=False
        )[point]
        if corrected and kernel == "gaussian":
            density /= hotspots.kernel_share_inside(
                x[[point]], y[[point]], bounds, sigma_m=sigma, kernel=kernel
            )[0]
        elif corrected:
            # spatstat sums these kernels on a raster of 128 × 128 and reads the pixel of the point;
            # ours is the integral. At the middle of that pixel they agree.
            middle = [
                low + (np.floor((value - low) * 128 / (high - low)) + 0.5) * (high - low) / 128
                for value, low, high in (
                    (x[[point]], bounds[0], bounds[2]),
                    (y[[point]], bounds[1], bounds[3]),
                )
            ]
            density /= hotspots.kernel_share_inside(*middle, bounds, sigma_m=sigma, kernel=kernel)[
                0
            ]
        tolerance = 4e-3 if corrected and kernel != "gaussian" else 1e-12
        assert density == pytest.approx(table["density"][row], rel=tolerance), (name, kernel, row)


def test_bandwidths_equal_spatstat(spatstat, read_table):
    table = read_table("spatstat_kde/bandwidths.csv")
    for row, name in enumerate(table["set"]):
        x, y, bounds = spatstat[str(name)]
        scott = hotspots.scott_bandwidths(x, y)
        assert scott == pytest.approx((table["bw_scott_x"][row], table["bw_scott_y"][row]))
        for method, column in (
            (hotspots.diggle_bandwidth, "bw_diggle"),
            (hotspots.likelihood_bandwidth, "bw_ppl"),
            (hotspots.cronie_van_lieshout_bandwidth, "bw_CvL"),
        ):
            found = method(x, y, bounds)
            assert found.sigma_m == pytest.approx(table[column][row], rel=1e-9), (name, column)
            assert found.candidates.shape == found.criterion.shape


@pytest.mark.parametrize("edge", ["none", "uniform", "diggle"])
@pytest.mark.parametrize("kernel", KERNELS)
def test_a_raster_is_the_exact_sum_up_to_the_size_of_its_pixels(kernel, edge):
    rng = np.random.default_rng(3)
    x = np.concatenate((rng.normal(300, 60, 800) % 1000, rng.uniform(0, 1000, 800)))
    y = np.concatenate((rng.normal(100, 40, 800) % 500, rng.uniform(0, 500, 800)))
    surface = hotspots.density_surface(
        x, y, BOX, sigma_m=25, columns=200, rows=100, kernel=kernel, edge=edge
    )
    across, up = np.meshgrid(np.arange(200) * 5 + 2.5, np.arange(100) * 5 + 2.5)
    exact = hotspots.density_at(
        x, y, across.ravel(), up.ravel(), sigma_m=25, kernel=kernel, edge=edge, bounds=BOX
    ).reshape(100, 200)
    error = np.abs(surface.density - exact)
    # The uniform kernel jumps at its rim, where a raster cannot follow.
    assert np.sqrt((error**2).mean()) < (0.02 if kernel == "uniform" else 0.002) * exact.max()


@given(
    st.sampled_from(KERNELS),
    st.floats(10, 80),
    st.integers(1, 60),
    st.integers(0, 2**31),
)
def test_mass_is_kept(kernel, sigma, count, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 1000, count), rng.uniform(0, 500, count)
    weights = rng.random(count)
    kept = hotspots.density_surface(
        x,
        y,
        BOX,
        sigma_m=sigma,
        columns=100,
        rows=50,
        kernel=kernel,
        edge="diggle",
        weights=weights,
    )
    assert kept.total == pytest.approx(weights.sum(), rel=1e-9)
    plain = hotspots.density_surface(
        x, y, BOX, sigma_m=sigma, columns=100, rows=50, kernel=kernel, edge="none"
    )
    assert plain.total <= count * (1 + 1e-9)
    assert (plain.density >= 0).all()


@pytest.mark.parametrize("kernel", KERNELS)
def test_sigma_is_the_standard_deviation_of_every_kernel(kernel):
    one = hotspots.density_surface(
        [500.0],
        [500.0],
        (0, 0, 1000, 1000),
        sigma_m=40,
        columns=500,
        rows=500,
        kernel=kernel,
        edge="none",
    )
    place = np.arange(500) * 2 + 1 - 500.0
    column = one.density.sum(axis=0)
    assert np.sqrt((column * place**2).sum() / column.sum()) == pytest.approx(40, rel=2e-3)
    assert one.total == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("kernel", KERNELS[1:])
def test_the_share_inside_is_the_integral(kernel):
    rng = np.random.default_rng(0)
    x, y = np.r_[rng.uniform(0, 100, 6), 0, 3], np.r_[rng.uniform(0, 70, 6), 0, 69]
    share = hotspots.kernel_share_inside(x, y, (0, 0, 100, 70), sigma_m=14, kernel=kernel)
    radius = hotspots.kernel_radius(kernel, 14)
    across, up = np.meshgrid((np.arange(2000) + 0.5) / 20, (np.arange(1400) + 0.5) / 20)
    for place in range(x.size):
        square = ((across - x[place]) ** 2 + (up - y[place]) ** 2) / radius**2
        inside = np.maximum(1 - square, 0)
        height = {
            "quartic": inside**2 * 3,
            "epanechnikov": inside * 2,
            "triangular": np.maximum(1 - np.sqrt(square), 0) * 3,
            "uniform": (square <= 1) * 1.0,
        }[kernel] / (np.pi * radius**2)
        assert share[place] == pytest.approx(height.sum() / 400, abs=2e-4)


def test_a_mask_keeps_density_inside():
    mask = np.zeros((50, 100), bool)
    mask[10:40, 20:80] = True
    x, y = np.random.default_rng(0).uniform(0, 1, (2, 4000)) * [[1000], [500]]
    found = hotspots.density_surface(x, y, BOX, sigma_m=30, columns=100, rows=50, mask=mask)
    assert np.isnan(found.density[~mask]).all()
    # 4,000 on 0.5 km²; even at the border of the mask, where the kernel is cut.
    assert np.abs(found.density[mask] / (4000 / 5e5) - 1).max() < 0.5
    assert found.density[mask].mean() == pytest.approx(4000 / 5e5, rel=0.05)


def test_no_points_make_a_flat_surface_and_order_does_not_matter():
    empty = hotspots.density_surface([], [], BOX, sigma_m=30, columns=20, rows=10)
    assert (empty.density == 0).all()
    x, y = np.random.default_rng(0).uniform(0, 1, (2, 300)) * [[1000], [500]]
    one = hotspots.density_surface(x, y, BOX, sigma_m=60, columns=20, rows=10)
    other = hotspots.density_surface(x[::-1], y[::-1], BOX, sigma_m=60, columns=20, rows=10)
    assert np.allclose(one.density, other.density, rtol=1e-10)


def test_k_is_the_area_of_a_disc_for_points_without_structure():
    x, y = np.random.default_rng(1).uniform(0, 1, (2, 900)) * [[1000], [500]]
    for correction in ("isotropic", "translation", "border"):
        found = hotspots.ripley_k(x, y, BOX, correction=correction)
        disc = np.pi * found.radius_m**2
        assert np.abs(found.k[200:] / disc[200:] - 1).max() < 0.1


def test_rules_of_thumb_scale_with_the_points():
    x, y = np.random.default_rng(1).normal(0, 100, (2, 5000))
    silverman = hotspots.silverman_bandwidth(x, y)
    assert silverman == pytest.approx(100 * 5000 ** (-1 / 6), rel=0.05)
    assert hotspots.silverman_bandwidth(3 * x, 3 * y) == pytest.approx(3 * silverman)
    assert hotspots.arcgis_search_radius(3 * x, 3 * y) == pytest.approx(
        3 * hotspots.arcgis_search_radius(x, y)
    )


def test_what_cannot_be_smoothed_is_refused():
    with pytest.raises(InvalidInput, match="too coarse"):
        hotspots.density_surface([1], [1], BOX, sigma_m=3, columns=10, rows=5)
    with pytest.raises(InvalidInput, match="mask"):
        hotspots.density_surface([1], [1], BOX, sigma_m=99, columns=10, rows=5, mask=[[True]])
    with pytest.raises(InvalidInput, match="no kernel"):
        hotspots.kernel_radius("cosine", 3)
    with pytest.raises(InvalidInput, match="rectangle"):
        hotspots.density_at([1], [1], [1], [1], sigma_m=3, edge="uniform")
    with pytest.raises(InvalidInput, match="two points"):
        hotspots.scott_bandwidths([1], [1])
    with pytest.raises(InvalidInput, match="outside"):
        hotspots.ripley_k([1, -2], [1, 1], BOX)
    with pytest.raises(InvalidInput, match="one place"):
        hotspots.likelihood_bandwidth([1, 1], [1, 1], BOX)
