"""南街社区, 姚安县: a county town in a mountain valley of Yunnan, its old core along South Street."""

from __future__ import annotations

from gridmap.demo.site import Area, Institution, Name, Road, Site, Stream


def _names(*pairs: tuple[str, str]) -> tuple[Name, ...]:
    return tuple(Name(zh, en) for zh, en in pairs)


SITE = Site(
    scale=0.86,
    longitude=101.2405,
    latitude=25.4985,
    extent=(
        (-880, 600), (-450, 625), (-40, 610), (600, 650), (940, 590), (975, 450), (850, 100),
        (905, -300), (765, -700), (780, -950), (300, -880), (-200, -930), (-800, -860),
        (-800, -500), (-880, -140), (-820, 200),
    ),
    roads=(
        Road(Name("府前街", "Fuqian Street"), "arterial", 26, ((-1500, 500), (-870, 605), (-430, 640), (-40, 610), (300, 640), (620, 665), (950, 600), (1500, 655))),
        Road(Name("环城南路", "South Ring Road"), "arterial", 34, ((-1500, -190), (-880, -140), (-350, -195), (0, -215), (450, -165), (890, -235), (1500, -270))),
        Road(Name("蜻蛉大道", "Qingling Avenue"), "arterial", 32, ((650, 1400), (622, 660), (650, 300), (565, -150), (590, -600), (500, -920), (470, -1500))),
        Road(Name("南街", "Nanjie (South) Street"), "street", 14, ((-80, 1400), (-40, 610), (-8, 300), (-72, -40), (-20, -420), (62, -800), (40, -1500))),
        Road(Name("西环路", "West Ring Road"), "street", 22, ((-900, 1400), (-870, 605), (-810, 240), (-882, -140), (-800, -500), (-850, -880), (-900, -1500))),
        Road(Name("文昌路", "Wenchang Road"), "street", 16, ((-820, 320), (-450, 275), (-8, 300), (330, 345), (650, 300), (945, 330))),
        Road(Name("梅葛路", "Meige Road"), "street", 15, ((-430, 640), (-455, 275), (-395, -190), (-440, -520), (-380, -900))),
        Road(Name("小邑街", "Xiaoyi Street"), "street", 13, ((300, 640), (330, 345), (285, 60), (320, -180), (262, -560), (320, -890))),
        Road(Name("宝城路", "Baocheng Road"), "street", 14, ((-835, 60), (-420, 20), (-70, -40), (285, 60), (590, 20), (875, 60))),
        Road(Name("南环路", "Nanhuan Road"), "street", 18, ((-1500, -960), (-850, -880), (-380, -900), (-200, -930), (62, -900), (320, -890), (505, -905), (800, -955), (1500, -900))),
    ),
    streams=(
        Stream(Name("蜻蛉河", "Qingling River"), "river", 24, ((1100, 1500), (940, 850), (972, 460), (852, 100), (905, -300), (768, -700), (815, -1500))),
        Stream(Name("西河", "Xihe Brook"), "canal", 9, ((-1500, -420), (-830, -440), (-440, -520), (-20, -500), (262, -560), (590, -600), (768, -700))),
    ),
    areas=(
        Area(-230, 470, "old", 1.0),
        Area(150, 470, "old", 1.0),
        Area(-230, 130, "old", 0.8),
        Area(120, 140, "houses", 1.0),
        Area(-640, 460, "estate", 1.0, (5, 6)),
        Area(-640, 150, "estate", 1.1, (6, 7)),
        Area(-620, -40, "houses", 0.7),
        Area(470, 480, "estate", 1.0, (5, 7)),
        Area(450, 150, "estate", 1.0, (6, 6)),
        Area(780, 480, "houses", 0.9),
        Area(740, 180, "estate", 1.0, (6, 11)),
        Area(460, -50, "commercial", 0.45),
        Area(740, -80, "towers", 0.8, (9, 11)),
        Area(-200, -110, "commercial", 0.4),
        Area(-620, -330, "estate", 1.0, (6, 7)),
        Area(-200, -360, "houses", 1.0),
        Area(130, -370, "estate", 1.0, (6, 7)),
        Area(430, -380, "houses", 1.0),
        Area(700, -430, "estate", 0.8, (6, 8)),
        Area(-640, -690, "farmland", 1.0),
        Area(-200, -720, "village", 1.0),
        Area(160, -740, "houses", 0.8),
        Area(420, -760, "industrial", 0.8),
        Area(650, -800, "farmland", 0.8),
        Area(-1200, 0, "forest", 1.5),
        Area(-1200, -900, "forest", 1.2),
        Area(1250, 100, "farmland", 1.6),
        Area(300, -1300, "farmland", 1.6),
        Area(0, 1100, "estate", 1.4),
    ),
    institutions=(
        Institution(-560, 330, "school", Name("栋川第一小学", "Dongchuan No. 1 Primary School"), (2.0, 5.0)),
        Institution(200, -260, "school", Name("姚安县第二中学", "Yao'an No. 2 Middle School"), (2.4, 6.0)),
        Institution(480, 330, "hospital", Name("姚安县中医医院", "Yao'an Hospital of Chinese Medicine"), (1.5, 5.0)),
        Institution(-120, 560, "government", Name("栋川镇人民政府", "Dongchuan Town Government"), (1.0, 4.0)),
        Institution(60, 20, "market", Name("南街农贸市场", "Nanjie Farmers' Market"), (1.0, 4.0)),
        Institution(860, 250, "park", Name("蜻蛉河滨河公园", "Qingling Riverside Park"), (1.0, 6.0)),
        Institution(-300, -480, "park", Name("西河公园", "Xihe Park"), (1.0, 4.0)),
        Institution(-20, 320, "square", Name("梅葛文化广场", "Meige Culture Square"), (0.8, 3.0)),
    ),
    street_names=_names(
        ("学府街", "Xuefu Street"), ("龙岗路", "Longgang Road"), ("光明路", "Guangming Road"), ("迎春路", "Yingchun Road"),
        ("仁和路", "Renhe Road"), ("启明路", "Qiming Road"), ("东岳街", "Dongyue Street"), ("莲花路", "Lianhua Road"),
        ("民主路", "Minzhu Road"), ("建设路", "Jianshe Road"), ("和平街", "Heping Street"), ("清河路", "Qinghe Road"),
        ("竹园路", "Zhuyuan Road"), ("蛉丰路", "Lingfeng Road"), ("花园路", "Huayuan Road"), ("金碧路", "Jinbi Road"),
        ("德丰路", "Defeng Road"), ("兴隆街", "Xinglong Street"), ("友谊路", "Youyi Road"), ("文明街", "Wenming Street"),
        ("朝阳路", "Chaoyang Road"), ("振兴路", "Zhenxing Road"), ("平安路", "Ping'an Road"), ("康乐路", "Kangle Road"),
    ),
    lane_names=_names(
        ("石牌巷", "Shipai Lane"), ("文庙巷", "Wenmiao (Confucius Temple) Lane"), ("马家巷", "Majia Lane"), ("井巷", "Well Lane"),
        ("盐店巷", "Salt Shop Lane"), ("钱局巷", "Mint Lane"), ("豆腐巷", "Tofu Lane"), ("营盘巷", "Yingpan Lane"),
        ("书院巷", "Academy Lane"), ("铁匠巷", "Blacksmith Lane"), ("染坊巷", "Dyehouse Lane"), ("城隍巷", "City God Lane"),
        ("仓房巷", "Granary Lane"), ("柳树巷", "Willow Lane"), ("桂花巷", "Osmanthus Lane"), ("南门巷", "South Gate Lane"),
        ("土主巷", "Tuzhu Lane"), ("高家巷", "Gaojia Lane"), ("张家巷", "Zhangjia Lane"), ("李家巷", "Lijia Lane"),
        ("水井巷", "Shuijing Lane"), ("青石巷", "Bluestone Lane"), ("核桃巷", "Walnut Lane"), ("梨园巷", "Pear Orchard Lane"),
        ("彩云巷", "Caiyun Lane"), ("杏花巷", "Apricot Lane"), ("茶马巷", "Tea Horse Lane"), ("驿前巷", "Yiqian Lane"),
    ),
    estate_names=_names(
        ("金华苑", "Jinhua Garden"), ("蜻蛉小区", "Qingling Estate"), ("荷城花园", "Hecheng Garden"), ("龙泉小区", "Longquan Estate"),
        ("文昌苑", "Wenchang Garden"), ("滨河花园", "Riverside Garden"), ("教师新村", "Teachers' New Village"), ("锦绣家园", "Jinxiu Homes"),
        ("福康小区", "Fukang Estate"), ("南苑小区", "Nanyuan Estate"), ("和谐家园", "Hexie Homes"), ("阳光花园", "Sunshine Garden"),
        ("翠屏苑", "Cuiping Garden"), ("梅园小区", "Meiyuan Estate"), ("彝人家园", "Yiren Homes"), ("粮食局小区", "Grain Bureau Estate"),
        ("供销小区", "Supply Co-op Estate"), ("安居小区", "Anju Estate"), ("盛世华庭", "Shengshi Court"), ("西河苑", "Xihe Garden"),
        ("丽景苑", "Lijing Garden"), ("学府苑", "Xuefu Garden"),
    ),
    village_names=_names(("小邑村", "Xiaoyi Village"), ("南关村", "Nanguan Village")),
)
