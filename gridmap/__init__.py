"""The map under grid-based community governance (网格化治理)."""

from importlib.metadata import version

__version__ = version("gridmap")
