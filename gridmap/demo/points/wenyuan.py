"""文苑社区: 24 deliberation places in three levels."""

from __future__ import annotations

from gridmap.demo.points.common import common
from gridmap.demo.resources import DAYTIME, EVERY_DAY, Wanted
from gridmap.demo.site import Name, names

POINTS = (
    *common("文苑社区", "Wenyuan", aeds=6, clinics=2),
    Wanted(
        "deliberation",
        tuple(Name(f"楼栋协商点{i}", f"Deliberation Spot {i}") for i in range(1, 17)),
        "building",
        ("residential", "public"),
        EVERY_DAY,
        ("楼栋议事",),
        12,
    ),
    Wanted(
        "deliberation",
        tuple(Name(f"网格协商站{i}", f"Deliberation Station {i}") for i in range(1, 8)),
        "grid",
        ("residential", "public", "office"),
        EVERY_DAY,
        ("网格议事", "民情收集"),
        30,
    ),
    Wanted(
        "deliberation",
        names(("文苑社区协商厅", "Wenyuan Deliberation Hall")),
        "community",
        ("public", "office"),
        DAYTIME,
        ("社区议事", "听证"),
        80,
    ),
    Wanted(
        "mediation-room",
        names(("蒙汉双语调解室", "Mongolian–Chinese Mediation Room")),
        services=("双语调解",),
    ),
    Wanted(
        "elderly-care",
        names(("文苑幸福食堂", "Wenyuan Canteen for the Elderly")),
        hours=EVERY_DAY,
        capacity=60,
    ),
    Wanted("library", names(("草原书屋", "Steppe Reading Room")), hours=EVERY_DAY, capacity=24),
    Wanted(
        "market",
        names(("长胜便民市场管理处", "Changsheng Market Office")),
        usages=("commercial",),
        hours=EVERY_DAY,
    ),
    Wanted(
        "station",
        names(("快递员网格驿站", "Couriers' Grid Station"), ("外卖骑手驿站", "Riders' Station")),
        "community",
        ("commercial",),
        EVERY_DAY,
        ("歇脚", "随手拍报"),
    ),
)
