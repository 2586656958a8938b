"""Atoms with households into contiguous, compact grids inside a range of households.

>>> import numpy as np
>>> from gridmap.algorithms import partition
>>> row = np.arange(6)  # six blocks of 100 m in a row, 30 households each
>>> atoms = partition.Atoms(
...     households=np.full(6, 30),
...     area_m2=np.full(6, 1e4),
...     perimeter_m=np.full(6, 400.0),
...     centre=np.column_stack((row * 100.0, np.zeros(6))),
...     neighbours=partition.Neighbours(
...         first=row[:-1],
...         second=row[1:],
...         length=np.full(5, 100.0),
...         off_street=np.zeros(5, dtype=bool),
...         barrier=np.zeros(5, dtype=bool),
...     ),
... )
>>> plan = partition.partition(
...     atoms, partition.SizeRange(50, 70), grids=3, rng=np.random.default_rng(1)
... )
>>> plan.grid.tolist()
[1, 1, 2, 2, 3, 3]
"""

from gridmap.algorithms.partition.answer import GridFigures, Miss, Plan
from gridmap.algorithms.partition.partitioning import partition, usual_steps
from gridmap.algorithms.partition.preparing import prepare
from gridmap.algorithms.partition.problem import (
    Atoms,
    Fixed,
    Neighbours,
    Outlines,
    SizeRange,
    trace_outlines,
)
from gridmap.algorithms.partition.search import Weights

__all__ = [
    "Atoms",
    "Fixed",
    "GridFigures",
    "Miss",
    "Neighbours",
    "Outlines",
    "Plan",
    "SizeRange",
    "Weights",
    "partition",
    "prepare",
    "trace_outlines",
    "usual_steps",
]
