"""Words of other people's files: which column is which property, which value is which word.

Columns are found by what they are called, in English, in Chinese, and as OpenStreetMap tags. The
order of the names matters: of two columns for one property the first counts, the others fill in
where it is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gridmap.services.transfer import words

FieldKind = Literal["text", "count", "number", "time", "code", "list", "word"]


@dataclass(frozen=True)
class Field:
    """A property that an import can fill.

    Parameters
    ----------
    name
        Name of the property and of its column in the table.
    kind
        How values are read: a `word` is one of an enumeration.
    names
        Plain names of columns (see `plain`), the best first.
    words
        For a `word`: column → value → gridmap's word; `*` as a value is any other one, the column
        `*` is any other column.
    allowed
        For a `word`: the only ones that the table takes. Empty where it takes any.
    default
        Used where the file says nothing; the report counts how often.
    required
        Without a value, and without a default, a row is refused.
    strict
        A value that is no known word refuses the row instead of falling back to the default.
    composed
        Columns that together are the value where no other column has it.
    """

    name: str
    kind: FieldKind
    names: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    default: str | None = None
    required: bool = False
    strict: bool = False
    composed: tuple[tuple[str, ...], ...] = ()


def plain(name: str) -> str:
    """A column's name without what people write in different ways."""
    return re.sub(r"[\s\-.]+", "_", name.strip().casefold())


_CODE = ("code", "编码", "編碼", "代码", "代碼", "编号", "編號")
_NAME = Field("name", "text", ("name", "名称", "名稱", "name:zh", "name_zh", "标准名称"))
_NAME_EN = Field("name_en", "text", ("name_en", "name:en", "english_name", "英文名", "英文名称"))
_KIND = ("kind", "类型", "類型", "类别", "種類", "fclass", "type")

FIELDS: dict[str, tuple[Field, ...]] = {
    "territories": (
        Field(
            "code",
            "code",
            (*_CODE, "区划代码", "行政区划代码", "统计用区划代码", "adcode", "xzqdm"),
            required=True,
        ),
        Field("name", "text", (*_NAME.names, "行政区划名称", "xzqmc"), required=True),
        _NAME_EN,
        Field("kind", "word", (*_KIND, "级别"), words=words.TERRITORY_KIND, allowed=(
            "county", "street", "town", "community", "village"), strict=True),
        Field("parent", "code", ("parent", "parent_code", "上级编码", "上级代码", "上级区划代码")),
    ),
    "streets": (
        _NAME,
        _NAME_EN,
        Field("kind", "word", ("highway", "railway", "kind_detail", *_KIND, "道路类型", "道路等级"),
              words=words.STREET_KIND, allowed=words.STREET_KINDS, default="street"),
        Field("width_m", "number", ("width_m", "width", "est_width", "宽度", "寬度", "路宽")),
    ),
    "water": (
        _NAME,
        _NAME_EN,
        Field("kind", "word", ("water", "waterway", "natural", "kind_detail", *_KIND, "landuse"),
              words=words.WATER_KIND, default="water"),
    ),
    "land-use": (
        _NAME,
        _NAME_EN,
        Field("kind", "word", ("landuse", "leisure", "amenity", "natural", "place", "highway",
              *_KIND, "用地类型", "用地性质", "用途"), words=words.LAND_USE_KIND, required=True),
    ),
    "buildings": (
        Field("code", "code", (*_CODE, "building_code", "楼栋编码", "楼栋编号", "建筑编码")),
        Field("name", "text", (*_NAME.names, "楼栋名称", "楼名", "建筑名称", "小区名称")),
        _NAME_EN,
        Field("address", "text", ("address", "addr:full", "地址", "详细地址", "门牌地址"),
              composed=(("addr:street", "addr_street"), ("addr:housenumber", "addr_housenumber"))),
        Field("usage", "word", ("usage", "building:use", "用途", "建筑用途", "房屋用途",
              "building", "amenity", "shop", "office", "tourism", "kind_detail", *_KIND, "use"),
              words=words.BUILDING_USAGE, allowed=words.BUILDING_USAGES, default="residential"),
        Field("floors", "count", ("floors", "building:levels", "levels", "层数", "層數", "楼层数",
              "地上层数", "楼层")),
        Field("height_m", "number", ("height_m", "height", "building:height", "高度", "楼高",
              "建筑高度")),
        Field("units", "count", ("units", "单元数", "單元數", "单元")),
        Field("households", "count", ("households", "户数", "戶數", "总户数", "住户数",
              "building:flats")),
        Field("residents", "count", ("residents", "population", "人口", "人口数", "人口數",
              "居民数", "居民人数", "人数", "常住人口")),
        Field("dossiers", "count", ("dossiers", "民情档案", "档案数", "民情档案数")),
    ),
    "resource-points": (
        Field("code", "code", _CODE),
        Field("name", "text", _NAME.names, required=True),
        _NAME_EN,
        Field("category", "word", ("category", "类别", "類別", "分类", "amenity", "emergency",
              "healthcare", "office", "shop", "craft", "tourism", "leisure", "kind_detail", *_KIND),
              words=words.POINT_CATEGORY, required=True),
        Field("serves", "word", ("serves", "服务层级", "服務層級"), words=words.SERVES),
        Field("opening_hours", "text", ("opening_hours", "开放时间", "開放時間", "营业时间",
              "服务时间")),
        Field("services", "list", ("services", "服务内容", "服務內容", "服务", "服务事项")),
        Field("capacity", "count", ("capacity", "容量", "容纳人数", "座位数")),
        Field("organisation", "text", ("organisation", "organization", "operator", "单位", "單位",
              "主管单位", "所属单位", "责任单位")),
    ),
    "incidents": (
        Field("code", "code", (*_CODE, "工单号", "工单编号", "事件编号", "service_request_id")),
        Field("reported_at", "time", ("reported_at", "上报时间", "上報時間", "发生时间", "受理时间",
              "requested_datetime", "created_at", "时间", "日期", "time", "date"), required=True),
        Field("category", "word", ("category", "类别", "類別", "事件类别", "事件类型",
              "service_name", *_KIND), words=words.INCIDENT_CATEGORY, required=True),
        Field("severity", "word", ("severity", "严重程度", "嚴重程度", "等级", "级别", "priority"),
              words=words.SEVERITY, allowed=("1", "2", "3", "4"), default="2", strict=True),
        Field("channel", "word", ("channel", "来源", "來源", "上报渠道", "渠道", "source"),
              words=words.CHANNEL, allowed=words.CHANNELS, default="patrol", strict=True),
        Field("state", "word", ("state", "status", "状态", "狀態", "处理状态"),
              words=words.INCIDENT_STATE, allowed=words.INCIDENT_STATES, default="reported",
              strict=True),
        Field("title", "text", ("title", "标题", "標題", "summary", "事件名称", "事件标题")),
        Field("description", "text", ("description", "描述", "内容", "內容", "事件描述", "详情")),
        Field("due_at", "time", ("due_at", "期限", "截止时间", "办结期限", "expected_datetime")),
        Field("closed_at", "time", ("closed_at", "办结时间", "辦結時間", "结案时间", "完成时间")),
    ),
    "grids": (
        Field("code", "code", (*_CODE, "网格编码", "网格编号", "grid_code")),
        Field("name", "text", (*_NAME.names, "网格名称")),
        _NAME_EN,
        Field("level", "count", ("level", "层级", "層級", "网格层级")),
        Field("kind", "word", (*_KIND, "网格类型"), words=words.GRID_KIND,
              allowed=("comprehensive", "special"), default="comprehensive", strict=True),
        Field("parent", "code", ("parent", "parent_code", "上级编码", "上级网格", "所属网格",
              "上级网格编码")),
        Field("parent_name", "text", ("parent_name", "上级网格名称", "所属网格名称")),
        Field("general", "code", ("general", "general_grid", "grandparent", "总网格",
              "总网格编码")),
    ),
}  # fmt: skip
FIELDS["micro-grids"] = FIELDS["grids"]

# What an extract of OpenStreetMap has something for.
OSM_LAYERS = ("buildings", "streets", "water", "land-use", "resource-points")

# What gridmap keeps of nobody: it is a map of areas, buildings and counts.
_PERSONAL = re.compile(
    r"身份证|證件|证件号|护照|手机|联系电话|电话|住户姓名|居民姓名|户主|^姓名$|联系人|银行|"
    r"^id_?card|passport|(^|_)phone|mobile|^contact|^email$|e_mail|owner_name|resident_name"
)
_LAYERS_WITH_PEOPLE = {"buildings", "incidents", "territories", "grids", "micro-grids"}


def is_personal(layer: str, name: str) -> bool:
    """Whether a column looks like data of persons, in a layer where it would be that."""
    return layer in _LAYERS_WITH_PEOPLE and bool(_PERSONAL.search(plain(name)))


def is_known_header(name: str) -> bool:
    """Whether a column's name is one that gridmap has a use for, in any layer."""
    return plain(name) in _EVERY_NAME


_COORDINATE_NAMES = {"经度", "纬度", "經度", "緯度", "东经", "北纬"}
_EVERY_NAME = {
    name for fields in FIELDS.values() for item in fields for name in item.names
} | _COORDINATE_NAMES
