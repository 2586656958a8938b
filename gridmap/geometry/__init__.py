"""Pure geometry: shapely, numpy and pyproj; no database, no file, no clock."""
