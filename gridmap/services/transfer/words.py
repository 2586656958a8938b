"""Values of other people's files and gridmap's words for them: column → value → word.

The column `*` is any column without words of its own; the value `*` is any value without a word.
Values are compared without case, and with `_` for spaces. An empty word means "says nothing", so
that the next column is asked.
"""

from __future__ import annotations

STREET_KINDS = ("motorway", "arterial", "street", "lane", "path", "railway")
BUILDING_USAGES = (
    "residential", "commercial", "office", "school", "hospital", "industrial", "public",
    "village-house",
)  # fmt: skip
CHANNELS = ("patrol", "hotline", "resident", "courier", "walk-in")
INCIDENT_STATES = (
    "reported", "accepted", "dispatched", "in progress", "resolved", "verified", "closed",
    "rejected",
)  # fmt: skip

Words = dict[str, dict[str, str]]


def _each(**groups: str) -> dict[str, str]:
    """`word="value value …"` → value → word; `_` in a word stands for `-`."""
    return {
        value: word.replace("_", "-") for word, values in groups.items() for value in values.split()
    }


TERRITORY_KIND: Words = {
    "*": _each(
        county="county 县 區 区 市辖区 县级市 区县",
        street="street subdistrict 街道 街道办事处",
        town="town township 镇 乡 鎮 鄉 乡镇",
        community="community 社区 社區 居委会 居民委员会",
        village="village 村 行政村 村委会 村民委员会",
    )
}

_HIGHWAY = _each(
    motorway="motorway motorway_link",
    arterial="trunk trunk_link primary primary_link secondary secondary_link",
    street="tertiary tertiary_link unclassified residential road busway bus_guideway",
    lane="living_street service lane alley",
    path="pedestrian footway path steps cycleway track trail bridleway corridor pier sidewalk",
)
_RAILWAY = _each(
    railway="rail light_rail subway tram narrow_gauge monorail funicular preserved railway"
)
STREET_KIND: Words = {
    "highway": _HIGHWAY,
    "railway": _RAILWAY,
    "*": {
        # Classes of Tilezen and of Natural Earth, which some exports have.
        **_each(motorway="highway", arterial="major_road", street="minor_road", railway="rail"),
        **_HIGHWAY,
        **_RAILWAY,
        **{word: word for word in STREET_KINDS},
        **_each(
            motorway="高速公路 高速 快速路 高架",
            arterial="主干路 主干道 主幹道 次干路 次干道 国道 省道 大道",
            street="支路 街 街道 路 城市道路 县道 乡道",
            lane="巷 弄 胡同 里弄 小巷 巷道 小区道路 内部道路 村道",
            path="步行街 人行道 小路 步道 绿道 自行车道",
            railway="铁路 地铁 轻轨 轨道交通",
        ),
    },
}

_BUILDING = _each(
    residential="""residential apartments house detached terrace semidetached_house dormitory
        bungalow static_caravan annexe""",
    commercial="commercial retail supermarket kiosk hotel mall shop bank restaurant market",
    office="office bank_office embassy",
    school="school university college kindergarten education",
    hospital="hospital clinic",
    industrial="industrial warehouse factory manufacture workshop storage_tank",
    public="""public civic government church temple mosque shrine cathedral chapel religious
        train_station transportation museum fire_station police library sports_hall sports_centre
        stadium pavilion toilets community_centre place_of_worship arts_centre townhall
        communications_tower tower theatre""",
    village_house="farm cabin hut village-house",
)
BUILDING_USAGE: Words = {
    "building": {**_BUILDING, **_each(public="service"), "yes": ""},
    "amenity": _each(
        school="school university college kindergarten childcare training",
        hospital="hospital clinic doctors",
        public="""townhall community_centre library place_of_worship police fire_station courthouse
            theatre arts_centre social_centre post_office toilets""",
        commercial="restaurant cafe fast_food bar pub bank fuel marketplace cinema pharmacy",
    ),
    "shop": {"*": "commercial", "no": "", "vacant": "commercial"},
    "office": {"*": "office", "no": "", "government": "public"},
    "tourism": _each(commercial="hotel hostel guest_house motel", public="museum gallery"),
    "*": {
        **_BUILDING,
        "building": "",
        **{word: word for word in BUILDING_USAGES},
        **_each(
            residential="住宅 居住 居民楼 住宅楼 公寓 商住 商住楼 宿舍 安置房",
            commercial="商业 商業 商铺 商场 酒店 商业楼 市场",
            office="办公 辦公 写字楼 办公楼",
            school="学校 學校 教学楼 幼儿园 教育",
            hospital="医院 醫院 医疗 卫生",
            industrial="工业 工業 厂房 仓库 仓储",
            public="公共 公建 公共建筑 政府 机关 公共服务 文化 体育 宗教",
            village_house="农房 农村住宅 自建房 民房 村民住宅",
        ),
    },
}

WATER_KIND: Words = {
    "water": _each(
        river="river stream oxbow rapids",
        canal="canal ditch lock moat",
        lake="lake reservoir lagoon",
        pond="pond basin fountain wastewater fishpond swimming_pool",
        sea="sea bay harbour",
    ),
    "waterway": _each(river="river riverbank stream", canal="canal ditch drain dock"),
    "natural": _each(sea="bay strait coastline sea"),
    "landuse": _each(lake="reservoir", pond="basin salt_pond aquaculture"),
    "*": {
        **_each(
            river="river riverbank stream 河 河流 江 溪 河道",
            canal="canal dock ditch drain 运河 渠 水渠 沟渠 渠道",
            lake="lake reservoir 湖 湖泊 水库",
            pond="pond basin swimming_pool playa 池塘 塘 坑塘 鱼塘",
            sea="sea ocean bay 海 海域",
        ),
        "water": "water",
    },
}

LAND_USE_KIND: Words = {
    "landuse": _each(
        residential="residential",
        commercial="commercial retail",
        industrial="industrial railway quarry port depot garages construction brownfield landfill",
        park="""grass recreation_ground village_green flowerbed greenery plant_nursery
            winter_sports""",
        farmland="farmland farmyard meadow allotments greenhouse_horticulture animal_keeping paddy",
        forest="forest",
        orchard="orchard vineyard",
        school="education",
        government="institutional",
    ),
    "leisure": _each(
        park="""park garden playground pitch nature_reserve dog_park golf_course sports_centre
            stadium track common recreation_ground""",
    ),
    "amenity": _each(
        school="school university college kindergarten",
        hospital="hospital clinic",
        government="townhall police courthouse fire_station",
        square="square",
        commercial="marketplace",
    ),
    "natural": _each(forest="wood scrub tree_row", park="grassland heath", farmland="meadow"),
    "place": _each(square="square", village="village hamlet"),
    "highway": _each(square="pedestrian footway"),
    "*": {
        **_each(
            residential="residential 居住 住宅 居住用地 住宅用地 小区 住宅小区",
            commercial="commercial retail 商业 商业用地 商服用地",
            industrial="industrial 工业 工业用地 仓储用地",
            park="park garden 公园 绿地 公园绿地",
            farmland="farmland 耕地 农田 农用地 水田 旱地",
            forest="forest wood 林地 森林",
            orchard="orchard 园地 果园 茶园",
            school="school university college kindergarten 学校 教育用地",
            hospital="hospital 医院 医疗用地",
            square="square pedestrian 广场",
            village="village 村庄 农村宅基地",
            government="government 机关 机关团体用地 行政办公用地",
        ),
        "*": "*",
    },
}

_AMENITY = _each(
    clinic="clinic doctors hospital dentist pharmacy health_post",
    police_post="police",
    school="school kindergarten college university childcare training",
    market="marketplace",
    library="library",
    elderly_care="social_facility nursing_home",
    service_centre="community_centre townhall post_office social_centre public_service",
    station="fire_station",
    legal_aid="courthouse",
    shelter="shelter",
    enterprise="""bank restaurant cafe fast_food bar pub food_court ice_cream fuel car_wash
        bureau_de_change cinema theatre nightclub car_rental veterinary internet_cafe""",
)
# Shops, offices and crafts are enterprises whatever they sell.
POINT_CATEGORY: Words = {
    "amenity": _AMENITY,
    "emergency": _each(
        aed="defibrillator",
        hydrant="fire_hydrant",
        shelter="assembly_point",
        clinic="ambulance_station",
    ),
    "healthcare": {"*": "clinic"},
    "office": {"*": "enterprise", **_each(service_centre="government", legal_aid="lawyer notary")},
    "shop": {"*": "enterprise", "no": "", **_each(market="supermarket mall greengrocer")},
    "craft": {"*": "enterprise"},
    "tourism": _each(enterprise="hotel hostel guest_house motel"),
    "leisure": _each(enterprise="fitness_centre"),
    "*": {
        **_AMENITY,
        **_each(
            enterprise="""hotel hostel shop convenience clothes jewelry electronics books bicycle
                computer mobile_phone company fitness""",
            market="supermarket mall greengrocer",
            service_centre="government",
            aed="defibrillator aed 自动体外除颤器 除颤仪",
            hydrant="fire_hydrant hydrant 消防栓 消火栓",
        ),
        **_each(
            service_centre="党群服务中心 便民服务中心 服务中心 社区服务站 网格服务站",
            station="驿站 站点 红色驿站 暖心驿站",
            police_post="警务室 派出所 警务站",
            legal_aid="法律援助 法律援助站 法律服务",
            mediation_room="调解室 人民调解室 矛盾调解室",
            deliberation="议事点 议事厅 协商议事 居民议事厅",
            clinic="卫生室 卫生服务站 诊所 医院 社区卫生服务中心",
            partner="共建单位 联建单位 合作单位",
            enterprise="企业 商户 商铺 公司",
            school="学校 幼儿园 小学 中学",
            shelter="避难所 应急避难场所",
            market="市场 菜市场 农贸市场 超市",
            library="图书馆 农家书屋",
            elderly_care="养老院 养老服务 日间照料中心 敬老院",
        ),
        "*": "*",
    },
}
# What a point without a name is called.
CATEGORY_NAMES = {
    "service-centre": "服务中心", "station": "驿站", "police-post": "警务室",
    "legal-aid": "法律援助站", "mediation-room": "调解室", "deliberation": "议事点",
    "clinic": "诊所", "aed": "自动体外除颤器", "hydrant": "消火栓", "partner": "共建单位",
    "enterprise": "商户", "school": "学校",
    "shelter": "避难场所", "market": "市场", "library": "图书馆", "elderly-care": "养老服务",
}  # fmt: skip

SERVES: Words = {
    "*": {
        **_each(
            street="street 街道 镇 乡",
            community="community 社区 村",
            grid="grid 网格 微网格 micro-grid",
            building="building 楼栋 小区",
        ),
    }
}

INCIDENT_CATEGORY: Words = {
    "*": {
        **_each(
            dispute="dispute 矛盾纠纷 纠纷 调解 邻里纠纷",
            hazard="hazard 安全隐患 隐患 安全生产",
            environment="environment 环境卫生 环境 市容 市容环境 环境保护 垃圾",
            facility="facility 公共设施 设施 公用设施 部件 设施损坏",
            order="order 治安 秩序 社会治安 街面秩序",
            service="service 便民服务 服务 求助 咨询 民生服务",
            traffic="traffic 交通 交通出行 道路交通 停车",
            fire="fire 火灾 消防 消防安全",
        ),
        "*": "*",
    }
}
SEVERITY: Words = {
    "*": {
        **{word: word for word in "1234"},
        **_each(
            **{"1": "low minor 低 轻微 一级", "2": "medium normal 中 一般 普通 二级"},
            **{"3": "high major 高 较大 严重 重要 三级", "4": "critical 重大 特大 紧急 特急 四级"},
        ),
    }
}
CHANNEL: Words = {
    "*": {
        **{word: word for word in CHANNELS},
        **_each(
            patrol="巡查 网格巡查 网格员 网格员上报 日常巡查",
            hotline="热线 12345 12345热线 电话",
            resident="居民 群众 居民上报 群众上报 随手拍 市民",
            courier="快递员 外卖员 快递 骑手 快递小哥",
        ),
        **_each(walk_in="来访 上门 窗口 群众来访"),
    }
}
INCIDENT_STATE: Words = {
    "*": {
        **{word.replace(" ", "_"): word for word in INCIDENT_STATES},
        **_each(
            reported="已上报 待受理 上报 open",
            accepted="已受理 受理",
            dispatched="已派单 派单 已派遣",
            resolved="已处理 已解决",
            verified="已核实 已回访",
            closed="已办结 办结 结案 已结案 已完成",
            rejected="不予受理 退回 作废 驳回",
        ),
        "处理中": "in progress",
        "办理中": "in progress",
    }
}
GRID_KIND: Words = {
    "*": _each(
        comprehensive="comprehensive 综合 综合网格 基础网格 一般网格",
        special="special 专属 专属网格 专属网",
    )
}
