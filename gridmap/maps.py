"""Any result as a folium map: for notebooks and for `gridmap map`."""
