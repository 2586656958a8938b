"""Who looks after what in each place, a module each: posts, the people on them, and vacancies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridmap.demo.duties import chengzhen, donghu, nanjie, wenyuan, xiameiqiao
from gridmap.demo.networks import Network
from gridmap.demo.people import Building
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.staffing import Roster
from gridmap.demo.town import Town

Appointer = Callable[
    [Town, list[Building], list[Network], list[ResourcePoint], Roster, np.random.Generator], None
]

APPOINT: dict[str, Appointer] = {
    "nanjie": nanjie.appoint,
    "xiameiqiao": xiameiqiao.appoint,
    "wenyuan": wenyuan.appoint,
    "chengzhen": chengzhen.appoint,
    "donghu": donghu.appoint,
}
