"""The door for notebooks: a database without ceremony.

>>> from gridmap import maps, notebook  # doctest: +SKIP
>>> engine = notebook.connect()  # doctest: +SKIP
>>> grids = maps.read_layer(engine, "grids", place="nanjie", level=2)  # doctest: +SKIP
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack

from gridmap import maps
from gridmap.cli.session import open_database
from gridmap.settings import read_settings
from gridmap.store.database import Engine


def connect() -> Engine:
    """Open the database that the `GRIDMAP_…` settings name until the interpreter ends.

    Without `GRIDMAP_DATABASE_URL` that is the embedded PostGIS, started when it is not running.

    Raises
    ------
    EngineMissing
        There is no PostGIS on this machine.
    """
    stack = ExitStack()
    url = stack.enter_context(open_database(read_settings(os.environ)))
    engine = maps.connect(url)
    stack.callback(engine.dispose)
    atexit.register(stack.close)
    return engine
