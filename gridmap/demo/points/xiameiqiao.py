"""下湄桥街道: a service centre for every community, and what its people look for."""

from __future__ import annotations

from gridmap.demo.points.common import common
from gridmap.demo.resources import ALWAYS, EVERY_DAY, Wanted
from gridmap.demo.site import names

POINTS = (
    *common("下湄桥街道", "Xiameiqiao", aeds=16, clinics=6),
    Wanted(
        "service-centre",
        names(
            ("福泉社区服务中心", "Fuquan Community Centre"),
            ("金桥社区服务中心", "Jinqiao Community Centre"),
            ("司马洞社区服务中心", "Simadong Community Centre"),
            ("石头峡社区服务中心", "Shitouxia Community Centre"),
            ("新泉社区服务中心", "Xinquan Community Centre"),
            ("同辉社区服务中心", "Tonghui Community Centre"),
            ("花园洞社区服务中心", "Huayuandong Community Centre"),
            ("丽景社区服务中心", "Lijing Community Centre"),
            ("温泉路社区服务中心", "Wenquan Road Community Centre"),
            ("下湄桥村服务中心", "Xiameiqiao Village Centre"),
            ("铜坑湖村服务中心", "Tongkenghu Village Centre"),
        ),
        "community",
        ("residential", "village-house", "commercial"),
        services=("政务代办", "民情受理"),
        capacity=60,
    ),
    Wanted(
        "police-post",
        names(
            ("石虎大道警务站", "Shihu Avenue Police Station"),
            ("飞虹路警务站", "Feihong Road Police Station"),
            ("铜坑湖警务站", "Tongkenghu Police Station"),
        ),
        hours=ALWAYS,
    ),
    Wanted(
        "mediation-room",
        names(
            ("老李调解室", "Old Li's Mediation Room"),
            ("湄江调解室", "Meijiang Mediation Room"),
            ("村民说事室", "Villagers' Talking Room"),
            ("物业纠纷调解室", "Property Mediation Room"),
        ),
        services=("调解",),
    ),
    Wanted(
        "elderly-care",
        names(
            ("新泉长者食堂", "Xinquan Elderly Canteen"),
            ("丽景日间照料中心", "Lijing Day Care Centre"),
            ("下湄桥村互助养老点", "Village Mutual Care"),
        ),
        hours=EVERY_DAY,
        capacity=50,
    ),
    Wanted(
        "school",
        names(
            ("第九中学", "No. 9 Middle School"),
            ("下湄桥小学", "Xiameiqiao Primary School"),
            ("温泉路小学", "Wenquan Road Primary School"),
            ("司马洞小学", "Simadong Primary School"),
        ),
        usages=("school",),
    ),
    Wanted("library", names(("湄水书屋", "Meishui Reading Room")), hours=EVERY_DAY, capacity=30),
    Wanted(
        "market",
        names(
            ("福泉农贸市场管理处", "Fuquan Market Office"),
            ("新泉综合市场管理处", "Xinquan Market Office"),
        ),
        usages=("commercial",),
        hours=EVERY_DAY,
    ),
    Wanted(
        "shelter",
        names(
            ("下湄桥广场应急避难所", "Xiameiqiao Square Shelter"),
            ("郴州市第九中学应急避难所", "No. 9 Middle School Shelter"),
        ),
        usages=("public", "school"),
        hours=ALWAYS,
        capacity=3000,
    ),
)
