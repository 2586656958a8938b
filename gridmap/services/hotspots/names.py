"""What methods are called."""

from __future__ import annotations

from collections.abc import Mapping

from gridmap.services.hotspots.question import Method
from gridmap.services.hotspots.words import Words

METHOD_NAMES: Mapping[Method, Words] = {
    "getis-ord": Words("Gi* 热点", "Gi* hot spots"),
    "local-moran": Words("局部 Moran 聚类与异常", "Local Moran"),
    "counts": Words("件数", "Counts"),
    "rates": Words("率（平滑）", "Rates"),
    "density": Words("核密度", "Kernel density"),
    "street-density": Words("沿街道核密度", "Density along streets"),
    "dbscan": Words("密度聚类 DBSCAN", "Clusters (DBSCAN)"),
    "hdbscan": Words("分层密度聚类 HDBSCAN", "Clusters (HDBSCAN)"),
    "st-dbscan": Words("时空聚类 ST-DBSCAN", "Space-time clusters (ST-DBSCAN)"),
    "scan": Words("扫描统计（空间）", "Scan statistic (space)"),
    "bernoulli-scan": Words("扫描统计（伯努利）", "Scan statistic (Bernoulli)"),
    "space-time-scan": Words("扫描统计（时空）", "Scan statistic (space and time)"),
    "permutation-scan": Words("扫描统计（时空置换）", "Scan statistic (space-time permutation)"),
    "emerging": Words("新兴热点", "Emerging hot spots"),
    "near-repeat": Words("近邻重复", "Near repeats"),
    "change": Words("前后变化", "Change between two windows"),
}
