"""Archives of incidents: written as partitioned GeoParquet, counted here or on a Dask cluster."""

from gridmap.services.archives.analysis import Answer, Method, Question, analyse
from gridmap.services.archives.engines import count_here, count_on_dask
from gridmap.services.archives.exporting import Exported, export_incidents
from gridmap.services.archives.sources import Source, open_archive, open_place

__all__ = [
    "Answer",
    "Exported",
    "Method",
    "Question",
    "Source",
    "analyse",
    "count_here",
    "count_on_dask",
    "export_incidents",
    "open_archive",
    "open_place",
]
