"""Where does a point belong? One point with all that is known, or a file of points with its codes.

The rules are the same for both:

- The territory is the smallest one that has the point, boundary included; of two that share the
  boundary, the one with the lower id.
- The area of a network is that of its lowest level, boundary included; of several, first those of
  the territory found, then the lower id. The levels above follow from it by their links, so the
  chain of a point on a boundary is never mixed from two sides.
- The building is the one that has the point, of several the one with the lower id; else the nearest
  one within 30 m, with its distance.
"""

from gridmap.services.locate.batch import COLUMNS, MOST_POINTS, locate_points
from gridmap.services.locate.point import locate_point

__all__ = ["COLUMNS", "MOST_POINTS", "locate_point", "locate_points"]
