"""Vector tiles: a plain ASGI application in front of FastAPI, because most requests end here.

A request is answered from memory without waiting for anything when every layer of it is there under
the revision that is current; `application` has the way of those that are not.
"""

from gridmap.api.tiles.application import Tiles
from gridmap.api.tiles.documentation import PATHS

__all__ = ["PATHS", "Tiles"]
