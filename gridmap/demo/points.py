"""Which resource points each place has: the numbers of its report, and what every place has."""

from __future__ import annotations

from gridmap.demo.resources import ALWAYS, DAYTIME, EVERY_DAY, Wanted
from gridmap.demo.site import Name, names


def _common(zh: str, en: str, *, aeds: int, clinics: int) -> tuple[Wanted, ...]:
    """What every place has."""
    return (
        Wanted(
            "service-centre",
            names((f"{zh}党群服务中心", f"{en} Party and Community Service Centre")),
            "community",
            ("public", "commercial", "residential"),
            DAYTIME,
            ("政务代办", "社保咨询", "纠纷受理"),
            120,
            f"{zh}居民委员会",
        ),
        Wanted(
            "police-post",
            names((f"{zh}警务室", f"{en} Police Post")),
            "community",
            hours=ALWAYS,
            services=("报警求助", "户籍咨询"),
        ),
        Wanted(
            "legal-aid",
            names((f"{zh}法律援助工作站", f"{en} Legal Aid Station")),
            "community",
            services=("法律咨询", "文书代写"),
        ),
        Wanted(
            "clinic",
            tuple(
                Name(f"{zh}卫生服务站{i}", f"{en} Clinic {i}") for i in range(1, clinics + 1)
            ),
            "community",
            hours=EVERY_DAY,
            services=("门诊", "家庭医生签约", "慢病随访"),
            capacity=40,
        ),
        Wanted(
            "aed",
            tuple(Name(f"{zh}AED {i}", f"{en} AED {i}") for i in range(1, aeds + 1)),
            "grid",
            ("public", "commercial", "school", "hospital", "residential"),
            ALWAYS,
            ("自动体外除颤器",),
        ),
    )


NANJIE = (
    *_common("南街社区", "Nanjie", aeds=8, clinics=2),
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
            ("县中医医院党支部", "Party Branch of the Hospital of Chinese Medicine"),
            ("县第二中学党支部", "Party Branch of No. 2 Middle School"),
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
    Wanted("mediation-room", names(("南街社区人民调解室", "Nanjie Mediation Room")), services=("调解",)),
    Wanted("market", names(("南街农贸市场管理处", "Nanjie Farmers' Market Office")), usages=("commercial",), hours=EVERY_DAY),
    Wanted("shelter", names(("梅葛文化广场应急避难点", "Meige Square Emergency Shelter")), usages=("public",), hours=ALWAYS, capacity=1500),
)  # fmt: skip

XIAMEIQIAO = (
    *_common("下湄桥街道", "Xiameiqiao", aeds=16, clinics=6),
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
    Wanted("police-post", names(("石虎大道警务站", "Shihu Avenue Police Station"), ("飞虹路警务站", "Feihong Road Police Station"), ("铜坑湖警务站", "Tongkenghu Police Station")), hours=ALWAYS),
    Wanted("mediation-room", names(("老李调解室", "Old Li's Mediation Room"), ("湄江调解室", "Meijiang Mediation Room"), ("村民说事室", "Villagers' Talking Room"), ("物业纠纷调解室", "Property Mediation Room")), services=("调解",)),
    Wanted("elderly-care", names(("新泉长者食堂", "Xinquan Elderly Canteen"), ("丽景日间照料中心", "Lijing Day Care Centre"), ("下湄桥村互助养老点", "Village Mutual Care")), hours=EVERY_DAY, capacity=50),
    Wanted("school", names(("第九中学", "No. 9 Middle School"), ("下湄桥小学", "Xiameiqiao Primary School"), ("温泉路小学", "Wenquan Road Primary School"), ("司马洞小学", "Simadong Primary School")), usages=("school",)),
    Wanted("library", names(("湄水书屋", "Meishui Reading Room")), hours=EVERY_DAY, capacity=30),
    Wanted("market", names(("福泉农贸市场管理处", "Fuquan Market Office"), ("新泉综合市场管理处", "Xinquan Market Office")), usages=("commercial",), hours=EVERY_DAY),
    Wanted("shelter", names(("下湄桥广场应急避难所", "Xiameiqiao Square Shelter"), ("第九中学应急避难所", "No. 9 Middle School Shelter")), usages=("public", "school"), hours=ALWAYS, capacity=3000),
)  # fmt: skip

WENYUAN = (
    *_common("文苑社区", "Wenyuan", aeds=6, clinics=2),
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
    Wanted("mediation-room", names(("蒙汉双语调解室", "Mongolian–Chinese Mediation Room")), services=("双语调解",)),
    Wanted("elderly-care", names(("文苑幸福食堂", "Wenyuan Canteen for the Elderly")), hours=EVERY_DAY, capacity=60),
    Wanted("library", names(("草原书屋", "Steppe Reading Room")), hours=EVERY_DAY, capacity=24),
    Wanted("market", names(("长胜便民市场管理处", "Changsheng Market Office")), usages=("commercial",), hours=EVERY_DAY),
    Wanted("station", names(("快递员网格驿站", "Couriers' Grid Station"), ("外卖骑手驿站", "Riders' Station")), "community", ("commercial",), EVERY_DAY, ("歇脚", "随手拍报")),
)  # fmt: skip

CHENGZHEN = (
    *_common("城镇社区", "Chengzhen", aeds=4, clinics=1),
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
    Wanted("mediation-room", names(("“1+3+N”联调室", "1+3+N Joint Mediation Room"), ("盐马古道调解点", "Salt Road Mediation Point")), services=("联合调解",)),
    Wanted("deliberation", names(("古街议事亭", "Old Street Deliberation Pavilion")), hours=EVERY_DAY, capacity=20),
    Wanted("elderly-care", names(("磨黑居家养老点", "Mohei Home Care Point")), hours=EVERY_DAY, capacity=30),
    Wanted("market", names(("磨黑集贸市场管理处", "Mohei Market Office")), usages=("commercial",), hours=EVERY_DAY),
    Wanted("shelter", names(("盐马古道广场避难点", "Salt Road Square Shelter")), usages=("public",), hours=ALWAYS, capacity=800),
)  # fmt: skip

_FIRMS = (
    ("云海数据", "Yunhai Data"), ("滨海软件", "Binhai Software"), ("东湖网龙", "Donghu Netdragon"), ("榕树云计算", "Banyan Cloud"),
    ("闽江传感", "Minjiang Sensors"), ("海峡物联", "Haixia IoT"), ("潮汐动力", "Tidal Power"), ("白鹭智能", "Egret AI"),
    ("长乐纺织", "Changle Textiles"), ("文武砂水产", "Wenwusha Seafood"), ("松下机械", "Songxia Machinery"), ("金滨包装", "Jinbin Packaging"),
    ("恒申材料", "Hengshen Materials"), ("福海冷链", "Fuhai Cold Chain"), ("新城物流", "New Town Logistics"), ("海语食品", "Haiyu Foods"),
    ("东湖酒店", "Donghu Hotel"), ("万新超市", "Wanxin Supermarket"), ("滨海影城", "Binhai Cinema"), ("湖畔物业", "Lakeside Property"),
    ("星海教育", "Xinghai Education"), ("听潮餐饮", "Tingchao Catering"), ("漳江建设", "Zhangjiang Construction"), ("蓝湾设计", "Blue Bay Design"),
    ("数字印务", "Digital Print"), ("鹭岛旅行", "Ludao Travel"), ("启航人力", "Qihang Staffing"),
)  # fmt: skip

DONGHU = (
    *_common("东湖社区", "Donghu", aeds=8, clinics=2),
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
    Wanted("station", names(("吹哨报到驿站", "Whistle and Report-in Station"), ("骑手驿站", "Riders' Station")), hours=EVERY_DAY),
    Wanted("school", names(("滨海新城实验小学", "Binhai Experimental Primary School"), ("文武砂中学", "Wenwusha Middle School")), usages=("school",)),
    Wanted("library", names(("东湖城市书房", "Donghu City Reading Room")), hours=EVERY_DAY, capacity=40),
    Wanted("elderly-care", names(("东湖长者食堂", "Donghu Elderly Canteen")), hours=EVERY_DAY, capacity=60),
    Wanted("market", names(("东湖农贸市场管理处", "Donghu Market Office")), usages=("commercial",), hours=EVERY_DAY),
    Wanted("shelter", names(("东湖市民广场避难场所", "Donghu Civic Square Shelter")), usages=("public",), hours=ALWAYS, capacity=5000),
)  # fmt: skip

POINTS: dict[str, tuple[Wanted, ...]] = {
    "nanjie": NANJIE,
    "xiameiqiao": XIAMEIQIAO,
    "wenyuan": WENYUAN,
    "chengzhen": CHENGZHEN,
    "donghu": DONGHU,
}
