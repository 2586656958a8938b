"""Files into layers: `import_file` is the one verb, the other modules are its steps.

::

    detection → archives → opening ─ geojson, geopackages, vector_files, csv_files, parquet_files,
                                  │  osm_files (pages of columns and geometries)
    references, plausibility ─────┤  what coordinates are; whether the file can be there at all
    screening ────────────────────┤  each geometry: finite, in place, of its kind, valid
    mapping, values, completing ──┤  each column: which property, which values
    preparing → pipeline ─────────┤  batches, read ahead of the database
    datum_check, storing ─────────┘  compared with what is stored, and appended to it
    importing                        the story, one transaction; report is what it gives
"""

from gridmap.services.transfer.importing import import_file
from gridmap.services.transfer.options import ImportOptions
from gridmap.services.transfer.report import ImportRefused, Report

__all__ = ["ImportOptions", "ImportRefused", "Report", "import_file"]
