"""The layers that are served: names, tables, and the properties that a client sees.

Tiles carry few properties, because attributes are a third of a tile's cost; a click asks for the
rest by id. Conditions are SQL over the layer's own table, written here and nowhere else.
"""

from __future__ import annotations

from gridmap.errors import NotFound
from gridmap.model import Layer, Property, PropertyType


def _p(
    name: str,
    kind: PropertyType,
    title: str,
    title_en: str,
    *,
    column: str | None = None,
    in_tiles: bool = False,
) -> Property:
    return Property(name, kind, title, title_en, column or name, in_tiles)


_PLACE = _p("place", "string", "地方", "place", in_tiles=True)
_CODE = _p("code", "string", "编码", "code")
_NAME = _p("name", "string", "名称", "name", in_tiles=True)
_NAME_EN = _p("name_en", "string", "英文名", "name in English", in_tiles=True)
_UPDATED = _p("updated_at", "datetime", "更新时间", "updated")

_GRID_PROPERTIES = (
    _PLACE,
    _p("network", "string", "网", "network", in_tiles=True),
    _p("level", "integer", "层级", "level", in_tiles=True),
    _p("code", "string", "编码", "code", in_tiles=True),
    _NAME,
    _NAME_EN,
    _p("kind", "string", "类型", "kind"),
    _p("parent", "string", "上级编码", "code of the parent"),
    _p("plan", "integer", "方案", "plan", column="plan_id"),
    _p("households", "integer", "户数", "households", in_tiles=True),
    _p("residents", "integer", "人口", "residents"),
    _p("buildings", "integer", "楼栋数", "buildings"),
    _p("dossiers", "integer", "民情档案", "dossiers"),
    _p("area_m2", "number", "面积（平方米）", "area in square metres"),
    _UPDATED,
)
# Published and valid today; drafts are served by their plan only.
_CURRENT = "valid @> current_date"

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer(
            "territories",
            "territory",
            "辖区",
            "Territories",
            "Streets, towns, communities and villages with their 12-digit codes",
            "Polygon",
            (
                _PLACE,
                _p("code", "string", "编码", "code", in_tiles=True),
                _NAME,
                _NAME_EN,
                _p("kind", "string", "类型", "kind", in_tiles=True),
                _p("parent", "string", "上级编码", "code of the parent"),
                _UPDATED,
            ),
            _CURRENT,
        ),
        Layer(
            "grids",
            "grid",
            "网格",
            "Grids",
            "The areas of every published plan, every network and level",
            "Polygon",
            _GRID_PROPERTIES,
            _CURRENT,
        ),
        Layer(
            "micro-grids",
            "grid",
            "微网格",
            "Micro-grids",
            "The grids of level 3, which make their parents exactly",
            "Polygon",
            _GRID_PROPERTIES,
            f"{_CURRENT} AND level = 3",
        ),
        Layer(
            "buildings",
            "building",
            "楼栋",
            "Buildings",
            "Footprints with counts of units, households, residents and dossiers",
            "Polygon",
            (
                _PLACE,
                _CODE,
                _NAME,
                _NAME_EN,
                _p("address", "string", "地址", "address"),
                _p("usage", "string", "用途", "usage", in_tiles=True),
                _p("floors", "integer", "层数", "floors", in_tiles=True),
                _p("height_m", "number", "高度（米）", "height in metres"),
                _p("units", "integer", "单元数", "units"),
                _p("households", "integer", "户数", "households", in_tiles=True),
                _p("residents", "integer", "人口", "residents"),
                _p("dossiers", "integer", "民情档案", "dossiers"),
                _UPDATED,
            ),
        ),
        Layer(
            "resource-points",
            "resource_point",
            "资源点",
            "Resource points",
            "Places that serve: centres, stations, clinics, mediation rooms, hydrants",
            "Point",
            (
                _PLACE,
                _CODE,
                _NAME,
                _NAME_EN,
                _p("category", "string", "类别", "category", in_tiles=True),
                _p("serves", "string", "服务层级", "level that it serves"),
                _p("opening_hours", "string", "开放时间", "opening hours"),
                _p("services", "array", "服务内容", "services"),
                _p("capacity", "integer", "容量", "capacity"),
                _p("organisation", "string", "单位", "organisation"),
                _UPDATED,
            ),
        ),
        Layer(
            "incidents",
            "incident",
            "事件",
            "Incidents",
            "What was reported, where and when",
            "Point",
            (
                _PLACE,
                _CODE,
                _p("category", "string", "类别", "category", in_tiles=True),
                _p("severity", "integer", "严重程度", "severity", in_tiles=True),
                _p("channel", "string", "来源", "channel"),
                _p("state", "string", "状态", "state", in_tiles=True),
                _p("title", "string", "标题", "title"),
                _p("reported_at", "datetime", "上报时间", "reported", in_tiles=True),
                _p("due_at", "datetime", "期限", "due"),
                _p("closed_at", "datetime", "办结时间", "closed"),
                _UPDATED,
            ),
            time="reported_at",
        ),
        Layer(
            "streets",
            "street",
            "道路",
            "Streets",
            "Streets and lanes by kind",
            "LineString",
            (
                _PLACE,
                _NAME,
                _NAME_EN,
                _p("kind", "string", "类型", "kind", in_tiles=True),
                _p("width_m", "number", "宽度（米）", "width in metres"),
                _UPDATED,
            ),
        ),
        Layer(
            "water",
            "water",
            "水系",
            "Water",
            "Rivers, canals, lakes and ponds",
            "Geometry",
            (
                _PLACE,
                _NAME,
                _NAME_EN,
                _p("kind", "string", "类型", "kind", in_tiles=True),
                _UPDATED,
            ),
        ),
        Layer(
            "land-use",
            "land_use",
            "用地",
            "Land use",
            "Parks, estates, schools, fields and woods: the ground of the map",
            "Polygon",
            (
                _PLACE,
                _NAME,
                _NAME_EN,
                _p("kind", "string", "类型", "kind", in_tiles=True),
                _UPDATED,
            ),
        ),
    )
}


def is_dated(layer: Layer) -> bool:
    """Say whether a layer's features have a period: what it shows hangs on the day."""
    return _CURRENT in (layer.condition or "")


def condition_on(layer: Layer, valid: str) -> str:
    """The condition of a dated layer with other SQL in the place of "valid today"."""
    return (layer.condition or "true").replace(_CURRENT, valid)


def find_layer(name: str) -> Layer:
    """Find a layer by its public name.

    Raises
    ------
    NotFound
        No such layer; the hint lists those that there are.
    """
    if name not in LAYERS:
        raise NotFound(f"There is no layer {name!r}", hint=f"Layers: {', '.join(LAYERS)}.")
    return LAYERS[name]
