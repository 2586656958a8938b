"""Where incidents pile up more than chance would have them: the statistics, on arrays alone.

Every method is a pure function on numpy arrays, known here by name::

    from gridmap.algorithms import hotspots

    cells = hotspots.tessellate(bounds, 200)
    counts = hotspots.count_in_cells(cells, x, y)
    hot = hotspots.getis_ord(counts, hotspots.cell_neighbours(cells))

Coordinates are metres of a metric CRS, x (east) before y (north); times are local; whatever needs
chance takes a seed. Methods that loop over points or replicates need numba
(`pip install gridmap[analysis]`) and say so; the others need numpy and scipy only. Nothing is
imported until it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "gridmap.geometry.cells": ("Tessellation", "tessellate"),
    "gridmap.algorithms.hotspots.autocorrelation": ("GlobalResult", "general_g", "moran"),
    "gridmap.algorithms.hotspots.bandwidth": (
        "Bandwidth",
        "KFunction",
        "arcgis_search_radius",
        "cronie_van_lieshout_bandwidth",
        "diggle_bandwidth",
        "likelihood_bandwidth",
        "ripley_k",
        "scott_bandwidths",
        "silverman_bandwidth",
    ),
    "gridmap.algorithms.hotspots.changes": (
        "BeforeAfter",
        "ChangeMap",
        "change_map",
        "compare_counts",
    ),
    "gridmap.algorithms.hotspots.choices": ("RingChoice", "choose_cell_size", "choose_rings"),
    "gridmap.algorithms.hotspots.clusters": ("Clusters", "dbscan", "hdbscan", "st_dbscan"),
    "gridmap.algorithms.hotspots.cube": (
        "Cube",
        "build_cube",
        "count_in_cells",
        "dense_counts",
        "merge_cubes",
    ),
    "gridmap.algorithms.hotspots.density": (
        "Surface",
        "density_at",
        "density_at_points",
        "density_surface",
    ),
    "gridmap.algorithms.hotspots.emerging": (
        "CATEGORIES",
        "EmergingHotspots",
        "classify_emerging",
        "emerging_hotspots",
    ),
    "gridmap.algorithms.hotspots.evaluation": (
        "Score",
        "ScoreTable",
        "recapture_rate",
        "score_map",
        "score_table",
    ),
    "gridmap.algorithms.hotspots.exact": ("neighbour_sum_tails",),
    "gridmap.algorithms.hotspots.fdr": (
        "Discoveries",
        "benjamini_hochberg",
        "confidence_classes",
        "discovery_threshold",
        "two_sided",
    ),
    "gridmap.algorithms.hotspots.likelihood": (
        "bernoulli_likelihood_ratio",
        "poisson_likelihood_ratio",
    ),
    "gridmap.algorithms.hotspots.local": (
        "LocalResult",
        "MoranResult",
        "getis_ord",
        "local_moran",
        "permutation_tails",
    ),
    "gridmap.algorithms.hotspots.nearrepeat": ("KnoxTable", "knox_table"),
    "gridmap.algorithms.hotspots.network": ("NetworkDensity", "network_density"),
    "gridmap.algorithms.hotspots.rates": (
        "ProbabilityMap",
        "RelativeRisks",
        "SmoothedRates",
        "expected_by_strata",
        "probability_map",
        "raw_rates",
        "relative_risks",
        "smooth_rates",
        "smooth_rates_locally",
    ),
    "gridmap.algorithms.hotspots.replicates": ("ScanCluster", "ScanResult"),
    "gridmap.algorithms.hotspots.scan": (
        "bernoulli_scan",
        "poisson_scan",
        "space_time_permutation_scan",
        "space_time_poisson_scan",
    ),
    "gridmap.algorithms.hotspots.smoothing": ("kernel_radius", "kernel_share_inside"),
    "gridmap.algorithms.hotspots.snapping": (
        "SnappedIncidents",
        "StreetGraph",
        "snap_to_streets",
        "street_graph",
    ),
    "gridmap.algorithms.hotspots.times": (
        "day_counts",
        "month_counts",
        "month_edges",
        "regular_edges",
        "steps_between",
        "week_clock",
    ),
    "gridmap.algorithms.hotspots.trends": ("Slopes", "Trends", "mann_kendall", "theil_sen"),
    "gridmap.algorithms.hotspots.weights": (
        "Neighbours",
        "cell_neighbours",
        "nearest_neighbours",
        "neighbours_from_pairs",
        "neighbours_within",
        "row_standardised",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - one list, not two that drift apart


def __getattr__(name: str) -> Any:
    """Import a method when it is first asked for (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Say which methods there are."""
    return __all__
