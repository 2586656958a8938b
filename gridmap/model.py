"""The nouns of gridmap, and the glossary that code, URLs, command line and pages keep to.

===================  ==============  ==============================================================
word                 中文             meaning
===================  ==============  ==============================================================
territory            辖区             an administrative area with a 12-digit code
network              网               one way of cutting a territory: governance, party, police, …
plan                 划分方案          one version of a network's areas, with a state and a period
grid                 网格             an area of a plan; `level` 1 总网格, 2 网格, 3 微网格
micro-grid           微网格            a grid of level 3; nests exactly in its parent
atom                 基元             the smallest face of a plan; internal: users see grids
building, unit       楼栋, 单元        a footprint with counts; a unit is a numbered stair of it
resource point       资源点            a place that serves
staff                人员             people with roles, a home point and a capacity
role                 岗位             what somebody does: grid head, grid worker, …
staffing template    配置模板          which roles an area of a level needs
assignment           任职             a person in a role on a target over a period
incident             事件             something reported at a place and a time
dispatch             派单             the way of an incident from reported to closed
cell                 单元格            a hexagon or square for analysis; never called a grid
hotspot              热点             significantly more incidents than expected
lineage              沿革             which grids of the old plan became which of the new one
===================  ==============  ==============================================================

Longitude stands before latitude, a bounding box is (west, south, east, north) in degrees, lengths
are in metres, areas in square metres, times carry their zone and windows are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PropertyType = Literal["string", "integer", "number", "boolean", "datetime", "array"]


@dataclass(frozen=True)
class Property:
    """A property of a layer's features; `column` is its name in the layer's table."""

    name: str
    type: PropertyType
    title: str
    title_en: str
    column: str
    in_tiles: bool = False


@dataclass(frozen=True)
class Layer:
    """A layer that is served: one table, or the rows of it that meet `condition`."""

    name: str
    table: str
    title: str
    title_en: str
    description: str
    geometry: Literal["Point", "LineString", "Polygon", "Geometry"]
    properties: tuple[Property, ...]
    condition: str | None = None
    time: str | None = None  # the property that OGC's `datetime` parameter filters

    def property(self, name: str) -> Property | None:
        """Find a property by its public name."""
        return next((item for item in self.properties if item.name == name), None)
