"""南街社区: thirteen stations, fourteen partner organisations, six new ones."""

from __future__ import annotations

from gridmap.demo.points.common import common
from gridmap.demo.resources import ALWAYS, EVERY_DAY, Wanted
from gridmap.demo.site import names

POINTS = (
    *common("南街社区", "Nanjie", aeds=8, clinics=2),
    Wanted(
        "station",
        names(
            ("新时代文明实践站", "New Era Civilisation Practice Station"),
            ("梅葛文化传习所", "Meige Folk Song Workshop"),
            ("青年之家", "Youth House"),
            ("儿童之家", "Children's House"),
            ("妇女之家", "Women's House"),
            ("退役军人服务站", "Veterans' Service Station"),
            ("居家养老服务站", "Home Care Station for the Elderly"),
            ("七彩志愿服务驿站", "Seven Colours Volunteer Station"),
            ("红色议事厅", "Red Deliberation Hall"),
            ("共享书屋", "Shared Reading Room"),
            ("残疾人康复站", "Rehabilitation Station"),
            ("职工之家", "Workers' House"),
            ("南门网格驿站", "South Gate Grid Station"),
        ),
        "grid",
        hours=EVERY_DAY,
        services=("活动", "议事", "便民服务"),
        capacity=40,
        organisation="南街社区居民委员会",
    ),
    Wanted(
        "partner",
        names(
            ("县教育体育局党组织", "Party Branch of the Education and Sports Bureau"),
            ("县卫生健康局党组织", "Party Branch of the Health Bureau"),
            ("姚安县中医医院党支部", "Party Branch of the Hospital of Chinese Medicine"),
            ("姚安县第二中学党支部", "Party Branch of No. 2 Middle School"),
            ("县供电局党支部", "Party Branch of the Power Supply Bureau"),
            ("县自来水公司党支部", "Party Branch of the Water Works"),
            ("县司法局党支部", "Party Branch of the Justice Bureau"),
            ("县公安局交警大队党支部", "Party Branch of the Traffic Police"),
            ("县消防救援大队党支部", "Party Branch of the Fire and Rescue Brigade"),
            ("县农村信用社党支部", "Party Branch of the Rural Credit Union"),
            ("县邮政局党支部", "Party Branch of the Post Office"),
            ("县文化馆党支部", "Party Branch of the Culture House"),
            ("县市场监管局党支部", "Party Branch of the Market Regulator"),
            ("县烟草公司党支部", "Party Branch of the Tobacco Company"),
        ),
        "community",
        ("public", "commercial", "hospital", "school", "residential"),
        services=("共建认领",),
    ),
    Wanted(
        "enterprise",
        names(
            ("荷城物业公司", "Hecheng Property Management"),
            ("蜻蛉快递站", "Qingling Couriers"),
            ("彝绣合作社", "Yi Embroidery Co-operative"),
            ("南街餐饮协会", "Nanjie Restaurants' Association"),
            ("金碧商贸公司", "Jinbi Trading Company"),
            ("阳光养老服务社", "Sunshine Elderly Care"),
        ),
        "community",
        ("commercial", "residential"),
        EVERY_DAY,
        ("两新组织",),
    ),
    Wanted(
        "mediation-room", names(("南街社区人民调解室", "Nanjie Mediation Room")), services=("调解",)
    ),
    Wanted(
        "market",
        names(("南街农贸市场管理处", "Nanjie Farmers' Market Office")),
        usages=("commercial",),
        hours=EVERY_DAY,
    ),
    Wanted(
        "shelter",
        names(("梅葛文化广场应急避难点", "Meige Square Emergency Shelter")),
        usages=("public",),
        hours=ALWAYS,
        capacity=1500,
    ),
)
