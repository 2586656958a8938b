"""Names that many towns have: used when the names drawn for a place run out."""

from __future__ import annotations

from itertools import product

from gridmap.demo.site import Name, Site, names

_STREETS = names(
    ("人民路", "Renmin (People's) Road"),
    ("解放街", "Jiefang Street"),
    ("新华路", "Xinhua Road"),
    ("中山路", "Zhongshan Road"),
    ("胜利街", "Shengli Street"),
    ("团结路", "Tuanjie Road"),
    ("前进路", "Qianjin Road"),
    ("幸福路", "Xingfu Road"),
    ("文化街", "Wenhua Street"),
    ("体育路", "Tiyu (Sports) Road"),
    ("站前路", "Zhanqian Road"),
    ("东风路", "Dongfeng Road"),
    ("工农街", "Gongnong Street"),
    ("育英路", "Yuying Road"),
    ("永安路", "Yong'an Road"),
    ("长春路", "Changchun Road"),
    ("翠竹路", "Cuizhu Road"),
    ("梅园路", "Meiyuan Road"),
    ("银河路", "Yinhe Road"),
    ("富强路", "Fuqiang Road"),
    ("兴业路", "Xingye Road"),
    ("惠民路", "Huimin Road"),
    ("百合路", "Baihe Road"),
    ("春晖路", "Chunhui Road"),
    ("凤鸣路", "Fengming Road"),
    ("桂园路", "Guiyuan Road"),
    ("红星路", "Hongxing Road"),
    ("锦绣路", "Jinxiu Road"),
    ("凌云路", "Lingyun Road"),
    ("明珠路", "Mingzhu Road"),
    ("南山路", "Nanshan Road"),
    ("秋月路", "Qiuyue Road"),
    ("瑞景路", "Ruijing Road"),
    ("双桥路", "Shuangqiao Road"),
    ("天桥路", "Tianqiao Road"),
    ("望江路", "Wangjiang Road"),
    ("祥云路", "Xiangyun Road"),
    ("延安路", "Yan'an Road"),
    ("紫薇路", "Ziwei Road"),
    ("澄江路", "Chengjiang Road"),
)
_ESTATE_FIRST = names(
    ("瑞丰", "Ruifeng"),
    ("祥和", "Xianghe"),
    ("景泰", "Jingtai"),
    ("金都", "Jindu"),
    ("嘉和", "Jiahe"),
    ("鑫苑", "Xinyuan"),
    ("荣盛", "Rongsheng"),
    ("福临", "Fulin"),
    ("吉祥", "Jixiang"),
    ("富民", "Fumin"),
    ("世纪", "Century"),
    ("晨光", "Chenguang"),
)
_ESTATE_LAST = names(("小区", "Estate"), ("花园", "Garden"), ("家园", "Homes"), ("名邸", "Mansion"))


def street_names(site: Site) -> list[Name]:
    """Names for streets: those of the place first."""
    return _distinct([*site.street_names, *_STREETS])


def estate_names(site: Site) -> list[Name]:
    """Names for estates: those of the place first."""
    common = [
        Name(first.zh + last.zh, f"{first.en} {last.en}")
        for last, first in product(_ESTATE_LAST, _ESTATE_FIRST)
    ]
    return _distinct([*site.estate_names, *common])


def _distinct(listed: list[Name]) -> list[Name]:
    return list({name.zh: name for name in reversed(listed)}.values())[::-1]
