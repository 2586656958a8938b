"""Cut the atoms of a file into grids, without a database.

The file is anything that GDAL reads with polygons and a column of households. Who touches whom
comes from a table beside it, or from the polygons themselves when they are an exact coverage.
"""

from gridmap.services.partition.answer import Answer
from gridmap.services.partition.cutting import compile_loops, cut_file, steps_in
from gridmap.services.partition.source import Source

__all__ = ["Answer", "Source", "compile_loops", "cut_file", "steps_in"]
