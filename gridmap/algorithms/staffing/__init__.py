"""People to posts: the cheapest assignment there is, with its proof and its reasons.

>>> import numpy as np
>>> from gridmap.algorithms import staffing
>>> posts = staffing.Posts(
...     role=np.array([0, 0]),
...     xy=np.array([[0.0, 0.0], [500.0, 0.0]]),
...     unfilled=np.array([9000, 9000]),
... )
>>> people = staffing.People(
...     role=np.array([0, 0]), xy=np.array([[600.0, 0.0], [100.0, 0.0]]), capacity=np.array([1, 1])
... )
>>> staffing.assign(posts, people).person.tolist()
[1, 0]
"""

from gridmap.algorithms.staffing.assign import Assignment, assign
from gridmap.algorithms.staffing.pairs import Pairs, eligible_pairs, walked_pairs
from gridmap.algorithms.staffing.problem import Costs, People, Posts
from gridmap.algorithms.staffing.reasons import Forced, Funnel, Way, explain, force, ways

__all__ = [
    "Assignment",
    "Costs",
    "Forced",
    "Funnel",
    "Pairs",
    "People",
    "Posts",
    "Way",
    "assign",
    "eligible_pairs",
    "explain",
    "force",
    "walked_pairs",
    "ways",
]
