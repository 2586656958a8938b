"""Which resource points each place has, a module each: the numbers of its report, and the usual."""

from __future__ import annotations

from gridmap.demo.points import chengzhen, donghu, nanjie, wenyuan, xiameiqiao
from gridmap.demo.resources import Wanted

POINTS: dict[str, tuple[Wanted, ...]] = {
    "nanjie": nanjie.POINTS,
    "xiameiqiao": xiameiqiao.POINTS,
    "wenyuan": wenyuan.POINTS,
    "chengzhen": chengzhen.POINTS,
    "donghu": donghu.POINTS,
}
