"""城镇社区: five contact units and five resident units."""

from __future__ import annotations

from gridmap.demo.points.common import common
from gridmap.demo.resources import ALWAYS, EVERY_DAY, Wanted
from gridmap.demo.site import names

POINTS = (
    *common("城镇社区", "Chengzhen", aeds=4, clinics=1),
    Wanted(
        "partner",
        names(
            ("县税务局（包联）", "County Tax Bureau (contact unit)"),
            ("县林业和草原局（包联）", "County Forestry Bureau (contact unit)"),
            ("县文化和旅游局（包联）", "County Culture and Tourism Bureau (contact unit)"),
            ("县供销社（包联）", "County Supply Co-operative (contact unit)"),
            ("县融媒体中心（包联）", "County Media Centre (contact unit)"),
        ),
        "community",
        ("public", "residential", "commercial"),
        services=("包联",),
    ),
    Wanted(
        "partner",
        names(
            ("磨黑盐矿（驻地）", "Mohei Salt Mine (resident unit)"),
            ("磨黑中学（驻地）", "Mohei Middle School (resident unit)"),
            ("磨黑镇卫生院（驻地）", "Mohei Health Centre (resident unit)"),
            ("磨黑供电所（驻地）", "Mohei Power Supply Station (resident unit)"),
            ("磨黑邮政支局（驻地）", "Mohei Post Office (resident unit)"),
        ),
        "community",
        ("industrial", "school", "hospital", "public", "commercial"),
        services=("共驻共建",),
    ),
    Wanted(
        "mediation-room",
        names(
            ("“1+3+N”联调室", "1+3+N Joint Mediation Room"),
            ("盐马古道调解点", "Salt Road Mediation Point"),
        ),
        services=("联合调解",),
    ),
    Wanted(
        "deliberation",
        names(("古街议事亭", "Old Street Deliberation Pavilion")),
        hours=EVERY_DAY,
        capacity=20,
    ),
    Wanted(
        "elderly-care",
        names(("磨黑居家养老点", "Mohei Home Care Point")),
        hours=EVERY_DAY,
        capacity=30,
    ),
    Wanted(
        "market",
        names(("磨黑集贸市场管理处", "Mohei Market Office")),
        usages=("commercial",),
        hours=EVERY_DAY,
    ),
    Wanted(
        "shelter",
        names(("盐马古道广场避难点", "Salt Road Square Shelter")),
        usages=("public",),
        hours=ALWAYS,
        capacity=800,
    ),
)
