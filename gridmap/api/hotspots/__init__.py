"""`/hotspots`: where incidents pile up more than chance, as GeoJSON, tiles and files."""

from fastapi import APIRouter

from gridmap.api.hotspots import collections, files, routes, tiles
from gridmap.api.hotspots.kept import Answers

router = APIRouter()
for _part in (routes, files, tiles, collections):
    router.include_router(_part.router)

__all__ = ["Answers", "router"]
