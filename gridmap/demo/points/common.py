"""What every place has: a service centre, a police post, legal aid, clinics, defibrillators."""

from __future__ import annotations

from gridmap.demo.resources import ALWAYS, DAYTIME, EVERY_DAY, Wanted
from gridmap.demo.site import Name, names


def common(zh: str, en: str, *, aeds: int, clinics: int) -> tuple[Wanted, ...]:
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
            tuple(Name(f"{zh}卫生服务站{i}", f"{en} Clinic {i}") for i in range(1, clinics + 1)),
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
