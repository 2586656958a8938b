"""How each place is cut, a module each: its networks, level by level, to the exact numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridmap.demo.cutting import chengzhen, donghu, nanjie, wenyuan, xiameiqiao
from gridmap.demo.cutting.territories import Territories
from gridmap.demo.networks import Network
from gridmap.demo.places import Place
from gridmap.demo.plans import Fabric
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.town import Town

Cutter = Callable[
    [Place, Town, Fabric, Territories, list[ResourcePoint], np.random.Generator], list[Network]
]

CUT: dict[str, Cutter] = {
    "nanjie": nanjie.cut,
    "xiameiqiao": xiameiqiao.cut,
    "wenyuan": wenyuan.cut,
    "chengzhen": chengzhen.cut,
    "donghu": donghu.cut,
}
