"""东湖社区: enterprises, three mediation platforms, and the rest of a new town."""

from __future__ import annotations

from gridmap.demo.points.common import common
from gridmap.demo.resources import ALWAYS, EVERY_DAY, Wanted
from gridmap.demo.site import Name, names

_FIRMS = (
    ("云海数据", "Yunhai Data"),
    ("滨海软件", "Binhai Software"),
    ("东湖网龙", "Donghu Netdragon"),
    ("榕树云计算", "Banyan Cloud"),
    ("闽江传感", "Minjiang Sensors"),
    ("海峡物联", "Haixia IoT"),
    ("潮汐动力", "Tidal Power"),
    ("白鹭智能", "Egret AI"),
    ("长乐纺织", "Changle Textiles"),
    ("文武砂水产", "Wenwusha Seafood"),
    ("松下机械", "Songxia Machinery"),
    ("金滨包装", "Jinbin Packaging"),
    ("恒申材料", "Hengshen Materials"),
    ("福海冷链", "Fuhai Cold Chain"),
    ("新城物流", "New Town Logistics"),
    ("海语食品", "Haiyu Foods"),
    ("东湖酒店", "Donghu Hotel"),
    ("万新超市", "Wanxin Supermarket"),
    ("滨海影城", "Binhai Cinema"),
    ("湖畔物业", "Lakeside Property"),
    ("星海教育", "Xinghai Education"),
    ("听潮餐饮", "Tingchao Catering"),
    ("漳江建设", "Zhangjiang Construction"),
    ("蓝湾设计", "Blue Bay Design"),
    ("数字印务", "Digital Print"),
    ("鹭岛旅行", "Ludao Travel"),
    ("启航人力", "Qihang Staffing"),
)

POINTS = (
    *common("东湖社区", "Donghu", aeds=8, clinics=2),
    Wanted(
        "enterprise",
        tuple(Name(f"{zh}有限公司", f"{en} Co.") for zh, en in _FIRMS),
        "community",
        ("commercial", "industrial"),
        services=("两新组织",),
    ),
    Wanted(
        "mediation-room",
        names(
            ("东湖“老厝边”调解室", "Donghu Neighbours' Mediation Room"),
            ("企业纠纷调解平台", "Enterprise Mediation Platform"),
            ("渔区纠纷调解平台", "Fishing Quarter Mediation Platform"),
        ),
        "community",
        services=("纠纷调解",),
    ),
    Wanted(
        "station",
        names(("吹哨报到驿站", "Whistle and Report-in Station"), ("骑手驿站", "Riders' Station")),
        hours=EVERY_DAY,
    ),
    Wanted(
        "school",
        names(
            ("滨海新城实验小学", "Binhai Experimental Primary School"),
            ("文武砂中学", "Wenwusha Middle School"),
        ),
        usages=("school",),
    ),
    Wanted(
        "library", names(("东湖城市书房", "Donghu City Reading Room")), hours=EVERY_DAY, capacity=40
    ),
    Wanted(
        "elderly-care",
        names(("东湖长者食堂", "Donghu Elderly Canteen")),
        hours=EVERY_DAY,
        capacity=60,
    ),
    Wanted(
        "market",
        names(("东湖农贸市场管理处", "Donghu Market Office")),
        usages=("commercial",),
        hours=EVERY_DAY,
    ),
    Wanted(
        "shelter",
        names(("东湖市民广场避难场所", "Donghu Civic Square Shelter")),
        usages=("public",),
        hours=ALWAYS,
        capacity=5000,
    ),
)
